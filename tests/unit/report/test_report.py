"""The report: the same numbers in both languages, every number traceable, nothing from outside."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from typing import Any

import pytest

from dates_in_words import with_months_in_numbers
from oligoscope.bilingual import LANGUAGES, Text
from oligoscope.drawing.theme import missing_glyphs
from oligoscope.printing.blocks import Document, Notice, Paragraph, TableBlock
from oligoscope.printing.cautions import (
    IMMORTAL_TIME,
    PROGRESSED_ONLY,
    RESISTANCE_BY_TIME,
    TYPE_KNOWN_LATER,
    cautions_for,
)
from oligoscope.questions.survival.words import survival_paragraph
from oligoscope.report.document import build_document
from oligoscope.report.html.html import write_html
from oligoscope.results.analyses import SURVIVAL
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import NO_WARNING
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.keys import in_sentence
from unit.stored_results import row, withheld

CJK = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
VOID = {"meta", "link", "br", "img", "input"}
ISSUES = [
    {"grade": "quarantine", "table": "measurements", "source": "measurements.csv", "row": 41, "patient_id": "P017",
     "column": "diameter_mm", "value": "-8", "rule": "range", "expected_zh": "0 至 400", "expected_en": "0 to 400"},
    {"grade": "warning", "table": "lesions", "source": "lesions.csv", "row": 7, "patient_id": "P001", "column": "",
     "value": "12", "rule": "node", "expected_zh": "短径至少 15 mm", "expected_en": "a short axis of at least 15 mm"},
]  # fmt: skip
RUN = {
    "version": "0.1.0",
    "python": "3.11.2",
    "inputs": {"patients.csv": "ab12"},
    "files": ["results.csv", "run.json"],
}


class Page(HTMLParser):
    """What a reader sees, the keys behind it, and whether the elements nest."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.keys: set[str] = set()
        self.ids: list[str] = []
        self.open: list[str] = []
        self.links: list[str] = []
        self.other_language = 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.links += [v for k, v in attrs if k in {"href", "src", "xlink:href"} and v]
        self.ids += [v for k, v in attrs if k == "id" and v]
        self.keys.update(filter(None, (found.get("data-key") or "").split(";")))
        self.other_language += "hreflang" in found
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        if tag == "a":
            self.other_language = 0

    def handle_data(self, data):
        hidden = {"style", "title", "script"} & set(self.open) and "svg" not in self.open
        if not hidden and not self.other_language:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(self.words)


def numbers(text: str) -> Counter[str]:
    return Counter(re.findall(r"\d+(?:\.\d+)*", with_months_in_numbers(text)))


@pytest.fixture(scope="module")
def document(made_results, made_protocol) -> Document:
    return build_document(made_protocol, made_results, ISSUES, RUN)


@pytest.fixture(scope="module")
def pages(document) -> dict[str, Page]:
    return {language: Page(write_html(document, language)) for language in LANGUAGES}


def test_both_languages_print_the_same_numbers(pages):
    assert numbers(pages["zh"].text) == numbers(pages["en"].text)
    assert sum(numbers(pages["zh"].text).values()) > 200


def test_the_english_page_has_no_chinese(pages):
    assert CJK.findall(pages["en"].text) == []


def test_every_key_printed_is_in_the_results(pages, document, made_results):
    known = {"|".join(e.key) for e in made_results.estimates}

    for page in pages.values():
        assert len(page.keys) > 100
        assert page.keys <= known
    assert {"|".join(key) for key in document.printed_keys()} <= known


def test_every_number_in_a_study_table_has_its_key(document):
    """Tables 1 and following; the appendix tables print words and facts of the run."""
    tables = [b.table for b in document.blocks if isinstance(b, TableBlock) and b.number]
    loose = [
        c.text.en
        for t in tables
        for r in t.rows
        for c in r.cells[1:]
        if re.search(r"\d", c.text.en) and not c.keys
    ]

    assert [t.id.partition("_")[0] for t in tables] == [
        "answer",
        "answer",
        "baseline",
        "response",
        "survival",
    ]
    assert loose == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_whole_and_asks_for_nothing_from_outside(pages, document, language):
    page, other = pages[language], "en" if language == "zh" else "zh"
    html = write_html(document, language)

    assert page.open == []
    assert len(page.ids) == len(set(page.ids))
    assert [link for link in page.links if not link.startswith("#")] == [f"report.{other}.html"]
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    assert "<script" not in html
    assert html.startswith(f'<!DOCTYPE html>\n<html lang="{"zh-CN" if language == "zh" else "en"}">')


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_synthetic_report_says_so_in_every_section(document, language):
    html = write_html(document, language)
    marked = len(re.findall(r'<h2 [^>]*>[^\n]*class="synthetic-tag"', html))

    assert marked == html.count("<h2 ") == len(list(document.sections()))
    assert 'class="synthetic-banner"' in html


def test_a_real_report_has_no_such_mark(made_results, made_protocol):
    real = made_protocol.model_copy(
        update={"study": made_protocol.study.model_copy(update={"synthetic": False})}
    )
    html = write_html(build_document(real, made_results), "en")

    assert "Synthetic data" not in html


def test_headers_and_captions_have_their_scope(document):
    html = write_html(document, "en")

    assert html.count("<caption>") == html.count("<table ")
    assert re.findall(r"<th(?! scope=)[ >]", html) == []


def test_the_immortal_time_caution_stands_beside_survival_from_treatment(document):
    cautions = [b.text for b in document.blocks if isinstance(b, Notice) and b.kind == "caution"]

    assert cautions.count(IMMORTAL_TIME) == 2  # in the answer, and beside the plate of both curves
    assert cautions.count(PROGRESSED_ONLY) == 1


def test_resistance_types_are_compared_with_their_own_cautions():
    assert cautions_for("treated", "resistance", Outcome.PFS) == (RESISTANCE_BY_TIME,)
    assert cautions_for("treated", "resistance", Outcome.OS) == (TYPE_KNOWN_LATER,)


def test_what_is_withheld_is_listed_with_its_reason(sparse_results, made_protocol):
    html = write_html(build_document(made_protocol, sparse_results), "en")

    assert 'id="withheld"' in html
    # By survival curve: of the time to the first progression none is asked for.
    assert html.count("No hazard ratio is given: a group has fewer than 5 events.") == 2
    assert "–: not given, a group has fewer than 5 events." in html  # below the forest of the first page


@pytest.mark.parametrize(
    ("ratio", "p", "words"),
    [
        (0.6, 0.01, "It was longer with oligoprogression than with systemic progression"),
        (1.7, 0.01, "It was shorter with oligoprogression than with systemic progression"),
        (0.6, 0.05, "was not statistically significant"),
        (0.6, None, "Compared between oligoprogression and systemic progression: HR 0.60"),
    ],
)
def test_the_sentence_claims_a_direction_only_where_p_allows_it(ratio, p, words):
    keys: dict[str, Any] = {"analysis": SURVIVAL, "population": "progressed", "outcome": Outcome.OS}
    results = Results((
        row(**keys, group="oligoprogression", statistic=Statistic.MEDIAN, value=20, low=18, high=None),
        withheld(NO_WARNING, **keys, group="systemic", statistic=Statistic.MEDIAN),
        row(**keys, statistic=Statistic.HAZARD_RATIO, value=ratio, low=0.5, high=2),
        row(**keys, variable="log_rank", statistic=Statistic.P_VALUE, value=p),
    ))  # fmt: skip
    text = survival_paragraph(results, "progressed", Outcome.OS, ("oligoprogression", "systemic")).text

    assert words in text.en
    assert (
        "20.0 months (95% CI 18.0 to NR) with oligoprogression and not reached (NR) with systemic" in text.en
    )


def test_issues_are_counted_by_grade_and_placed(pages):
    assert "Quarantine (left out)" in pages["en"].text
    # The row without its patient: together they would say whose study number it is.
    assert "measurements.csv row 41 " in pages["en"].text
    assert "measurements.csv 第 41 行" in pages["zh"].text
    assert "P017" not in pages["zh"].text + pages["en"].text


def test_what_a_user_wrote_cannot_become_markup(made_results, made_protocol):
    title = {"title": {"zh": "<b>甲</b>", "en": "<img src=x onerror=1>"}}
    study = type(made_protocol.study).model_validate(made_protocol.study.model_dump() | title)
    issue = [ISSUES[0] | {"expected_en": "<script>x</script>", "patient_id": '"><b>'}]
    html = write_html(
        build_document(made_protocol.model_copy(update={"study": study}), made_results, issue), "en"
    )

    assert "<img" not in html
    assert "<script" not in html
    assert '"><b>' not in html


def test_a_study_without_analyses_still_has_a_report(made_protocol):
    html = write_html(build_document(made_protocol, Results()), "zh")

    assert "未发现数据问题" in html


def test_every_sentence_of_the_pictures_can_be_drawn(document):
    words = "".join(
        f.title.zh + f.title.en + f.alt.zh + f.alt.en + f.caption.zh + f.caption.en
        for f in document.figures()
    )

    assert missing_glyphs(words) == ""


def test_abbreviations_keep_their_capitals_inside_a_sentence():
    assert in_sentence(Text("", "ECOG score")).en == "ECOG score"
    assert in_sentence(Text("", "PD-L1 expression")).en == "PD-L1 expression"
    assert in_sentence(Text("", "Overall survival")).en == "overall survival"


def test_the_key_results_come_first_and_have_the_numbers_of_the_sections(document):
    sections = {heading.id: blocks for heading, blocks in document.sections()}
    summary, *others = (
        {key for b in blocks if isinstance(b, Paragraph) for key in b.keys} for blocks in sections.values()
    )

    assert next(iter(sections)) == "summary"
    assert summary
    assert summary <= set().union(*others)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_picture_stands_small_on_top_and_leads_to_itself(document, language):
    html = write_html(document, language)
    overview = re.search(r'<nav class="overview".*?</nav>', html, re.DOTALL)
    ids = [figure.id for figure in document.figures()]

    assert overview is not None
    assert re.findall(r'href="#figure-([^"]+)"', overview[0]) == ids
    assert re.findall(r'<use href="#([^"]+)-picture"', overview[0]) == ids
    assert all(html.count(f'<svg id="{name}-picture"') == 1 for name in ids)

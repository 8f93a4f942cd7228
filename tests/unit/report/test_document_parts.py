"""A document is assembled from what the questions declare: their sections, Methods, limitations and places in STROBE."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from oligoscope import questions
from oligoscope.bilingual import Text
from oligoscope.printing.blocks import Block, Depth, Document, Heading, Notice, Paragraph, TableBlock
from oligoscope.printing.chapters import PATIENTS, UNBIASED
from oligoscope.printing.document_parts import (
    Chapter,
    Draft,
    Limitation,
    Methods,
    Parts,
    Place,
    Section,
    Sentence,
    Threat,
    chapters_of,
    in_order,
)
from oligoscope.printing.left_out import LeftOut
from oligoscope.questions import registry
from oligoscope.questions.question import Question
from oligoscope.questions.sites.question import SITES
from oligoscope.report import document
from oligoscope.report.closing_sections import ITEMS, tabulate_strobe
from oligoscope.report.document import build_document
from oligoscope.report.html.html import write_html
from oligoscope.report.limitations import MULTIPLE, OBSERVATIONAL, SYNTHETIC_DATA, limitations
from oligoscope.report.method_sentences import method_sentences
from oligoscope.results.analyses import Analysis
from oligoscope.results.results import Results
from oligoscope.study.protocol import Protocol

FOUND = Text("均数之差为零。", "The means do not differ.")
DONE = Text("比较了均数。", "Means were compared.")
WEAK = Text("均数受极端值影响。", "Means are moved by extreme values.")
SUPPLEMENT = Text("均数的细节", "Details of the means")


def means_section(_draft: Draft) -> Iterator[Block | None]:
    yield None
    yield Paragraph(FOUND)


def _methods(_protocol: Protocol, _results: Results) -> Iterator[Text]:
    yield DONE


def _weak(_protocol: Protocol, _results: Results) -> Iterator[Sentence]:
    yield WEAK, ()


MEANS = Question(Analysis("means", "均数", "Means"), document="means.section")
PARTS = Parts(
    (
        Section(means_section, Chapter("means", MEANS.kind.printed, strobe=(17,))),
        Section(means_section, Chapter("mean-details", SUPPLEMENT, place=Place.DETAILS)),
    ),
    (Methods(_methods),),
    (Limitation(Threat.CONFOUNDING, _weak),),
)


@pytest.fixture
def with_means(monkeypatch):
    """The registry with one more line, after the sites; the folder holds the module of its parts."""
    module = ModuleType("oligoscope.questions.means.section")
    module.__dict__["PARTS"] = PARTS
    monkeypatch.setitem(sys.modules, module.__name__, module)
    at = registry.QUESTIONS.index(SITES) + 1
    monkeypatch.setattr(registry, "QUESTIONS", (*registry.QUESTIONS[:at], MEANS, *registry.QUESTIONS[at:]))


def headings(of: Document) -> list[str]:
    return [block.id for block in of.blocks if isinstance(block, Heading) and block.level == 2]


def test_a_new_question_is_in_the_document_without_touching_another_file(
    with_means, made_protocol, compared_results
):
    built = build_document(made_protocol, compared_results)

    ids = headings(built)
    paper = [block.id for block in built.part(Depth.PAPER).blocks if isinstance(block, Heading)]
    before = {q.kind for q in registry.QUESTIONS[: registry.QUESTIONS.index(MEANS)]} & set(paper)
    assert before
    assert all(ids.index(kind) < ids.index("means") for kind in before)
    assert ids.index("means") < ids.index("survival") < ids.index("limitations") < ids.index("mean-details")
    assert "mean-details" not in paper
    assert DONE in method_sentences(made_protocol, compared_results)
    assert (WEAK, ()) in limitations(made_protocol, compared_results)
    for language in ("zh", "en"):
        page = write_html(built, language)
        for text in (MEANS.kind.printed, SUPPLEMENT, FOUND, DONE, WEAK):
            assert text[language] in page
    checklist = next(b.table for b in built.blocks if isinstance(b, TableBlock) and b.table.id == "strobe")
    assert "Means" in checklist.rows[16].cells[2].text.en


def test_its_limitation_is_printed_by_what_it_threatens(with_means, made_protocol, compared_results):
    texts = [text for text, _ in limitations(made_protocol, compared_results)]

    assert texts[:2] == [SYNTHETIC_DATA, OBSERVATIONAL]
    assert 0 < texts.index(WEAK) < texts.index(MULTIPLE)


FOLDERS = sorted(p.parent.name for p in Path(questions.__path__[0]).glob("*/question.py"))


def test_every_folder_of_questions_gives_its_parts_once():
    given = [question.document.partition(".")[0] for question in registry.QUESTIONS if question.document]

    assert sorted(given) == FOLDERS


@pytest.mark.parametrize(
    ("kind", "parts"), registry.document_parts(), ids=lambda x: x if isinstance(x, str) else ""
)
def test_the_parts_of_a_question_are_in_both_languages(kind, parts):
    assert parts.sections, kind
    for chapter in (section.chapter for section in parts.sections):
        for text in (chapter.title, chapter.introduction or chapter.title):
            assert text.zh, kind
            assert text.en, kind
            assert text.zh != text.en, kind


def test_a_question_without_parts_of_its_own_says_so():
    with pytest.raises(ValueError, match="no parts of its own"):
        registry.question_of("time_dependent").parts()


def _chapters() -> list[Chapter]:
    sections = [s for _, parts in registry.document_parts() for s in parts.sections]
    return [c for c, _ in chapters_of((*sections, *document._of_the_report((), {})))]


def test_sections_of_one_chapter_declare_the_same_one():
    of_id = {c.id: c for c in _chapters()}

    for _, parts in registry.document_parts():
        assert [s.chapter for s in parts.sections] == [of_id[s.chapter.id] for s in parts.sections]


def test_chapters_answer_only_items_of_the_checklist_and_each_answered_item_names_one():
    numbers = {item.number for item in ITEMS}
    answered = {n for c in _chapters() for n in (*c.strobe, *c.strobe_also)}
    assert answered <= numbers
    assert numbers - answered == {
        1,
        2,
        21,
        22,
    }  # a title, background, generalisability and funding are the authors'

    every = [Heading(c.title, c.id) for c in _chapters()]
    rows = tabulate_strobe(every, _chapters()).rows
    empty = {int(row.cells[0].text.en) for row in rows if row.cells[2].text.en == "For the authors to write"}
    assert empty == numbers - answered


@pytest.mark.parametrize("sort", ["sections", "methods"])
def test_a_part_that_follows_another_question_names_one_that_has_such_parts(sort):
    found = {kind: getattr(parts, sort) for kind, parts in registry.document_parts()}

    for kind, shares in found.items():
        for share in shares:
            assert not share.after or found[share.after], kind


def test_parts_follow_the_question_they_name():
    a, b = (Section(means_section, PATIENTS) for _ in range(2))
    c, d = (Section(means_section, PATIENTS, after="b") for _ in range(2))

    assert in_order([("a", a), ("a", c), ("b", b), ("d", d)]) == [a, b, c, d]
    lost = Section(means_section, PATIENTS, after="of no question")
    assert in_order([("a", lost), ("b", b)]) == [b, lost]


def test_a_section_that_fails_leaves_the_others_of_its_chapter(made_protocol, compared_results, monkeypatch):
    from oligoscope.questions.landmark import section

    def broken(*_args: object) -> None:
        raise ValueError("broken for the test")

    whole = build_document(made_protocol, compared_results)
    monkeypatch.setattr(section, "landmark_paragraph", broken)
    left_out = LeftOut()
    built = build_document(made_protocol, compared_results, left_out=left_out)

    assert headings(built) == headings(whole)
    sections = built.sections()
    blocks = [b for heading, found in sections if heading.id.startswith(UNBIASED.id) for b in found]
    assert [b for b in blocks if isinstance(b, Notice) and b.kind == "failed"]
    assert any(isinstance(b, Heading) and b.id.startswith("competing-") for b in blocks)
    assert [part.name.en for part in left_out.parts] == [f"the part “{UNBIASED.title.en}”"]


def test_the_list_of_questions_loads_nothing_that_draws():
    code = "import sys, oligoscope.questions.registry; sys.exit('matplotlib' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

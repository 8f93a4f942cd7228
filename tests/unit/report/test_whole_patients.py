"""No table of a report prints a decimal of a patient, in either language or in any format."""

from __future__ import annotations

import re

import pytest

from oligoscope.bilingual import LANGUAGES
from oligoscope.number_format import PROFILES, number_style
from oligoscope.plain_text import plain
from oligoscope.printing.blocks import Document, FigureBlock, TableBlock
from oligoscope.printing.whole_counts import is_count
from oligoscope.report.document import build_document
from oligoscope.report.xlsx.xlsx import one_number
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit

_COUNT = re.compile(r"<?\d+(?![\d.·])")
_AT_HEAD = re.compile(r"n=([\d.,·\u202f]+)")


@pytest.fixture(scope="module")
def report(made_protocol, compared_results) -> Document:
    return build_document(made_protocol, compared_results)


def _tables(report: Document):
    return [block.table for block in report.blocks if isinstance(block, TableBlock)]


def test_the_results_hold_means_that_are_not_whole(compared_results: Results):
    """Otherwise the other tests of this file would show nothing."""
    means = [e.value for e in compared_results.find(population="matched") if is_count(e) and e.value]

    assert any(value != round(value) for value in means)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cell_of_a_count_begins_with_a_whole_number(report, compared_results, language):
    seen = 0
    for table in _tables(report):
        for row in table.rows:
            for cell in row.cells:
                e = None if cell.key is None else compared_results.at(cell.key)
                if e is None or e.value is None or not is_count(e):
                    continue
                shown = plain(cell.text[language]).removeprefix("n=")
                assert _COUNT.match(shown), (table.id, row.cells[0].text.en, shown)
                number = one_number(cell, shown, compared_results)
                assert number is None or (number[0] == int(number[0]) and "." not in number[1])
                seen += 1
    assert seen > 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_heads_of_columns_give_whole_patients(report, language):
    heads = [line for t in _tables(report) for c in t.columns for line in c.lines(language)]
    sizes = [size for head in heads for size in _AT_HEAD.findall(plain(head))]

    assert len(sizes) > 8
    assert [size for size in sizes if "." in size or "·" in size] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_of_figures_give_whole_patients(report, language):
    texts = [b.figure.alt[language] for b in report.blocks if isinstance(b, FigureBlock)]
    sizes = [size.rstrip(".,") for text in texts for size in _AT_HEAD.findall(plain(text))]

    assert [size for size in sizes if not size.isdecimal()] == []


def test_the_table_after_matching_adds_up_as_it_is_printed(report):
    """Levels to their group, groups to all patients."""
    (table,) = (t for t in _tables(report) if t.id.startswith("baseline_before_after"))
    after = [int(_AT_HEAD.findall(plain(c.detail.en))[0]) for c in table.columns[6:9] if c.detail]
    sums: dict[str, list[int]] = {}
    variable = ""
    for row in table.rows:
        texts = [plain(cell.text.en) for cell in row.cells[6:9]]
        if row.is_heading:
            variable = row.cells[0].text.en
        elif row.indent and all(texts):
            counts = [int(text.split(" ")[0]) for text in texts]
            sums[variable] = [a + b for a, b in zip(sums.get(variable, [0, 0, 0]), counts, strict=True)]

    assert after[0] == after[1] + after[2]
    assert list(sums.values()) == [after] * len(sums)
    assert len(sums) > 5


def test_the_note_gives_the_mean_and_the_range(report):
    (table,) = (t for t in _tables(report) if t.id.startswith("baseline_before_after"))
    notes = " ".join(note.en for note in table.notes)

    assert re.search(r"with \d+ (to \d+ )?pairs( \(mean [\d.]+\))? in each", notes)
    assert "rounded to whole patients so that levels make up their group and groups all patients" in notes


@pytest.mark.parametrize("profile", PROFILES)
def test_counts_are_whole_in_every_style(made_protocol, compared_results, profile):
    with number_style(profile):
        report = build_document(made_protocol, compared_results)
        for table in _tables(report):
            for row in table.rows:
                for cell in row.cells:
                    e = None if cell.key is None else compared_results.at(cell.key)
                    if e is None or e.value is None or not is_count(e) or e.statistic == Statistic.MEDIAN:
                        continue
                    shown = plain(cell.text["zh" if profile.startswith("zh") else "en"]).removeprefix("n=")
                    assert _COUNT.match(shown), (table.id, shown)


def test_a_sum_of_weights_is_no_count(compared_results):
    n = next(e for e in compared_results.estimates if e.statistic == Statistic.N)

    assert is_count(n)
    assert not is_count(n.__class__(**{**_fields(n), "unit": Unit.SUM_OF_WEIGHTS}))


def _fields(e) -> dict:
    names = (
        "analysis",
        "population",
        "outcome",
        "group",
        "variable",
        "level",
        "statistic",
        "value",
        "n",
        "unit",
    )
    return {name: getattr(e, name) for name in names}

"""A definition that gives no patient a label has a share of 0, and is one of those counted."""

from __future__ import annotations

import polars as pl

from oligoscope.questions.definitions.numbers import compare_definitions
from oligoscope.questions.definitions.table import tabulate_reclassification
from oligoscope.questions.definitions.words import definitions_paragraph
from oligoscope.results.results import Results

NONE = ["systemic"] * 4
LABELLED = pl.DataFrame({
    "pattern:huang2025": NONE, "pattern:strict3": NONE, "pattern:chai2021": ["oligoprogression", *NONE[1:]],
    "resistance:huang2025": ["primary"] * 4, "resistance:schoenfeld_2021": ["not_acquired_by_definition"] * 4,
})  # fmt: skip


def results() -> Results:
    return Results(tuple(compare_definitions(LABELLED)))


def test_the_smallest_share_is_0_where_a_definition_finds_none():
    paragraph = definitions_paragraph(results(), "progressed", "oligoprogression")

    assert paragraph is not None
    assert paragraph.text.en.startswith("The 3 definitions make 2 different classifications")
    assert "; the share of oligoprogression is 0/4 to 1/4. " in paragraph.text.en
    assert "0/4~1/4。" in paragraph.text.zh
    assert all(results().at(key) is not None for key in paragraph.keys)


def test_a_blank_of_the_pattern_is_0_and_one_of_a_category_that_a_scheme_lacks_is_blank():
    pattern, resistance = (
        tabulate_reclassification(results(), "progressed", outcome, "huang2025")
        for outcome in ("pattern", "resistance")
    )

    assert [row.cells[2].text.en for row in pattern.rows] == ["0 (0.0)", "0 (0.0)", "1 (25.0)"]
    assert "0 (0.0)" not in {cell.text.en for row in resistance.rows for cell in row.cells}

"""Definitions side by side: agreement, and agreement on acquired or not where the categories differ."""

from __future__ import annotations

import polars as pl
import pytest

from oligoscope.questions.definitions.figure import agreement_texts, definitions_of, draw_reclassification
from oligoscope.questions.definitions.numbers import compare_definitions
from oligoscope.questions.definitions.table import tabulate_reclassification
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic

VERSUS = "huang2025 vs schoenfeld_2021"


@pytest.fixture
def results() -> Results:
    """10 patients: 6 acquired under both, 1 only under the first, 3 primary or, where there is no such thing, not acquired."""
    primary = ["not_acquired_by_definition"] * 2 + ["unclassifiable"]
    definitions = pl.DataFrame(
        {
            "resistance:huang2025": ["acquired"] * 7 + ["primary"] * 3,
            "resistance:schoenfeld_2021": ["acquired"] * 6 + ["not_acquired_by_definition", *primary],
            "pattern:huang2025": ["systemic"] * 4 + ["oligoprogression"] * 6,
            "pattern:strict3": ["systemic"] * 4 + ["oligoprogression"] * 6,
        }
    )
    return Results(tuple(compare_definitions(definitions)))


def test_labels_that_a_definition_lacks_disagree_but_acquired_or_not_is_asked_of_all(results):
    """Identical: 6 of 10. Acquired or not: 9 of 10; by chance 0.7 x 0.6 + 0.3 x 0.4 = 0.54, kappa 0.36 / 0.46."""
    found = {(e.variable, e.statistic): e for e in results.find(group=VERSUS) if not e.level}

    assert found["", Statistic.PERCENT_AGREE].value == pytest.approx(60)
    assert found["acquired_or_not", Statistic.PERCENT_AGREE].value == pytest.approx(90)
    kappa = found["acquired_or_not", Statistic.KAPPA]
    assert kappa.value == pytest.approx(0.36 / 0.46)
    assert (kappa.n, kappa.high) == (10, 1)
    assert not results.find(outcome="pattern", variable="acquired_or_not")


def test_the_level_of_a_cross_table_holds_no_mark_that_divides_keys(results):
    levels = {e.level: e.value for e in results.find(group=VERSUS, statistic=Statistic.N)}

    assert levels["acquired -> acquired"] == 6
    assert levels["primary -> unclassifiable"] == 1
    assert not any("|" in key for e in results.estimates for key in e.key)


def test_the_table_prints_both_and_says_why(results):
    table = tabulate_reclassification(results, "progressed", "resistance", "huang2025")
    printed = {row.cells[0].text.en: [c.text.en for c in row.cells[1:]] for row in table.rows}
    notes = " ".join(note.en for note in table.notes)

    assert [h.text.en for h in table.columns][-4:] == [
        "Agreement, %", "κ", "Acquired or not: agreement, %", "Acquired or not: κ",
    ]  # fmt: skip
    assert printed["Huang 2025 (this study)"][-4:] == [""] * 4
    assert (printed["Schoenfeld 2021"][-4], printed["Schoenfeld 2021"][-2]) == ("60.0", "90.0")
    assert printed["Schoenfeld 2021"][-1].startswith("0.78 (")
    assert (
        "ask that both give the same label; definitions with other categories disagree by construction"
        in notes
    )
    assert "unclassifiable included" in notes


def test_the_pattern_has_no_such_columns_and_complete_agreement_no_limits(results):
    table = tabulate_reclassification(results, "progressed", "pattern", "huang2025")
    shown = definitions_of(results, "progressed", "pattern", "huang2025")

    assert len(table.columns) == 5
    assert table.rows[1].cells[-1].text.en == "1.00"
    assert agreement_texts(shown, "strict3", "en") == ("100.0", "1.00")


def test_the_picture_shows_agreement_of_labels_and_its_caption_says_so(results):
    shown = definitions_of(results, "progressed", "resistance", "huang2025")
    figure = draw_reclassification(results, "progressed", "resistance", "huang2025")

    assert agreement_texts(shown, "schoenfeld_2021", "en")[0] == "60.0"
    assert (
        "disagree by construction: Schoenfeld 2021, for one, has no primary resistance" in figure.caption.en
    )
    assert "必然不一致" in figure.caption.zh

"""Survival, response and discordance tables."""

from __future__ import annotations

from dataclasses import replace

from oligoscope.printing.table import Table
from oligoscope.questions.survival.table import tabulate_survival
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import read_warnings


def rows_below(table: Table, heading: str) -> list[list[str]]:
    labels = [row.cells[0].text.en for row in table.rows]
    start = labels.index(heading) + 1
    return [[c.text.en for c in row.cells] for row in table.rows[start : start + 2]]


def test_post_progression_survival_comes_first(made_results):
    headings = [r.cells[0].text.en for r in tabulate_survival(made_results).rows if r.is_heading]

    assert headings == ["Post-progression survival", "Overall survival", "Progression-free survival"]


def test_the_hazard_ratio_is_beside_its_group_and_names_the_reference(made_results):
    oligo, systemic = rows_below(tabulate_survival(made_results), "Overall survival")

    assert oligo[0] == "Oligoprogression"
    assert oligo[3] == "20.0 (18.2 to 22.0)"
    assert oligo[7] == "0.64 (0.55 to 0.76)"
    assert systemic[7] == "Reference"


def test_a_withheld_hazard_ratio_prints_a_dash_and_the_reason(sparse_results):
    table = tabulate_survival(sparse_results)
    cell = table.rows[1].cells[7]

    assert (cell.text.en, cell.mark) == ("–", "a")
    assert table.notes[0].en == "a: not given: a group has fewer than 5 events."
    assert table.notes[0].zh == "a：未给出：有一组的事件数少于 5 例。"


def test_a_doubtful_comparison_is_marked_in_the_table(made_results):
    doubtful = Results(
        tuple(
            replace(e, warning=read_warnings("true_by_construction"))
            if e.statistic == Statistic.HAZARD_RATIO
            else e
            for e in made_results.estimates
        ),
        made_results.series,
    )
    table = tabulate_survival(doubtful)

    assert table.rows[1].cells[7].mark == "a"
    assert "follows from the definition" in table.notes[0].en


def test_every_cell_key_is_in_the_results(made_results):
    keys = list(tabulate_survival(made_results).printed_keys())

    assert keys
    assert set(keys) <= {e.key for e in made_results.estimates}

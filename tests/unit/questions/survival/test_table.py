"""The table of survival."""

from __future__ import annotations

from typing import Any

from oligoscope.printing.table import Table
from oligoscope.questions.survival.table import tabulate_survival
from oligoscope.results.analyses import SURVIVAL
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import read_warnings
from oligoscope.study.dictionary.outcomes import Outcome
from unit.stored_results import changed, with_limits

OF_OS: dict[str, Any] = {"analysis": SURVIVAL, "population": "progressed", "outcome": Outcome.OS}


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
    assert oligo[3] == with_limits(group="oligoprogression", statistic=Statistic.MEDIAN, **OF_OS)
    assert oligo[7] == with_limits(2, statistic=Statistic.HAZARD_RATIO, **OF_OS)
    assert systemic[7] == "Reference"


def test_a_withheld_hazard_ratio_prints_a_dash_and_the_reason(sparse_results):
    table = tabulate_survival(sparse_results)
    cell = table.rows[1].cells[7]

    assert (cell.text.en, cell.mark) == ("–", "a")
    assert table.notes[0].en == "a: not given: a group has fewer than 5 events."
    assert table.notes[0].zh == "a：未给出：有一组的事件数少于 5 例。"


def test_a_doubtful_comparison_is_marked_in_the_table(made_results):
    doubt = {"warning": read_warnings("true_by_construction")}
    table = tabulate_survival(changed(made_results, doubt, statistic=Statistic.HAZARD_RATIO))

    assert table.rows[1].cells[7].mark == "a"
    assert "follows from the definition" in table.notes[0].en


def test_every_cell_key_is_in_the_results(made_results):
    keys = list(tabulate_survival(made_results).printed_keys())

    assert keys
    assert set(keys) <= {e.key for e in made_results.estimates}


def test_times_to_the_progression_that_makes_the_groups_are_described_and_not_compared(made_results):
    """As the text and the legend say; the ratio stays in results.csv."""
    table = tabulate_survival(made_results)
    oligo, systemic = rows_below(table, "Progression-free survival")

    assert oligo[1:3] != ["", ""]
    assert oligo[7:] == ["–", "", ""]
    assert systemic[7] == "Reference"
    assert any(
        "groups defined at the first progression: described, not compared" in note.en for note in table.notes
    )
    assert made_results.find(
        analysis=SURVIVAL, population="progressed", outcome=Outcome.PFS, statistic=Statistic.HAZARD_RATIO
    )


def test_nr_is_explained_where_a_cell_has_it(made_results):
    def notes(**change: Any) -> list[tuple[str, str]]:
        found = changed(made_results, change, statistic=Statistic.MEDIAN, **OF_OS) if change else made_results
        return [(n.zh, n.en) for n in tabulate_survival(found).notes if "NR" in n.en]

    assert notes() == []
    assert notes(high=None) == [("NR：未达到。", "NR: not reached.")]

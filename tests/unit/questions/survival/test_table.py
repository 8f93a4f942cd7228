"""Survival, response and discordance tables."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from oligoscope.plain_text import spans
from oligoscope.printing.cells import bracketed, interval
from oligoscope.printing.table import Table
from oligoscope.questions.readers.given_response import compare_given_responses
from oligoscope.questions.readers.table import tabulate_disagreements, tabulate_discordance
from oligoscope.questions.response.numbers import compare_response_rates
from oligoscope.questions.response.table import tabulate_response_rate
from oligoscope.questions.survival.table import tabulate_survival
from oligoscope.results.analyses import SURVIVAL
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import read_warnings
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.protocol import AnalysisSettings
from unit.stored_results import changed, with_limits

OF_OS: dict[str, Any] = {"analysis": SURVIVAL, "population": "progressed", "outcome": Outcome.OS}


def rows_below(table: Table, heading: str) -> list[list[str]]:
    labels = [row.cells[0].text.en for row in table.rows]
    start = labels.index(heading) + 1
    return [[c.text.en for c in row.cells] for row in table.rows[start : start + 2]]


def test_post_progression_survival_comes_first(made_results):
    headings = [r.cells[0].text.en for r in tabulate_survival(made_results).rows if r.is_heading]

    assert headings == ["Post-progression survival", "Overall survival", "Progression-free survival"]


def test_the_hazard_ratio_stands_beside_its_group_and_names_the_reference(made_results):
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


def test_limits_that_were_not_reached_print_nr():
    assert bracketed("18.0", interval(12.5, None, 1, "en"), "en") == "18.0 (12.5 to NR)"
    assert bracketed("18.0", interval(12.5, float("nan"), 1, "zh"), "zh") == "18.0(12.5~NR)"


def test_every_cell_key_is_in_the_results(made_results):
    known = {e.key for e in made_results.estimates}
    for table in (tabulate_survival(made_results), tabulate_response_rate(made_results)):
        keys = list(table.printed_keys())
        assert keys
        assert set(keys) <= known


def test_response_rates_have_exact_limits():
    """Clopper-Pearson of 184 of 289, R: binom.test(184, 289)."""
    groups = ["oligoprogression"] * 289 + ["systemic"] * 290
    responses = ["PR"] * 184 + ["PD"] * 105 + ["PR"] * 119 + ["PD"] * 171
    patients = pl.DataFrame({"pattern": groups, "reported_response": responses})
    asked = AnalysisSettings(kind="response_rate", population="progressed")
    table = tabulate_response_rate(Results(tuple(compare_response_rates(patients, asked))))
    orr = next(r for r in table.rows if r.cells[0].text.en.startswith("Objective"))

    assert [c.text.en for c in orr.cells[-3:]] == ["63.7 (57.8 to 69.2)", "41.0 (35.3 to 46.9)", "<0.001"]


def test_disagreements_are_counted_and_listed():
    visits = {"patient_id": [f"P{i}" for i in range(1, 51)], "assessed_on": [date(2020, 1, 3)] * 50}
    responses = {"given_response": ["PR", "PD"] + ["SD"] * 48, "overall_response": ["SD"] * 50}
    estimates, series = compare_given_responses(pl.DataFrame(visits | responses))
    results = Results(tuple(estimates), series)

    counts = [[c.text.en for c in r.cells] for r in tabulate_discordance(results).rows]
    listed = [[c.text.en for c in r.cells] for r in tabulate_disagreements(results, at_most=1).rows]

    assert counts == [["Visits with both", "50"], ["Visits that agree", "48"], ["Agreement, %", "96.0"],
                      ["Given PD, derived SD", "1"], ["Given PR, derived SD", "1"]]  # fmt: skip
    assert listed == [["P1", "2020-01-03", "PR", "SD"]]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("*P*<0.05", [("P", True), ("<0.05", False)]),
        ("Mann-Whitney *U* test", [("Mann-Whitney ", False), ("U", True), (" test", False)]),
        ("5 * 3 * 2", [("5 * 3 * 2", False)]),
    ],
)
def test_italic_letters_are_marked_by_asterisks(text, pieces):
    assert spans(text) == pieces

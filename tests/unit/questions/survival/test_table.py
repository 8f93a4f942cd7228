"""Survival, response and discordance tables."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from oligoscope.plain_text import spans
from oligoscope.printing.cells import bracketed, interval
from oligoscope.printing.table import Table
from oligoscope.questions.readers.table import SERIES, tabulate_disagreements, tabulate_discordance
from oligoscope.questions.response.table import tabulate_response_rate
from oligoscope.questions.survival.table import tabulate_survival
from oligoscope.results.analyses import GIVEN_RESPONSE
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic


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
            replace(e, warning="true_by_construction") if e.statistic == Statistic.HAZARD_RATIO else e
            for e in made_results.estimates
        ),
        made_results.series,
    )
    table = tabulate_survival(doubtful)

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


def test_response_rates_have_exact_limits(made_results):
    """Clopper-Pearson of 184 of 289, R: binom.test(184, 289)."""
    table = tabulate_response_rate(made_results)
    orr = next(r for r in table.rows if r.cells[0].text.en.startswith("Objective"))

    assert [c.text.en for c in orr.cells[1:]] == ["63.7 (57.8 to 69.2)", "41.0 (35.3 to 46.9)", "<0.001"]


def test_disagreements_are_counted_and_listed():
    visits = {"patient_id": ["P1", "P2"], "assessed_on": ["2020-01-03", "2020-02-04"]}
    responses = {"given_response": ["PR", "SD"], "overall_response": ["SD", "PD"]}
    results = Results(
        (
            Estimate(analysis=GIVEN_RESPONSE, statistic=Statistic.N_VISITS, value=50),
            Estimate(analysis=GIVEN_RESPONSE, statistic=Statistic.N_AGREE, value=48),
            Estimate(analysis=GIVEN_RESPONSE, statistic=Statistic.PERCENT_AGREE, value=96.0),
            Estimate(analysis=GIVEN_RESPONSE, group="PR", level="SD", statistic=Statistic.N_DIFFER, value=1),
        ),
        {SERIES: pl.DataFrame(visits | responses)},
    )

    counts = [[c.text.en for c in r.cells] for r in tabulate_discordance(results).rows]
    listed = [[c.text.en for c in r.cells] for r in tabulate_disagreements(results, at_most=1).rows]

    assert counts == [["Visits with both", "50"], ["Visits that agree", "48"], ["Agreement, %", "96.0"],
                      ["Given PR, derived SD", "1"]]  # fmt: skip
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

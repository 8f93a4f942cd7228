"""Responses and rates as a table."""

from __future__ import annotations

import polars as pl

from oligoscope.questions.response.numbers import compare_response_rates
from oligoscope.questions.response.table import tabulate_response_rate
from oligoscope.questions.response.words import response_paragraph
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.protocol import AnalysisSettings


def test_every_cell_key_is_in_the_results(made_results):
    keys = list(tabulate_response_rate(made_results).printed_keys())

    assert keys
    assert set(keys) <= {e.key for e in made_results.estimates}


def test_response_rates_have_exact_limits():
    """Clopper-Pearson of 184 of 289, R: binom.test(184, 289)."""
    groups = ["oligoprogression"] * 289 + ["systemic"] * 290
    responses = ["PR"] * 184 + ["PD"] * 105 + ["PR"] * 119 + ["PD"] * 171
    patients = pl.DataFrame({"pattern": groups, "reported_response": responses})
    asked = AnalysisSettings(kind="response_rate", population="progressed")
    table = tabulate_response_rate(Results(tuple(compare_response_rates(patients, asked))))
    orr = next(r for r in table.rows if r.cells[0].text.en.startswith("Objective"))

    assert [c.text.en for c in orr.cells[-3:]] == ["63.7 (57.8 to 69.2)", "41.0 (35.3 to 46.9)", "<0.001"]


def test_a_group_without_a_known_response_has_no_rate_and_is_not_compared():
    groups = ["oligoprogression"] * 40 + ["systemic"] * 30
    responses = ["PR"] * 25 + ["PD"] * 10 + [None] * 35
    patients = pl.DataFrame(
        {"pattern": groups, "reported_response": responses}, schema_overrides={"reported_response": pl.String}
    )
    asked = AnalysisSettings(kind="response_rate", population="progressed")

    results = Results(tuple(compare_response_rates(patients, asked)))

    systemic = [e for e in results.estimates if e.group == "systemic"]
    assert {(e.variable, e.statistic, e.value) for e in systemic} == {
        ("", Statistic.N, 30), ("orr", Statistic.PERCENT, None), ("dcr", Statistic.PERCENT, None),
    }  # fmt: skip
    tests = [e for e in results.estimates if e.statistic == Statistic.P_VALUE]
    assert {(e.variable, e.value, str(e.warning)) for e in tests} == {
        ("orr", None, "response_not_recorded"), ("dcr", None, "response_not_recorded"),
    }  # fmt: skip
    table = tabulate_response_rate(results)
    cells = {row.cells[0].text.en.split(",")[0]: [c.text.en for c in row.cells[1:]] for row in table.rows}
    assert cells["Objective response rate"][1].startswith("62.5 (")
    assert not any(c.startswith("0") for row in cells.values() for c in (row[2], row[-1]))
    said = response_paragraph(results, "progressed", ("oligoprogression", "systemic"))
    assert said is not None
    assert "systemic" not in said.text.en.split("pattern is")[0]

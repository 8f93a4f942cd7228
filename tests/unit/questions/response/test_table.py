"""Responses and rates as a table."""

from __future__ import annotations

import polars as pl

from oligoscope.questions.response.numbers import compare_response_rates
from oligoscope.questions.response.table import tabulate_response_rate
from oligoscope.results.results import Results
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

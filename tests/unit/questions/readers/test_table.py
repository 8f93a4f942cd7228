"""Given and derived responses that differ, as tables."""

from __future__ import annotations

from datetime import date

import polars as pl

from oligoscope.questions.readers.numbers import compare_given_responses
from oligoscope.questions.readers.table import tabulate_disagreements, tabulate_discordance
from oligoscope.results.results import Results


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

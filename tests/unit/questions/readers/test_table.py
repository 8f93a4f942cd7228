"""Given and derived responses that differ, as tables."""

from __future__ import annotations

import polars as pl

from oligoscope.questions.readers.table import SERIES, tabulate_disagreements, tabulate_discordance
from oligoscope.results.analyses import GIVEN_RESPONSE
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic


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

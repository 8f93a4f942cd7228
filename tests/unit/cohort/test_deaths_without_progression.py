"""Of the treated patients who left without a progression it is counted who died."""

from __future__ import annotations

import polars as pl
import pytest

from oligoscope.cohort.select import select_cohort
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.outcomes import Outcome


def patients(died: list[int | None]) -> pl.DataFrame:
    """Treated patients without progression, and one who progressed and died."""
    return pl.DataFrame(
        {
            "patient_id": [f"P{i}" for i in range(len(died) + 1)],
            "progressed": [*["no"] * len(died), "yes"],
            "pattern": [*[None] * len(died), "systemic"],
            "os_days": [100] * (len(died) + 1),
            "os_event": [*died, 1],
        },
        schema_overrides={"os_event": pl.Int64, "pattern": pl.String},
    ).with_columns(treatment_started_on=pl.lit("2021-01-01").str.to_date())


@pytest.mark.parametrize(
    ("died", "counted"),
    [([1, 1, 0], (2, 3)), ([0, 0], (0, 2)), ([1, None], (1, 1)), ([None, None], None)],
)
def test_deaths_are_counted_among_those_of_whom_it_is_known(made_protocol, died, counted):
    protocol = made_protocol.model_copy(update={"eligibility": []})

    flow = select_cohort(patients(died), protocol).flow

    rows = [(e.value, e.n) for e in flow.estimates() if e.statistic == Statistic.EVENTS]
    assert rows == ([] if counted is None else [counted])
    assert all(e.outcome == Outcome.OS for e in flow.estimates() if e.statistic == Statistic.EVENTS)

"""Counts of the parts of matched patients are rounded such that they make up the counts of all of them."""

from __future__ import annotations

import polars as pl

from oligoscope.printing.whole_counts import with_whole_parts
from oligoscope.results.analyses import SURVIVAL
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit
from oligoscope.study.keys import Level, Patients

PART = Patients.of("matched", {"pattern": "systemic"})
NAME = "at_risk/matched:systemic/resistance/pps"


def counted(population: str, group: str, statistic: Statistic, value: float) -> Estimate:
    level = Level.of("pattern" if population == "matched" else "resistance", group)
    return Estimate(
        analysis=SURVIVAL, population=population, outcome="pps", group=level, statistic=statistic, value=value, unit=Unit.PATIENTS
    )  # fmt: skip


def whole_parts() -> Results:
    rows = [
        counted("matched", "systemic", Statistic.N, 212.4),
        counted(PART, "acquired", Statistic.N, 143.8),
        counted(PART, "primary", Statistic.N, 68.6),
        counted(PART, "acquired", Statistic.EVENTS, 125.6),
        counted(PART, "primary", Statistic.EVENTS, 67.6),
    ]
    frame = pl.DataFrame({
        "group": ["acquired", "primary", "primary"], "months": [0.0, 0.0, 1.0], "n_at_risk": [144, 69, 60], "n_events": [0, 0, 68],
    })  # fmt: skip
    return with_whole_parts(Results(tuple(rows), {NAME: frame}))


def test_parts_make_up_the_count_of_all():
    """212.4 is printed as 212; 143.8 and 68.6 rounded one by one would be 213."""
    whole, *parts = whole_parts().estimates

    assert whole.value == 212.4
    assert [e.value for e in parts] == [144, 68, 126, 67]


def test_numbers_at_risk_are_not_above_what_is_printed_of_the_group():
    frame = whole_parts().series[NAME]

    assert frame["n_at_risk"].to_list() == [144, 68, 60]
    assert frame["n_events"].to_list() == [0, 0, 67]

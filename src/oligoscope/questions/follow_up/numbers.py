"""How long patients were followed: median by reverse Kaplan-Meier (Schemper & Smith 1996)."""

from __future__ import annotations

import polars as pl

from oligoscope.cohort.times import DAYS_PER_MONTH
from oligoscope.questions.question import Answer, Asked
from oligoscope.results.analyses import FOLLOW_UP
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit
from oligoscope.stats.survival.reverse_kaplan_meier import reverse_kaplan_meier


def describe_follow_up(patients: pl.DataFrame, population: str) -> list[Estimate]:
    """Median follow-up of a population: deaths count as the end of observation, the living as events."""
    rows = patients.select("os_days", "os_event").drop_nulls()
    if rows.is_empty():
        return []
    months, died = rows["os_days"].to_numpy() / DAYS_PER_MONTH, rows["os_event"].to_numpy()
    median = reverse_kaplan_meier(months, died).median()
    return [
        Estimate(
            analysis=FOLLOW_UP,
            population=population,
            statistic=Statistic.MEDIAN,
            value=median.value,
            low=median.low,
            high=median.high,
            n=rows.height,
            unit=Unit.MONTHS,
            method="reverse Kaplan-Meier",
            warning="" if median.value is not None else "not_reached",
        )
    ]


def answer(asked: Asked) -> Answer:
    """The question, of the patients asked about."""
    return describe_follow_up(asked.patients, asked.settings.population), {}

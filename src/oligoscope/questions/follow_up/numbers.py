"""How long patients were followed: median by reverse Kaplan-Meier (Schemper & Smith 1996)."""

from __future__ import annotations

import polars as pl

from oligoscope.questions.question import Answer, Asked
from oligoscope.results.analyses import FOLLOW_UP
from oligoscope.results.methods import Method, MethodPart
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit
from oligoscope.results.warnings import NO_WARNING, WarningCode
from oligoscope.stats.survival.kaplan_meier import reverse_kaplan_meier
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.months import DAYS_PER_MONTH


def describe_follow_up(patients: pl.DataFrame, population: str) -> list[Estimate]:
    """Median follow-up of a population: deaths count as the end of observation, the living as events."""
    entries = [Outcome.OS.entry] if Outcome.OS.entry in patients.columns else []
    rows = patients.select("os_days", "os_event", *entries).drop_nulls()
    if rows.is_empty():
        return []
    months, died = rows["os_days"].to_numpy() / DAYS_PER_MONTH, rows["os_event"].to_numpy()
    entry = rows[Outcome.OS.entry].to_numpy() / DAYS_PER_MONTH if entries else None
    median = reverse_kaplan_meier(months, died, entry=entry).median()
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
            method=Method(MethodPart.REVERSE_KAPLAN_MEIER),
            warning=NO_WARNING if median.value is not None else WarningCode.NOT_REACHED(),
        )
    ]


def answer(asked: Asked) -> Answer:
    """The question, of the patients asked about."""
    return describe_follow_up(asked.patients, asked.settings.population), {}

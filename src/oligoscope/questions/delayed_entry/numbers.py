"""How many patients entered late and how late, and how many of each outcome were never at risk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from oligoscope.questions.question import Answer, Records
from oligoscope.results.analyses import DELAYED_ENTRY
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.months import DAYS_PER_MONTH
from oligoscope.study.protocol import Protocol


def answer(study: Records) -> Answer:
    """Rows of every population that is analysed; nothing where the study gives no entries.

    n_entered_late with the median of their delay (variable = entry_days), and by outcome n_never_at_risk: those whose time ended
    before they entered or on that day, who are in no risk set of it and were left out.
    """
    if Outcome.OS.entry not in study.cohort.patients.columns:
        return [], {}
    found: list[Estimate] = []
    for population in ("treated", "progressed"):
        patients = study.cohort.population(population)
        rows = (*_late(patients), *_never_at_risk(patients, _outcomes(study.protocol)))
        found += [Estimate(analysis=DELAYED_ENTRY, population=population, **row) for row in rows]
    return found, {}


def _outcomes(protocol: Protocol) -> tuple[Outcome, ...]:
    """Those that the study analyses."""
    asked = {o for a in protocol.analyses for o in a.outcomes}
    return tuple(o for o in Outcome if o in asked)


def _late(patients: pl.DataFrame) -> Iterator[dict[str, Any]]:
    days = patients["entry_days"]
    late = days.filter(days > 0)
    count = {"statistic": Statistic.N_ENTERED_LATE, "value": len(late), "n": patients.height}
    yield {**count, "unit": Unit.PATIENTS}
    if len(late):
        months = late / DAYS_PER_MONTH
        yield {
            "variable": "entry_days", "statistic": Statistic.MEDIAN, "value": months.median(), "low": months.min(), "high": months.max(),
            "n": len(late), "unit": Unit.MONTHS,
        }  # fmt: skip


def _never_at_risk(patients: pl.DataFrame, outcomes: tuple[Outcome, ...]) -> Iterator[dict[str, Any]]:
    for outcome in outcomes:
        known = patients.filter(pl.col(outcome.days).is_not_null())
        never = known[outcome.entry].null_count()
        yield {
            "outcome": outcome, "statistic": Statistic.N_NEVER_AT_RISK, "value": never, "n": known.height,
            "unit": Unit.PATIENTS,
        }  # fmt: skip

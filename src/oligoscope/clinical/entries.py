"""Delayed entry: when a patient who was registered or referred later came under observation, on the clock of each outcome.

Such a patient could not have been seen to die or progress before; counted from the start they would be credited with time
that they were bound to survive. Every outcome is therefore observed from the entry on (left truncation).
"""

from __future__ import annotations

import polars as pl

from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.months import DAYS_PER_MONTH
from oligoscope.study.schemas import HOLD_PATIENTS, StudyTables

GIVEN = ("entered_day", "entered_months")
_DAYS = {"entered_day": 1.0, "entered_months": DAYS_PER_MONTH}
# The day on which the clock of an outcome starts; of the others it is the start of treatment.
_STARTS = {Outcome.PPS: "progressed_day", Outcome.DOR: "response_day", Outcome.PFS2: "line_start_day"}


def has_entries(tables: StudyTables) -> bool:
    """Whether the study gives entries: its files have the column, or some patient has one."""
    named = {"entered_on", *GIVEN} & {name for held in HOLD_PATIENTS for name in tables.given.get(held, ())}
    patients = tables.patients
    return bool(named) or any(
        patients[c].null_count() < patients.height for c in GIVEN if c in patients.columns
    )


def derive_entries(patients: pl.DataFrame, tables: StudyTables) -> pl.DataFrame:
    """Add entry_days (from treatment start), `os_entry_days` and the like: days from the start of each clock until the patient was under observation.

    0: from the start. Blank: there is no time of this outcome, or it ended before the patient entered or on that day, and
    the patient was never at risk of it. Nothing is added where the study gives no entries.
    """
    if not has_entries(tables):
        return patients
    given = [pl.col(c) * _DAYS[c] for c in GIVEN if c in patients.columns]
    entered = pl.max_horizontal(pl.coalesce(*given), 0.0).fill_null(0.0)
    patients = patients.with_columns(entry_days=entered)
    return patients.with_columns(
        _entry(o, pl.col("entry_days")) for o in Outcome if o.days in patients.columns
    )


def _entry(outcome: Outcome, entered: pl.Expr) -> pl.Expr:
    start = pl.col(_STARTS[outcome]) if outcome in _STARTS else pl.lit(0)
    if outcome == Outcome.PPS:  # of a cohort with times in place of dates
        start = pl.coalesce(start, Outcome.PFS.days)
    since = pl.max_horizontal(entered - start, 0.0)
    at_risk = (since == 0) | (since < pl.col(outcome.days))
    known = pl.col(outcome.days).is_not_null()
    return pl.when(known & at_risk).then(since).alias(outcome.entry)

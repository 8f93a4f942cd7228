"""Times as a team gives them with a cohort that it has classified: in days, whatever their unit."""

from __future__ import annotations

import polars as pl

from oligoscope.study.dictionary.classified import time_name
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.dictionary.variable import DAYS, MONTHS, WEEKS
from oligoscope.study.months import DAYS_PER_MONTH

DAYS_IN = {DAYS.word: 1.0, WEEKS.word: 7.0, MONTHS.word: DAYS_PER_MONTH}
# Half of the last decimal of each of three times: what their difference may be off by rounding alone.
_ROUNDINGS = 1.5


def given_days(outcome: str) -> pl.Expr:
    """The time in days, not rounded; null where none is given. A month is 30.4375 days."""
    return pl.coalesce(pl.col(time_name(outcome, unit)) * days for unit, days in DAYS_IN.items())


def given_event(outcome: Outcome) -> pl.Expr:
    """Whether the time ended in the event, as the team states it; null where it does not."""
    return pl.col(outcome.event).cast(pl.Int8, strict=False)


def rounding_days(*outcomes: Outcome) -> pl.Expr:
    """How far sums of these times may be off because they were rounded, in days: by the most decimals that one has."""
    return pl.max_horizontal(
        pl.when(pl.any_horizontal(pl.col(time_name(o, unit)).is_not_null() for o in outcomes)).then(
            pl.lit(_ROUNDINGS * days) * pl.lit(10.0).pow(-_decimals([time_name(o, unit) for o in outcomes]))
        )
        for unit, days in DAYS_IN.items()
    ) + pl.lit(1e-6)


def _decimals(names: list[str]) -> pl.Expr:
    """The decimals of the longest of these numbers, 3 at most."""
    return pl.max_horizontal(
        pl.when(pl.col(name).is_null()).then(0.0)
        .when((pl.col(name) - pl.col(name).round(0)).abs() < 1e-9).then(0.0)
        .when((pl.col(name) - pl.col(name).round(1)).abs() < 1e-9).then(1.0)
        .when((pl.col(name) - pl.col(name).round(2)).abs() < 1e-9).then(2.0)
        .otherwise(3.0)
        for name in names
    )  # fmt: skip


def gave_progression() -> pl.Expr:
    """Whether the row of a cohort says that the patient progressed: yes, no, or null where it says neither.

    A pattern, a type of resistance, sites or lesions of a progression, its date, or a time after it say so; so does an
    event of progression-free survival that is no death.
    """
    named = ("pattern", "resistance", "progressed_on", "progressing_organs")
    is_named = pl.any_horizontal(
        *(pl.col(name).is_not_null() for name in named),
        given_days(Outcome.PPS).is_not_null(),
        (pl.col("n_progressing_lesions") > 0).fill_null(value=False),
        pl.col("diffuse").fill_null(value=False),
    )
    event = given_event(Outcome.PFS)
    pfs, os = given_days(Outcome.PFS), given_days(Outcome.OS)
    died_then = (
        (event == 1) & (given_event(Outcome.OS) == 1) & (os <= pfs + rounding_days(Outcome.PFS, Outcome.OS))
    )
    return (
        pl.when(is_named).then(pl.lit(value=True))
        .when(died_then.fill_null(value=False)).then(pl.lit(value=False))
        .otherwise(event == 1)
    )  # fmt: skip

"""Each patient's way through the states: one row a patient and state, in days."""

from __future__ import annotations

import polars as pl

from oligoscope.questions.illness_death.states import DEAD, NO_PATTERN, NONE, OLIGO, SYSTEMIC
from oligoscope.study.dictionary.outcomes import Outcome

# A state that begins on the last day of follow-up, or a first event on the day of treatment, has half a day, so that it has a length.
_HALF_A_DAY = 0.5


def course(patients: pl.DataFrame) -> pl.DataFrame:
    """Columns patient (the row), state, entered (blank: censored), start, stop, progressed (days since treatment); NONE first.

    The first event is that of progression-free survival (`competing_risks`), so that its censorings hold; from a progression
    on, overall survival. A death on the day of progression counts as after it. A patient who came under observation late is in
    no state before.
    """
    progressed = pl.col("progressed_day").is_not_null()
    event = pl.col(Outcome.PFS.event) == 1
    after = (
        pl.when(~event).then(None)
        .when(~progressed).then(pl.lit(DEAD[NONE]))
        .when(pl.col("pattern").is_in([OLIGO, SYSTEMIC])).then(pl.col("pattern"))
        .otherwise(pl.lit(NO_PATTERN))
    )  # fmt: skip
    rows = patients.with_row_index("patient").select(
        "patient",
        first=pl.max_horizontal(pl.col(Outcome.PFS.days).cast(pl.Float64), _HALF_A_DAY),
        after=after,
        end=pl.col(Outcome.OS.days).cast(pl.Float64),
        died=pl.col(Outcome.OS.event) == 1,
        late=_observed_from(patients),
    )
    rows = rows.filter(pl.col("first").is_not_null() & pl.col("late").is_not_null())
    before = rows.select(
        "patient",
        state=pl.lit(NONE),
        entered="after",
        start="late",
        stop="first",
        progressed=pl.lit(None, pl.Float64),
    )
    later = rows.filter((pl.col("after") != DEAD[NONE]) & pl.col("end").is_not_null()).select(
        "patient",
        state="after",
        entered=pl.when("died").then(pl.col("after").replace_strict(DEAD, default=None)),
        start=pl.max_horizontal("first", "late"),
        stop=pl.max_horizontal(pl.col("end"), pl.col("first") + _HALF_A_DAY),
        progressed="first",
    )
    return pl.concat([before, later]).filter(pl.col("start") < pl.col("stop"))


def _observed_from(patients: pl.DataFrame) -> pl.Expr:
    """Days from treatment until the patient was under observation; blank where they never were."""
    known = [pl.col(o.entry) for o in (Outcome.OS, Outcome.PFS) if o.entry in patients.columns]
    return pl.coalesce(*known).cast(pl.Float64) if known else pl.lit(0.0)

"""Scan dates to time points.

Scans of different lesions within `scan_window_days` belong to one assessment as long as not every
target has been evaluated (a chest CT on Monday, an abdominal CT in the week after). Once every target
has been (of patients without targets, every non-target lesion), the assessment is complete, and only
scans within `visit_window_days` still belong to it (a brain MRI on Thursday): a later scan is the next
time point, so that it cannot turn a response already reached into what happened weeks afterwards.

A lesion that is seen again opens the next time point, however close, and so does a scan made because
of a new symptom: a time point never holds a lesion twice. A row that says a lesion was not evaluated
is no scan of it; it belongs to the visit within which it falls, and a second such row of the lesion more than
`visit_window_days` after the first is another visit, as is any scan so long after a visit at which
nothing was evaluated. Scans on or before the start of treatment are
baseline, time point 0; of several, a lesion's last.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from oligoscope.study.scan_key import scan_key

_NEVER = 2**40  # a day no scan has


@dataclass(frozen=True, slots=True)
class Windows:
    """Days within which scans of different lesions are one time point.

    Attributes:
        scan_days: From its first scan, while a target is still to be evaluated.
        visit_days: From the scan that completed it.
    """

    scan_days: int
    visit_days: int


def with_time_points(values: pl.DataFrame, lesions: pl.DataFrame, windows: Windows) -> pl.DataFrame:
    """Add `k`, the number of the time point of each lesion value: 0 baseline, 1, 2, …, and `seen_day`, its last row's.

    Args:
        values: From `lesion_values`.
        lesions: From `index_lesions`: which lesions of a patient are to be evaluated.
        windows: How long a time point lasts.
    """
    baseline = (
        values.filter(pl.col("day") <= 0)
        .sort("lesion", "evaluated", "day")
        .unique("lesion", keep="last", maintain_order=True)
        .with_columns(k=pl.lit(0, pl.Int32), seen_day=pl.col("day"))
    )
    later = values.filter(pl.col("day") > 0)
    dates = number_time_points(later, lesions, windows).select(scan_key("p").alias("_date"), "k")
    later = later.with_columns(scan_key("p").alias("_date"))
    later = later.join(dates, on="_date", how="left", maintain_order="left").with_columns(
        seen_day=pl.col("day")
    )
    return pl.concat([baseline, _without_repeats(later.select(baseline.columns))])


def number_time_points(later: pl.DataFrame, lesions: pl.DataFrame, windows: Windows) -> pl.DataFrame:
    """The time point of each patient's scan date after the start: columns p, day, k (from 1)."""
    scans = later.select("p", "lesion", "role", "day", "evaluated", "symptom").sort(scan_key("lesion"))
    # The day before that this lesion was evaluated: below 0 where the scan before is another lesion's.
    last = pl.when("evaluated").then(scan_key("lesion")).forward_fill().shift(1)
    before = last - scan_key("lesion") + pl.col("day")
    # Two rows "not evaluated" further apart than one visit are two visits at which it was to be evaluated.
    gap = scan_key("lesion") - scan_key("lesion").shift(1)
    missed_again = ~pl.col("evaluated") & ~pl.col("evaluated").shift(1)
    missed_again &= (gap > windows.visit_days) & (gap <= windows.scan_days)
    dates = (
        scans.lazy()
        .select(
            "symptom",
            "evaluated",
            scan_key("p").alias("_date"),
            pl.when(pl.col("evaluated") & (before > 0))
            .then(before)
            .when(missed_again)
            .then(pl.col("day") - gap)
            .alias("seen_before"),
            (pl.col("evaluated") & (pl.col("role") == "target")).alias("target"),
            (pl.col("evaluated") & (pl.col("role") == "non_target")).alias("other"),
            p="p",
            day="day",
        )
        .group_by("_date")
        .agg(
            pl.col("p", "day").first(),
            pl.col("seen_before").max(),
            pl.col("symptom").any(),
            pl.col("target", "other").sum(),
            (~pl.col("evaluated")).all().alias("empty"),
        )
        .collect(engine="streaming")
        .sort("_date")
    )
    patient = dates["p"].to_numpy()
    needed, by_target = _needed(lesions, dates)
    seen = np.where(by_target, dates["target"].to_numpy(), dates["other"].to_numpy())
    starts = _starts(
        patient,
        dates["day"].to_numpy().astype(np.int64),
        dates["seen_before"].fill_null(-1).to_numpy().astype(np.int64),
        dates["symptom"].to_numpy(),
        dates["empty"].to_numpy(),
        seen.astype(np.int64),
        needed,
        windows,
    )
    opened = dates.select("p", "day", k=pl.Series(starts, dtype=pl.Boolean).cast(pl.Int32))
    return opened.with_columns(k=pl.col("k").cum_sum().over("p"))


def _needed(lesions: pl.DataFrame, dates: pl.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """For each date: how many lesions complete a time point of its patient, and whether they are targets."""
    patients = int(max(lesions["p"].max() or 0, dates["p"].max() or 0)) + 1  # pyright: ignore[reportArgumentType]
    of = {
        role: np.bincount(
            lesions.filter(pl.col("role") == role)["p"].to_numpy().astype(np.int64), minlength=patients
        )
        for role in ("target", "non_target")
    }
    by_target = of["target"] > 0
    each = np.where(by_target, of["target"], of["non_target"])
    p = dates["p"].to_numpy()
    return each[p], by_target[p]


def _starts(
    patient: np.ndarray,
    day: np.ndarray,
    seen_before: np.ndarray,
    symptom: np.ndarray,
    empty: np.ndarray,
    seen: np.ndarray,
    needed: np.ndarray,
    windows: Windows,
) -> np.ndarray:
    """True where a date opens a time point. Vectorised over patients, a loop over the date's number.

    Args:
        patient: Of each date, in order of patient and day.
        day: Days from the start of treatment.
        seen_before: The latest earlier day one of its lesions was evaluated, or missed at an earlier visit than
            now; -1: never.
        symptom: Whether a scan was made because of a new symptom.
        empty: Whether nothing was evaluated.
        seen: How many of the lesions that complete a time point were evaluated.
        needed: How many they are.
        windows: How long a time point lasts.
    """
    n = len(day)
    opens = np.ones(n, dtype=bool)
    if n == 0:
        return opens
    first = np.r_[True, patient[1:] != patient[:-1]]
    row = np.arange(n)
    number = row - np.maximum.accumulate(np.where(first, row, 0))
    began, held, nothing = day.copy(), seen.copy(), empty.copy()
    complete_on = np.where(held >= needed, day, _NEVER)
    # Only dates that could join the time point before them need the loop.
    could_join = (
        ~first
        & ~symptom
        & (day - np.r_[day[:1], day[:-1]] <= windows.scan_days)
        & (seen_before < np.r_[day[:1], day[:-1]])
    )
    for nth in np.unique(number[could_join]):
        rows = row[could_join & (number == nth)]
        on, before, complete = day[rows], began[rows - 1], complete_on[rows - 1]
        joins = (seen_before[rows] < before) & (on - before <= windows.scan_days)
        joins &= on - complete <= windows.visit_days
        joins &= ~nothing[rows - 1] | (on - before <= windows.visit_days)
        nothing[rows] &= ~joins | nothing[rows - 1]
        began[rows] = np.where(joins, before, on)
        held[rows] += np.where(joins, held[rows - 1], 0)
        now_complete = np.where(held[rows] >= needed[rows], on, _NEVER)
        complete_on[rows] = np.where(joins, np.minimum(complete, now_complete), now_complete)
        opens[rows] = ~joins
    return opens


def _without_repeats(later: pl.DataFrame) -> pl.DataFrame:
    """Without the rows "not evaluated" of lesions that were evaluated on another day of the time point."""
    if later["evaluated"].all():
        return later
    doubled = later.select(scan_key("lesion", "k")).to_series().is_duplicated()
    if not doubled.any():
        return later
    one = (
        later.filter(doubled)
        .with_columns(seen_day=pl.col("day").max().over("lesion", "k"))
        .sort("lesion", "k", "evaluated", "day", descending=[False, False, True, False])
        .unique(["lesion", "k"], keep="first", maintain_order=True)
    )
    return pl.concat([later.filter(~doubled), one])

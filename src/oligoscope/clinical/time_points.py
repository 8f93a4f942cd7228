"""Scan dates to time points.

Scans of different lesions that lie within the scan window belong to one assessment (a chest CT on
Monday, a brain MRI on Thursday). A lesion that is seen again opens the next time point, however
close, and so does a scan made because of a new symptom: a time point never holds a lesion twice.
Scans on or before the start of treatment are baseline, time point 0; of several, a lesion's last.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from oligoscope.clinical.lesion_values import scan_key


def with_time_points(values: pl.DataFrame, window_days: int) -> pl.DataFrame:
    """Add `k`, the number of the time point of each lesion value: 0 baseline, 1, 2, …

    Args:
        values: From `lesion_values`.
        window_days: Scans of different lesions at most this many days apart are one time point.
    """
    baseline = (
        values.filter(pl.col("day") <= 0)
        .sort("lesion", "evaluated", "day")
        .unique("lesion", keep="last", maintain_order=True)
        .with_columns(k=pl.lit(0, pl.Int32))
    )
    later = values.filter(pl.col("day") > 0)
    dates = number_time_points(later, window_days).select(scan_key("p").alias("_date"), "k")
    later = later.with_columns(scan_key("p").alias("_date"))
    later = later.join(dates, on="_date", how="left", maintain_order="left")
    return pl.concat([baseline, later.select(baseline.columns)])


def number_time_points(later: pl.DataFrame, window_days: int) -> pl.DataFrame:
    """The time point of each patient's scan date after the start: columns p, day, k (from 1)."""
    scans = later.select("p", "lesion", "day", "symptom").sort(scan_key("lesion"))
    same_lesion = pl.col("lesion") == pl.col("lesion").shift(1)
    dates = (
        scans.lazy()
        .select(
            "symptom",
            scan_key("p").alias("_date"),
            pl.when(same_lesion).then(pl.col("day").shift(1)).alias("seen_before"),
            p="p",
            day="day",
        )
        .group_by("_date")
        .agg(pl.col("p").first(), pl.col("day").first(), pl.col("seen_before").max(), pl.col("symptom").any())
        .collect(engine="streaming")
        .sort("_date")
    )
    starts = _starts(
        dates["p"].to_numpy(),
        dates["day"].to_numpy().astype(np.int64),
        dates["seen_before"].fill_null(-1).to_numpy().astype(np.int64),
        dates["symptom"].to_numpy(),
        window_days,
    )
    opened = dates.select("p", "day", k=pl.Series(starts, dtype=pl.Boolean).cast(pl.Int32))
    return opened.with_columns(k=pl.col("k").cum_sum().over("p"))


def _starts(
    patient: np.ndarray, day: np.ndarray, seen_before: np.ndarray, symptom: np.ndarray, window: int
) -> np.ndarray:
    """True where a date opens a time point. Vectorised over patients, a loop over the date's number."""
    n = len(day)
    opens = np.ones(n, dtype=bool)
    if n == 0:
        return opens
    first = np.r_[True, patient[1:] != patient[:-1]]
    row = np.arange(n)
    number = row - np.maximum.accumulate(np.where(first, row, 0))
    began = day.copy()
    # Only dates that could join the time point before them need the loop.
    could_join = (
        ~first
        & ~symptom
        & (day - np.r_[day[:1], day[:-1]] <= window)
        & (seen_before < np.r_[day[:1], day[:-1]])
    )
    for nth in np.unique(number[could_join]):
        rows = row[could_join & (number == nth)]
        before = began[rows - 1]
        joins = (seen_before[rows] < before) & (day[rows] - before <= window)
        began[rows] = np.where(joins, before, day[rows])
        opens[rows] = ~joins
    return opens

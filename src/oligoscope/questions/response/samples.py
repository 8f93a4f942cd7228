"""Which of many patients are drawn one by one, and the quartiles of all of them over time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from oligoscope.study.dictionary.terms import Pattern

# What a patient's course came to: one of the patterns, or one of these.
NO_PROGRESSION, NO_PATTERN = "no_progression", "no_pattern"
COURSES = (Pattern.OLIGO.value, Pattern.SYSTEMIC.value, NO_PATTERN, NO_PROGRESSION)
COURSE = (
    pl.when(pl.col("progressed_day").is_null()).then(pl.lit(NO_PROGRESSION))
    .when(pl.col("pattern").is_in([p.value for p in Pattern])).then("pattern")
    .otherwise(pl.lit(NO_PATTERN)).alias("course")
)  # fmt: skip

MOST_LANES = 60  # of a swimmer plot; of more patients a sample is drawn
MOST_LINES = 60  # of a spider plot; of more patients the quartiles and a sample of each pattern are drawn
LINES_OF_MANY = 20  # of each pattern then
FEWEST_IN_BAND = 20  # quartiles of fewer patients are not drawn
STEP = 1.5  # months between them
SEED_STAGE = 3  # position in the study's seed sequence


def at_even_steps(
    frame: pl.DataFrame, size: int, along: Sequence[str], rng: np.random.Generator
) -> pl.Series:
    """Choose rows that represent all: a systematic sample from a random start.

    Args:
        frame: A row a patient.
        size: So many are chosen, or all where there are no more.
        along: Columns that put the patients in order, the coarsest first; each part of the order has its share.
            Patients equal in all of them are in the order of their numbers.
        rng: Draws the start.

    Returns:
        True for the chosen, in the order of the rows.

    References:
        Cochran 1977, Sampling techniques, chapter 8.
    """
    n = frame.height
    start = rng.random()
    if n <= size:
        return pl.repeat(True, n, dtype=pl.Boolean, eager=True)
    order = frame.with_row_index("row").sort(*along, "patient_id", nulls_last=True)["row"].to_numpy()
    chosen = np.zeros(n, dtype=bool)
    chosen[order[np.floor((np.arange(size) + start) * n / size).astype(np.int64)]] = True
    return pl.Series(chosen)


def sample_lanes(swimmer: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Lanes with `is_drawn`: by what the course came to, by response, by length of follow-up."""
    along = ("course", "reported_response", "follow_up_months", "progression_months", "new_therapy_months")
    return swimmer.with_columns(is_drawn=at_even_steps(swimmer, MOST_LANES, along, _stream(seed)))


def sample_lines(spider: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Points of lines with `is_drawn`: all of few patients; of many some of each course, by response and change."""
    rng = _stream(seed)
    patients = spider.group_by("patient_id", "course", "reported_response").agg(
        best=pl.col("change_percent").min(), last=pl.col("months").max()
    )
    if patients.height <= MOST_LINES:
        return spider.with_columns(is_drawn=pl.lit(True))
    drawn: list[str] = []
    for course in COURSES:
        own = patients.filter(pl.col("course") == course)
        chosen = at_even_steps(own, LINES_OF_MANY, ("reported_response", "best", "last"), rng)
        drawn += own.filter(chosen)["patient_id"].to_list()
    return spider.with_columns(is_drawn=pl.col("patient_id").is_in(drawn))


def quartiles_over_time(spider: pl.DataFrame) -> pl.DataFrame:
    """Quartiles of the change in each course at every one and a half months, over the patients whose lines run then.

    Between two scans of a line a patient has the value on it; a line that has ended, or is broken, does not count.

    Args:
        spider: Points of lines: patient_id, course, segment, months, change_percent.

    Returns:
        One row a course and time with at least `FEWEST_IN_BAND` patients: course, months, n, low, median, high
        (quartiles by linear interpolation, type 7 of Hyndman & Fan 1996).
    """
    rows: list[dict[str, object]] = []
    for course in COURSES:
        own = spider.filter(pl.col("course") == course)
        times = np.arange(0, float(own["months"].max() or 0) + 1e-9, STEP)  # pyright: ignore[reportArgumentType]
        values = [
            np.interp(
                times, line["months"].to_numpy(), line["change_percent"].to_numpy(), left=np.nan, right=np.nan
            )
            for line in own.partition_by("patient_id", "segment", maintain_order=True)
        ]
        for at, found in zip(times, np.array(values).T, strict=False):
            known = found[~np.isnan(found)]
            if len(known) >= FEWEST_IN_BAND:
                low, median, high = np.quantile(known, [0.25, 0.5, 0.75])
                rows.append(
                    {
                        "course": course,
                        "months": at,
                        "n": len(known),
                        "low": low,
                        "median": median,
                        "high": high,
                    }
                )
    schema = {
        "course": pl.String,
        "months": pl.Float64,
        "n": pl.Int64,
        **dict.fromkeys(("low", "median", "high"), pl.Float64),
    }
    return pl.DataFrame(rows, schema=schema)


def _stream(seed: int) -> np.random.Generator:
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(SEED_STAGE,)))

"""Lines of treatment and local treatment after progression."""

from __future__ import annotations

import numpy as np
import polars as pl

from oligoscope.demo.draws import (
    Bools,
    Floats,
    Ints,
    Words,
    assign_levels,
    choose_exactly,
    scaled_counts,
    spread_quantiles,
)
from oligoscope.demo.lesions import Lesions
from oligoscope.demo.patients import PATTERNS
from oligoscope.demo.times import median_days, printed
from oligoscope.published import Published

# Assumptions; the paper prints none of these.
SECOND_LINES = {"other": 0.04, "io": 0.04, "chemo": 0.27, "chemo_io_antiangiogenic": 0.35, "chemo_io": 0.30}
SECOND_LINE_SHARE = 0.8  # of those who live two months after progression
PFS2_SHAPE = 1.3  # Weibull
_PRINTED_SECOND_LINES = ("chemo_io", "chemo_io_antiangiogenic")
LONGEST_TREATMENT = 730  # days: immunotherapy is given for two years at most


def first_line_end(rng: np.random.Generator, course: pl.DataFrame) -> Ints:
    """Day of the last dose: at progression, after two years, or at the end of follow-up."""
    progressed, end = course["progressed_day"].to_numpy(), course["end_day"].to_numpy()
    until = np.where(progressed > 0, progressed, end)
    return np.maximum(np.minimum(until - rng.integers(0, 22, len(end)), LONGEST_TREATMENT), 0)


def draw_treatments(
    rng: np.random.Generator,
    patients: pl.DataFrame,
    course: pl.DataFrame,
    lesions: Lesions,
    last_dose: Ints,
    published: Published,
) -> pl.DataFrame:
    """All treatments as a user would write them; `patients` has patient_id too."""
    ids = patients["patient_id"].to_numpy()
    parts = [
        _first_lines(patients, course, last_dose),
        _second_lines(rng, patients, course, published),
        _local_treatments(rng, patients, course, lesions, published),
    ]
    rows = pl.concat(parts, how="diagonal").sort("patient", "day", maintain_order=True)
    start = pl.Series(course["start"].to_numpy()[rows["patient"].to_numpy()])

    def on(day: str) -> pl.Series:
        return (start + rows[day]).cast(pl.Int32).cast(pl.Date)

    return rows.select(
        pl.Series("patient_id", ids[rows["patient"].to_numpy()]), "line", "regimen",
        on("day").alias("started_on"), on("until").alias("ended_on"), on("progressed").alias("progressed_on"),
        "stop_reason", "modality", "organ",
    )  # fmt: skip


def _first_lines(patients: pl.DataFrame, course: pl.DataFrame, last_dose: Ints) -> pl.DataFrame:
    has_progressed = pl.col("progressed_day") > 0
    return course.select(
        patient=pl.int_range(pl.len(), dtype=pl.Int64),
        line=pl.lit(1, pl.Int64),
        regimen=patients["first_line"],
        day=pl.lit(0, pl.Int64),
        until=pl.Series(last_dose),
        progressed=pl.when(has_progressed).then("progressed_day"),
        stop_reason=pl.when(has_progressed).then(pl.lit("progression")),
    )


def _second_lines(
    rng: np.random.Generator, patients: pl.DataFrame, course: pl.DataFrame, published: Published
) -> pl.DataFrame:
    """Second lines one to four weeks after progression, with their own progression where it was lived to see."""
    progressed, end = course["progressed_day"].to_numpy(), course["end_day"].to_numpy()
    given = (progressed > 0) & (end - progressed > 60) & (rng.random(len(end)) < SECOND_LINE_SHARE)
    patient = np.flatnonzero(given)
    start = progressed[patient] + rng.integers(7, 29, len(patient))
    # Who lives longer rather got the fuller regimen, and had longer from it.
    lived = np.log(end[patient] - progressed[patient])
    counts = dict(zip(SECOND_LINES, scaled_counts(list(SECOND_LINES.values()), len(patient)), strict=True))
    regimen = assign_levels(rng, counts, 0.8 * lived)
    pattern = patients["pattern"].to_numpy()[patient]
    again = start + _second_progression(rng, regimen, pattern, lived, published)
    seen = again < end[patient]
    until = np.where(seen, again, end[patient] - rng.integers(0, 15, len(patient)))
    return pl.DataFrame(
        {
            "patient": patient,
            "line": np.full(len(patient), 2),
            "regimen": regimen,
            "day": start,
            "until": np.maximum(until, start),
            "progressed": pl.Series(again).set(pl.Series(~seen), None),
            "stop_reason": pl.Series(np.full(len(patient), "progression")).set(pl.Series(~seen), None),
        }
    )


def _second_progression(
    rng: np.random.Generator, regimen: Words, pattern: Words, lived: Floats, published: Published
) -> Ints:
    """Days to the second progression, around the medians printed for two regimens; the others as chemo_io."""
    days = np.zeros(len(regimen))
    for group in PATTERNS:
        for level in SECOND_LINES:
            here = (pattern == group) & (regimen == level)
            known = level if level in _PRINTED_SECOND_LINES else _PRINTED_SECOND_LINES[0]
            median = median_days(published, "pfs2", group, variable="second_line", level=known)
            u = spread_quantiles(rng, 1.5 * lived[here])
            days[here] = median * (-np.log(1 - u) / np.log(2)) ** (1 / PFS2_SHAPE)
    return np.maximum(np.round(days), 20).astype(np.int64)


def _local_treatments(
    rng: np.random.Generator,
    patients: pl.DataFrame,
    course: pl.DataFrame,
    lesions: Lesions,
    published: Published,
) -> pl.DataFrame:
    """Radiotherapy, surgery or ablation of a progressing lesion, in the printed share of oligoprogression."""
    oligo = (patients["pattern"] == "oligoprogression").to_numpy()
    progressed, end = course["progressed_day"].to_numpy(), course["end_day"].to_numpy()
    keys = {"group": "oligoprogression", "variable": "local_treatment", "level": "none", "statistic": "n"}
    without = printed(published, "local_treatment", **keys)
    of = printed(published, "flow", outcome="pattern", group="oligoprogression", statistic="n")
    n = round((1 - without / of) * float(oligo.sum()))
    patient = np.flatnonzero(choose_exactly(rng, n, np.where(oligo & (end - progressed > 60), 0.0, -np.inf)))
    start = progressed[patient] + rng.integers(7, 43, len(patient))
    return pl.DataFrame(
        {
            "patient": patient,
            "day": start,
            "until": start + rng.integers(0, 15, len(patient)),
            "modality": rng.choice(
                ["radiotherapy", "surgery", "ablation"], len(patient), p=[0.75, 0.1, 0.15]
            ),
            "organ": _one_progressing_organ(lesions, len(oligo))[patient],
        }
    )


def _one_progressing_organ(lesions: Lesions, n_patients: int) -> Words:
    organs = np.full(n_patients, "", dtype=lesions.organ.dtype)
    shown: Bools = lesions.progresses
    organs[lesions.patient[shown]] = lesions.organ[shown]
    return organs

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
from oligoscope.demo.visits import Visits
from oligoscope.published.paper import Published
from oligoscope.results.analyses import FLOW, SURVIVAL
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.outcomes import Outcome

# Assumptions; the paper prints none of these.
SECOND_LINES = {"other": 0.04, "io": 0.04, "chemo": 0.27, "chemo_io_antiangiogenic": 0.35, "chemo_io": 0.30}
SECOND_LINE_SHARE = 0.8  # of those who live two months after progression
# Weibull shape of PFS2: between the printed hazard ratios and their P, below 0.05 beside limits that include 1.
PFS2_SHAPE = 0.87
# Who lives longer from the start of the line progresses later on it: effect of log survival, in standard
# deviations of the noise. With less of it many die first, and times are stretched far to hold the median.
PFS2_FOLLOWS_LIFE = 3.0
# Above 1, of those who die before the printed median rather the early ones are chosen: such that the hazard
# ratios of death come near the printed ones.
EARLIER = 1.5
_WITHOUT = "oligoprogression:no"  # without local treatment
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
    visits: Visits,
    lesions: Lesions,
    last_dose: Ints,
    published: Published,
) -> pl.DataFrame:
    """All treatments as a user would write them; `patients` has patient_id too."""
    ids = patients["patient_id"].to_numpy()
    parts = [
        _first_lines(patients, course, last_dose),
        _second_lines(rng, patients, course, visits, published),
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
    rng: np.random.Generator,
    patients: pl.DataFrame,
    course: pl.DataFrame,
    visits: Visits,
    published: Published,
) -> pl.DataFrame:
    """Second lines one to four weeks after progression, or soon after the scan that followed it.

    No lesion is measured on them: their own progression, if they lived to have one, is a date.
    """
    progressed, end = course["progressed_day"].to_numpy(), course["end_day"].to_numpy()
    last_scan = visits.day[visits.offset + visits.last + visits.has_after]
    starts = np.maximum(progressed + rng.integers(7, 29, len(end)), last_scan + rng.integers(1, 8, len(end)))
    given = (
        (progressed > 0)
        & (end - progressed > 60)
        & (starts < end)
        & (rng.random(len(end)) < SECOND_LINE_SHARE)
    )
    patient = np.flatnonzero(given)
    start = starts[patient]
    pattern = patients["pattern"].to_numpy()[patient]
    regimen = _regimens(rng, pattern, end[patient], published)
    again = start + _second_progression(rng, regimen, pattern, end[patient] - start, published)
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


def _regimens(rng: np.random.Generator, pattern: Words, end: Ints, published: Published) -> Words:
    """Who got which second line: of the two printed ones, half die before the printed median and half after."""
    regimen = np.full(len(pattern), "", dtype="<U24")
    for group in PATTERNS:
        here = np.flatnonzero(pattern == group)
        counts = dict(zip(SECOND_LINES, scaled_counts(list(SECOND_LINES.values()), len(here)), strict=True))
        for level in _PRINTED_SECOND_LINES:
            free = here[regimen[here] == ""]
            median = median_days(published, Outcome.OS, group, level)
            regimen[free[half_before(rng, end[free], median, counts.pop(level))]] = level
        rest = here[regimen[here] == ""]
        counts["chemo"] += len(rest) - sum(counts.values())
        regimen[rest] = assign_levels(rng, counts, 0.4 * np.log(end[rest]))
    return regimen


def half_before(rng: np.random.Generator, day: Ints, median: float, n: int) -> Bools:
    """Choose n patients so that the median of their days is the given one, as far as there are such.

    On both sides of the median patients are chosen at equal steps in the order of their days, so that the chosen
    are distributed as all are.
    """
    order = np.argsort(day + rng.random(len(day)), kind="stable")
    n_early = int((day < median).sum())
    wanted = min(max(n // 2, n - (len(day) - n_early)), n_early)
    chosen = np.zeros(len(day), dtype=bool)
    for side, of_side, power in ((order[:n_early], wanted, EARLIER), (order[n_early:], n - wanted, 1.0)):
        every = ((np.arange(of_side) + rng.random()) / max(of_side, 1)) ** power * len(side)
        chosen[side[np.floor(every).astype(np.int64)]] = True
    return chosen


def _second_progression(
    rng: np.random.Generator, regimen: Words, pattern: Words, lived: Ints, published: Published
) -> Ints:
    """Days to the second progression: with the deaths before it, PFS2 has the printed median of two regimens.

    The other regimens take the median of the first of them. `lived`: days from the start of the line to the end.
    """
    days = np.zeros(len(regimen))
    for group in PATTERNS:
        for level in SECOND_LINES:
            here = (pattern == group) & (regimen == level)
            known = level if level in _PRINTED_SECOND_LINES else _PRINTED_SECOND_LINES[0]
            median = median_days(published, Outcome.PFS2, group, known)
            u = spread_quantiles(rng, PFS2_FOLLOWS_LIFE * np.log(lived[here]))
            days[here] = _scaled((-np.log(1 - u)) ** (1 / PFS2_SHAPE), lived[here], median)
    return np.maximum(np.round(days), 20).astype(np.int64)


def _scaled(times: Floats, at_most: Ints, median: float) -> Floats:
    """Times stretched until the median of the earlier of each and `at_most` is the given one, or as near as can be."""
    low, high = 0.0, 50 * median
    for _ in range(50 if len(times) else 0):
        middle = (low + high) / 2
        low, high = (
            (middle, high) if np.median(np.minimum(middle * times, at_most)) < median else (low, middle)
        )
    return low * times if len(times) else times


def _local_treatments(
    rng: np.random.Generator,
    patients: pl.DataFrame,
    course: pl.DataFrame,
    lesions: Lesions,
    published: Published,
) -> pl.DataFrame:
    """Radiotherapy, surgery or ablation of a progressing lesion, in the printed share of oligoprogression.

    Who had it is chosen so that half of the others die before their printed median.
    """
    progressed, end = course["progressed_day"].to_numpy(), course["end_day"].to_numpy()
    oligo = np.flatnonzero((patients["pattern"] == "oligoprogression").to_numpy())
    without = printed(
        published, SURVIVAL, _WITHOUT, outcome=Outcome.OS, group="oligoprogression", statistic=Statistic.N
    )
    of = printed(published, FLOW, outcome="pattern", group="oligoprogression", statistic=Statistic.N)
    n = round((1 - without / of) * len(oligo))
    median = median_days(published, Outcome.OS, "oligoprogression", _WITHOUT, Statistic.MEDIAN_PLAIN)
    possible = oligo[end[oligo] - progressed[oligo] > 60]
    # Of the others as many are known to die before the median as to live beyond it.
    dies_early, lives_on = course["died"].to_numpy() & (end < median), end >= median
    wanted = min(max((n + int(dies_early[oligo].sum()) - int(lives_on[oligo].sum())) // 2, 0), n)
    is_early = dies_early[possible]
    chosen = choose_exactly(rng, wanted, np.where(is_early, 0.0, -np.inf))
    chosen |= choose_exactly(rng, n - wanted, np.where(is_early, -np.inf, 0.0))
    patient = possible[chosen]
    start = progressed[patient] + rng.integers(7, 43, len(patient))
    return pl.DataFrame(
        {
            "patient": patient,
            "day": start,
            "until": start + rng.integers(0, 15, len(patient)),
            "modality": rng.choice(
                ["radiotherapy", "surgery", "ablation"], len(patient), p=[0.75, 0.1, 0.15]
            ),
            "organ": _one_progressing_organ(lesions, len(end))[patient],
        }
    )


def _one_progressing_organ(lesions: Lesions, n_patients: int) -> Words:
    organs = np.full(n_patients, "", dtype=lesions.organ.dtype)
    shown: Bools = lesions.progresses
    organs[lesions.patient[shown]] = lesions.organ[shown]
    return organs

"""Distributions of the times to progression and death, through medians that the paper prints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from oligoscope.demo.draws import Floats, Ints, spread_quantiles
from oligoscope.demo.schedule import BEFORE_SIX_MONTHS, EARLIEST_PROGRESSION, found_days, smooth_days
from oligoscope.published.paper import Published
from oligoscope.results.analyses import SURVIVAL, Analysis
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.months import DAYS_PER_MONTH

EARLIEST_ACQUIRED = 70  # days: a response needs a scan before the progression
LATEST_PROGRESSION = 2000


@dataclass(frozen=True)
class Calibration:
    """Assumptions that the printed numbers of survival depend on; the paper prints none of them.

    Attributes:
        primary_share: Share of primary resistance, by pattern. The widths of the printed limits point to some 40 of
            289 and 65 to 100 of 290; near that, such that the hazard ratios by resistance type come near the
            printed ones, given all medians.
        beyond_median: Mean further time, in months, of the half of acquired resistance beyond its median: such that
            the hazard ratios between the patterns come near the printed ones.
        stratified: Times are drawn one from each of as many equal slices of their distribution as there are patients,
            so that medians hardly move from seed to seed; else independently.
    """

    primary_share: Mapping[str, float] = field(
        default_factory=lambda: {"oligoprogression": 0.225, "systemic": 0.3275}
    )
    beyond_median: Mapping[tuple[Outcome, str], float] = field(
        default_factory=lambda: {
            (Outcome.PFS, "oligoprogression"): 9.5,
            (Outcome.PFS, "systemic"): 5.0,
            (Outcome.OS, "oligoprogression"): 26.0,
            (Outcome.OS, "systemic"): 20.0,
        }
    )
    stratified: bool = True


CALIBRATED = Calibration()
SHORTEST_AFTER = 5  # days from progression to death
SWAPS = 6  # rounds in which patients exchange their survival times


def printed(published: Published, analysis: Analysis, part: str = "", **keys: Any) -> float:
    """One printed number of the progressed patients, or of a part of them such as one pattern."""
    population = f"progressed:{part}" if part else "progressed"
    value = published.results.value(analysis=analysis, population=population, **keys)
    if value is None:
        raise LookupError(f"{published.id} prints no {analysis} {part} {keys}")
    return value


def median_days(
    published: Published,
    outcome: Outcome,
    group: str,
    part: str = "",
    statistic: Statistic = Statistic.MEDIAN,
) -> float:
    """A printed median survival time in days."""
    return DAYS_PER_MONTH * printed(
        published, SURVIVAL, part, outcome=outcome, group=group, statistic=statistic
    )


def primary_days(published: Published, pattern: str, u: Floats) -> Floats:
    """Times to progression in primary resistance at the quantiles `u`: nearly even from one month to six, at scans."""
    shape = _primary_shape(published, pattern)
    return found_days(EARLIEST_PROGRESSION + _PRIMARY_RANGE * u ** (1 / shape))


def acquired_days(published: Published, pattern: str, u: Floats, by: Calibration = CALIBRATED) -> Floats:
    """Times to progression in acquired resistance at the quantiles `u`, at scans.

    Those before six months lose a response; stable disease becomes acquired resistance only later.
    """
    by_median = (_smooth_median(published, pattern) - EARLIEST_PROGRESSION) / _PRIMARY_RANGE
    primary = min(by_median, 1.0) ** _primary_shape(published, pattern)
    days = _through_medians(published, Outcome.PFS, pattern, primary, EARLIEST_ACQUIRED, u, by)
    return found_days(np.minimum(days, LATEST_PROGRESSION))


def _smooth_median(published: Published, group: str, part: str = "") -> float:
    """Where the smooth times to progression have their median, so that the found ones have the printed one."""
    return float(smooth_days(np.array(median_days(published, Outcome.PFS, group, part))))


def death_days(
    published: Published, pattern: str, kind: str, u: Floats, by: Calibration = CALIBRATED
) -> Floats:
    """Times to death at the quantiles `u`: exponential in primary resistance, through two medians in acquired."""
    first = EARLIEST_PROGRESSION + SHORTEST_AFTER
    median = median_days(published, Outcome.OS, "primary", pattern) - first
    if kind == "primary":
        return first - median * np.log2(1 - u)
    primary = 1 - 0.5 ** ((median_days(published, Outcome.OS, pattern) - first) / median)
    return _through_medians(
        published, Outcome.OS, pattern, primary, EARLIEST_ACQUIRED + SHORTEST_AFTER, u, by
    )


def _through_medians(
    published: Published,
    outcome: Outcome,
    pattern: str,
    primary: float,
    first: int,
    u: Floats,
    by: Calibration,
) -> Floats:
    """Times in acquired resistance through two printed medians: the pattern's and, later, their own.

    How many come before the pattern's median follows from the share of primary resistance and from how many
    of those come before it (`primary`). Up to the pattern's median progressions are even in the reciprocal
    square root of time, as responses are rather lost early, and deaths in time; between the medians both are
    even in time, and beyond their own both are exponential.
    """
    median = _smooth_median if outcome == Outcome.PFS else partial(median_days, outcome=outcome)
    whole, own = median(published, group=pattern), median(published, group="acquired", part=pattern)
    share = by.primary_share[pattern]
    quantiles, days = [0.0, (0.5 - share * primary) / (1 - share), 0.5], [first, whole, own]
    early = np.interp(u, quantiles, days)
    if outcome == Outcome.PFS:
        reciprocal = np.interp(u, quantiles[:2], [first**-0.5, whole**-0.5])
        early = np.where(u < quantiles[1], reciprocal**-2, early)
    beyond = by.beyond_median[outcome, pattern] * DAYS_PER_MONTH
    return np.where(u < 0.5, early, own - beyond * np.log(np.minimum(2 * (1 - u), 1)))


def overall_days(
    rng: np.random.Generator,
    published: Published,
    pattern: str,
    kind: str,
    pfs: Ints,
    fitness: Floats,
    by: Calibration = CALIBRATED,
) -> Floats:
    """Times to death, assigned so that each follows progression.

    The latest deaths first go to the latest progressions, which is possible whenever anything is; then
    patients drawn in pairs exchange their deaths, rather in the order of `fitness`, where both still follow.
    """
    n = len(pfs)
    u = spread_quantiles(rng, np.zeros(n), stratified=by.stratified)
    drawn = death_days(published, pattern, kind, u, by)
    survival = np.empty(n)
    survival[np.argsort(pfs, kind="stable")] = np.sort(drawn)
    for _ in range(SWAPS):
        order = rng.permutation(n)
        one, other = order[: n // 2], order[n // 2 : n // 2 * 2]
        merit = fitness + rng.standard_normal(n)
        misplaced = (survival[one] > survival[other]) != (merit[one] > merit[other])
        possible = (survival[other] >= pfs[one] + SHORTEST_AFTER) & (
            survival[one] >= pfs[other] + SHORTEST_AFTER
        )
        one, other = one[misplaced & possible], other[misplaced & possible]
        survival[one], survival[other] = survival[other], survival[one]
    return np.maximum(survival, pfs + SHORTEST_AFTER).astype(np.float64)


_PRIMARY_RANGE = float(smooth_days(np.array(BEFORE_SIX_MONTHS - 1.0))) - EARLIEST_PROGRESSION


def _primary_shape(published: Published, pattern: str) -> float:
    median = _smooth_median(published, "primary", pattern)
    return float(np.log(0.5) / np.log((median - EARLIEST_PROGRESSION) / _PRIMARY_RANGE))

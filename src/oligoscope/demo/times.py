"""Distributions of the times to progression and death, through medians that the paper prints."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from oligoscope.demo.draws import Floats, Ints, spread_quantiles
from oligoscope.published import Published

DAYS_A_MONTH = 30.4375
EARLIEST_PROGRESSION = 30  # days: a first scan at four weeks
EARLIEST_ACQUIRED = 70  # days: a response needs a scan before the progression
LATEST_PROGRESSION = 2000
BEFORE_SIX_MONTHS, AFTER_SIX_MONTHS = 180, 186  # days: no patient stands on the anniversary itself

# Share of primary resistance, not printed. Chosen so that the printed medians of both types and of all
# patients hold together, for progression and for death.
PRIMARY_SHARE = {"oligoprogression": 0.28, "systemic": 0.455}
# Weibull shape of overall survival, not printed: such that its hazard ratios by resistance type and by
# pattern come near the printed ones.
DEATH_SHAPE = {
    ("oligoprogression", "primary"): 1.05,
    ("oligoprogression", "acquired"): 1.4,
    ("systemic", "primary"): 1.1,
    ("systemic", "acquired"): 1.1,
}
SHORTEST_AFTER = 5  # days from progression to death
SWAPS = 6  # rounds in which patients exchange their survival times


def printed(published: Published, analysis: str, part: str = "", **keys: str) -> float:
    """One printed number of the progressed patients, or of a part of them such as one pattern."""
    population = f"progressed:{part}" if part else "progressed"
    value = published.results.value(analysis=analysis, population=population, **keys)
    if value is None:
        raise LookupError(f"{published.id} prints no {analysis} {part} {keys}")
    return value


def median_days(
    published: Published, outcome: str, group: str, part: str = "", statistic: str = "median"
) -> float:
    """A printed median survival time in days."""
    return DAYS_A_MONTH * printed(
        published, "survival", part, outcome=outcome, group=group, statistic=statistic
    )


def primary_days(published: Published, pattern: str, u: Floats) -> Floats:
    """Times to progression in primary resistance at the quantiles `u`: Kumaraswamy up to six months."""
    shape = _primary_shape(published, pattern)
    return EARLIEST_PROGRESSION + _PRIMARY_RANGE * (1 - np.sqrt(1 - u)) ** (1 / shape)


def acquired_days(published: Published, pattern: str, u: Floats) -> Floats:
    """Times to progression in acquired resistance: lognormal through two printed medians.

    The first is its own; the second, of all patients with the pattern, fixes the spread.
    """
    whole = median_days(published, "pfs", pattern)
    median = median_days(published, "pfs", "acquired", pattern)
    share = PRIMARY_SHARE[pattern]
    fraction = np.clip((whole - EARLIEST_PROGRESSION) / _PRIMARY_RANGE, 0, 1)
    primary_by_then = 1 - (1 - fraction ** _primary_shape(published, pattern)) ** 2
    spread = np.log(whole / median) / ndtri((0.5 - share * primary_by_then) / (1 - share))
    return np.clip(median * np.exp(spread * ndtri(u)), EARLIEST_ACQUIRED, LATEST_PROGRESSION)


def overall_days(
    rng: np.random.Generator, published: Published, pattern: str, kind: str, pfs: Ints, fitness: Floats
) -> Floats:
    """Times to death: a Weibull distribution through the printed median, dealt out so that each follows progression.

    The latest deaths first go to the latest progressions, which is possible whenever anything is; then
    patients drawn in pairs exchange their deaths, rather in the order of `fitness`, where both still follow.
    """
    n = len(pfs)
    median = median_days(published, "os", kind, pattern)
    u = spread_quantiles(rng, np.zeros(n))
    drawn = median * (-np.log(1 - u) / np.log(2)) ** (1 / DEATH_SHAPE[pattern, kind])
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


_PRIMARY_RANGE = BEFORE_SIX_MONTHS - EARLIEST_PROGRESSION


def _primary_shape(published: Published, pattern: str) -> float:
    median = median_days(published, "pfs", "primary", pattern)
    return float(np.log(1 - np.sqrt(0.5)) / np.log((median - EARLIEST_PROGRESSION) / _PRIMARY_RANGE))

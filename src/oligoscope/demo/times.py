"""Distributions of the times to progression and death, through medians that the paper prints."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from oligoscope.demo.draws import Floats, Ints
from oligoscope.published import Published

DAYS_A_MONTH = 30.4375
EARLIEST_PROGRESSION = 30  # days: a first scan at four weeks
EARLIEST_ACQUIRED = 70  # days: a response needs a scan before the progression
LATEST_PROGRESSION = 2000
BEFORE_SIX_MONTHS, AFTER_SIX_MONTHS = 180, 186  # days: no patient stands on the anniversary itself

# Share of primary resistance, not printed. Chosen so that the printed medians of both types and of all
# patients hold together, and the hazard ratio of progression comes out as printed.
PRIMARY_SHARE = {"oligoprogression": 0.27, "systemic": 0.45}
# Weibull shape of survival after progression, not printed: such that overall survival by pattern is near too.
DEATH_SHAPE = {
    ("oligoprogression", "primary"): 0.8,
    ("oligoprogression", "acquired"): 1.0,
    ("systemic", "primary"): 1.1,
    ("systemic", "acquired"): 0.7,
}


def printed(published: Published, analysis: str, **keys: str) -> float:
    """One printed number of the progressed patients."""
    value = published.results.value(analysis=analysis, population="progressed", **keys)
    if value is None:
        raise LookupError(f"{published.id} prints no {analysis} {keys}")
    return value


def median_days(published: Published, outcome: str, group: str, **within: str) -> float:
    """A printed median survival time in days."""
    keys = {"outcome": outcome, "group": group, "statistic": "median", **within}
    return DAYS_A_MONTH * printed(published, "survival", **keys)


def primary_days(published: Published, pattern: str, u: Floats) -> Floats:
    """Times to progression in primary resistance at the quantiles `u`: Kumaraswamy up to six months."""
    shape = _primary_shape(published, pattern)
    return EARLIEST_PROGRESSION + _PRIMARY_RANGE * (1 - np.sqrt(1 - u)) ** (1 / shape)


def acquired_days(published: Published, pattern: str, u: Floats) -> Floats:
    """Times to progression in acquired resistance: lognormal through two printed medians.

    The first is its own; the second, of all patients with the pattern, fixes the spread.
    """
    whole = median_days(published, "pfs", pattern)
    median = median_days(published, "pfs", "acquired", variable="pattern", level=pattern)
    share = PRIMARY_SHARE[pattern]
    fraction = np.clip((whole - EARLIEST_PROGRESSION) / _PRIMARY_RANGE, 0, 1)
    primary_by_then = 1 - (1 - fraction ** _primary_shape(published, pattern)) ** 2
    spread = np.log(whole / median) / ndtri((0.5 - share * primary_by_then) / (1 - share))
    return np.clip(median * np.exp(spread * ndtri(u)), EARLIEST_ACQUIRED, LATEST_PROGRESSION)


def overall_days(published: Published, pattern: str, kind: str, pfs: Ints, u: Floats) -> Floats:
    """Times to death: progression plus a Weibull time scaled so that the printed median holds."""
    after = (-np.log(1 - u)) ** (1 / DEATH_SHAPE[pattern, kind])
    median = median_days(published, "os", kind, variable="pattern", level=pattern)
    low, high = 0.0, 50 * median
    for _ in range(60 if len(pfs) else 0):
        middle = (low + high) / 2
        low, high = (middle, high) if np.median(pfs + middle * after) < median else (low, middle)
    return np.asarray(pfs + np.maximum(high * after, 5), dtype=np.float64)


_PRIMARY_RANGE = BEFORE_SIX_MONTHS - EARLIEST_PROGRESSION


def _primary_shape(published: Published, pattern: str) -> float:
    median = median_days(published, "pfs", "primary", variable="pattern", level=pattern)
    return float(np.log(1 - np.sqrt(0.5)) / np.log((median - EARLIEST_PROGRESSION) / _PRIMARY_RANGE))

"""Descriptions: of one variable, of the distance between two groups, of a proportion."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from oligoscope.errors import DataError, NotEnoughData
from oligoscope.stats.arrays import Floats, drop_missing
from oligoscope.stats.doubts import Doubt

# Directions of the covariance smaller than this share of its largest are rounding.
ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Summary:
    """One variable described; numbers that do not exist are None (no value; sd of one value)."""

    n: int
    mean: float | None
    sd: float | None
    median: float | None
    q1: float | None
    q3: float | None
    minimum: float | None
    maximum: float | None
    n_missing: int


@dataclass(frozen=True, slots=True)
class ProportionLimits:
    """A proportion k / n with its limits."""

    value: float
    low: float
    high: float


def describe(values: ArrayLike) -> Summary:
    """Describe the values that are not missing and count those that are.

    Quartiles are R's type 7 (linear between order statistics, also NumPy's, Excel's and pandas' own);
    SPSS and Minitab use another and may differ in the last digit. The sd divides by n - 1.

    Args:
        values: Numbers, shape (n,); NaN or None where missing.
    """
    present, n_missing = drop_missing(values)
    if present.size == 0:
        return Summary(0, None, None, None, None, None, None, None, n_missing)
    minimum, q1, median, q3, maximum = np.quantile(present, [0, 0.25, 0.5, 0.75, 1], method="linear").tolist()
    sd = float(present.std(ddof=1)) if present.size > 1 else None
    return Summary(present.size, float(present.mean()), sd, median, q1, q3, minimum, maximum, n_missing)


def smd_continuous(first: ArrayLike, second: ArrayLike) -> float:
    """Standardized mean difference, first minus second, over the root of the mean of the two variances.

    Signed; missing values are left out; variances divide by n - 1. Infinite where neither group varies
    and their means differ.

    Raises:
        NotEnoughData: A group has fewer than 2 values.

    References:
        Austin 2009; Rosenbaum & Rubin 1985.
    """
    groups = [drop_missing(values)[0] for values in (first, second)]
    if min(group.size for group in groups) < 2:
        raise NotEnoughData(
            "A standardized mean difference needs 2 values or more in each group.", Doubt.TOO_FEW_FOR_SMD
        )
    variance = sum(float(group.var(ddof=1)) for group in groups) / 2
    return _standardized(float(groups[0].mean() - groups[1].mean()), variance)


def smd_binary(first: float, second: float) -> float:
    """Standardized difference of two proportions, first minus second; variances are p (1 - p).

    Args:
        first: Proportion in the first group, 0 to 1.
        second: Proportion in the second group, 0 to 1.

    References:
        Austin 2009.
    """
    if not (0 <= first <= 1 and 0 <= second <= 1):
        raise DataError(f"Proportions must be 0 to 1; got {first} and {second}.")
    return _standardized(first - second, (first * (1 - first) + second * (1 - second)) / 2)


def smd_levels(table: ArrayLike) -> tuple[float, ...]:
    """Standardized difference of each level against all others, first group minus second.

    Args:
        table: Counts, shape (levels, 2): one row a level, one column a group.
    """
    shares = _shares(table)
    return tuple(smd_binary(float(p), float(q)) for p, q in shares)


def smd_factor(table: ArrayLike) -> float:
    """One distance over all levels of a factor: sqrt(d' S^-1 d), never negative.

    d is the difference of the level shares, the last level left out (which one makes no difference); S is the mean
    of the two multinomial covariances. Two levels give the absolute value of `smd_binary`. A level without
    patients is left out; infinite where all of one group and none of the other have some mix of levels.

    Args:
        table: Counts, shape (levels, 2): one row a level, one column a group.

    References:
        Yang & Dalton, SAS Global Forum 2012, paper 335.
    """
    shares = _shares(table)
    return distance_over_levels(shares[:, 0] - shares[:, 1], shares.T)


def distance_over_levels(difference: Floats, shares: Sequence[Floats] | Floats) -> float:
    """sqrt(d' S^-1 d) of level shares, as `smd_factor`; S may come of other shares than those compared.

    Args:
        difference: Of the shares of each level, shape (levels,).
        shares: Of each group, each of shape (levels,), whose multinomial covariances make S.
    """
    of_group = np.asarray(shares)
    kept = np.flatnonzero(of_group.sum(axis=0) > 0)[:-1]
    p, d = of_group[:, kept], difference[kept]
    if kept.size == 1:  # two levels: no matrix, and most factors are so
        gap, spread = abs(float(d[0])), float((p - p * p).sum()) / 2
        if spread <= 0:
            return math.inf if gap > math.sqrt(ROUNDING) else 0.0
        return gap / math.sqrt(spread)
    variance, direction = np.linalg.eigh(np.diag(p.sum(axis=0)) / 2 - p.T @ p / 2)
    known = np.abs(variance) > ROUNDING * np.max(np.abs(variance), initial=0)
    along = d @ direction
    if np.max(np.abs(direction[:, ~known] @ along[~known]), initial=0) > math.sqrt(ROUNDING):
        return math.inf
    return math.sqrt(max(0.0, float(np.sum(along[known] ** 2 / variance[known]))))


def proportion_limits(
    k: int, n: int, level: float = 0.95, method: Literal["clopper_pearson", "wilson"] = "clopper_pearson"
) -> ProportionLimits:
    """Limits of a proportion, exact (Clopper-Pearson) unless Wilson's score limits are asked for.

    Args:
        k: How many have it, 0 to n.
        n: Of how many.
        level: Confidence level.
        method: "clopper_pearson" (at least `level` coverage) or "wilson" (`level` on average).

    Raises:
        NotEnoughData: n is 0.
        DataError: k is not between 0 and n.

    References:
        Clopper & Pearson 1934; Wilson 1927.
    """
    if n == 0:
        raise NotEnoughData("There is no patient to take a proportion of.")
    if not 0 <= k <= n:
        raise DataError(f"A count of {k} out of {n} is impossible.")
    low, high = (_wilson if method == "wilson" else _clopper_pearson)(k, n, level)
    return ProportionLimits(k / n, low, high)


def _clopper_pearson(k: int, n: int, level: float) -> tuple[float, float]:
    tail = (1 - level) / 2
    low = 0.0 if k == 0 else float(special.betaincinv(k, n - k + 1, tail))
    high = 1.0 if k == n else float(special.betainccinv(k + 1, n - k, tail))
    return low, high


def _wilson(k: int, n: int, level: float) -> tuple[float, float]:
    z = NormalDist().inv_cdf((1 + level) / 2)
    p = k / n
    centre = p + z * z / (2 * n)
    reach = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return max(0.0, (centre - reach) / scale), min(1.0, (centre + reach) / scale)


def _standardized(difference: float, variance: float) -> float:
    if variance > 0:
        return difference / math.sqrt(variance)
    return 0.0 if difference == 0 else math.copysign(math.inf, difference)


def _shares(table: ArrayLike) -> Floats:
    counts = np.asarray(table, dtype=np.float64)
    if counts.ndim != 2 or counts.shape[1] != 2 or np.any(counts < 0) or not np.isfinite(counts).all():
        raise DataError("Expected counts with one row a level and one column for each of two groups.")
    totals = counts.sum(axis=0)
    if np.any(totals == 0):
        raise NotEnoughData("A group has no patient: no standardized difference.")
    return counts / totals

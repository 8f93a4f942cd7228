"""Weighted patients described, and their groups compared with a variance robust to the clusters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from oligoscope.errors import NotEnoughData
from oligoscope.stats.arrays import Floats, check_columns, check_labels, check_numbers
from oligoscope.stats.comparison.test_result import GroupTest, TestName
from oligoscope.stats.doubts import Doubt

# Weights are sums of fractions: a share this near the one asked for is that share.
SHARE_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class WeightedSummary:
    """One weighted variable described; numbers that do not exist are None (no value; sd of one value)."""

    total: float
    mean: float | None
    sd: float | None
    median: float | None
    q1: float | None
    q3: float | None


def describe_weighted(values: ArrayLike, weights: ArrayLike) -> WeightedSummary:
    """Describe numbers that count by their weights.

    The SD is sqrt(sum w (x - mean)^2 W / (W^2 - sum w^2)) (R: `cov.wt(method = "unbiased")`). A quantile is the
    first value up to which at least that share of the weight lies; the middle between it and the next value where
    it is exactly that share.

    Args:
        values: Numbers without missing values, shape (n,).
        weights: > 0, shape (n,).
    """
    x, w = check_numbers(values, "value"), check_numbers(weights, "weight")
    if x.size == 0:
        return WeightedSummary(0.0, None, None, None, None, None)
    total = float(w.sum())
    mean = float(w @ x) / total
    room = total**2 - float(w @ w)
    sd = float(np.sqrt(w @ (x - mean) ** 2 * total / room)) if x.size > 1 and room > 0 else None
    return WeightedSummary(total, mean, sd, *(_quantile(x, w, share) for share in (0.5, 0.25, 0.75)))


def _quantile(x: Floats, w: Floats, share: float) -> float:
    order = np.argsort(x, kind="stable")
    values, running = x[order], np.cumsum(w[order]) / w.sum()
    first = min(int(np.searchsorted(running, share - SHARE_TOLERANCE)), x.size - 1)
    following = min(first + 1, x.size - 1)
    is_exact = abs(float(running[first]) - share) < SHARE_TOLERANCE
    return float((values[first] + values[following]) / 2) if is_exact else float(values[first])


def compare_weighted_means(
    values: ArrayLike, group: ArrayLike, weights: ArrayLike, cluster: ArrayLike
) -> GroupTest:
    """Test whether weighted means, or all shares of a factor at once, are the same in two or more groups.

    Wald's test of the differences from the last group; their covariance is the sum over clusters of the squared
    linearised means. With k clusters and q differences W (k - q) / ((k - 1) q) is referred to F of q and k - q
    degrees of freedom: for one difference t of k - 1.

    Args:
        values: Numbers, shape (n,); or 0/1 columns of all levels but one, shape (n, levels - 1).
        group: The group of each row, shape (n,).
        weights: > 0, shape (n,).
        cluster: A label a row whose rows belong together (a matched set).

    Raises:
        NotEnoughData: One group only, nothing varies (of groups equal in every set with that reason), or no more clusters than differences.

    References:
        Binder, Int Stat Rev 1983, 51:279 (linearisation); Koch, Freeman & Freeman, Int Stat Rev 1975, 43:59.
    """
    x = check_columns(values, "value")
    n = x.shape[0]
    groups, sets = check_labels(group, n, "group"), check_labels(cluster, n, "cluster")
    w = check_numbers(weights, "weight")
    if len(groups.levels) < 2:
        raise NotEnoughData("All patients are in one group: nothing to compare.")
    means, influence = [], []
    for code in range(len(groups.levels)):
        own = np.where(groups.codes == code, w, 0.0)
        mean = own @ x / own.sum()
        means.append(mean)
        influence.append(own[:, None] * (x - mean) / own.sum())
    difference = np.concatenate([mean - means[-1] for mean in means[:-1]])
    linear = np.concatenate([one - influence[-1] for one in influence[:-1]], axis=1)
    by_set = np.zeros((len(sets.levels), difference.size))
    np.add.at(by_set, sets.codes, linear)
    return _wald_f(difference, by_set)


def _wald_f(difference: Floats, by_set: Floats) -> GroupTest:
    k = by_set.shape[0]
    covariance = by_set.T @ by_set * (k / (k - 1) if k > 1 else 1.0)
    q = int(np.linalg.matrix_rank(covariance, hermitian=True))
    if q == 0 and k > 1 and np.allclose(difference, 0):
        raise NotEnoughData("The groups are equal in every set: nothing to test.", Doubt.EQUAL_BY_MATCHING)
    if q == 0 or k <= q:
        raise NotEnoughData("The weighted groups do not vary, or there are too few sets: nothing to test.")
    wald = float(difference @ np.linalg.pinv(covariance, hermitian=True) @ difference)
    statistic = wald * (k - q) / ((k - 1) * q)
    p_value = float(special.fdtrc(q, k - q, statistic))
    return GroupTest(TestName.WEIGHTED_WALD, statistic, q, p_value, "", k - q)

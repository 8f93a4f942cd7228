"""Tests of ranks: Mann-Whitney U, Wilcoxon signed rank, Kruskal-Wallis."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from oligoscope.errors import DataError
from oligoscope.stats.arrays import Floats
from oligoscope.stats.comparison.test_result import GroupTest, TestName, notes, present_groups, present_pairs

EXACT_BELOW = 50  # values a group, without ties: R's wilcox.test chooses so


def mann_whitney_u(first: ArrayLike, second: ArrayLike, exact: bool | None = None) -> GroupTest:
    """Compare two groups by ranks; the statistic is U of the first (R's W).

    Exact where both groups have fewer than 50 values and no value is repeated, else normal with
    correction for ties and continuity, as R's `wilcox.test` chooses; `exact` overrides the choice.

    Raises:
        NotEnoughData: A group is empty, or all values are equal.
        DataError: Exact asked for with ties.

    References:
        Mann & Whitney 1947; Hollander & Wolfe 1973.
    """
    (x, y), note = present_groups((first, second), exactly=2)
    tied = np.unique(np.concatenate([x, y])).size < x.size + y.size
    exact = _exactness(exact, max(x.size, y.size), tied)
    found = stats.mannwhitneyu(x, y, method="exact" if exact else "asymptotic", use_continuity=True)
    return GroupTest(
        TestName.MANN_WHITNEY, float(found.statistic), None, float(found.pvalue), notes(_how(exact), note)
    )


def wilcoxon_signed_rank(first: ArrayLike, second: ArrayLike, exact: bool | None = None) -> GroupTest:
    """Test whether pairs differ, by signed ranks; the statistic is the sum of positive ranks (R's V).

    Pairs without a difference are left out. Exact where fewer than 50 pairs are left, none was left out
    so and no difference is repeated in size; else normal with correction for ties and continuity, as
    R's `wilcox.test(paired = TRUE)` chooses; `exact` overrides the choice.

    Raises:
        NotEnoughData: No pair differs.
        DataError: Exact asked for with ties or zero differences.

    References:
        Wilcoxon 1945; Hollander & Wolfe 1973.
    """
    differences, note = present_pairs(first, second, smallest=1)
    changed = differences[differences != 0]
    n_equal = differences.size - changed.size
    sizes = np.abs(changed)
    exact = _exactness(exact, changed.size, n_equal > 0 or np.unique(sizes).size < sizes.size)
    ranks = stats.rankdata(sizes)
    positive = float(ranks[changed > 0].sum())
    p_value = _signed_rank_exact(positive, changed.size) if exact else _signed_rank_normal(positive, ranks)
    equal = f"{n_equal} pairs without a difference left out" if n_equal else ""
    return GroupTest(TestName.WILCOXON, positive, None, p_value, notes(_how(exact), equal, note))


def kruskal_wallis(groups: Sequence[ArrayLike]) -> GroupTest:
    """Compare two or more groups by ranks, corrected for ties (R: `kruskal.test`; Kruskal & Wallis 1952).

    Raises:
        NotEnoughData: A group is empty, or all values are equal.
    """
    present, note = present_groups(groups)
    found = stats.kruskal(*present)
    return GroupTest(
        TestName.KRUSKAL_WALLIS, float(found.statistic), len(present) - 1, float(found.pvalue), note
    )


def _exactness(asked: bool | None, largest: int, tied: bool) -> bool:
    if asked and tied:
        raise DataError("An exact rank test is not defined with tied values or zero differences.")
    return asked if asked is not None else largest < EXACT_BELOW and not tied


def _how(exact: bool) -> str:
    return "exact" if exact else "normal approximation with continuity correction"


def _signed_rank_exact(positive: float, n: int) -> float:
    """Two-sided P from the distribution of the sum of a random subset of 1..n."""
    ways = np.ones(1)
    for rank in range(1, n + 1):
        ways = np.concatenate([ways, np.zeros(rank)]) + np.concatenate([np.zeros(rank), ways])
    shares = ways / ways.sum()
    sum_of_ranks = int(positive)
    tail = shares[sum_of_ranks:].sum() if sum_of_ranks > n * (n + 1) / 4 else shares[: sum_of_ranks + 1].sum()
    return min(1.0, 2 * float(tail))


def _signed_rank_normal(positive: float, ranks: Floats) -> float:
    n = ranks.size
    _, ties = np.unique(ranks, return_counts=True)
    variance = n * (n + 1) * (2 * n + 1) / 24 - float((ties**3 - ties).sum()) / 48
    distance = abs(positive - n * (n + 1) / 4)
    z = max(0.0, distance - 0.5) / math.sqrt(variance) if distance else 0.0
    return math.erfc(z / math.sqrt(2))

"""Tests of ranks: Mann-Whitney U, Kruskal-Wallis."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from oligoscope.errors import DataError
from oligoscope.stats.comparison.test_result import GroupTest, TestName, notes, present_groups

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

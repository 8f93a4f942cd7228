"""Tests of measured values: of means, of ranks, and of normality."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import scipy  # its `stats` is loaded when it is first used: 0.4 s that a study without these four tests need not spend
from numpy.typing import ArrayLike
from scipy import special

from oligoscope.errors import DataError, NotEnoughData
from oligoscope.stats.arrays import Floats, drop_missing
from oligoscope.stats.comparison.test_result import GroupTest, TestName, notes, present_groups

EXACT_BELOW = 50  # values a group, without ties: R's wilcox.test chooses so
MOST_FOR_SHAPIRO = 5000  # Royston's approximation was fitted up to here (R stops here too)


def student_t(first: ArrayLike, second: ArrayLike) -> GroupTest:
    """Compare two means, one variance assumed (R: `t.test(x, y, var.equal = TRUE)`).

    Raises:
        NotEnoughData: A group has fewer than 2 values, or neither group varies.
    """
    (x, y), note = _varying_groups((first, second), exactly=2)
    freedom = x.size + y.size - 2
    pooled = ((x.size - 1) * x.var(ddof=1) + (y.size - 1) * y.var(ddof=1)) / freedom
    error = math.sqrt(pooled * (1 / x.size + 1 / y.size))
    return _t_test(TestName.STUDENT_T, (x.mean() - y.mean()) / error, freedom, note)


def welch_t(first: ArrayLike, second: ArrayLike) -> GroupTest:
    """Compare two means, each group with its own variance (R: `t.test(x, y)`; Welch 1947).

    Raises:
        NotEnoughData: A group has fewer than 2 values, or neither group varies.
    """
    (x, y), note = _varying_groups((first, second), exactly=2)
    u, v = x.var(ddof=1) / x.size, y.var(ddof=1) / y.size
    freedom = (u + v) ** 2 / (u**2 / (x.size - 1) + v**2 / (y.size - 1))
    return _t_test(TestName.WELCH_T, (x.mean() - y.mean()) / math.sqrt(u + v), freedom, note)


def one_way_anova(groups: Sequence[ArrayLike]) -> GroupTest:
    """Compare the means of two or more groups, one variance assumed (R: `oneway.test(var.equal = TRUE)`).

    Raises:
        NotEnoughData: A group has fewer than 2 values, or no group varies.
    """
    present, note = _varying_groups(groups)
    found = scipy.stats.f_oneway(*present)
    between, within = len(present) - 1, sum(g.size for g in present) - len(present)
    return GroupTest(TestName.ANOVA, float(found.statistic), between, float(found.pvalue), note, within)


def welch_anova(groups: Sequence[ArrayLike]) -> GroupTest:
    """Compare the means of two or more groups, each with its own variance (R: `oneway.test`; Welch 1951).

    Raises:
        NotEnoughData: A group has fewer than 2 values or does not vary.
    """
    present, note = _varying_groups(groups)
    variances = np.array([g.var(ddof=1) for g in present])
    if np.any(variances == 0):
        raise NotEnoughData("A group does not vary: no Welch analysis of variance.")
    sizes, means = np.array([g.size for g in present]), np.array([g.mean() for g in present])
    weights = sizes / variances
    shares = weights / weights.sum()
    between = len(present) - 1
    spread = (((1 - shares) ** 2) / (sizes - 1)).sum() / (between * (between + 2))
    statistic = (weights * (means - shares @ means) ** 2).sum() / (between * (1 + 2 * (between - 1) * spread))
    within = 1 / (3 * spread)
    p_value = float(special.fdtrc(between, within, statistic))
    return GroupTest(TestName.WELCH_ANOVA, float(statistic), between, p_value, note, float(within))


def shapiro_wilk(values: ArrayLike) -> GroupTest:
    """Test normality of one group (R: `shapiro.test`; Royston 1995).

    Raises:
        NotEnoughData: Fewer than 3 values, more than 5000, or all equal.
    """
    present, n_missing = drop_missing(values)
    if not 3 <= present.size <= MOST_FOR_SHAPIRO:
        raise NotEnoughData(f"Shapiro-Wilk takes 3 to {MOST_FOR_SHAPIRO} values; there are {present.size}.")
    if np.ptp(present) == 0:
        raise NotEnoughData("All values are equal: nothing to test.")
    found = scipy.stats.shapiro(present)
    note = f"{n_missing} missing left out" if n_missing else ""
    return GroupTest(TestName.SHAPIRO_WILK, float(found.statistic), None, float(found.pvalue), note)


def _t_test(name: TestName, statistic: float, freedom: float, note: str) -> GroupTest:
    p_value = 2 * float(special.stdtr(freedom, -abs(statistic)))
    return GroupTest(name, float(statistic), float(freedom), p_value, note)


def _varying_groups(groups: Sequence[ArrayLike], exactly: int = 0) -> tuple[list[Floats], str]:
    present, note = present_groups(groups, smallest=2, exactly=exactly)
    if all(np.ptp(group) == 0 for group in present):
        raise NotEnoughData("No group varies: means cannot be tested.")
    return present, note


def mann_whitney_u(first: ArrayLike, second: ArrayLike, exact: bool | None = None) -> GroupTest:
    """Compare two groups by ranks; the statistic is U of the first (R's W).

    Exact where both groups have fewer than 50 values and no value is repeated, else normal with
    correction for ties and continuity, as R's `wilcox.test` chooses; `exact` overrides the choice. Where it is normal,
    `deviate` is the Z that P is made from, above 0 where the first group has the higher ranks.

    Raises:
        NotEnoughData: A group is empty, or all values are equal.
        DataError: Exact asked for with ties.

    References:
        Mann & Whitney 1947; Hollander & Wolfe 1973.
    """
    (x, y), note = present_groups((first, second), exactly=2)
    tied = np.unique(np.concatenate([x, y])).size < x.size + y.size
    exact = _exactness(exact, max(x.size, y.size), tied)
    if exact:
        found = scipy.stats.mannwhitneyu(x, y, method="exact")
        u, p_value, deviate = float(found.statistic), float(found.pvalue), None
    else:
        u, deviate = _rank_sum(x, y)
        p_value = 2 * float(special.ndtr(-abs(deviate)))
    return GroupTest(TestName.MANN_WHITNEY, u, None, p_value, notes(_how(exact), note), deviate=deviate)


def _rank_sum(x: Floats, y: Floats) -> tuple[float, float]:
    """U, and U from its mean in standard errors, corrected for ties and continuity."""
    n = x.size + y.size
    _, place, ties = np.unique(np.concatenate([x, y]), return_inverse=True, return_counts=True)
    ranks = (np.cumsum(ties) - (ties - 1) / 2)[place]  # the mean of those that equal values share
    u = ranks[: x.size].sum() - x.size * (x.size + 1) / 2
    same = ties.astype(np.float64)
    variance = x.size * y.size / 12 * (n + 1 - (same**3 - same).sum() / (n * (n - 1)))
    distance = u - x.size * y.size / 2
    return float(u), float((distance - 0.5 * np.sign(distance)) / math.sqrt(variance))


def kruskal_wallis(groups: Sequence[ArrayLike]) -> GroupTest:
    """Compare two or more groups by ranks, corrected for ties (R: `kruskal.test`; Kruskal & Wallis 1952).

    Raises:
        NotEnoughData: A group is empty, or all values are equal.
    """
    present, note = present_groups(groups)
    found = scipy.stats.kruskal(*present)
    return GroupTest(
        TestName.KRUSKAL_WALLIS, float(found.statistic), len(present) - 1, float(found.pvalue), note
    )


def _exactness(asked: bool | None, largest: int, tied: bool) -> bool:
    if asked and tied:
        raise DataError("An exact rank test is not defined with tied values or zero differences.")
    return asked if asked is not None else largest < EXACT_BELOW and not tied


def _how(exact: bool) -> str:
    return "exact" if exact else "normal approximation with continuity correction"

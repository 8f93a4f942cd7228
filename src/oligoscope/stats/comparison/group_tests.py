"""Which test compares the groups: the declared rules."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from oligoscope.stats.arrays import Ints, drop_missing
from oligoscope.stats.comparison.level_tests import chi_square, expected_counts, fisher_exact, fisher_mid_p
from oligoscope.stats.comparison.test_result import GroupTest, present_table
from oligoscope.stats.comparison.value_tests import (
    MOST_FOR_SHAPIRO,
    kruskal_wallis,
    mann_whitney_u,
    shapiro_wilk,
    welch_anova,
    welch_t,
)

Groups = Sequence[ArrayLike]
SHAPIRO_ALPHA = 0.05  # below this P of Shapiro-Wilk a group is not normal


def compare_levels(table: ArrayLike, *, mid_p: bool = False) -> GroupTest:
    """Test whether a factor's levels have the same distribution in the groups.

    The rule: chi-square (without Yates), but Fisher exact where expected counts are small: in a 2 x 2
    table any below 5, in a larger one any below 1 or more than 20 % of them below 5 (Cochran 1954).

    Args:
        table: Counts, shape (levels, groups).
        mid_p: Of a 2 x 2 table the mid-P in place of Fisher's P.

    Raises:
        NotEnoughData: Fewer than two levels or groups have patients.
    """
    counts, _ = present_table(table)
    if not _is_sparse(counts):
        return chi_square(table)
    return fisher_mid_p(table) if mid_p and counts.shape == (2, 2) else fisher_exact(table)


def compare_values(groups: Groups) -> GroupTest:
    """Test whether a measured variable has the same location in the groups.

    The rule: where `is_normal` holds, means are compared, each group with its own variance (Welch t for
    two groups, Welch's analysis of variance for more): variances are not tested first (Ruxton 2006).
    Else ranks are compared (Mann-Whitney U for two, Kruskal-Wallis for more).

    Args:
        groups: The values of each group; NaN or None where missing.

    Raises:
        NotEnoughData: Fewer than two groups have values, or all values are equal.
    """
    normal = is_normal(groups)
    if len(groups) == 2:
        return (welch_t if normal else mann_whitney_u)(groups[0], groups[1])
    return (welch_anova if normal else kruskal_wallis)(groups)


def is_normal(groups: Groups) -> bool:
    """Whether no group departs from normality by Shapiro-Wilk: mean and sd describe it, means compare it.

    A group the test cannot judge (fewer than 3 values, more than 5000, all equal) counts as not normal:
    ranks are valid whatever the shape.
    """
    for group in groups:
        present, _ = drop_missing(group)
        if not 3 <= present.size <= MOST_FOR_SHAPIRO or np.ptp(present) == 0:
            return False
        if shapiro_wilk(present).p_value < SHAPIRO_ALPHA:
            return False
    return len(groups) > 0


def _is_sparse(counts: Ints) -> bool:
    expected = expected_counts(counts)
    # In a 2 x 2 table one cell below 5 is a quarter of them, and so more than 20 %.
    return bool(np.any(expected < 1) or np.mean(expected < 5) > 0.2)

"""Which test compares the groups: the declared rules, and every test by name for a study that overrides them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from oligoscope.errors import UsageError
from oligoscope.stats.arrays import Ints, drop_missing
from oligoscope.stats.comparison.level_tests import chi_square, expected_counts, fisher_exact
from oligoscope.stats.comparison.mean_tests import (
    MOST_FOR_SHAPIRO,
    one_way_anova,
    shapiro_wilk,
    student_t,
    welch_anova,
    welch_t,
)
from oligoscope.stats.comparison.rank_tests import kruskal_wallis, mann_whitney_u
from oligoscope.stats.comparison.test_result import GroupTest, present_table

__all__ = [
    "LEVEL_TESTS",
    "VALUE_TESTS",
    "GroupTest",
    "chi_square",
    "compare_levels",
    "compare_values",
    "fisher_exact",
    "is_normal",
    "kruskal_wallis",
    "mann_whitney_u",
    "one_way_anova",
    "shapiro_wilk",
    "student_t",
    "welch_anova",
    "welch_t",
]

Groups = Sequence[ArrayLike]


def _of_two(test: Callable[[ArrayLike, ArrayLike], GroupTest]) -> Callable[[Groups], GroupTest]:
    """A test of two groups, taking them as one sequence."""

    def compare(groups: Groups) -> GroupTest:
        if len(groups) != 2:
            raise UsageError(f"{test.__name__} compares 2 groups; there are {len(groups)}.")
        return test(groups[0], groups[1])

    return compare


LEVEL_TESTS: Mapping[str, Callable[[ArrayLike], GroupTest]] = MappingProxyType(
    {"chi_square": chi_square, "fisher_exact": fisher_exact}
)

VALUE_TESTS: Mapping[str, Callable[[Groups], GroupTest]] = MappingProxyType(
    {
        "student_t": _of_two(student_t),
        "welch_t": _of_two(welch_t),
        "mann_whitney_u": _of_two(mann_whitney_u),
        "one_way_anova": one_way_anova,
        "welch_anova": welch_anova,
        "kruskal_wallis": kruskal_wallis,
    }
)


def compare_levels(table: ArrayLike, test: str | None = None) -> GroupTest:
    """Test whether a factor's levels have the same distribution in the groups.

    The rule: chi-square (without Yates), but Fisher exact where expected counts are small: in a 2 x 2
    table any below 5, in a larger one any below 1 or more than 20 % of them below 5 (Cochran 1954).

    Args:
        table: Counts, shape (levels, groups).
        test: A name of LEVEL_TESTS, to override the rule.

    Raises:
        NotEnoughData: Fewer than two levels or groups have patients.
        UsageError: An unknown test.
    """
    if test is not None:
        return _named(LEVEL_TESTS, test)(table)
    counts, _ = present_table(table)
    return (fisher_exact if _is_sparse(counts) else chi_square)(table)


def compare_values(groups: Groups, test: str | None = None, alpha: float = 0.05) -> GroupTest:
    """Test whether a measured variable has the same location in the groups.

    The rule: where `is_normal` holds, means are compared, each group with its own variance (Welch t for
    two groups, Welch's analysis of variance for more): variances are not tested first (Ruxton 2006).
    Else ranks are compared (Mann-Whitney U for two, Kruskal-Wallis for more).

    Args:
        groups: The values of each group; NaN or None where missing.
        test: A name of VALUE_TESTS, to override the rule.
        alpha: Below this P of Shapiro-Wilk a group is not normal.

    Raises:
        NotEnoughData: Fewer than two groups have values, or all values are equal.
        UsageError: An unknown test, or one for two groups given more.
    """
    if test is not None:
        return _named(VALUE_TESTS, test)(groups)
    pair = len(groups) == 2
    if is_normal(groups, alpha):
        return VALUE_TESTS["welch_t" if pair else "welch_anova"](groups)
    return VALUE_TESTS["mann_whitney_u" if pair else "kruskal_wallis"](groups)


def is_normal(groups: Groups, alpha: float = 0.05) -> bool:
    """Whether no group departs from normality by Shapiro-Wilk: mean and sd describe it, means compare it.

    A group the test cannot judge (fewer than 3 values, more than 5000, all equal) counts as not normal:
    ranks are valid whatever the shape.
    """
    for group in groups:
        present, _ = drop_missing(group)
        if not 3 <= present.size <= MOST_FOR_SHAPIRO or np.ptp(present) == 0:
            return False
        if shapiro_wilk(present).p_value < alpha:
            return False
    return len(groups) > 0


def _is_sparse(counts: Ints) -> bool:
    expected = expected_counts(counts)
    if counts.shape == (2, 2):
        return bool(np.any(expected < 5))
    return bool(np.any(expected < 1) or np.mean(expected < 5) > 0.2)


def _named(tests: Mapping[str, Callable[..., GroupTest]], name: str) -> Callable[..., GroupTest]:
    if name not in tests:
        raise UsageError(f'There is no test "{name}"; allowed are {", ".join(tests)}.')
    return tests[name]

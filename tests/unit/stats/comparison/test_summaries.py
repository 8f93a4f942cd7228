"""Descriptions, standardized differences and limits by hand and by the paper; agreement with R is in tests/oracle."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from oligoscope.errors import DataError, NotEnoughData
from oligoscope.stats.comparison.summaries import (
    describe,
    proportion_limits,
    smd_binary,
    smd_continuous,
    smd_factor,
    smd_levels,
)


def test_quartiles_are_type_7():
    """Hyndman & Fan 1996: of 1, 2, 3, 4 the first quartile is 1.75 (type 6, as SPSS: 1.25)."""
    found = describe([4, 1, 3, 2])

    assert (found.q1, found.median, found.q3) == (1.75, 2.5, 3.25)
    assert (found.n, found.n_missing) == (4, 0)


def test_what_does_not_exist_is_none():
    without_patients, one = describe([float("nan"), float("nan")]), describe([5])

    assert (
        without_patients.n,
        without_patients.n_missing,
        without_patients.mean,
        without_patients.median,
    ) == (0, 2, None, None)
    assert (one.mean, one.sd, one.q1) == (5, None, 5)


def test_infinite_values_are_refused():
    with pytest.raises(DataError, match="infinite"):
        describe([1, float("inf")])


def test_the_smd_of_a_measured_variable_by_hand():
    """Means 2 and 4, variances 1 and 4: -2 / sqrt(2.5)."""
    assert smd_continuous([1, 2, 3, math.nan], [2, 4, 6]) == pytest.approx(-2 / math.sqrt(2.5))


def test_the_smd_of_two_proportions_by_hand():
    """Austin 2009: 0.5 against 0.3 is 0.2 / sqrt((0.25 + 0.21) / 2)."""
    assert smd_binary(0.5, 0.3) == pytest.approx(0.2 / math.sqrt(0.23))


@pytest.mark.parametrize(
    ("table", "printed"),
    [([[97, 122], [119, 103], [73, 65]], 0.176), ([[89, 109], [49, 48], [96, 77]], 0.188)],
    ids=["before matching", "after matching"],
)
def test_pd_l1_of_the_paper_is_not_balanced_after_matching(table, printed):
    """Counts of Huang 2025, table 1; distance of Yang & Dalton 2012: the paper's limit of 0.1 is not met."""
    assert round(smd_factor(table), 3) == printed


def test_two_levels_are_the_binary_difference_whichever_is_left_out():
    table = [[255, 232], [34, 58]]

    assert smd_factor(table) == pytest.approx(abs(smd_binary(255 / 289, 232 / 290)))
    assert smd_levels(table) == pytest.approx((smd_factor(table), -smd_factor(table)))


def test_the_order_of_levels_makes_no_difference():
    table = np.array([[10, 4], [20, 31], [5, 9], [1, 0]])

    assert smd_factor(table) == pytest.approx(smd_factor(table[::-1]))
    assert smd_factor(table) == pytest.approx(smd_factor(table[:, ::-1]))


def test_a_level_without_patients_makes_no_difference():
    assert smd_factor([[10, 4], [0, 0], [20, 31]]) == pytest.approx(smd_factor([[10, 4], [20, 31]]))


def test_groups_alike_are_at_distance_zero_and_groups_apart_at_no_finite_one():
    assert smd_factor([[10, 20], [30, 60]]) == pytest.approx(0, abs=1e-12)
    assert smd_factor([[5, 7]]) == 0
    assert smd_factor([[5, 0], [0, 7]]) == math.inf
    assert smd_factor([[5, 0], [5, 0], [0, 7]]) == math.inf
    assert smd_binary(0, 1) == -math.inf
    assert smd_binary(1, 1) == 0
    assert smd_continuous([3, 3], [3, 3]) == 0


def test_a_level_of_one_group_only_is_at_a_finite_distance():
    assert 0 < smd_factor([[10, 12], [5, 0], [8, 9]]) < 1.5


@pytest.mark.parametrize("table", [[[1, 2, 3], [4, 5, 6]], [[1, -2], [3, 4]], [1, 2]])
def test_a_table_of_other_than_two_groups_is_refused(table):
    with pytest.raises(DataError):
        smd_factor(table)


def test_groups_too_small_for_a_distance_are_refused():
    with pytest.raises(NotEnoughData):
        smd_factor([[0, 3], [0, 4]])
    with pytest.raises(NotEnoughData):
        smd_continuous([1], [1, 2])


def test_exact_limits_at_the_ends():
    """0 of n: 1 - 0.025^(1/n); n of n its mirror."""
    none, all_ = proportion_limits(0, 20), proportion_limits(20, 20)

    assert (none.low, none.high) == (0, pytest.approx(1 - 0.025 ** (1 / 20)))
    assert (all_.low, all_.high) == (pytest.approx(0.025 ** (1 / 20)), 1)


@pytest.mark.parametrize(("k", "n"), [(1, 7), (5, 11), (163, 289)])
def test_exact_limits_leave_a_fortieth_in_each_tail(k, n):
    """Clopper & Pearson 1934: the definition itself."""
    found = proportion_limits(k, n)

    assert stats.binom.sf(k - 1, n, found.low) == pytest.approx(0.025)
    assert stats.binom.cdf(k, n, found.high) == pytest.approx(0.025)


def test_impossible_counts_are_refused():
    with pytest.raises(DataError, match="5 out of 4"):
        proportion_limits(5, 4)
    with pytest.raises(NotEnoughData):
        proportion_limits(0, 0)

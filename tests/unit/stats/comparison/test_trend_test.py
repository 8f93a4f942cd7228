"""The trend of a share: what it needs, and what changes nothing."""

from __future__ import annotations

import pytest

from oligoscope.errors import DataError, NotEnoughData
from oligoscope.stats.comparison.level_tests import cochran_armitage


def test_scores_are_the_order_of_the_classes_where_none_are_given():
    assert cochran_armitage([1, 4, 9], [10, 10, 12]) == cochran_armitage([1, 4, 9], [10, 10, 12], [1, 2, 3])


def test_moving_or_stretching_the_scores_changes_nothing():
    first = cochran_armitage([1, 4, 9], [10, 10, 12])
    other = cochran_armitage([1, 4, 9], [10, 10, 12], [-5, 0, 5])

    assert first.p_value == pytest.approx(other.p_value, rel=1e-12)


def test_a_class_without_patients_is_left_out_and_the_others_keep_their_place():
    with_a_gap = cochran_armitage([1, 0, 9], [10, 0, 12])

    assert with_a_gap.p_value == cochran_armitage([1, 9], [10, 12], [1, 3]).p_value


def test_two_classes_are_a_chi_square_of_their_shares():
    """With two classes the trend is Pearson's chi-square of the 2 x 2 table: 20 (5 x 7 - 5 x 3)^2 / (10 10 8 12)."""
    assert cochran_armitage([5, 3], [10, 10]).statistic == pytest.approx(20 * 20**2 / (10 * 10 * 8 * 12))


@pytest.mark.parametrize(
    ("events", "totals"), [([0, 0], [4, 5]), ([4, 5], [4, 5]), ([2], [4]), ([], []), ([2, 0], [4, 0])]
)
def test_without_two_classes_or_both_outcomes_there_is_no_trend(events, totals):
    with pytest.raises(NotEnoughData, match="trend"):
        cochran_armitage(events, totals)


@pytest.mark.parametrize(("events", "totals"), [([5], [4]), ([1, 2], [4]), ([-1, 2], [4, 4])])
def test_impossible_counts_are_refused(events, totals):
    with pytest.raises(DataError):
        cochran_armitage(events, totals)

"""Edges and guards of the log-rank test; agreement with R is in tests/oracle."""

from __future__ import annotations

import pytest

from oligoscope.errors import DataError, NotEnoughData
from oligoscope.stats.survival.log_rank import log_rank


def test_a_hand_computed_test():
    """A dies at 1 and 3, B at 2 and 4: expected of A 1/2 + 1/3 + 1/2 + 0."""
    test = log_rank([1, 2, 3, 4], [1, 1, 1, 1], ["A", "B", "A", "B"])

    variance = 1 / 4 + 2 / 9 + 1 / 4
    assert test.groups == ("A", "B")
    assert test.n == (2, 2)
    assert test.observed == (2, 2)
    assert test.expected == pytest.approx((4 / 3, 8 / 3))
    assert test.chi_squared == pytest.approx((2 - 4 / 3) ** 2 / variance)
    assert test.degrees_of_freedom == 1


def test_the_order_and_names_of_groups_do_not_matter():
    times, died = [5, 8, 2, 9, 4, 7], [1, 0, 1, 1, 1, 1]
    named = log_rank(times, died, ["oligo", "oligo", "oligo", "systemic", "systemic", "systemic"])
    numbered = log_rank(times, died, [1, 1, 1, 0, 0, 0])

    assert named.p_value == pytest.approx(numbered.p_value)
    assert named.expected == pytest.approx(numbered.expected[::-1])


def test_a_group_without_events_is_tested():
    test = log_rank([1, 2, 3, 4], [1, 1, 0, 0], ["A", "A", "B", "B"])

    assert test.observed == (2, 0)
    assert 0 < test.p_value < 1


@pytest.mark.parametrize(
    ("died", "group", "strata", "message"),
    [
        ([1, 1, 0, 1], ["A"] * 4, None, 'one group .*"A"'),
        ([0, 0, 0, 0], ["A", "A", "B", "B"], None, "No event in any group"),
        ([1, 1, 0, 0], ["A", "A", "B", "B"], ["x", "x", "y", "y"], "two groups were at risk"),
        ([0, 0, 0, 1], ["A", "A", "B", "B"], None, "two groups were at risk"),
    ],
)
def test_without_a_comparison_there_is_no_test(died, group, strata, message):
    with pytest.raises(NotEnoughData, match=message):
        log_rank([1, 2, 3, 4], died, group, strata)


@pytest.mark.parametrize(
    ("group", "message"),
    [
        (["A", None, "B", "B"], "1 of 4 values of group: each is missing .*position 2"),
        ([1.0, 2.0, float("nan"), 2.0], "1 of 4"),
        (["A", "B"], "4 patients but 2 values of group"),
    ],
)
def test_a_group_that_is_missing_is_refused(group, message):
    with pytest.raises(DataError, match=message):
        log_rank([1, 2, 3, 4], [1, 1, 0, 1], group)


def test_labels_of_several_kinds_are_refused():
    import numpy as np

    with pytest.raises(DataError, match="several kinds"):
        log_rank([1, 2, 3, 4], [1, 1, 0, 1], np.array(["A", 1, "B", 2], dtype=object))

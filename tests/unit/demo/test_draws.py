"""Draws that meet printed counts, and streams that do not disturb each other."""

from __future__ import annotations

import numpy as np

from oligoscope.demo.draws import (
    assign_levels,
    choose_exactly,
    rank_within,
    scaled_counts,
    spread_quantiles,
    stream,
)


def test_counts_scale_by_largest_remainder():
    """Quotas 166.67, 83.33 and 250: the one left over goes to the largest remainder."""
    assert scaled_counts([2, 1, 3], 500) == [167, 83, 250]
    assert scaled_counts([289, 290], 579) == [289, 290]
    assert scaled_counts([1, 1, 1], 2) == [1, 1, 0]
    assert sum(scaled_counts([97, 119, 73], 1_000_003)) == 1_000_003


def test_a_stage_has_its_own_stream():
    assert stream(1, "lesions").random() == stream(1, "lesions").random()
    assert stream(1, "lesions").random() != stream(1, "scans").random()
    assert stream(1, "lesions").random() != stream(2, "lesions").random()


def test_levels_have_their_counts_exactly_and_follow_the_score():
    score = np.repeat([0.0, 5.0], 50)

    levels = assign_levels(stream(1, "x"), {"no": 60, "yes": 40}, score)

    assert (levels == "yes").sum() == 40
    assert (levels[50:] == "yes").sum() > 35


def test_no_impossible_patient_is_chosen():
    score = np.array([0.0, -np.inf, 0.0, -np.inf])

    assert choose_exactly(stream(1, "x"), 3, score).tolist() == [True, False, True, False]


def test_spread_quantiles_fill_every_slice_once():
    u = spread_quantiles(stream(1, "x"), np.zeros(40))

    assert sorted(np.floor(u * 40)) == list(range(40))


def test_ranks_start_again_with_every_group():
    assert rank_within(np.array([3, 3, 5, 5, 5, 9])).tolist() == [0, 1, 0, 1, 2, 0]
    assert rank_within(np.array([], dtype=np.int64)).tolist() == []

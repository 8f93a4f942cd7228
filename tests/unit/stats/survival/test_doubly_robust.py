"""Pseudo-observations and the doubly robust difference in cases that can be worked out."""

from __future__ import annotations

import numpy as np
import pytest

from oligoscope.errors import NotEnoughData
from oligoscope.stats.survival.doubly_robust import doubly_robust_survival, pseudo_survival


def test_without_censoring_they_are_who_is_alive():
    found = pseudo_survival([1.0, 5.0, 9.0, 20.0], [1, 1, 1, 1], 6.0)

    assert found == pytest.approx([0, 0, 1, 1], abs=1e-12)


def test_a_time_that_no_patient_was_followed_to_has_none():
    with pytest.raises(NotEnoughData):
        pseudo_survival([1.0, 5.0], [1, 0], 6.0)


def test_with_one_level_for_all_it_is_the_difference_of_the_means():
    """A covariate that is independent of the group, and saturated models: standardisation by hand."""
    x = np.array([0, 0, 1, 1, 0, 0, 1, 1], dtype=float)
    treated = np.array([1, 1, 1, 1, 0, 0, 0, 0], dtype=bool)
    y = np.array([1, 0, 1, 1, 0, 0, 1, 0], dtype=float)

    found = doubly_robust_survival(y, treated, np.full(8, 0.5), x[:, None])

    assert (found.treated, found.controls) == pytest.approx((0.75, 0.25))
    assert found.difference == pytest.approx(0.5)
    assert found.standard_error > 0


def test_a_group_with_no_more_patients_than_coefficients_is_refused():
    with pytest.raises(NotEnoughData, match="too few"):
        doubly_robust_survival([1, 0, 1, 0], [1, 1, 0, 0], [0.5] * 4, np.array([[0.0], [1], [0], [1]]))


def test_a_level_that_is_found_in_one_group_only_is_refused():
    """No model of the controls says how those with this level would have fared among them."""
    treated = np.arange(16) < 8
    level = np.isin(np.arange(16), (0, 1))
    outcome = np.arange(16) % 3 == 0

    with pytest.raises(NotEnoughData, match="one group only") as refused:
        doubly_robust_survival(outcome, treated, np.full(16, 0.5), level[:, None])

    assert refused.value.warning == "level_in_one_group"


def test_columns_that_repeat_others_in_both_groups_change_nothing():
    treated, x = np.arange(16) < 8, np.arange(16) % 4 / 4
    outcome, probability = np.arange(16) % 3 == 0, np.full(16, 0.5)

    once = doubly_robust_survival(outcome, treated, probability, x[:, None])
    twice = doubly_robust_survival(outcome, treated, probability, np.column_stack([x, 1 - x]))

    assert twice.difference == pytest.approx(once.difference)
    assert twice.standard_error == pytest.approx(once.standard_error)

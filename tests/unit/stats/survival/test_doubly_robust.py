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

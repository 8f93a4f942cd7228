"""Wald's test of weighted means: where it has no answer, it gives the reason."""

from __future__ import annotations

import numpy as np
import pytest

from oligoscope.errors import NotEnoughData
from oligoscope.stats.comparison.weighted_summaries import compare_weighted_means
from oligoscope.stats.doubts import Doubt

GROUP = np.array([1, 0, 0, 1, 0, 0, 1, 0, 0])
SETS = np.repeat([1, 2, 3], 3)
WEIGHTS = np.where(GROUP == 1, 1.0, 0.5)


def test_groups_matched_exactly_on_a_variable_are_equal_in_it():
    """One treated patient and two controls a set, all of one level."""
    with pytest.raises(NotEnoughData) as stopped:
        compare_weighted_means(SETS == 2, GROUP, WEIGHTS, SETS)

    assert stopped.value.warning is Doubt.EQUAL_BY_MATCHING


@pytest.mark.parametrize(
    ("values", "sets"),
    [(GROUP, SETS), (SETS == 2, np.ones(9))],
    ids=["what separates the groups", "one set"],
)
def test_other_tests_without_an_answer_are_not_called_equal(values, sets):
    with pytest.raises(NotEnoughData) as stopped:
        compare_weighted_means(values, GROUP, WEIGHTS, sets)

    assert stopped.value.warning == ""

"""A curve of left-truncated follow-up says where its risk sets are empty."""

from __future__ import annotations

import numpy as np
import pytest

from oligoscope.cohort.curves import describe_curve
from oligoscope.cohort.risk_sets import doubts_of_entry
from oligoscope.results.statistics import Statistic
from oligoscope.stats.survival.kaplan_meier import kaplan_meier


@pytest.mark.parametrize(
    ("entry", "months", "died", "warning"),
    [
        # The only one at risk dies at month 2, before the others come.
        ([0, 3, 3], [2, 8, 9], [1, 1, 0], "risk_set_emptied months=2.0"),
        # The same one is censored: no patient is at risk from 2 to 3.
        ([0, 3, 3], [2, 8, 9], [0, 1, 0], "none_at_risk begin=2.0 end=3.0"),
        ([1.5, 3, 3], [4, 8, 9], [1, 1, 0], "none_at_risk begin=0.0 end=1.5"),
        ([0, 3, 3], [4, 8, 9], [1, 1, 0], ""),
        # All dead at the end is no empty risk set.
        ([0, 3, 3], [4, 8, 9], [1, 1, 1], ""),
    ],
)
def test_empty_risk_sets_are_named(entry, months, died, warning):
    curve = kaplan_meier(np.array(months, float), died, entry=np.array(entry, float))
    median = next(row for row in describe_curve(curve) if row["statistic"] == Statistic.MEDIAN)

    assert str(doubts_of_entry((curve,))) == warning
    assert str(median["warning"]).startswith(warning)


def test_weights_leave_no_dust_in_a_risk_set():
    entry, months, weights = [0.0, 3.0, 3.0], np.array([2.0, 8.0, 9.0]), np.array([1 / 3, 1 / 3, 0.1])
    curve = kaplan_meier(months, [0, 1, 0], weights=weights, entry=entry)

    assert str(doubts_of_entry((curve,))) == "none_at_risk begin=2.0 end=3.0"
    assert curve.at_risk([2.5]).tolist() == [0.0]
    assert curve.patients_at_risk([0, 2.5, 3, 3.5]).tolist() == [1, 0, 0, 2]


def test_without_entries_nothing_is_said():
    assert not doubts_of_entry((kaplan_meier([1.0, 2.0], [1, 1]),))

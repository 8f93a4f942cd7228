"""Edges and guards of the product-limit curve; agreement with R is in tests/oracle."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oligoscope.errors import DataError, NotEnoughData, UsageError
from oligoscope.stats.survival.kaplan_meier import Quantile, kaplan_meier


def test_a_hand_computed_curve():
    """Five patients, one censored at 2: 4/5, 4/5 x 3/4, then 3/5 x 1/2."""
    curve = kaplan_meier([1, 2, 2, 4, 6], [1, 1, 0, 1, 0])

    assert curve.times.tolist() == [1, 2, 4, 6]
    assert curve.survival == pytest.approx([0.8, 0.6, 0.3, 0.3])
    assert curve.n_at_risk.tolist() == [5, 4, 2, 1]
    assert curve.n_events.tolist() == [1, 1, 1, 0]
    assert curve.n_censored.tolist() == [0, 1, 0, 1]


def test_a_censored_patient_is_still_at_risk_when_another_dies_the_same_day():
    curve = kaplan_meier([3, 3], [True, False])

    assert curve.n_at_risk.tolist() == [2]
    assert curve.survival.tolist() == [0.5]


def test_the_median_is_the_middle_of_the_step_where_survival_is_exactly_one_half():
    assert kaplan_meier([1, 2, 3, 4], [1, 1, 1, 1]).median().value == 2.5


def test_a_median_not_reached_is_none_and_its_lower_limit_may_exist():
    no_deaths = kaplan_meier([5, 6, 7], [0, 0, 0])
    few_died = kaplan_meier(range(1, 11), [1, 1, 1, 1, 0, 0, 0, 0, 0, 0])

    assert no_deaths.median() == Quantile(None, None, None)
    assert few_died.median() == Quantile(None, 1.0, None)


def test_no_deaths_is_full_survival_without_log_log_limits():
    curve = kaplan_meier([5, 6, 7], [0, 0, 0])

    assert curve.survival.tolist() == [1, 1, 1]
    assert np.isnan(curve.low).all()
    assert np.isnan(curve.high).all()
    assert curve.at(6).value == 1
    assert curve.at(6).low is None


def test_past_the_last_follow_up_nothing_is_known():
    unfinished = kaplan_meier([1, 2, 3], [1, 1, 0]).at(4)

    assert (unfinished.value, unfinished.low, unfinished.high) == (None, None, None)
    assert unfinished.n_at_risk == 0


def test_a_curve_that_fell_to_zero_stays_there():
    finished = kaplan_meier([1, 2, 3], [1, 1, 1]).at(24)

    assert (finished.value, finished.low, finished.n_at_risk) == (0, None, 0)


def test_before_the_first_follow_up_everybody_is_free_of_the_event():
    curve = kaplan_meier([3, 4], [1, 0], conf_type="plain")

    assert (curve.at(0).value, curve.at(0).low, curve.at(0).n_at_risk) == (1, 1, 2)


def test_a_month_made_of_days_is_found_in_spite_of_rounding():
    """0.1 + 0.2 and 0.3 differ in the last bit; a patient followed to either is at risk at both."""
    curve = kaplan_meier([0.1 + 0.2, 1], [1, 0])

    assert curve.at_risk([0.3]).tolist() == [2]
    assert curve.at(0.3).value == 0.5


def test_numbers_of_times_in_any_unit_give_one_step_for_times_equal_but_for_rounding():
    assert kaplan_meier([0.1 + 0.2, 0.3, 1], [1, 1, 0]).times.size == 2


followed = st.lists(st.tuples(st.integers(0, 8), st.booleans()), min_size=1, max_size=12)


@given(followed, st.integers(0, 10))
def test_at_risk_events_and_censored_add_up_at_every_time(rows, time):
    curve = kaplan_meier([t for t, _ in rows], [d for _, d in rows])
    parts = curve.at_risk([time]) + curve.events_before([time]) + curve.censored_before([time])

    assert parts.tolist() == [len(rows)]
    assert curve.at_risk([time]).tolist() == [sum(t >= time for t, _ in rows)]


@given(followed)
def test_the_curve_is_the_product_of_the_shares_that_live_on(rows):
    """Kaplan & Meier 1958, in exact fractions."""
    curve = kaplan_meier([t for t, _ in rows], [d for _, d in rows])

    survival = Fraction(1)
    for time, found in zip(sorted({t for t, _ in rows}), curve.survival, strict=True):
        at_risk = sum(t >= time for t, _ in rows)
        survival *= 1 - Fraction(sum(t == time and d for t, d in rows), at_risk)
        assert found == pytest.approx(float(survival), abs=1e-14)


def test_the_arrays_of_a_curve_cannot_be_written_to():
    with pytest.raises(ValueError, match="read-only"):
        kaplan_meier([1, 2], [1, 0]).survival[0] = 1


@pytest.mark.parametrize(
    ("months", "died", "message"),
    [
        ([1, -8, 3], [1, 1, 0], "1 of 3 .* negative .*position 2: -8"),
        ([1, None, float("nan")], [1, 1, 0], "2 of 3 .* missing"),
        ([1, float("inf")], [1, 0], "infinite"),
        ([1, 2], [1, 0, 1], "2 follow-up times but 3 events"),
        ([1, 2], [1, 2], "neither 0 nor 1 .*position 2: 2"),
        ([1, 2], [True, None], "neither 0 nor 1"),
        (["a", "b"], [1, 0], "must be a number"),
        ([[1, 2]], [1, 0], "2 axes"),
    ],
)
def test_impossible_follow_up_is_refused_with_its_place(months, died, message):
    with pytest.raises(DataError, match=message):
        kaplan_meier(months, died)


def test_no_patient_is_not_enough():
    with pytest.raises(NotEnoughData):
        kaplan_meier([], [])


@pytest.mark.parametrize("level", [95, 0, 1, float("nan")])
def test_a_level_that_is_no_level_is_refused(level):
    with pytest.raises(UsageError, match="confidence level"):
        kaplan_meier([1, 2], [1, 0], level=level)


def test_an_unknown_scale_of_limits_is_refused():
    with pytest.raises(UsageError, match="log-log, plain, log"):
        kaplan_meier([1, 2], [1, 0], conf_type="logit")  # pyright: ignore[reportArgumentType]

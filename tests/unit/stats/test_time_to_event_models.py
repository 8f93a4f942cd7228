"""Restricted means, episodes, landmarks, periods: by hand and by what must hold; R's answers are in tests/oracle."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oligoscope.errors import DataError, NotEnoughData, UsageError
from oligoscope.stats.survival.cox import cox
from oligoscope.stats.survival.episodes import split_at, split_at_change, start_at_landmark
from oligoscope.stats.survival.kaplan_meier import reverse_kaplan_meier
from oligoscope.stats.survival.proportional_hazards import proportional_hazards
from oligoscope.stats.survival.rmst import compare_restricted_means, restricted_mean
from oligoscope.stats.survival.time_dependent import piecewise_cox, states_design
from oligoscope.study.months import DAYS_PER_MONTH

follow_ups = st.lists(
    st.tuples(st.integers(0, 12), st.booleans(), st.one_of(st.none(), st.integers(-2, 14))),
    min_size=1,
    max_size=40,
)


def test_without_censoring_the_restricted_mean_is_the_mean_of_the_times_cut_at_the_horizon():
    found = restricted_mean([2, 4, 6, 8], [1, 1, 1, 1], tau=5)

    assert found.value == pytest.approx(np.mean([2, 4, 5, 5]))
    assert found.std_err == pytest.approx(np.std([2, 4, 5, 5]) / 2)


def test_a_horizon_beyond_all_follow_up_is_refused_unless_all_have_died():
    assert restricted_mean([2, 4], [1, 1], tau=10).value == pytest.approx(3)
    with pytest.raises(DataError, match="beyond the largest follow-up"):
        restricted_mean([2, 4], [1, 0], tau=10)
    with pytest.raises(DataError, match="above 0"):
        restricted_mean([2, 4], [1, 0], tau=0)


def test_the_horizon_of_two_groups_is_the_smaller_of_their_largest_follow_ups():
    months, group = [1, 2, 9, 1, 3, 7], list("aaabbb")
    found = compare_restricted_means(months, [1, 1, 0, 1, 0, 0], group, reference="b")

    assert (found.tau, found.tau_is_given) == (7, False)
    assert found.groups == ("a", "b")
    assert found.difference.value == pytest.approx(found.means[0].value - found.means[1].value)
    with pytest.raises(DataError, match="none of the groups"):
        compare_restricted_means(months, [1] * 6, group, reference="c")
    with pytest.raises(NotEnoughData, match="No event"):
        compare_restricted_means(months, [0] * 6, group)
    with pytest.raises(NotEnoughData, match="2 groups"):
        compare_restricted_means(months, [1] * 6, list("aabbcc"))


@given(follow_ups)
@settings(max_examples=80, deadline=None)
def test_episodes_keep_every_month_and_every_event(rows):
    months, died = np.array([r[0] for r in rows], float), np.array([r[1] for r in rows])
    changed = np.array([math.nan if r[2] is None else r[2] for r in rows])
    for cut in (split_at(months, died, [3, 7]), split_at_change(months, died, changed)):
        assert np.all(cut.entry < cut.months)
        assert np.sum(cut.months - cut.entry) == pytest.approx(months.sum())
        assert cut.died.sum() == died[months > 0].sum()
        assert cut.n_without_time == np.sum(months == 0)


def test_an_event_at_a_cut_belongs_to_the_period_before_it():
    cut = split_at([3, 5], [1, 1], [3])

    assert cut.patient.tolist() == [0, 1, 1]
    assert cut.state.tolist() == [0, 0, 1]
    assert cut.died.tolist() == [True, False, True]
    with pytest.raises(UsageError, match="ascending"):
        split_at([3], [1], [4, 2])


def test_a_change_at_the_very_end_is_never_at_risk_and_one_at_the_start_holds_throughout():
    cut = split_at_change([4, 4, 4, 4], [1, 1, 1, 1], [4, 0, 1, math.nan])

    assert cut.patient.tolist() == [0, 1, 2, 2, 3]
    assert cut.state.tolist() == [0, 1, 0, 1, 0]


def test_a_landmark_keeps_those_followed_beyond_it_and_counts_the_rest():
    found = start_at_landmark([1, 2, 3, 4, 5], [1, 0, 1, 0, 1], 3)

    assert found.kept.tolist() == [False, False, False, True, True]
    assert found.months.tolist() == [1, 2]
    assert (found.n_died_before, found.n_censored_before) == (2, 1)
    with pytest.raises(NotEnoughData, match="No patient"):
        start_at_landmark([1, 2], [1, 1], 2)
    with pytest.raises(UsageError):
        start_at_landmark([1, 2], [1, 1], -1)


@pytest.mark.parametrize("at", [3, 6, 9])
def test_after_a_landmark_who_enters_on_the_day_of_a_death_is_not_at_risk_of_it(at):
    # A time and an entry of the same day must stay equal when both are counted from the landmark.
    days = np.arange(math.ceil(at * DAYS_PER_MONTH), 2500)
    deaths = start_at_landmark(days / DAYS_PER_MONTH, np.ones(days.size), at)
    entering = start_at_landmark(
        (days + 30) / DAYS_PER_MONTH, np.zeros(days.size), at, entry=days / DAYS_PER_MONTH
    )

    assert entering.entry is not None
    assert entering.entry.tolist() == deaths.months.tolist()


def test_a_state_entered_late_gains_no_immortal_time():
    """One hazard for all: a group known only from its late change seems protected; the state itself does not."""
    rng = np.random.default_rng(7)
    n = 4000
    months, change = rng.exponential(20, n), rng.exponential(20, n)
    changed = np.where(change < months, change, math.nan)
    died = np.ones(n, dtype=bool)
    cut = split_at_change(months, died, changed)
    found = cox(cut.months, cut.died, states_design(cut.state, [1]), entry=cut.entry)
    borrowed = cox(months, died, ~np.isnan(changed))

    assert borrowed.high[0] < 0.7
    assert found.low[0] < 1 < found.high[0]
    assert (cut.months - cut.entry).sum() == pytest.approx(months.sum())


def test_hazard_ratios_by_period_find_a_change_and_not_where_there_is_none():
    rng = np.random.default_rng(8)
    group = np.arange(3000) % 2
    early = rng.exponential(10, 3000)
    late = 10 + rng.exponential(np.where(group == 1, 40, 10))
    months = np.where(early < 10, early, late)
    died = np.ones(3000, dtype=bool)
    found = piecewise_cox(months, died, group, [10])

    assert found.periods == ((0, 10), (10, math.inf))
    assert found.fit.low[0] < 1 < found.fit.high[0]
    assert found.fit.low[1] < 0.25 < found.fit.high[1]
    assert found.change is not None
    assert found.change.p_value < 1e-6
    assert proportional_hazards(months, died, group).overall.p_value < 1e-6
    unchanged = piecewise_cox(early, died, group, [5]).change
    assert unchanged is not None
    assert unchanged.p_value > 0.01


def test_a_period_without_events_has_no_ratio_and_the_other_keeps_its_own():
    found = piecewise_cox([1, 2, 3, 4, 8, 9], [1, 1, 1, 1, 0, 0], [0, 1, 1, 0, 1, 0], [5])

    assert found.n_events == (4, 0)
    assert np.isnan(found.fit.coefficients).tolist() == [False, True]
    assert found.change is None


@pytest.mark.parametrize(("group", "error"), [([0, 2], DataError), ([0, 1, 1], DataError)])
def test_a_group_that_is_neither_0_nor_1_is_refused(group, error):
    with pytest.raises(error):
        piecewise_cox([1, 2], [1, 1], group, [1])


def test_proportional_hazards_of_what_has_no_ratio_are_not_tested():
    months, died, group = np.arange(1, 41), np.arange(40) % 2, np.arange(40) % 2
    with pytest.raises(NotEnoughData, match="0 or infinite"):
        proportional_hazards(months, died, group)
    with pytest.raises(UsageError, match="each of 1 columns once"):
        proportional_hazards(months, died, group, terms=[[0], [0]])
    with pytest.raises(UsageError, match="time_scale"):
        proportional_hazards(months, died, group, time_scale="squared")  # type: ignore[arg-type]


def test_follow_up_of_those_who_died_does_not_end_at_death():
    """All would be seen at 10; two died before: median follow-up is 10, not 6."""
    assert reverse_kaplan_meier([2, 4, 10, 10], [1, 1, 0, 0]).median().value == 10
    assert reverse_kaplan_meier([2, 4], [1, 1]).median().value is None

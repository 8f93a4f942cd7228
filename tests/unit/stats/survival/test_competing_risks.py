"""Competing risks by hand and by what must hold; agreement with R is in tests/oracle."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oligoscope.errors import DataError, NotEnoughData, UsageError
from oligoscope.stats.doubts import Doubt, Remark
from oligoscope.stats.survival.competing_risks import cause_specific_cox, cumulative_incidence
from oligoscope.stats.survival.cox import cox
from oligoscope.stats.survival.fine_gray import fine_gray
from oligoscope.stats.survival.gray import gray_test
from oligoscope.stats.survival.kaplan_meier import kaplan_meier
from oligoscope.stats.survival.log_rank import log_rank

follow_ups = st.lists(st.tuples(st.integers(1, 12), st.integers(0, 2)), min_size=4, max_size=60)


def _simulated(n: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    months, cause = np.ceil(rng.exponential(20, n)), rng.choice([0, 1, 2], n, p=[0.3, 0.4, 0.3])
    return months, cause, rng.normal(size=(n, 2))


def test_incidence_by_hand():
    """Of 4: one progresses at 1 (1/4), one dies at 2; one of the 2 left progresses at 3: + 1/2 x 1/2."""
    curve = cumulative_incidence([1, 2, 3, 4], [1, 2, 1, 0])

    assert curve.incidence == pytest.approx([0.25, 0.25, 0.5, 0.5])
    assert curve.at(3.5)[0] == 0.5
    assert curve.at(0.5)[0] == 0
    assert curve.at(4)[0] == 0.5  # the last follow-up itself is followed
    assert math.isnan(curve.at(5)[0])
    assert curve.n_competing.tolist() == [0, 1, 0, 0]


@given(follow_ups)
@settings(max_examples=60, deadline=None)
def test_the_incidences_of_all_causes_and_survival_add_up_to_one(rows):
    months, cause = (np.array(column) for column in zip(*rows, strict=True))
    incidences = [cumulative_incidence(months, cause, of).incidence for of in (1, 2)]

    assert sum(incidences) + kaplan_meier(months, cause > 0).survival == pytest.approx(1)


@given(follow_ups)
@settings(max_examples=60, deadline=None)
def test_with_one_cause_only_it_is_one_less_kaplan_meier_with_greenwoods_error(rows):
    months, cause = (np.array(column) for column in zip(*rows, strict=True))
    curve, survival = cumulative_incidence(months, cause == 1), kaplan_meier(months, cause == 1)

    assert curve.incidence == pytest.approx(1 - survival.survival)
    alive = survival.survival > 1e-9
    assert curve.std_err[alive] == pytest.approx(survival.std_err[alive], abs=1e-7)


def test_a_cause_without_events_has_incidence_0():
    curve = cumulative_incidence([1, 2, 3], [1, 0, 1], of=2)

    assert curve.incidence.tolist() == [0, 0, 0]
    assert np.isnan(curve.high).all()


@pytest.mark.parametrize("cause", [[0, 1, -1], [0, 1, 1.5], [0, 1], [0, 1, math.nan]])
def test_a_cause_that_is_no_cause_is_refused(cause):
    with pytest.raises(DataError):
        cumulative_incidence([1, 2, 3], cause)


def test_unknown_limits_are_refused():
    with pytest.raises(UsageError, match="log-log"):
        cumulative_incidence([1], [1], limits="logit")  # type: ignore[arg-type]


def test_grays_test_does_not_mind_the_order_or_the_names_of_the_groups():
    months, cause, x = _simulated(200)
    group = np.where(x[:, 0] > 0, "a", "b")
    test = gray_test(months, cause, group)
    mixed = np.random.default_rng(2).permutation(200)
    again = gray_test(months[mixed], cause[mixed], np.where(group == "a", "z", "b")[mixed])

    assert again.chi_squared == pytest.approx(test.chi_squared)
    assert test.n_events == tuple(int(np.sum((cause == 1) & (group == g))) for g in "ab")


def test_without_other_causes_and_ties_grays_test_is_close_to_log_rank():
    rng = np.random.default_rng(4)
    months, died, group = rng.exponential(size=2000), rng.random(2000) < 0.6, np.arange(2000) % 2

    assert gray_test(months, died, group).chi_squared == pytest.approx(
        log_rank(months, died, group).chi_squared, rel=0.02
    )


def test_grays_test_needs_events_and_groups():
    with pytest.raises(NotEnoughData, match="one group"):
        gray_test([1, 2], [1, 1], ["a", "a"])
    with pytest.raises(NotEnoughData, match="cause 1"):
        gray_test([1, 2], [0, 2], ["a", "b"])


def test_without_other_causes_and_ties_fine_gray_is_cox():
    rng = np.random.default_rng(3)
    months, died, x = rng.exponential(size=300), rng.random(300) < 0.7, rng.normal(size=(300, 2))
    fit, plain = fine_gray(months, died, x), cox(months, died, x, cluster=np.arange(300))

    assert fit.coefficients == pytest.approx(plain.coefficients, rel=1e-8)
    assert fit.covariance == pytest.approx(plain.covariance, rel=1e-8)


def test_a_patient_repeated_in_its_cluster_adds_no_information():
    months, cause, x = _simulated(200)
    each = fine_gray(months, cause, x)
    twice = fine_gray(
        np.tile(months, 2), np.tile(cause, 2), np.tile(x, (2, 1)), cluster=np.tile(np.arange(200), 2)
    )

    assert twice.coefficients == pytest.approx(each.coefficients)
    assert twice.covariance == pytest.approx(each.covariance)


def test_fine_gray_counts_patients_and_the_events_of_each_cause():
    months, cause, x = _simulated(300)
    for of in (1, 2):
        fit = fine_gray(months, cause, x, of)
        assert (fit.n, fit.n_events, fit.n_competing) == (300, (cause == of).sum(), (cause == 3 - of).sum())


def test_fine_gray_names_what_has_no_ratio():
    months, cause, x = _simulated(200)
    repeated = fine_gray(months, cause, np.column_stack([x, x[:, 0]]))
    separated = fine_gray(months, cause, cause == 1)

    assert repeated.not_estimable == (2,)
    assert repeated.warning
    assert np.isnan(separated.coefficients).all()
    assert separated.warning == Remark(Doubt.HAZARDS_NO_MAXIMUM)
    with pytest.raises(NotEnoughData, match="constant"):
        fine_gray(months, cause, np.ones(200))


def test_for_a_cause_specific_hazard_the_other_causes_censor():
    months, cause, x = _simulated(200)

    assert cause_specific_cox(months, cause, x, of=2).coefficients == pytest.approx(
        cox(months, cause == 2, x).coefficients
    )

"""What the library is silent about, spoken; agreement with R is in tests/oracle."""

from __future__ import annotations

import math

import numpy as np
import pytest

from oligoscope.errors import DataError, NotEnoughData, UsageError
from oligoscope.stats.doubts import Doubt, Remark
from oligoscope.stats.survival.cox import cox

MONTHS = [1, 2, 3, 4, 5, 6]
GROUP = [0, 1, 0, 1, 0, 1]


def test_one_event_in_each_of_two_groups_gives_an_estimate_by_hand():
    """A dies at 1 of {A, B, C}, B at 2 of {B, C}; with x = 0, 1, 0 the likelihood is e^b / ((2 + e^b)(1 + e^b))."""
    fit = cox([1, 2, 3], [1, 1, 0], [0, 1, 0])

    assert fit.coefficients[0] == pytest.approx(math.log(2) / 2)
    assert fit.log_likelihood[0] == pytest.approx(math.log(1 / 6))
    assert fit.converged


def test_ties_are_by_efron():
    """Both die at 1 of {x = 1, 0, 0}: e^b / ((2 + e^b)(2 + e^b - (1 + e^b) / 2)) is largest at e^b = sqrt 6."""
    fit = cox([1, 1, 2], [1, 1, 0], [1, 0, 0])

    assert fit.hazard_ratios[0] == pytest.approx(math.sqrt(6))


@pytest.mark.parametrize("n", [6, 60, 6000])
@pytest.mark.parametrize("events_in", [0, 1])
def test_events_in_one_group_only_are_named_not_printed_as_a_huge_number(n, events_in):
    group = np.arange(n) % 2
    fit = cox(np.arange(1, n + 1), group == events_in, group)

    assert not fit.converged
    assert fit.problem == "separation"
    assert fit.warning == Remark(Doubt.HAZARDS_SEPARATED)
    assert np.isnan([fit.coefficients, fit.standard_errors, fit.hazard_ratios, fit.low, fit.high]).all()
    assert np.isnan(fit.p_values).all()


def test_the_columns_beside_a_separated_one_keep_their_estimates():
    rng = np.random.default_rng(1)
    age, level = rng.normal(size=300), np.arange(300) % 3
    months, died = rng.exponential(size=300), level != 2
    fit = cox(months, died, np.column_stack([age, level == 1, level == 2]))
    without = cox(months[level != 2], died[level != 2], np.column_stack([age, level == 1])[level != 2])

    assert fit.not_estimable == (2,)
    assert fit.warning == Remark.of(Doubt.HAZARDS_SEPARATED, of_columns="3")
    # With a hazard of 0 the third level weighs nothing in any risk set: the others are as without it.
    assert fit.coefficients[:2] == pytest.approx(without.coefficients, rel=1e-6)


def test_separation_by_a_measured_variable_is_found():
    """Who dies next is always the one with the largest value: the likelihood has no maximum."""
    fit = cox(MONTHS, [1] * 6, [60.0, 50, 40, 30, 20, 10])

    assert fit.problem in {"separation", "not_converged"}
    assert math.isnan(fit.hazard_ratios[0])


def test_a_strong_but_finite_effect_is_no_separation():
    rng = np.random.default_rng(2)
    x = rng.normal(size=400)
    fit = cox(rng.exponential(size=400) * np.exp(-4 * x), np.ones(400), x)

    assert fit.converged
    assert fit.coefficients[0] == pytest.approx(4, abs=0.5)


def test_an_outlier_is_no_separation():
    rng = np.random.default_rng(3)
    x = rng.normal(size=400)
    x[7] = 1e5

    assert cox(rng.exponential(size=400), np.ones(400), x).converged


def test_a_column_that_repeats_another_is_named():
    fit = cox(MONTHS, [1, 1, 1, 1, 0, 1], np.column_stack([GROUP, 1 - np.array(GROUP)]))
    alone = cox(MONTHS, [1, 1, 1, 1, 0, 1], GROUP)

    assert fit.problem == "collinear"
    assert fit.not_estimable == (1,)
    assert fit.coefficients[0] == pytest.approx(alone.coefficients[0])


def test_robust_errors_come_with_clusters_and_carry_the_limits():
    plain = cox(MONTHS, [1, 1, 1, 1, 0, 1], GROUP)
    paired = cox(MONTHS, [1, 1, 1, 1, 0, 1], GROUP, cluster=["a", "a", "b", "b", "c", "c"])

    assert plain.robust_standard_errors is None
    assert paired.robust_standard_errors is not None
    assert paired.standard_errors[0] == pytest.approx(plain.standard_errors[0])
    assert paired.robust_standard_errors[0] != pytest.approx(plain.standard_errors[0])
    reach = math.log(paired.high[0] / paired.low[0]) / 2
    assert reach == pytest.approx(1.959963984540054 * paired.robust_standard_errors[0])


def test_a_weight_of_two_is_as_good_as_the_patient_twice_without_ties():
    """True of the coefficient under Efron only without ties, so the doubled patient is censored."""
    weighted = cox([1, 2, 3, 4], [1, 1, 1, 0], [0, 1, 0, 1], weights=[1, 1, 1, 2])
    doubled = cox([1, 2, 3, 4, 4], [1, 1, 1, 0, 0], [0, 1, 0, 1, 1])

    assert weighted.coefficients[0] == pytest.approx(doubled.coefficients[0])


def test_limits_follow_the_level():
    wide = cox(MONTHS, [1, 1, 1, 1, 0, 1], GROUP, level=0.99)
    narrow = cox(MONTHS, [1, 1, 1, 1, 0, 1], GROUP, level=0.90)

    assert wide.low[0] < narrow.low[0] < wide.hazard_ratios[0] < narrow.high[0] < wide.high[0]


@pytest.mark.parametrize(
    ("died", "design", "message"),
    [([0] * 6, GROUP, "No event"), ([1] * 6, [1] * 6, "one group only")],
)
def test_without_events_or_groups_there_is_no_hazard_ratio(died, design, message):
    with pytest.raises(NotEnoughData, match=message):
        cox(MONTHS, died, design)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"months": [-1, 2, 3, 4, 5, 6]}, "negative"),
        ({"design": [0, 1, None, 1, 0, 1]}, "covariate: each is missing .*position 3"),
        ({"design": [0, 1]}, "expected 6 rows"),
        ({"design": np.zeros((6, 0))}, "1 column or more"),
        ({"weights": [1, 1, 1, 1, 1, 0]}, "not above 0"),
        ({"weights": [1, 1]}, "2 values of weight"),
        ({"entry": [0, 0, 0, 0, 0, 6]}, "before the end of follow-up"),
        ({"entry": [0, 0, 0, 0, 0, -1]}, "negative"),
        ({"cluster": ["a", None, "b", "b", "c", "c"]}, "cluster: each is missing"),
        ({"strata": ["a"]}, "1 values of strata"),
    ],
)
def test_impossible_input_is_refused_with_its_place(arguments, message):
    sound = {"months": MONTHS, "died": [1, 1, 1, 1, 0, 1], "design": GROUP}

    with pytest.raises(DataError, match=message):
        cox(**(sound | arguments))


def test_a_level_in_percent_is_refused():
    with pytest.raises(UsageError, match=r"0\.95"):
        cox(MONTHS, [1, 1, 1, 1, 0, 1], GROUP, level=95)

"""Logistic regression: what R prints as a large number has a warning; agreement with R is in tests/oracle."""

from __future__ import annotations

import math

import numpy as np
import pytest

from oligoscope.errors import DataError, NotEnoughData, UsageError
from oligoscope.stats.doubts import Doubt, Remark
from oligoscope.stats.regression.firth import firth
from oligoscope.stats.regression.logistic import logistic
from oligoscope.stats.regression.logistic_newton import maximise_logistic
from oligoscope.stats.survival.column_tests import cox_interaction, wald_columns


def _table(a: int, b: int, c: int, d: int) -> tuple[np.ndarray, np.ndarray]:
    """a and b with and without the outcome of those exposed, c and d of those not."""
    exposed = np.repeat([1, 1, 0, 0], [a, b, c, d])
    return np.repeat([1, 0, 1, 0], [a, b, c, d]), exposed


def test_a_two_by_two_table_gives_the_cross_product_and_woolfs_error():
    fit = logistic(*_table(12, 5, 7, 9))

    assert fit.odds_ratios[0] == pytest.approx(12 * 9 / (5 * 7))
    assert fit.standard_errors[0] == pytest.approx(math.sqrt(1 / 12 + 1 / 5 + 1 / 7 + 1 / 9))
    assert fit.intercept == pytest.approx(math.log(7 / 9))
    assert fit.warning is None


@pytest.mark.parametrize(("seed", "columns"), [(1, 1), (8, 2), (16, 2)])
def test_where_a_step_overshoots_its_half_is_taken_in_coefficients_and_log_odds_alike(seed, columns):
    """Very unequal weights make Newton's step too long; at the maximum the residuals are orthogonal to every column (Agresti 2013, 5.5)."""
    rng = np.random.default_rng(seed)
    x = rng.standard_cauchy((60, columns))
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    outcome = (rng.random(60) < 1 / (1 + np.exp(3 * x.sum(axis=1)))).astype(np.float64)
    weights = np.exp(3 * rng.normal(size=60))
    found = maximise_logistic(outcome, x, weights)

    assert found.converged
    assert found.linear_predictor == pytest.approx(found.estimate[0] + x @ found.estimate[1:], abs=1e-6)
    residual = weights * (outcome - found.fitted)
    assert [residual.sum(), *(x.T @ residual)] == pytest.approx([0] * (1 + columns), abs=1e-7)


def test_weights_count_patients():
    outcome, exposed = _table(12, 5, 7, 9)
    once = logistic(outcome, exposed)
    counted = logistic([1, 0, 1, 0], [1, 1, 0, 0], weights=[12, 5, 7, 9])

    assert counted.covariance == pytest.approx(once.covariance)
    assert counted.log_likelihood == pytest.approx(once.log_likelihood)


def test_a_patient_repeated_in_its_cluster_adds_no_information():
    outcome, exposed = _table(12, 5, 7, 9)
    each = logistic(outcome, exposed, cluster=np.arange(33))
    twice = logistic(np.tile(outcome, 2), np.tile(exposed, 2), cluster=np.tile(np.arange(33), 2))

    assert twice.robust_standard_errors == pytest.approx(each.robust_standard_errors)
    assert twice.standard_errors == pytest.approx(each.standard_errors / math.sqrt(2))


def test_a_column_that_separates_is_named_and_the_others_are_as_without_its_rows():
    rng = np.random.default_rng(3)
    level, age = rng.integers(0, 3, 300), rng.normal(60, 10, 300)
    outcome = rng.random(300) < 1 / (1 + np.exp(-(age - 60) / 10))
    outcome[level == 2] = False
    fit = logistic(outcome, np.column_stack([level == 1, level == 2, age]))
    rest = level != 2
    without = logistic(outcome[rest], np.column_stack([level == 1, age])[rest])

    assert (fit.problem, fit.separation, fit.not_estimable) == ("separation", (1,), (1,))
    assert fit.warning == Remark.of(Doubt.ODDS_SEPARATED, of_columns="2")
    assert fit.coefficients[[0, 2]] == pytest.approx(without.coefficients, rel=1e-6)
    assert fit.standard_errors[[0, 2]] == pytest.approx(without.standard_errors, rel=1e-6)
    assert fit.intercept == pytest.approx(without.intercept, rel=1e-6)


@pytest.mark.parametrize("n", [8, 80, 8000])
def test_complete_separation_withholds_the_odds_ratio(n):
    fit = logistic(np.arange(n) >= n // 2, np.arange(n))

    assert fit.problem == "separation"
    assert np.isnan([*fit.coefficients, *fit.low, *fit.high, *fit.p_values]).all()
    assert fit.log_likelihood[1] == pytest.approx(0, abs=1e-6)


def test_a_rare_column_that_does_not_separate_keeps_its_estimate():
    outcome = np.arange(20_000) % 2
    rare = np.zeros(20_000)
    rare[[0, 1, 3]] = 1

    assert logistic(outcome, rare).odds_ratios[0] == pytest.approx(2 * 9999 / 9998 * 9999 / 9999, rel=1e-3)


def test_a_column_that_repeats_others_is_named_and_the_others_stay():
    x, y = np.random.default_rng(1).normal(size=(2, 50))
    outcome = np.arange(50) % 3 == 0
    fit = logistic(outcome, np.column_stack([x, y, x + y, np.ones(50)]))

    assert (fit.problem, fit.not_estimable) == ("collinear", (2, 3))
    assert fit.coefficients[:2] == pytest.approx(logistic(outcome, np.column_stack([x, y])).coefficients)


def test_a_year_gives_the_same_odds_ratio_as_years_since_then():
    years, outcome = np.arange(2000, 2030), np.arange(30) % 4 == 1

    assert logistic(outcome, years).coefficients == pytest.approx(
        logistic(outcome, years - 2000).coefficients
    )


@pytest.mark.parametrize(
    ("outcome", "design", "error", "words"),
    [
        ([0, 0, 0], [1, 2, 3], NotEnoughData, "No patient has"),
        ([1, 1, 1], [1, 2, 3], NotEnoughData, "Every patient has"),
        ([0, 1, 1], [2, 2, 2], NotEnoughData, "constant"),
        ([1, 2, 2], [1, 2, 3], DataError, "neither 0 nor 1"),
        ([0, 1, 1], [1, math.nan, 3], DataError, "missing"),
        ([0, 1, 1], [1, 2], DataError, "expected 3 rows"),
        ([], [], NotEnoughData, "no patient"),
    ],
)
def test_what_has_no_answer_is_refused(outcome, design, error, words):
    with pytest.raises(error, match=words):
        logistic(outcome, design)


def test_a_wald_test_of_one_column_is_its_z_squared():
    fit = logistic(*_table(12, 5, 7, 9))
    test = wald_columns(fit, [0])

    assert test.chi_squared == pytest.approx(fit.z[0] ** 2)
    assert test.p_value == pytest.approx(fit.p_values[0])
    with pytest.raises(UsageError):
        wald_columns(fit, [1])


def test_firth_in_a_two_by_two_table_adds_one_half_to_each_cell():
    """Firth 1993: with as many coefficients as cells the penalty is Haldane's correction."""
    fit = firth(*_table(6, 0, 7, 9))

    assert fit.odds_ratios[0] == pytest.approx(6.5 * 9.5 / (0.5 * 7.5))
    assert 1 < fit.low[0] < fit.odds_ratios[0] < fit.high[0] < math.inf
    assert fit.p_values[0] < 0.05


def test_firth_names_a_column_that_repeats_others():
    outcome, exposed = _table(6, 2, 7, 9)
    fit = firth(outcome, np.column_stack([exposed, 1 - exposed]))

    assert fit.not_estimable == (1,)
    assert np.isnan(fit.high[1])
    assert fit.warning


def test_an_interaction_needs_two_groups_and_two_subgroups():
    outcome, exposed = _table(12, 5, 7, 9)
    with pytest.raises(NotEnoughData, match="one subgroup"):
        cox_interaction(np.arange(1, 34), outcome, exposed, ["men"] * 33)
    with pytest.raises(NotEnoughData, match="one group"):
        cox_interaction(np.arange(1, 34), outcome, np.ones(33), exposed)


def test_a_subgroup_without_one_of_the_groups_uses_no_degree_of_freedom():
    rng = np.random.default_rng(2)
    group, subgroup = rng.integers(0, 2, 400), rng.integers(0, 3, 400)
    group[subgroup == 2] = 0
    test = cox_interaction(rng.exponential(size=400), rng.random(400) < 0.7, group, subgroup)

    assert test.degrees_of_freedom == 1

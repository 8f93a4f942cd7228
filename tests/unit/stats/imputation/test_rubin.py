"""Rubin's rules, pooled tests and pooled curves: worked by hand, at their limits, and refused."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from oligoscope.errors import DataError, NotEnoughData
from oligoscope.stats.imputation.pooled_curve import pool_curves
from oligoscope.stats.imputation.pooled_tests import pool_wald
from oligoscope.stats.imputation.rubin import pool
from oligoscope.stats.survival.kaplan_meier import kaplan_meier
from oligoscope.stats.survival.nelson_aalen import nelson_aalen


def test_rubins_rules_worked_by_hand():
    """Rubin 1987, (3.1.2) to (3.1.8): mean 2, within 0.5, between 1, total 0.5 + 4/3."""
    pooled = pool([1, 2, 3], [0.4, 0.5, 0.6])

    assert pooled.estimate == 2
    assert pooled.within == pytest.approx(0.5)
    assert pooled.between == pytest.approx(1)
    assert pooled.total == pytest.approx(0.5 + 4 / 3)
    assert pooled.degrees_of_freedom == pytest.approx(2 * (1 + 0.5 / (4 / 3)) ** 2)
    assert pooled.riv == pytest.approx((4 / 3) / 0.5)
    reach = stats.t.ppf(0.975, pooled.degrees_of_freedom) * math.sqrt(pooled.total)
    assert (pooled.low, pooled.high) == pytest.approx((2 - reach, 2 + reach))


def test_equal_estimates_pool_to_themselves_exactly():
    pooled = pool([0.1] * 7, [0.3] * 7)

    assert (pooled.estimate, pooled.within, pooled.between) == (0.1, 0.3, 0)


def test_one_data_set_gives_its_own_analysis():
    pooled = pool([0.5], [0.04], complete_df=20)

    assert pooled.degrees_of_freedom == 20
    assert pooled.p_value == pytest.approx(2 * stats.t.sf(2.5, 20))
    assert pool([0.5], [0.04]).p_value == pytest.approx(2 * stats.norm.sf(2.5))
    assert pooled.fmi == 0


def test_degrees_of_freedom_are_never_more_than_the_complete_data_have():
    for spread in (0, 1e-6, 0.1, 3):
        assert pool([1, 1 + spread], [0.5, 0.5], complete_df=30).degrees_of_freedom < 30


def test_an_analysis_without_an_estimate_is_not_passed_over():
    with pytest.raises(NotEnoughData, match="1 of 3"):
        pool([1, np.nan, 2], [1, 1, 1])
    with pytest.raises(DataError, match="not above 0"):
        pool([1, 2], [1, 0])
    with pytest.raises(DataError, match="2 estimates but 3 variances"):
        pool([1, 2], [1, 1, 1])


def test_joint_tests_of_equal_data_sets_are_the_test_of_one():
    estimate, covariance = np.array([1.0, -0.5]), np.array([[0.2, 0.05], [0.05, 0.1]])
    wald = float(estimate @ np.linalg.inv(covariance) @ estimate)
    expected = stats.chi2.sf(wald, 2)

    assert pool_wald([estimate] * 4, [covariance] * 4).p_value == pytest.approx(expected)
    assert pool_wald([estimate], [covariance]).p_value == pytest.approx(expected)


@pytest.mark.parametrize("m", [2, 3, 5])
def test_a_joint_test_of_one_coefficient_is_rubins_t_test_squared(m):
    """Li, Raghunathan & Rubin 1991, (1.17): up to five data sets the denominator of one coefficient is Rubin's of 1987."""
    estimates, variances = np.array([1.0, 2.0, 3.0, 2.5, 1.5])[:m], np.array([0.4, 0.5, 0.6, 0.3, 0.7])[:m]
    alone, joint = pool(estimates, variances), pool_wald(estimates[:, None], variances[:, None, None])

    assert joint.df2 == pytest.approx(alone.degrees_of_freedom)
    assert joint.p_value == pytest.approx(alone.p_value)


def test_a_joint_test_of_equal_data_sets_has_the_denominator_of_reiter():
    """Reiter 2007 for nothing missing: (df + 1)/(df + 3) df."""
    test = pool_wald([[1.0, 2.0]] * 4, [np.eye(2)] * 4, complete_df=50)

    assert test.df2 == pytest.approx(51 / 53 * 50)


def test_too_few_imputations_for_reiters_denominator_take_the_large_sample_one():
    test = pool_wald([[1.0, 2.0], [1.5, 1.0]], [np.eye(2)] * 2, complete_df=50)

    assert not test.complete_df_used
    assert test.df2 == pytest.approx(2 * 1.5 * (1 + 1 / test.riv) ** 2 / 2)


def test_joint_tests_refuse_what_does_not_belong_together():
    with pytest.raises(DataError, match="need covariances"):
        pool_wald([[1.0, 2.0]], [np.eye(3)])
    with pytest.raises(NotEnoughData, match="lack a coefficient"):
        pool_wald([[1.0, np.nan]], [np.eye(2)])
    with pytest.raises(NotEnoughData, match="no inverse"):
        pool_wald([[1.0, 2.0]], [np.ones((2, 2))])


@pytest.mark.parametrize("seed", range(40))
def test_equal_curves_pool_to_themselves_with_their_limits_and_median(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 40))
    curve = kaplan_meier(np.ceil(rng.exponential(10, n)), rng.random(n) < 0.8)
    pooled = pool_curves([curve] * (1 + seed % 5))

    assert np.array_equal(pooled.survival, curve.survival)
    np.testing.assert_allclose(pooled.low, curve.low, rtol=1e-12)
    np.testing.assert_allclose(pooled.high, curve.high, rtol=1e-12)
    assert pooled.median() == curve.median()
    for months in (1, 12, 1000):
        assert pooled.at(months).value == curve.at(months).value


def test_two_curves_pool_by_hand():
    """One event among 4 and among 5 at month 2: hazards on the log scale, Greenwood over (S log S)^2."""
    pooled = pool_curves(
        [kaplan_meier([2, 3, 3, 3], [1, 0, 0, 0]), kaplan_meier([2, 3, 3, 3, 3], [1, 0, 0, 0, 0])]
    )
    u = [math.log(-math.log(0.75)), math.log(-math.log(0.8))]
    v = [1 / (4 * 3) / math.log(0.75) ** 2, 1 / (5 * 4) / math.log(0.8) ** 2]
    by_hand = pool(u, v)

    found = pooled.at(2)
    assert found.value == pytest.approx(math.exp(-math.exp(by_hand.estimate)), rel=1e-12)
    assert found.low == pytest.approx(math.exp(-math.exp(by_hand.high)), rel=1e-12)
    assert found.high == pytest.approx(math.exp(-math.exp(by_hand.low)), rel=1e-12)
    assert found.n_at_risk == 4
    assert pooled.median().value is None


def test_a_pooled_curve_never_rises_starts_at_1_and_ends_with_the_first_of_its_curves():
    rng = np.random.default_rng(8)
    curves = [kaplan_meier(rng.exponential(10, 60), rng.random(60) < 0.7) for _ in range(5)]
    pooled = pool_curves(curves)

    assert np.all(np.diff(pooled.survival) <= 1e-12)
    assert pooled.survival[0] == 1
    assert np.isnan(pooled.low[0])
    assert pooled.times[-1] <= min(curve.times[-1] for curve in curves)
    assert pooled.at(1000).value is None


def test_a_curve_that_alone_falls_to_0_ends_the_pooled_one_before():
    falls, goes_on = kaplan_meier([1, 2, 3], [1, 1, 1]), kaplan_meier([1, 2, 3, 9], [1, 1, 1, 0])
    pooled = pool_curves([falls, goes_on])

    assert pooled.times.tolist() == [1, 2]
    assert pooled.survival[-1] > 0


def test_while_one_curve_is_at_1_so_is_the_pooled_one():
    """log(-log S) falls without limit as S rises to 1, and so does its mean (Marshall et al., BMC Med Res Methodol 2009, 9:57)."""
    early, late = kaplan_meier([1, 3, 5], [1, 1, 0]), kaplan_meier([2, 3, 5], [0, 1, 0])
    for curves in ([early, late], [late, early]):
        pooled = pool_curves(curves)

        assert pooled.times.tolist() == [1, 2, 3, 5]
        assert pooled.survival[:2].tolist() == [1, 1]
        assert np.isnan(pooled.low[:2]).all()
        assert np.isnan(pooled.high[:2]).all()
        assert 1 / 3 < pooled.survival[2] < 1 / 2


def test_where_all_curves_are_at_0_so_is_the_pooled_one():
    """All patients have died in every data set: nothing is left to pool, and no limits are."""
    pooled = pool_curves([kaplan_meier([1, 2], [1, 1]), kaplan_meier([1, 1, 2], [1, 0, 1])])

    assert pooled.survival[-1] == 0
    assert np.isnan(pooled.low[-1])
    assert pooled.at(1000).value == 0


def test_no_curve_is_refused():
    with pytest.raises(DataError, match="no survival curve"):
        pool_curves([])


def test_the_cumulative_hazard_by_hand():
    """Events at 1 (of 4 at risk) and two at 2 (of 3): 1/4, then 2/3 more; with Efron's ties 1/3 + 1/2."""
    months, died = [2, 1, 2, 2], [1, 1, 0, 1]

    assert nelson_aalen(months, died) == pytest.approx([1 / 4 + 2 / 3, 1 / 4, 1 / 4 + 2 / 3, 1 / 4 + 2 / 3])
    assert nelson_aalen(months, died, "efron")[0] == pytest.approx(1 / 4 + 1 / 3 + 1 / 2)

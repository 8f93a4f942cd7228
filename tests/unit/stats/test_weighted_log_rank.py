"""Weighted log-rank tests: what holds of them whatever R says (their oracle: tests/oracle/test_changing_hazards.py)."""

from __future__ import annotations

import numpy as np
import pytest

from oligoscope.errors import DataError, NotEnoughData, UsageError
from oligoscope.stats.comparison.largest_normal import largest_normal_tail
from oligoscope.stats.survival.clustered_score_test import clustered_score_test
from oligoscope.stats.survival.log_rank import log_rank
from oligoscope.stats.survival.rmst import compare_restricted_means
from oligoscope.stats.survival.rmst_of_sets import restricted_means_of_sets
from oligoscope.stats.survival.weighted_log_rank import MAX_COMBO, FlemingHarrington, weighted_log_rank


def cohort(n: int = 120) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    first = np.arange(n) % 2 == 0
    months = np.ceil(rng.exponential(10, n) * (1 + first))
    seen = np.ceil(rng.uniform(5, 30, n))
    return np.minimum(months, seen), months <= seen, first


def test_powers_of_0_are_the_log_rank_test():
    months, died, first = cohort()
    found = weighted_log_rank(months, died, first, [FlemingHarrington(0, 0)])
    usual = log_rank(months, died, first)

    assert found.deviates[0] ** 2 == pytest.approx(usual.chi_squared)
    assert found.p_value == pytest.approx(usual.p_value)
    assert found.deviates[0] < 0  # the first group has fewer events than expected


def test_with_weights_it_is_the_clustered_score_test():
    months, died, first = cohort()
    weights, sets = np.tile([0.5, 1.0, 2.0], 40), np.arange(120) // 2
    one = [FlemingHarrington(0, 0)]
    found = weighted_log_rank(months, died, first, one, case_weights=weights, cluster=sets)

    assert found.deviates[0] ** 2 == pytest.approx(
        clustered_score_test(months, died, first, weights, sets).statistic
    )


def test_the_order_of_the_patients_does_not_matter():
    months, died, first = cohort()
    turned = np.random.default_rng(1).permutation(120)

    one, other = (weighted_log_rank(months[i], died[i], first[i]) for i in (np.arange(120), turned))

    assert one.p_value == pytest.approx(other.p_value, rel=1e-12)
    assert one.deviates == pytest.approx(other.deviates, rel=1e-12)


def test_the_largest_of_several_is_judged_between_its_own_p_and_bonferroni():
    months, died, first = cohort()
    found = weighted_log_rank(months, died, first)
    alone = weighted_log_rank(months, died, first, [MAX_COMBO[found.largest]]).p_value

    assert alone < found.p_value < 4 * alone


@pytest.mark.parametrize("z", [0.1, 2.0, 8.0, 30.0])
def test_tails_of_deviates_that_are_independent_or_one(z):
    alone = largest_normal_tail(z, [[1.0]])

    assert largest_normal_tail(z, [[1.0, 1.0], [1.0, 1.0]]) == pytest.approx(alone)
    assert largest_normal_tail(z, np.eye(3)) == pytest.approx(-np.expm1(3 * np.log1p(-alone)), rel=1e-8)
    assert largest_normal_tail(z, np.eye(2)) == pytest.approx(-np.expm1(2 * np.log1p(-alone)), rel=1e-8)


def test_what_cannot_be_tested_is_refused():
    months, died, first = cohort()
    with pytest.raises(NotEnoughData, match="No event"):
        weighted_log_rank(months, np.zeros(120), first)
    with pytest.raises(NotEnoughData, match="Both groups"):
        weighted_log_rank(months, died, np.ones(120))
    with pytest.raises(NotEnoughData, match="two groups were at risk"):
        weighted_log_rank(
            [1, 2, 5, 6], [1, 1, 0, 0], [1, 1, 0, 0], [FlemingHarrington(0, 1)], entry=[0, 0, 3, 3]
        )
    with pytest.raises(UsageError):
        weighted_log_rank(months, died, first, [FlemingHarrington(-1, 0)])
    with pytest.raises(UsageError):
        weighted_log_rank(months, died, first, case_weights=np.ones(120))
    with pytest.raises(NotEnoughData, match="4 independent"):
        largest_normal_tail(1.0, np.eye(4))
    with pytest.raises(DataError):
        largest_normal_tail(0.0, np.eye(2))


def test_restricted_means_of_patients_alone_have_greenwoods_variance():
    months, died, first = cohort()
    found = restricted_means_of_sets(months, died, first, 20.0)
    usual = compare_restricted_means(months, died, first.astype(int), reference=0, tau=20.0)

    assert found.difference == pytest.approx(usual.difference.value)
    assert found.variance == pytest.approx(usual.difference.std_err**2)


def test_restricted_means_beyond_follow_up_or_without_an_event_are_refused():
    months, died, first = cohort()
    with pytest.raises(DataError, match="beyond"):
        restricted_means_of_sets(months, died, first, 1000.0)
    with pytest.raises(NotEnoughData):
        restricted_means_of_sets(months, died, first, 0.5)
    with pytest.raises(NotEnoughData, match="Both groups"):
        restricted_means_of_sets(months, died, np.ones(120, bool), 5.0)

"""Balance, its gate and the advice where it fails; agreement with R is in tests/oracle."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import special

from oligoscope.errors import DataError, NotEnoughData, UsageError
from oligoscope.stats.comparison.summaries import smd_continuous, smd_factor, smd_levels
from oligoscope.stats.doubts import Doubt, Remark
from oligoscope.stats.matching.balance import balance
from oligoscope.stats.matching.balance_advice import (
    ScoredCohort,
    alternatives,
    next_better_choice,
    try_matching,
)
from oligoscope.stats.matching.balance_gate import average_balance, judge_balance
from oligoscope.stats.matching.matching_options import MatchingOptions
from oligoscope.stats.matching.propensity_score import propensity_score
from oligoscope.stats.matching.weighting import weigh
from oligoscope.stats.regression.design_matrix import read_covariates

RNG = np.random.default_rng(20250408)


def draw_cohort(n: int, pull: float, rng: np.random.Generator = RNG) -> ScoredCohort:
    """Patients whose age and stage pull them into the treated group."""
    age, stage = rng.normal(65, 9, n), rng.choice(["IIIC", "IV"], n)
    logit = pull * ((age - 65) / 9 + (stage == "IV"))
    treated = rng.random(n) < 1 / (1 + np.exp(-logit))
    covariates = read_covariates({"age": age, "stage": stage})
    return ScoredCohort(treated, propensity_score(treated, covariates).logit, covariates)


def test_before_matching_the_numbers_are_those_of_the_summaries():
    age, stage = RNG.normal(65, 9, 80), RNG.choice(["IIIC", "IV", "IVB"], 80)
    treated = RNG.random(80) < 0.4
    rows = balance(read_covariates({"age": age, "stage": stage}), treated).rows

    table = [[np.sum(treated & (stage == s)), np.sum(~treated & (stage == s))] for s in sorted(set(stage))]
    assert rows[0].smd == pytest.approx(smd_continuous(age[treated], age[~treated]))
    assert [row.smd for row in rows[1:4]] == pytest.approx(smd_levels(table))
    assert rows[4].smd == pytest.approx(smd_factor(table))
    assert [row.kind for row in rows] == ["number", "level", "level", "level", "factor"]


def test_after_matching_the_sd_is_that_before_unless_asked_otherwise():
    """Means 2 and 1; variances before 32 and 0.5, after 2 and 0.5."""
    covariates = read_covariates({"x": [1, 3, 13, 0.5, 1.5]})
    treated, weights = [1, 1, 1, 0, 0], [1, 1, 0, 1, 1]
    before = np.var([1, 3, 13], ddof=1)

    unmatched = balance(covariates, treated, weights).rows[0]
    matched = balance(covariates, treated, weights, denominator="matched").rows[0]

    assert unmatched.smd == pytest.approx(1 / math.sqrt((before + 0.5) / 2))
    assert matched.smd == pytest.approx(1 / math.sqrt((2 + 0.5) / 2))
    assert unmatched.variance_ratio == pytest.approx(4)


def test_a_level_that_all_have_is_balanced_and_one_that_divides_the_groups_is_infinite():
    rows = balance(read_covariates({"a": list("xxxx"), "b": list("yyzz")}), [1, 1, 0, 0]).rows

    assert [row.smd for row in rows] == [0, 0, math.inf, -math.inf, math.inf]


def test_ks_distances_are_given_when_asked_for():
    """At 2, all of the controls and none of the treated are passed but for the tie at 2."""
    row = balance(read_covariates({"x": [2, 3, 1, 2]}), [1, 1, 0, 0], ks=True).rows[0]

    assert row.ks == pytest.approx(0.5)


def test_the_gate_averages_absolute_values_over_imputations():
    """+0.2 and -0.2 do not cancel; the largest of any imputation is given with the average."""
    covariates = [read_covariates({"x": x}) for x in ([1, 2, 3, 0, 2, 4], [0, 1, 2, 1, 2, 3.3])]
    balances = [balance(one, [1, 1, 1, 0, 0, 0]) for one in covariates]
    sizes = [abs(one.rows[0].smd) for one in balances]

    verdict = judge_balance(balances, limit=0.1)

    assert verdict.largest == pytest.approx(np.mean(sizes))
    assert verdict.maximum == pytest.approx(max(sizes))
    assert (verdict.passed, verdict.largest_name, verdict.n_imputations) == (False, "x", 2)


def test_the_gate_judges_levels_and_numbers_not_whole_factors():
    """Three levels 0.08, 0 and -0.08 apart: each within 0.1, the factor as a whole not."""
    shares = {"a": (54, 50), "b": (100, 100), "c": (46, 50)}
    stage = [s for side in (0, 1) for s, n in shares.items() for _ in range(n[side])]
    found = balance(read_covariates({"stage": stage}), [1] * 200 + [0] * 200)

    verdict = judge_balance([found], limit=0.05)

    assert verdict.largest == max(abs(row.smd) for row in found.rows[:3])
    assert verdict.passed
    assert verdict.largest_name in {"stage=a", "stage=c"}


def test_a_balance_at_the_limit_passes():
    found = balance(read_covariates({"x": [1, 2, 3, 2, 3, 4]}), [1, 1, 1, 0, 0, 0])

    assert judge_balance([found], limit=1.0).passed
    assert not judge_balance([found], limit=0.999).passed


def test_averages_need_the_same_rows():
    first = balance(read_covariates({"x": list("ab")}), [1, 0])
    second = balance(read_covariates({"x": list("aa")}), [1, 0])

    with pytest.raises(DataError, match="imputations differ"):
        average_balance([first, second])
    with pytest.raises(DataError, match="no balance"):
        average_balance([])


@pytest.mark.parametrize(
    ("weights", "error", "message"),
    [
        ([0, 0, 1, 1], NotEnoughData, "no patient was matched"),
        ([1, 1, -1, 1], DataError, "negative"),
        ([1, 1], DataError, "4 patients but 2 values of weight"),
    ],
)
def test_weights_that_mean_nothing_are_refused(weights, error, message):
    with pytest.raises(error, match=message):
        balance(read_covariates({"x": [1, 2, 3, 4]}), [1, 1, 0, 0], weights)


def test_one_patient_has_no_sd():
    with pytest.raises(NotEnoughData, match="of x needs 2"):
        balance(read_covariates({"x": [1, 2, 3]}), [1, 0, 0])


def test_a_limit_of_nothing_is_refused():
    with pytest.raises(UsageError, match="limit of balance is 0"):
        judge_balance([balance(read_covariates({"x": list("ab")}), [1, 0])], 0)


def test_the_advice_is_the_first_choice_that_passes_in_the_declared_order():
    cohorts = [draw_cohort(400, 0.8, np.random.default_rng(seed)) for seed in (1, 2)]
    loose, _ = try_matching(cohorts, MatchingOptions(caliper=None), 0.1)

    found = next_better_choice(cohorts, loose, limit=0.1)

    assert found.asked.verdict is not None
    assert not found.asked.verdict.passed
    assert found.better is not None
    assert found.better.verdict is not None
    assert found.better.verdict.passed
    *earlier, last = found.tried
    assert last is found.better
    assert not any(choice.verdict and choice.verdict.passed for choice in earlier)
    assert len(found.better.n_pairs) == 2


def test_overlap_weights_of_a_logistic_score_balance_exactly():
    """Li, Morgan & Zaslavsky 2018, theorem 3."""
    cohort = draw_cohort(300, 0.5)
    weights = weigh(cohort.treated, special.expit(cohort.logit), "overlap").weights

    assert judge_balance([balance(cohort.covariates, cohort.treated, weights)], 0.1).maximum < 1e-6


def test_where_nothing_passes_the_least_imbalance_is_offered_if_it_is_less():
    cohort = draw_cohort(400, 0.8)
    asked, stricter = (
        try_matching([cohort], MatchingOptions(caliper=caliper), 1e-9)[0] for caliper in (None, 0.1)
    )

    better = next_better_choice(
        [cohort], asked, 1e-9, choices=[choice.options for choice in (asked, stricter)]
    ).better
    none = next_better_choice([cohort], stricter, 1e-9, choices=[asked.options]).better

    assert better is not None
    assert better.options == stricter.options
    assert none is None


def test_a_choice_without_pairs_has_a_reason_instead_of_a_verdict():
    cohort = ScoredCohort(
        np.array([True, True, False, False]), np.array([5.0, 5, -5, -5]), read_covariates({"x": [1, 2, 3, 4]})
    )
    tried, matchings = try_matching([cohort], MatchingOptions(), 0.1)

    assert tried.verdict is None
    assert tried.problem == Remark(Doubt.NO_PAIRS)
    assert (tried.n_pairs, len(matchings)) == ((0,), 1)


def test_the_choices_tried_are_declared_distinct_and_never_the_one_asked_for():
    asked = MatchingOptions()
    choices = [other.choice for other in alternatives(asked)]

    assert len(set(choices)) == len(choices)
    assert asked.choice not in choices
    assert choices[0][:2] == ("nearest", "ascending")

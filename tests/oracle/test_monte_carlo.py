"""The Monte Carlo error of pooled estimates, and how many imputations it takes, against R's `mice`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from oligoscope.errors import UsageError
from oligoscope.stats.imputation.monte_carlo import (
    imputations_by_missing,
    imputations_by_von_hippel,
    imputations_by_white,
    imputations_for_digit,
    may_cross,
    monte_carlo_error,
)
from oligoscope.stats.imputation.rubin import pool
from oligoscope.stats.matching.balance import Balance, BalanceRow
from oligoscope.stats.matching.balance_gate import judge_balance

ANSWERS = json.loads((Path(__file__).parent / "monte_carlo.json").read_text(encoding="utf-8"))["cases"]
CASES: list[dict[str, Any]] = ANSWERS["cases"]
GATES: list[dict[str, Any]] = ANSWERS["gates"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"m{case['m']}")
def test_errors_of_estimate_ratio_limits_and_p_are_those_of_r(case):
    found = monte_carlo_error(case["estimates"], case["variances"], case["complete_df"])

    for name in ("ratio", "low", "high", "p_value"):
        assert getattr(found, name) == pytest.approx(case[name], rel=1e-9), name
    assert found.estimate == pytest.approx(case["error"], rel=1e-9)  # sqrt(between / m), by Rubin
    assert found.estimate == pytest.approx(case["jackknifed"], rel=1e-9)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"m{case['m']}")
def test_both_rules_ask_for_as_many_imputations_as_r(case):
    fmi = pool(case["estimates"], case["variances"], case["complete_df"]).fmi

    assert fmi == pytest.approx(case["fmi"], rel=1e-9)
    assert imputations_by_white(fmi) == case["white"]
    assert imputations_by_von_hippel(fmi, case["m"]) == case["von_hippel"]


@pytest.mark.parametrize(("fmi", "m"), [(0.05, 5), (0.1, 10), (0.2, 20), (0.3, 30), (0.5, 50)])
def test_white_royston_and_wood_ask_for_a_hundred_times_the_missing_information(fmi, m):
    """Section 7.3."""
    assert imputations_by_white(fmi) == m


@pytest.mark.parametrize(("fmi", "m"), [(0.1, 3), (0.3, 19), (0.5, 51), (0.7, 99), (0.9, 163)])
def test_von_hippels_rule_is_quadratic(fmi, m):
    """With a fraction that is known (from very many imputations): 1 + (fmi / 0.05)^2 / 2."""
    assert imputations_by_von_hippel(fmi - 1e-9, 10**12) == pytest.approx(m, abs=1)
    assert imputations_by_von_hippel(fmi, 5) > imputations_by_von_hippel(fmi, 500)


def test_the_error_by_jackknife_is_what_repeating_the_imputations_shows():
    """Estimates drawn anew: the spread of the pooled ratios over 4,000 sets of 20 is the mean error that one set states."""
    rng = np.random.default_rng(7)
    sets = rng.normal(-0.4, 0.15, (4000, 20))
    ratios = np.exp(sets.mean(axis=1))
    stated = [monte_carlo_error(one, np.full(20, 0.04)).ratio for one in sets[:300]]

    assert np.mean(stated) == pytest.approx(ratios.std(ddof=1), rel=0.05)


@pytest.mark.parametrize("case", GATES, ids=lambda case: f"m{len(case['sizes'])}")
def test_the_error_of_the_gate_of_balance_is_that_of_r(case):
    """Each imputation left out in turn, when another level may be the largest."""
    balances = [
        Balance(tuple(BalanceRow(f"x{i}", None, "number", 0, 0, size, None, None) for i, size in enumerate(row)), "unmatched")
        for row in case["sizes"]
    ]  # fmt: skip

    verdict = judge_balance(balances, 0.1)

    assert verdict.largest == pytest.approx(case["largest"], rel=1e-12)
    assert verdict.monte_carlo_error == pytest.approx(case["error"], rel=1e-9)
    assert verdict.is_by_draws is case["crosses"]
    assert judge_balance(balances[:1], 0.1).monte_carlo_error is None


def test_r_has_gates_on_either_side_of_the_question():
    assert {case["crosses"] for case in GATES} == {True, False}


@pytest.mark.parametrize(
    ("incomplete", "n", "m"), [(0, 50, 20), (12, 100, 20), (20, 100, 20), (201, 1000, 21), (1, 3, 34), (9, 9, 100)]
)  # fmt: skip
def test_there_are_as_many_imputations_as_per_cent_of_incomplete_patients_and_20_at_least(incomplete, n, m):
    """White, Royston & Wood 2011, section 7.3; a part of a per cent counts as one."""
    assert imputations_by_missing(incomplete, n) == m


def test_a_limit_is_crossed_within_the_interval_of_t_and_never_without_an_error():
    """t of 4 degrees of freedom is 2.776."""
    assert may_cross(0.04, 0.0037, 5, 0.05)
    assert not may_cross(0.04, 0.0035, 5, 0.05)
    assert may_cross(0.06, 0.0037, 5, 0.05)
    assert not may_cross(0.05, 0.0, 5, 0.05)
    assert not may_cross(0.05, float("nan"), 2, 0.05)


def test_a_digit_takes_the_error_of_half_its_unit():
    assert imputations_for_digit(0.005, 5, 2) == 5
    assert imputations_for_digit(0.02, 5, 2) == 80
    assert imputations_for_digit(0.0, 5, 2) == 2


def test_where_nothing_is_between_there_is_no_error():
    found = monte_carlo_error([0.3] * 5, [0.04] * 5)

    assert (found.estimate, found.ratio, found.low, found.p_value) == (0, 0, 0, 0)
    assert imputations_by_white(0.0) == imputations_by_von_hippel(0.0, 5) == 2


def test_two_imputations_have_an_error_of_the_estimate_alone_and_one_has_none():
    found = monte_carlo_error([0.3, 0.5], [0.04, 0.05])

    assert found.estimate == pytest.approx(0.1)
    assert np.isnan([found.low, found.high, found.p_value]).all()
    with pytest.raises(UsageError):
        monte_carlo_error([0.3], [0.04])

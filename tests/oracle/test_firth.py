"""Firth's limits and P against R: one model, tables whose answer has a closed form, profiles of several imputations."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from oligoscope.stats.imputation.firth_pooled import FirthModels
from oligoscope.stats.regression.firth import firth
from oracle.model_data import read

CASES = read("firth_profiles")
RELATIVE = 1e-6  # `optim` comes so near to the maximum


def _models(case: dict[str, Any]) -> tuple[list[np.ndarray], list[np.ndarray]]:
    outcomes = [np.array(s["y"]) for s in case["sets"]]
    return outcomes, [np.column_stack(list(s["x"].values())).astype(float) for s in case["sets"]]


@pytest.mark.parametrize("name", ["separated", "imputed"])
def test_combined_profiles_are_those_of_r(name, agrees):
    case = CASES[name]
    found, expected = FirthModels(*_models(case)).pool(), case["found"]

    assert np.max(np.abs(found.coefficients - expected["coefficients"])) < RELATIVE
    agrees(np.log(found.low), expected["low"])
    agrees(np.log(found.high), expected["high"])
    agrees(found.p_values, expected["p_values"])


def test_the_joint_test_is_the_penalised_likelihood_ratio(agrees):
    expected = CASES["separated"]["found"]
    test = FirthModels(*_models(CASES["separated"])).test([c - 1 for c in expected["joint"]])

    agrees(test.p_value, expected["joint_p"], RELATIVE)


@pytest.mark.parametrize(
    "case", CASES["tables"], ids=lambda c: "{} of {} against {} of {}".format(*c["table"])
)
def test_a_table_without_an_event_on_one_side_has_the_limits_of_r(case, agrees):
    (outcome,), (design,) = _models(case)
    fit, expected = firth(outcome, design), case["found"]

    agrees(fit.coefficients, expected["coefficients"], RELATIVE)
    agrees(np.log([fit.low[0], fit.high[0]]), [expected["low"][0], expected["high"][0]], RELATIVE)
    agrees(fit.p_values, expected["p_values"], RELATIVE)


@pytest.mark.parametrize("n_first", [1, 2, 3, 5, 8, 13, 21, 30])
@pytest.mark.parametrize("with_outcome", [True, False])
def test_every_table_of_one_event_against_none_has_its_closed_form(n_first, with_outcome):
    """Jeffreys' prior of a saturated table adds half a patient to each of its cells (Firth 1993)."""
    for n_second in range(1, 28):
        outcome = np.r_[1.0, np.zeros(n_first - 1 + n_second)]
        if not with_outcome:
            outcome = 1 - outcome
        group = np.r_[np.ones(n_first), np.zeros(n_second)]
        fit = firth(outcome, group, limits=False)

        odds = (1.5 / (n_first - 0.5)) / (0.5 / (n_second + 0.5))
        assert fit.converged
        assert math.isclose(fit.odds_ratios[0], odds if with_outcome else 1 / odds, rel_tol=1e-8)


@pytest.mark.parametrize("seed", range(40))
def test_small_random_studies_have_a_finite_answer(seed):
    """A maximum, with the slope 0 there; limits about the estimate; P above 0 and at most 1.

    A limit may be infinite: where a plane through a few patients parts all others, the profile levels off.
    """
    rng = np.random.default_rng(seed)
    n = int(rng.integers(4, 25))
    k = int(rng.integers(1, max(2, n // 5)))
    design = np.column_stack([rng.normal(60, 9, n), rng.random((n, k)) < rng.uniform(0.05, 0.6)]).astype(
        float
    )
    outcome = (rng.random(n) < rng.uniform(0.1, 0.9)).astype(float)
    outcome[:2] = 1, 0

    fit = firth(outcome, design)

    kept = ~np.isnan(fit.coefficients)
    assert kept.any()
    assert np.all(np.isfinite(fit.coefficients[kept]))
    assert np.all((fit.low[kept] < fit.odds_ratios[kept]) & (fit.odds_ratios[kept] < fit.high[kept]))
    assert np.all((fit.p_values[kept] > 0) & (fit.p_values[kept] <= 1))
    reached = np.linalg.norm(_slope(outcome, design[:, kept], np.r_[fit.intercept, fit.coefficients[kept]]))
    assert reached < 1e-5


def _slope(outcome: np.ndarray, design: np.ndarray, at: np.ndarray) -> np.ndarray:
    """The penalised score, over the columns' sds."""
    x = np.column_stack([np.ones(len(outcome)), (design - design.mean(axis=0)) / design.std(axis=0)])
    at = np.r_[at[0] + design.mean(axis=0) @ at[1:], at[1:] * design.std(axis=0)]
    p = 1 / (1 + np.exp(-x @ at))
    w = p * (1 - p)
    leverage = w * np.einsum("ij,jk,ik->i", x, np.linalg.inv(x.T @ (x * w[:, None])), x)
    return x.T @ (outcome - p + leverage * (0.5 - p))

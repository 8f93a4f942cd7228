"""Estimated weights and what limits must know of them, against R (made by regenerate_weighting.R)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from oligoscope.stats.matching.estimated_weights import EstimatedWeights, estimate_weights
from oligoscope.stats.matching.propensity_score import propensity_score
from oligoscope.stats.regression.design_matrix import read_covariates
from oligoscope.stats.survival.cox import cox
from oligoscope.stats.survival.doubly_robust import doubly_robust_survival, pseudo_survival
from oligoscope.stats.survival.kaplan_meier import kaplan_meier
from oligoscope.stats.survival.weighted_comparison import score_residuals, stacked_error, stacked_log_rank

CASE = json.loads((Path(__file__).parent / "estimated_weights.json").read_text(encoding="utf-8"))["cases"][0]
MONTHS, DIED = np.array(CASE["months"]), np.array(CASE["died"]) == 1
WOMAN = np.array(CASE["woman"]) == 1
ECOG = [str(int(v)) for v in CASE["ecog"]]
COVARIATES = read_covariates({"age": np.array(CASE["age"], dtype=float), "ecog": np.array(ECOG)})
DESIGN = np.column_stack([CASE["age"], np.array(ECOG) == "1", np.array(ECOG) == "2"]).astype(float)
PLACE = np.arange(MONTHS.size)
TARGETS = list(CASE["targets"])


def made(target: str) -> EstimatedWeights:
    return estimate_weights(WOMAN, COVARIATES, propensity_score(WOMAN, COVARIATES), target)  # type: ignore[arg-type]


def known(_: object) -> np.ndarray:
    return np.zeros(MONTHS.size)


@pytest.mark.parametrize("target", TARGETS)
def test_weights(target):
    weights = made(target).weighting.weights

    assert weights == pytest.approx(np.array(CASE["targets"][target]["weights"]), rel=1e-8)


@pytest.mark.parametrize("target", TARGETS)
def test_the_error_of_a_log_hazard_ratio(target):
    expected, found = CASE["targets"][target], made(target)
    weights = found.weighting.weights
    fit = cox(MONTHS, DIED, WOMAN.astype(float)[:, None], weights=weights, cluster=PLACE)
    residuals = score_residuals(MONTHS, DIED, WOMAN.astype(float), weights, float(fit.coefficients[0]))

    assert fit.coefficients[0] == pytest.approx(expected["beta"], rel=1e-8)
    assert stacked_error(residuals, weights, PLACE, known) == pytest.approx(expected["robust"], rel=1e-8)
    assert stacked_error(residuals, weights, PLACE, found.shift) == pytest.approx(
        expected["stacked"], rel=1e-8
    )


@pytest.mark.parametrize("target", TARGETS)
def test_the_log_rank_test(target):
    expected, found = CASE["targets"][target], made(target)
    weights = found.weighting.weights

    p = stacked_log_rank(MONTHS, DIED, WOMAN, weights, PLACE, known)
    assert p == pytest.approx(expected["log_rank_known"], rel=1e-8)
    p = stacked_log_rank(MONTHS, DIED, WOMAN, weights, PLACE, found.shift)
    assert p == pytest.approx(expected["log_rank_stacked"], rel=1e-7)


@pytest.mark.parametrize("target", TARGETS)
def test_weighted_curves(target):
    weights = made(target).weighting.weights
    for inside, expected in zip((WOMAN, ~WOMAN), CASE["targets"][target]["curves"], strict=True):
        people = np.arange(int(inside.sum()))
        curve = kaplan_meier(
            MONTHS[inside], DIED[inside], weights=weights[inside], cluster=people, patient=people
        )
        at = [curve.at(months) for months in (6, 12, 24)]
        assert [a.value for a in at] == pytest.approx(expected["survival"], rel=1e-8)
        assert [a.low for a in at] == pytest.approx(expected["low"], rel=1e-8)
        assert [a.high for a in at] == pytest.approx(expected["high"], rel=1e-8)


@pytest.mark.parametrize("expected", CASE["doubly_robust"], ids=lambda e: f"{e['months']:g} months")
def test_the_doubly_robust_difference(expected):
    pseudo = np.empty(MONTHS.size)
    for inside in (WOMAN, ~WOMAN):
        pseudo[inside] = pseudo_survival(MONTHS[inside], DIED[inside], expected["months"])
    score = propensity_score(WOMAN, COVARIATES).probability
    found = doubly_robust_survival(pseudo, WOMAN, score, DESIGN)

    assert pseudo == pytest.approx(np.array(expected["pseudo"]), rel=1e-8, abs=1e-10)
    assert (found.treated, found.controls) == pytest.approx(
        (expected["treated"], expected["controls"]), rel=1e-8
    )
    errors = (found.treated_error, found.controls_error, found.standard_error)
    assert errors == pytest.approx(expected["errors"], rel=1e-8)

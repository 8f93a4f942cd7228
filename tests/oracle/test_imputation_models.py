"""What imputations are drawn from, against R: estimates and covariances of mice's models on the same augmented rows."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from oligoscope.stats.imputation.imputation_models import augment, fit_linear
from oligoscope.stats.regression.multinomial import fit_multinomial
from oligoscope.stats.regression.proportional_odds import fit_proportional_odds
from oligoscope.stats.survival.nelson_aalen import nelson_aalen

CASES = json.loads((Path(__file__).parent / "imputation_models.json").read_text(encoding="utf-8"))["cases"]
ROWS = {name: np.array(values) for name, values in CASES["rows"].items()}
DESIGN = np.column_stack([np.ones(len(ROWS["x"])), ROWS["x"]])
TO_THE_END = 1e-20  # Newton's decrement; imputation stops sooner
# R's multinom and polr stop their quasi-Newton search near the maximum, and differentiate numerically.
OF_A_SEARCH = 1e-5


def test_rows_are_added_against_perfect_prediction_as_by_augment_of_mice(agrees):
    expected = CASES["augmented"]
    of = np.array(expected["of"])
    x, level, weight = augment(np.column_stack([np.ones(len(of)), of]), np.array(expected["of_level"]), 3)

    agrees(x[len(of) :, 1:], expected["x"])
    assert level[len(of) :].tolist() == expected["level"]
    agrees(weight[len(of) :], expected["weight"])


def test_multinomial_regression_is_that_of_nnet(agrees):
    fit = fit_multinomial(DESIGN, ROWS["level"], ROWS["weight"], 3, tolerance=TO_THE_END)
    expected = CASES["multinomial"]

    agrees(fit.coefficients.T, expected["coefficients"], relative=OF_A_SEARCH)
    agrees(np.linalg.inv(fit.information), expected["covariance"], relative=OF_A_SEARCH)


def test_binary_regression_is_that_of_glm(agrees):
    fit = fit_multinomial(DESIGN, (ROWS["level"] == 0).astype(int), ROWS["weight"], 2, tolerance=TO_THE_END)
    expected = CASES["binary"]

    agrees(fit.coefficients[:, 0], expected["coefficients"])
    agrees(np.linalg.inv(fit.information), expected["covariance"], relative=1e-6)


def test_proportional_odds_regression_is_that_of_polr(agrees):
    fit = fit_proportional_odds(ROWS["x"], ROWS["level"], ROWS["weight"], 3, tolerance=TO_THE_END)
    expected = CASES["proportional_odds"]

    agrees(fit.coefficients, expected["coefficients"], relative=OF_A_SEARCH)
    agrees(fit.thresholds, expected["thresholds"], relative=OF_A_SEARCH)
    agrees(np.linalg.inv(fit.information), expected["covariance"], relative=1e-3)


def test_linear_regression_is_that_of_mice(agrees):
    expected = CASES["linear"]
    of = np.array(CASES["augmented"]["of"])
    model = fit_linear(np.column_stack([np.ones(len(of)), of]), np.array(expected["y"]))

    agrees(model.coefficients, expected["coefficients"])
    agrees(np.linalg.inv(model.gram), expected["covariance"])
    agrees(model.residual_sum, expected["residual_sum"])


@pytest.mark.parametrize("ties", ["nelson-aalen", "efron"])
def test_the_cumulative_hazard_is_that_of_survfit_and_with_efrons_ties_that_of_mice(ties, agrees):
    hazard = CASES["hazard"]

    agrees(nelson_aalen(hazard["time"], hazard["died"], ties), hazard[ties.replace("-", "_")])

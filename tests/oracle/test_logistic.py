"""Logistic regression against R: `glm`, robust covariance; Firth's."""

from __future__ import annotations

import numpy as np
import pytest

from oligoscope.stats.regression.firth import firth
from oligoscope.stats.regression.logistic import LogisticFit, logistic
from oracle.model_data import columns, complete_lung, death, death_design, read

LOGISTIC, FIRTH = read("logistic"), read("firth")


def _lung_design() -> np.ndarray:
    lung = complete_lung()
    return np.column_stack([lung["age"], lung["sex"], lung["ph.karno"]])


def _fit(name: str) -> LogisticFit:
    if name == "lung_weights":
        row = np.arange(1, _lung_design().shape[0] + 1)
        return logistic(complete_lung()["died"], _lung_design(), weights=1 + row % 3)
    d = death()
    return logistic(d["status"], death_design(d), cluster=d["age"] if name == "colon_cluster" else None)


def _endometrial() -> tuple[np.ndarray, np.ndarray]:
    data = columns("endometrial")
    return data["HG"], np.column_stack([data["NV"], data["PI"], data["EH"]])


@pytest.mark.parametrize("name", ["colon", "colon_cluster", "lung_weights"])
def test_estimates_limits_and_p_values_are_those_of_glm(name, agrees):
    fit, expected = _fit(name), LOGISTIC[name]

    agrees([fit.intercept, *fit.coefficients], expected["coefficients"])
    agrees(fit.full_covariance, expected["covariance"])
    agrees(fit.standard_errors, expected["standard_errors"][1:])
    agrees(fit.low, expected["low"][1:])
    agrees(fit.high, expected["high"][1:])
    agrees(fit.p_values, expected["p_values"][1:])
    agrees(fit.log_likelihood, expected["log_likelihood"])
    assert fit.converged
    if name != "lung_weights":
        assert (fit.n, fit.n_events) == (expected["n"], expected["n_events"])


@pytest.mark.parametrize("name", ["endometrial", "lung"])
def test_firth_is_brglm2s_with_profile_penalised_limits(name, agrees):
    lung = complete_lung()
    data = (
        _endometrial()
        if name == "endometrial"
        else (lung["died"], np.column_stack([lung["age"], lung["sex"]]))
    )
    fit, expected = firth(*data), FIRTH[name]

    agrees([fit.intercept, *fit.coefficients], expected["coefficients"])
    agrees(fit.standard_errors, expected["standard_errors"][1:])
    # R's limits and P come from a maximisation by differences of the likelihood: 1e-6.
    agrees(np.log(fit.low), expected["low"][1:], 1e-6)
    agrees(np.log(fit.high), expected["high"][1:], 1e-6)
    agrees(fit.chi_squared, expected["chi_squared"][1:], 1e-6)
    agrees(fit.p_values, expected["p_values"][1:], 1e-6)


def test_firth_gives_the_published_figures_of_the_endometrial_data():
    """Heinze & Schemper 2002, table III: NV 2.93 (0.61 to 7.85), PI -0.03, EH -2.60 (-4.37 to -1.23)."""
    fit = firth(*_endometrial())

    assert np.round(fit.coefficients, 2).tolist() == [2.93, -0.03, -2.60]
    assert np.round(np.log([fit.low[0], fit.high[0]]), 2).tolist() == [0.61, 7.85]

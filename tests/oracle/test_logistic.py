"""Logistic regression against R: `glm`, robust covariance, profile limits, likelihood ratios; Firth's; ROC, calibration."""

from __future__ import annotations

import numpy as np
import pytest

from oligoscope.stats.comparison.chi_square import ColumnTest
from oligoscope.stats.regression.calibration import calibration
from oligoscope.stats.regression.discrimination import auc
from oligoscope.stats.regression.firth import firth
from oligoscope.stats.regression.logistic import LogisticFit, logistic
from oligoscope.stats.regression.profile_limits import logistic_profile_limits
from oligoscope.stats.survival.column_tests import likelihood_ratio_logistic
from oligoscope.stats.survival.interaction import logistic_interaction
from oracle.model_data import columns, complete_lung, death, death_design, read

LOGISTIC, FIRTH, ROC = read("logistic"), read("firth"), read("discrimination")


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


def _same(test: ColumnTest, expected: dict[str, float], agrees, relative: float = 1e-8) -> None:
    agrees(test.chi_squared, expected["chi_squared"], relative)
    agrees(test.p_value, expected["p_value"], relative)
    assert test.degrees_of_freedom == expected["degrees_of_freedom"]


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


@pytest.mark.parametrize("name", ["colon", "lung"])
def test_profile_limits_are_where_rs_likelihood_has_fallen_by_half_of_3_84(name, agrees):
    d = death()
    data = (d["status"], death_design(d)) if name == "colon" else (complete_lung()["died"], _lung_design())
    limits, expected = logistic_profile_limits(*data), LOGISTIC["profile"][name]

    agrees(limits.low, expected["low"])
    agrees(limits.high, expected["high"])
    # R's confint() interpolates the profile by a spline.
    agrees(np.column_stack([limits.low, limits.high]), expected["confint"], 1e-3)


def test_likelihood_ratios_are_those_of_anova(agrees):
    d = death()
    expected = LOGISTIC["likelihood_ratio"]

    _same(likelihood_ratio_logistic(d["status"], death_design(d), [3, 4]), expected["grade"], agrees)
    _same(likelihood_ratio_logistic(d["status"], death_design(d), range(5)), expected["all"], agrees)


def test_a_likelihood_ratio_stands_where_the_data_separate(agrees):
    """R's deviance has come to its limit although its coefficient has not."""
    test = likelihood_ratio_logistic(*_endometrial(), [0])

    _same(test, LOGISTIC["likelihood_ratio"]["separated"], agrees)
    assert test.warning


@pytest.mark.parametrize("adjusted", [False, True])
def test_interaction_p_is_that_of_anova(adjusted, agrees):
    d = death()
    adjust = d["nodes"][:, None] if adjusted else None
    test = logistic_interaction(d["status"], d["rx"], d["sex"], adjust=adjust)

    _same(test, LOGISTIC["interaction"]["rx_sex_adjusted" if adjusted else "rx_sex"], agrees)


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


@pytest.mark.parametrize("name", ["fitted", "ties", "karno"])
def test_area_and_delong_limits_are_those_of_proc(name, agrees):
    d, lung, expected = death(), complete_lung(), ROC["auc"][name]
    found = auc(*{
        "fitted": (d["status"], ROC["fitted"]),
        "ties": (d["status"], d["nodes"]),
        "karno": (lung["died"], -lung["ph.karno"]),
    }[name])  # fmt: skip

    agrees(
        [found.value, found.low, found.high, found.std_err],
        [expected[k] for k in ("value", "low", "high", "std_err")],
    )


@pytest.mark.parametrize("name", ["in_sample", "elsewhere"])
def test_calibration_is_that_of_glm_with_an_offset_and_of_hosmer_and_lemeshow(name, agrees):
    p, expected = np.array(ROC["fitted"]), ROC["calibration"][name]
    if name == "elsewhere":
        p = 1 / (1 + np.exp(-(0.3 + 1.4 * np.log(p / (1 - p)))))
    found = calibration(death()["status"], p, in_sample=name == "in_sample")
    assert found.slope is not None

    # In sample the intercept is 0 and the slope 1 but for rounding.
    assert found.intercept.value == pytest.approx(expected["intercept"][0], rel=1e-8, abs=1e-12)
    agrees(found.intercept.std_err, expected["intercept"][1])
    agrees([found.slope.value, found.slope.std_err], expected["slope"])
    agrees(found.brier, expected["brier"])
    test = expected["hosmer_lemeshow"]
    assert [g.n for g in found.groups] == test["n"]
    assert [g.observed for g in found.groups] == test["observed"]
    agrees([g.expected for g in found.groups], test["expected"])
    _same(found.hosmer_lemeshow, test, agrees)

"""Competing risks against R: `survfit` of several states, cmprsk's Gray test and `crr`, cause-specific `coxph`."""

from __future__ import annotations

import numpy as np
import pytest

from oligoscope.stats.survival.competing_risks import cause_specific_cox, cumulative_incidence
from oligoscope.stats.survival.fine_gray import fine_gray
from oligoscope.stats.survival.gray import gray_test
from oracle.model_data import columns, read

CASES = read("competing_risks")
MGUS = columns("mgus")
DESIGN = np.column_stack([MGUS["age"], MGUS["sex"] == "F", MGUS["hgb"]]).astype(float)
TIMES = ["months", "half_years"]  # few ties, many ties


@pytest.mark.parametrize("time", TIMES)
@pytest.mark.parametrize("kind", [0, 1, 2])
def test_cumulative_incidence_and_its_limits_are_those_of_survfit(time, kind, agrees):
    expected = CASES["incidence"][time][kind]
    curve = cumulative_incidence(MGUS[time], MGUS["cause"], limits=expected["limits"])
    found = [curve.at(t) for t in expected["times"]]

    agrees([f[0] for f in found], expected["incidence"])
    agrees([f[0] for f in found], CASES["cuminc"][time])
    agrees([f[1] for f in found], expected["low"])
    agrees([f[2] for f in found], expected["high"])
    steps = np.searchsorted(curve.times, expected["times"], side="right") - 1
    agrees(curve.std_err[steps], expected["std_err"])


@pytest.mark.parametrize("time", TIMES)
@pytest.mark.parametrize("group", ["sex", "band", "band_by_sex"])
@pytest.mark.parametrize("of", [1, 2])
def test_grays_test_is_that_of_cmprsk(time, group, of, agrees):
    expected = CASES["gray"][time][group]
    strata = MGUS["sex"] if group == "band_by_sex" else None
    test = gray_test(MGUS[time], MGUS["cause"], MGUS[group.removesuffix("_by_sex")], of, strata=strata)

    agrees(test.chi_squared, expected["chi_squared"][of - 1])
    agrees(test.p_value, expected["p_value"][of - 1])
    assert test.degrees_of_freedom == expected["degrees_of_freedom"][of - 1]


@pytest.mark.parametrize("time", TIMES)
@pytest.mark.parametrize("of", [1, 2])
def test_fine_gray_is_crr(time, of, agrees):
    fit, expected = fine_gray(MGUS[time], MGUS["cause"], DESIGN, of), CASES["fine_gray"][time][of - 1]

    agrees(fit.coefficients, expected["coefficients"])
    agrees(fit.covariance, expected["covariance"])
    agrees(fit.log_likelihood, expected["log_likelihood"])


@pytest.mark.parametrize("of", [1, 2])
def test_cause_specific_hazards_are_those_of_coxph(of, agrees):
    fit, expected = (
        cause_specific_cox(MGUS["months"], MGUS["cause"], DESIGN, of),
        CASES["cause_specific"][of - 1],
    )

    agrees(fit.coefficients, expected["coefficients"])
    agrees(fit.covariance, expected["covariance"])

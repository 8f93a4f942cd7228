"""Interval-censored times: the Weibull model of R's survreg, and Turnbull's equations solved in plain R."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from oligoscope.stats.survival.interval_censored import fit_weibull, read_intervals, turnbull

CASES = json.loads((Path(__file__).parent / "intervals.json").read_text(encoding="utf-8"))["cases"]


def _times(case):
    right = [np.inf if end == "Inf" else end for end in case["right"]]
    return read_intervals(case["left"], right)


@pytest.mark.parametrize("model", ["alone", "groups"])
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_weibull_model_is_that_of_survreg(case, model, agrees):
    expected = case[model]
    x = np.array(case["x"], dtype=float)[:, None]
    found = fit_weibull(_times(case), x if model == "groups" else x[:, :0])

    agrees(found.log_likelihood, expected["log_likelihood"])
    assert found.intercept == pytest.approx(expected["intercept"], rel=1e-6)
    assert found.shape == pytest.approx(expected["shape"], rel=1e-6)
    assert found.coefficients == pytest.approx(expected["coefficients"], rel=1e-6, abs=1e-9)
    assert found.standard_errors == pytest.approx(expected["standard_errors"], rel=1e-6)
    if model == "alone":
        assert found.median([])[0] == pytest.approx(expected["median"], rel=1e-6)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_curve_has_the_likelihood_of_turnbulls_equations_and_their_survival(case):
    """Their iteration ends where no mass moves by 1e-15; where the curve is flat between intervals both agree."""
    found, expected = turnbull(_times(case)), case["curve"]

    assert found.log_likelihood >= expected["log_likelihood"] - 1e-8
    assert found.log_likelihood == pytest.approx(expected["log_likelihood"], rel=1e-8)
    for month, high, low in zip(expected["times"], expected["highest"], expected["lowest"], strict=True):
        assert found.bounds(month) == pytest.approx((low, high), abs=1e-4)

"""Pooling over imputations against R's `mice` and `mitml`, on imputations stored with R's answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from oligoscope.stats.imputation.pooled_curve import pool_curves
from oligoscope.stats.imputation.pooled_tests import (
    PooledTest,
    pool_wald,
)
from oligoscope.stats.imputation.rubin import pool
from oligoscope.stats.survival.cox import cox
from oligoscope.stats.survival.kaplan_meier import kaplan_meier
from oligoscope.stats.survival.log_rank import log_rank

CASES = json.loads((Path(__file__).parent / "rubin.json").read_text(encoding="utf-8"))["cases"]
FIELDS = {
    "estimate": "estimate",
    "within": "within",
    "between": "between",
    "total": "total",
    "df": "degrees_of_freedom",
    "riv": "riv",
    "fmi": "fmi",
    "lambda": "lambda_",
    "p_value": "p_value",
    "low": "low",
    "high": "high",
}


def _arrays(case: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    return np.array(case["analyses"]["estimates"]), np.array(case["analyses"]["covariances"])


def _tested(case: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Estimates and covariances of the coefficients that the smaller model has not."""
    estimates, covariances = _arrays(case)
    places = np.array(case["tested"]) - 1
    return estimates[:, places], covariances[:, places[:, None], places]


def _same_test(test: PooledTest, expected: dict[str, float], agrees: Any) -> None:
    agrees(
        [test.statistic, test.df1, test.df2, test.p_value, test.riv],
        [expected[name] for name in ("statistic", "df1", "df2", "p_value", "riv")],
    )


@pytest.mark.parametrize("name", CASES["scalars"])
def test_a_scalar_is_pooled_as_by_pool_scalar(name, agrees):
    case = CASES["scalars"][name]
    pooled = pool(case["q"], case["u"], float(case["complete_df"]))

    for field in FIELDS.keys() & case.keys():
        agrees(getattr(pooled, FIELDS[field]), case[field])


@pytest.mark.parametrize(
    ("model", "answer"),
    [("linear", "pooled"), ("linear", "pooled_infinite"), ("logistic", "pooled"), ("cox", "pooled")],
)
def test_every_coefficient_is_pooled_as_by_mice(model, answer, agrees):
    estimates, covariances = _arrays(CASES[model])
    expected = CASES[model][answer]

    for j, complete_df in enumerate(expected["complete_df"]):
        pooled = pool(estimates[:, j], covariances[:, j, j], float(complete_df))
        for field, ours in FIELDS.items():
            agrees(getattr(pooled, ours), expected[field][j])


@pytest.mark.parametrize("model", ["linear", "logistic", "cox"])
def test_several_coefficients_are_tested_as_by_d1_of_mice(model, agrees):
    test = pool_wald(*_tested(CASES[model]), complete_df=CASES[model]["pooled"]["complete_df"][0])

    assert test.method == "D1"
    assert test.complete_df_used
    _same_test(test, CASES[model]["d1"], agrees)


def test_d1_for_large_complete_data_is_that_of_mitml(agrees):
    _same_test(pool_wald(*_tested(CASES["linear"])), CASES["linear"]["d1_infinite"], agrees)


def _imputed_lung(i: int) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    data = {name: np.array(values) for name, values in CASES["lung_imputed"][i].items()}
    return np.array(CASES["lung"]["time"]), np.array(CASES["lung"]["died"]), data


def test_our_cox_models_of_the_imputed_data_pool_to_the_hazard_ratios_of_r(agrees):
    expected, estimates, variances = CASES["cox"]["pooled"], [], []
    for i in range(5):
        months, died, data = _imputed_lung(i)
        design = [data["age"], data["sex"], data["ecog"] == "1", data["ecog"] == "2", data["wt.loss"]]
        fit = cox(months, died, np.column_stack(design))
        estimates.append(fit.coefficients)
        variances.append(fit.standard_errors**2)

    for j, complete_df in enumerate(expected["complete_df"]):
        pooled = pool(np.array(estimates)[:, j], np.array(variances)[:, j], complete_df)
        for field, ours in FIELDS.items():
            agrees(getattr(pooled, ours), expected[field][j])


def test_log_rank_tests_of_the_imputed_data_are_those_of_survdiff(agrees):
    statistics = []
    for i in range(5):
        months, died, data = _imputed_lung(i)
        statistics.append(log_rank(months, died, data["ecog"]).chi_squared)

    agrees(statistics, CASES["cox"]["log_rank"])


def test_survival_curves_pool_on_the_log_log_scale_as_r_does_time_by_time(agrees):
    curves = []
    for i in range(5):
        months, died, data = _imputed_lung(i)
        chosen = data["ecog"] != "0"
        curves.append(kaplan_meier(months[chosen], died[chosen]))
    pooled = pool_curves(curves)

    for expected in CASES["kaplan_meier"]["at"]:
        found = pooled.at(expected["time"])
        agrees([found.value, found.low, found.high], [expected[name] for name in ("survival", "low", "high")])
        step = np.searchsorted(pooled.times, expected["time"], side="right") - 1
        agrees([pooled.within[step], pooled.between[step]], [expected["within"], expected["between"]])
    assert pooled.median().value == CASES["kaplan_meier"]["median"]
    assert pooled.times[-1] == CASES["kaplan_meier"]["end"]

"""Cox regression (Efron) against R's `coxph`: one and many columns, strata, clusters, weights, delayed entry."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from oligoscope.stats.survival.cox import CoxFit, cox

HERE = Path(__file__).parent
CASES = json.loads((HERE / "cox.json").read_text(encoding="utf-8"))["cases"]
DATA = json.loads((HERE / "data.json").read_text(encoding="utf-8"))["cases"]


def _columns(source: str) -> dict[str, np.ndarray]:
    numbers = {}
    for name, values in DATA[source].items():
        text = isinstance(values[0], str)
        numbers[name] = np.array(values) if text else np.array(values, dtype=np.float64)
    return numbers


def _lung(columns: list[str], **asked: str) -> CoxFit:
    lung = _columns("lung")
    row = np.arange(1, 229)
    lung |= {
        "weight": 0.5 + (row % 4) / 2,
        "entry": np.floor(lung["time"] * (row % 3) / 4),
        "centre": row % 40,
    }
    design = np.column_stack([lung[name] for name in columns])
    kept = ~np.isnan(design).any(axis=1)
    optional: dict[str, Any] = {argument: lung[name][kept] for argument, name in asked.items()}
    return cox(lung["time"][kept], lung["status"][kept] == 2, design[kept], **optional)


def _veteran() -> CoxFit:
    veteran = _columns("veteran")
    cells = [veteran["celltype"] == cell for cell in ("large", "smallcell", "squamous")]
    design = np.column_stack([veteran["trt"], *cells, veteran["karno"]])
    return cox(veteran["time"], veteran["status"], design)


def _colon(*, both: bool, nodes: bool = False, strata: bool = False) -> CoxFit:
    colon = _columns("colon")
    kept = np.ones(1858, dtype=bool) if both else colon["etype"] == 2
    design = [colon["rx"] == "Lev", colon["rx"] == "Lev+5FU", *([colon["nodes"]] if nodes else [])]
    matrix = np.column_stack(design)
    kept &= ~np.isnan(matrix).any(axis=1)
    optional: dict[str, Any] = {"cluster": colon["id"][kept]} if both else {}
    if strata:
        optional["strata"] = colon["etype"][kept]
    return cox(colon["time"][kept], colon["status"][kept], matrix[kept], **optional)


FITS = {
    "lung_sex": lambda: _lung(["sex"]),
    "lung_three": lambda: _lung(["age", "sex", "ph.ecog"]),
    "lung_strata": lambda: _lung(["age", "ph.ecog"], strata="sex"),
    "lung_cluster": lambda: _lung(["age", "sex"], cluster="centre"),
    "lung_weights": lambda: _lung(["age", "sex"], weights="weight"),
    "lung_weights_cluster": lambda: _lung(["age", "sex"], weights="weight", cluster="centre"),
    "lung_entry": lambda: _lung(["age", "sex"], entry="entry"),
    "veteran_five": _veteran,
    "colon_rx": lambda: _colon(both=False),
    "colon_cluster": lambda: _colon(both=True),
    "colon_cluster_strata": lambda: _colon(both=True, nodes=True, strata=True),
}


def test_every_case_of_r_is_fitted_here():
    assert FITS.keys() == CASES.keys()


@pytest.mark.parametrize("name", FITS)
def test_coefficients_and_standard_errors_are_those_of_r(name, agrees):
    fit, expected = FITS[name](), CASES[name]

    agrees(fit.coefficients, expected["coefficients"])
    agrees(fit.standard_errors, expected["standard_errors"])
    agrees(fit.robust_standard_errors, expected["robust_standard_errors"])
    agrees(fit.covariance, expected["covariance"])
    agrees(fit.log_likelihood, expected["log_likelihood"])
    assert (fit.n, fit.n_events) == (expected["n"], expected["n_events"])
    assert fit.converged
    assert fit.warning is None


@pytest.mark.parametrize("name", FITS)
def test_limits_and_p_values_are_those_of_r(name, agrees):
    fit, expected = FITS[name](), CASES[name]

    agrees(fit.hazard_ratios, np.exp(expected["coefficients"]))
    agrees(fit.low, expected["low"])
    agrees(fit.high, expected["high"])
    agrees(fit.z, expected["z"])
    agrees(fit.p_values, expected["p_values"])

"""Kaplan-Meier against R's `survfit`: every step, all three kinds of limits, medians, times asked for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from oligoscope.stats.survival.kaplan_meier import SurvivalCurve, kaplan_meier

HERE = Path(__file__).parent
CASES = json.loads((HERE / "kaplan_meier.json").read_text(encoding="utf-8"))["cases"]
DATA = json.loads((HERE / "data.json").read_text(encoding="utf-8"))["cases"]


def _rows(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Times and events of a named part of lung, veteran or colon, or of a small case's own input."""
    if isinstance(CASES[name], dict):
        return np.array(CASES[name]["input"]["time"]), np.array(CASES[name]["input"]["died"])
    source, _, part = name.partition("_")
    data = {column: np.array(values) for column, values in DATA[source].items()}
    match source:
        case "veteran":
            chosen, died = data["celltype"] == part, data["status"] == 1
        case "colon":
            chosen, died = (data["rx"] == part) & (data["etype"] == 2), data["status"] == 1
        case _:
            chosen = np.ones(len(data["time"]), dtype=bool) if part == "all" else data["sex"] == int(part[-1])
            died = data["status"] == 2
    return data["time"][chosen], died[chosen]


def _fits() -> list[Any]:
    fits = []
    for name, case in CASES.items():
        for expected in case["fits"] if isinstance(case, dict) else case:
            fits.append(pytest.param(name, expected, id=f"{name} {expected['conf_type']}"))
    return fits


def _curve(name: str, expected: dict[str, Any]) -> SurvivalCurve:
    return kaplan_meier(*_rows(name), conf_type=expected["conf_type"])


@pytest.mark.parametrize(("name", "expected"), _fits())
def test_every_step_and_limit_is_that_of_r(name, expected, agrees):
    curve = _curve(name, expected)
    step = np.array(expected["step"]) - 1

    assert len(curve.times) == expected["n_steps"]
    agrees(curve.times[step], expected["time"])
    agrees(curve.survival[step], expected["survival"])
    agrees(curve.low[step], expected["low"])
    agrees(curve.high[step], expected["high"])
    agrees(curve.std_err[step], expected["std_err"])
    assert curve.n_at_risk[step].tolist() == expected["n_at_risk"]
    assert curve.n_events[step].tolist() == expected["n_events"]
    assert curve.n_censored[step].tolist() == expected["n_censored"]


@pytest.mark.parametrize(("name", "expected"), _fits())
def test_the_median_and_its_limits_are_those_of_r(name, expected, agrees):
    median = _curve(name, expected).median()

    agrees([median.value, median.low, median.high], expected["median"])


@pytest.mark.parametrize(("name", "expected"), _fits())
def test_survival_at_a_time_is_that_of_r(name, expected, agrees):
    curve, at = _curve(name, expected), expected["at"]
    found = [curve.at(t) for t in at["time"]]

    agrees([f.value for f in found], at["survival"])
    agrees([f.low for f in found], at["low"])
    agrees([f.high for f in found], at["high"])
    assert [f.n_at_risk for f in found] == at["n_at_risk"]

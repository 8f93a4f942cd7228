"""Quartiles, limits of proportions and standardized differences against R."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from oligoscope.stats.comparison.summaries import (
    describe,
    proportion_limits,
    smd_continuous,
    smd_factor,
    smd_levels,
)

CASES = json.loads((Path(__file__).parent / "summaries.json").read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES["describe"].values(), ids=CASES["describe"])
def test_a_description_is_that_of_r(case, agrees):
    found = describe(case["values"])

    quartiles = [found.minimum, found.q1, found.median, found.q3, found.maximum]
    agrees(quartiles, case["quartiles"])
    agrees([found.mean, found.sd], [case["mean"], case["sd"]])
    assert found.n_missing == case["n_missing"]
    assert found.n == len(case["values"]) - case["n_missing"]


@pytest.mark.parametrize("case", CASES["limits"], ids=lambda case: f"{case['k']} of {case['n']}")
def test_limits_of_a_proportion_are_those_of_r(case, agrees):
    exact = proportion_limits(case["k"], case["n"], case["level"])
    wilson = proportion_limits(case["k"], case["n"], case["level"], method="wilson")

    agrees([exact.low, exact.high], case["clopper_pearson"])
    agrees([wilson.low, wilson.high], case["wilson"])


@pytest.mark.parametrize("case", CASES["smd_continuous"].values(), ids=CASES["smd_continuous"])
def test_the_smd_of_a_measured_variable_is_that_of_r(case, agrees):
    agrees(smd_continuous(case["first"], case["second"]), case["smd"])


@pytest.mark.parametrize("case", CASES["smd_factor"].values(), ids=CASES["smd_factor"])
def test_the_smd_of_a_factor_is_the_mahalanobis_distance_of_r(case, agrees):
    """Yang & Dalton 2012; R leaves out the first level, we the last: it makes no difference."""
    agrees(smd_factor(case["table"]), case["factor"])
    agrees(smd_levels(case["table"]), case["levels"])

"""Weighted log-rank tests, MaxCombo and restricted means of sets against R (made by regenerate_changing_hazards.R)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from oligoscope.stats.comparison.largest_normal import largest_normal_tail
from oligoscope.stats.survival.rmst_of_sets import restricted_means_of_sets
from oligoscope.stats.survival.weighted_log_rank import FlemingHarrington, weighted_log_rank

CASES = json.loads((Path(__file__).parent / "changing_hazards.json").read_text(encoding="utf-8"))["cases"]
BY_NAME = {case["name"]: case for case in CASES}
COHORTS = ("lung", "veteran", "late")


def columns(name: str) -> dict[str, np.ndarray]:
    return {column: np.array(values, float) for column, values in BY_NAME[name]["data"].items()}


def entry_of(d: dict[str, np.ndarray]) -> np.ndarray | None:
    """R has a time before 0 where patients were there from the start; here it is 0."""
    return np.maximum(d["entry"], 0) if (d["entry"] > -1).any() else None


@pytest.mark.parametrize("i", range(9))
def test_the_largest_of_three_normal_deviates_is_that_of_mvtnorm(i, agrees):
    """TVPACK is exact to about 1e-14 of 1, so that P is compared as it is and its complement more closely."""
    expected = BY_NAME["normals"]["normals"][i]

    found = largest_normal_tail(expected["z"], expected["correlation"])

    agrees(1 - found, 1 - expected["p"], 1e-12)
    agrees(found, expected["p"])


@pytest.mark.parametrize("name", COHORTS)
def test_max_combo_is_that_of_r(name, agrees):
    d, expected = columns(name), BY_NAME[name]["tests"]["all"]

    found = weighted_log_rank(d["time"], d["died"], d["first"] == 1, entry=entry_of(d))

    agrees(found.deviates, expected["deviates"])
    agrees(found.correlation, expected["correlation"])
    agrees(found.p_value, expected["p"])


@pytest.mark.parametrize("name", ["lung", "veteran"])
def test_without_gamma_it_is_survdiff(name, agrees):
    d = columns(name)

    for rho, expected in zip((0.0, 1.0, 0.5), BY_NAME[name]["tests"]["survdiff"], strict=True):
        found = weighted_log_rank(d["time"], d["died"], d["first"] == 1, [FlemingHarrington(rho, 0.0)])
        agrees(found.deviates[0] ** 2, expected)


@pytest.mark.parametrize("name", COHORTS)
def test_any_powers_give_the_deviate_of_r(name, agrees):
    d = columns(name)

    for powers, expected in zip(((0.5, 2.0), (0.0, 0.5)), BY_NAME[name]["tests"]["one"], strict=True):
        weights = [FlemingHarrington(*powers)]
        found = weighted_log_rank(d["time"], d["died"], d["first"] == 1, weights, entry=entry_of(d))
        agrees(found.deviates[0], expected)


@pytest.mark.parametrize("name", COHORTS)
def test_weighted_and_clustered_it_is_that_of_score_residuals(name, agrees):
    """At powers of 0 it is the robust score test of coxph."""
    d, expected = columns(name), BY_NAME[name]["tests"]

    found = weighted_log_rank(
        d["time"], d["died"], d["first"] == 1, case_weights=d["weight"], cluster=d["set"], entry=entry_of(d)
    )

    agrees(found.deviates[0] ** 2, expected["robust_score"])
    agrees(found.deviates, expected["robust"]["deviates"])
    agrees(found.p_value, expected["robust"]["p"])


@pytest.mark.parametrize("name", ["lung", "veteran"])
def test_restricted_means_of_sets_are_those_of_survfit(name, agrees):
    d, expected = columns(name), BY_NAME[name]["means"]

    found = restricted_means_of_sets(
        d["time"], d["died"], d["first"] == 1, expected["tau"], weights=d["weight"], cluster=d["set"]
    )

    agrees(found.means, expected["means"])
    agrees(found.variances, expected["variances"])
    agrees(found.variance, expected["variance"])

"""Left-truncated follow-up against R: every method that takes an entry, on data with ties, late entries and empty risk sets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from oligoscope.errors import DataError
from oligoscope.stats.survival.clustered_score_test import clustered_score_test
from oligoscope.stats.survival.column_tests import cox_interaction
from oligoscope.stats.survival.competing_risks import cause_specific_cox, cumulative_incidence
from oligoscope.stats.survival.cox import cox
from oligoscope.stats.survival.episodes import start_at_landmark
from oligoscope.stats.survival.kaplan_meier import kaplan_meier, reverse_kaplan_meier
from oligoscope.stats.survival.log_rank import log_rank
from oligoscope.stats.survival.nelson_aalen import nelson_aalen
from oligoscope.stats.survival.proportional_hazards import proportional_hazards
from oligoscope.stats.survival.rmst import compare_restricted_means, restricted_mean
from oligoscope.stats.survival.time_dependent import piecewise_cox

TOPIC = json.loads((Path(__file__).parent / "delayed_entry.json").read_text(encoding="utf-8"))
CASES: dict[str, Any] = TOPIC["cases"]
LARGE = [name for name in CASES if name != "emptied"]


def _data(name: str) -> dict[str, np.ndarray]:
    return {column: np.array(values) for column, values in CASES[name]["input"].items()}


def _two(name: str) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Patients of groups a and b; the columns first and x."""
    data = _data(name)
    kept = data["group"] != "c"
    data = {column: values[kept] for column, values in data.items()}
    return data, np.column_stack([data["group"] == "a", data["x"]]).astype(float)


@pytest.mark.parametrize("name", CASES)
def test_curves_and_numbers_at_risk(name, agrees):
    data = _data(name)
    for expected in CASES[name]["kaplan_meier"]:
        more: dict[str, Any] = {"weights": data["w"], "cluster": data["set"]} if expected["weighted"] else {}
        curve = kaplan_meier(data["time"], data["died"], expected["conf_type"], entry=data["entry"], **more)
        median = curve.median()

        # R lists the times at which patients leave; so do we.
        agrees(curve.times, expected["time"])
        agrees(curve.survival, expected["survival"])
        agrees(curve.n_at_risk, expected["n_at_risk"])
        agrees(curve.at_risk(curve.times), expected["n_at_risk"])
        agrees(curve.n_events, expected["n_events"])
        agrees(curve.n_censored, expected["n_censored"])
        inside = np.array([s is not None and 0 < s < 1 for s in expected["survival"]])
        for ours, theirs in (("std_err", "std_err"), ("low", "low"), ("high", "high")):
            agrees(getattr(curve, ours)[inside], np.array(expected[theirs], dtype=float)[inside])
        if not expected["weighted"]:
            agrees([median.value, median.low, median.high], expected["median"])


@pytest.mark.parametrize("name", CASES)
def test_restricted_means(name, agrees):
    data = _data(name)
    for expected in CASES[name]["restricted_means"]:
        found = restricted_mean(data["time"], data["died"], expected["tau"], entry=data["entry"])

        agrees([found.value, found.std_err], [expected["value"], expected["std_err"]])


def test_a_difference_of_restricted_means_is_that_of_its_two_groups():
    data, design = _two("fine")
    columns = {c: data[c] for c in ("time", "died", "entry")}
    found = compare_restricted_means(data["time"], data["died"], design[:, 0], tau=6, entry=data["entry"])
    own = []
    for group in (1, 0):
        of = {c: values[design[:, 0] == group] for c, values in columns.items()}
        own.append(restricted_mean(of["time"], of["died"], 6, entry=of["entry"]))

    assert found.means == tuple(own)
    assert found.difference.value == own[0].value - own[1].value


@pytest.mark.parametrize("name", CASES)
def test_log_rank(name, agrees):
    data = _data(name)
    for expected in CASES[name]["log_rank"]:
        kept = np.isin(data["group"], expected["groups"])
        test = log_rank(*(data[c][kept] for c in ("time", "died", "group")), entry=data["entry"][kept])

        agrees([test.chi_squared, test.p_value], [expected["chi_squared"], expected["p_value"]])


@pytest.mark.parametrize("name", LARGE)
def test_the_robust_score_test_of_weighted_patients(name, agrees):
    data, _ = _two(name)
    test = clustered_score_test(
        *(data[c] for c in ("time", "died", "group", "w", "set")), entry=data["entry"]
    )

    agrees(test.statistic, CASES[name]["score_test"])


@pytest.mark.parametrize("name", LARGE)
def test_models(name, agrees):
    data, design = _two(name)
    expected = CASES[name]["cox"]
    months, died, entry = data["time"], data["died"], data["entry"]
    fit = cox(months, died, design, entry=entry)
    weighted = cox(months, died, design, entry=entry, weights=data["w"], cluster=data["set"])
    test = proportional_hazards(months, died, design, entry=entry)
    product = cox_interaction(months, died, data["group"], data["x"] > 0, entry=entry)
    periods = piecewise_cox(months, died, design[:, 0], (4, 8), entry=entry)
    cause = cause_specific_cox(months, data["cause"], design[:, :1], entry=entry)

    agrees(fit.coefficients, expected["coefficients"])
    agrees(fit.standard_errors, expected["standard_errors"])
    agrees(fit.log_likelihood, expected["log_likelihood"])
    agrees(weighted.robust_standard_errors, expected["weighted_errors"])
    agrees([*(t.chi_squared for t in test.terms), test.overall.chi_squared], expected["proportional"], 1e-6)
    agrees(product.chi_squared, expected["interaction"], 1e-6)
    # A period without an event of one group runs away in R, and has no estimate here.
    known = np.abs(expected["by_period"]) < 10
    agrees(periods.fit.coefficients[known], np.array(expected["by_period"])[known], 1e-6)
    assert np.isnan(periods.fit.coefficients[~known]).all()
    agrees(cause.coefficients, expected["cause_specific"])


@pytest.mark.parametrize("name", CASES)
def test_cumulative_hazard_of_each_patient(name, agrees):
    data = _data(name)

    agrees(nelson_aalen(data["time"], data["died"], entry=data["entry"]), CASES[name]["cumulative_hazard"])


@pytest.mark.parametrize("name", CASES)
def test_median_follow_up(name, agrees):
    data = _data(name)
    found = reverse_kaplan_meier(data["time"], data["died"], entry=data["entry"]).median().value

    agrees(np.nan if found is None else found, CASES[name]["reverse_median"])


@pytest.mark.parametrize("name", CASES)
def test_those_who_enter_after_a_landmark_are_at_risk_from_then_on(name, agrees):
    data = _data(name)
    left = start_at_landmark(data["time"], data["died"], 3, entry=data["entry"])
    curve = kaplan_meier(left.months, left.died, entry=left.entry)
    expected = CASES[name]["landmark"]

    agrees(curve.times, expected["time"])
    agrees(curve.survival, expected["survival"])
    assert curve.n_at_risk.tolist() == expected["n_at_risk"]


@pytest.mark.parametrize("name", CASES)
def test_cumulative_incidence(name, agrees):
    data = _data(name)
    curve = cumulative_incidence(data["time"], data["cause"], entry=data["entry"])
    expected = CASES[name]["incidence"]
    at = np.searchsorted(curve.times, np.array(expected["time"]) - 1e-9)

    agrees(curve.incidence[at], expected["one"])
    agrees(curve.n_at_risk[at], expected["n_at_risk"])
    agrees(curve.std_err[at], expected["std_err"])


def test_an_entry_at_the_end_of_follow_up_is_refused():
    with pytest.raises(DataError, match="not before the end"):
        kaplan_meier([3.0, 4.0], [1, 0], entry=[0.0, 4.0])


def test_entries_of_zero_change_nothing():
    data = _data("ties")
    zero = np.zeros(data["time"].size)
    plain, truncated = (kaplan_meier(data["time"], data["died"], entry=e) for e in (None, zero))

    assert plain.survival.tolist() == truncated.survival.tolist()
    assert plain.n_at_risk.tolist() == truncated.n_at_risk.tolist()
    times = np.arange(0, 20, 0.5)
    assert plain.at_risk(times).tolist() == truncated.at_risk(times).tolist()

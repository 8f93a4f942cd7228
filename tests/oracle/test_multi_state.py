"""States and transitions against R: `survfit` of several states with its infinitesimal jackknife, and `coxph` by transition."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from oligoscope.stats.survival.cox import cox
from oligoscope.stats.survival.multi_state import STAYED, Occupation, occupation
from oligoscope.stats.survival.rates import rate
from oracle.model_data import read

CASES = read("multistate")
DATA = {
    name: {column: np.array(values, float) for column, values in d.items()}
    for name, d in CASES["data"].items()
}


def fit(name: str) -> Occupation:
    d = DATA[name]
    return occupation(d["patient"], d["entry"], d["months"], d["state"], d["entered"], CASES["states"])


def limits(found: list[Any], part: str) -> list[float]:
    return [getattr(state, part) for state in found]


@pytest.mark.parametrize("name", DATA)
def test_shares_errors_and_limits_are_those_of_survfit(name, agrees):
    expected, found = CASES["occupation"][name], fit(name)
    for i, months in enumerate(expected["times"]):
        states = found.at(months)
        for ours, theirs in (("value", "share"), ("std_err", "std_err"), ("low", "low"), ("high", "high")):
            agrees(limits(states, ours), expected[theirs][i])


@pytest.mark.parametrize("name", DATA)
def test_mean_months_in_each_state_are_those_of_survfit(name, agrees):
    for expected in CASES["occupation"][name]["means"]:
        states = fit(name).mean_months(expected["tau"])

        agrees(limits(states, "value"), expected["value"])
        agrees(limits(states, "std_err"), expected["std_err"])


TRANSITIONS = {
    "to_oligo": (0, 1), "to_systemic": (0, 2), "to_death": (0, 3), "after_oligo": (1, 4), "after_systemic": (2, 5),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES["models"])
@pytest.mark.parametrize("transition", TRANSITIONS)
def test_the_model_of_a_transition_is_that_of_coxph(name, transition, agrees):
    d, (start, end) = DATA[name], TRANSITIONS[transition]
    rows, expected = d["state"] == start, CASES["models"][name][transition]
    columns = np.column_stack([d["x"], d["y"]])[rows]
    found = cox(d["months"][rows], d["entered"][rows] == end, columns, entry=d["entry"][rows])

    agrees(found.coefficients, expected["coefficients"])
    agrees(found.standard_errors, expected["std_err"])
    assert (found.n, found.n_events) == (expected["n"], expected["events"])


@pytest.mark.parametrize("name", CASES["models"])
@pytest.mark.parametrize("clock", ["forward", "reset"])
def test_death_after_one_state_against_the_other_is_that_of_coxph(name, clock, agrees):
    d = DATA[name]
    rows, expected = np.isin(d["state"], (1, 2)), CASES["models"][name][clock]
    began = {p: m for p, m, s in zip(d["patient"], d["months"], d["state"], strict=True) if s == 0}
    since = np.zeros(rows.sum())
    if clock == "reset":
        later = zip(d["patient"][rows], d["entry"][rows], strict=True)
        since = np.array([began.get(patient, entry) for patient, entry in later])
    entry, months = ((d[name][rows] - since).round(6) for name in ("entry", "months"))
    died, oligo = d["entered"][rows] != STAYED, (d["state"][rows] == 1).astype(float)
    adjusted = cox(months, died, np.column_stack([oligo, d["x"][rows], d["y"][rows]]), entry=entry)
    alone = cox(months, died, oligo, entry=entry)

    agrees(adjusted.coefficients, expected["coefficients"])
    agrees(adjusted.standard_errors, expected["std_err"])
    agrees(alone.coefficients, expected["alone"]["coefficients"])
    agrees(alone.standard_errors, expected["alone"]["std_err"])


@pytest.mark.parametrize("expected", CASES["rates"])
def test_a_rate_has_the_exact_limits_of_poisson(expected, agrees):
    found = rate(expected["events"], expected["time"])

    agrees([found.value, found.low, found.high], [expected[name] for name in ("value", "low", "high")])

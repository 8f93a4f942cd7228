"""Firth's Cox regression against R, the penalised partial likelihood of survival's coxph; and where it has a closed form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from oligoscope.stats.survival.cox import cox
from oligoscope.stats.survival.firth_cox import firth_cox

CASES: dict[str, Any] = json.loads((Path(__file__).parent / "firth_cox.json").read_text(encoding="utf-8"))[
    "cases"
]
RELATIVE = 1e-8


def _fit(case: dict[str, Any]):
    return firth_cox(case["months"], case["died"], np.column_stack(case["x"]), entry=case.get("entry"))


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_estimates_limits_and_p_are_those_of_r(case):
    found, expected = _fit(case), case["found"]

    assert found.coefficients == pytest.approx(expected["coefficients"], rel=RELATIVE, abs=RELATIVE)
    assert found.standard_errors == pytest.approx(expected["standard_errors"], rel=RELATIVE)
    assert np.log(found.low) == pytest.approx(expected["low"], rel=RELATIVE, abs=RELATIVE)
    assert np.log(found.high) == pytest.approx(expected["high"], rel=RELATIVE, abs=RELATIVE)
    assert found.p_values == pytest.approx(expected["p_values"], rel=RELATIVE)


def test_where_a_group_has_no_event_the_ratio_and_its_limits_exist():
    """Maximum likelihood gives no ratio there (Heinze & Schemper 2001)."""
    case = CASES["no_event_in_one_group"]
    found = _fit(case)

    assert cox(case["months"], case["died"], np.column_stack(case["x"])).problem == "separation"
    assert 0 < found.low[0] < found.hazard_ratios[0] < found.high[0] < np.inf


@pytest.mark.parametrize("seed", range(60))
def test_small_random_studies_have_an_answer(seed):
    """Steps with the information alone circled the maximum in one of twelve of them."""
    rng = np.random.default_rng(seed)
    n, k = int(rng.integers(8, 60)), int(rng.integers(1, 6))
    design = (rng.random((n, k)) < 0.4).astype(float)
    design[:, -1] += rng.normal(size=n)
    died = rng.random(n) < rng.uniform(0.05, 0.6)
    died[0] = True

    found = firth_cox(np.ceil(rng.exponential(8, n)), died, design, limits_of=(0,))

    assert np.isfinite(found.coefficients).all()
    assert found.low[0] < found.hazard_ratios[0] < found.high[0]
    assert 0 < found.p_values[0] <= 1


@pytest.mark.parametrize("n_first", [1, 2, 5, 13])
@pytest.mark.parametrize("n_second", [1, 3, 8, 20])
def test_one_event_among_two_groups_has_its_closed_form(n_first, n_second):
    """The likelihood is that of one draw; Jeffreys' prior adds half an event to each group (Firth 1993)."""
    months = np.r_[1.0, np.full(n_first + n_second - 1, 2.0)]
    died = np.arange(n_first + n_second) == 0
    first = np.repeat([1.0, 0.0], [n_first, n_second])

    found = firth_cox(months, died, first, limits_of=())

    assert found.hazard_ratios[0] == pytest.approx(3 * n_second / n_first, rel=1e-9)

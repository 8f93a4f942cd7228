"""Firth's Cox regression against R: the penalised partial likelihood of survival's coxph, maximised by optim."""

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
RELATIVE = 1e-5  # `optim` with differences in place of slopes comes so near to the maximum


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

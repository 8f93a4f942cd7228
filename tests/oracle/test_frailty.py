"""Cox models with a gamma frailty shared within centres, against R's survival."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from oligoscope.errors import DataError, NotEnoughData
from oligoscope.stats.survival.cox import cox
from oligoscope.stats.survival.frailty import FrailtyFit, frailty_cox

CASES: dict[str, Any] = json.loads((Path(__file__).parent / "frailty.json").read_text(encoding="utf-8"))[
    "cases"
]
WITH_DIFFERENCES = {name: case for name, case in CASES.items() if case["found"]["theta"] > 1e-3}


def fit(case: dict[str, Any], theta: float | None = None) -> FrailtyFit:
    x = np.column_stack(case["x"])
    return frailty_cox(case["months"], case["died"], x, case["centre"], entry=case.get("entry"), theta=theta)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_with_a_known_variance_estimates_errors_and_frailties_are_those_of_r(case):
    found, expected = fit(case, case["held"]["theta"]), case["held"]

    assert found.model.coefficients == pytest.approx(expected["coefficients"], rel=1e-8)
    assert found.model.standard_errors == pytest.approx(expected["standard_errors"], rel=1e-8)
    assert found.frailties == pytest.approx(expected["frailties"], rel=1e-7)


@pytest.mark.parametrize("case", WITH_DIFFERENCES.values(), ids=WITH_DIFFERENCES)
def test_the_variance_is_where_the_marginal_likelihood_of_r_is_highest(case):
    found, expected = fit(case), case["top"]

    assert found.model.log_likelihood == pytest.approx((case["without"], expected["marginal"]), rel=1e-11)
    assert found.theta == pytest.approx(expected["theta"], rel=1e-7)  # a root of R's differences: 6e-9
    assert found.model.coefficients == pytest.approx(expected["coefficients"], rel=1e-8)
    assert found.model.standard_errors == pytest.approx(expected["standard_errors"], rel=1e-8)
    assert found.frailties == pytest.approx(expected["frailties"], rel=1e-7)
    assert found.p_theta == pytest.approx(expected["p"], rel=1e-8)


@pytest.mark.parametrize("case", WITH_DIFFERENCES.values(), ids=WITH_DIFFERENCES)
def test_the_search_of_r_ends_near_and_never_higher(case):
    found, expected = fit(case), case["found"]

    assert found.model.log_likelihood[1] == pytest.approx(expected["marginal"], abs=1e-6)
    assert found.model.log_likelihood[1] >= expected["marginal"] - 1e-9
    assert found.theta == pytest.approx(expected["theta"], rel=1e-3)


@pytest.mark.parametrize("case", WITH_DIFFERENCES.values(), ids=WITH_DIFFERENCES)
def test_the_sparse_fit_of_r_differs_by_what_the_methods_say(case):
    sparse, full = case["top"]["sparse"], fit(case).model

    assert sparse["coefficients"] == pytest.approx(full.coefficients, rel=1e-6)
    more = np.array(sparse["standard_errors"]) / full.standard_errors - 1
    assert (more > 0).all()
    assert (more < 0.01).all()


def test_where_centres_do_not_differ_it_is_the_ordinary_model():
    case = CASES["three_centres_one_column"]
    found = fit(case)
    plain = cox(case["months"], case["died"], np.column_stack(case["x"]))

    assert case["found"]["theta"] < 1e-6
    assert (found.theta, found.p_theta) == (0.0, 1.0)
    assert found.model.coefficients.tolist() == plain.coefficients.tolist()
    assert found.model.standard_errors == pytest.approx(plain.standard_errors, rel=1e-12)
    assert found.frailties.tolist() == [1.0, 1.0, 1.0]


def test_the_order_of_rows_and_the_names_of_centres_do_not_matter():
    case = CASES["six_centres"]
    found = fit(case)
    order = np.random.default_rng(1).permutation(len(case["months"]))
    other = frailty_cox(
        np.array(case["months"])[order], np.array(case["died"])[order], np.column_stack(case["x"])[order],
        [f"医院 {9 - c}" for c in np.array(case["centre"], dtype=int)[order]],
    )  # fmt: skip

    assert other.model.coefficients == pytest.approx(found.model.coefficients, rel=1e-9)
    assert other.theta == pytest.approx(found.theta, rel=1e-8)
    assert other.frailties[::-1] == pytest.approx(found.frailties, rel=1e-8)
    assert other.centres[0] == "医院 3"


def test_one_centre_has_no_frailty_and_a_missing_label_is_refused():
    case = CASES["six_centres"]
    x, n = np.column_stack(case["x"]), len(case["months"])

    with pytest.raises(NotEnoughData, match="one centre"):
        frailty_cox(case["months"], case["died"], x, ["A"] * n)
    with pytest.raises(DataError, match="centre"):
        frailty_cox(case["months"], case["died"], x, np.array([None, *["A"] * (n - 1)], dtype=object))


def test_no_event_separation_and_repeated_columns_are_refused():
    case = CASES["six_centres"]
    x, died, n = np.column_stack(case["x"]), np.array(case["died"]), len(case["months"])

    with pytest.raises(NotEnoughData, match="No event"):
        frailty_cox(case["months"], np.zeros(n), x, case["centre"])
    with pytest.raises(NotEnoughData, match="no estimate"):
        frailty_cox(case["months"], died * (x[:, 0] == 1), x, case["centre"])
    with pytest.raises(NotEnoughData, match="no estimate"):
        frailty_cox(case["months"], died, np.column_stack([x, x[:, 0]]), case["centre"])

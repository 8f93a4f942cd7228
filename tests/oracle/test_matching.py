"""Scores, pairs, balance, weights and E-values against R (made by regenerate_matching.R)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from oligoscope.stats.comparison.e_value import e_value
from oligoscope.stats.matching.balance import balance
from oligoscope.stats.matching.matching_options import MatchingOptions
from oligoscope.stats.matching.propensity_matching import match_pairs
from oligoscope.stats.matching.propensity_score import propensity_score
from oligoscope.stats.matching.weighting import weigh
from oligoscope.stats.regression.design_matrix import read_covariates


def read(topic: str):
    return json.loads((Path(__file__).parent / f"{topic}.json").read_text(encoding="utf-8"))["cases"]


MATCHING, BALANCE, WEIGHTS, E_VALUES = map(read, ("propensity_matching", "balance", "weighting", "e_value"))
LALONDE = MATCHING["data"]
TREATED = np.array(LALONDE["treat"], dtype=bool)
COVARIATES = ("age", "educ", "race", "married", "nodegree", "re74", "re75")


def test_the_score_is_that_of_glm(agrees):
    found = propensity_score(TREATED, read_covariates({name: LALONDE[name] for name in COVARIATES}))

    expected = MATCHING["score"]
    assert [name.replace("=", "") for name in found.names] == expected["names"][1:]
    agrees([found.intercept, *found.coefficients], expected["coefficients"])
    agrees(found.logit, expected["logit"])
    assert found.warnings == ()


@pytest.mark.parametrize("case", MATCHING["pairs"], ids=lambda case: str(case["options"]))
def test_pairs_are_those_of_matchit(case):
    """MatchIt 4.5.1 on scores times 1e8: as they are, it cuts their distances to whole numbers."""
    asked = dict(case["options"])
    exact = LALONDE[asked.pop("exact")] if "exact" in asked else None
    options = MatchingOptions(**{"caliper": None, **asked, "replace": bool(asked.get("replace"))})

    found = match_pairs(TREATED, MATCHING["score"]["logit"], options, exact)

    ours: dict[int, list[int]] = {int(t): [] for t in np.flatnonzero(TREATED)}
    for t, c in zip(found.treated, found.controls, strict=True):
        ours[int(t)].append(int(c))
    assert ours == dict(zip(case["treated"], case["controls"], strict=True))


def test_matchit_4_5_1_does_not_keep_to_its_caliper_and_we_do():
    theirs = MATCHING["as_shipped"]
    found = match_pairs(TREATED, MATCHING["score"]["logit"], MatchingOptions(caliper=theirs["caliper"]))

    assert theirs["beyond"] > 0  # 115 of 131 pairs
    assert found.distances.max() <= theirs["caliper"]


@pytest.mark.parametrize("denominator", ["unmatched", "matched"])
@pytest.mark.parametrize("case", BALANCE.values(), ids=BALANCE)
def test_balance_is_that_of_r_written_out(case, denominator, agrees):
    names = [row["name"] for row in case["numbers"]]
    covariates = read_covariates({name: LALONDE[name] for name in [*names, "race"]})

    rows = balance(covariates, TREATED, case["weights"], denominator=denominator, ks=True).rows

    for row, expected in zip(rows[:3], case["numbers"], strict=True):
        agrees([row.treated, row.control, row.smd], [*expected["means"], expected[denominator]])
        agrees([row.variance_ratio, row.ks], [expected["variance_ratio"], expected["ks"]])
    levels = rows[3:6]
    assert [row.level for row in levels] == case["levels"]
    agrees([[row.treated for row in levels], [row.control for row in levels]], case["shares"])
    agrees([row.smd for row in levels], case[denominator])
    agrees(rows[6].smd, case[f"factor_{denominator}"])


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("ate", {"target": "ate", "stabilised": False}),
        ("ate_stabilised", {"target": "ate"}),
        ("att", {"target": "att"}),
        ("overlap", {"target": "overlap"}),
        ("ate_truncated", {"target": "ate", "truncate": (0.01, 0.99)}),
    ],
)
def test_weights_are_those_of_r_written_out(name, asked, agrees):
    probability = 1 / (1 + np.exp(-np.array(MATCHING["score"]["logit"])))

    found = weigh(TREATED, probability, **asked)

    agrees(found.weights, WEIGHTS[name]["weights"])
    agrees([found.effective_n_treated, found.effective_n_controls], WEIGHTS[name]["effective"])


@pytest.mark.parametrize("case", E_VALUES, ids=lambda c: f"{c['measure']} {c['ratio'][0]} {c['common']}")
def test_e_values_are_the_published_formulas_in_r(case, agrees):
    found = e_value(*case["ratio"], measure=case["measure"], common_outcome=bool(case["common"]))

    agrees([found.risk_ratio, found.low, found.high], case["as_risk_ratio"])
    agrees([found.estimate, found.limit], [case["e_value"], case["limit"]])

"""Methods are true of the run: the criteria that were applied, the variables that were used, and nothing that was not done."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from oligoscope.report.method_sentences import method_sentences
from oligoscope.results.analyses import BALANCE, IMPUTATION, MATCHING, PREDICTORS, SURVIVAL
from oligoscope.results.methods import MethodPart
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import read_warnings
from oligoscope.study.protocol import Protocol
from unit.stored_results import row, stored, withheld

FILES = {"patients": "p.csv", "lesions": "l.csv", "measurements": "m.csv"}


def said(data: dict[str, str] = FILES, results: Results | None = None, **settings: object) -> dict[str, str]:
    tables = {name: {"files": [file]} for name, file in data.items()}
    protocol = Protocol.model_validate({"study": {}, "data": tables, **settings})
    found = method_sentences(protocol, results or Results())
    return {"zh": "".join(t.zh for t in found), "en": " ".join(t.en for t in found)}


@pytest.mark.parametrize(
    ("data", "response", "zh", "en"),
    [
        (FILES, {}, "按 RECIST 1.1 推导", "derived from lesion measurements by RECIST 1.1"),
        (FILES, {"criteria": "irecist"}, "按 iRECIST 推导（Seymour 2017）", "by iRECIST (Seymour 2017)"),
        (
            FILES | {"assessments": "a.csv"},
            {"criteria": "irecist", "source": "assessments"},
            "采用数据中已有的评价",
            "already given in the data",
        ),
        (
            {"patients": "p.csv", "assessments": "a.csv"},
            {},
            "采用数据中已有的评价",
            "already given in the data",
        ),
        (
            {"patients": "p.csv", "progressions": "g.csv"},
            {"criteria": "irecist"},
            "已判读的结果",
            "none was derived from lesions",
        ),
    ],
)
def test_the_criteria_are_those_that_were_applied(data, response, zh, en):
    text = said(data, response=response)

    assert zh in text["zh"]
    assert en in text["en"]
    given = [
        name
        for name in ("by RECIST 1.1", "by iRECIST", "already given", "none was derived")
        if name in text["en"]
    ]
    assert len(given) == 1


@pytest.mark.parametrize(
    ("analyses", "has_tests", "has_curves", "says_anything"),
    [
        ([], False, False, False),
        ([{"kind": "baseline", "variables": ["sex"]}], True, False, True),
        ([{"kind": "survival", "outcomes": ["os"]}], False, True, True),
        ([{"kind": "sites"}], False, False, True),
    ],
)
def test_only_tests_of_the_analyses_that_were_asked_for_are_described(
    analyses, has_tests, has_curves, says_anything
):
    text = said(results=stored(), analyses=analyses)["en"]

    assert ("chi-square" in text, "by the Kaplan-Meier method" in text, "two-sided" in text) == (
        has_tests,
        has_curves,
        says_anything,
    )


def matched(*extra: Estimate) -> Results:
    sex = row(analysis=BALANCE, variable="sex", level="", statistic=Statistic.SMD_BEFORE)
    pairs, blank = row(analysis=MATCHING, statistic=Statistic.N_PAIRS), read_warnings("blank_for_all")
    lost = {"variable": "never_recorded", "statistic": Statistic.COVARIATE, "group": ""}
    absent = withheld(blank, analysis=MATCHING, other=lost)
    return Results((pairs, absent, sex, replace(sex, variable="HER2/neu"), *extra))


MATCHED = {
    "analyses": [{"kind": "survival", "population": "matched", "outcomes": ["os"]}],
    "matching": {"covariates": ["sex", "HER2/neu", "never_recorded"]},
}


def test_the_score_holds_the_covariates_that_were_used():
    text = said(results=matched(), **MATCHED)

    assert "logistic regression on sex and HER2/neu." in text["en"]
    assert "含性别、HER2/neu。" in text["zh"]


def test_one_cohort_was_not_pooled():
    text = said(results=matched(), **MATCHED)

    assert "Rubin" not in text["en"]
    assert "Rubin" not in text["zh"]


def test_imputations_are_named_only_where_there_were_several():
    """One cohort is matched once, and its models are pooled with nothing."""
    modelled = row(analysis=PREDICTORS, statistic=Statistic.ODDS_RATIO_MULTIVARIABLE)
    of_one = replace(modelled, method=modelled.method.without(MethodPart.RUBIN))
    settings: dict[str, Any] = MATCHED | {
        "analyses": [*MATCHED["analyses"], {"kind": "predictors", "variables": ["sex"]}]
    }
    several = row(analysis=IMPUTATION, statistic=Statistic.IMPUTATIONS, value=5)

    once, often = (said(results=matched(*rows), **settings) for rows in ((of_one,), (modelled, several)))

    assert "imputation" not in once["en"]
    assert "插补均数" not in once["zh"]
    assert "每个插补" not in once["zh"]
    assert "Models with an imputed variable were fitted in every imputation and pooled" in often["en"]
    assert "Matching was done in each imputation" in often["en"]


def test_the_variables_that_were_imputed_are_named():
    found = matched(
        row(analysis=IMPUTATION, statistic=Statistic.IMPUTATIONS, value=5),
        row(analysis=IMPUTATION, statistic=Statistic.PERCENT_MISSING, value=3.0, other={"variable": "stage"}),
        row(analysis=SURVIVAL, population="matched", statistic=Statistic.HAZARD_RATIO),
    )

    text = said(results=found, **MATCHED)["en"]

    assert "Missing values (stage) were multiply imputed (m = 5)" in text
    assert "Rubin's rules" in text

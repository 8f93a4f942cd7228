"""Which analyses used the imputed values, and what the models of imputation held."""

from __future__ import annotations

from dataclasses import replace

import pytest

from oligoscope.questions.imputation.words import imputation_paragraph, ways_of_imputing
from oligoscope.results.analyses import IMPUTATION, MATCHING, PREDICTORS, WEIGHTING
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import WarningCode
from unit.stored_results import changed, stored


def without(*kinds):
    found = stored()
    for kind in kinds:
        found = changed(found, {"value": None}, analysis=kind)
    return found


@pytest.mark.parametrize(
    ("kinds", "en", "zh"),
    [
        (
            (),
            "while matching, predictors and weighting use every imputation and pool the results",
            "匹配、影响因素与加权分析使用各插补数据集",
        ),
        ((MATCHING,), "while predictors and weighting use every", "影响因素与加权分析使用"),
        ((MATCHING, WEIGHTING), "while predictors use every imputation and pool", "，影响因素分析使用"),
        ((MATCHING, PREDICTORS), "while weighting uses every imputation and pools", "，加权分析使用"),
        ((MATCHING, PREDICTORS, WEIGHTING), "and none the imputed ones.", "未用插补值。"),
    ],
)
def test_only_analyses_that_were_done_use_the_imputed_values(kinds, en, zh):
    found = imputation_paragraph(without(*kinds))

    assert found is not None
    assert en in found.text.en
    assert zh in found.text.zh


def test_hazards_that_the_model_could_not_use_are_words_and_not_named_in_the_methods(made_protocol):
    why = WarningCode.PREDICTORS_LEFT_OUT(names=("os_hazard", "pps_hazard"))
    keys = {"analysis": IMPUTATION, "statistic": Statistic.IMPUTATIONS}
    found = changed(stored(), lambda e: replace(e, warning=why), **keys)

    whole, less = (next(ways_of_imputing(made_protocol, results)) for results in (stored(), found))

    of_three = "overall survival, progression-free survival and post-progression survival. "
    assert f"Nelson-Aalen cumulative hazard of {of_three}" in whole.en
    assert "Nelson-Aalen cumulative hazard of progression-free survival. " in less.en
    assert "以及无进展生存期的事件指示变量" in less.zh
    assert why.printed.en.endswith(
        "repeat others: the Nelson-Aalen cumulative hazard of overall survival, "
        "the Nelson-Aalen cumulative hazard of post-progression survival"
    )
    assert why.printed.zh.endswith("：总生存期的 Nelson-Aalen 累积风险、进展后生存期的 Nelson-Aalen 累积风险")


def test_a_group_and_a_level_are_words_too():
    why = WarningCode.PREDICTORS_LEFT_OUT(names=("group:systemic", "pd_l1=1-49%", "sex"))

    assert why.printed.en.endswith("the group (systemic progression), PD-L1 expression, 1–49%, sex")
    assert why.printed.zh.endswith("分组（广泛进展）、PD-L1 表达 1%~49%、性别")

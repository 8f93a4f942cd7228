"""Methods describe an estimate only where at least one row of it came out, and Firth's method of the score where it was used."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from oligoscope.questions.at_progression.section import at_progression_methods
from oligoscope.questions.interval_censored.section import intervals_methods
from oligoscope.questions.matching.score_overlap import draw_score_overlap
from oligoscope.questions.predictors.table import tabulate_predictors
from oligoscope.questions.survival.table import tabulate_survival
from oligoscope.report.method_sentences import method_sentences
from oligoscope.results.analyses import (
    AT_PROGRESSION,
    IMPUTATION,
    LANDMARK,
    MATCHING,
    PREDICTORS,
    SUBGROUPS,
    SURVIVAL,
    TIME_DEPENDENT,
)
from oligoscope.results.methods import Method, MethodPart, read_method
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import WarningCode
from oligoscope.study.protocol import Protocol
from unit.stored_results import FEW, VERSUS, bare_ratio, changed, stored, without

NOTHING: dict[str, Any] = {"value": None, "low": None, "high": None, "warning": FEW}
RATIOS = (Statistic.HAZARD_RATIO, Statistic.HAZARD_RATIO_ADJUSTED)


def words(protocol: Protocol, results: Results) -> tuple[str, str]:
    found = method_sentences(protocol, results)
    return " ".join(t.en for t in found), "".join(t.zh for t in found)


def without_ratios(*kinds: Any) -> Results:
    """The stored results, with every hazard ratio of these analyses withheld and everybody counted."""
    found = stored()
    for kind in kinds:
        for statistic in RATIOS:
            found = changed(found, NOTHING, analysis=kind, statistic=statistic)
    return found


@pytest.mark.parametrize(
    ("kind", "en", "zh"),
    [
        (SUBGROUPS, "In subgroups the hazard ratio was estimated", "亚组分析在各变量"),
        (TIME_DEPENDENT, "time-dependent covariate of a Cox model", "时依协变量"),
    ],
)
def test_a_model_without_any_ratio_is_not_described(made_protocol, kind, en, zh):
    made, none = words(made_protocol, stored()), words(made_protocol, without_ratios(kind))

    assert (en in made[0], zh in made[1]) == (True, True)
    assert (en in none[0], zh in none[1]) == (False, False)


def test_landmarks_without_ratios_name_no_adjustment(made_protocol):
    en, zh = words(made_protocol, without_ratios(LANDMARK))

    assert "and time was counted from the landmark. " in en
    assert "从界标起计时。" in zh


@pytest.mark.parametrize("is_described", [True, False])
def test_e_values_are_named_where_a_printed_ratio_has_one(made_protocol, is_described):
    """Of matched patients only the described comparison has one: the table prints none, and has no column for them."""
    kept = {"pfs"} if is_described else {"pps"}
    keys: dict[str, Any] = {
        "analysis": SURVIVAL,
        "population": "matched",
        "statistic": Statistic.E_VALUE,
    }
    found = changed(stored(), lambda e: e if e.outcome in kept else replace(e, **NOTHING), **keys)

    en, zh = words(made_protocol, found)
    table = tabulate_survival(found, "matched", "pattern")

    assert ("Hazard ratios after matching" in en) != is_described
    assert ("匹配后的风险比（HR）" in zh) != is_described
    assert any(head.text.en == "E-value" for head in table.columns) != is_described
    assert any(note.en.startswith("E-value:") for note in table.notes) != is_described
    assert {len(row.cells) for row in table.rows} == {len(table.columns)}


def test_predictors_without_e_values_have_no_column_of_them():
    found = changed(stored(), NOTHING, analysis=PREDICTORS, statistic=Statistic.E_VALUE)

    table = tabulate_predictors(found)

    assert [head.text.en for head in table.columns][-1] != "E-value"
    assert {len(row.cells) for row in table.rows} == {len(table.columns)}
    assert not any("E-value" in note.en or "E 值" in note.zh for note in table.notes)


def test_few_sets_are_named_where_limits_were_given(made_protocol):
    by_t = {"method": read_method("Cox, Efron ties, pair-robust limits, t of 11")}
    found = changed(stored(), by_t, analysis=SURVIVAL, population="matched", statistic=Statistic.HAZARD_RATIO)
    none = changed(found, NOTHING, analysis=SURVIVAL, population="matched", statistic=Statistic.HAZARD_RATIO)

    assert "With 30 matched sets or fewer" in words(made_protocol, found)[0]
    assert "With 30 matched sets or fewer" not in words(made_protocol, none)[0]


@pytest.mark.parametrize(
    ("is_of_one", "en", "zh"),
    [
        (
            True,
            "by logistic regression with Firth's penalised likelihood (as covariates separate the groups) on age",
            "由 Logistic 回归估计（协变量将两组完全分开，故用 Firth 惩罚似然），含年龄",
        ),
        (
            False,
            "by logistic regression (with Firth's penalised likelihood in imputations in which covariates separate the groups) on age",
            "由 Logistic 回归估计（在协变量将两组完全分开的插补数据集中用 Firth 惩罚似然），含年龄",
        ),
    ],
)
def test_a_score_by_firths_method_is_named(made_protocol, is_of_one, en, zh):
    separated = {"warning": WarningCode.SCORE_SEPARATED()}
    found = changed(stored(), separated, analysis=MATCHING, statistic=Statistic.N_PAIRS)

    said = words(made_protocol, without(found, IMPUTATION) if is_of_one else found)

    assert en in said[0]
    assert zh in said[1]
    assert "by logistic regression on age" in words(made_protocol, stored())[0]


@pytest.mark.parametrize(
    ("made", "en", "zh"),
    [
        ({}, "were therefore described.", "的组间差异（至首次进展的时间）。"),
        ({"progressed": ""}, "(time to progression on a log scale), but", "（至进展时间取对数）；"),
        ({"matched": ""}, "log scale; variances robust to the pairs after matching), but", "按配对聚类的稳健标准误）；"),
        ({"progressed": "overlap"}, "log scale; robust variances under weights), but", "取对数；加权后采用稳健标准误）；"),
        (
            {"matched": "", "progressed": "overlap"},
            "log scale; variances robust to the pairs after matching and under weights), but",
            "取对数；匹配后采用按配对聚类的稳健标准误，加权后采用稳健标准误）；",
        ),
    ],
)  # fmt: skip
def test_models_at_progression_are_those_that_were_made(made, en, zh):
    keys = {"analysis": AT_PROGRESSION, "group": VERSUS, "statistic": Statistic.HAZARD_RATIO_ADJUSTED}
    ratios = [bare_ratio(**keys, population=p, variable=v, value=0.7) for p, v in made.items()]
    counted = bare_ratio(analysis=AT_PROGRESSION, statistic=Statistic.N, value=9.0, population="progressed")
    protocol = asked("at_progression", covariates_at_progression=["months_to_progression"])

    (found,) = at_progression_methods(protocol, Results((counted, *ratios)))

    assert en in found.en
    assert zh in found.zh


@pytest.mark.parametrize("has_groups", [True, False])
def test_intervals_of_one_group_are_not_compared(has_groups):
    curve: dict[str, Any] = {"analysis": "interval_censored", "population": "progressed", "outcome": "pfs"}
    rows = [bare_ratio(**curve, statistic=Statistic.MEDIAN, group="oligoprogression", value=5.0)]
    if has_groups:
        tested = Method(MethodPart.MANN_WHITNEY)
        rows += [
            bare_ratio(**curve, statistic=Statistic.HAZARD_RATIO, group=VERSUS, value=0.8),
            bare_ratio(**curve, statistic=Statistic.P_VALUE, group=VERSUS, value=0.2, method=tested),
        ]

    (found,) = intervals_methods(asked("interval_censored"), Results(tuple(rows)))

    assert ("hazard ratios with Wald limits by a Weibull" in found.en) == has_groups
    assert ("Mann-Whitney" in found.en) == ("Mann-Whitney" in found.zh) == has_groups
    assert ("Weibull" in found.zh) == has_groups
    assert "（Turnbull，1976）" in found.zh
    assert found.en.endswith(".")


def asked(kind: str, **matching: Any) -> Protocol:
    data = {"patients": {"files": ["p.csv"]}}
    return Protocol.model_validate(
        {"study": {}, "data": data, "analyses": [{"kind": kind}], "matching": matching}
    )


def test_the_picture_of_scores_is_of_the_first_imputation_where_there_are_several(compared_results):
    several, one = (
        draw_score_overlap(results).caption
        for results in (compared_results, without(compared_results, IMPUTATION))
    )

    assert "the picture shows the first imputation. Above" in several.en
    assert "imputation" not in one.en
    assert "插补" not in one.zh
    assert "的概率。横轴上方" in one.zh

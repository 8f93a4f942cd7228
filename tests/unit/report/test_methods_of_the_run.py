"""Whatever a study lacks, its Methods name nothing that its results do not hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from oligoscope.report.method_sentences import method_sentences
from oligoscope.results.analyses import (
    BASELINE,
    COMPETING_RISKS,
    FLOW,
    FOLLOW_UP,
    IMPUTATION,
    LANDMARK,
    MATCHING,
    PREDICTORS,
    SUBGROUPS,
    SURVIVAL,
    TEAM_LABELS,
    TIME_DEPENDENT,
    WEIGHTING,
    Analysis,
)
from oligoscope.results.methods import MethodPart
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.protocol import Protocol
from unit.stored_results import FEW, stored, without

Holds = Callable[[Results], bool]


def _by(*parts: MethodPart) -> Holds:
    """Whether a number came out by one of these steps."""
    return lambda results: any(e.value is not None and e.method.has(*parts) for e in results.estimates)


def _of(statistic: Statistic, *kinds: Analysis) -> Holds:
    """Whether a number of this statistic came out."""
    return lambda results: any(
        e.value is not None and (not kinds or e.analysis in kinds) for e in results.find(statistic=statistic)
    )


def _some(kind: Analysis) -> Holds:
    return lambda results: any(e.value is not None for e in results.find(analysis=kind))


def _progressed(results: Results) -> bool:
    return bool(
        results.value(analysis=FLOW, population="progressed", group="", variable="", statistic=Statistic.N)
    )


def _derived(label: str) -> Holds:
    return lambda results: _progressed(results) and not results.find(analysis=TEAM_LABELS, outcome=label)


# Of each method its words in English and in Chinese, and what the results hold where it was used.
CLAIMS: dict[tuple[str, str], Holds] = {
    ("chi-square test", "*χ*² 检验"): _by(MethodPart.CHI_SQUARE),
    ("Fisher's exact test", "Fisher 精确检验"): _by(MethodPart.FISHER),
    ("*t* test", "*t* 检验"): _by(MethodPart.STUDENT_T, MethodPart.WELCH_T),
    ("Mann-Whitney", "Mann-Whitney"): _by(MethodPart.MANN_WHITNEY),
    ("by the Kaplan-Meier method (log-log", "用 Kaplan-Meier 法估计（置信区间用 log-log 法"): _by(MethodPart.KAPLAN_MEIER, MethodPart.WEIGHTED_KAPLAN_MEIER),
    ("compared by the log-rank test", "用 Log-rank 检验比较"): _by(MethodPart.LOG_RANK, MethodPart.WEIGHTED_LOG_RANK),
    ("hazard ratios come from a Cox", "风险比来自 Cox"): _of(Statistic.HAZARD_RATIO),
    ("Grambsch", "Grambsch"): _of(Statistic.P_VALUE_PROPORTIONAL_HAZARDS),
    ("multiply imputed", "多重插补"): _of(Statistic.IMPUTATIONS),
    ("predictive mean matching", "预测均值匹配"): lambda _results: False,
    ("logistic regression for variables with two", "二分类变量用 Logistic"): lambda _results: False,
    ("nearest-neighbour matching", "最近邻匹配"): _of(Statistic.N_PAIRS),
    ("Matching was done in each imputation", "每个插补数据集各自匹配"): _of(Statistic.IMPUTATIONS),
    ("were pooled by Rubin", "按 Rubin 规则合并"): _by(MethodPart.RUBIN),
    ("by D1", "D1"): _by(MethodPart.D1),
    ("median *P*", "中位数"): _by(MethodPart.MEDIAN_P, MethodPart.POOLED_LOG_LOG),
    ("robust to the pairs", "按匹配对聚类"): _by(MethodPart.PAIR_ROBUST_LIMITS),
    ("E-values", "E 值"): _of(Statistic.E_VALUE),
    ("Firth's method", "Firth"): _by(MethodPart.FIRTH),
    ("multivariable logistic", "多因素 Logistic"): _some(PREDICTORS),
    ("The landmarks were", "界标分析取"): _some(LANDMARK),
    ("time-dependent covariate", "时依协变量"): _some(TIME_DEPENDENT),
    ("Aalen-Johansen", "Aalen-Johansen"): _some(COMPETING_RISKS),
    ("Gray's test", "Gray 检验"): _of(Statistic.P_VALUE_GRAY),
    ("Fine-Gray", "Fine-Gray"): _of(Statistic.SUBDISTRIBUTION_HAZARD_RATIO),
    ("cause-specific", "特定原因"): _of(Statistic.CAUSE_SPECIFIC_HAZARD_RATIO),
    ("In subgroups", "亚组分析在"): _some(SUBGROUPS),
    ("*P* for interaction", "交互 *P* 值"): _of(Statistic.P_VALUE_INTERACTION),
    ("weighted by the propensity score", "倾向评分对患者加权"): _some(WEIGHTING),
    ("reverse Kaplan-Meier", "反向 Kaplan-Meier"): _some(FOLLOW_UP),
    ("difference in restricted means", "限制性平均时间之差"): _of(Statistic.RESTRICTED_MEAN_DIFFERENCE, SURVIVAL),
    ("left-truncated", "左截断"): _of(Statistic.N_ENTERED_LATE),
    ("tests were two-sided", "双侧检验"): lambda results: any(e.value is not None and str(e.statistic).startswith("p_value") for e in results.estimates),
    ("Oligoprogression meant", "寡进展定义为"): _derived("pattern"),
    ("Primary resistance was", "原发性耐药为"): _derived("resistance"),
    ("classified or timed by the study team", "为研究团队所判定"): _some(TEAM_LABELS),
    ("Overall survival ran", "总生存期自"): lambda results: any(e.value is not None for e in results.find(outcome="os")),
    ("Progression-free survival ran", "无进展生存期自"): lambda results: any(e.value is not None for e in results.find(outcome="pfs")),
    ("Post-progression survival ran", "进展后生存期自"): lambda results: any(e.value is not None for e in results.find(outcome="pps")),
}  # fmt: skip


def withheld(results: Results, *kinds: Analysis) -> Results:
    """The same, and no number of these analyses."""
    rows = (
        replace(e, value=None, low=None, high=None, warning=FEW) if e.analysis in kinds else e
        for e in results.estimates
    )
    return Results(tuple(rows), results.series)


def unmatched(results: Results) -> Results:
    """Without matched patients, their balance and their imputations."""
    rows = tuple(e for e in results.estimates if not e.population.startswith("matched"))
    return without(Results(rows, results.series), MATCHING, WEIGHTING, PREDICTORS, IMPUTATION)


def without_tests(results: Results) -> Results:
    """Without any P."""
    rows = tuple(e for e in results.estimates if not str(e.statistic).startswith("p_value"))
    return Results(rows, results.series)


def none_progressed(results: Results) -> Results:
    """No patient with a progression."""
    kept = without(results, *{e.analysis for e in results.estimates} - {FLOW, FOLLOW_UP})
    rows = (replace(e, value=0.0) if e.population == "progressed" else e for e in kept.estimates)
    return Results(tuple(rows), {})


def of_the_team(results: Results) -> Results:
    """Patterns and resistance types that the study team has given."""
    n = next(e for e in results.find(analysis=FLOW, statistic=Statistic.N))
    given = (
        replace(n, analysis=TEAM_LABELS, population="progressed", outcome=label, group="", variable="")
        for label in ("pattern", "resistance")
    )
    return Results((*results.estimates, *given), results.series)


def of_one_test(results: Results) -> Results:
    """Every variable at baseline compared by Fisher's test."""
    rows = (e for e in results.estimates if e.analysis != BASELINE or not e.method.has(MethodPart.CHI_SQUARE))
    return Results(tuple(rows), results.series)


STUDIES: dict[str, Callable[[Results], Results]] = {
    "as it ran": lambda results: results,
    "no matching": unmatched,
    "no imputation": lambda results: without(results, IMPUTATION),
    "survival withheld": lambda results: withheld(results, SURVIVAL),
    "landmarks withheld": lambda results: withheld(results, LANDMARK, TIME_DEPENDENT),
    "competing risks withheld": lambda results: withheld(results, COMPETING_RISKS),
    "weights withheld": lambda results: withheld(results, WEIGHTING, PREDICTORS, SUBGROUPS),
    "matching withheld": lambda results: withheld(results, MATCHING),
    "no progression": none_progressed,
    "labels of the team": of_the_team,
    "no test": without_tests,
    "Fisher's test alone": of_one_test,
    "nothing came out": lambda results: withheld(results, *{e.analysis for e in results.estimates} - {FLOW}),
}


@pytest.mark.parametrize("name", STUDIES)
def test_methods_name_nothing_that_the_results_do_not_hold(made_protocol: Protocol, name):
    results = STUDIES[name](stored())

    found = method_sentences(made_protocol, results)

    en, zh = " ".join(t.en for t in found), "".join(t.zh for t in found)
    assert [words for words, holds in CLAIMS.items() if words[0] in en and not holds(results)] == []
    assert [words for words, holds in CLAIMS.items() if words[1] in zh and not holds(results)] == []
    assert [w for w in CLAIMS if (w[0] in en) != (w[1] in zh) and w[0] != "median *P*"] == []


def test_methods_name_what_was_done(made_protocol: Protocol):
    """The claims above are those of the texts: most are made of a study with every analysis."""
    text = " ".join(t.en for t in method_sentences(made_protocol, stored()))

    assert sum(words[0] in text for words in CLAIMS) > 25


def row_of_landmark(results: Results, months: int) -> list[Estimate]:
    return [e for e in results.find(analysis=LANDMARK) if str(e.variable) == f"landmark_{months}_months"]


def test_a_landmark_without_patients_is_not_named(made_protocol: Protocol):
    late = row_of_landmark(stored(), 9)
    fewer = Results(tuple(e for e in stored().estimates if e not in late), stored().series)

    text = " ".join(t.en for t in method_sentences(made_protocol, fewer))

    assert late
    assert "The landmarks were 3 and 6 months after" in text

"""What the Methods of several questions share: when a sentence is printed, lists of variables, the propensity score."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from oligoscope.bilingual import LANGUAGES, Text
from oligoscope.printing.sentences import listed
from oligoscope.results.analyses import (
    IMPUTATION,
    LANDMARK,
    LANDMARK_AFTER_PROGRESSION,
    MATCHING,
    SUBGROUPS,
    SURVIVAL,
    TIME_DEPENDENT,
    WEIGHTING,
    Analysis,
)
from oligoscope.results.methods import Method, MethodPart
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import NO_WARNING, WarningCode, Warnings
from oligoscope.study.keys import in_sentence
from oligoscope.study.protocol import Protocol
from oligoscope.study.vocabulary import variable_name

NO_FIRTH = Text("", "")
Sentences = Callable[[Protocol, Results], Iterator[Text]]


def where_done(kind: Analysis, text: Text) -> Sentences:
    """The sentence where the kind of analysis was asked for and done."""

    def sentences(protocol: Protocol, results: Results) -> Iterator[Text]:
        if protocol.asked(kind) and was_done(kind, results):
            yield text

    return sentences


def was_done(kind: Analysis, results: Results) -> bool:
    """Whether any number of an analysis came out."""
    return any(e.value is not None for e in results.find(analysis=kind))


def given(results: Results, *statistics: Statistic, **keys: Any) -> bool:
    """Whether any number of one of these statistics came out."""
    found = (e for statistic in statistics for e in results.find(statistic=statistic, **keys))
    return any(e.value is not None for e in found)


def were_imputed(results: Results, population: str) -> bool:
    """Whether these patients were completed several times."""
    made = results.find(analysis=IMPUTATION, population=population, statistic=Statistic.IMPUTATIONS)
    return any((e.value or 0) > 1 for e in made)


def parts_used(results: Results, *kinds: Analysis, **keys: Any) -> frozenset[MethodPart]:
    """The parts of the methods by which the numbers of these analyses came out."""
    found = (e for kind in kinds for e in results.find(analysis=kind, **keys) if e.value is not None)
    return frozenset(step.part for e in found for step in e.method.steps)


def why_not_matched(results: Results) -> Warnings:
    """The warning of a matching that was prevented; blank where it was not."""
    found = results.find(analysis=MATCHING, variable="")
    return next((e.warning for e in found if e.value is None), NO_WARNING)


def were_matched(results: Results) -> bool:
    """Whether pairs were made."""
    return given(results, Statistic.N_PAIRS, analysis=MATCHING)


def names_in_sentence(names: tuple[str, ...]) -> Text:
    """Variables as a list inside a sentence."""
    found = [in_sentence(variable_name(n)) for n in names]
    return Text(*(listed([name[language] for name in found], language) for language in LANGUAGES))


def score_text(covariates: tuple[str, ...], left_out: dict[str, Warnings], firth: Text = NO_FIRTH) -> Text:
    """What was in the score, and what was to be in it and could not.

    Args:
        covariates: As study.yaml names them.
        left_out: Those that could not be used, each with the reason.
        firth: Of `score_by_firth`.
    """
    names = names_in_sentence(tuple(n for n in covariates if n not in left_out))
    held = Text(
        f"倾向评分由 Logistic 回归估计{firth.zh}，含{names.zh}。",
        f"The propensity score was estimated by logistic regression{firth.en} on {names.en}.",
    )
    if not left_out:
        return held
    whys = {n: warning.printed for n, warning in left_out.items()}
    zh = "、".join(f"{variable_name(n).zh}（{why.zh}）" for n, why in whys.items())
    en = ", ".join(f"{in_sentence(variable_name(n)).en} ({why.en})" for n, why in whys.items())
    return Text(
        f"{held.zh}未能纳入的协变量：{zh}。",
        f"{held.en} The following covariates could not be included: {en}.",
    )


def score_by_firth(results: Results, kind: Analysis, *, several: bool) -> Text:
    """That the score was fitted by Firth's method, by the warnings of what was made of it; blank where it was not."""
    found = (e for e in results.find(analysis=kind) if e.value is not None)
    if not any(e.warning.has(WarningCode.SCORE_SEPARATED) for e in found):
        return NO_FIRTH
    return _FIRTH_IN_SOME if several else _FIRTH


_FIRTH = Text(
    "（协变量将两组完全分开，故用 Firth 惩罚似然）",
    " with Firth's penalised likelihood (as covariates separate the groups)",
)
_FIRTH_IN_SOME = Text(
    "（在协变量将两组完全分开的插补数据集中用 Firth 惩罚似然）",
    " (with Firth's penalised likelihood in imputations in which covariates separate the groups)",
)


def left_out_of_score(results: Results) -> dict[str, Warnings]:
    """Covariates that no propensity score could hold, each with the reason: they are named as left out."""
    analysis = MATCHING if results.find(analysis=MATCHING) else WEIGHTING
    rows = results.find(analysis=analysis, statistic=Statistic.COVARIATE)
    return {e.variable: e.warning for e in rows if not e.warning.has(WarningCode.MAKES_THE_GROUPS)}


def curves_and_ratios(protocol: Protocol, results: Results) -> Iterator[Text]:
    """How survival was estimated and compared, as far as it was."""
    of_curves = (SURVIVAL, LANDMARK, LANDMARK_AFTER_PROGRESSION)
    kinds = [kind for kind in of_curves if protocol.asked(kind) and was_done(kind, results)]
    if not kinds:
        return
    used = parts_used(results, *kinds)
    ratios = any(given(results, Statistic.HAZARD_RATIO, analysis=kind) for kind in kinds)
    tested = any(given(results, Statistic.P_VALUE_PROPORTIONAL_HAZARDS, analysis=kind) for kind in kinds)
    compared = bool(used & {MethodPart.LOG_RANK, MethodPart.WEIGHTED_LOG_RANK})
    zh = "生存用 Kaplan-Meier 法估计（置信区间用 log-log 法）"
    en = "Survival was estimated by the Kaplan-Meier method (log-log limits)"
    if compared:
        zh, en = f"{zh}，组间用 Log-rank 检验比较", f"{en} and compared by the log-rank test"
    if ratios:
        zh, en = (
            f"{zh}；风险比来自 Cox 模型（Efron 法处理结）",
            f"{en}; hazard ratios come from a Cox model (Efron's method for ties)",
        )
    if tested:
        zh, en = (
            f"{zh}，比例风险以 Grambsch-Therneau 法检验",
            f"{en}, and proportional hazards were tested by the method of Grambsch and Therneau",
        )
    if MethodPart.FIRTH in parts_used(results, *of_curves, TIME_DEPENDENT, SUBGROUPS):
        zh, en = (
            f"{zh}；注明 Firth 法处的置信区间与 *P* 值取自剖面惩罚似然",
            f"{en}; where Firth's method is named, limits and *P* are by profile penalised likelihood",
        )
    yield Text(f"{zh}。", f"{en}.")


_IN_SENTENCES: dict[MethodPart, Text] = {
    MethodPart.OPTIMAL: Text("最优匹配（先求对数最多，再求总距离最小）", MethodPart.OPTIMAL),
    MethodPart.HIGHEST_FIRST: Text("按评分由高到低", "in descending order of the score"),
    MethodPart.LOWEST_FIRST: Text("按评分由低到高", "in ascending order of the score"),
    MethodPart.AS_GIVEN: Text("按资料原有顺序", "in the order of the data"),
    MethodPart.AT_RANDOM: Text("随机顺序", MethodPart.AT_RANDOM),
    MethodPart.WITH_REPLACEMENT: Text("有放回", MethodPart.WITH_REPLACEMENT),
    MethodPart.WITHOUT_REPLACEMENT: Text("无放回", MethodPart.WITHOUT_REPLACEMENT),
    MethodPart.CALIPER_ON_LOGIT: Text("卡钳值 {width}（logit）", MethodPart.CALIPER_ON_LOGIT),
    MethodPart.CALIPER_ON_PROBABILITY: Text("卡钳值 {width}（概率）", MethodPart.CALIPER_ON_PROBABILITY),
    MethodPart.CALIPER_IN_SDS: Text("卡钳值 {width}（logit 的标准差倍数）", MethodPart.CALIPER_IN_SDS),
}


def matching_words(method: Method) -> Text:
    """The method of a matching inside a sentence."""
    return method.printed_as(_IN_SENTENCES)

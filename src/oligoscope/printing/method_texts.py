"""What the Methods of several questions share: when a sentence is printed, lists of variables, the propensity score."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from oligoscope.bilingual import Text, join_texts
from oligoscope.results.analyses import MATCHING, WEIGHTING, Analysis
from oligoscope.results.methods import Method, MethodPart
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import NO_WARNING, WarningCode, Warnings
from oligoscope.study.keys import in_sentence
from oligoscope.study.protocol import Protocol
from oligoscope.study.vocabulary import variable_name

Sentences = Callable[[Protocol, Results], Iterator[Text]]


def where_asked(kind: Analysis, text: Text) -> Sentences:
    """The sentence where study.yaml asks for the kind of analysis."""

    def sentences(protocol: Protocol, _results: Results) -> Iterator[Text]:
        if protocol.asked(kind):
            yield text

    return sentences


def where_done(kind: Analysis, text: Text) -> Sentences:
    """The sentence where the kind of analysis was asked for and done."""

    def sentences(protocol: Protocol, results: Results) -> Iterator[Text]:
        if protocol.asked(kind) and was_done(kind, results):
            yield text

    return sentences


def was_done(kind: Analysis, results: Results) -> bool:
    """Whether any number of an analysis came out; of one that was never run nothing is known, and it is described."""
    found = results.find(analysis=kind)
    return not found or any(e.value is not None for e in found)


def matching_is_asked(protocol: Protocol, results: Results) -> bool:
    """Whether the study matches patients; before anything was run, only the settings can say whether it will."""
    if any(a.population == "matched" for a in protocol.analyses) or results.find(analysis=MATCHING):
        return True
    return bool(protocol.asked(WEIGHTING)) and not results.find(analysis=WEIGHTING)


def why_not_matched(results: Results) -> Warnings:
    """The warning of a matching that was prevented; blank where it was not."""
    found = results.find(analysis=MATCHING, variable="")
    return next((e.warning for e in found if e.value is None), NO_WARNING)


def is_matched(protocol: Protocol, results: Results) -> bool:
    """Whether patients are matched, as far as it is known."""
    return matching_is_asked(protocol, results) and not why_not_matched(results)


def names_in_sentence(names: tuple[str, ...]) -> Text:
    """Variables as a list inside a sentence."""
    return join_texts((in_sentence(variable_name(n)) for n in names), "、", ", ")


def score_text(covariates: tuple[str, ...], left_out: dict[str, Warnings]) -> Text:
    """What was in the score, and what was to be in it and could not."""
    names = names_in_sentence(tuple(n for n in covariates if n not in left_out))
    held = Text(
        f"倾向评分由 Logistic 回归估计，含{names.zh}。",
        f"The propensity score came from a logistic regression on {names.en}.",
    )
    if not left_out:
        return held
    whys = {n: warning.printed for n, warning in left_out.items()}
    zh = "、".join(f"{variable_name(n).zh}（{why.zh}）" for n, why in whys.items())
    en = ", ".join(f"{in_sentence(variable_name(n)).en} ({why.en})" for n, why in whys.items())
    return Text(f"{held.zh}未能纳入：{zh}。", f"{held.en} These could not be in it: {en}.")


def left_out_of_score(results: Results) -> dict[str, Warnings]:
    """Covariates that no propensity score could hold, each with the reason: they are named as left out."""
    analysis = MATCHING if results.find(analysis=MATCHING) else WEIGHTING
    rows = results.find(analysis=analysis, statistic=Statistic.COVARIATE)
    return {e.variable: e.warning for e in rows if not e.warning.has(WarningCode.MAKES_THE_GROUPS)}


KAPLAN_MEIER = Text(
    "生存用 Kaplan-Meier 法估计（双对数置信区间），组间用 Log-rank 检验比较，"
    "风险比来自 Cox 模型（Efron 法），比例风险以 Grambsch-Therneau 法检验。",
    "Survival was estimated by the Kaplan-Meier method (log-log limits) and compared by the "
    "log-rank test; hazard ratios come from a Cox model (Efron's method), and proportional hazards were tested by the "
    "method of Grambsch and Therneau.",
)

_IN_SENTENCES: dict[MethodPart, Text] = {
    MethodPart.OPTIMAL: Text("最优匹配（先求对数最多，再求总距离最小）", MethodPart.OPTIMAL),
    MethodPart.HIGHEST_FIRST: Text("评分高者先配", MethodPart.HIGHEST_FIRST),
    MethodPart.LOWEST_FIRST: Text("评分低者先配", MethodPart.LOWEST_FIRST),
    MethodPart.AS_GIVEN: Text("按给定顺序", MethodPart.AS_GIVEN),
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

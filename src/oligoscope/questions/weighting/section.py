"""Weighting in the report."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import LANGUAGES, Text
from oligoscope.printing.blocks import Block
from oligoscope.printing.document_parts import Chapter, Draft, Methods, Parts, Section
from oligoscope.printing.method_texts import (
    left_out_of_score,
    score_by_firth,
    score_text,
    was_done,
    were_imputed,
    were_matched,
)
from oligoscope.printing.sentences import listed, listed_names
from oligoscope.printing.withheld_notice import withheld_notice
from oligoscope.questions.weighting.figure import draw_weighted_balance, draw_weighted_curves, is_drawn
from oligoscope.questions.weighting.question import WEIGHTING
from oligoscope.questions.weighting.survival_words import AIPW, DIFFERENCE_MONTHS
from oligoscope.questions.weighting.table import tabulate_weighting
from oligoscope.questions.weighting.tables import tabulate_weighted_balance, tabulate_weighted_survival
from oligoscope.questions.weighting.targets import IN_WORDS
from oligoscope.results import analyses
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic, at_months
from oligoscope.study.keys import is_of, parts_of
from oligoscope.study.protocol import Protocol
from oligoscope.study.vocabulary import name_of


def weighting_section(draft: Draft) -> Iterator[Block]:
    """Hazard ratios of the weighted groups: one table a grouping, or the reason there is none."""
    ratios = draft.results.find(analysis=analyses.WEIGHTING, statistic=Statistic.HAZARD_RATIO)
    named = (e for e in ratios if e.group or not e.variable)
    for population, compared in dict.fromkeys((e.population, e.group) for e in named):
        found = [e for e in ratios if (e.population, e.group) == (population, compared)]
        if any(e.variable for e in found):
            yield draft.table(tabulate_weighting, population, compared)
            yield from _with_weights(draft, population, compared)
        else:
            yield from withheld_notice(found)


def _with_weights(draft: Draft, population: str, compared: str) -> Iterator[Block]:
    """The balance and the survival of one comparison."""
    results, limit = draft.results, draft.protocol.matching.balance_limit
    asked = (a for a in draft.protocol.analyses if a.kind == analyses.WEIGHTING and a.patients == population)
    of_these = [a for a in asked if is_of(compared, a.by)]
    if not of_these or not results.find(
        analysis=analyses.WEIGHTED_BALANCE, population=population, group=compared
    ):
        return
    by = of_these[0].by
    yield draft.figure(draw_weighted_balance, population, by, compared, limit)
    yield draft.table(tabulate_weighted_balance, population, by, compared, limit)
    for outcome in dict.fromkeys(outcome for a in of_these for outcome in a.outcomes):
        of_weights = results.find(analysis=analyses.WEIGHTING, population=population, outcome=outcome)
        if of_weights and is_drawn(results, population, by, outcome):
            yield draft.figure(draw_weighted_curves, population, by, outcome)
    survival = results.find(analysis=analyses.WEIGHTING, population=population, group=compared)
    if any(e.statistic.family == Statistic.SURVIVAL_DIFFERENCE for e in survival):
        yield draft.table(tabulate_weighted_survival, population, by, compared)


def weighting_methods(protocol: Protocol, results: Results) -> Iterator[Text]:
    """The weights, and the score they are made of where no matching has named it."""
    ratios = results.find(analysis=analyses.WEIGHTING, statistic=Statistic.HAZARD_RATIO)
    if protocol.asked(analyses.WEIGHTING) and any(e.value is not None for e in ratios):
        matched = were_matched(results)
        yield from _weights(protocol, results, beside_matching=matched)
        if not matched:
            several = any(were_imputed(results, e.population) for e in ratios)
            firth = score_by_firth(results, analyses.WEIGHTING, several=several)
            yield score_text(protocol.matching.covariates, left_out_of_score(results), firth)


def other_weights(protocol: Protocol, results: Results) -> Iterator[Text]:
    """That scores of other patients or groups are scores of their own."""
    if was_done(analyses.WEIGHTING, results) and _has_other_weights(protocol):
        yield _OTHER_WEIGHTS


def _has_other_weights(protocol: Protocol) -> bool:
    weighted = [a for a in protocol.analyses if a.kind == analyses.WEIGHTING]
    return any(a.where or a.population != "progressed" or a.by != "pattern" for a in weighted)


def _weights(protocol: Protocol, results: Results, *, beside_matching: bool) -> Iterator[Text]:
    """By which weights ratios were estimated, what their limits know, and what was compared besides."""
    ratios = results.find(analysis=analyses.WEIGHTING, statistic=Statistic.HAZARD_RATIO)
    made = [e for e in ratios if e.variable in IN_WORDS and e.value is not None]
    first = listed_names(dict.fromkeys(name_of(parts_of(e.group)[0]) for e in made))
    given = dict.fromkeys(e.variable for e in made)
    zh, en = (
        listed([IN_WORDS[t][language].format(first=first[language]) for t in given], language)
        for language in LANGUAGES
    )
    start = (
        Text("作为匹配的补充，对患者", "In addition to matching, patients")
        if beside_matching
        else Text("对患者", "Patients")
    )
    limits = _LIMITS[protocol.weighting.limits]
    yield Text(
        f"{start.zh}按{zh}加权，以 Cox 模型比较{limits.zh}，并给出有效样本量与加权后的均衡性；加权后 |SMD| 超过匹配所设限值者不作比较。",
        f"{start.en} were weighted by {en} in Cox models {limits.en}; effective sample sizes and the balance with weights are also given; "
        "groups whose |SMD| with weights exceeded the limit set for matching were not compared.",
    )
    if protocol.weighting.truncate is not None:
        percent = f"{100 * protocol.weighting.truncate:g}"
        yield Text(
            f"两端各 {percent}% 的权重予以截断（Cole 与 Hernán 2008）。",
            f"The {percent}% largest and smallest weights were cut (Cole & Hernán 2008).",
        )


def doubly_robust(_protocol: Protocol, results: Results) -> Iterator[Text]:
    """How differences in survival were estimated that are right where either model is."""
    differences = results.find(analysis=analyses.WEIGHTING, variable=AIPW)
    if any(e.value is not None for e in differences):
        yield _DOUBLY_ROBUST


_LIMITS: dict[str, Text] = {
    "robust": Text("，稳健标准误视权重为已知", "with robust standard errors that take the weights as known"),
    "stacked": Text(
        "，标准误计入权重的估计（Shu 等 2021；Mao 等 2019）",
        "with standard errors that know the weights are estimated (Shu et al. 2021; Mao et al. 2019)",
    ),
    "bootstrap": Text(
        "，标准误由自助法得出（Austin 2016）", "with standard errors from the bootstrap (Austin 2016)"
    ),
}
_DOUBLY_ROBUST = Text(
    "12 与 24 个月生存率之差以增广逆概率加权（双重稳健）估计，结局为伪观测值的线性模型（Andersen 等 2017；Wang 2018）。",
    "Differences in survival at 12 and 24 months were estimated by a doubly robust method: augmented inverse probability weighting with linear models of "
    "pseudo-observations (Andersen et al. 2017; Wang 2018).",
)
_OTHER_WEIGHTS = Text(
    "其他人群、亚组或分组的加权分析，其倾向评分在该人群中针对该分组另行估计，协变量相同（分组变量本身除外）。",
    "For weights in other patients, or between other groups, the propensity score was estimated anew for those groups in those "
    "patients, with the same covariates (without the variable that makes the groups).",
)
PARTS = Parts(
    (
        Section(
            weighting_section,
            Chapter("weighting", WEIGHTING.kind.printed, strobe=(12, 16), strobe_also=(17,)),
        ),
    ),
    (
        Methods(weighting_methods, about=(analyses.WEIGHTING, analyses.WEIGHTED_BALANCE)),
        Methods(
            doubly_robust, about=tuple(at_months(Statistic.SURVIVAL_DIFFERENCE, m) for m in DIFFERENCE_MONTHS)
        ),
        Methods(other_weights, after="follow_up"),
    ),
)

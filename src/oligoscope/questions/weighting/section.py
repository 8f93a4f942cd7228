"""Weighting in the report."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import LANGUAGES, Text
from oligoscope.printing.blocks import Block
from oligoscope.printing.document_parts import Chapter, Draft, Methods, Parts, Section
from oligoscope.printing.method_texts import left_out_of_score, score_text, was_done, were_matched
from oligoscope.printing.sentences import listed
from oligoscope.printing.withheld_notice import withheld_notice
from oligoscope.questions.weighting.question import WEIGHTING
from oligoscope.questions.weighting.table import tabulate_weighting
from oligoscope.results import analyses
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.protocol import Protocol


def weighting_section(draft: Draft) -> Iterator[Block]:
    """Hazard ratios of the weighted groups: one table a grouping, or the reason there is none."""
    ratios = draft.results.find(analysis=analyses.WEIGHTING, statistic=Statistic.HAZARD_RATIO)
    named = (e for e in ratios if e.group or not e.variable)
    for population, compared in dict.fromkeys((e.population, e.group) for e in named):
        found = [e for e in ratios if (e.population, e.group) == (population, compared)]
        if any(e.variable for e in found):
            yield draft.table(tabulate_weighting, population, compared)
        else:
            yield from withheld_notice(found)


def weighting_methods(protocol: Protocol, results: Results) -> Iterator[Text]:
    """The weights, and the score they are made of where no matching has named it."""
    ratios = results.find(analysis=analyses.WEIGHTING, statistic=Statistic.HAZARD_RATIO)
    if protocol.asked(analyses.WEIGHTING) and any(e.value is not None for e in ratios):
        matched = were_matched(results)
        yield _weights(results, beside_matching=matched)
        if not matched:
            yield score_text(protocol.matching.covariates, left_out_of_score(results))


def other_weights(protocol: Protocol, results: Results) -> Iterator[Text]:
    """That scores of other patients or groups are scores of their own."""
    if was_done(analyses.WEIGHTING, results) and _has_other_weights(protocol):
        yield _OTHER_WEIGHTS


def _has_other_weights(protocol: Protocol) -> bool:
    weighted = [a for a in protocol.analyses if a.kind == analyses.WEIGHTING]
    return any(a.where or a.population != "progressed" or a.by != "pattern" for a in weighted)


_TARGETS = {
    "ate": Text("逆概率权重", "inverse probability weights"),
    "att": Text("以第一组为目标人群的权重（ATT）", "weights to the first group (ATT)"),
    "overlap": Text("重叠权重", "overlap weights"),
}


def _weights(results: Results, *, beside_matching: bool) -> Text:
    """By which weights ratios were estimated."""
    ratios = results.find(analysis=analyses.WEIGHTING, statistic=Statistic.HAZARD_RATIO)
    made = [
        name
        for target, name in _TARGETS.items()
        if any(e.variable == target and e.value is not None for e in ratios)
    ]
    zh, en = (listed([name[language] for name in made], language) for language in LANGUAGES)
    start = (
        Text("作为匹配的补充，以", "In addition to matching, patients")
        if beside_matching
        else Text("以", "Patients")
    )
    return Text(
        f"{start.zh}倾向评分对患者加权（{zh}），Cox 模型采用稳健标准误，并给出有效样本量。",
        f"{start.en} were weighted by the propensity score ({en}) in Cox models with robust standard errors; effective sample sizes "
        "are also given.",
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
    (Methods(weighting_methods), Methods(other_weights, after="follow_up")),
)

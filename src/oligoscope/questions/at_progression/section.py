"""Comparability at progression in the report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from oligoscope.bilingual import LANGUAGES, Text
from oligoscope.number_format import format_number
from oligoscope.printing.blocks import Block
from oligoscope.printing.cells import interval_words
from oligoscope.printing.document_parts import (
    Chapter,
    Draft,
    Limitation,
    Methods,
    Parts,
    Section,
    Sentence,
    Threat,
)
from oligoscope.printing.matched_notes import is_matched
from oligoscope.printing.method_texts import names_in_sentence, was_done
from oligoscope.printing.withheld_notice import withheld_notice
from oligoscope.questions.at_progression.figure import draw_at_progression
from oligoscope.questions.at_progression.question import AT_PROGRESSION
from oligoscope.questions.at_progression.table import tabulate_groups, tabulate_ratios
from oligoscope.results import analyses
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.populations import MATCHED
from oligoscope.study.keys import in_sentence, whole_of
from oligoscope.study.protocol import Protocol
from oligoscope.study.vocabulary import name_of, variable_name


def at_progression_section(draft: Draft) -> Iterator[Block | None]:
    """The groups on the day of progression, how far apart they are, and survival after it; or why there is none."""
    found = draft.results.find(analysis=analyses.AT_PROGRESSION)
    populations = dict.fromkeys(population for population, _ in draft.protocol.asked(analyses.AT_PROGRESSION))
    described = [p for p in populations if any(e.population == p and e.value is not None for e in found)]
    for population in populations:
        if population not in described:
            of = [e for e in found if e.population == population and not e.variable]
            yield from withheld_notice(of, name_of(population))
    for group in _together(described):
        yield draft.table(tabulate_groups, group)
        if MATCHED in group:
            yield draft.figure(draw_at_progression, draft.protocol.matching.balance_limit)
        yield draft.table(tabulate_ratios, group)


def _together(populations: list[str]) -> Iterator[tuple[str, ...]]:
    """All patients and the matched ones in one table; parts of a population in one of their own."""
    whole = [p for p in ("progressed", MATCHED) if p in populations]
    if whole:
        yield tuple(whole)
    yield from ((p,) for p in populations if whole_of(p) != p)


def at_progression_methods(protocol: Protocol, results: Results) -> Iterator[Text]:
    """What was adjusted for at progression, and what was not."""
    if not (protocol.asked(analyses.AT_PROGRESSION) and was_done(analyses.AT_PROGRESSION, results)):
        return
    rows = results.find(analysis=analyses.AT_PROGRESSION, statistic=Statistic.COVARIATE)
    missing = {e.variable for e in rows}
    names = names_in_sentence(
        tuple(n for n in protocol.matching.covariates_at_progression if n not in missing)
    )
    models = _models(results)
    yield Text(
        f"进展后生存期自首次进展起计，故另描述截至该日已知情况的组间差异（{names.zh}）{models.zh}。",
        "Post-progression survival starts at the first progression; differences between the groups in what was known by that day "
        f"({names.en}) were therefore described{models.en}.",
    )


def _models(results: Results) -> Text:
    """The models that adjust for these differences, with their variances; blank where no adjusted ratio came out."""
    ratios = results.find(analysis=analyses.AT_PROGRESSION, statistic=Statistic.HAZARD_RATIO_ADJUSTED)
    made = [e for e in ratios if e.value is not None]
    if not made:
        return Text("", "")
    matched, weighted = any(is_matched(e.population) for e in made), any(e.variable for e in made)
    zh = ["匹配后采用按配对聚类的稳健标准误"] * matched + ["加权后采用稳健标准误"] * weighted
    en = {
        (True, True): "; variances robust to the pairs after matching and under weights",
        (True, False): "; variances robust to the pairs after matching",
        (False, True): "; robust variances under weights",
    }.get((matched, weighted), "")
    within = f"；{'，'.join(zh)}" if zh else ""
    return Text(
        f"，并在 Cox 模型中校正这些变量（至进展时间取对数{within}）；定义分组的病灶数与器官数、进展后的治疗均不校正",
        f" and adjusted for in Cox models (time to progression on a log scale{en}), but not the counts that define the groups nor "
        "treatment after progression",
    )


def still_apart(protocol: Protocol, results: Results) -> Iterator[Sentence]:
    """How far apart matched groups are at progression, and the ratio adjusted for what is known then."""
    keys: dict[str, Any] = {"analysis": analyses.AT_PROGRESSION, "population": MATCHED}
    apart = [
        e
        for e in results.find(**keys, statistic=Statistic.SMD_AFTER_ABSOLUTE)
        if not e.level and e.value is not None
    ]
    ratio = next(iter(results.find(**keys, statistic=Statistic.HAZARD_RATIO_ADJUSTED)), None)
    if not apart or ratio is None or ratio.value is None:
        return
    most = max(apart, key=lambda e: e.value or 0.0)
    what, size = in_sentence(variable_name(most.variable)), format_number(most.value, 2)
    value = format_number(ratio.value, 2)
    zh, en = (interval_words(ratio.low, ratio.high, 2, language) for language in LANGUAGES)
    if (most.value or 0.0) > protocol.matching.balance_limit:
        start = Text(
            f"首次进展时匹配后两组差异最大的是{what.zh}（|SMD|={size}）",
            f"At progression the matched groups still differed, most in {what.en} (|SMD| {size})",
        )
    else:
        start = Text(
            f"首次进展时匹配后两组各变量的 |SMD| 均不超过 {size}",
            f"At progression the matched groups were alike (largest |SMD| {size})",
        )
    text = Text(
        f"{start.zh}；另行校正当日的这些变量后 HR={value}（{zh}）。",
        f"{start.en}; adjusted for these variables of that day, in a model of its own, the HR was {value} ({en}).",
    )
    yield text, (most, ratio)


PARTS = Parts(
    (
        Section(
            at_progression_section,
            Chapter("at_progression", AT_PROGRESSION.kind.printed, strobe=(12, 16), strobe_also=(14, 17)),
        ),
    ),
    (Methods(at_progression_methods),),
    (Limitation(Threat.CONFOUNDING, still_apart),),
)

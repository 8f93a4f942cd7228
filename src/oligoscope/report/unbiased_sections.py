"""Sections of the report: comparisons that lend no time, subgroups, weighting."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.printing.blocks import Block, Heading, Numbering, Paragraph
from oligoscope.printing.withheld_notice import withheld_notice
from oligoscope.questions.competing_risks.figure import draw_incidence
from oligoscope.questions.competing_risks.table import tabulate_competing_risks, tabulate_incidence
from oligoscope.questions.competing_risks.words import competing_risks_paragraph
from oligoscope.questions.landmark.figure import draw_landmarks, has_landmark_curves
from oligoscope.questions.landmark.table import tabulate_unbiased
from oligoscope.questions.landmark.words import landmark_paragraph, time_dependent_paragraph
from oligoscope.questions.survival.section import post_progression
from oligoscope.results.analyses import COMPETING_RISKS, LANDMARK, TIME_DEPENDENT, Analysis
from oligoscope.results.results import Results
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.protocol import Protocol

WHY = Text(
    "进展模式要到首次进展时才知道。若从治疗开始按它分组，进展较晚者在此之前必然存活，这段时间是借来的。以下比较不借用时间："
    "从首次进展起计时；或在固定的界标按当时已知的情况分组；或让每例患者自进展之日起才计入其模式；或把各种首个事件作为竞争风险。",
    "The pattern is known only at the first progression. Grouping by it from the start of treatment lends the patients who "
    "progress later the time they were bound to survive. The comparisons here borrow none: time starts at the first "
    "progression; or patients are grouped at a set landmark by what was known then; or each patient counts towards a "
    "pattern only from the day of that progression; or the kinds of first event compete.",
)
KINDS = (LANDMARK, TIME_DEPENDENT, COMPETING_RISKS)


def unbiased_section(protocol: Protocol, results: Results, numbers: Numbering) -> Iterator[Block]:
    """Post-progression survival first, then landmarks and the time-dependent model, then competing risks."""
    lead = tuple(post_progression(protocol, results, numbers))
    if not lead and not any(results.find(analysis=kind) for kind in KINDS):
        return
    yield Heading(Text("校正永恒时间偏倚的分析", "Analyses that account for immortal time bias"), "unbiased")
    yield Paragraph(WHY)
    yield from lead
    for population in _populations(protocol, results, (LANDMARK, TIME_DEPENDENT)):
        yield from _landmarks(protocol, results, population, numbers)
    for population in _populations(protocol, results, (COMPETING_RISKS,)):
        yield from _competing(protocol, results, population, numbers)


def _populations(protocol: Protocol, results: Results, kinds: tuple[Analysis, ...]) -> list[str]:
    asked = dict.fromkeys(a.patients for a in protocol.analyses if a.kind in kinds)
    return [p for p in asked if any(results.find(analysis=k, population=p) for k in kinds)]


def _landmarks(protocol: Protocol, results: Results, population: str, numbers: Numbering) -> Iterator[Block]:
    yield Heading(
        Text("界标分析与时依 Cox 模型", "Landmarks and the time-dependent Cox model"),
        f"landmark-{population}",
        3,
    )
    found = [
        e
        for kind in (LANDMARK, TIME_DEPENDENT)
        for e in results.find(analysis=kind, population=population, outcome=Outcome.OS)
    ]
    if not any(e.group for e in found):
        yield from withheld_notice(found)
        return
    sentences = (landmark_paragraph(results, population), time_dependent_paragraph(results, population))
    yield from (s for s in sentences if s is not None)
    yield numbers.table(tabulate_unbiased, results, population)
    if has_landmark_curves(results, population):
        yield numbers.figure(draw_landmarks, results, population, synthetic=protocol.study.synthetic)


def _competing(protocol: Protocol, results: Results, population: str, numbers: Numbering) -> Iterator[Block]:
    yield Heading(Text("竞争风险", "Competing risks"), f"competing-{population}", 3)
    found = results.find(analysis=COMPETING_RISKS, population=population)
    if f"incidence/{population}" not in results.series:
        yield from withheld_notice(found)
        return
    sentence = competing_risks_paragraph(results, population)
    if sentence is not None:
        yield sentence
    yield numbers.table(tabulate_incidence, results, population)
    yield numbers.figure(draw_incidence, results, population, synthetic=protocol.study.synthetic)
    if any(e.outcome for e in found):
        yield numbers.table(tabulate_competing_risks, results, population)

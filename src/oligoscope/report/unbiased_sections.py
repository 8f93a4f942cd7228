"""Sections of the report: comparisons that lend no time, subgroups, weighting."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.figures.forest import draw_subgroups
from oligoscope.figures.incidence_curve import draw_incidence
from oligoscope.figures.landmark_curve import draw_landmarks
from oligoscope.report.blocks import Block, FigureBlock, Heading, Notice, Paragraph, TableBlock
from oligoscope.report.cautions import LEAD
from oligoscope.report.manuscript import survival_paragraph
from oligoscope.report.matching_sections import withheld_notice
from oligoscope.report.unbiased_sentences import (
    competing_risks_paragraph,
    landmark_paragraph,
    subgroups_paragraph,
    time_dependent_paragraph,
)
from oligoscope.results import Results
from oligoscope.study.protocol import Protocol
from oligoscope.study.vocabulary import Text, name_of
from oligoscope.tables.competing_risks_table import tabulate_competing_risks, tabulate_incidence
from oligoscope.tables.landmark_table import landmarks_of, tabulate_unbiased
from oligoscope.tables.survival_table import groups_of
from oligoscope.tables.weighting_table import tabulate_weighting

WHY = Text(
    "进展模式要到首次进展时才知道。若从治疗开始按它分组，进展较晚者在此之前必然存活，这段时间是借来的。以下比较不借用时间："
    "从首次进展起计时；或在固定的界标按当时已知的情况分组；或让每例患者自进展之日起才计入其模式；或把各种首个事件作为竞争风险。",
    "The pattern is known only at the first progression. Grouping by it from the start of treatment lends the patients who "
    "progress later the time they were bound to survive. The comparisons here borrow none: time starts at the first "
    "progression; or patients are grouped at a set landmark by what was known then; or each patient counts towards a "
    "pattern only from the day of that progression; or the kinds of first event compete.",
)
KINDS = ("landmark", "time_dependent", "competing_risks")


def unbiased_section(
    protocol: Protocol, results: Results, tables: Iterator[int], figures: Iterator[int]
) -> Iterator[Block]:
    """Post-progression survival first, then landmarks and the time-dependent model, then competing risks."""
    if not any(results.find(analysis=kind) for kind in KINDS):
        return
    yield Heading(Text("不借用时间的比较", "Comparisons without borrowed time"), "unbiased")
    yield Paragraph(WHY)
    yield from _post_progression(protocol, results)
    for population in _populations(protocol, results, ("landmark", "time_dependent")):
        yield from _landmarks(protocol, results, population, tables, figures)
    for population in _populations(protocol, results, ("competing_risks",)):
        yield from _competing(protocol, results, population, tables, figures)


def _populations(protocol: Protocol, results: Results, kinds: tuple[str, ...]) -> list[str]:
    asked = dict.fromkeys(a.population for a in protocol.analyses if a.kind in kinds)
    return [p for p in asked if any(results.find(analysis=k, population=p) for k in kinds)]


def _post_progression(protocol: Protocol, results: Results) -> Iterator[Block]:
    """The lead comparison by pattern, before and after matching; table and curves stand under Survival."""
    asked = (
        a.population
        for a in protocol.analyses
        if a.kind == "survival" and a.by == "pattern" and "pps" in a.outcomes and not a.where
    )
    known = [p for p in dict.fromkeys(asked) if f"km/{p}/pattern/pps" in results.series]
    if known:
        yield Heading(
            Text("进展后生存期（主要比较）", "Post-progression survival (the comparison to lead with)"),
            "unbiased-pps",
            3,
        )
    for population in known:
        people = name_of(population)
        found = survival_paragraph(
            results, population, "pps", groups_of(results, population, "pattern", "pps")
        )
        yield Paragraph(Text(f"{people.zh}：{found.text.zh}", f"{people.en}: {found.text.en}"), found.keys)
    if known:
        yield Notice("caution", LEAD)


def _landmarks(
    protocol: Protocol, results: Results, population: str, tables: Iterator[int], figures: Iterator[int]
) -> Iterator[Block]:
    yield Heading(
        Text("界标分析与时依 Cox 模型", "Landmarks and the time-dependent Cox model"),
        f"landmark-{population}",
        3,
    )
    found = [
        e
        for kind in ("landmark", "time_dependent")
        for e in results.find(analysis=kind, population=population, outcome="os")
    ]
    if not any(e.group for e in found):
        yield from withheld_notice(found)
        return
    sentences = (landmark_paragraph(results, population), time_dependent_paragraph(results, population))
    yield from (s for s in sentences if s is not None)
    yield TableBlock(tabulate_unbiased(results, population), next(tables))
    drawn = any(name.startswith(f"landmark/{population}/") for name in results.series)
    if landmarks_of(results, population) and drawn:
        yield FigureBlock(
            draw_landmarks(results, population, synthetic=protocol.study.synthetic), next(figures)
        )


def _competing(
    protocol: Protocol, results: Results, population: str, tables: Iterator[int], figures: Iterator[int]
) -> Iterator[Block]:
    yield Heading(Text("竞争风险", "Competing risks"), f"competing-{population}", 3)
    found = results.find(analysis="competing_risks", population=population)
    if f"incidence/{population}" not in results.series:
        yield from withheld_notice(found)
        return
    sentence = competing_risks_paragraph(results, population)
    if sentence is not None:
        yield sentence
    yield TableBlock(tabulate_incidence(results, population), next(tables))
    yield FigureBlock(draw_incidence(results, population, synthetic=protocol.study.synthetic), next(figures))
    if any(e.outcome for e in found):
        yield TableBlock(tabulate_competing_risks(results, population), next(tables))


def subgroups_section(protocol: Protocol, results: Results, figures: Iterator[int]) -> Iterator[Block]:
    """The comparison at every level of every variable."""
    asked = dict.fromkeys(
        (a.population, o) for a in protocol.analyses if a.kind == "subgroups" for o in a.outcomes
    )
    known = [
        (p, o)
        for p, o in asked
        if any(" vs " in e.group for e in results.find(analysis="subgroups", population=p, outcome=o))
    ]
    if known:
        yield Heading(Text("亚组分析", "Subgroups"), "subgroups")
    for population, outcome in known:
        sentence = subgroups_paragraph(results, population, outcome)
        if sentence is not None:
            yield sentence
        yield FigureBlock(
            draw_subgroups(results, population, outcome, synthetic=protocol.study.synthetic), next(figures)
        )


def weighting_section(results: Results, tables: Iterator[int]) -> Iterator[Block]:
    """Hazard ratios of the weighted groups."""
    populations = list(dict.fromkeys(e.population for e in results.find(analysis="weighting")))
    if populations:
        yield Heading(Text("倾向评分加权", "Weighting"), "weighting")
    for population in populations:
        yield TableBlock(tabulate_weighting(results, population), next(tables))

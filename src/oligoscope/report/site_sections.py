"""Where and when it progressed: the flow of organs, their shares, the months, and the sets of organs."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.plate import Panel, draw_plate
from oligoscope.drawing.theme import DOUBLE_COLUMN_MM
from oligoscope.printing.blocks import Block, Heading, Numbering
from oligoscope.printing.comparison_names import in_sentence
from oligoscope.questions.sites.alluvial import draw_alluvial
from oligoscope.questions.sites.site_bars import draw_site_bars
from oligoscope.questions.sites.table import tabulate_sites
from oligoscope.questions.sites.upset import draw_upset
from oligoscope.questions.sites.words import sites_paragraph
from oligoscope.questions.timing.figure import draw_month_bars
from oligoscope.questions.timing.table import tabulate_timing
from oligoscope.questions.timing.words import timing_paragraph
from oligoscope.results.analyses import SITES, TIMING, Analysis
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.protocol import Protocol
from oligoscope.study.vocabulary import column_name, name_of

Asked = tuple[str, str]  # population, by


def _asked(protocol: Protocol, results: Results, kind: Analysis) -> list[Asked]:
    """The analyses of one kind that found somebody."""
    return [pair for pair in protocol.asked(kind) if _size(results, kind, *pair)]


def _size(results: Results, kind: Analysis, population: str, by: str) -> float:
    return (
        results.value(analysis=kind, population=population, outcome=by, group="all", statistic=Statistic.N)
        or 0.0
    )


def sites_section(protocol: Protocol, results: Results, numbers: Numbering) -> Iterator[Block]:
    """From the organs at baseline to those of first progression; their shares by group where no months follow."""
    asked, timed = (_asked(protocol, results, kind) for kind in (SITES, TIMING))
    if asked:
        yield Heading(Text("进展部位", "Sites of progression"), "sites")
    synthetic = protocol.study.synthetic
    for population, by in asked:
        sentence = sites_paragraph(results, population, by)
        if sentence is not None:
            yield sentence
        yield numbers.figure(draw_alluvial, results, population, by, synthetic=synthetic)
        if (population, by) not in timed:
            yield numbers.figure(draw_site_bars, results, population, by, synthetic=synthetic)
        yield numbers.table(tabulate_sites, results, population, by)


def timing_section(protocol: Protocol, results: Results, numbers: Numbering) -> Iterator[Block]:
    """The pattern by the month of the first progression, beside the organs of the same patients."""
    asked, located = (_asked(protocol, results, kind) for kind in (TIMING, SITES))
    if asked:
        yield Heading(Text("进展时间", "Time of progression"), "timing")
    for population, by in asked:
        sentence = timing_paragraph(results, population, by)
        if sentence is not None:
            yield sentence
        has_sites = (population, by) in located
        yield numbers.figure(_months, protocol, results, population, by, has_sites=has_sites)
        yield numbers.table(tabulate_timing, results, population, by)


def _months(protocol: Protocol, results: Results, population: str, by: str, *, has_sites: bool) -> Figure:
    synthetic = protocol.study.synthetic
    if not has_sites:
        return draw_month_bars(results, population, by, synthetic=synthetic)
    people, groups = name_of(population), column_name(by)
    sites = draw_site_bars(results, population, by, width_mm=DOUBLE_COLUMN_MM)
    panels = (
        Panel(sites, Text("首次进展的器官", "Organs of first progression")),
        Panel(draw_month_bars(results, population, by), Text("首次进展的时间", "Time of first progression")),
    )
    return draw_plate(
        f"sites_and_months_{population}_{by}",
        Text(
            f"{people.zh}按{groups.zh}分组的首次进展部位与时间",
            f"Organs and time of first progression in the {in_sentence(people).en} by {in_sentence(groups).en}",
        ),
        panels,
        synthetic=synthetic,
    )


def organ_sets_section(protocol: Protocol, results: Results, numbers: Numbering) -> Iterator[Block]:
    """Which organs progress together."""
    asked = _asked(protocol, results, SITES)
    if asked:
        yield Heading(Text("进展器官的组合", "Sets of organs of progression"), "organ-sets")
    for population, by in asked:
        yield numbers.figure(draw_upset, results, population, by, synthetic=protocol.study.synthetic)

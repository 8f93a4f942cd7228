"""Where and when it progressed: the flow of organs, their shares, the months, and the sets of organs."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.figures.alluvial import draw_alluvial
from oligoscope.figures.month_bars import draw_month_bars
from oligoscope.figures.site_bars import draw_site_bars
from oligoscope.figures.upset import draw_upset
from oligoscope.report.blocks import Block, FigureBlock, Heading, TableBlock
from oligoscope.results import Results
from oligoscope.study.protocol import Protocol
from oligoscope.study.vocabulary import Text
from oligoscope.tables.sites_table import tabulate_sites
from oligoscope.tables.timing_table import tabulate_timing


def _asked(protocol: Protocol, results: Results, kind: str) -> list[tuple[str, str]]:
    """(population, by) of the analyses of one kind that found somebody, each once."""
    asked = ((":".join((a.population, *a.where.values())), a.by) for a in protocol.analyses if a.kind == kind)
    return [pair for pair in dict.fromkeys(asked) if _size(results, kind, *pair)]


def _size(results: Results, kind: str, population: str, by: str) -> float:
    return results.value(analysis=kind, population=population, outcome=by, group="all", statistic="n") or 0.0


def sites_section(
    protocol: Protocol, results: Results, tables: Iterator[int], figures: Iterator[int]
) -> Iterator[Block]:
    """From the organs at baseline to those of first progression, and their shares by group."""
    asked = _asked(protocol, results, "sites")
    if asked:
        yield Heading(Text("进展部位", "Sites of progression"), "sites")
    synthetic = protocol.study.synthetic
    for population, by in asked:
        yield TableBlock(tabulate_sites(results, population, by), next(tables))
        yield FigureBlock(draw_alluvial(results, population, by, synthetic=synthetic), next(figures))
        yield FigureBlock(draw_site_bars(results, population, by, synthetic=synthetic), next(figures))


def timing_section(
    protocol: Protocol, results: Results, tables: Iterator[int], figures: Iterator[int]
) -> Iterator[Block]:
    """The pattern by the month of the first progression."""
    asked = _asked(protocol, results, "timing")
    if asked:
        yield Heading(Text("进展时间", "Time of progression"), "timing")
    for population, by in asked:
        yield TableBlock(tabulate_timing(results, population, by), next(tables))
        figure = draw_month_bars(results, population, by, synthetic=protocol.study.synthetic)
        yield FigureBlock(figure, next(figures))


def organ_sets_section(protocol: Protocol, results: Results, figures: Iterator[int]) -> Iterator[Block]:
    """Which organs progress together."""
    asked = _asked(protocol, results, "sites")
    if asked:
        yield Heading(Text("进展器官的组合", "Sets of organs of progression"), "organ-sets")
    for population, by in asked:
        yield FigureBlock(
            draw_upset(results, population, by, synthetic=protocol.study.synthetic), next(figures)
        )

"""Where it progressed, in the report: the flow of organs, their shares, and the sets of organs."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.drawing.plate import Panel
from oligoscope.drawing.theme import DOUBLE_COLUMN_MM
from oligoscope.printing.blocks import Block
from oligoscope.printing.document_parts import Chapter, Draft, Parts, Place, Section
from oligoscope.questions.sites.alluvial import draw_alluvial
from oligoscope.questions.sites.question import SITES
from oligoscope.questions.sites.site_bars import draw_site_bars
from oligoscope.questions.sites.table import tabulate_sites
from oligoscope.questions.sites.upset import draw_upset
from oligoscope.questions.sites.words import sites_paragraph
from oligoscope.results import analyses
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic


def sites_section(draft: Draft) -> Iterator[Block | None]:
    """From the organs at baseline to those of first progression; their shares by group where no months follow."""
    timed = draft.answered(analyses.TIMING)
    for population, by in draft.answered(analyses.SITES):
        yield sites_paragraph(draft.results, population, by)
        yield draft.figure(draw_alluvial, population, by)
        if (population, by) not in timed:  # else the bars are a panel beside the months
            yield draft.figure(draw_site_bars, population, by)
        yield draft.table(tabulate_sites, population, by)


def sites_panel(results: Results, population: str, by: str) -> Panel | None:
    """The shares of the organs by group."""
    if not results.value(
        analysis=analyses.SITES, population=population, outcome=by, group="all", statistic=Statistic.N
    ):
        return None
    bars = draw_site_bars(results, population, by, width_mm=DOUBLE_COLUMN_MM)
    return Panel(bars, Text("首次进展的器官", "Organs of first progression"))


def organ_sets_section(draft: Draft) -> Iterator[Block]:
    """Which organs progress together."""
    for population, by in draft.answered(analyses.SITES):
        yield draft.figure(draw_upset, population, by)


_SETS = Text("进展器官的组合", "Combinations of organs of progression")
PARTS = Parts(
    (
        Section(sites_section, Chapter("sites", SITES.kind.printed)),
        Section(organ_sets_section, Chapter("organ-sets", _SETS, place=Place.DETAILS)),
    ),
    panel=sites_panel,
)

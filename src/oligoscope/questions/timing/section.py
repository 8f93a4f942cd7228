"""When it progressed, in the report: the pattern by month, beside the organs of the same patients."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.plate import Panel, draw_plate
from oligoscope.printing.blocks import Block
from oligoscope.printing.chapters import PROGRESSED_WHEN
from oligoscope.printing.document_parts import Draft, Methods, Parts, Section
from oligoscope.printing.method_texts import given
from oligoscope.printing.titles import titled
from oligoscope.questions.timing.figure import draw_month_bars
from oligoscope.questions.timing.table import tabulate_timing
from oligoscope.questions.timing.words import timing_paragraph
from oligoscope.results import analyses
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.protocol import Protocol


def timing_section(draft: Draft) -> Iterator[Block | None]:
    """The pattern by the month of the first progression."""
    for population, by in draft.answered(analyses.TIMING):
        yield timing_paragraph(draft.results, population, by)
        yield draft.figure(_months, population, by, draft)
        yield draft.table(tabulate_timing, population, by)


def _months(results: Results, population: str, by: str, draft: Draft) -> Figure:
    """The bars, below the sites of the same patients where study.yaml asks for both."""
    months = draw_month_bars(results, population, by)
    is_located = (population, by) in draft.answered(analyses.SITES)
    sites = draft.panel(analyses.SITES, population, by) if is_located else None
    if sites is None:
        return months
    return draw_plate(
        f"sites_and_months_{population}_{by}",
        titled(_TITLE, population, by),
        (sites, Panel(months, Text("首次进展的时间", "Time of first progression"))),
    )


_TITLE = Text(
    "{people}按{groups}分组的首次进展部位与时间",
    "Organs and time of first progression in the {people} by {groups}",
)


def timing_methods(_protocol: Protocol, results: Results) -> Iterator[Text]:
    """The test for trend, where it was made."""
    if given(results, Statistic.P_VALUE, analysis=analyses.TIMING, variable="month"):
        yield Text(
            "进展模式所占比例随进展月份的变化用 Cochran-Armitage 趋势检验。",
            "The trend of the pattern over the months of progression was tested by the Cochran-Armitage test.",
        )


PARTS = Parts(
    (Section(timing_section, PROGRESSED_WHEN),),
    (Methods(timing_methods, compares_groups=True),),
)

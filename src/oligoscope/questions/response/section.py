"""Response in the report: rates by group, and every patient's course."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.printing.blocks import Block
from oligoscope.printing.document_parts import Chapter, Draft, Methods, Parts, Place, Section
from oligoscope.printing.method_texts import parts_used
from oligoscope.printing.withheld_notice import or_withheld
from oligoscope.questions.response.bars import draw_response_bars
from oligoscope.questions.response.question import RESPONSE_RATE
from oligoscope.questions.response.spider_plot import draw_spider_plot
from oligoscope.questions.response.swimmer import draw_swimmer
from oligoscope.questions.response.table import responding_groups, tabulate_response_rate
from oligoscope.questions.response.waterfall import draw_waterfall
from oligoscope.questions.response.words import response_paragraph
from oligoscope.results import analyses
from oligoscope.results.methods import MethodPart
from oligoscope.results.results import Results
from oligoscope.study.protocol import Protocol

_PICTURES = {"waterfall": draw_waterfall, "spider": draw_spider_plot, "swimmer": draw_swimmer}


def response_section(draft: Draft) -> Iterator[Block | None]:
    """Objective response of each group and the test between them."""
    for population, by in draft.protocol.asked(analyses.RESPONSE_RATE):
        found = draft.results.find(analysis=analyses.RESPONSE_RATE, population=population)
        is_given = any(e.group for e in found)
        yield from or_withheld(is_given, _rates(draft, population, by), found)


def _rates(draft: Draft, population: str, by: str) -> Iterator[Block | None]:
    groups = responding_groups(draft.results, population, by)
    yield response_paragraph(draft.results, population, groups)
    if len(groups) > 1:
        yield draft.figure(draw_response_bars, population, by)
    yield draft.table(tabulate_response_rate, population, by)


def courses_section(draft: Draft) -> Iterator[Block]:
    """Every patient's course, of all treated patients where there are any."""
    for name, draw in _PICTURES.items():
        if f"{name}/treated" in draft.results.series:
            yield draft.figure(draw, "treated")


_COURSES = Text("每例患者的病程", "Course of each patient")


def response_methods(protocol: Protocol, results: Results) -> Iterator[Text]:
    """How the limits of response rates were made."""
    if protocol.asked(analyses.RESPONSE_RATE) and MethodPart.CLOPPER_PEARSON in parts_used(
        results, analyses.RESPONSE_RATE
    ):
        yield Text(
            "缓解率的置信区间用 Clopper-Pearson 精确法。",
            "Response rates have exact (Clopper-Pearson) limits.",
        )


PARTS = Parts(
    (
        Section(response_section, Chapter("response", RESPONSE_RATE.kind.printed, strobe=(15,))),
        Section(courses_section, Chapter("courses", _COURSES, place=Place.DETAILS)),
    ),
    (Methods(response_methods, compares_groups=True),),
)

"""Response in the report: rates by group, and every patient's course."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.printing.blocks import Block, Heading, Numbering
from oligoscope.printing.withheld_notice import withheld_notice
from oligoscope.questions.response.bars import draw_response_bars
from oligoscope.questions.response.spider_plot import draw_spider_plot
from oligoscope.questions.response.swimmer import draw_swimmer
from oligoscope.questions.response.table import responding_groups, tabulate_response_rate
from oligoscope.questions.response.waterfall import draw_waterfall
from oligoscope.questions.response.words import response_paragraph
from oligoscope.results.analyses import RESPONSE_RATE
from oligoscope.results.results import Results
from oligoscope.study.protocol import Protocol

_PICTURES = {"waterfall": draw_waterfall, "spider": draw_spider_plot, "swimmer": draw_swimmer}


def response_section(protocol: Protocol, results: Results, numbers: Numbering) -> Iterator[Block]:
    """Objective response of each group and the test between them."""
    asked = [
        (p, by)
        for p, by in protocol.asked("response_rate")
        if results.find(analysis=RESPONSE_RATE, population=p)
    ]
    if asked:
        yield Heading(Text("疗效", "Response"), "response")
    for population, by in asked:
        found = results.find(analysis=RESPONSE_RATE, population=population)
        if not any(e.group for e in found):
            yield from withheld_notice(found)
            continue
        groups = responding_groups(results, population, by)
        sentence = response_paragraph(results, population, groups)
        if sentence is not None:
            yield sentence
        if len(groups) > 1:
            yield numbers.figure(
                draw_response_bars, results, population, by, synthetic=protocol.study.synthetic
            )
        yield numbers.table(tabulate_response_rate, results, population, by)


def courses_section(protocol: Protocol, results: Results, numbers: Numbering) -> Iterator[Block]:
    """Every patient's course, of all treated patients where there are any."""
    known = [name for name in _PICTURES if f"{name}/treated" in results.series]
    if known:
        yield Heading(Text("每例患者的病程", "The course of every patient"), "courses")
    for name in known:
        yield numbers.figure(_PICTURES[name], results, "treated", synthetic=protocol.study.synthetic)

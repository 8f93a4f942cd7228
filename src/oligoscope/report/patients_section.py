"""Who was studied, and how long they were followed, in the report."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.printing.blocks import (
    Block,
    Heading,
    Numbering,
)
from oligoscope.questions.flow.figure import draw_flow_chart
from oligoscope.questions.flow.words import flow_paragraph
from oligoscope.questions.follow_up.words import follow_up_paragraph
from oligoscope.results.analyses import FLOW
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.protocol import Protocol


def flow_section(protocol: Protocol, results: Results, numbers: Numbering) -> Iterator[Block]:
    """Who was screened, treated and progressed, and how long they were followed."""
    if results.get(analysis=FLOW, population="screened", statistic=Statistic.N) is None:
        return
    yield Heading(Text("患者筛选", "Patients"), "patients")
    yield flow_paragraph(results)
    follow_up = follow_up_paragraph(results)
    if follow_up is not None:
        yield follow_up
    yield numbers.figure(draw_flow_chart, results, protocol)

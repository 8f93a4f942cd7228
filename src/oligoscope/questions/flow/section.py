"""Who was studied, in the report."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.printing.blocks import Block
from oligoscope.printing.chapters import KEY_RESULTS, PATIENTS
from oligoscope.printing.document_parts import Draft, Parts, Section
from oligoscope.questions.flow.figure import draw_flow_chart
from oligoscope.questions.flow.words import flow_paragraph
from oligoscope.results.analyses import FLOW
from oligoscope.results.statistics import Statistic


def flow_in_words(draft: Draft) -> Iterator[Block]:
    """Who was screened, treated and progressed."""
    if _is_known(draft):
        yield flow_paragraph(draft.results)


def flow_chart(draft: Draft) -> Iterator[Block]:
    """The same as a chart, with the reasons of those who left."""
    if _is_known(draft):
        yield draft.figure(draw_flow_chart, draft.protocol)


def _is_known(draft: Draft) -> bool:
    return draft.results.get(analysis=FLOW, population="screened", statistic=Statistic.N) is not None


PARTS = Parts((
    Section(flow_in_words, KEY_RESULTS),
    Section(flow_in_words, PATIENTS),
    Section(flow_chart, PATIENTS, after="follow_up"),
))  # fmt: skip

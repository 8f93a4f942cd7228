"""Weighting in the report."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.printing.blocks import Block
from oligoscope.printing.document_parts import Chapter, Draft, Methods, Parts, Section
from oligoscope.printing.withheld_notice import withheld_notice
from oligoscope.questions.weighting.methods import other_weights, weighting_methods
from oligoscope.questions.weighting.question import WEIGHTING
from oligoscope.questions.weighting.table import tabulate_weighting


def weighting_section(draft: Draft) -> Iterator[Block]:
    """Hazard ratios of the weighted groups: one table a grouping, or the reason there is none."""
    ratios = draft.results.find(analysis="weighting", statistic="hazard_ratio")
    named = (e for e in ratios if e.group or not e.variable)
    for population, compared in dict.fromkeys((e.population, e.group) for e in named):
        found = [e for e in ratios if (e.population, e.group) == (population, compared)]
        if any(e.variable for e in found):
            yield draft.table(tabulate_weighting, population, compared)
        else:
            yield from withheld_notice(found)


PARTS = Parts(
    (Section(weighting_section, Chapter("weighting", WEIGHTING.name, strobe=(12, 16), strobe_also=(17,))),),
    (Methods(weighting_methods), Methods(other_weights, after="follow_up")),
)

"""Weighting in the report."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.printing.blocks import Block, Heading, Numbering
from oligoscope.printing.withheld_notice import withheld_notice
from oligoscope.questions.weighting.table import tabulate_weighting
from oligoscope.results.analyses import WEIGHTING
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic


def weighting_section(results: Results, numbers: Numbering) -> Iterator[Block]:
    """Hazard ratios of the weighted groups: one table a grouping, or the reason there is none."""
    ratios = results.find(analysis=WEIGHTING, statistic=Statistic.HAZARD_RATIO)
    if ratios:
        yield Heading(Text("倾向评分加权", "Weighting"), "weighting")
    for population, compared in dict.fromkeys(
        (e.population, e.group) for e in ratios if e.group or not e.variable
    ):
        found = [e for e in ratios if (e.population, e.group) == (population, compared)]
        if any(e.variable for e in found):
            yield numbers.table(tabulate_weighting, results, population, compared)
        else:
            yield from withheld_notice(found)

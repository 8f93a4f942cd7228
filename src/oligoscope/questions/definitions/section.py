"""The definitions side by side, in the report."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.printing.blocks import (
    Block,
    Heading,
    Numbering,
)
from oligoscope.questions.definitions.figure import draw_reclassification
from oligoscope.questions.definitions.table import tabulate_reclassification
from oligoscope.questions.definitions.words import definitions_paragraph
from oligoscope.results.analyses import RECLASSIFICATION
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.protocol import Protocol
from oligoscope.study.vocabulary import Pattern


def definitions_section(protocol: Protocol, results: Results, numbers: Numbering) -> Iterator[Block]:
    """Labels under every definition, for the patterns and the types of resistance."""
    asked = [
        pair
        for pair in protocol.asked("reclassification")
        if any(e.group for e in results.find(analysis=RECLASSIFICATION, population=pair[0]))
    ]
    if asked:
        yield Heading(Text("各定义的比较", "Definitions side by side"), "definitions")
    chosen = {"pattern": protocol.progression.preset, "resistance": protocol.resistance.preset}
    for population, _ in asked:
        moved = definitions_paragraph(results, population, Pattern.OLIGO.value)
        if moved is not None:
            yield moved
        for outcome, preset in chosen.items():
            yield numbers.table(tabulate_reclassification, results, population, outcome, preset)
            if results.find(
                analysis=RECLASSIFICATION, population=population, outcome=outcome, statistic=Statistic.PERCENT
            ):
                synthetic = protocol.study.synthetic
                yield numbers.figure(
                    draw_reclassification, results, population, outcome, preset, synthetic=synthetic
                )

"""Subgroups in the report."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.printing.blocks import Block, Heading, Numbering
from oligoscope.printing.withheld_notice import withheld_notice
from oligoscope.questions.subgroups.figure import draw_subgroups
from oligoscope.questions.subgroups.words import subgroups_paragraph
from oligoscope.results.analyses import SUBGROUPS
from oligoscope.results.results import Results
from oligoscope.study.protocol import Protocol


def subgroups_section(protocol: Protocol, results: Results, numbers: Numbering) -> Iterator[Block]:
    """The comparison at every level of every variable."""
    asked = dict.fromkeys(
        (a.patients, o) for a in protocol.analyses if a.kind == SUBGROUPS for o in a.outcomes
    )
    known = [(p, o) for p, o in asked if results.find(analysis=SUBGROUPS, population=p, outcome=o)]
    if known:
        yield Heading(Text("亚组分析", "Subgroups"), "subgroups")
    for population, outcome in known:
        found = results.find(analysis=SUBGROUPS, population=population, outcome=outcome)
        if all(e.value is None for e in found):
            yield from withheld_notice(found)
            continue
        sentence = subgroups_paragraph(results, population, outcome)
        if sentence is not None:
            yield sentence
        yield numbers.figure(draw_subgroups, results, population, outcome, synthetic=protocol.study.synthetic)

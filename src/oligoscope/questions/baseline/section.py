"""Baseline characteristics in the report."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.printing.blocks import (
    Block,
    Heading,
    Numbering,
)
from oligoscope.printing.matched_notes import MATCHED
from oligoscope.printing.withheld_notice import withheld_notice
from oligoscope.questions.baseline.table import tabulate_baseline, tabulate_baseline_before_after
from oligoscope.questions.baseline.words import baseline_paragraph
from oligoscope.results.analyses import BASELINE
from oligoscope.results.results import Results
from oligoscope.study.protocol import Protocol
from oligoscope.study.vocabulary import name_of


def baseline_section(protocol: Protocol, results: Results, numbers: Numbering) -> Iterator[Block]:
    """The table of each population asked about, before and after matching side by side."""
    asked = [
        pair
        for pair in protocol.asked("baseline")
        if results.find(analysis=BASELINE, population=pair[0], outcome=pair[1])
    ]
    if asked:
        yield Heading(Text("基线特征", "Baseline characteristics"), "baseline")
    for population, by in asked:
        found = results.find(analysis=BASELINE, population=population, outcome=by)
        if all(e.value is None for e in found):
            yield from withheld_notice(found, name_of(population))
            continue
        sentence = baseline_paragraph(results, population, by)
        if sentence is not None:
            yield sentence
        if population == "progressed" and _has_baseline(results, MATCHED, by):
            yield numbers.table(tabulate_baseline_before_after, results, population, MATCHED, by)
        elif population != MATCHED or not _has_baseline(results, "progressed", by):
            yield numbers.table(tabulate_baseline, results, population, by)


def _has_baseline(results: Results, population: str, by: str) -> bool:
    found = results.find(analysis=BASELINE, population=population, outcome=by)
    return any(e.value is not None for e in found)

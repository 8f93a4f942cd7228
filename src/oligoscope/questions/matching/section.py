"""Matching in the report: how many pairs, whether they balance, and the gate."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.printing.blocks import Block, Heading, Notice, Numbering
from oligoscope.printing.withheld_notice import withheld_notice
from oligoscope.questions.matching.gates import gate_sentences
from oligoscope.questions.matching.love_plot import draw_love_plot
from oligoscope.questions.matching.score_overlap import draw_score_overlap
from oligoscope.questions.matching.table import tabulate_balance
from oligoscope.questions.matching.words import matching_paragraph
from oligoscope.results.analyses import BALANCE, MATCHING
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.protocol import Protocol


def matching_section(protocol: Protocol, results: Results, numbers: Numbering) -> Iterator[Block]:
    """Pairs, balance and its gate, overlap of the scores."""
    found = results.find(analysis=MATCHING)
    if not found:
        return
    yield Heading(Text("匹配", "Matching"), "matching")
    limit, synthetic = protocol.matching.balance_limit, protocol.study.synthetic
    sentence = matching_paragraph(results, limit)
    if sentence is not None:
        yield sentence
    if not any(e.value is not None for e in found if e.statistic == Statistic.LARGEST_SMD):
        yield from withheld_notice([e for e in found if not e.variable])
    else:
        yield from (Notice("gate", text) for text in gate_sentences(results))
    if not results.find(analysis=BALANCE):
        return
    yield numbers.table(tabulate_balance, results, limit)
    yield numbers.supplement(draw_love_plot, results, limit, synthetic=synthetic)
    if "propensity/before" in results.series:
        yield numbers.supplement(draw_score_overlap, results, synthetic=synthetic)

"""Matching in the report: how many pairs, whether they balance, and the gate."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.printing.blocks import Block, Notice
from oligoscope.printing.document_parts import Chapter, Draft, Limitation, Methods, Parts, Section, Threat
from oligoscope.printing.withheld_notice import withheld_notice
from oligoscope.questions.matching.love_plot import draw_love_plot
from oligoscope.questions.matching.methods import (
    age_in_two,
    e_value_methods,
    failed_balance,
    limits_over_imputations,
    matching_methods,
)
from oligoscope.questions.matching.question import MATCHING
from oligoscope.questions.matching.score_overlap import draw_score_overlap
from oligoscope.questions.matching.table import tabulate_balance
from oligoscope.questions.matching.words import gate_sentences, matching_paragraph
from oligoscope.results import analyses
from oligoscope.results.analyses import BALANCE
from oligoscope.results.statistics import Statistic


def matching_section(draft: Draft) -> Iterator[Block | None]:
    """Pairs, balance and its gate, overlap of the scores."""
    results, settings = draft.results, draft.protocol.matching
    limit = settings.balance_limit
    found = results.find(analysis=analyses.MATCHING)
    if not found:
        return
    yield matching_paragraph(results, limit, settings.minimum_group)
    if not any(e.value is not None for e in found if e.statistic == Statistic.LARGEST_SMD):
        yield from withheld_notice([e for e in found if not e.variable])
    else:
        yield from (Notice("gate", text) for text in gate_sentences(results))
    if not results.find(analysis=BALANCE):
        return
    yield draft.table(tabulate_balance, limit, limits_over_imputations(settings, results))
    yield draft.figure(draw_love_plot, limit)
    if "propensity/before" in results.series:
        yield draft.figure(draw_score_overlap)


PARTS = Parts(
    (
        Section(
            matching_section,
            Chapter("matching", MATCHING.kind.printed, strobe=(6, 12), strobe_also=(9,), keeps_words=True),
        ),
    ),
    (Methods(matching_methods), Methods(e_value_methods, about=(Statistic.E_VALUE,))),
    (Limitation(Threat.CONFOUNDING, failed_balance), Limitation(Threat.MEASUREMENT, age_in_two)),
)

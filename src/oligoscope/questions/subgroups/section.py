"""Subgroups in the report."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.printing.adjusted_ratios import adjusted_for, clause_of_ratios
from oligoscope.printing.blocks import Block
from oligoscope.printing.document_parts import Chapter, Draft, Methods, Parts, Section
from oligoscope.printing.method_texts import given
from oligoscope.printing.sentences import joined
from oligoscope.printing.withheld_notice import or_withheld
from oligoscope.questions.subgroups.figure import draw_subgroups
from oligoscope.questions.subgroups.question import SUBGROUPS
from oligoscope.questions.subgroups.words import subgroups_paragraph
from oligoscope.results import analyses
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.keys import is_comparison
from oligoscope.study.protocol import Protocol


def subgroups_section(draft: Draft) -> Iterator[Block | None]:
    """The comparison at every level of every variable."""
    asked = (a for a in draft.protocol.analyses if a.kind == analyses.SUBGROUPS)
    for population, outcome in dict.fromkeys((a.patients, o) for a in asked for o in a.outcomes):
        found = draft.results.find(analysis=analyses.SUBGROUPS, population=population, outcome=outcome)
        is_given = any(e.value is not None for e in found if is_comparison(e.group))
        yield from or_withheld(is_given, _compared(draft, population, outcome), found)


def _compared(draft: Draft, population: str, outcome: str) -> Iterator[Block | None]:
    yield subgroups_paragraph(draft.results, population, outcome)
    names = adjusted_for(draft.protocol, draft.results, analyses.SUBGROUPS, population, outcome)
    yield draft.figure(draw_subgroups, population, outcome, names)


def subgroups_methods(protocol: Protocol, results: Results) -> Iterator[Text]:
    """The ratio of each level, and the test of interaction where there is one."""
    kind = analyses.SUBGROUPS
    if not (protocol.asked(kind) and given(results, Statistic.HAZARD_RATIO, analysis=kind)):
        return
    crude = clause_of_ratios(protocol, results, kind)
    sentences = [
        Text(
            f"亚组分析在各变量的每个水平内估计风险比{crude.zh}。",
            f"In subgroups the hazard ratio was estimated at each level of each variable{crude.en}.",
        )
    ]
    if given(results, Statistic.P_VALUE_INTERACTION, analysis=kind):
        sentences.append(
            Text(
                "交互 *P* 值来自乘积项的似然比检验。",
                "*P* for interaction is from the likelihood-ratio test of the product term.",
            )
        )
    yield joined(sentences)


PARTS = Parts(
    (Section(subgroups_section, Chapter("subgroups", SUBGROUPS.kind.printed, strobe=(12, 17))),),
    (Methods(subgroups_methods),),
)

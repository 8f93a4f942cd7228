"""Subgroups in the report."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.printing.blocks import Block
from oligoscope.printing.document_parts import Chapter, Draft, Methods, Parts, Section
from oligoscope.printing.method_texts import where_done
from oligoscope.printing.withheld_notice import or_withheld
from oligoscope.questions.subgroups.figure import draw_subgroups
from oligoscope.questions.subgroups.question import SUBGROUPS
from oligoscope.questions.subgroups.words import subgroups_paragraph
from oligoscope.results import analyses
from oligoscope.study.keys import is_comparison


def subgroups_section(draft: Draft) -> Iterator[Block | None]:
    """The comparison at every level of every variable."""
    asked = (a for a in draft.protocol.analyses if a.kind == analyses.SUBGROUPS)
    for population, outcome in dict.fromkeys((a.patients, o) for a in asked for o in a.outcomes):
        found = draft.results.find(analysis=analyses.SUBGROUPS, population=population, outcome=outcome)
        is_given = any(e.value is not None for e in found if is_comparison(e.group))
        yield from or_withheld(is_given, _compared(draft, population, outcome), found)


def _compared(draft: Draft, population: str, outcome: str) -> Iterator[Block | None]:
    yield subgroups_paragraph(draft.results, population, outcome)
    yield draft.figure(draw_subgroups, population, outcome)


METHODS = Text(
    "亚组分析在各变量的每个水平内估计风险比，并以乘积项的似然比检验给出交互 *P* 值。",
    "In subgroups the hazard ratio was estimated at each level of each variable; *P* for interaction comes from the "
    "likelihood-ratio test of the product term.",
)
PARTS = Parts(
    (Section(subgroups_section, Chapter("subgroups", SUBGROUPS.kind.printed, strobe=(12, 17))),),
    (Methods(where_done(analyses.SUBGROUPS, METHODS)),),
)

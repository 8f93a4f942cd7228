"""Delayed entry in the report: a paragraph on who entered late, a sentence of the Methods, and what could not take it."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.printing.blocks import Block
from oligoscope.printing.chapters import PATIENTS
from oligoscope.printing.document_parts import Draft, Limitation, Methods, Parts, Section, Threat
from oligoscope.questions.delayed_entry.words import entry_paragraph, ignored, methods


def delayed_entry_section(draft: Draft) -> Iterator[Block | None]:
    """Who entered late, and who was never at risk."""
    yield entry_paragraph(draft.results)


PARTS = Parts(
    (Section(delayed_entry_section, PATIENTS),),
    (Methods(methods),),
    (Limitation(Threat.TIME, ignored),),
)

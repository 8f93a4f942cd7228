"""Centres in the report: who came from how many, a sentence of the Methods, and which analyses do not take them into account."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.printing.blocks import Block
from oligoscope.printing.chapters import PATIENTS
from oligoscope.printing.document_parts import Draft, Limitation, Methods, Parts, Section, Threat
from oligoscope.questions.centres.words import centres_paragraph, ignored, methods


def centres_section(draft: Draft) -> Iterator[Block | None]:
    """At how many centres patients were treated."""
    yield centres_paragraph(draft.results)


PARTS = Parts(
    (Section(centres_section, PATIENTS),),
    (Methods(methods, after="weighting"),),
    (Limitation(Threat.CONFOUNDING, ignored),),
)

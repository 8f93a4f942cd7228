"""Centres in the report: a sentence of the Methods, and which analyses do not take them into account."""

from __future__ import annotations

from oligoscope.printing.document_parts import Limitation, Methods, Parts, Threat
from oligoscope.questions.centres.words import ignored, methods

PARTS = Parts(
    (),
    (Methods(methods, after="weighting"),),
    (Limitation(Threat.CONFOUNDING, ignored),),
)

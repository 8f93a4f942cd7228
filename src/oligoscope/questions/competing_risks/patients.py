"""Patients of the competing risks: all patients with a first event or a last scan; an event counts by what it was."""

from __future__ import annotations

from oligoscope.cohort.patient_terms import followed, had_event, is_known, is_level, is_unknown, patients_of
from oligoscope.questions.competing_risks.numbers import CAUSES, NO_PATTERN
from oligoscope.questions.question import Chosen
from oligoscope.results.made_from import MadeFrom
from oligoscope.results.results import Estimate
from oligoscope.results.selection import Term
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.vocabulary import name_of


def made_from(e: Estimate, chosen: Chosen) -> MadeFrom:
    """All patients with a first event or a last scan; of a comparison, those whose variable is known."""
    known, _, *at_risk = followed(Outcome.PFS, entries=chosen.entries)
    everyone = patients_of(e.population).and_(known, *at_risk)
    if e.variable:
        return MadeFrom(everyone.and_(is_known(e.variable)))
    if e.statistic == Statistic.N:
        return MadeFrom(everyone, everyone)
    if e.statistic != Statistic.EVENTS:
        return MadeFrom(everyone)
    return MadeFrom(everyone, everyone.and_(had_event(Outcome.PFS), *_was(e.group)))


def _was(cause: str) -> tuple[Term, ...]:
    """What the first event was."""
    if cause == CAUSES[3]:
        return (Term("progressed_on", "is blank", label=name_of(cause)),)
    progressed = is_known("progressed_on")
    return progressed, is_unknown("pattern") if cause == CAUSES[NO_PATTERN] else is_level("pattern", cause)

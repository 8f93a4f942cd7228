"""Patients who entered late, and those who were never at risk of an outcome."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.cohort.patient_terms import followed, patients_of
from oligoscope.questions.question import Chosen
from oligoscope.results.made_from import MadeFrom
from oligoscope.results.results import Estimate
from oligoscope.results.selection import Term

_LATE = Term("entry_days", ">", ("0",), label=Text("延迟进入观察", "Entered late"))
_NEVER = Text("进入观察前该结局的时间已结束", "Time of this outcome over before the entry")


def made_from(e: Estimate, _chosen: Chosen) -> MadeFrom:
    """Of all patients with a time of the outcome those without an entry on its clock."""
    people = patients_of(e.population)
    if e.variable:
        return MadeFrom(people.and_(_LATE))
    if not e.outcome:
        return MadeFrom(people, people.and_(_LATE))
    known = people.and_(followed(e.outcome)[0])
    return MadeFrom(known, known.and_(Term(f"{e.outcome}_entry_days", "is blank", label=_NEVER)))

"""Patients at progression: the group; of a variable those in whom it is known; of a ratio those with a time after it."""

from __future__ import annotations

from oligoscope.cohort.patient_terms import followed, is_known, of_groups, of_variable, patients_of
from oligoscope.questions.question import Chosen
from oligoscope.results.made_from import MadeFrom, Reason
from oligoscope.results.results import Estimate
from oligoscope.study.dictionary.outcomes import Outcome


def made_from(e: Estimate, chosen: Chosen) -> MadeFrom:
    """The group, in whom the variable is known; of a difference both groups, of a ratio those followed after progression."""
    people = patients_of(e.population)
    group = people.and_(of_groups(chosen.by, e.group))
    mean = (Reason.MEAN,) if people.matched else ()
    if e.outcome == Outcome.PPS:
        return MadeFrom(group.and_(*followed(e.outcome, entries=chosen.entries)), reasons=mean)
    if e.statistic.family.is_before_matching:
        return MadeFrom(patients_of("progressed").and_(is_known(chosen.by)), reasons=(Reason.NO_N,))
    if e.n is None:
        return MadeFrom(group, reasons=(*mean, Reason.NO_N))
    if not e.variable:
        return MadeFrom(group, group, reasons=mean)
    return of_variable(e, group, mean, imputed=people.matched and e.variable in chosen.imputed)

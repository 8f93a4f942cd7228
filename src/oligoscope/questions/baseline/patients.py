"""Patients of the baseline table: the group; of a variable, those in whom it is known."""

from __future__ import annotations

from oligoscope.cohort.curves import WEIGHTS
from oligoscope.cohort.patient_terms import of_groups, of_variable, patients_of
from oligoscope.questions.question import Chosen
from oligoscope.results.made_from import MadeFrom, Reason
from oligoscope.results.results import Estimate


def made_from(e: Estimate, chosen: Chosen) -> MadeFrom:
    """The group; of a variable, those in whom it is known; of a level, those who have it."""
    people = patients_of(e.population)
    group = people.and_(of_groups(chosen.by, e.group))
    mean = (Reason.MEAN,) if people.matched else ()
    if e.method == WEIGHTS:
        mean = (*mean, Reason.MATCHING_WEIGHTS)
    if not e.variable:
        return MadeFrom(group, group, reasons=mean)
    return of_variable(e, group, mean, imputed=people.matched and e.variable in chosen.imputed)

"""Patients of the baseline table: the group; of a variable, those in whom it is known."""

from __future__ import annotations

from oligoscope.cohort.curves import WEIGHTS
from oligoscope.cohort.patient_terms import is_known, is_level, is_unknown, of_groups, patients_of
from oligoscope.questions.question import Chosen
from oligoscope.results.made_from import MadeFrom, Reason
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic

_MISSING = {"missing", Statistic.PERCENT_MISSING}
_COUNTED = {"n", "percent"}


def made_from(e: Estimate, chosen: Chosen) -> MadeFrom:
    """The group; of a variable, those in whom it is known; of a level, those who have it."""
    people = patients_of(e.population)
    group = people.and_(of_groups(chosen.by, e.group))
    mean = (Reason.MEAN,) if people.matched else ()
    if e.method == WEIGHTS:
        mean = (*mean, Reason.MATCHING_WEIGHTS)
    if not e.variable:
        return MadeFrom(group, group, reasons=mean)
    imputed = people.matched and e.variable in chosen.imputed
    if e.statistic in _MISSING:
        # Completed cohorts have no missing value left.
        return MadeFrom(group, None if imputed else group.and_(is_unknown(e.variable)), reasons=mean)
    known = group if imputed else group.and_(is_known(e.variable))
    if e.statistic not in _COUNTED or not e.level:
        return MadeFrom(known, reasons=mean)
    if imputed:
        return MadeFrom(known, reasons=(*mean, Reason.IMPUTED))
    return MadeFrom(known, group.and_(is_level(e.variable, e.level)), reasons=mean)

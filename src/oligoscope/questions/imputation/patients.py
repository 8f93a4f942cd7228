"""Patients of the imputation: everybody with a group was completed."""

from __future__ import annotations

from oligoscope.cohort.patient_terms import is_unknown, of_groups, patients_of
from oligoscope.questions.question import Chosen
from oligoscope.results.made_from import MadeFrom, Reason
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic


def made_from(e: Estimate, chosen: Chosen) -> MadeFrom:
    """The group, or everybody with one; a share that is missing counts those without a value."""
    everybody = patients_of(e.population).and_(of_groups(chosen.by, e.group))
    if e.statistic == Statistic.PERCENT_MISSING:
        return MadeFrom(everybody, everybody.and_(is_unknown(e.variable)))
    return MadeFrom(everybody, reasons=(Reason.IMPUTED,) if e.level else ())

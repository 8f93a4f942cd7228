"""Patients of the imputation: the data of all patients with a group were completed."""

from __future__ import annotations

from oligoscope.cohort.patient_terms import is_unknown, of_groups, patients_of
from oligoscope.questions.question import Chosen
from oligoscope.results.made_from import MadeFrom, Reason
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic


def made_from(e: Estimate, chosen: Chosen) -> MadeFrom:
    """The group, or all patients with one; a share that is missing counts those without a value."""
    everyone = patients_of(e.population).and_(of_groups(chosen.by, e.group))
    if e.statistic == Statistic.PERCENT_MISSING:
        return MadeFrom(everyone, everyone.and_(is_unknown(e.variable)))
    return MadeFrom(everyone, reasons=(Reason.IMPUTED,) if e.level else ())

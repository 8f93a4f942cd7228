"""Patients of the weighting: all patients with a group; a comparison needs their time, too."""

from __future__ import annotations

from oligoscope.cohort.patient_terms import followed, of_groups, patients_of
from oligoscope.questions.question import Chosen
from oligoscope.results.made_from import MadeFrom, Reason
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic


def made_from(e: Estimate, chosen: Chosen) -> MadeFrom:
    """Every patient with a group is weighted; an effective sample size is no count of them."""
    group = patients_of(e.population).and_(of_groups(chosen.by, e.group))
    if e.statistic == Statistic.EFFECTIVE_N:
        return MadeFrom(group, reasons=(Reason.WEIGHTED,))
    return MadeFrom(group.and_(*followed(e.outcome, entries=chosen.entries)) if e.outcome else group)

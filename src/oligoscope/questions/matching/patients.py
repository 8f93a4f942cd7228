"""Patients of the matching: those in the pairs of each imputation; before it, all patients with a group."""

from __future__ import annotations

from oligoscope.cohort.patient_terms import is_known, patients_of
from oligoscope.questions.question import Chosen
from oligoscope.results.made_from import MadeFrom, Reason
from oligoscope.results.results import Estimate


def made_from(e: Estimate, _chosen: Chosen) -> MadeFrom:
    """Those in the pairs of each imputation; the pairs of another choice are not written."""
    if e.variable == "next_better_choice":
        return MadeFrom(reasons=(Reason.OTHER_MATCHING,))
    return MadeFrom(patients_of(e.population), reasons=(Reason.NO_N, Reason.MEAN))


def balance_made_from(e: Estimate, chosen: Chosen) -> MadeFrom:
    """Before matching all patients with a group, after it those in the pairs."""
    if not e.statistic.family.is_before_matching:
        return made_from(e, chosen)
    return MadeFrom(patients_of("progressed").and_(is_known(chosen.by)), reasons=(Reason.NO_N,))

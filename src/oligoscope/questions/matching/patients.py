"""Patients of the matching: those in the pairs of each imputation; before it, all patients with a group."""

from __future__ import annotations

from oligoscope.cohort.patient_terms import is_known, of_groups, patients_of
from oligoscope.questions.question import Chosen
from oligoscope.results.made_from import MadeFrom, Reason
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic


def made_from(e: Estimate, chosen: Chosen) -> MadeFrom:
    """Those in the pairs of each imputation, of a group out of all its patients; the pairs of another choice are not written."""
    if e.variable == "next_better_choice":
        return MadeFrom(reasons=(Reason.OTHER_MATCHING,))
    if e.statistic in {Statistic.N, Statistic.N_UNMATCHED}:
        found, group = of_groups(chosen.by, e.group), patients_of("progressed")
        matched = patients_of(e.population).and_(found) if e.statistic == Statistic.N else None
        return MadeFrom(group.and_(found), matched, reasons=(Reason.MEAN,))
    return MadeFrom(patients_of(e.population), reasons=(Reason.NO_N, Reason.MEAN))


def balance_made_from(e: Estimate, chosen: Chosen) -> MadeFrom:
    """Before matching all patients with a group, after it those in the pairs."""
    if not e.statistic.family.is_before_matching:
        return made_from(e, chosen)
    return MadeFrom(patients_of("progressed").and_(is_known(chosen.by)), reasons=(Reason.NO_N,))

"""Patients of the weighting: all patients with a group; a comparison needs their time, too."""

from __future__ import annotations

from oligoscope.cohort.patient_terms import followed, had_event, of_groups, patients_of
from oligoscope.questions.question import Chosen
from oligoscope.results.made_from import MadeFrom, Reason
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic

_OF_WEIGHTS = {Statistic.EFFECTIVE_N, Statistic.LARGEST_WEIGHT}


def made_from(e: Estimate, chosen: Chosen) -> MadeFrom:
    """Every patient with a group is weighted; an effective sample size is no count of them."""
    group = patients_of(e.population).and_(of_groups(chosen.by, e.group))
    if e.statistic in _OF_WEIGHTS:
        return MadeFrom(group, reasons=(Reason.WEIGHTED,))
    if not e.outcome:
        return MadeFrom(group)
    known = group.and_(*followed(e.outcome, entries=chosen.entries))
    return MadeFrom(known, known.and_(had_event(e.outcome)) if e.statistic == Statistic.EVENTS else None)


def balance_made_from(e: Estimate, chosen: Chosen) -> MadeFrom:
    """All patients with a group, before and after."""
    return MadeFrom(patients_of(e.population).and_(of_groups(chosen.by, e.group)), reasons=(Reason.NO_N,))

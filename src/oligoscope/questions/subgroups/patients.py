"""Patients of the subgroups: both groups among those of the level; all levels for the interaction."""

from __future__ import annotations

from oligoscope.cohort.patient_terms import (
    OF_ADJUSTED,
    followed,
    had_event,
    is_known,
    is_level,
    of_groups,
    patients_of,
)
from oligoscope.questions.question import Chosen
from oligoscope.results.made_from import MadeFrom, Reason
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic


def made_from(e: Estimate, chosen: Chosen) -> MadeFrom:
    """The groups among those of the level; a row that says why nothing was compared names no variable or no groups."""
    if not e.variable or e.statistic == Statistic.COVARIATE:
        return MadeFrom(reasons=(Reason.NO_RULE,))
    both = patients_of(e.population).and_(
        of_groups(chosen.by, e.group), *followed(e.outcome, entries=chosen.entries)
    )
    here = both.and_(is_level(e.variable, e.level) if e.level else is_known(e.variable))
    if e.statistic in OF_ADJUSTED:
        return MadeFrom(here.and_(*(is_known(name) for name in chosen.adjusted_for)))
    match e.statistic:
        case "n":
            return MadeFrom(here, here)
        case "events":
            return MadeFrom(here, here.and_(had_event(e.outcome)))
    return MadeFrom(here)

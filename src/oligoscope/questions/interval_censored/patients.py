"""Patients of the intervals between assessments: those with a group whose interval is known."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.cohort.patient_terms import followed, had_event, is_known, of_groups, patients_of
from oligoscope.questions.question import Chosen
from oligoscope.results.made_from import MadeFrom
from oligoscope.results.results import Estimate
from oligoscope.results.selection import Term
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.reported import ASSESSMENT_INTERVAL, GAP_AT_EVENT

_KNOWN = Term(
    "pfs_lower_days",
    "is not blank",
    label=Text("末次充分评估的日期有记录", "Last adequate assessment known"),
)


def made_from(e: Estimate, chosen: Chosen) -> MadeFrom:
    """Everyone in the groups of the number whose PFS lies between known days; of the schedule, those of whom it is known."""
    group = patients_of(e.population).and_(
        of_groups(chosen.by, e.group), *followed(e.outcome, entries=chosen.entries), _KNOWN
    )
    if e.variable == GAP_AT_EVENT.name:
        return MadeFrom(group.and_(had_event(e.outcome)))
    if e.variable == ASSESSMENT_INTERVAL.name:
        return MadeFrom(group.and_(is_known("assessment_interval_days")))
    match e.statistic:
        case Statistic.N:
            return MadeFrom(group, group)
        case Statistic.EVENTS:
            return MadeFrom(group, group.and_(had_event(e.outcome)))
        case _:
            return MadeFrom(group)

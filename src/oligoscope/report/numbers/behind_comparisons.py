"""Patients behind times and models: survival, landmarks, competing risks, matching, weights, predictors."""

from __future__ import annotations

import re

from oligoscope.bilingual import Text
from oligoscope.report.numbers.behind import Behind, Reason
from oligoscope.report.numbers.behind_terms import (
    days_of,
    followed,
    had_event,
    is_known,
    is_level,
    is_unknown,
    of_groups,
    population,
    progressed_by,
)
from oligoscope.report.numbers.patient_conditions import Selection, Term
from oligoscope.report.numbers.study_known import StudyKnown
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import LandmarkAt, Statistic, StatisticAt
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.keys import parts_of
from oligoscope.study.vocabulary import name_of

NO_PROGRESSION = "no_progression"
NOBODY_NAMED = Behind(reasons=(Reason.NO_RULE,))
PROGRESSION_DAY = Text("进展日期", "Date of progression")


def behind_survival(e: Estimate, study: StudyKnown) -> Behind:
    """Those with a group whose time and event are known; n of a survival rate counts those at risk."""
    people = population(study.protocol, e.population)
    by = study.grouping("survival", e)
    if people is None or by is None:
        return NOBODY_NAMED
    group = people.and_(of_groups(by, e.group), *followed(e.outcome))
    mean = (Reason.MEAN,) if people.matched else ()
    if e.statistic == Statistic.N:
        return Behind(group, group, reasons=mean)
    if e.statistic == Statistic.WEIGHTED_N:
        return Behind(group, group, reasons=(*mean, Reason.MATCHING_WEIGHTS))
    if e.statistic == Statistic.EVENTS:
        return Behind(group, group.and_(had_event(e.outcome)), reasons=mean)
    if e.statistic == Statistic.WEIGHTED_EVENTS:
        return Behind(group, group.and_(had_event(e.outcome)), reasons=(*mean, Reason.MATCHING_WEIGHTS))
    if e.variable == "period" and e.level:
        begin = int(re.sub(r"^>?(\d+).*$", r"\1", e.level))
        label = Text(f"随访超过 {begin} 个月", f"Followed for more than {begin} months")
        in_it = group.and_(Term(f"{e.outcome}_days", ">", (days_of(begin),), label=label))
        return Behind(group, None, in_it, (*mean, Reason.AT_RISK))
    if not isinstance(e.statistic, StatisticAt):
        return Behind(group, reasons=mean)
    months = e.statistic.months
    label = Text(f"随访至少 {months} 个月", f"Followed for at least {months} months")
    at_risk = group.and_(Term(f"{e.outcome}_days", ">=", (days_of(months),), label=label))
    return Behind(group, None, at_risk, (Reason.FEWEST if people.matched else Reason.AT_RISK,))


def behind_follow_up(e: Estimate, study: StudyKnown) -> Behind:
    """Everybody whose time of observation is known."""
    people = population(study.protocol, e.population)
    return NOBODY_NAMED if people is None else Behind(people.and_(*followed(Outcome.OS)))


def behind_landmark(e: Estimate, study: StudyKnown) -> Behind:
    """Those still followed at the landmark, by what had happened until then."""
    people = population(study.protocol, e.population)
    if people is None:
        return NOBODY_NAMED
    if not isinstance(e.variable, LandmarkAt):
        return Behind(people)
    months = e.variable.months
    label = Text(f"{months} 个月时仍在随访", f"Still followed at {months} months")
    alive = people.and_(Term("os_days", ">", (days_of(months),), label=label), followed(Outcome.OS)[1])
    states = alive.either(_state(state, months) for state in parts_of(e.group))
    if e.statistic == Statistic.N:
        return Behind(states, states)
    return Behind(states, states.and_(had_event(Outcome.OS)) if e.statistic == Statistic.EVENTS else None)


def _state(state: str, months: int) -> tuple[Term, ...]:
    """What was known of a patient at the landmark."""
    if state == NO_PROGRESSION:
        label = Text(f"{months} 个月内未进展", f"No progression by month {months}")
        return (progressed_by("> or blank", months, label),)
    by_then = progressed_by("<=", months, Text(f"{months} 个月内进展", f"Progressed by month {months}"))
    return by_then, is_level("pattern", state)


def behind_time_dependent(e: Estimate, study: StudyKnown) -> Behind:
    """Everybody with a time of observation; a death counts in the state the patient was in."""
    people = population(study.protocol, e.population)
    if people is None:
        return NOBODY_NAMED
    label = Text("有随访时间", "With time under observation")
    everybody = people.and_(Term("os_days", ">", ("0",), label=label))
    if e.statistic != Statistic.EVENTS:
        return Behind(everybody)
    died = everybody.and_(had_event(Outcome.OS))
    if e.group == NO_PROGRESSION:
        return Behind(everybody, died.and_(Term("progressed_on", "is blank", label=name_of(NO_PROGRESSION))))
    return Behind(everybody, died.and_(is_level("pattern", e.group)))


def behind_competing_risks(e: Estimate, study: StudyKnown) -> Behind:
    """Everybody with a first event or a last scan; an event counts by what it was."""
    people = population(study.protocol, e.population)
    if people is None:
        return NOBODY_NAMED
    everybody = people.and_(followed(Outcome.PFS)[0])
    if e.variable:
        return Behind(everybody.and_(is_known(e.variable)))
    if e.statistic == Statistic.N:
        return Behind(everybody, everybody)
    if e.statistic != Statistic.EVENTS:
        return Behind(everybody)
    happened = everybody.and_(had_event(Outcome.PFS))
    progressed = is_known("progressed_on", name=PROGRESSION_DAY)
    match e.group:
        case "death_without_progression":
            return Behind(everybody, happened.and_(Term("progressed_on", "is blank", label=name_of(e.group))))
        case "progression_without_pattern":
            return Behind(everybody, happened.and_(progressed, is_unknown("pattern")))
        case _:
            return Behind(everybody, happened.and_(progressed, is_level("pattern", e.group)))


def behind_subgroups(e: Estimate, study: StudyKnown) -> Behind:
    """Both groups among those of the level; all levels for the interaction."""
    people = population(study.protocol, e.population)
    by = study.grouping("subgroups", e)
    if people is None or by is None:
        return NOBODY_NAMED
    both = people.and_(of_groups(by, e.group), *followed(e.outcome))
    level = is_level(e.variable, e.level) if e.level else is_known(e.variable)
    return Behind(both.and_(level))


def behind_weighting(e: Estimate, study: StudyKnown) -> Behind:
    """Everybody with a group is weighted; a comparison needs their time, too."""
    people = population(study.protocol, e.population)
    if people is None:
        return NOBODY_NAMED
    by = study.grouping_of("weighting", e)
    group = people.and_(of_groups(by, e.group) if e.group else is_known(by))
    if e.statistic == Statistic.EFFECTIVE_N:
        return Behind(group, reasons=(Reason.WEIGHTED,))
    return Behind(group.and_(*followed(e.outcome)) if e.outcome else group)


def behind_matching(e: Estimate, study: StudyKnown) -> Behind:
    """Those in the pairs of each imputation."""
    people = population(study.protocol, e.population)
    if people is None:
        return NOBODY_NAMED
    if e.variable == "next_better_choice":
        return Behind(reasons=(Reason.OTHER_MATCHING,))
    return Behind(people, reasons=(Reason.NO_N, Reason.MEAN))


def behind_balance(e: Estimate, study: StudyKnown) -> Behind:
    """Before matching everybody with a group, after it those in the pairs."""
    if not e.statistic.family.is_before_matching:
        return behind_matching(e, study)
    people = population(study.protocol, "progressed")
    return NOBODY_NAMED if people is None else Behind(_grouped(people, study), reasons=(Reason.NO_N,))


def behind_predictors(e: Estimate, study: StudyKnown) -> Behind:
    """Everybody with a group, completed: the model reads all levels of a variable at once."""
    people = population(study.protocol, e.population)
    return NOBODY_NAMED if people is None else Behind(people.and_(is_known(e.outcome or study.matched_by)))


def _grouped(people: Selection, study: StudyKnown) -> Selection:
    return people.and_(is_known(study.matched_by))

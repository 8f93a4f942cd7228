"""Patients of the landmarks and of the time-dependent model: by what was known of them at the time."""

from __future__ import annotations

from collections.abc import Callable

from oligoscope.bilingual import Count, Text
from oligoscope.cohort.changing_hazards import period_of
from oligoscope.cohort.patient_terms import (
    OF_ADJUSTED,
    days_of,
    followed,
    had_event,
    had_no_event,
    is_known,
    is_level,
    of_groups,
    patients_of,
    progressed_by,
)
from oligoscope.questions.landmark.numbers import LANDMARKS
from oligoscope.questions.landmark.states import NONE
from oligoscope.questions.question import Chosen
from oligoscope.results.made_from import MadeFrom, Reason
from oligoscope.results.results import Estimate
from oligoscope.results.selection import Selection, Term
from oligoscope.results.statistics import LandmarkAfter, Statistic, landmark_at
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.keys import parts_of
from oligoscope.study.months import DAYS_PER_MONTH
from oligoscope.study.vocabulary import name_of

_MONTHS: dict[str, int] = {landmark_at(months): months for months in LANDMARKS}


def made_from(e: Estimate, chosen: Chosen) -> MadeFrom:
    """Those still followed at the landmark, by what had happened until then."""
    people = patients_of(e.population)
    if not e.variable or e.statistic == Statistic.COVARIATE:
        return MadeFrom(people)
    months = _MONTHS[e.variable]
    label = Text(f"{months} 个月时仍在随访", f"Still followed at {Count(months):month|months}")
    _, *known = followed(Outcome.OS, entries=chosen.entries)
    alive = people.and_(Term("os_days", ">", (days_of(months),), label=label), *known)
    states = alive.either(_state(state, months) for state in parts_of(e.group))
    return _from_landmark(e, chosen, states, Outcome.OS, lambda begin: days_of(months + begin))


def _from_landmark(
    e: Estimate, chosen: Chosen, later: Selection, outcome: Outcome, days: Callable[[float], str]
) -> MadeFrom:
    """A number of the patients who are followed beyond a landmark.

    Args:
        e: The number.
        chosen: What the analysis was adjusted for.
        later: Those followed beyond it, of the groups of the number.
        outcome: Whose time is counted.
        days: Of that time until so many months after the landmark.
    """
    if e.statistic in OF_ADJUSTED:
        return MadeFrom(later.and_(*(is_known(name) for name in chosen.adjusted_for)))
    if e.statistic == Statistic.HAZARD_RATIO_PERIOD:
        begin, _ = period_of(e.level)
        label = Text(
            f"界标后随访超过 {begin:g} 个月",
            f"Followed for more than {Count(format(begin, 'g')):month|months} from the landmark",
        )
        in_it = later.and_(Term(outcome.days, ">", (days(begin),), label=label))
        return MadeFrom(later, None, in_it, (Reason.AT_RISK,))
    if e.statistic == Statistic.N:
        return MadeFrom(later, later)
    return MadeFrom(later, later.and_(had_event(outcome)) if e.statistic == Statistic.EVENTS else None)


def _state(state: str, months: int) -> tuple[Term, ...]:
    """What was known of a patient at the landmark."""
    if state == NONE:
        label = Text(f"{months} 个月内未进展", f"No progression by month {months}")
        return (progressed_by("> or blank", months, label),)
    by_then = progressed_by("<=", months, Text(f"{months} 个月内进展", f"Progressed by month {months}"))
    return by_then, is_level("pattern", state)


def after_progression_made_from(e: Estimate, chosen: Chosen) -> MadeFrom:
    """Those still followed at the landmark after progression, by group; of those left out the patients of each reason."""
    people = patients_of(e.population)
    if not isinstance(e.variable, LandmarkAfter):  # nothing was given, or a covariate cannot be used
        return MadeFrom(people)
    group = people.and_(of_groups(chosen.by, e.group), *followed(Outcome.PPS, entries=chosen.entries))
    if e.statistic in {Statistic.N_DIED_BEFORE, Statistic.N_CENSORED_BEFORE}:
        died = e.statistic == Statistic.N_DIED_BEFORE
        ended = had_event(Outcome.PPS) if died else had_no_event(Outcome.PPS)
        return MadeFrom(group, group.and_(_over_by(e.variable.days), ended))
    day = e.variable.days
    later = group.and_(_beyond(day))
    return _from_landmark(
        e, chosen, later, Outcome.PPS, lambda begin: str(day + begin * DAYS_PER_MONTH).removesuffix(".0")
    )


def _over_by(days: int) -> Term:
    """The event or the last follow-up came by the landmark."""
    label = Text(f"进展后 {days} 天内随访结束", f"Follow-up over by {Count(days):day|days} after progression")
    return Term("pps_days", "<=", (str(days),), label=label)


def _beyond(days: int) -> Term:
    """Neither had come by then."""
    label = Text(f"进展后 {days} 天时仍在随访", f"Still followed at {Count(days):day|days} after progression")
    return Term("pps_days", ">", (str(days),), label=label)


def time_dependent_made_from(e: Estimate, chosen: Chosen) -> MadeFrom:
    """All patients with a time of observation; a death counts in the state the patient was in."""
    label = Text("有随访时间", "With time under observation")
    _, _, *at_risk = followed(Outcome.OS, entries=chosen.entries)
    everyone = patients_of(e.population).and_(Term("os_days", ">", ("0",), label=label), *at_risk)
    if e.statistic in OF_ADJUSTED:
        return MadeFrom(everyone.and_(*(is_known(name) for name in chosen.adjusted_for)))
    if e.statistic != Statistic.EVENTS:
        return MadeFrom(everyone)
    state = Term("progressed_on", "is blank", label=name_of(NONE)) if e.group == NONE else None
    return MadeFrom(everyone, everyone.and_(had_event(Outcome.OS), state or is_level("pattern", e.group)))

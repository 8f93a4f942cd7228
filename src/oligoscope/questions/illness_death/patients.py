"""Patients of the illness-death model: all with a first event or a last scan; after a progression those who had it."""

from __future__ import annotations

from oligoscope.cohort.patient_terms import followed, had_event, is_known, is_level, is_unknown, patients_of
from oligoscope.questions.illness_death.states import DEATH, NO_PATTERN, NONE
from oligoscope.questions.question import Chosen
from oligoscope.results.made_from import MadeFrom
from oligoscope.results.results import Estimate
from oligoscope.results.selection import Selection, Term
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.keys import parts_of
from oligoscope.study.vocabulary import name_of

_OF_MODELS = frozenset({
    Statistic.HAZARD_RATIO, Statistic.HAZARD_RATIO_ADJUSTED, Statistic.P_VALUE, Statistic.P_VALUE_ADJUSTED,
    Statistic.EVENTS_PER_PARAMETER, Statistic.P_VALUE_PROPORTIONAL_HAZARDS,
})  # fmt: skip
_ALONE = frozenset(
    {Statistic.HAZARD_RATIO, Statistic.P_VALUE, Statistic.P_VALUE_PROPORTIONAL_HAZARDS}
)  # of two states without the variables


def made_from(e: Estimate, chosen: Chosen) -> MadeFrom:
    """Those who were in the state that a number begins from; of a model those in whom its variables are known."""
    people = patients_of(e.population)
    if not e.outcome:
        everyone = (
            people.either(((*_first(chosen),), (*_progressed(), *_second(chosen))))
            if chosen.entries
            else people.and_(*_first(chosen))
        )
        return MadeFrom(everyone, everyone if e.statistic == Statistic.N and not e.group else None)
    at_risk = _at_risk(people, e.group, chosen)
    is_alone = len(parts_of(e.group)) > 1 and e.statistic in _ALONE
    if e.statistic in _OF_MODELS and not is_alone:
        return MadeFrom(at_risk.and_(*(is_known(v) for v in chosen.variables)))
    counted = None
    if e.statistic == Statistic.N:
        counted = at_risk
    elif e.statistic == Statistic.EVENTS:
        counted = at_risk.and_(*_moved(e.group, e.outcome))
    return MadeFrom(at_risk, counted)


def _first(chosen: Chosen) -> tuple[Term, ...]:
    known, _, *at_risk = followed(Outcome.PFS, entries=chosen.entries)
    return (known, *at_risk)


def _second(chosen: Chosen) -> tuple[Term, ...]:
    known, _, *at_risk = followed(Outcome.OS, entries=chosen.entries)
    return (known, *at_risk)


def _progressed() -> tuple[Term, ...]:
    return had_event(Outcome.PFS), is_known("progressed_on")


def _at_risk(people: Selection, group: str, chosen: Chosen) -> Selection:
    if group == NONE:
        return people.and_(*_first(chosen))
    after = people.and_(*_progressed(), *_second(chosen))
    if group == NO_PATTERN:
        return after.and_(is_unknown("pattern"))
    return after.either([(is_level("pattern", state),) for state in parts_of(group)])


def _moved(start: str, end: str) -> tuple[Term, ...]:
    """Which of those at risk made the transition."""
    if start != NONE:
        return (had_event(Outcome.OS),)
    if end == DEATH:
        return had_event(Outcome.PFS), Term(
            "progressed_on", "is blank", label=name_of("death_without_progression")
        )
    pattern = is_unknown("pattern") if end == NO_PATTERN else is_level("pattern", end)
    return (*_progressed(), pattern)

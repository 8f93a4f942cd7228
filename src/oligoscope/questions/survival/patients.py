"""Patients of the survival: those with a group whose time and event are known."""

from __future__ import annotations

from math import inf

from oligoscope.bilingual import Count, Text
from oligoscope.cohort.changing_hazards import PERIOD, period_of
from oligoscope.cohort.curves import TIMES
from oligoscope.cohort.patient_terms import days_of, followed, had_event, of_groups, patients_of
from oligoscope.questions.question import Chosen
from oligoscope.results.made_from import MadeFrom, Reason
from oligoscope.results.results import Estimate
from oligoscope.results.selection import Term

_MONTHS = {f"survival_{months}_months": months for months in TIMES}


def _entered_before(outcome: str, months: float) -> Term:
    label = Text(f"{months:g} 个月前已进入观察", f"Under observation before month {months:g}")
    return Term(f"{outcome}_entry_days", "<", (days_of(months),), label=label)


def made_from(e: Estimate, chosen: Chosen) -> MadeFrom:
    """Those with a group whose time and event are known; n of a survival rate counts those at risk."""
    people = patients_of(e.population)
    group = people.and_(of_groups(chosen.by, e.group), *followed(e.outcome, entries=chosen.entries))
    mean = (Reason.MEAN,) if people.matched else ()
    weights = (*mean, Reason.MATCHING_WEIGHTS)
    match e.statistic:
        case "n":
            return MadeFrom(group, group, reasons=mean)
        case "weighted_n":
            return MadeFrom(group, group, reasons=weights)
        case "events":
            return MadeFrom(group, group.and_(had_event(e.outcome)), reasons=mean)
        case "weighted_events":
            return MadeFrom(group, group.and_(had_event(e.outcome)), reasons=weights)
    if e.variable == PERIOD and e.level:
        begin, end = period_of(e.level)
        months = format(begin, "g")
        label = Text(f"随访超过 {months} 个月", f"Followed for more than {Count(months):month|months}")
        in_it = group.and_(Term(f"{e.outcome}_days", ">", (days_of(begin),), label=label))
        if chosen.entries and end < inf:
            in_it = in_it.and_(_entered_before(e.outcome, end))
        return MadeFrom(group, None, in_it, (*mean, Reason.AT_RISK))
    if e.statistic not in _MONTHS:
        return MadeFrom(group, reasons=mean)
    months = _MONTHS[e.statistic]
    label = Text(f"随访至少 {months} 个月", f"Followed for at least {Count(months):month|months}")
    at_risk = group.and_(Term(f"{e.outcome}_days", ">=", (days_of(months),), label=label))
    if chosen.entries:
        at_risk = at_risk.and_(_entered_before(e.outcome, months))
    return MadeFrom(group, None, at_risk, (Reason.FEWEST if people.matched else Reason.AT_RISK,))

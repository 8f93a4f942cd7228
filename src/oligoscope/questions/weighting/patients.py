"""Patients of the weighting: all patients with a group; a comparison needs their time, too."""

from __future__ import annotations

from oligoscope.bilingual import Count, Text
from oligoscope.cohort.curves import TIMES
from oligoscope.cohort.patient_terms import days_of, followed, had_event, of_groups, patients_of
from oligoscope.questions.question import Chosen
from oligoscope.questions.weighting.survival_words import AIPW
from oligoscope.results.made_from import MadeFrom, Reason
from oligoscope.results.results import Estimate
from oligoscope.results.selection import Selection, Term
from oligoscope.results.statistics import Statistic

_OF_WEIGHTS = {Statistic.EFFECTIVE_N, Statistic.LARGEST_WEIGHT}
_MONTHS = {f"survival_{months}_months": months for months in TIMES}


def made_from(e: Estimate, chosen: Chosen) -> MadeFrom:
    """Every patient with a group is weighted; an effective sample size is no count of them."""
    # What survival would be if all were in one group is made from the patients of both.
    group = patients_of(e.population).and_(of_groups(chosen.by, "" if e.variable == AIPW else e.group))
    if e.statistic in _OF_WEIGHTS:
        return MadeFrom(group, reasons=(Reason.WEIGHTED,))
    if not e.outcome:
        return MadeFrom(group)
    known = group.and_(*followed(e.outcome, entries=chosen.entries))
    if e.statistic == Statistic.N:
        return MadeFrom(known, known)
    if e.statistic == Statistic.EVENTS:
        return MadeFrom(known, known.and_(had_event(e.outcome)))
    if e.statistic in _MONTHS and e.variable != AIPW:
        at_risk = _at_risk(known, e.outcome, _MONTHS[e.statistic], chosen)
        return MadeFrom(known, None, at_risk, (Reason.AT_RISK,))
    return MadeFrom(known)


def _at_risk(known: Selection, outcome: str, months: int, chosen: Chosen) -> Selection:
    label = Text(f"随访至少 {months} 个月", f"Followed for at least {Count(months):month|months}")
    found = known.and_(Term(f"{outcome}_days", ">=", (days_of(months),), label=label))
    if not chosen.entries:
        return found
    entered = Text(f"{months} 个月前已进入观察", f"Under observation before month {months}")
    return found.and_(Term(f"{outcome}_entry_days", "<", (days_of(months),), label=entered))


def balance_made_from(e: Estimate, chosen: Chosen) -> MadeFrom:
    """All patients with a group, before and after."""
    return MadeFrom(patients_of(e.population).and_(of_groups(chosen.by, e.group)), reasons=(Reason.NO_N,))

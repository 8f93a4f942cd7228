"""Patients of the responses: all patients with a group; of the changes of the lesions, those with a sum of diameters."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.cohort.patient_terms import is_known, is_level, of_groups, patients_of
from oligoscope.questions.question import Chosen
from oligoscope.questions.response.rates import CHANGES, RATE_NAMES, RATES
from oligoscope.results.made_from import MadeFrom
from oligoscope.results.results import Estimate
from oligoscope.results.selection import Term
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.vocabulary import variable_name

_COUNTED = {"n", "percent"}


def made_from(e: Estimate, chosen: Chosen) -> MadeFrom:
    """All patients with a group; those with the response, or with one of those of a rate, count."""
    group = patients_of(e.population).and_(of_groups(chosen.by, e.group))
    if e.statistic not in _COUNTED:
        return MadeFrom(group)
    column = "confirmed_response" if chosen.confirmed else "best_response"
    if e.level:
        return MadeFrom(group, group.and_(is_level(column, e.level, name=variable_name("best_response"))))
    if e.variable:
        words = tuple(response.value for response in RATES[e.variable])
        return MadeFrom(group, group.and_(Term(column, "in", words, label=RATE_NAMES[e.variable])))
    return MadeFrom(group, group)


def series_made_from(e: Estimate, _chosen: Chosen) -> MadeFrom:
    """All patients; those with a sum of diameters are in the series of the waterfall plot."""
    people = patients_of(e.population)
    if e.outcome == "best_response":
        return MadeFrom(people)
    if e.outcome == "swimmer":
        return MadeFrom(people, people.and_(is_known("os_days", name=variable_name(Outcome.OS))))
    series = f"series/waterfall--{e.population}.csv"
    changed = is_known("best_change_percent", series, Text("靶病灶变化", "Change of target lesions"))
    with_sum = people.and_(changed)
    if e.statistic == Statistic.N_EVALUABLE:
        return MadeFrom(people, with_sum)
    if e.statistic == Statistic.MEDIAN:
        return MadeFrom(with_sum)
    if not e.level:
        return MadeFrom(people, people)
    return MadeFrom(with_sum, with_sum.and_(_of_change(e.level, series)))


def _of_change(level: str, series: str) -> Term:
    if level in {"<=-30", ">=20"}:
        return Term("best_change_percent", level[:2], (level[2:],), file=series, label=CHANGES[level])
    return Term(level, "in", ("true",), file=series, label=CHANGES[level])

"""How many patients carry a label or a time of the team's own, and how often a rule gives the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from oligoscope.clinical.classified import GivenColumns
from oligoscope.cohort.counts import rows_of_agreement
from oligoscope.cohort.variables import declared_levels
from oligoscope.questions.question import Answer, Records
from oligoscope.results.analyses import TEAM_LABELS
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit
from oligoscope.results.warnings import WarningCode
from oligoscope.stats.comparison.agreement import cohen_kappa
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.given_times import gave_progression, given_days, given_event, rounding_days
from oligoscope.study.keys import Level

BY_RULE = {"pattern": "pattern_by_rule", "resistance": "resistance_by_rule"}


def answer(study: Records) -> Answer:
    """Rows of every label and time that the team has given; nothing where it gave no cohort.

    By outcome = label or time: n (patients of whom it is given, of all in the table), and where a rule says the same,
    n_alike (of those of whom both are known), percent_agree; of labels kappa and the cross-table too (variable = the team's,
    level = the rule's). What cannot be checked is a row without value.
    """
    cohort = study.tables.cohort
    if cohort.is_empty():
        return [], {}
    given = GivenColumns.of(study.tables)
    rows = [*_of_labels(study, given), *_of_times(cohort, given)]
    return [Estimate(analysis=TEAM_LABELS, population="screened", **row) for row in rows], {}


def _of_labels(study: Records, given: GivenColumns) -> Iterator[dict[str, Any]]:
    cohort, patients = study.tables.cohort, study.cohort.patients
    for label in given.labels:
        known = cohort.height - cohort[label].null_count()
        yield {"outcome": label, **_given(known, cohort.height)}
        if label in BY_RULE:
            both = patients.select(theirs=label, ours=BY_RULE[label]).drop_nulls()
            yield from ({"outcome": label, **row} for row in _agreement(label, both))


def _agreement(label: str, both: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """Of one label; both: columns theirs and ours, a row a patient."""
    if both.is_empty():
        yield {
            "statistic": Statistic.N_ALIKE,
            "n": 0,
            "unit": Unit.PATIENTS,
            "warning": WarningCode.RULE_NOT_CHECKED(),
        }
        return
    seen = {*both["theirs"], *both["ours"]}
    words = [word for word in declared_levels(label) if word in seen]
    counts = {
        pair: n for *pair, n in both.group_by("theirs", "ours").len().iter_rows() for pair in [tuple(pair)]
    }
    table = np.array([[counts.get((a, b), 0) for b in words] for a in words])
    yield {
        "statistic": Statistic.N_ALIKE,
        "value": int(np.trace(table)),
        "n": both.height,
        "unit": Unit.PATIENTS,
    }
    yield from ({"n": both.height, **row} for row in rows_of_agreement(cohen_kappa(table)))
    for i, theirs in enumerate(words):
        for j, ours in enumerate(words):
            pair = {"variable": Level.of(label, theirs), "level": Level.of(label, ours)}
            count = {"statistic": Statistic.N, "value": int(table[i, j]), "unit": Unit.PATIENTS}
            yield {"n": both.height, **pair, **count}


def _of_times(cohort: pl.DataFrame, given: GivenColumns) -> Iterator[dict[str, Any]]:
    os, pfs, pps = (given_days(o) for o in (Outcome.OS, Outcome.PFS, Outcome.PPS))
    adds_up = (os - pfs - pps).abs() <= rounding_days(Outcome.PFS, Outcome.OS, Outcome.PPS)
    at_death = (given_event(Outcome.OS) == 1) & ((os - pfs).abs() <= rounding_days(Outcome.PFS, Outcome.OS))
    must_be_event = gave_progression().fill_null(value=False) | at_death.fill_null(value=False)
    # A time that follows from two others; an event that follows from what else the row says.
    checks = {Outcome.PPS: adds_up, Outcome.PFS: pl.when(must_be_event).then(given_event(Outcome.PFS) == 1)}
    for outcome in given.times:
        known = cohort.select(given_days(outcome).is_not_null().sum()).item()
        yield {"outcome": outcome, **_given(known, cohort.height)}
        if outcome in checks and outcome.event in {*given.names, Outcome.PPS.event}:
            alike = cohort.select(checks[outcome].alias("alike"))["alike"].drop_nulls()
            yield from ({"outcome": outcome, **row} for row in _shares(alike))


def _given(known: int, n: int) -> dict[str, Any]:
    return {"statistic": Statistic.N, "value": known, "n": n, "unit": Unit.PATIENTS}


def _shares(alike: pl.Series) -> Iterator[dict[str, Any]]:
    n = len(alike)
    if not n:
        yield {
            "statistic": Statistic.N_ALIKE,
            "n": 0,
            "unit": Unit.PATIENTS,
            "warning": WarningCode.RULE_NOT_CHECKED(),
        }
        return
    yield {"statistic": Statistic.N_ALIKE, "value": int(alike.sum()), "n": n, "unit": Unit.PATIENTS}
    yield {
        "statistic": Statistic.PERCENT_AGREE,
        "value": 100 * int(alike.sum()) / n,
        "n": n,
        "unit": Unit.PERCENT,
    }

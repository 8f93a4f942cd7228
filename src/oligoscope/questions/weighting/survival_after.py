"""Survival with weights: weighted Kaplan-Meier curves, and the doubly robust difference at 12 and 24 months."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import fmean
from typing import Any

import numpy as np
import polars as pl

from oligoscope.cohort.attempts import NoAnswer, attempt
from oligoscope.cohort.curves import curve_series, describe_curve
from oligoscope.cohort.times import Fewest, caution
from oligoscope.cohort.weighted_groups import Followed, Scored
from oligoscope.questions.weighting.ratios import Comparing
from oligoscope.questions.weighting.survival_words import DIFFERENCE_MONTHS
from oligoscope.results.methods import Method, MethodPart
from oligoscope.results.statistics import Statistic, at_months
from oligoscope.results.units import Unit
from oligoscope.results.warnings import NO_WARNING, WarningCode, Warnings, join
from oligoscope.stats.imputation.pooled_curve import PooledCurve, pool_curves
from oligoscope.stats.imputation.rubin import pool
from oligoscope.stats.survival.doubly_robust import DoublyRobust, doubly_robust_survival, pseudo_survival
from oligoscope.stats.survival.kaplan_meier import kaplan_meier
from oligoscope.study.dictionary.outcomes import Outcome

_COUNTED_BY_WEIGHT = {Statistic.WEIGHTED_N, Statistic.WEIGHTED_EVENTS}


def curves_of(comparing: Comparing, outcome: Outcome, groups: tuple[str, ...]) -> dict[str, PooledCurve]:
    """The weighted curve of each group; numbers at risk are weights, scaled to the patients of the group."""
    followed = comparing.followed(outcome)
    return {
        g: pool_curves([_curve(one, first) for one in followed])
        for g, first in zip(groups, (True, False), strict=True)
    }


def _curve(one: Followed, first: bool) -> Any:
    inside = one.first == first
    weights, entry = one.weights[inside], one.entry
    people = np.arange(int(inside.sum()))
    return kaplan_meier(
        one.months[inside], one.event[inside], weights=weights * people.size / weights.sum(),
        cluster=people, patient=people, entry=None if entry is None else entry[inside],
    )  # fmt: skip


def curve_rows(
    curves: dict[str, PooledCurve], fewest: Fewest, comparing: Comparing, outcome: Outcome
) -> Iterator[dict[str, Any]]:
    """Patients, events, median and survival at round months of each group."""
    followed = comparing.followed(outcome)
    doubts = join(comparing.doubts, caution(comparing.by, outcome))
    for (group, curve), first in zip(curves.items(), (True, False), strict=True):
        sizes = [int((one.first == first).sum()) for one in followed]
        is_small = min(sizes) < fewest.patients
        small = WarningCode.GROUP_TOO_SMALL(minimum=fewest.patients) if is_small else NO_WARNING
        for row in describe_curve(curve, withheld=small):
            if row["statistic"] in _COUNTED_BY_WEIGHT:
                continue
            more: dict[str, Any] = {}
            if "method" in row:
                more["method"] = row["method"].plus(*comparing.how)
                more["warning"] = join(row.get("warning", NO_WARNING), doubts)
            yield {"group": group, **row, **more}


def weighted_series(
    name: str, curves: dict[str, PooledCurve], comparing: Comparing, outcome: Outcome
) -> dict[str, pl.DataFrame]:
    """The series of the picture; groups with too few patients or events are not drawn."""
    followed = comparing.followed(outcome)
    undrawn = []
    for group, first in zip(curves, (True, False), strict=True):
        own = [one.event[one.first == first] for one in followed]
        if comparing.fewest.why_not([e.size for e in own], [int(e.sum()) for e in own]):
            undrawn.append(group)
    return curve_series(name, curves, undrawn)


def doubly_robust_rows(
    comparing: Comparing, outcome: Outcome, groups: tuple[str, ...], pair: str, withheld: Warnings
) -> Iterator[dict[str, Any]]:
    """Survival if all patients were in one group, in the other, and the difference with its P; or why they are withheld."""
    many = len(comparing.scored) > 1
    method = Method(MethodPart.DOUBLY_ROBUST, MethodPart.PSEUDO_OBSERVATIONS, MethodPart.STACKED_LIMITS)
    method = method.plus(MethodPart.RUBIN) if many else method
    # The score is used as it is: every patient counts, whatever the weights of the curves are.
    followed = [s.followed(comparing.by, outcome, np.ones(s.treated.size)) for s in comparing.scored]
    n = round(fmean(one.rows.height for one in followed))
    doubts = join(comparing.doubts, caution(comparing.by, outcome))
    for months in DIFFERENCE_MONTHS:
        keys: dict[str, Any] = {"variable": "aipw", "n": n, "method": method}
        statistic = at_months(Statistic.SURVIVAL_DIFFERENCE, months)
        row = keys | {"group": pair, "statistic": statistic, "unit": Unit.PROBABILITY}
        sparse = withheld or _why_not(followed, comparing.fewest, months)
        found = NoAnswer(sparse) if sparse else attempt(
            lambda months=months: [
                _at(s, one, months) for s, one in zip(comparing.scored, followed, strict=True)
            ]
        )  # fmt: skip
        if isinstance(found, NoAnswer):
            yield row | {"warning": found.warning}
            continue
        df = max(n - 2, 1) if many else np.inf
        pooled = attempt(
            lambda found=found, df=df: pool(
                [f.difference for f in found], [f.standard_error**2 for f in found], df
            )
        )
        if isinstance(pooled, NoAnswer):
            yield row | {"warning": join(WarningCode.NOT_CONVERGED(), doubts)}
            continue
        yield from _of_groups(keys, groups, found, months, doubts)
        limits = {"low": max(pooled.low, -1.0), "high": min(pooled.high, 1.0)}
        yield row | {"value": pooled.estimate, **limits, "warning": doubts}
        p = {"statistic": at_months(Statistic.P_VALUE, months), "value": pooled.p_value}
        yield keys | {"group": pair, **p, "warning": doubts}


def _of_groups(
    keys: dict[str, Any], groups: tuple[str, ...], found: list[DoublyRobust], months: int, doubts: Warnings
) -> Iterator[dict[str, Any]]:
    for group, name in zip(groups, ("treated", "controls"), strict=True):
        value = fmean(getattr(f, name) for f in found)
        own: dict[str, Any] = {
            "group": group, "statistic": at_months(Statistic.SURVIVAL, months), "unit": Unit.PROBABILITY,
        }  # fmt: skip
        # A sum of weighted values may lie outside what a probability can be.
        if 0 <= value <= 1:
            yield keys | own | {"value": value, "warning": doubts}
        else:
            yield keys | own | {"warning": WarningCode.UNDETERMINED()}


def _why_not(followed: list[Followed], fewest: Fewest, months: int) -> Warnings:
    """Why there is no difference at this month; blank where there is."""
    for one in followed:
        if one.entry is not None and np.any(one.entry > 0):
            return WarningCode.NO_DELAYED_ENTRY()
        early = one.event & (one.months <= months)
        if sparse := fewest.why_not_two(early, one.first):
            return sparse
        if min(one.months[one.first].max(), one.months[~one.first].max()) < months:
            return WarningCode.BEYOND_FOLLOW_UP()
    return NO_WARNING


def _at(scored: Scored, one: Followed, months: int) -> DoublyRobust:
    pseudo = np.empty(one.first.size)
    for inside in (one.first, ~one.first):
        pseudo[inside] = pseudo_survival(one.months[inside], one.event[inside], months)
    own = scored if one.first.size == scored.treated.size else scored.drawn(one.place)
    return doubly_robust_survival(pseudo, own.treated, own.score.probability, own.design)

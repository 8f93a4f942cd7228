"""Hazards of states entered during follow-up, and hazard ratios of periods: Cox on episodes.

A group known only later (oligoprogression or systemic, known at progression) would be credited with the time that
its members survived until then. Here each patient belongs to a state only from when it began.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from oligoscope.errors import DataError, NotEnoughData, UsageError
from oligoscope.stats.arrays import Floats, Ints, check_columns, check_numbers
from oligoscope.stats.comparison.test_result import ColumnTest
from oligoscope.stats.survival.column_tests import likelihood_ratio_cox, wald_columns
from oligoscope.stats.survival.cox import CoxFit, cox
from oligoscope.stats.survival.episodes import Episodes, split_at


@dataclass(frozen=True, slots=True, eq=False)
class PiecewiseCox:
    """Hazard ratios of two groups, one a period.

    Attributes:
        periods: From (exclusive) and to (inclusive), in months; the last is open.
        n_events: In each period.
        fit: Columns of the periods, then those adjusted for; a period without an estimate has NaN.
        change: Test that the ratio is the same in all periods; None where fewer than two periods have one.
        n_without_time: Patients with follow-up of 0, at risk at no time and left out.
    """

    periods: tuple[tuple[float, float], ...]
    n_events: tuple[int, ...]
    fit: CoxFit
    change: ColumnTest | None
    n_without_time: int


def states_design(state: ArrayLike, states: Sequence[Any], adjust: Sequence[Floats] = ()) -> Floats:
    """The columns of a Cox model of the state of each episode (R: `coxph(Surv(start, stop, died) ~ state)`), shape (m, k + l).

    Args:
        state: The state in each episode, shape (m,).
        states: One a column, 0/1; every other state is the reference.
        adjust: Further columns, each of shape (m,).
    """
    here = np.asarray(state)
    return np.column_stack([*(here == s for s in states), *adjust]).astype(np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class PiecewiseStates:
    """Hazard ratios of states against the reference, one a period.

    Attributes:
        n_events: Of each state (rows, the reference last) in each period.
        fit: A column a state and period, the periods of the first state first; those without an estimate have NaN.
        change: Test that the ratios are the same in all periods; None where there is none.
    """

    n_events: Ints
    fit: CoxFit
    change: ColumnTest | None


def piecewise_states_cox(
    entry: ArrayLike,
    months: ArrayLike,
    died: ArrayLike,
    state: ArrayLike,
    states: Sequence[Any],
    cuts: Sequence[float],
    *,
    level: float = 0.95,
) -> PiecewiseStates:
    """The Cox model of `states_design` with a ratio of each state in each period of follow-up.

    R: `coxph(Surv(start, stop, died) ~ I(state == s & period == 1) + …, survSplit(…))`; the change by likelihood ratio.

    Args:
        entry: When each episode begins, exclusive, shape (m,).
        months: When it ends, inclusive, shape (m,).
        died: Whether it ended in the event, shape (m,).
        state: As of `states_design`.
        states: As of `states_design`.
        cuts: Ends of the periods, in months, above 0, ascending.
        level: Confidence level of the limits.

    Raises:
        DataError: As `cox`.
        NotEnoughData: As `cox`.
        UsageError: As `split_at`.
    """
    cut = split_at(months, died, cuts, entry=entry)
    here = np.asarray(state)[cut.patient]
    throughout = [(here == s).astype(np.float64) for s in states]
    by_period = [own * (cut.state == k) for own in throughout for k in range(len(cuts) + 1)]
    fit = cox(cut.months, cut.died, np.column_stack(by_period), entry=cut.entry, level=level)
    later = [own * (cut.state == k) for own in throughout for k in range(1, len(cuts) + 1)]
    added, columns = np.column_stack([*later, *throughout]), list(range(len(later)))
    try:
        change = likelihood_ratio_cox(cut.months, cut.died, added, columns, entry=cut.entry)
    except NotEnoughData:
        change = None
    inside = [*(own == 1 for own in throughout), ~np.isin(here, list(states))]
    counts = [
        [int((cut.died & own & (cut.state == k)).sum()) for k in range(len(cuts) + 1)] for own in inside
    ]
    return PiecewiseStates(np.array(counts, dtype=np.int64), fit, change)


def piecewise_cox(
    months: ArrayLike,
    died: ArrayLike,
    group: ArrayLike,
    cuts: Sequence[float],
    *,
    adjust: ArrayLike | None = None,
    cluster: ArrayLike | None = None,
    entry: ArrayLike | None = None,
    weights: ArrayLike | None = None,
) -> PiecewiseCox:
    """Hazard ratio of two groups in each period of follow-up.

    R: `coxph(Surv(start, months, died) ~ group:strata(period), survSplit(...))`. The change between periods is
    tested by likelihood ratio; with clusters, which have no likelihood, by a robust Wald test.

    Args:
        months: Follow-up of each patient, shape (n,), finite, >= 0.
        died: True where follow-up ended in the event, shape (n,).
        group: 1 in the group of interest, 0 in the reference, shape (n,).
        cuts: Ends of the periods, in months, above 0, ascending; best fixed beforehand.
        adjust: Further columns whose ratios are the same in all periods, shape (n, k).
        cluster: A label a patient (a pair); standard errors are then robust, grouped by it.
        entry: Delayed entry, as of `cox`.
        weights: Case weights, as of `cox`; with clusters.

    Raises:
        DataError: As `cox`; a group is neither 0 nor 1.
        NotEnoughData: As `cox`.
        UsageError: As `split_at`; or no cut.
    """
    if not cuts:
        raise UsageError("No cut is given: a piecewise hazard ratio needs two periods or more.")
    treated = check_numbers(group, "group")
    if not np.all((treated == 0) | (treated == 1)):
        raise DataError("The group of a patient must be 0 (reference) or 1.")
    cut = split_at(months, died, cuts, entry=entry)
    if treated.size != np.asarray(months).size:
        raise DataError(f"There are {np.asarray(months).size} patients but {treated.size} groups.")
    here, more = treated[cut.patient], _repeat(adjust, cut)
    by_period = [here * (cut.state == k) for k in range(len(cuts) + 1)]
    labels = None if cluster is None else np.asarray(cluster)[cut.patient]
    counted = None if weights is None else np.asarray(weights, dtype=np.float64)[cut.patient]
    design = np.column_stack([*by_period, *more])
    fit = cox(cut.months, cut.died, design, entry=cut.entry, cluster=labels, weights=counted)
    # The same model, as one ratio throughout and what the later periods add to it.
    added = np.column_stack([*by_period[1:], here, *more])
    return PiecewiseCox(
        periods=tuple(itertools.pairwise((0.0, *(float(c) for c in cuts), float("inf")))),
        n_events=tuple(int(cut.died[cut.state == k].sum()) for k in range(len(cuts) + 1)),
        fit=fit,
        change=_test_change(cut, added, list(range(len(cuts))), labels, counted),
        n_without_time=cut.n_without_time,
    )


def _test_change(
    cut: Episodes, design: Floats, columns: list[int], cluster: Any, weights: Floats | None
) -> ColumnTest | None:
    try:
        if cluster is None:
            return likelihood_ratio_cox(cut.months, cut.died, design, columns, entry=cut.entry)
        fit = cox(cut.months, cut.died, design, entry=cut.entry, cluster=cluster, weights=weights)
        return wald_columns(fit, columns)
    except NotEnoughData:
        return None


def _repeat(adjust: ArrayLike | None, cut: Episodes) -> list[Floats]:
    """Columns of patients as columns of episodes."""
    if adjust is None:
        return []
    return [*check_columns(adjust)[cut.patient].T]

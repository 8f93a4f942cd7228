"""Two weighted groups compared: a Cox model and a log-rank test whose variance knows that the weights were estimated.

An estimating equation sum of w r is changed by a change of the weights at the rate sum of r times the change, so that
each patient contributes w r and, through the parameters of the weights, their influence on these.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from oligoscope.errors import NotEnoughData
from oligoscope.stats.arrays import Bools, Floats, Ints, check_length, check_weights
from oligoscope.stats.doubts import Doubt
from oligoscope.stats.survival.follow_up import check_entry, check_follow_up

Ties = Literal["efron", "breslow"]
# From the derivative of an equation by the weight of each row to what the estimation of the weights adds to the
# contribution of each patient, among whom may be some who have no row.
Shift = Callable[[Floats], Floats]


@dataclass(frozen=True, slots=True, eq=False)
class ScoreResiduals:
    """Of one column: `values`, shape (n,), not multiplied by the weights; and the information."""

    values: Floats
    information: float


def score_residuals(
    months: ArrayLike,
    died: ArrayLike,
    column: ArrayLike,
    weights: ArrayLike,
    beta: float,
    *,
    entry: ArrayLike | None = None,
    ties: Ties = "efron",
) -> ScoreResiduals:
    """Derivative of the weighted score of a Cox model of one column by the weight of each row.

    Args:
        months: Follow-up of each row, shape (n,), finite, >= 0.
        died: True where follow-up ended in the event.
        column: The covariate.
        weights: Above 0.
        beta: Log hazard ratio at which it is taken.
        entry: Delayed entry, at risk from then on (entry < t <= months).
        ties: "efron" as `coxph`; "breslow" with beta 0 for the log-rank test.

    References:
        Lin & Wei, JASA 1989, 84:1074; R's `residuals(coxph(...), type = "score")`.
    """
    seen = check_follow_up(months, died)
    n = seen.months.size
    x, w = check_length(column, n, "covariate"), check_weights(weights, n)
    begun, event = check_entry(entry, seen), np.asarray(seen.events, dtype=np.bool_)
    times = np.unique(seen.months[event])
    last = np.searchsorted(times, seen.months, side="right")  # how many of the times each was followed to
    missed = np.zeros(n, dtype=np.int64) if begun is None else np.searchsorted(times, begun, side="right")
    own = last[event] - 1
    risk = np.exp(beta * x)

    def at_risk(values: Floats) -> Floats:
        begin, end = (np.bincount(place, values, times.size + 1) for place in (missed, last))
        return np.cumsum(begin - end)[:-1].astype(np.float64)

    def of_deaths(values: Floats) -> Floats:
        return np.bincount(own, values[event], times.size).astype(np.float64)

    powers = [w * risk * x**k for k in range(3)]
    sums, dying = [at_risk(p) for p in powers], [of_deaths(p) for p in powers]
    counts = np.bincount(own, minlength=times.size)
    at = np.repeat(np.arange(times.size), counts)
    rank = np.arange(at.size) - np.repeat(np.cumsum(counts) - counts, counts)
    share = rank / counts[at] if ties == "efron" else np.zeros(at.size)
    s0, s1, s2 = (total[at] - share * part[at] for total, part in zip(sums, dying, strict=True))
    mean = s1 / s0
    weight = (of_deaths(w) / counts)[at]
    hazard = weight / s0

    def over(values: Floats) -> Floats:
        return np.bincount(at, values, times.size).astype(np.float64)

    steps, mean_steps = over(hazard), over(hazard * mean)
    own_steps, own_mean = over(hazard * (1 - share)), over(hazard * (1 - share) * mean)
    passed, mean_passed = np.r_[0.0, np.cumsum(steps)], np.r_[0.0, np.cumsum(mean_steps)]
    until = np.where(event, last - 1, last)
    lived, lived_mean = passed[until] - passed[missed], mean_passed[until] - mean_passed[missed]
    lived[event] += own_steps[own]
    lived_mean[event] += own_mean[own]
    values = -risk * (x * lived - lived_mean)
    values[event] += x[event] - (over(mean) / counts)[own]
    return ScoreResiduals(values, float(weight @ (s2 / s0 - mean**2)))


def stacked_error(residuals: ScoreResiduals, weights: Floats, place: Ints, shift: Shift) -> float:
    """Standard error of a log hazard ratio whose weights were estimated.

    Args:
        residuals: At the estimate.
        weights: Of the rows.
        place: Which patient each row is, among those that the weights were made of.
        shift: What the estimation of the weights adds to each patient's contribution.

    References:
        Shu, Young, Toh & Wang, Biometrics 2021, 77:1101; Mao, Li & Greene 2019 (stacked estimating equations).
    """
    return float(np.sqrt(_squares(residuals, weights, place, shift))) / residuals.information


def stacked_log_rank(
    months: ArrayLike,
    died: ArrayLike,
    first: Bools,
    weights: Floats,
    place: Ints,
    shift: Shift,
    *,
    entry: ArrayLike | None = None,
) -> float:
    """P of the weighted log-rank test of two groups: the score of no effect over its variance.

    Args:
        months, died, weights, entry: As `score_residuals`.
        first: Who is in the first group.
        place, shift: As `stacked_error`.

    Raises:
        NotEnoughData: Patients of both groups were never at risk together when an event happened.

    References:
        Xie & Liu, Stat Med 2005, 24:3089 (weighted log-rank); Lin & Wei 1989.
    """
    found = score_residuals(months, died, first.astype(np.float64), weights, 0.0, entry=entry, ties="breslow")
    variance = _squares(found, weights, place, shift)
    if found.information <= 0 or variance <= 0:
        raise NotEnoughData("The groups were never at risk together: no log-rank test.", Doubt.NO_SHARED_RISK)
    return float(special.chdtrc(1, float(weights @ found.values) ** 2 / variance))


def _squares(residuals: ScoreResiduals, weights: Floats, place: Ints, shift: Shift) -> float:
    contributions = np.array(shift(residuals.values), dtype=np.float64)
    contributions[place] += weights * residuals.values
    return float(contributions @ contributions)

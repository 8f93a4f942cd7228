"""The likelihood of the Fine-Gray model and each patient's part in it, by running sums in order of time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from oligoscope.stats.arrays import Floats, Ints
from oligoscope.stats.regression.logistic_newton import invert
from oligoscope.stats.survival.competing_risks import CENSORED, Causes

MOST_STEPS = 25
SMALLEST_STEP = 1e-9  # in log hazard ratio over one sd of a column
MOST_HALVINGS = 30
ROUNDING = 1e-13


@dataclass(frozen=True, slots=True, eq=False)
class Subdistribution:
    """What a fit needs of n patients in order of time; J are the distinct times of events of the cause.

    Attributes:
        z: Scaled columns, shape (n, k).
        event: Events of the cause as 0 or 1, shape (n,).
        other: 1 / G at their own time for those with another event, 0 for the rest, shape (n,).
        first: For each of the J times, how many patients have follow-up before it.
        past: For each patient, how many of the J times are not after theirs, shape (n,).
        deaths: Events at each of the J times.
        uncensored: G, the share not censored, just before each of the J times.
    """

    z: Floats
    event: Floats
    other: Floats
    first: Ints
    past: Ints
    deaths: Floats
    uncensored: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """The likelihood at some coefficients; `load` is each patient's cumulative hazard times exp(z b)."""

    height: float
    score: Floats
    information: Floats
    relative: Floats
    load: Floats
    hazard: Floats
    means: Floats


def order_risk(seen: Causes, z: Floats, of: int) -> Subdistribution:
    """What a fit needs of the patients, from their columns in order of time."""
    times, deaths = np.unique(seen.months[seen.cause == of], return_counts=True)
    other = (seen.cause != of) & (seen.cause != CENSORED)
    own = _uncensored_before(seen, seen.months)
    return Subdistribution(
        z=z,
        event=(seen.cause == of).astype(np.float64),
        other=np.where(other, 1 / own, 0.0),
        first=np.searchsorted(seen.months, times, side="left"),
        past=np.searchsorted(times, seen.months, side="right"),
        deaths=deaths.astype(np.float64),
        uncensored=_uncensored_before(seen, times),
    )


def _uncensored_before(seen: Causes, times: Floats) -> Floats:
    """Kaplan-Meier of the censoring just before each time; who has an event at t is at risk of censoring at t."""
    distinct, first, _ = np.unique(seen.months, return_index=True, return_counts=True)
    censored = np.add.reduceat((seen.cause == CENSORED).astype(np.float64), first)
    share = np.cumprod(1 - censored / (seen.months.size - first))
    return np.concatenate([[1.0], share])[np.searchsorted(distinct, times, side="left")]


def maximise(risk: Subdistribution, start: Point) -> tuple[Floats, Point, bool]:
    """Newton's method from no effect, halved where it overshoots; whether it reached a maximum."""
    at, point = np.zeros(risk.z.shape[1]), start
    for _ in range(MOST_STEPS):
        step = invert(point.information) @ point.score
        moved, halvings = evaluate(risk, at + step), 0
        while moved.height < point.height - ROUNDING * abs(point.height) and halvings < MOST_HALVINGS:
            step, halvings = step / 2, halvings + 1
            moved = evaluate(risk, at + step)
        at, point = at + step, moved
        if np.max(np.abs(step)) < SMALLEST_STEP:
            return at, point, True
    return at, point, False


def evaluate(risk: Subdistribution, at: Floats) -> Point:
    """The likelihood, its score and information at some coefficients of the scaled columns."""
    predictor = risk.z @ at
    relative = np.exp(predictor - predictor.max())
    weighted = np.column_stack([relative, relative[:, None] * risk.z])
    # At risk at a time: those followed to it, and those with another event before it, by their weight.
    followed = _running(weighted[::-1])[::-1][risk.first]
    departed = _running(weighted * risk.other[:, None], leading=True)[risk.first]
    sums = followed + risk.uncensored[:, None] * departed
    hazard, means = risk.deaths / sums[:, 0], sums[:, 1:] / sums[:, :1]
    load = relative * _over_time(risk, hazard)
    information = risk.z.T @ (risk.z * load[:, None]) - means.T @ (means * risk.deaths[:, None])
    height = float(risk.event @ (predictor - predictor.max()) - risk.deaths @ np.log(sums[:, 0]))
    return Point(height, risk.z.T @ (risk.event - load), information, relative, load, hazard, means)


def _running(values: Floats, leading: bool = False) -> Floats:
    """Running sums down the rows; with `leading`, of the rows before each."""
    summed = np.cumsum(values, axis=0)
    return np.concatenate([np.zeros_like(summed[:1]), summed]) if leading else summed


def _over_time(risk: Subdistribution, increments: Floats) -> Floats:
    """Each patient's sum of increments at the J times, over their time at risk and by their weight."""
    weight = risk.uncensored.reshape((-1,) + (1,) * (increments.ndim - 1))
    own = _running(increments, leading=True)
    carried = _running(increments * weight, leading=True)
    other = risk.other.reshape((-1,) + (1,) * (increments.ndim - 1))
    return own[risk.past] + other * (carried[-1] - carried[risk.past])


def influence(risk: Subdistribution, point: Point) -> Floats:
    """Each patient's part of the score, the censoring taken as known, shape (n, k)."""
    of_event = risk.event[:, None] * (risk.z - point.means[np.maximum(risk.past - 1, 0)])
    of_means = point.relative[:, None] * _over_time(risk, point.hazard[:, None] * point.means)
    return of_event - point.load[:, None] * risk.z + of_means


def censoring_influence(risk: Subdistribution, point: Point, seen: Causes) -> Floats:
    """Each patient's part of the score through the estimated censoring, shape (n, k)."""
    distinct, first, inverse = np.unique(seen.months, return_index=True, return_inverse=True)
    at_risk = (seen.months.size - first)[:, None].astype(np.float64)
    censored = seen.cause == CENSORED
    n_censored = np.add.reduceat(censored.astype(np.float64), first)[:, None]
    sensitivity = _sensitivity(risk, point, distinct, seen) / at_risk
    compensator = np.cumsum(sensitivity * n_censored / at_risk, axis=0)
    return censored[:, None] * sensitivity[inverse] - compensator[inverse]


def _sensitivity(risk: Subdistribution, point: Point, times: Floats, seen: Causes) -> Floats:
    """How the score moves with the hazard of censoring at each time: q of the paper, shape (times, k)."""
    carried = point.hazard * risk.uncensored
    ahead = _running(np.column_stack([carried, carried[:, None] * point.means]), leading=True)
    event_times = np.unique(seen.months[risk.event > 0])
    # Another event before u, the event of the cause at u or later: the paper's I(X < u <= t).
    ahead = ahead[-1] - ahead[np.searchsorted(event_times, times, side="left")]
    owed = risk.other * point.relative
    departed = _running(np.column_stack([owed, owed[:, None] * risk.z]), leading=True)
    departed = departed[np.searchsorted(seen.months, times, side="left")]
    return departed[:, 1:] * ahead[:, :1] - departed[:, :1] * ahead[:, 1:]

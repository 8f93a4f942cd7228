"""Times known only to lie between two visits: the nonparametric curve (Turnbull) and a Weibull model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy  # its `optimize` is loaded when it is first used: 0.1 s that a study without these times need not spend
from numpy.typing import ArrayLike
from scipy import special

from oligoscope.errors import DataError, NotEnoughData
from oligoscope.stats.arrays import Bools, Floats, frozen
from oligoscope.stats.regression.newton import maximise

_ROUNDS = 500
_GAIN = 1e-11  # the curve is there when its log-likelihood could rise by no more (Wang 2008, 3.2)
_STEP = 1e-20  # Newton decrement at which the model is there


@dataclass(frozen=True, slots=True, eq=False)
class Intervals:
    """Times that lie in (left, right], exactly known where both are equal; checked once, read-only.

    Attributes:
        left: The last time at which the event was known not to have happened, shape (n,), >= 0.
        right: The first at which it was known to have happened; infinite where it never was.
    """

    left: Floats
    right: Floats

    @property
    def observed(self) -> Bools:
        """Whether the event is known to have happened."""
        return np.isfinite(self.right)


def read_intervals(left: ArrayLike, right: ArrayLike) -> Intervals:
    """Check the ends of the intervals.

    Raises:
        DataError: Lengths differ, an end is missing or negative, or a right end lies before its left one.
    """
    ends = [np.asarray(end, dtype=np.float64) for end in (left, right)]
    low, high = ends
    if low.ndim != 1 or low.shape != high.shape:
        raise DataError("Intervals need as many left ends as right ends.")
    if not (np.isfinite(low).all() and (low >= 0).all() and (high >= low).all()):
        raise DataError("An interval needs a left end of 0 or more and a right end that is not before it.")
    return Intervals(frozen(low), frozen(high))


@dataclass(frozen=True, slots=True, eq=False)
class IntervalCurve:
    """The nonparametric curve: it falls somewhere within each of these intervals, and nowhere else.

    Attributes:
        left: Left ends, ascending, shape (k,).
        right: Right ends; infinite for what is left of those who were never seen with the event.
        mass: The probability of each, > 0; adds up to 1.
        log_likelihood: At the maximum.
        n: Patients.
    """

    left: Floats
    right: Floats
    mass: Floats
    log_likelihood: float
    n: int

    def bounds(self, time: float) -> tuple[float, float]:
        """The lowest and the highest survival at `time` that the curve allows; equal outside its intervals."""
        high = 1 - float(self.mass[self.right <= time].sum())
        exact = self.left == self.right
        low = 1 - float(self.mass[np.where(exact, self.left <= time, self.left < time)].sum())
        return max(low, 0.0), max(high, 0.0)

    def median(self) -> tuple[float, float] | None:
        """The interval within which survival falls to one half; None where it does not."""
        reached = np.flatnonzero(np.cumsum(self.mass) >= 0.5 - 1e-9)
        at = int(reached[0])
        return None if np.isinf(self.right[at]) else (float(self.left[at]), float(self.right[at]))


def turnbull(times: Intervals) -> IntervalCurve:
    """Estimate survival from intervals by nonparametric maximum likelihood.

    Where the curve falls within one of its intervals is not known, and no place within is taken. Intervals are (left, right];
    an exact time is the point itself. The maximum is found by the constrained Newton method, whose answer is that
    of Turnbull's self-consistent equations.

    Raises:
        NotEnoughData: No patient, or none who is known to have had the event.

    References:
        Peto 1973; Turnbull 1976; Wang, Comput Stat Data Anal 2008, 52:2388; R: `survfit(Surv(left, right, type = "interval2") ~ 1)`.
    """
    if not times.observed.any():
        raise NotEnoughData("No event is known to have happened: there is no curve.")
    left, right = _innermost(times)
    inside = _covers(times, left, right)
    mass = _weights(inside)
    kept = mass > 0
    likelihood = float(np.log(inside[:, kept] @ mass[kept]).sum())
    arrays = (frozen(a[kept]) for a in (left, right, mass))
    return IntervalCurve(*arrays, log_likelihood=likelihood, n=times.left.size)


def _innermost(times: Intervals) -> tuple[Floats, Floats]:
    """Intervals from a left end to the next right end with no other end between: nowhere else can mass lie."""
    exact = times.left == times.right
    # At one time a right end comes before an open left end, and a point's left end before its own right end.
    ends = np.concatenate([times.left, times.right])
    is_right = np.repeat([False, True], times.left.size)
    both = np.concatenate([exact, exact])
    rank = np.where(both, np.where(is_right, 1, 0), np.where(is_right, 1, 2))
    order = np.lexsort((rank, ends))
    ends, is_right = ends[order], is_right[order]
    begins = np.flatnonzero(~is_right[:-1] & is_right[1:])
    pairs = np.unique(np.column_stack([ends[begins], ends[begins + 1]]), axis=0)
    return pairs[:, 0], pairs[:, 1]


def _covers(times: Intervals, left: Floats, right: Floats) -> Floats:
    """1 where a patient's interval holds that of the curve, shape (n, k)."""
    exact = times.left == times.right
    # A point at the open left end of a patient's interval is outside it.
    outside = ~exact[:, None] & (left == right)[None, :] & (times.left[:, None] == left)
    return ((times.left[:, None] <= left) & ~outside & (right <= times.right[:, None])).astype(np.float64)


def _weights(inside: Floats) -> Floats:
    """The masses of the maximum: intervals are let in where the gradient is largest, and the quadratic is solved under p >= 0."""
    n, k = inside.shape
    mass = np.full(k, 1 / k)
    for _ in range(_ROUNDS):
        fit = inside @ mass
        gradient = inside.T @ (1 / fit) - n
        if gradient.max() <= _GAIN * n:
            break
        support = (mass > 0) | _peaks(gradient)
        scaled = inside[:, support] / fit[:, None]
        # min |S p - 2|^2 with sum p = 1: the last row, weighted by n, holds the sum.
        rows = np.vstack([scaled, np.full(scaled.shape[1], float(n))])
        found = scipy.optimize.nnls(rows, np.append(np.full(n, 2.0), float(n)), maxiter=50 * rows.shape[1])[0]
        proposed = np.zeros(k)
        proposed[support] = found / found.sum()
        mass = _line_search(inside, mass, proposed, gradient)
    mass[mass < 1e-12] = 0.0
    return mass / mass.sum()


def _peaks(gradient: Floats) -> Bools:
    """Where the gradient is positive and no smaller than beside it."""
    padded = np.concatenate([[-np.inf], gradient, [-np.inf]])
    return (gradient > 0) & (gradient >= padded[:-2]) & (gradient >= padded[2:])


def _line_search(inside: Floats, mass: Floats, proposed: Floats, gradient: Floats) -> Floats:
    direction, before = proposed - mass, float(np.log(inside @ mass).sum())
    gain, step = float(gradient @ direction), 1.0
    for _ in range(60):
        there = inside @ (mass + step * direction)
        if there.min() > 0 and float(np.log(there).sum()) >= before + step * gain / 3:
            break
        step /= 2
    return np.maximum(mass + step * direction, 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class WeibullFit:
    """A Weibull model of proportional hazards: cumulative hazard exp(intercept + x'b) t^shape.

    Attributes:
        coefficients: Log hazard ratios, shape (k,).
        standard_errors: Of them, from the observed information.
        intercept: Log cumulative hazard at time 1 where all columns are 0.
        shape: Above 1 the hazard rises with time.
        covariance: Of intercept, coefficients and log shape, shape (k + 2, k + 2).
        log_likelihood: At the maximum.
    """

    coefficients: Floats
    standard_errors: Floats
    intercept: float
    shape: float
    covariance: Floats
    log_likelihood: float

    def ratio(self, at: int, level: float = 0.95) -> tuple[float, float, float]:
        """Lower limit, hazard ratio and upper limit of one column."""
        reach = float(special.ndtri((1 + level) / 2) * self.standard_errors[at])
        low, value, high = (float(np.exp(self.coefficients[at] + r)) for r in (-reach, 0.0, reach))
        return low, value, high

    def p_value(self, at: int) -> float:
        """Two-sided P of one column, by Wald's test."""
        return float(2 * special.ndtr(-abs(self.coefficients[at]) / self.standard_errors[at]))

    def median(self, columns: ArrayLike, level: float = 0.95) -> tuple[float, float, float]:
        """Median survival of patients with these columns, with limits by the delta method on the scale of the logarithm."""
        x = np.concatenate([[1.0], np.asarray(columns, dtype=np.float64)])
        place = np.concatenate([[self.intercept], self.coefficients])
        log_median = (np.log(np.log(2)) - float(x @ place)) / self.shape
        slope = np.concatenate([-x / self.shape, [-log_median]])
        reach = float(special.ndtri((1 + level) / 2) * np.sqrt(slope @ self.covariance @ slope))
        low, value, high = (float(np.exp(log_median + r)) for r in (-reach, 0.0, reach))
        return value, low, high


def fit_weibull(times: Intervals, x: ArrayLike, entry: ArrayLike | None = None) -> WeibullFit:
    """Fit a Weibull model of proportional hazards to times known by intervals, by maximum likelihood.

    Args:
        times: The intervals; an exact time contributes its density, one never seen its survival at the left end.
        x: Columns of the model without an intercept, shape (n, k).
        entry: When each patient came under observation, >= 0; none: all from time 0. Left ends before it are taken as it.

    Raises:
        DataError: Lengths differ, or an exact time is 0.
        NotEnoughData: No event, or the maximum is not reached (as where a group has none).

    References:
        Lawless 2003, section 6.3; R: `survreg(Surv(left, right, type = "interval2") ~ x)`: ours = -theirs / scale.
    """
    design = np.asarray(x, dtype=np.float64)
    if design.ndim != 2 or len(design) != times.left.size:
        raise DataError("The model needs one row a patient.")
    if not times.observed.any():
        raise NotEnoughData("No event is known to have happened: there is no model.")
    exact = times.left == times.right
    if (exact & (times.left == 0)).any():
        raise DataError("A time of 0 has no density under this model.")
    begins = np.zeros(len(design)) if entry is None else np.asarray(entry, dtype=np.float64)
    likelihood = _Likelihood(times, np.column_stack([np.ones(len(design)), design]), begins)
    rate = times.observed.sum() / np.where(times.observed, times.right, times.left).sum()
    start = np.concatenate([[np.log(rate)], np.zeros(design.shape[1] + 1)])
    # Of a flat likelihood the last digits move on and on: whether the maximum is reached is asked of the gradient.
    place, information, _ = maximise(likelihood.evaluate, start, _STEP)
    height, gradient, _ = likelihood.evaluate(place)
    if (
        not np.isfinite(place).all()
        or np.abs(place).max() > 30
        or np.abs(gradient).max() > 1e-4 * max(1, len(design))
    ):
        raise NotEnoughData("The Weibull model has no maximum.")
    covariance = np.linalg.inv(information)
    if not (np.diag(covariance) > 0).all():
        raise NotEnoughData("The Weibull model has no maximum.")
    k = design.shape[1]
    return WeibullFit(
        frozen(place[1 : k + 1]),
        frozen(np.sqrt(np.diag(covariance))[1 : k + 1]),
        float(place[0]),
        float(np.exp(place[-1])),
        frozen(covariance),
        height,
    )


class _Likelihood:
    """Log-likelihood of (intercept, coefficients, log shape), its gradient and the observed information."""

    def __init__(self, times: Intervals, x: Floats, entry: Floats) -> None:
        self.x, self.exact, self.ended = x, times.left == times.right, times.observed
        with np.errstate(divide="ignore"):
            ends = (np.maximum(times.left, entry), times.right, entry)
            self.logs = [np.log(np.where(np.isfinite(end), end, 1.0)) for end in ends]

    def evaluate(self, place: Floats) -> tuple[float, Floats, Floats]:
        # A long step may overflow: its value is then NaN, and the step is halved.
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            return self._evaluate(place)

    def _evaluate(self, place: Floats) -> tuple[float, Floats, Floats]:
        shape = float(np.exp(place[-1]))
        line = self.x @ place[:-1]
        low, high, begin = (self._hazard(line, shape, logs) for logs in self.logs)
        value = -low[0] + begin[0]
        slope, bend = -low[1] + begin[1], -low[2] + begin[2]
        between, exact = self.ended & ~self.exact, self.exact
        gap = np.where(between, high[0] - low[0], 1.0)
        ratio = 1 / np.expm1(gap)
        second = -ratio * (1 + ratio)
        d1, d2 = high[1] - low[1], high[2] - low[2]
        value = value + np.where(between, np.log(-np.expm1(-gap)), 0.0)
        slope = slope + np.where(between[:, None], ratio[:, None] * d1, 0.0)
        outer = d1[:, :, None] * d1[:, None, :]
        bend = bend + np.where(
            between[:, None, None], second[:, None, None] * outer + ratio[:, None, None] * d2, 0.0
        )
        q = shape * np.where(
            exact, self.logs[0], 0.0
        )  # log density: log shape + line + (shape - 1) log t - H
        value = value + np.where(exact, place[-1] + line + q - np.where(exact, self.logs[0], 0.0), 0.0)
        slope = slope + np.where(exact[:, None], np.column_stack([np.ones(len(q)), 1 + q]), 0.0)
        bend[:, 1, 1] += np.where(exact, q, 0.0)
        return float(value.sum()), self._spread(slope), -self._spread_twice(bend)

    def _hazard(self, line: Floats, shape: float, logs: Floats) -> tuple[Floats, Floats, Floats]:
        """Cumulative hazard, and its derivatives by the line and by log shape: shapes (n,), (n, 2), (n, 2, 2)."""
        q = np.where(np.isneginf(logs), 0.0, shape * logs)
        hazard = np.where(np.isneginf(logs), 0.0, np.exp(line + q))
        slope = np.column_stack([hazard, hazard * q])
        bend = np.empty((len(q), 2, 2))
        bend[:, 0, 0], bend[:, 0, 1], bend[:, 1, 0], bend[:, 1, 1] = (
            hazard,
            hazard * q,
            hazard * q,
            hazard * q * (q + 1),
        )
        return hazard, slope, bend

    def _spread(self, slope: Floats) -> Floats:
        return np.concatenate([self.x.T @ slope[:, 0], [slope[:, 1].sum()]])

    def _spread_twice(self, bend: Floats) -> Floats:
        k = self.x.shape[1]
        whole = np.empty((k + 1, k + 1))
        whole[:k, :k] = self.x.T @ (bend[:, 0, 0][:, None] * self.x)
        whole[:k, k] = whole[k, :k] = self.x.T @ bend[:, 0, 1]
        whole[k, k] = bend[:, 1, 1].sum()
        return whole

"""Several ways for follow-up to end, one excluding the others: cumulative incidence and cause-specific hazards.

One minus Kaplan-Meier, with the other causes as censorings, is not the share that will have the event: it is the
share that would if the others did not exist. The Aalen-Johansen estimate is the share that will.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from oligoscope.errors import DataError, NotEnoughData, UsageError
from oligoscope.stats.arrays import Floats, Ints, check_level, check_numbers, frozen, refuse
from oligoscope.stats.doubts import Doubt
from oligoscope.stats.survival.cox import CoxFit, cox
from oligoscope.stats.survival.follow_up import check_entry, check_follow_up

IncidenceLimits = Literal["log-log", "plain", "log"]

CENSORED = 0


@dataclass(frozen=True, slots=True, eq=False)
class Causes:
    """Follow-up of n patients by cause, in order of time.

    Attributes:
        months: Ascending, shape (n,).
        cause: 0 where follow-up was censored, else a whole number above 0, shape (n,).
        order: Position of each in the input, shape (n,).
    """

    months: Floats
    cause: Ints
    order: Ints


@dataclass(frozen=True, slots=True, eq=False)
class IncidenceCurve:
    """Cumulative incidence of one cause, one step for each distinct follow-up time; arrays read-only.

    Attributes:
        times: Distinct follow-up times in months, ascending.
        incidence: Share that has had the event of this cause by then.
        low: Lower pointwise limit; NaN while no patient has had it.
        high: Upper pointwise limit.
        std_err: Of the incidence (infinitesimal jackknife, which is Greenwood's where there is one cause).
        n_at_risk: Patients under observation at each time (entry < time <= follow-up).
        n_events: Events of this cause at each time.
        n_competing: Events of other causes at each time.
        n: All patients.
        cause: Which cause.
    """

    times: Floats
    incidence: Floats
    low: Floats
    high: Floats
    std_err: Floats
    n_at_risk: Ints
    n_events: Ints
    n_competing: Ints
    n: int
    cause: int
    level: float
    limits: IncidenceLimits

    def at(self, months: float) -> tuple[float, float, float]:
        """Incidence at `months` with its limits; NaN past the last follow-up, limits NaN while it is 0."""
        if months > self.times[-1] * (1 + 1e-9):
            return math.nan, math.nan, math.nan
        step = int(np.searchsorted(self.times, months * (1 + 1e-9), side="right")) - 1
        if step < 0:
            return 0.0, math.nan, math.nan
        return float(self.incidence[step]), float(self.low[step]), float(self.high[step])


def cumulative_incidence(
    months: ArrayLike,
    cause: ArrayLike,
    of: int = 1,
    *,
    limits: IncidenceLimits = "log-log",
    level: float = 0.95,
    entry: ArrayLike | None = None,
) -> IncidenceCurve:
    """Share of patients who have had the event of a cause, by Aalen-Johansen.

    R: `survfit(Surv(months, factor(cause)) ~ 1)`, its `pstate` and `std.err`; `cmprsk::cuminc` has the same curve
    and a slightly different variance.

    Args:
        months: Follow-up of each patient, shape (n,), finite, >= 0.
        cause: 0 where censored, else the number of the cause, shape (n,).
        of: The cause; without an event of it incidence is 0, which is not an error.
        limits: "log-log" (of the incidence), "plain" or "log".
        level: Confidence level of the pointwise limits.
        entry: Delayed entry, at risk from then on (entry < t <= months), shape (n,).

    Raises:
        DataError: Lengths differ; a time is negative or missing; a cause is no whole number >= 0; an entry as of `cox`.
        NotEnoughData: No patient.
        UsageError: An unknown kind of limits.

    References:
        Aalen & Johansen 1978; variance by Efron 1982 (for this estimate equal to Dinse & Larson 1986).
    """
    check_level(level)
    if limits not in ("log-log", "plain", "log"):
        raise UsageError(f'limits is "{limits}"; allowed are log-log, plain, log.')
    seen = check_causes(months, cause)
    times, first, counts = np.unique(seen.months, return_index=True, return_counts=True)
    at_risk = seen.months.size - first
    begun = _entries(entry, months, seen)
    if begun is not None:
        at_risk = at_risk - (begun.size - np.searchsorted(np.sort(begun), times, side="left"))
    step = np.repeat(np.arange(times.size), counts)
    events = np.bincount(step[seen.cause == of], minlength=times.size)
    others = np.bincount(step[(seen.cause != of) & (seen.cause != CENSORED)], minlength=times.size)
    incidence, std_err = _estimate(at_risk, events, others)
    if begun is not None:
        std_err = _truncated_error(begun[seen.order], seen, of, times, at_risk)
    low, high = _limits(incidence, std_err, limits, level)
    return IncidenceCurve(
        times=frozen(times),
        incidence=frozen(incidence),
        low=frozen(low),
        high=frozen(high),
        std_err=frozen(std_err),
        n_at_risk=frozen(at_risk, np.int64),
        n_events=frozen(events, np.int64),
        n_competing=frozen(others, np.int64),
        n=seen.months.size,
        cause=of,
        level=level,
        limits=limits,
    )


def cause_specific_cox(
    months: ArrayLike,
    cause: ArrayLike,
    design: ArrayLike,
    of: int = 1,
    *,
    strata: ArrayLike | None = None,
    cluster: ArrayLike | None = None,
    entry: ArrayLike | None = None,
) -> CoxFit:
    """Cox model of the hazard of one cause among those who have had none; other causes censor.

    R: `coxph(Surv(months, cause == 1) ~ x)`.

    Args:
        months: As of `cox`.
        cause: 0 where censored, else the number of the cause, shape (n,).
        design: As of `cox`.
        of: The cause.
        strata: As of `cox`.
        cluster: As of `cox`.
        entry: As of `cox`.

    Raises:
        DataError: As `cox` and `cumulative_incidence`.
        NotEnoughData: As `cox`: no event of this cause.

    References:
        Prentice et al. 1978.
    """
    check_causes(months, cause)
    return cox(months, np.asarray(cause) == of, design, strata=strata, cluster=cluster, entry=entry)


def check_causes(months: ArrayLike, cause: ArrayLike) -> Causes:
    """Follow-up by cause, sorted by time; raises as `cumulative_incidence`."""
    codes = check_numbers(cause, "cause")
    refuse(
        (codes < 0) | (codes % 1 != 0),
        codes,
        "cause",
        "is no whole number >= 0",
        "0 is censored; causes 1, 2, …",
    )
    if codes.size != np.asarray(months).size:
        raise DataError(f"There are {np.asarray(months).size} follow-up times but {codes.size} causes.")
    seen = check_follow_up(months, codes != CENSORED)
    order = np.argsort(seen.months, kind="stable")
    return Causes(seen.months[order], codes[order].astype(np.int64), order.astype(np.int64))


def _entries(entry: ArrayLike | None, months: ArrayLike, seen: Causes) -> Floats | None:
    """When each patient came under observation, in the order given; None where all were from the start."""
    return None if entry is None else check_entry(entry, check_follow_up(months, np.zeros(seen.months.size)))


def require_event(seen: Causes, of: int) -> None:
    """Refuse data without an event of the cause."""
    if not np.any(seen.cause == of):
        raise NotEnoughData(f"No patient had the event of cause {of}.", Doubt.NO_EVENTS)


def _estimate(at_risk: Ints, events: Ints, others: Ints) -> tuple[Floats, Floats]:
    """Incidence and its standard error at each time, by sums over the times up to it."""
    y, d1 = at_risk.astype(np.float64), events.astype(np.float64)
    d = d1 + others
    after = np.cumprod(1 - d / y)
    before = np.concatenate([[1.0], after[:-1]])
    incidence = np.cumsum(before * d1 / y)
    # Sum over j of (F(t) - F_j)^2 v_j - 2 (F(t) - F_j) c_j + w_j; no patient is left after y = d, and nothing varies.
    v = np.divide(d, y * (y - d), out=np.zeros_like(d), where=y > d)
    c = before * d1 / y**2
    w = before**2 * d1 * (y - d1) / y**3
    sums = [np.cumsum(x) for x in (v, incidence * v, incidence**2 * v, c, incidence * c, w)]
    variance = incidence**2 * sums[0] - 2 * incidence * sums[1] + sums[2]
    variance += -2 * (incidence * sums[3] - sums[4]) + sums[5]
    return incidence, np.sqrt(np.maximum(variance, 0.0))


def _truncated_error(entry: Floats, seen: Causes, of: int, times: Floats, at_risk: Ints) -> Floats:
    """The infinitesimal jackknife of left-truncated patients, whose sums over the times do not fall apart as without entry.

    Each patient's influence on survival and on the incidence is carried from time to time (R: `survfit(..., id)`).
    """
    free, on_free, on_incidence = 1.0, np.zeros(entry.size), np.zeros(entry.size)
    variance = np.empty(times.size)
    for i, (time, y) in enumerate(zip(times.tolist(), at_risk.tolist(), strict=True)):
        here = (entry < time) & (seen.months >= time)
        now = here & (seen.months == time)
        own = now & (seen.cause == of)
        event = now & (seen.cause != CENSORED)
        h_own, h = int(own.sum()) / y, int(event.sum()) / y
        on_incidence = on_incidence + on_free * h_own + free * (own - here * h_own) / y
        on_free = on_free * (1 - h) - free * (event - here * h) / y
        free *= 1 - h
        variance[i] = float(on_incidence @ on_incidence)
    return np.sqrt(variance)


@np.errstate(over="ignore")  # limits so far out are 0 or 1
def _limits(
    incidence: Floats, std_err: Floats, limits: IncidenceLimits, level: float
) -> tuple[Floats, Floats]:
    z = NormalDist().inv_cdf((1 + level) / 2)
    known = np.where((incidence > 0) & (incidence < 1), incidence, np.nan)
    if limits == "plain":
        return np.maximum(incidence - z * std_err, 0.0), np.minimum(incidence + z * std_err, 1.0)
    if limits == "log":
        reach = np.exp(z * std_err / known)
        return known / reach, np.minimum(known * reach, 1.0)
    reach = z * std_err / (known * np.log(known))
    return known ** np.exp(-reach), known ** np.exp(reach)

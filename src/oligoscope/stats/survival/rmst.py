"""Restricted mean survival time: the mean of survival up to a horizon, without an assumption about the hazards."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from oligoscope.errors import DataError, NotEnoughData
from oligoscope.stats.arrays import Floats, check_labels, check_length, check_level
from oligoscope.stats.doubts import Doubt
from oligoscope.stats.survival.follow_up import FollowUp, check_follow_up
from oligoscope.stats.survival.kaplan_meier import SurvivalCurve, kaplan_meier


@dataclass(frozen=True, slots=True)
class RestrictedMean:
    """Mean survival time up to `tau` months, with its limits."""

    value: float
    std_err: float
    low: float
    high: float
    tau: float
    n: int
    n_events: int


@dataclass(frozen=True, slots=True)
class Contrast:
    """A difference (none is 0) or a ratio (none is 1) with limits and two-sided P."""

    value: float
    std_err: float
    low: float
    high: float
    p_value: float


@dataclass(frozen=True, slots=True)
class RestrictedMeanComparison:
    """Two groups' restricted means up to one horizon.

    Attributes:
        groups: The first and the second (the reference).
        means: One a group.
        difference: First less second, in months.
        ratio: First over second; its standard error is of the logarithm.
        tau: The horizon, in months.
        tau_is_given: Whether it was given; else it is the smaller of the two groups' largest follow-ups.
    """

    groups: tuple[Any, Any]
    means: tuple[RestrictedMean, RestrictedMean]
    difference: Contrast
    ratio: Contrast
    tau: float
    tau_is_given: bool
    level: float


def restricted_mean(
    months: ArrayLike,
    died: ArrayLike,
    tau: float | None = None,
    level: float = 0.95,
    *,
    entry: ArrayLike | None = None,
) -> RestrictedMean:
    """Area under Kaplan-Meier up to a horizon (R: `print(survfit(...), rmean = tau)`).

    Args:
        months: Follow-up of each patient, shape (n,), finite, >= 0.
        died: True where follow-up ended in the event, shape (n,).
        tau: The horizon in months; by default the largest follow-up.
        level: Confidence level of the limits (normal).
        entry: Delayed entry, as of `kaplan_meier`.

    Raises:
        DataError: As `kaplan_meier`; or the horizon is not above 0, or beyond the largest follow-up while
            a patient is still alive there.
        NotEnoughData: No patient.

    References:
        Irwin 1949; Royston & Parmar 2013. Variance by Greenwood, as `survival` and `survRM2`.
    """
    check_level(level)
    seen = check_follow_up(months, died)
    horizon = float(seen.months.max()) if tau is None else float(tau)
    curve = kaplan_meier(seen.months, seen.events, entry=entry)
    _check_horizon(horizon, curve)
    value, std_err = _area(curve, horizon)
    reach = NormalDist().inv_cdf((1 + level) / 2) * std_err
    return RestrictedMean(
        value, std_err, value - reach, value + reach, horizon, seen.months.size, seen.n_events
    )


def compare_restricted_means(
    months: ArrayLike,
    died: ArrayLike,
    group: ArrayLike,
    *,
    reference: Any = None,
    tau: float | None = None,
    level: float = 0.95,
    entry: ArrayLike | None = None,
) -> RestrictedMeanComparison:
    """Difference and ratio of two groups' restricted means (R: `survRM2::rmst2`, unadjusted).

    Args:
        months: Follow-up of each patient, shape (n,), finite, >= 0.
        died: True where follow-up ended in the event, shape (n,).
        group: The group of each patient, two of them, shape (n,).
        reference: The group the other is compared with; by default the first in order.
        tau: The horizon in months; by default the smaller of the two groups' largest follow-ups. It is best
            fixed beforehand.
        level: Confidence level of the limits: normal for the difference, on the log scale for the ratio.
        entry: Delayed entry, as of `kaplan_meier`.

    Raises:
        DataError: As `restricted_mean`; a label is missing; the reference is none of the groups.
        NotEnoughData: Not two groups; or nothing varies (no event before the horizon).

    References:
        Uno et al. 2014.
    """
    check_level(level)
    seen = check_follow_up(months, died)
    labels = check_labels(group, seen.months.size, "group")
    if len(labels.levels) != 2:
        raise NotEnoughData(
            f"Restricted means compare 2 groups; there are {len(labels.levels)}.", Doubt.TWO_GROUPS_NEEDED
        )
    against = labels.levels[0] if reference is None else reference
    if against not in labels.levels:
        raise DataError(f"The reference {against!r} is none of the groups {labels.levels}.")
    second = labels.levels.index(against)
    members = [labels.codes == code for code in (1 - second, second)]
    horizon = min(float(seen.months[m].max()) for m in members) if tau is None else float(tau)
    begun = None if entry is None else check_length(entry, seen.months.size, "entry")
    first_mean, second_mean = (_mean_of(seen, m, horizon, level, begun) for m in members)
    if first_mean.std_err == 0 and second_mean.std_err == 0:
        raise NotEnoughData("No event before the horizon: the restricted means do not vary.", Doubt.NO_EVENTS)
    return RestrictedMeanComparison(
        groups=(labels.levels[1 - second], against),
        means=(first_mean, second_mean),
        difference=_difference(first_mean, second_mean, level),
        ratio=_ratio(first_mean, second_mean, level),
        tau=horizon,
        tau_is_given=tau is not None,
        level=level,
    )


def _mean_of(
    seen: FollowUp, members: Any, horizon: float, level: float, entry: Floats | None
) -> RestrictedMean:
    begun = None if entry is None else entry[members]
    return restricted_mean(seen.months[members], seen.events[members], horizon, level, entry=begun)


def _check_horizon(horizon: float, curve: SurvivalCurve) -> None:
    if not (math.isfinite(horizon) and horizon > 0):
        raise DataError(f"The horizon is {horizon} months; it must be above 0.")
    last = float(curve.times[-1])
    if horizon > last * (1 + 1e-9) and curve.survival[-1] > 0:
        raise DataError(
            f"The horizon of {horizon:g} months is beyond the largest follow-up of {last:g}: choose an earlier one."
        )


def _area(curve: SurvivalCurve, horizon: float) -> tuple[float, float]:
    """Area under the curve, and its standard error from the area beyond each event."""
    inside = curve.times < horizon
    times = np.concatenate([[0.0], curve.times[inside], [horizon]])
    survival = np.concatenate([[1.0], curve.survival[inside]])
    pieces = survival * np.diff(times)
    beyond = pieces[::-1].cumsum()[::-1][1:]  # area from each time in `inside` to the horizon
    d, y = curve.n_events[inside].astype(np.float64), curve.n_at_risk[inside].astype(np.float64)
    hazard_variance = np.divide(d, y * (y - d), out=np.zeros_like(d), where=y > d)
    return float(pieces.sum()), math.sqrt(float(beyond**2 @ hazard_variance))


def _difference(first: RestrictedMean, second: RestrictedMean, level: float) -> Contrast:
    value, std_err = first.value - second.value, math.hypot(first.std_err, second.std_err)
    reach = NormalDist().inv_cdf((1 + level) / 2) * std_err
    return Contrast(value, std_err, value - reach, value + reach, _two_sided(value / std_err))


def _ratio(first: RestrictedMean, second: RestrictedMean, level: float) -> Contrast:
    value = math.log(first.value / second.value)
    std_err = math.hypot(first.std_err / first.value, second.std_err / second.value)
    reach = NormalDist().inv_cdf((1 + level) / 2) * std_err
    limits = math.exp(value - reach), math.exp(value + reach)
    return Contrast(math.exp(value), std_err, *limits, _two_sided(value / std_err))


def _two_sided(z: float) -> float:
    return math.erfc(abs(z) / math.sqrt(2))

"""One survival curve from the m curves of m completed (and matched) data sets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from oligoscope.errors import DataError
from oligoscope.stats.arrays import Floats, check_level, frozen
from oligoscope.stats.imputation.rubin import combine, t_quantile
from oligoscope.stats.survival.kaplan_meier import (
    Quantile,
    SurvivalAt,
    SurvivalCurve,
    half_reached,
    just_after,
)


@dataclass(frozen=True, slots=True, eq=False)
class PooledCurve:
    """A survival curve pooled over m curves; arrays of one length, read-only.

    Attributes:
        times: Distinct follow-up times of all m curves in months, ascending, as far as all m are known.
        survival: exp(-exp(mean of log(-log S))).
        low: Lower pointwise limit; NaN where survival is 1 or 0.
        high: Upper pointwise limit; NaN where the lower one is.
        within: Mean of the m variances of log(-log S); NaN where the limits are.
        between: Variance of log(-log S) between the m curves; NaN where the limits are.
        curves: The m curves.
        level: Confidence level of the limits.
    """

    times: Floats
    survival: Floats
    low: Floats
    high: Floats
    within: Floats
    between: Floats
    curves: tuple[SurvivalCurve, ...] = field(repr=False)
    level: float = 0.95

    def median(self) -> Quantile:
        """First time pooled survival is below one half; limits where the limits' own curves are.

        By the rule of a single curve (`half_reached`). None where it is not reached.
        """
        return Quantile(*(half_reached(self.times, line) for line in (self.survival, self.low, self.high)))

    def at(self, months: float) -> SurvivalAt:
        """Pooled survival at `months`; all None past the end of the pooled curve, unless it fell to 0.

        `n_at_risk` is the fewest in any of the m data sets.
        """
        fewest = min(int(curve.patients_at_risk([months])[0]) for curve in self.curves)
        step = int(np.searchsorted(self.times, just_after(months), side="right")) - 1
        if len(self.times) == 0:
            return SurvivalAt(months, None, None, None, fewest)
        past_end = months > just_after(self.times[-1])
        if past_end and self.survival[-1] > 0:
            return SurvivalAt(months, None, None, None, fewest)
        if step < 0:
            return SurvivalAt(months, 1.0, None, None, fewest)
        low, high = (None if np.isnan(line[step]) else float(line[step]) for line in (self.low, self.high))
        return SurvivalAt(months, float(self.survival[step]), low, high, fewest)

    def at_risk(self, times: ArrayLike) -> Floats:
        """Patients (or their weights) with follow-up >= each of `times` in each data set, shape (m, times)."""
        return np.array([curve.at_risk(times) for curve in self.curves], dtype=np.float64)


def pool_curves(curves: Sequence[SurvivalCurve], level: float = 0.95) -> PooledCurve:
    """Pool survival curves over imputations on log(-log S) by Rubin's rules, time by time.

    The variance of log(-log S) is Greenwood's over (S log S)^2. Limits are by Student's t with Rubin's
    degrees of freedom; where all curves agree they are the log-log limits of the one curve.
    While one curve is still at 1, so is the pooled one (log(-log 1) is minus infinity). It ends where the first
    of the m curves ends, or just before the first one alone falls to 0: past that not all are known.

    Args:
        curves: One of each completed data set, by `kaplan_meier`, one or more.
        level: Confidence level of the limits.

    Raises:
        DataError: No curve.

    References:
        Marshall, Altman, Holder & Royston, BMC Med Res Methodol 2009, 9:57; Morisot et al. 2015.
    """
    check_level(level)
    if not curves:
        raise DataError("There is no survival curve to pool.")
    times = _common_times(curves)
    survival, errors = _steps_at(curves, times)
    known = (survival > 0).all(axis=0) | (survival == 0).all(axis=0)
    times, survival, errors = times[known], survival[:, known], errors[:, known]
    inside = ((survival > 0) & (survival < 1)).all(axis=0)
    pooled = np.where((survival == 1).any(axis=0), 1.0, survival[0])
    low, high, within, between = (np.full(len(times), np.nan) for _ in range(4))
    if inside.any():
        s = survival[:, inside]
        found = combine(np.log(-np.log(s)), (errors[:, inside] / (s * np.log(s))) ** 2)
        same = found.between == 0
        reach = t_quantile(np.where(same, np.inf, found.degrees_of_freedom), (1 + level) / 2)
        reach = reach * np.sqrt(found.total)
        pooled[inside] = np.where(same, s[0], np.exp(-np.exp(found.estimate)))
        low[inside] = np.exp(-np.exp(found.estimate + reach))
        high[inside] = np.exp(-np.exp(found.estimate - reach))
        within[inside], between[inside] = found.within, found.between
    arrays = (frozen(a) for a in (times, pooled, low, high, within, between))
    return PooledCurve(*arrays, curves=tuple(curves), level=level)


def _common_times(curves: Sequence[SurvivalCurve]) -> Floats:
    """All times of all curves up to the earliest end of any of them (one that reached 0 stays there)."""
    everything = np.unique(np.concatenate([curve.times for curve in curves]))
    return everything[everything <= min(curve.times[-1] for curve in curves)]


def _steps_at(curves: Sequence[SurvivalCurve], times: Floats) -> tuple[Floats, Floats]:
    """Survival and its standard error of each curve at each time, both of shape (m, times)."""
    survival, errors = [], []
    for curve in curves:
        step = np.searchsorted(curve.times, times, side="right")
        survival.append(np.concatenate([[1.0], curve.survival])[step])
        errors.append(np.concatenate([[0.0], curve.std_err])[step])
    return np.stack(survival), np.stack(errors)

"""Limits where the likelihood, maximised over all else, has fallen by the chi-square of the level."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from oligoscope.errors import NotEnoughData
from oligoscope.stats.arrays import Floats, check_level, frozen
from oligoscope.stats.regression.logistic import LogisticData, check_logistic
from oligoscope.stats.regression.logistic_newton import Peak, climb
from oligoscope.stats.regression.model_columns import Columns, independent_columns

MOST_STEPS = 60
PRECISION = 1e-11  # of a limit, against its distance from the estimate
# A limit this many log odds over one sd of the column away is no limit: the likelihood has stopped falling.
FARTHEST = 60.0

Profile = Callable[[float], tuple[float, float]]


@dataclass(frozen=True, slots=True, eq=False)
class ProfileLimits:
    """Limits of odds ratios by profile likelihood, one a column of the design; NaN where there is none."""

    low: Floats
    high: Floats
    level: float


def logistic_profile_limits(
    outcome: ArrayLike, design: ArrayLike, weights: ArrayLike | None = None, *, level: float = 0.95
) -> ProfileLimits:
    """Limits of the odds ratios of `logistic` by profile likelihood.

    R's `confint(glm(...))` interpolates the same profile and agrees to about 1e-3; here its crossing is solved for.

    Args:
        outcome: As of `logistic`.
        design: As of `logistic`.
        weights: Case weights > 0 that count patients.
        level: Confidence level.

    Raises:
        DataError: As `logistic`.
        NotEnoughData: As `logistic`; or the likelihood has no maximum (separation): use `firth`.

    References:
        Venzon & Moolgavkar 1988.
    """
    check_level(level)
    data = check_logistic(outcome, design, weights)
    columns = independent_columns(data.design)
    peak = climb(data.outcome, columns.scaled, data.weights)
    if not peak.converged:
        raise NotEnoughData(
            "The likelihood has no maximum (separation): no profile limits; Firth's has them."
        )
    low, high = (np.full(columns.kept.size, np.nan) for _ in range(2))
    for j, place in enumerate(np.flatnonzero(columns.kept)):
        limits = [_limit(data, columns, peak, j, side, level) for side in (-1, 1)]
        with np.errstate(over="ignore"):  # a limit beyond all bounds is infinite
            low[place], high[place] = np.exp(np.array(limits) / columns.sds[j])
    return ProfileLimits(frozen(low), frozen(high), level)


def find_limit(
    profile: Profile, estimate: float, top: float, std_err: float, side: int, level: float
) -> float:
    """Where on one side the profile is below its top by half the chi-square of the level.

    Newton's method on the signed root of twice the fall, which is close to a straight line.

    Args:
        profile: From a value to the height of the profile there and its slope.
        estimate: Where the top is.
        top: Its height.
        std_err: Of the estimate, to begin at the Wald limit.
        side: -1 for the lower limit, 1 for the upper.
        level: Confidence level.
    """
    target = math.sqrt(special.chdtri(1, 1 - level))
    reach = target * std_err
    for _ in range(MOST_STEPS):
        height, slope = profile(estimate + side * reach)
        root = math.sqrt(max(0.0, 2 * (top - height)))
        steepness = -side * slope / root if root > 0 else 0.0
        step = (target - root) / steepness if steepness > 0 else math.inf
        # Never more than doubled, never less than halved: the line is only close to straight.
        moved = min(max(reach + step, reach / 2), 2 * reach)
        if abs(moved - reach) < PRECISION * reach:
            return estimate + side * moved
        reach = moved
        if reach > FARTHEST:
            break
    return side * math.inf


def _limit(data: LogisticData, columns: Columns, peak: Peak, j: int, side: int, level: float) -> float:
    column = columns.scaled[:, j]
    others = np.delete(columns.scaled, j, axis=1)
    start = np.delete(peak.estimate, 1 + j)

    def profile(value: float) -> tuple[float, float]:
        nonlocal start
        at = climb(data.outcome, others, data.weights, offset=value * column, start=start)
        start = at.estimate
        return at.log_likelihood, float(column @ (data.weights * (data.outcome - at.fitted)))

    std_err = math.sqrt(peak.covariance[1 + j, 1 + j])
    return find_limit(profile, float(peak.estimate[1 + j]), peak.log_likelihood, std_err, side, level)

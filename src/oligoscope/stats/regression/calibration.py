"""Are predicted probabilities right? Calibration in the large, its slope, and observed against expected by tenths."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from oligoscope.errors import DataError, NotEnoughData
from oligoscope.stats.arrays import Floats, check_level, check_numbers, refuse
from oligoscope.stats.comparison.chi_square import ColumnTest, chi_square_tail
from oligoscope.stats.regression.logistic import check_logistic, logistic
from oligoscope.stats.regression.logistic_newton import climb


@dataclass(frozen=True, slots=True)
class CalibrationGroup:
    """Rows of like probability: how many, events seen, events expected, mean probability."""

    n: int
    observed: int
    expected: float
    mean_probability: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its standard error and Wald limits."""

    value: float
    std_err: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Calibration of probabilities.

    Attributes:
        intercept: Calibration in the large: log odds to add so that as many events are expected as seen; 0 is right.
        slope: Of the outcome on the log odds predicted; 1 is right, below 1 predictions are too extreme.
            None where the probabilities separate the outcome.
        hosmer_lemeshow: Over the groups; P is small where calibration is bad (and where n is large).
        groups: Ascending in probability.
        brier: Mean squared distance of outcome and probability.
        in_sample: The probabilities were fitted to these rows: intercept 0 and slope 1 then say nothing.
    """

    intercept: Estimate
    slope: Estimate | None
    hosmer_lemeshow: ColumnTest
    groups: tuple[CalibrationGroup, ...]
    brier: float
    in_sample: bool
    level: float


def calibration(
    outcome: ArrayLike,
    probabilities: ArrayLike,
    *,
    n_groups: int = 10,
    in_sample: bool = True,
    level: float = 0.95,
) -> Calibration:
    """Compare predicted probabilities with what happened.

    Groups are cut at the quantiles (type 7) of the probabilities, a tie going to the lower group and equal cuts
    being one (R: `ResourceSelection::hoslem.test`). Hosmer-Lemeshow has groups - 2 degrees of freedom for
    probabilities fitted to these rows, as many as groups for those of a model made elsewhere.

    Args:
        outcome: True or 1 where the row has the outcome, shape (n,).
        probabilities: Above 0 and below 1, shape (n,).
        n_groups: How many groups, 3 or more.
        in_sample: Whether the model was fitted to these rows.
        level: Confidence level of the limits.

    Raises:
        DataError: Lengths differ; a probability is not between 0 and 1.
        NotEnoughData: Every row has the outcome, or none; or fewer than 3 groups differ.

    References:
        Cox 1958; Hosmer & Lemeshow 1980; Steyerberg 2019, chapter 15.
    """
    check_level(level)
    predicted = check_numbers(probabilities, "probability")
    refuse((predicted <= 0) | (predicted >= 1), predicted, "probability", "is not above 0 and below 1", "")
    log_odds = special.logit(predicted)
    data = check_logistic(outcome, log_odds)
    if data.outcome.size != predicted.size:
        raise DataError(f"There are {data.outcome.size} outcomes but {predicted.size} probabilities.")
    large = climb(data.outcome, np.empty((predicted.size, 0)), data.weights, offset=log_odds)
    groups = _groups(data.outcome, predicted, n_groups)
    return Calibration(
        intercept=_estimate(large.estimate[0], math.sqrt(large.covariance[0, 0]), level),
        slope=_slope(data.outcome, log_odds, level),
        hosmer_lemeshow=_hosmer_lemeshow(groups, in_sample),
        groups=groups,
        brier=float(np.mean((data.outcome - predicted) ** 2)),
        in_sample=in_sample,
        level=level,
    )


def _slope(outcome: Floats, log_odds: Floats, level: float) -> Estimate | None:
    if np.ptp(log_odds) == 0:
        return None
    fit = logistic(outcome, log_odds)
    return _estimate(fit.coefficients[0], fit.standard_errors[0], level) if fit.converged else None


def _groups(outcome: Floats, predicted: Floats, n_groups: int) -> tuple[CalibrationGroup, ...]:
    cuts = np.unique(np.quantile(predicted, np.linspace(0, 1, n_groups + 1)))
    if cuts.size < 4:
        raise NotEnoughData(f"The probabilities take too few values for {n_groups} groups: no calibration.")
    place = np.searchsorted(cuts[1:-1], predicted, side="left")
    count = np.bincount(place, minlength=cuts.size - 1)
    seen, expected = (np.bincount(place, values, cuts.size - 1) for values in (outcome, predicted))
    return tuple(
        CalibrationGroup(int(n), int(o), float(e), float(e / n))
        for n, o, e in zip(count, seen, expected, strict=True)
        if n > 0
    )


def _hosmer_lemeshow(groups: tuple[CalibrationGroup, ...], in_sample: bool) -> ColumnTest:
    chi_squared = sum(
        (g.observed - g.expected) ** 2 / (g.expected * (1 - g.mean_probability)) for g in groups
    )
    freedom = len(groups) - 2 if in_sample else len(groups)
    return ColumnTest("Hosmer-Lemeshow", chi_squared, freedom, chi_square_tail(chi_squared, freedom))


def _estimate(value: float, std_err: float, level: float) -> Estimate:
    reach = NormalDist().inv_cdf((1 + level) / 2) * std_err
    return Estimate(float(value), float(std_err), float(value - reach), float(value + reach))

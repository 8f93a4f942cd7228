"""Firth's logistic regression: odds ratios that exist where the data separate, with less bias in small samples."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from oligoscope.errors import NotEnoughData
from oligoscope.stats.arrays import Floats, check_level, frozen
from oligoscope.stats.comparison.chi_square import chi_square_tail
from oligoscope.stats.doubts import Doubt, Remark
from oligoscope.stats.regression.logistic import LogisticData, check_logistic, varying_columns
from oligoscope.stats.regression.logistic_newton import invert, log_likelihood
from oligoscope.stats.regression.model_columns import Columns
from oligoscope.stats.regression.profile_limits import find_limit

MOST_STEPS = 200
SMALLEST_STEP = 1e-10  # in log odds over one sd of a column
LARGEST_STEP = 5.0  # as logistf's
ENOUGH_GAIN = 1e-4  # of what the slope promises (Armijo)
ROUNDING = 1e-13


@dataclass(frozen=True, slots=True, eq=False)
class FirthFit:
    """A penalised logistic model of k columns and an intercept; arrays read-only, NaN in a column that repeats others.

    Attributes:
        coefficients: Log odds ratios, shape (k,).
        standard_errors: From the unpenalised information at the estimate, shape (k,).
        odds_ratios: exp(coefficients).
        low: Lower limit of the odds ratio, by profile penalised likelihood.
        high: Upper limit of the odds ratio, by profile penalised likelihood.
        chi_squared: Penalised likelihood ratio of each column.
        p_values: Of that ratio, 1 degree of freedom.
        covariance: Shape (k, k).
        intercept: Log odds where every column is 0.
        fitted: Probability of each row, shape (n,).
        n: Rows.
        n_events: Rows with the outcome.
        converged: The maximum was found.
        not_estimable: Indices of the columns that repeat others.
        warning: Why; None where none.
    """

    coefficients: Floats
    standard_errors: Floats
    odds_ratios: Floats
    low: Floats
    high: Floats
    chi_squared: Floats
    p_values: Floats
    covariance: Floats
    intercept: float
    fitted: Floats
    n: int
    n_events: int
    level: float
    converged: bool
    not_estimable: tuple[int, ...]
    warning: Remark | None


@dataclass(frozen=True, slots=True, eq=False)
class PenalisedMaximum:
    """A maximum of the penalised likelihood, some coefficients fixed; slope: penalised score of every coefficient."""

    estimate: Floats
    height: float
    slope: Floats
    inverse: Floats
    fitted: Floats
    converged: bool


@dataclass(frozen=True, slots=True, eq=False)
class PenalisedModel:
    """A penalised logistic model at its maximum, of which coefficients can be held at other values.

    Attributes:
        data: What it was given.
        columns: Independent columns of the design, scaled.
        matrix: The intercept and those columns, shape (n, 1 + kept).
        top: The maximum.
    """

    data: LogisticData
    columns: Columns
    matrix: Floats
    top: PenalisedMaximum

    def held(self, places: ArrayLike, values: ArrayLike, start: Floats | None = None) -> PenalisedMaximum:
        """The maximum with some coefficients held; the penalty stays that of all columns (as `logistf`).

        Args:
            places: Which of the intercept (0) and the scaled columns (1 and up).
            values: Their log odds over one sd of the column.
            start: Where the others begin; by default at the whole model's maximum.

        Raises:
            NotEnoughData: The maximum was not found.
        """
        begin = (self.top.estimate if start is None else start).copy()
        begin[np.asarray(places)] = values
        free = np.ones(begin.size, dtype=bool)
        free[np.asarray(places)] = False
        found = _maximise(self.data, self.matrix, begin, free)
        if not found.converged:
            raise _no_maximum()
        return found


def firth(
    outcome: ArrayLike,
    design: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    level: float = 0.95,
    limits: bool = True,
) -> FirthFit:
    """Fit a logistic model by likelihood penalised with Jeffreys' prior (R: `logistf`, `brglm2` of type "AS_mean").

    Limits and P are by profile penalised likelihood: Wald's fail exactly where Firth is needed. The penalty of a
    model with a coefficient held is that of all columns (as `logistf`).

    Args:
        outcome: True or 1 where the row has the outcome, shape (n,).
        design: Columns of numbers, shape (n, k) or (n,); factors already as 0/1 columns, no intercept.
        weights: Case weights > 0 that count patients.
        level: Confidence level of the limits.
        limits: Whether to seek limits and P, which take most of the time; without them they are NaN.

    Raises:
        DataError: As `logistic`.
        NotEnoughData: As `logistic`; or the maximum was not found.

    References:
        Firth 1993; Heinze & Schemper 2002.
    """
    check_level(level)
    return _describe(penalised_model(outcome, design, weights), level, limits)


def penalised_model(
    outcome: ArrayLike, design: ArrayLike, weights: ArrayLike | None = None
) -> PenalisedModel:
    """The model of `firth` at its maximum, without limits; raises as `firth`."""
    data = check_logistic(outcome, design, weights)
    columns = varying_columns(data)
    matrix = np.column_stack([np.ones(data.outcome.size), columns.scaled])
    start = np.zeros(matrix.shape[1])
    start[0] = special.logit(np.average(data.outcome, weights=data.weights))
    top = _maximise(data, matrix, start, np.ones(start.size, dtype=bool))
    if not top.converged:
        raise _no_maximum()
    return PenalisedModel(data, columns, matrix, top)


def _no_maximum() -> NotEnoughData:
    return NotEnoughData(
        "The penalised likelihood did not come to a maximum: no odds ratio is given.", Doubt.NOT_CONVERGED
    )


def _maximise(data: LogisticData, matrix: Floats, start: Floats, free: NDArray[np.bool_]) -> PenalisedMaximum:
    """Maximise over the free coefficients by quasi-Newton steps; the penalty is that of all columns.

    Steps by the information alone (Firth's) may oscillate about the maximum for ever, as in a table of 1 of 1 against
    0 of n: the penalised likelihood is more sharply curved than the likelihood. The curvature found so far
    corrects them (BFGS), and a step that gains too little is halved.
    """
    at = start.copy()
    height, slope, inverse, fitted = _penalised(data, matrix, at)
    metric = inverse[np.ix_(free, free)] if free.all() else _invert_part(inverse, free)
    converged = not free.any()
    for _ in range(MOST_STEPS):
        if converged:
            break
        step = np.zeros(at.size)
        step[free] = metric @ slope[free]
        if not slope @ step >= 0:  # rounding has destroyed the metric: follow the slope
            metric = np.diag(np.diag(inverse)[free])
            step[free] = metric @ slope[free]
        step *= min(1.0, LARGEST_STEP / max(np.max(np.abs(step)), ROUNDING))
        moved = _penalised(data, matrix, at + step)
        while np.max(np.abs(step)) > SMALLEST_STEP and not _rises_enough(
            moved[0], height, float(slope @ step)
        ):
            step = step / 2
            moved = _penalised(data, matrix, at + step)
        metric = _update_curvature(metric, step[free], (slope - moved[1])[free])
        at = at + step
        height, slope, inverse, fitted = moved
        converged = bool(np.max(np.abs(step)) < SMALLEST_STEP)
    return PenalisedMaximum(at, height, slope, inverse, fitted, converged)


def _rises_enough(reached: float, height: float, promised: float) -> bool:
    return reached >= height + ENOUGH_GAIN * promised - ROUNDING * abs(height)


def _invert_part(inverse: Floats, free: NDArray[np.bool_]) -> Floats:
    """The inverse of the free part of a matrix, from the inverse of the whole."""
    held = ~free
    across = inverse[np.ix_(free, held)]
    correction = across @ np.linalg.lstsq(inverse[np.ix_(held, held)], across.T)[0]
    return inverse[np.ix_(free, free)] - correction


def _update_curvature(metric: Floats, step: Floats, fall: Floats) -> Floats:
    """The inverse curvature with what a step has shown of it (BFGS); `fall`: by how much the slope fell."""
    curvature = float(step @ fall)
    if not curvature > 0 or not np.isfinite(curvature):
        return metric
    known = metric @ fall
    grown = (1 + float(fall @ known) / curvature) / curvature
    crossed = np.outer(known, step) / curvature
    return metric + grown * np.outer(step, step) - crossed - crossed.T


def _penalised(data: LogisticData, matrix: Floats, at: Floats) -> tuple[float, Floats, Floats, Floats]:
    """Height, slope, inverse information and probabilities there."""
    predictor = matrix @ at
    fitted = special.expit(predictor)
    spread = data.weights * fitted * (1 - fitted)
    information = matrix.T @ (matrix * spread[:, None])
    try:
        root = np.linalg.inv(np.linalg.cholesky(information))
        inverse = root.T @ root
        penalty = -float(np.log(np.diag(root)).sum())
        own = matrix @ root.T
        leverage = spread * np.einsum("ij,ij->i", own, own)
    except np.linalg.LinAlgError:  # so far out that the columns are numerically equal: the step is refused
        inverse, penalty = invert(information), -math.inf
        leverage = spread * np.einsum("ij,ij->i", matrix @ inverse, matrix)
    slope = matrix.T @ (data.weights * (data.outcome - fitted) + leverage * (0.5 - fitted))
    height = log_likelihood(data.outcome, predictor, data.weights) + penalty
    return height, slope, inverse, fitted


@np.errstate(over="ignore")  # a limit beyond all bounds is infinite
def _describe(model: PenalisedModel, level: float, limits: bool) -> FirthFit:
    data, columns, top = model.data, model.columns, model.top
    none = np.zeros(top.estimate.size, dtype=bool)
    estimate = columns.unscale(top.estimate, none)
    covariance = columns.unscale_covariance(top.inverse, none)
    low, high, chi_squared = (np.full(columns.kept.size, np.nan) for _ in range(3))
    for j, place in enumerate(np.flatnonzero(columns.kept) if limits else ()):
        found = [_limit(model, 1 + j, side, level) for side in (-1, 1)]
        low[place], high[place] = np.exp(np.array(found) / columns.sds[j])
        chi_squared[place] = max(0.0, 2 * (top.height - model.held(1 + j, 0.0).height))
    lost = tuple(np.flatnonzero(~columns.kept).tolist())
    return FirthFit(
        coefficients=frozen(estimate[1:]),
        standard_errors=frozen(np.sqrt(np.diag(covariance))[1:]),
        odds_ratios=frozen(np.exp(estimate[1:])),
        low=frozen(low),
        high=frozen(high),
        chi_squared=frozen(chi_squared),
        p_values=frozen([chi_square_tail(c, 1) if c == c else math.nan for c in chi_squared]),  # noqa: PLR0124
        covariance=frozen(covariance[1:, 1:]),
        intercept=float(estimate[0]),
        fitted=frozen(top.fitted),
        n=data.outcome.size,
        n_events=data.n_events,
        level=level,
        converged=not lost,
        not_estimable=lost,
        warning=Remark.of(Doubt.ODDS_COLLINEAR) if lost else None,
    )


def _limit(model: PenalisedModel, j: int, side: int, level: float) -> float:
    start = model.top.estimate

    def profile(value: float) -> tuple[float, float]:
        nonlocal start
        at = model.held(j, value, start)
        start = at.estimate
        return at.height, float(at.slope[j])

    std_err = math.sqrt(model.top.inverse[j, j])
    return find_limit(profile, float(model.top.estimate[j]), model.top.height, std_err, side, level)

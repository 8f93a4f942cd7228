"""Firth's logistic regression: odds ratios that exist where the data separate, with less bias in small samples."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from oligoscope.errors import NotEnoughData
from oligoscope.stats.arrays import Floats, check_level, frozen
from oligoscope.stats.column_tests import chi_square_tail
from oligoscope.stats.logistic import WORDS, LogisticData, check_logistic
from oligoscope.stats.logistic_newton import invert, log_likelihood
from oligoscope.stats.model_columns import Columns, independent_columns
from oligoscope.stats.profile_limits import find_limit

MOST_STEPS = 500  # convergence is linear: the steps use the information, not the penalised curvature
SMALLEST_STEP = 1e-10  # in log odds over one sd of a column
LARGEST_STEP = 5.0  # as logistf's
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
        penalized_log_likelihood: Log-likelihood + half the log determinant of the information (of centred
            columns over their sd: only differences mean anything).
        fitted: Probability of each row, shape (n,).
        n: Rows.
        n_events: Rows with the outcome.
        converged: The maximum was found.
        not_estimable: Indices of the columns that repeat others.
        warning: Why, in a sentence; blank where none.
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
    penalized_log_likelihood: float
    fitted: Floats
    n: int
    n_events: int
    level: float
    converged: bool
    not_estimable: tuple[int, ...]
    warning: str


@dataclass(frozen=True, slots=True, eq=False)
class _Top:
    """A maximum of the penalised likelihood, some coefficients held; slope: penalised score of every coefficient."""

    estimate: Floats
    height: float
    slope: Floats
    inverse: Floats
    fitted: Floats
    converged: bool


def firth(
    outcome: ArrayLike, design: ArrayLike, weights: ArrayLike | None = None, *, level: float = 0.95
) -> FirthFit:
    """Fit a logistic model by likelihood penalised with Jeffreys' prior (R: `logistf`, `brglm2` of type "AS_mean").

    Limits and P are by profile penalised likelihood: Wald's fail just where Firth is needed. The penalty of a
    model with a coefficient held is that of all columns (as `logistf`).

    Args:
        outcome: True or 1 where the row has the outcome, shape (n,).
        design: Columns of numbers, shape (n, k) or (n,); factors already as 0/1 columns, no intercept.
        weights: Case weights > 0 that count patients.
        level: Confidence level of the limits.

    Raises:
        DataError: As `logistic`.
        NotEnoughData: As `logistic`; or the maximum was not found.

    References:
        Firth 1993; Heinze & Schemper 2002.
    """
    check_level(level)
    data = check_logistic(outcome, design, weights)
    columns = independent_columns(data.design)
    if not columns.kept.any():
        raise NotEnoughData("Every covariate is constant (one group only): no odds ratio.")
    matrix = np.column_stack([np.ones(data.outcome.size), columns.scaled])
    start = np.zeros(matrix.shape[1])
    start[0] = special.logit(np.average(data.outcome, weights=data.weights))
    top = _climb(data, matrix, start, np.ones(start.size, dtype=bool))
    if not top.converged:
        raise NotEnoughData("The penalised likelihood did not come to a maximum: no odds ratio is given.")
    return _describe(data, columns, matrix, top, level)


def _climb(data: LogisticData, matrix: Floats, start: Floats, free: NDArray[np.bool_]) -> _Top:
    """Maximise over the free coefficients; the penalty is that of all columns."""
    at, step = start, np.full(1, np.inf)
    height, slope, inverse, information, fitted = _penalised(data, matrix, at)
    for _ in range(MOST_STEPS):
        step = np.zeros(at.size)
        step[free] = np.linalg.solve(information[np.ix_(free, free)], slope[free])
        step *= min(1.0, LARGEST_STEP / max(np.max(np.abs(step)), ROUNDING))
        moved = _penalised(data, matrix, at + step)
        while moved[0] < height - ROUNDING * abs(height) and np.max(np.abs(step)) > SMALLEST_STEP:
            step = step / 2
            moved = _penalised(data, matrix, at + step)
        at = at + step
        height, slope, inverse, information, fitted = moved
        if np.max(np.abs(step)) < SMALLEST_STEP:
            break
    converged = bool(np.max(np.abs(step)) < SMALLEST_STEP)
    return _Top(at, height, slope, inverse, fitted, converged)


def _penalised(
    data: LogisticData, matrix: Floats, at: Floats
) -> tuple[float, Floats, Floats, Floats, Floats]:
    """Height, slope, inverse information, information and probabilities there."""
    predictor = matrix @ at
    fitted = special.expit(predictor)
    spread = data.weights * fitted * (1 - fitted)
    information = matrix.T @ (matrix * spread[:, None])
    inverse = invert(information)
    leverage = spread * np.einsum("ij,ij->i", matrix @ inverse, matrix)
    slope = matrix.T @ (data.weights * (data.outcome - fitted) + leverage * (0.5 - fitted))
    sign, log_determinant = np.linalg.slogdet(information)
    penalty = log_determinant / 2 if sign > 0 else -math.inf
    height = log_likelihood(data.outcome, predictor, data.weights) + penalty
    return height, slope, inverse, information, fitted


def _describe(data: LogisticData, columns: Columns, matrix: Floats, top: _Top, level: float) -> FirthFit:
    none = np.zeros(top.estimate.size, dtype=bool)
    estimate = columns.unscale(top.estimate, none)
    covariance = columns.unscale_covariance(top.inverse, none)
    low, high, chi_squared = (np.full(columns.kept.size, np.nan) for _ in range(3))
    for j, place in enumerate(np.flatnonzero(columns.kept)):
        limits = [_limit(data, matrix, top, 1 + j, side, level) for side in (-1, 1)]
        low[place], high[place] = np.exp(np.array(limits) / columns.sds[j])
        chi_squared[place] = max(0.0, 2 * (top.height - _held(data, matrix, top.estimate, 1 + j, 0.0).height))
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
        penalized_log_likelihood=top.height,
        fitted=frozen(top.fitted),
        n=data.outcome.size,
        n_events=data.n_events,
        level=level,
        converged=not lost,
        not_estimable=lost,
        warning=WORDS["collinear"] if lost else "",
    )


def _held(data: LogisticData, matrix: Floats, start: Floats, j: int, value: float) -> _Top:
    """The maximum with coefficient j held at a value."""
    begin = start.copy()
    begin[j] = value
    return _climb(data, matrix, begin, np.arange(start.size) != j)


def _limit(data: LogisticData, matrix: Floats, top: _Top, j: int, side: int, level: float) -> float:
    start = top.estimate

    def profile(value: float) -> tuple[float, float]:
        nonlocal start
        at = _held(data, matrix, start, j, value)
        start = at.estimate
        return at.height, float(at.slope[j])

    std_err = math.sqrt(top.inverse[j, j])
    return find_limit(profile, float(top.estimate[j]), top.height, std_err, side, level)

"""Logistic regression by maximum likelihood: Newton steps in NumPy, halved where they overshoot (R's `glm`).

Where the data separate, the likelihood has no maximum and R's `glm` prints a coefficient near 20 with a standard
error in the thousands. Here such columns are found (`separation.py`), their numbers withheld (NaN), with a
`warning`; `firth.py` estimates them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oligoscope.errors import NotEnoughData
from oligoscope.stats.arrays import (
    Floats,
    check_design,
    check_labels,
    check_level,
    check_weights,
    frozen,
    refuse_unless_binary,
)
from oligoscope.stats.doubts import Doubt, Remark, about_columns
from oligoscope.stats.regression.logistic_newton import LogisticMaximum, maximise_logistic
from oligoscope.stats.regression.model_columns import Columns, independent_columns
from oligoscope.stats.regression.separation import separating_direction

Problem = Literal["", "separation", "collinear", "not_converged"]

DOUBTS: Mapping[Problem, Doubt] = {
    "separation": Doubt.ODDS_SEPARATED,
    "collinear": Doubt.ODDS_COLLINEAR,
    "not_converged": Doubt.ODDS_NOT_CONVERGED,
}


@dataclass(frozen=True, slots=True, eq=False)
class LogisticFit:
    """A logistic model of k columns and an intercept; arrays read-only, NaN in a column that is not estimable.

    Attributes:
        coefficients: Log odds ratios, shape (k,); the intercept is not among them.
        standard_errors: From the information matrix, shape (k,).
        robust_standard_errors: Sandwich, grouped by cluster, without small-sample factor; None without clusters.
        odds_ratios: exp(coefficients).
        low: Lower Wald limit of the odds ratio (robust where clusters were given).
        high: Upper Wald limit of the odds ratio (robust where clusters were given).
        z: Wald statistic (robust where clusters were given).
        p_values: Two-sided Wald P.
        covariance: Shape (k, k); robust where clusters were given.
        intercept: Log odds where every column is 0; NaN where separation moves it.
        full_covariance: Shape (1 + k, 1 + k), the intercept first.
        log_likelihood: Of the model with the intercept only, and of this one.
        linear_predictor: Log odds of each row, shape (n,); far out where the data separate.
        fitted: Probability of each row, shape (n,).
        n: Rows.
        n_events: Rows with the outcome.
        converged: Every column has an estimate.
        not_estimable: Indices of the columns that have none.
        separation: Indices of those that have none because the data separate along them.
        problem: Why, in one word; blank where none.
        warning: Why; None where none.
    """

    coefficients: Floats
    standard_errors: Floats
    robust_standard_errors: Floats | None
    odds_ratios: Floats
    low: Floats
    high: Floats
    z: Floats
    p_values: Floats
    covariance: Floats
    intercept: float
    full_covariance: Floats
    log_likelihood: tuple[float, float]
    linear_predictor: Floats
    fitted: Floats
    n: int
    n_events: int
    level: float
    converged: bool
    not_estimable: tuple[int, ...]
    separation: tuple[int, ...]
    problem: Problem
    warning: Remark | None


@dataclass(frozen=True, slots=True, eq=False)
class LogisticData:
    """What a logistic method is given, checked: outcome 0 or 1, design of two axes, weights > 0."""

    outcome: Floats
    design: Floats
    weights: Floats

    @property
    def n_events(self) -> int:
        """Rows with the outcome."""
        return int(self.outcome.sum())


def logistic(
    outcome: ArrayLike,
    design: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    cluster: ArrayLike | None = None,
    level: float = 0.95,
) -> LogisticFit:
    """Fit log odds = intercept + design x coefficients by maximum likelihood (R: `glm(family = binomial)`).

    Args:
        outcome: True or 1 where the row has the outcome, shape (n,).
        design: Columns of numbers, shape (n, k) or (n,) for one; factors already as 0/1 columns, no intercept.
        weights: Case weights > 0; without `cluster` the standard errors stay model-based.
        cluster: A label a row; standard errors are then robust, grouped by it (a pair, a patient; each row
            its own label for weights alone).
        level: Confidence level of the limits of the odds ratio.

    Raises:
        DataError: Lengths differ; a number is missing, infinite or out of its range; no column.
        NotEnoughData: Every row has the outcome, or none; or every column is constant.

    References:
        McCullagh & Nelder 1989; sandwich by White 1982, clusters by Liang & Zeger 1986; limits by Wald.
    """
    check_level(level)
    data = check_logistic(outcome, design, weights)
    columns = varying_columns(data)
    maximum = maximise_logistic(data.outcome, columns.scaled, data.weights)
    infinite = np.zeros(1 + columns.n_kept, dtype=bool)
    if not maximum.converged:
        infinite = columns.moved_by(separating_direction(data.outcome, columns.scaled))
    robust = None if cluster is None else _sandwich(data, columns, maximum, cluster)
    return _describe(data, columns, maximum, infinite, robust, level)


def check_logistic(outcome: ArrayLike, design: ArrayLike, weights: ArrayLike | None = None) -> LogisticData:
    """The arrays of a logistic method; raises as `logistic` does."""
    happened = np.asarray(outcome)
    if happened.ndim != 1 or happened.size == 0:
        raise NotEnoughData("There is no patient with an outcome.", Doubt.NO_PATIENTS)
    refuse_unless_binary(happened, "outcome", "Code the outcome 1 (or True), its absence 0.")
    columns, n = check_design(design, happened.size), happened.size
    ones = happened.astype(np.float64)
    if ones.all() or not ones.any():
        which = "Every patient has" if ones.all() else "No patient has"
        raise NotEnoughData(f"{which} the outcome: no odds ratio.", Doubt.ONE_GROUP_ONLY)
    return LogisticData(ones, columns, np.ones(n) if weights is None else check_weights(weights, n))


def varying_columns(data: LogisticData) -> Columns:
    """The independent columns of the design; raises NotEnoughData where every one is constant."""
    columns = independent_columns(data.design)
    if not columns.kept.any():
        raise NotEnoughData(
            "Every covariate is constant (one group only): no odds ratio.", Doubt.ONE_LEVEL_ONLY
        )
    return columns


def _sandwich(data: LogisticData, columns: Columns, maximum: LogisticMaximum, cluster: ArrayLike) -> Floats:
    """Robust covariance of the scaled coefficients: bread x sum of the clusters' score products x bread."""
    labels = check_labels(cluster, data.outcome.size, "cluster")
    residual = data.weights * (data.outcome - maximum.fitted)
    scores = [residual, *(residual * column for column in columns.scaled.T)]
    sums = np.column_stack([np.bincount(labels.codes, s, len(labels.levels)) for s in scores])
    return maximum.covariance @ (sums.T @ sums) @ maximum.covariance


@np.errstate(
    over="ignore", divide="ignore", invalid="ignore"
)  # no error, or one beyond all bounds: infinite or NaN
def _describe(
    data: LogisticData,
    columns: Columns,
    maximum: LogisticMaximum,
    infinite: NDArray[np.bool_],
    robust: Floats | None,
    level: float,
) -> LogisticFit:
    problem = _problem(maximum, infinite, columns)
    infinite = infinite | (problem == "not_converged")
    lost = ~columns.kept
    lost[np.flatnonzero(columns.kept)[infinite[1:]]] = True
    estimate = columns.unscale(maximum.estimate, infinite)
    naive = columns.unscale_covariance(maximum.covariance, infinite)
    used = naive if robust is None else columns.unscale_covariance(robust, infinite)
    errors = np.sqrt(np.diag(used))[1:]
    coefficients, z = estimate[1:], estimate[1:] / errors
    reach = NormalDist().inv_cdf((1 + level) / 2) * errors
    return LogisticFit(
        coefficients=frozen(coefficients),
        standard_errors=frozen(np.sqrt(np.diag(naive))[1:]),
        robust_standard_errors=None if robust is None else frozen(errors),
        odds_ratios=frozen(np.exp(coefficients)),
        low=frozen(np.exp(coefficients - reach)),
        high=frozen(np.exp(coefficients + reach)),
        z=frozen(z),
        p_values=frozen([math.erfc(abs(v) / math.sqrt(2)) for v in z]),
        covariance=frozen(used[1:, 1:]),
        intercept=float(estimate[0]),
        full_covariance=frozen(used),
        log_likelihood=(_null_log_likelihood(data), maximum.log_likelihood),
        linear_predictor=frozen(maximum.linear_predictor),
        fitted=frozen(maximum.fitted),
        n=data.outcome.size,
        n_events=data.n_events,
        level=level,
        converged=not lost.any(),
        not_estimable=tuple(np.flatnonzero(lost).tolist()),
        separation=tuple(np.flatnonzero(lost & columns.kept).tolist()) if problem == "separation" else (),
        problem=problem,
        warning=about_columns(DOUBTS.get(problem), lost),
    )


def _problem(maximum: LogisticMaximum, infinite: NDArray[np.bool_], columns: Columns) -> Problem:
    if infinite.any():
        return "separation"
    if not maximum.converged:
        return "not_converged"
    return "" if columns.kept.all() else "collinear"


def _null_log_likelihood(data: LogisticData) -> float:
    total, share = data.weights.sum(), np.average(data.outcome, weights=data.weights)
    return float(total * (share * math.log(share) + (1 - share) * math.log1p(-share)))

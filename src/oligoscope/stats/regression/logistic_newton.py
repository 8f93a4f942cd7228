"""The maximum of a logistic likelihood, on columns already scaled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from oligoscope.stats.arrays import Floats

MOST_STEPS = 25  # as glm.control; a fit with a maximum takes 4 to 10
# Where there is no maximum the likelihood still has a limit, which tests of columns need: each step brings it nearer by e.
MOST_STEPS_TO_A_LIMIT = 60
SMALLEST_GAIN = 1e-10  # of log-likelihood
SMALLEST_STEP = 1e-8  # in log odds over one sd of a column; the step after it would be about its square
MOST_HALVINGS = 30
# A fall by more than this share of the likelihood is real, a smaller one is rounding.
ROUNDING = 1e-13


@dataclass(frozen=True, slots=True, eq=False)
class LogisticMaximum:
    """Where the search ended.

    Attributes:
        estimate: Intercept and coefficients of the scaled columns.
        covariance: Inverse information there.
        log_likelihood: Weighted.
        linear_predictor: Log odds of each row.
        fitted: Probability of each row.
        converged: Whether the last step was too small to matter.
    """

    estimate: Floats
    covariance: Floats
    log_likelihood: float
    linear_predictor: Floats
    fitted: Floats
    converged: bool


def maximise_logistic(outcome: Floats, scaled: Floats, weights: Floats) -> LogisticMaximum:
    """Maximise the logistic likelihood of an intercept and the columns, from no effect.

    Args:
        outcome: 0 or 1, shape (n,).
        scaled: Columns near mean 0 and sd 1, shape (n, k); k may be 0.
        weights: Case weights, shape (n,).
    """
    at = np.zeros(1 + scaled.shape[1])
    at[0] = special.logit(np.average(outcome, weights=weights))
    predictor = at[0] + scaled @ at[1:]
    height = log_likelihood(outcome, predictor, weights)
    converged, steps, gain = False, 0, np.inf
    while True:
        fitted = special.expit(predictor)
        inverse = invert(_information(scaled, weights * fitted * (1 - fitted)))
        residual = weights * (outcome - fitted)
        step = inverse @ np.concatenate([[residual.sum()], scaled.T @ residual])
        if converged or _is_at_limit(steps, gain):
            return LogisticMaximum(at, inverse, height, predictor, fitted, converged)
        change, halvings = step[0] + scaled @ step[1:], 0
        reached = log_likelihood(outcome, predictor + change, weights)
        while reached < height - ROUNDING * abs(height) and halvings < MOST_HALVINGS:
            step, change, halvings = step / 2, change / 2, halvings + 1
            reached = log_likelihood(outcome, predictor + change, weights)
        steps, gain = steps + 1, reached - height
        at, predictor, height = at + step, predictor + change, reached
        converged = steps <= MOST_STEPS and bool(np.max(np.abs(step)) < SMALLEST_STEP)


def log_likelihood(outcome: Floats, predictor: Floats, weights: Floats) -> float:
    """Weighted log-likelihood of outcomes 0 or 1 at these log odds; never overflows."""
    # log p of what happened: -log(1 + exp(-s)), s the log odds of it
    return float(weights @ special.log_expit(np.where(outcome > 0, predictor, -predictor)))


def invert(information: Floats) -> Floats:
    """The inverse of an information matrix; directions without information (separation) get none."""
    return np.asarray(np.linalg.pinv(information, hermitian=True), dtype=np.float64)


def _is_at_limit(steps: int, gain: float) -> bool:
    return steps >= MOST_STEPS and (gain < SMALLEST_GAIN or steps >= MOST_STEPS_TO_A_LIMIT)


def _information(scaled: Floats, spread: Floats) -> Floats:
    k = scaled.shape[1]
    information = np.empty((1 + k, 1 + k))
    weighted = scaled * spread[:, None]
    information[0, 0] = spread.sum()
    information[0, 1:] = information[1:, 0] = weighted.sum(axis=0)
    information[1:, 1:] = scaled.T @ weighted
    return information

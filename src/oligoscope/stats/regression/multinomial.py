"""Multinomial (and, with two levels, binary) logistic regression by Newton's method, for imputation models."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from oligoscope.stats.arrays import Floats, Ints
from oligoscope.stats.regression.newton import TOLERANCE, Evaluation, draw_deviation, maximise, sample_rows

# Rows at a time: the weighted copies of so many rows stay in the processor's cache.
CHUNK = 4096


@dataclass(frozen=True, slots=True, eq=False)
class MultinomialFit:
    """Log odds of each level against the first.

    Attributes:
        coefficients: Shape (p, levels - 1).
        information: Negative second derivatives, shape (p (levels - 1),) twice; level by level.
        converged: The likelihood reached its maximum.
    """

    coefficients: Floats
    information: Floats
    converged: bool

    def draw(self, rng: np.random.Generator) -> Floats:
        """Coefficients from their normal approximate posterior, shape (p, levels - 1)."""
        deviation = draw_deviation(self.information, rng)
        p, k = self.coefficients.shape
        return self.coefficients + deviation.reshape(k, p).T


def fit_multinomial(
    x: Floats,
    codes: Ints,
    weights: Floats,
    n_levels: int,
    start: Floats | None = None,
    tolerance: float = TOLERANCE,
) -> MultinomialFit:
    """Maximise the weighted likelihood of the levels.

    Args:
        x: Design with its column of ones, shape (n, p), of full rank.
        codes: Level of each row, 0 to n_levels - 1, shape (n,).
        weights: Of the rows, shape (n,).
        n_levels: Two or more, each observed.
        start: Coefficients to start from.
        tolerance: Newton decrement at which to stop.

    References:
        White, Daniel & Royston, CSDA 2010, 54:2267 (the weighted rows that keep the maximum finite).
    """
    p = x.shape[1]
    if start is None:
        start = _start(x, codes, weights, n_levels)
    across = np.ascontiguousarray(x.T)  # long rows: several times faster than n short ones

    def evaluate(place: Floats) -> Evaluation:
        return _evaluate(across, codes, weights, place.reshape(n_levels - 1, p).T)

    place, information, converged = maximise(evaluate, start.T.ravel(), tolerance)
    return MultinomialFit(place.reshape(n_levels - 1, p).T, information, converged)


def level_probabilities(x: Floats, coefficients: Floats) -> Floats:
    """Probability of each level, shape (n, levels)."""
    scores = np.column_stack([np.zeros(len(x)), x @ coefficients])
    scores -= scores.max(axis=1, keepdims=True)
    odds = np.exp(scores)
    return odds / odds.sum(axis=1, keepdims=True)


def draw_levels(probabilities: Floats, rng: np.random.Generator) -> Floats:
    """A level for each row by its probabilities, shape (n,), as numbers 0, 1, ..."""
    bounds = np.cumsum(probabilities[:, :-1], axis=1)
    return (rng.random(len(bounds))[:, None] > bounds).sum(axis=1).astype(np.float64)


def _start(x: Floats, codes: Ints, weights: Floats, n_levels: int) -> Floats:
    """From a sample of many rows, else from equal odds."""
    zero = np.zeros((x.shape[1], n_levels - 1))
    rows = sample_rows(weights)
    if rows is None:
        return zero
    return fit_multinomial(x[rows], codes[rows], weights[rows], n_levels, zero, 1e-2).coefficients


def _evaluate(across: Floats, codes: Ints, weights: Floats, coefficients: Floats) -> Evaluation:
    """Log-likelihood, gradient (level by level) and information; `across` is the design transposed, (p, n)."""
    p, k = coefficients.shape
    pairs = [(a, b) for a in range(k) for b in range(a + 1)]
    value, gradient, blocks = 0.0, np.zeros((k, p)), np.zeros((len(pairs) * p, p))
    levels = np.arange(1, k + 1)[:, None]
    for begin in range(0, codes.size, CHUNK):
        part, w, code = (array[..., begin : begin + CHUNK] for array in (across, weights, codes))
        scores = coefficients.T @ part
        top = np.maximum(scores.max(axis=0), 0)
        odds = np.exp(scores - top)
        total = np.exp(-top) + odds.sum(axis=0)
        share = odds / total
        is_level = code == levels
        value += float(w @ ((scores * is_level).sum(axis=0) - top - np.log(total)))
        gradient += (w * (is_level - share)) @ part.T
        curves = np.stack([w * share[a] * ((a == b) - share[b]) for a, b in pairs])
        blocks += (curves[:, None, :] * part[None]).reshape(len(blocks), -1) @ part.T
    information = np.empty((k * p, k * p))
    for i, (a, b) in enumerate(pairs):
        block = blocks[i * p : (i + 1) * p]
        information[a * p : (a + 1) * p, b * p : (b + 1) * p] = block
        information[b * p : (b + 1) * p, a * p : (a + 1) * p] = block
    return value, gradient.ravel(), information

"""Newton's method for a concave log-likelihood of many rows, and draws from the posterior about its maximum."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from oligoscope.stats.arrays import Floats, Ints

# Newton stops when the step just taken was shorter than this in units of standard errors (squared): the next
# would be shorter by orders of magnitude, and each imputation draws a whole standard error away.
TOLERANCE = 1e-6
ITERATIONS = 30
# Far more rows than this: the search starts from the answer of a sample of so many.
SAMPLE = 8192

Evaluation = tuple[float, Floats, Floats]  # log-likelihood, gradient, information


def maximise(
    evaluate: Callable[[Floats], Evaluation], start: Floats, tolerance: float = TOLERANCE
) -> tuple[Floats, Floats, bool]:
    """The place of the maximum, the information there, and whether it was reached.

    Args:
        evaluate: Log-likelihood, gradient and information (negative second derivatives) at a place.
        start: Where to begin.
        tolerance: Newton decrement (gradient times step) at which to stop.
    """
    place, here = start, evaluate(start)
    for _ in range(ITERATIONS):
        step = _solve(here[2], here[1])
        decrement = float(here[1] @ step)
        place, here = _take_step(evaluate, place, here, step)
        if decrement < tolerance:
            return place, here[2], True
    return place, here[2], False


def draw_deviation(information: Floats, rng: np.random.Generator) -> Floats:
    """A normal deviation with the inverse of `information` as its covariance."""
    noise = rng.standard_normal(len(information))
    try:
        return np.asarray(np.linalg.solve(np.linalg.cholesky(information).T, noise), dtype=np.float64)
    except np.linalg.LinAlgError:
        # Rank lost to rounding: nothing is known along those directions, and there is no deviation along them.
        values, vectors = np.linalg.eigh(information)
        kept = values > values[-1] * 1e-12
        return vectors[:, kept] @ (noise[kept] / np.sqrt(values[kept]))


def sample_rows(weights: Floats) -> Ints | None:
    """A sample of rows whose estimate starts the search among all; None where there are too few rows to need it."""
    n = weights.size
    if n < 4 * SAMPLE:
        return None
    # Rows added against perfect prediction have weights other than 1 and all belong to the sample.
    return np.flatnonzero((weights != 1) | (np.arange(n) % (n // SAMPLE) == 0))


def _take_step(
    evaluate: Callable[[Floats], Evaluation], place: Floats, here: Evaluation, step: Floats
) -> tuple[Floats, Evaluation]:
    """Take the step, or half of it, or half of that, so as not to fall."""
    for _ in range(ITERATIONS):
        there = evaluate(place + step)
        if there[0] >= here[0] - 1e-9 * abs(here[0]):
            return place + step, there
        step = step / 2
    return place, here


def _solve(information: Floats, gradient: Floats) -> Floats:
    """Newton's step; by least squares where the information has lost rank."""
    try:
        step = np.linalg.solve(information, gradient)
    except np.linalg.LinAlgError:
        step = np.linalg.lstsq(information, gradient)[0]
    return np.asarray(step, dtype=np.float64)

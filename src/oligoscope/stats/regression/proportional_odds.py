"""Proportional odds regression of an ordered factor by Newton's method, for imputation models."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from oligoscope.stats.arrays import Floats, Ints
from oligoscope.stats.regression.multinomial import CHUNK
from oligoscope.stats.regression.newton import TOLERANCE, Evaluation, draw_deviation, maximise, sample_rows


@dataclass(frozen=True, slots=True, eq=False)
class ProportionalOddsFit:
    """logit P(level <= j) = threshold j - x b.

    Attributes:
        coefficients: b, shape (p,).
        thresholds: Ascending, shape (levels - 1,).
        information: Negative second derivatives by (b, thresholds), shape (p + levels - 1,) twice.
        converged: The likelihood reached its maximum.
    """

    coefficients: Floats
    thresholds: Floats
    information: Floats
    converged: bool

    def draw(self, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """Coefficients and thresholds from their normal approximate posterior.

        The draw is made for the first threshold and the logarithms of the gaps (as `MASS::polr` fits), so
        that the thresholds stay in order. At the maximum the gradient is 0 and the information carries over.
        """
        p, gaps = self.coefficients.size, np.diff(self.thresholds)
        change = np.eye(p + self.thresholds.size)
        change[p + 1 :, p] = 1
        for i, gap in enumerate(gaps):
            change[p + 1 + i :, p + 1 + i] = gap
        deviation = draw_deviation(change.T @ self.information @ change, rng)
        first = self.thresholds[0] + deviation[p]
        drawn = np.cumsum(np.concatenate([[first], gaps * np.exp(deviation[p + 1 :])]))
        return self.coefficients + deviation[:p], drawn


def fit_proportional_odds(
    x: Floats,
    codes: Ints,
    weights: Floats,
    n_levels: int,
    start: tuple[Floats, Floats] | None = None,
    tolerance: float = TOLERANCE,
) -> ProportionalOddsFit:
    """Maximise the weighted likelihood of the ordered levels (R's `MASS::polr`).

    Args:
        x: Design without a column of ones, shape (n, p), of full rank also with one.
        codes: Level of each row, 0 to n_levels - 1, shape (n,).
        weights: Of the rows, shape (n,).
        n_levels: Three or more, each observed.
        start: Coefficients and thresholds to start from.
        tolerance: Newton decrement at which to stop.

    References:
        McCullagh 1980; the likelihood is concave in coefficients and thresholds (Pratt 1981; Burridge 1981).
    """
    p = x.shape[1]
    begin = np.concatenate(start or _start(x, codes, weights, n_levels))

    def evaluate(place: Floats) -> Evaluation:
        return _evaluate(x, codes, weights, place)

    place, information, converged = maximise(evaluate, begin, tolerance)
    return ProportionalOddsFit(place[:p], place[p:], information, converged)


def ordered_probabilities(x: Floats, coefficients: Floats, thresholds: Floats) -> Floats:
    """Probability of each level, shape (n, levels)."""
    below = expit(thresholds[None, :] - (x @ coefficients)[:, None])
    return np.diff(below, axis=1, prepend=0, append=1)


def _start(x: Floats, codes: Ints, weights: Floats, n_levels: int) -> tuple[Floats, Floats]:
    """From a sample of many rows, else from the shares of the levels."""
    rows = sample_rows(weights)
    if rows is not None:
        fit = fit_proportional_odds(x[rows], codes[rows], weights[rows], n_levels, tolerance=1e-2)
        return fit.coefficients, fit.thresholds
    counts = np.bincount(codes, weights, n_levels)
    below = np.cumsum(counts)[:-1] / counts.sum()
    return np.zeros(x.shape[1]), np.log(below / (1 - below))


def _evaluate(x: Floats, codes: Ints, weights: Floats, theta: Floats) -> Evaluation:
    """Log-likelihood, gradient and information by (coefficients, thresholds).

    With u and l the thresholds above and below a row's level, less its x b, P(level) = F(u) F(-l) (1 - e^(l-u)):
    l - u depends on the level alone, and nothing is lost to rounding where P is small.
    """
    p = x.shape[1]
    beta, cuts = theta[:p], theta[p:]
    gaps = np.diff(cuts)
    if np.any(gaps <= 0):
        return -np.inf, np.empty(0), np.empty(0)
    k = cuts.size
    lost = np.concatenate([[0.0], np.exp(-gaps), [0.0]])  # e^(l-u) of each level
    per_level = np.zeros((p, k))
    gradient, inner, edge = np.zeros(p + k), np.zeros((p, p)), np.zeros(k)
    value = 0.0
    counts = np.bincount(codes, weights, k + 1)
    for begin in range(0, len(x), CHUNK):
        here = slice(begin, begin + CHUNK)
        part, w, code = x[here], weights[here], codes[here]
        score = part @ beta
        with np.errstate(over="ignore"):
            above = expit(np.append(cuts, np.inf)[code] - score)
            under = expit(np.insert(cuts, 0, -np.inf)[code] - score)
        with np.errstate(
            divide="ignore", invalid="ignore"
        ):  # a step too far has probability 0, and is undone
            value += float(w @ (np.log(above) + np.log1p(-under)))
        up, down = w * (1 - above), w * under
        gradient[:p] -= part.T @ (up - down)
        bend_up, bend_down = up * above, down * (1 - under)
        inner += part.T @ ((bend_up + bend_down)[:, None] * part)
        for j in range(k):
            at, over = code == j, code == j + 1
            gradient[p + j] += up[at].sum() - down[over].sum()
            edge[j] += bend_up[at].sum() + bend_down[over].sum()
            per_level[:, j] -= part.T @ (bend_up * at + bend_down * over)
    value += float(counts[1:-1] @ np.log1p(-lost[1:-1]))
    pull = counts * lost / (1 - lost)
    gradient[p:] += pull[:-1] - pull[1:]
    bend = counts * lost / (1 - lost) ** 2
    information = np.zeros((p + k, p + k))
    information[:p, :p] = inner
    information[:p, p:], information[p:, :p] = per_level, per_level.T
    information[p:, p:] = np.diag(edge + bend[:-1] + bend[1:])
    for j in range(1, k):
        information[p + j, p + j - 1] = information[p + j - 1, p + j] = -bend[j]
    return value, gradient, information

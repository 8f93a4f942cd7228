"""The model that imputes one column given the others: fitted to the rows where it is observed, then drawn from.

Each fit is a value with one verb, `draw`: parameters from their posterior, then values for the missing rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from oligoscope.stats.arrays import Floats, Ints
from oligoscope.stats.doubts import Doubt
from oligoscope.stats.imputation.imputation_columns import Method
from oligoscope.stats.regression.model_columns import own_variance
from oligoscope.stats.regression.multinomial import (
    MultinomialFit,
    draw_levels,
    fit_multinomial,
    level_probabilities,
)
from oligoscope.stats.regression.proportional_odds import (
    ProportionalOddsFit,
    fit_proportional_odds,
    ordered_probabilities,
)

DONORS = 5  # as mice since 2.22; Morris, White & Royston 2014 advise 10 for large, few for small samples
# A predictor of which less than this share of variance is left, given those before it, is left out.
LEAST_VARIANCE = 1e-6


class FittedModel(Protocol):
    """A fitted imputation model."""

    def draw(self, x_missing: Floats, rng: np.random.Generator) -> Floats:
        """Values (or indices of levels) for the missing rows, shape (n missing,)."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class LinearModel:
    """Bayesian linear regression under a flat prior (mice: norm); shape of `x`: (n, p) with ones."""

    x: Floats
    y: Floats
    coefficients: Floats
    gram: Floats
    residual_sum: float

    def draw(self, x_missing: Floats, rng: np.random.Generator) -> Floats:
        beta, sigma = self.draw_parameters(rng)
        return x_missing @ beta + sigma * rng.standard_normal(len(x_missing))

    def draw_parameters(self, rng: np.random.Generator) -> tuple[Floats, float]:
        """sigma^2 by residual sum / chi-square, then coefficients by a normal about their estimate."""
        df = max(len(self.y) - self.coefficients.size, 1)
        sigma = float(np.sqrt(self.residual_sum / rng.chisquare(df)))
        noise = rng.standard_normal(self.coefficients.size)
        return self.coefficients + sigma * np.linalg.solve(np.linalg.cholesky(self.gram).T, noise), sigma


@dataclass(frozen=True, slots=True, eq=False)
class MatchingModel:
    """Predictive mean matching, type 1 (mice: pmm): observed rows by the estimate, missing ones by a draw."""

    linear: LinearModel

    def draw(self, x_missing: Floats, rng: np.random.Generator) -> Floats:
        beta, _ = self.linear.draw_parameters(rng)
        fitted = self.linear.x @ self.linear.coefficients
        return self.linear.y[choose_donors(fitted, x_missing @ beta, DONORS, rng)]


@dataclass(frozen=True, slots=True, eq=False)
class UnorderedModel:
    """Multinomial logistic regression; binary logistic (mice: logreg) where there are two levels."""

    fit: MultinomialFit
    levels: Ints

    def draw(self, x_missing: Floats, rng: np.random.Generator) -> Floats:
        probabilities = level_probabilities(x_missing, self.fit.draw(rng))
        return self.levels[draw_levels(probabilities, rng).astype(np.int64)].astype(np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class OrderedModel:
    """Proportional odds regression (mice: polr, there without drawing the parameters)."""

    fit: ProportionalOddsFit
    levels: Ints

    def draw(self, x_missing: Floats, rng: np.random.Generator) -> Floats:
        probabilities = ordered_probabilities(x_missing[:, 1:], *self.fit.draw(rng))
        return self.levels[draw_levels(probabilities, rng).astype(np.int64)].astype(np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class OnlyLevel:
    """Where one level only was observed, that is what is imputed (as mice: polyreg)."""

    level: float

    def draw(self, x_missing: Floats, rng: np.random.Generator) -> Floats:  # noqa: ARG002  as the others
        return np.full(len(x_missing), self.level)


def fit_model(method: Method, x: Floats, y: Floats, last: FittedModel | None = None) -> FittedModel:
    """Fit the imputation model of one column to the rows where it is observed.

    A proportional odds fit without a maximum is replaced by the multinomial one (as mice: polr).

    Args:
        method: Which model.
        x: Design of those rows, ones first, shape (n, p), of full rank (`independent_columns`).
        y: Its values there (for a factor: indices of levels), shape (n,).
        last: The last fit of the same column to the same columns of the design, to start from.
    """
    if method in {"norm", "pmm"}:
        linear = fit_linear(x, y)
        return linear if method == "norm" else MatchingModel(linear)
    levels, codes = np.unique(y.astype(np.int64), return_inverse=True)
    if levels.size == 1:
        return OnlyLevel(float(levels[0]))
    x, codes, weights = augment(x, codes, levels.size)
    if method == "proportional_odds" and levels.size > 2:
        begin = last.fit if isinstance(last, OrderedModel) and last.levels.size == levels.size else None
        start = (begin.coefficients, begin.thresholds) if begin else None
        ordered = fit_proportional_odds(x[:, 1:], codes, weights, levels.size, start)
        if ordered.converged:
            return OrderedModel(ordered, levels)
    begin = last.fit if isinstance(last, UnorderedModel) and last.levels.size == levels.size else None
    fit = fit_multinomial(x, codes, weights, levels.size, begin.coefficients if begin else None)
    return UnorderedModel(fit, levels)


def trouble_of(method: Method, model: FittedModel) -> Doubt | None:
    """What a reader should know about the fit; None where it is the one asked for."""
    if isinstance(model, OnlyLevel):
        return Doubt.ONE_LEVEL_IMPUTED
    if isinstance(model, UnorderedModel):
        if not model.fit.converged:
            return Doubt.IMPUTATION_NOT_CONVERGED
        if method == "proportional_odds" and model.levels.size > 2:
            return Doubt.ORDERED_AS_UNORDERED
    return None


def fit_linear(x: Floats, y: Floats) -> LinearModel:
    """Least squares by the normal equations (the design is standardised and of full rank)."""
    gram = x.T @ x
    coefficients = np.asarray(np.linalg.solve(gram, x.T @ y), dtype=np.float64)
    return LinearModel(x, y, coefficients, gram, float(np.sum((y - x @ coefficients) ** 2)))


def augment(x: Floats, codes: Ints, n_levels: int) -> tuple[Floats, Ints, Floats]:
    """Add rows of little weight that keep every estimate finite where a predictor separates the levels.

    For each of p predictors and each level two rows, half a standard deviation to either side of the mean
    (not beyond the observed range), the other predictors at their means; p + 1 rows' weight in all.

    Returns:
        Design, levels and weights, each with 2 p n_levels rows more.

    References:
        White, Daniel & Royston, Comput Stat Data Anal 2010, 54:2267; as mice's `augment`.
    """
    p = x.shape[1] - 1
    ones = np.ones(len(x))
    if p == 0:
        return x, codes, ones
    mean, sd = x.mean(axis=0), x.std(axis=0, ddof=1) if len(x) > 1 else np.zeros(p + 1)
    extra = np.tile(mean, (2 * p * n_levels, 1))
    predictor = np.repeat(np.arange(1, p + 1), 2 * n_levels)
    side = np.tile([0.5, -0.5], p * n_levels)
    rows = np.arange(len(extra))
    extra[rows, predictor] += side * sd[predictor]
    extra = np.clip(extra, x.min(axis=0), x.max(axis=0))
    level = np.tile(np.repeat(np.arange(n_levels), 2), p)
    weight = np.full(len(extra), (p + 1) / len(extra))
    return np.concatenate([x, extra]), np.concatenate([codes, level]), np.concatenate([ones, weight])


def independent_columns(x: Floats) -> list[int]:
    """The columns of a design (ones first) that neither are constant nor repeat those before them."""
    n, total = len(x), x.sum(axis=0)
    covariance = (x.T @ x - np.outer(total, total) / n)[1:, 1:]
    variance = np.diag(covariance)
    varied = np.flatnonzero(variance > n * 1e-10)
    correlation = covariance[np.ix_(varied, varied)] / np.sqrt(np.outer(variance[varied], variance[varied]))
    kept = np.flatnonzero(own_variance(correlation, LEAST_VARIANCE) > LEAST_VARIANCE)
    return [0, *(varied[kept] + 1).tolist()]


def choose_donors(fitted: Floats, wanted: Floats, k: int, rng: np.random.Generator) -> Ints:
    """For each wanted value the index of one of the k fitted values nearest to it, each as likely.

    Which of equally near ones belong to the k is left to chance (as mice's `matchindex`).
    """
    n = len(fitted)
    k = min(k, n)
    shuffled = rng.permutation(n)
    order = shuffled[np.argsort(fitted[shuffled], kind="stable")]
    line = np.concatenate([np.full(k, -np.inf), fitted[order], np.full(k, np.inf)])
    # The k nearest lie among the k below and the k from there on.
    window = np.searchsorted(line, wanted)[:, None] + np.arange(-k, k)
    window = np.clip(window, 0, len(line) - 1)
    with np.errstate(invalid="ignore"):
        distance = np.abs(line[window] - wanted[:, None])
    nearest = np.argpartition(distance, k - 1, axis=1)[:, :k]
    pick = nearest[np.arange(len(wanted)), rng.integers(0, k, len(wanted))]
    return order[window[np.arange(len(wanted)), pick] - k]

"""Weights together with how they would change if their estimated parameters did: what limits must know of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from oligoscope.stats.arrays import Bools, Floats, check_groups, frozen
from oligoscope.stats.matching.entropy_balancing import entropy_weights
from oligoscope.stats.matching.propensity_score import PropensityScore
from oligoscope.stats.matching.weighting import Weighting, cut_weights, weigh
from oligoscope.stats.regression.design_matrix import Covariate, design_matrix

WeightTarget = Literal["overlap", "ate", "att", "entropy_ate", "entropy_att"]


@dataclass(frozen=True, slots=True, eq=False)
class EstimatedWeights:
    """Weights of n patients made from q estimated parameters.

    Attributes:
        weighting: The weights.
        gradient: Derivative of each weight by each parameter, shape (n, q); 0 where a weight was cut.
        influence: What each patient contributes to the estimates of the parameters, shape (n, q).
    """

    weighting: Weighting
    gradient: Floats
    influence: Floats

    def shift(self, derivative: Floats) -> Floats:
        """What the estimation of the weights adds to each patient's contribution, shape (n,).

        Args:
            derivative: Of an estimating equation by the weight of each patient, shape (n,).
        """
        return self.influence @ (self.gradient.T @ derivative)


def estimate_weights(
    treated: ArrayLike,
    covariates: Sequence[Covariate],
    score: PropensityScore,
    target: WeightTarget,
    truncate: float | None = None,
) -> EstimatedWeights:
    """Weights of a target by the propensity score or by entropy balancing.

    Args:
        treated: True for the treated, shape (n,).
        covariates: Of the score, or to be balanced.
        score: Of the same patients; entropy balancing does not use it.
        target: As `weigh`; with `entropy_` the weights of that target by entropy balancing.
        truncate: The share of all patients whose weights are cut at either end; None: none.

    Raises:
        NotEnoughData: No weights balance the groups (entropy balancing).
        DataError: A score gives an infinite weight.

    References:
        Lunceford & Davidian, Stat Med 2004, 23:2937 (estimated scores); Mao, Li & Greene, Stat Methods Med Res 2019,
        28:2439; Zhao & Percival 2017 (entropy balancing as estimating equations); Cole & Hernán 2008 (truncation).
    """
    design = design_matrix(covariates).values
    groups = check_groups(treated, design.shape[0])
    x = np.column_stack([np.ones(groups.size), design])
    quantiles = None if truncate is None else (truncate, 1 - truncate)
    if target in {"entropy_ate", "entropy_att"}:
        found = _entropy_att(groups, x) if target == "entropy_att" else _entropy_ate(groups, x)
        return found if quantiles is None else _cut(found, groups, quantiles)
    weighting = weigh(groups, score.probability, target, truncate=quantiles)  # type: ignore[arg-type]
    return _of_score(groups, x, score.probability, weighting)


def _of_score(treated: Bools, x: Floats, e: Floats, weighting: Weighting) -> EstimatedWeights:
    """By the scores of a logistic regression; the share of the treated is a parameter of stabilised weights."""
    g, share = treated.astype(np.float64), float(treated.mean())
    information = (x * (e * (1 - e))[:, None]).T @ x
    influence = (x * (g - e)[:, None]) @ np.linalg.pinv(information, hermitian=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = np.where(treated, (1 - e) / e, e / (1 - e))
        slope = {
            "ate": np.where(treated, -share * odds, (1 - share) * odds),
            "att": np.where(treated, 0.0, odds),
            "overlap": np.where(treated, -1.0, 1.0) * e * (1 - e),
        }[weighting.target]
        by_share = np.where(treated, 1 / e, -1 / (1 - e)) if weighting.stabilised else np.zeros(e.size)
    uncut = 1.0 if weighting.limits is None else _within(weighting)
    gradient = np.column_stack([x * slope[:, None], by_share]) * np.reshape(uncut, (-1, 1))
    influence = np.column_stack([influence, (g - share) / g.size])
    return EstimatedWeights(weighting, frozen(np.nan_to_num(gradient)), frozen(influence))


def _within(weighting: Weighting) -> Floats:
    low, high = weighting.limits or (0.0, np.inf)
    return ((weighting.weights > low) & (weighting.weights < high)).astype(np.float64)


def _entropy_att(treated: Bools, x: Floats) -> EstimatedWeights:
    """The treated count 1, controls so that they have the means of the treated."""
    weights = np.ones(treated.size)
    weights[~treated] = treated.sum() * entropy_weights(x[~treated], x[treated].mean(axis=0))
    own = x * np.where(treated, 0.0, weights)[:, None]
    equations = own - x * treated[:, None]
    influence = -equations @ np.linalg.pinv(own.T @ x, hermitian=True)
    return EstimatedWeights(_weighting(weights, "att", treated), frozen(own), frozen(influence))


def _entropy_ate(treated: Bools, x: Floats) -> EstimatedWeights:
    """Each group has the means of all patients, and its own number of patients as the sum of its weights."""
    weights, gradients, influences = np.empty(treated.size), [], []
    everyone, n = x.mean(axis=0), treated.size
    for inside in (treated, ~treated):
        weights[inside] = inside.sum() * entropy_weights(x[inside], everyone)
        own = x * np.where(inside, weights, 0.0)[:, None]
        share = float(inside.mean())
        equations = own / share - x
        gradients += [own, np.where(inside, weights / share, 0.0)[:, None]]
        influences += [
            -equations @ np.linalg.pinv(own.T @ x / share, hermitian=True),
            ((inside - share) / n)[:, None],
        ]
    return EstimatedWeights(
        _weighting(weights, "ate", treated), frozen(np.hstack(gradients)), frozen(np.hstack(influences))
    )


def _weighting(weights: Floats, target: Literal["ate", "att"], treated: Bools) -> Weighting:
    return cut_weights(weights, treated, target, stabilised=target == "ate")


def _cut(found: EstimatedWeights, treated: Bools, quantiles: tuple[float, float]) -> EstimatedWeights:
    whole = found.weighting
    weighting = cut_weights(
        whole.weights, treated, whole.target, stabilised=whole.stabilised, truncate=quantiles
    )
    return replace(found, weighting=weighting, gradient=frozen(found.gradient * _within(weighting)[:, None]))

"""Weighting by the propensity score instead of matching: all patients stay, with unequal weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from oligoscope.errors import UsageError
from oligoscope.stats.arrays import Bools, Floats, check_groups, check_numbers, frozen, refuse

Target = Literal["ate", "att", "overlap"]


@dataclass(frozen=True, slots=True, eq=False)
class Weighting:
    """A weight for each patient, and what is left of the sample's size.

    Attributes:
        weights: Shape (n,), >= 0, read-only.
        target: Whom the weighted groups represent: all ("ate"), the treated ("att"), those of either group
            who could have been in the other ("overlap").
        stabilised: Weights of all were multiplied by their group's share.
        limits: The weights at which larger or smaller ones were cut; None where none were.
        n_truncated: How many were cut.
        effective_n_treated: (sum w)^2 / sum w^2 over the treated (Kish).
        effective_n_controls: The same over the controls.
    """

    weights: Floats
    target: Target
    stabilised: bool
    limits: tuple[float, float] | None
    n_truncated: int
    effective_n_treated: float
    effective_n_controls: float


def weigh(
    treated: ArrayLike,
    probability: ArrayLike,
    target: Target = "ate",
    *,
    stabilised: bool = True,
    truncate: tuple[float, float] | None = None,
) -> Weighting:
    """Weights by the propensity score e.

    ate: 1/e for the treated, 1/(1 - e) for controls, times the group's share of all if stabilised.
    att: 1 for the treated, e/(1 - e) for controls. overlap: 1 - e for the treated, e for controls; means
    of the columns of a logistic score with intercept are then equal, exactly.

    Args:
        treated: True for the treated, shape (n,).
        probability: Propensity scores, 0 to 1, shape (n,).
        target: For whom.
        stabilised: For "ate" only; the others have no such form.
        truncate: Quantiles (type 7, over all patients) of the weights to cut at, as (0.01, 0.99).

    Raises:
        DataError: Lengths differ; a score is no probability, or so sure (0 or 1) that a weight is infinite.
        UsageError: The quantiles are not 0 <= low < high <= 1.

    References:
        Robins, Hernán & Brumback 2000 (stabilised); Cole & Hernán 2008 (truncation); Li, Morgan &
        Zaslavsky 2018 (overlap); Kish 1965 (effective size).
    """
    scores = check_numbers(probability, "propensity score")
    groups = check_groups(treated, scores.size)
    refuse((scores < 0) | (scores > 1), scores, "propensity score", "is not 0 to 1", "Give probabilities.")
    weights = _raw(groups, scores, target)
    if stabilised and target == "ate":
        weights = weights * np.where(groups, groups.mean(), 1 - groups.mean())
    return cut_weights(weights, groups, target, stabilised=stabilised and target == "ate", truncate=truncate)


def cut_weights(
    weights: Floats,
    treated: Bools,
    target: Target,
    *,
    stabilised: bool,
    truncate: tuple[float, float] | None = None,
) -> Weighting:
    """Weights however they were made, cut where asked for, with what is left of the sample's size; as `weigh`."""
    limits = None if truncate is None else _limits(weights, truncate)
    cut = weights if limits is None else np.clip(weights, *limits)
    return Weighting(
        weights=frozen(cut),
        target=target,
        stabilised=stabilised,
        limits=limits,
        n_truncated=int(np.count_nonzero(cut != weights)),
        effective_n_treated=effective_size(cut[treated]),
        effective_n_controls=effective_size(cut[~treated]),
    )


def effective_size(weights: ArrayLike) -> float:
    """How many equally weighted patients would be as precise: (sum w)^2 / sum w^2; 0 where all weights are 0.

    References:
        Kish 1965.
    """
    values = check_numbers(weights, "weight")
    squares = float(values @ values)
    return float(values.sum()) ** 2 / squares if squares > 0 else 0.0


def _raw(treated: Bools, scores: Floats, target: Target) -> Floats:
    own = np.where(treated, scores, 1 - scores)  # the probability of the group one is in
    if target == "overlap":
        return 1 - own
    sure = (own == 0) & (~treated if target == "att" else True)
    refuse(sure, scores, "propensity score", "gives an infinite weight", "Weigh for the overlap, or match.")
    if target == "ate":
        return 1 / own
    return np.where(treated, 1.0, scores / np.where(treated, 1.0, own))


def _limits(weights: Floats, truncate: tuple[float, float]) -> tuple[float, float]:
    if not 0 <= truncate[0] < truncate[1] <= 1:
        raise UsageError(
            f"Weights are cut at quantiles 0 <= low < high <= 1, as (0.01, 0.99); got {truncate}."
        )
    low, high = np.quantile(weights, truncate, method="linear")
    return float(low), float(high)

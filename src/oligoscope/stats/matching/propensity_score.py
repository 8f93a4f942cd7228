"""The propensity score: how probable a patient's own group was, given the covariates; and where both groups are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oligoscope.stats.arrays import Floats, check_groups, check_numbers, frozen
from oligoscope.stats.doubts import Doubt, Remark
from oligoscope.stats.regression.design_matrix import Covariate, design_matrix
from oligoscope.stats.regression.firth import firth
from oligoscope.stats.regression.logistic import logistic

# More than this share outside the common support, and the groups overlap poorly.
POOR_OVERLAP = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class PropensityScore:
    """Scores of n patients and the model they come from; arrays are read-only.

    Attributes:
        logit: Log odds of being treated, shape (n,), finite.
        probability: The same as a probability, shape (n,).
        names: Columns of the model.
        coefficients: Log odds ratios of the columns; NaN in a column that repeats others.
        intercept: Of the model.
        method: "maximum_likelihood"; "firth" where the covariates separate the groups.
        left_out: Columns without variation.
        warnings: That it is separated, not converged, or collinear.
    """

    logit: Floats
    probability: Floats
    names: tuple[str, ...]
    coefficients: Floats
    intercept: float
    method: Literal["maximum_likelihood", "firth"]
    left_out: tuple[str, ...]
    warnings: tuple[Remark, ...]


@dataclass(frozen=True, slots=True, eq=False)
class CommonSupport:
    """The range of scores in which both groups have patients.

    Attributes:
        low: The larger of the two groups' smallest logits.
        high: The smaller of their largest; below `low` where the groups do not overlap at all.
        outside: True for patients not within it, shape (n,), read-only.
        n_treated_outside: Of the treated.
        n_controls_outside: Of the controls.
        warnings: A poor overlap, where more than 10 % of all are outside.
    """

    low: float
    high: float
    outside: NDArray[np.bool_]
    n_treated_outside: int
    n_controls_outside: int
    warnings: tuple[Remark, ...]


def propensity_score(treated: ArrayLike, covariates: Sequence[Covariate]) -> PropensityScore:
    """Estimate the score by logistic regression on all covariates, without interactions.

    Where the covariates separate the groups, the likelihood has no maximum: the score is then Firth's, with a warning.

    Args:
        treated: True for the treated, shape (n,).
        covariates: As `read_covariates` gives them; levels enter as treatment contrasts.

    Raises:
        NotEnoughData: A group is empty, or no covariate varies.
        DataError: Lengths differ or a value is missing.

    References:
        Rosenbaum & Rubin 1983; Firth 1993, Heinze & Schemper 2002 (separation).
    """
    design = design_matrix(covariates)
    groups = check_groups(treated, design.values.shape[0])
    fit = logistic(groups, design.values)
    separated = fit.problem == "separation"
    used = firth(groups, design.values, limits=False) if separated else fit
    # A column that repeats others adds nothing to the score of those it repeats.
    logit = (
        used.intercept + design.values @ np.nan_to_num(used.coefficients)
        if separated
        else fit.linear_predictor
    )
    problems = (
        (Doubt.SCORE_SEPARATED, separated),
        (Doubt.SCORE_COLLINEAR, fit.problem == "collinear" or (separated and bool(used.not_estimable))),
        (Doubt.SCORE_NOT_CONVERGED, fit.problem == "not_converged"),
    )
    return PropensityScore(
        logit=frozen(logit),
        probability=frozen(used.fitted),
        names=design.names,
        coefficients=frozen(used.coefficients),
        intercept=used.intercept,
        method="firth" if separated else "maximum_likelihood",
        left_out=design.left_out,
        warnings=tuple(Remark.of(doubt) for doubt, holds in problems if holds),
    )


def common_support(treated: ArrayLike, logit: ArrayLike) -> CommonSupport:
    """Where the ranges of the two groups' scores overlap, and who is outside (the rule of minima and maxima).

    References:
        Dehejia & Wahba 1999.
    """
    scores = check_numbers(logit, "propensity score")
    groups = check_groups(treated, scores.size)
    sides = scores[groups], scores[~groups]
    low, high = max(side.min() for side in sides), min(side.max() for side in sides)
    outside = (scores < low) | (scores > high)
    share = float(outside.mean())
    return CommonSupport(
        low=float(low),
        high=float(high),
        outside=frozen(outside, np.bool_),
        n_treated_outside=int(np.count_nonzero(outside & groups)),
        n_controls_outside=int(np.count_nonzero(outside & ~groups)),
        warnings=(Remark.of(Doubt.POOR_OVERLAP, percent=f"{100 * share:.1f}"),)
        if share > POOR_OVERLAP
        else (),
    )

"""Survival of two groups at a time if all patients were in either: augmented weighting of pseudo-observations.

It is right where either the propensity score or the model of the outcome is right.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from oligoscope.errors import DataError, NotEnoughData
from oligoscope.stats.arrays import Bools, Floats, check_columns, check_groups, check_numbers, frozen, refuse
from oligoscope.stats.doubts import Doubt
from oligoscope.stats.survival.follow_up import check_follow_up


@dataclass(frozen=True, slots=True)
class DoublyRobust:
    """Survival of the treated and of the controls, had all been one or the other, and their difference.

    Attributes:
        treated, controls: Survival probabilities; they may lie slightly outside 0 to 1.
        difference: Treated less controls.
        standard_error: Of the difference, by stacked estimating equations.
        treated_error, controls_error: Of the two.
    """

    treated: float
    controls: float
    difference: float
    standard_error: float
    treated_error: float
    controls_error: float


def pseudo_survival(months: ArrayLike, died: ArrayLike, at: float) -> Floats:
    """Pseudo-observations of being alive after a time: n S(t) - (n - 1) S(t) without the patient.

    Args:
        months: Follow-up of each patient of one group, shape (n,), finite, >= 0.
        died: True where follow-up ended in the event.
        at: The time.

    Raises:
        NotEnoughData: One patient only; or with no death as the last, no patient was followed that long.

    References:
        Andersen, Klein & Rosthøj, Biometrika 2003, 90:15; Andersen & Pohar Perme, Stat Methods Med Res 2010, 19:71.
    """
    seen = check_follow_up(months, died)
    n, event = seen.months.size, np.asarray(seen.events, dtype=np.bool_)
    if n < 2 or (seen.months.max() < at and not event[seen.months == seen.months.max()].all()):
        raise NotEnoughData("No patient was followed that long: no survival.", Doubt.TOO_FEW_PATIENTS)
    times = np.unique(seen.months[event & (seen.months <= at)])
    deaths = np.bincount(
        np.searchsorted(times, seen.months[event & (seen.months <= at)]), minlength=times.size
    )
    left = (n - np.searchsorted(np.sort(seen.months), times, side="left")).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        without = np.where(left > 1, 1 - deaths / (left - 1), 1.0)
        own = np.where(left > 1, 1 - (deaths - 1) / (left - 1), 1.0)
    before = np.r_[1.0, np.cumprod(without)]
    after = np.r_[np.cumprod((1 - deaths / left)[::-1])[::-1], 1.0]
    followed = np.searchsorted(times, seen.months, side="right")
    # A patient is at risk at the times up to their own; one who dies at a time of the list is left out of its deaths.
    counts = event & (seen.months <= at)
    place = np.maximum(followed - 1, 0)
    own_step = own[place] if times.size else np.ones(n)
    product = np.where(counts, before[place] * own_step, before[followed]) * after[followed]
    return frozen(n * float(np.prod(1 - deaths / left)) - (n - 1) * product)


def doubly_robust_survival(
    pseudo: ArrayLike, treated: ArrayLike, probability: ArrayLike, design: ArrayLike
) -> DoublyRobust:
    """Augmented inverse probability weighting with a linear model of the pseudo-observations in each group.

    The variance stacks the equations of the score, of both models and of the two means, so that it is right where
    one of the models is wrong.

    Args:
        pseudo: Pseudo-observations, made within each group, shape (n,).
        treated: True for the treated.
        probability: Scores of a logistic regression on the columns of `design` with an intercept; above 0, below 1.
        design: Columns of both models, without an intercept, shape (n, k).

    Raises:
        DataError: Lengths differ; a score is 0 or 1.
        NotEnoughData: A group has no more patients than its model has coefficients; or its patients do not determine what the
            model predicts for those of the other group, as where a level of a covariate is found in the other group only.

    References:
        Robins, Rotnitzky & Zhao, JASA 1994, 89:846; Andersen, Syriopoulou & Parner, Stat Med 2017, 36:2669; Wang,
        Pharm Stat 2018, 17:422 (pseudo-observations); Lunceford & Davidian, Stat Med 2004, 23:2937 (variance).
    """
    y, columns = check_numbers(pseudo, "pseudo-observation"), check_columns(design)
    n, e = y.size, check_numbers(probability, "propensity score")
    groups = check_groups(treated, n)
    if e.size != n or columns.shape[0] != n:
        raise DataError(f"There are {n} patients, {e.size} scores and {columns.shape[0]} rows of covariates.")
    refuse((e <= 0) | (e >= 1), e, "propensity score", "gives an infinite weight", "Weigh for the overlap.")
    x = np.column_stack([np.ones(n), columns])
    information = (x * (e * (1 - e))[:, None]).T @ x
    of_score = (x * (groups - e)[:, None]) @ np.linalg.pinv(information, hermitian=True)
    (a, of_a), (b, of_b) = (
        _mean(y, inside, own, x, of_score, sign)
        for inside, own, sign in ((groups, e, 1.0), (~groups, 1 - e, -1.0))
    )
    errors = (float(np.sqrt(one @ one)) for one in (of_a - of_b, of_a, of_b))
    return DoublyRobust(a, b, a - b, *errors)


def _mean(
    y: Floats, inside: Bools, own: Floats, x: Floats, of_score: Floats, sign: float
) -> tuple[float, Floats]:
    """The mean if all patients were in this group, and each patient's contribution to it.

    Args:
        y: Pseudo-observations.
        inside: Who is in the group.
        own: The probability of being in it.
        x: Columns with the intercept.
        of_score: Each patient's contribution to the coefficients of the score.
        sign: 1 where the score is the probability of this group, -1 where it is that of the other.
    """
    rank = int(np.linalg.matrix_rank(x[inside]))
    if int(inside.sum()) <= rank:
        raise NotEnoughData(
            "A group has too few patients for a model of its outcome.", Doubt.TOO_FEW_PATIENTS
        )
    # Any of the models that fit the group equally well would predict something else for the other group.
    if rank < int(np.linalg.matrix_rank(x)):
        raise NotEnoughData(
            "A covariate has a level in one group only: no model of the other's outcome.",
            Doubt.LEVEL_IN_ONE_GROUP,
        )
    squares = np.linalg.pinv(x[inside].T @ x[inside], hermitian=True)
    fitted = x @ (squares @ (x[inside].T @ y[inside]))
    left = np.where(inside, y - fitted, 0.0)
    values = fitted + left / own
    mean, n = float(values.mean()), y.size
    of_model = (x * left[:, None]) @ squares
    by_model = (x * (1 - inside / own)[:, None]).mean(axis=0)
    by_score = (x * (-sign * left * (1 - own) / own)[:, None]).mean(axis=0)
    return mean, (values - mean) / n + of_model @ by_model + of_score @ by_score

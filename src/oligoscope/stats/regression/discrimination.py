"""How well a score tells those with the outcome from those without: the area under the ROC curve."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from oligoscope.errors import DataError, NotEnoughData
from oligoscope.stats.arrays import check_level, check_numbers, refuse


@dataclass(frozen=True, slots=True)
class Auc:
    """Area under the ROC curve, with its limits.

    Attributes:
        value: Chance that a row with the outcome has the higher score; a tie counts half.
        low: Lower limit, not below 0.
        high: Upper limit, not above 1.
        std_err: DeLong's; 0 where the score separates the two completely.
        n: Rows.
        n_events: Rows with the outcome.
    """

    value: float
    low: float
    high: float
    std_err: float
    n: int
    n_events: int
    level: float


def auc(outcome: ArrayLike, score: ArrayLike, level: float = 0.95) -> Auc:
    """Area under the ROC curve with DeLong's limits (R: `pROC::ci.auc(roc(y, s, direction = "<"))`).

    Of the data the score was fitted to it is too high (apparent): say so, or correct for optimism.

    Args:
        outcome: True or 1 where the row has the outcome, shape (n,).
        score: Higher where the outcome is likelier, shape (n,).
        level: Confidence level.

    Raises:
        DataError: Lengths differ; a score is missing; an outcome is neither 0 nor 1.
        NotEnoughData: Fewer than 2 rows with or without the outcome.

    References:
        DeLong, DeLong & Clarke-Pearson 1988, by the midranks of Sun & Xu 2014.
    """
    check_level(level)
    happened, values = np.asarray(outcome), check_numbers(score, "score")
    if happened.shape != values.shape:
        raise DataError(f"There are {happened.size} outcomes but {values.size} scores.")
    known = np.asarray(happened == 0) | np.asarray(happened == 1)
    refuse(~known, happened, "outcome", "is neither 0 nor 1", "Code the outcome 1 (or True), its absence 0.")
    cases, controls = values[happened == 1], values[happened == 0]
    m, n = cases.size, controls.size
    if min(m, n) < 2:
        raise NotEnoughData(
            f"{m} patients have the outcome and {n} have not: an area with limits needs 2 of each."
        )
    ranks = stats.rankdata(np.concatenate([cases, controls]))
    above = (ranks[:m] - stats.rankdata(cases)) / n  # share of controls below each case
    below = 1 - (ranks[m:] - stats.rankdata(controls)) / m  # share of cases above each control
    value = float(above.mean())
    std_err = math.sqrt(above.var(ddof=1) / m + below.var(ddof=1) / n)
    reach = NormalDist().inv_cdf((1 + level) / 2) * std_err
    return Auc(value, max(0.0, value - reach), min(1.0, value + reach), std_err, m + n, m, level)

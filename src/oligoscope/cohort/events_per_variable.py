"""Events per variable of a multivariable model, and whether there are enough of them."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor

import numpy as np
from numpy.typing import NDArray

from oligoscope.results.warnings import NO_WARNING, WarningCode, Warnings
from oligoscope.stats.matching.propensity_score import PropensityScore

FEWEST = 10  # with fewer events a column the numbers of a model carry a warning


def too_few_per_variable(found: float, minimum: float) -> Warnings:
    """Why a model is not given; blank where it has the events that were set.

    Args:
        found: Events (of two groups the patients of the smaller one) over the columns of the model.
        minimum: The setting.
    """
    return _below(WarningCode.TOO_FEW_PER_VARIABLE, found, minimum)


def sparse_per_variable(found: float) -> Warnings:
    """The warning of a model that has fewer than 10 events a column (Peduzzi, J Clin Epidemiol 1995, 48:1503); else blank."""
    return NO_WARNING if found >= FEWEST else WarningCode.EVENTS_PER_VARIABLE(value=f"{found:.1f}")


def too_few_for_score(found: float, minimum: float) -> Warnings:
    """Why a propensity score is not used; blank where it has the patients that were set.

    Args:
        found: Patients of the smaller group over the columns of the score.
        minimum: The setting.
    """
    return _below(WarningCode.SCORE_TOO_FEW, found, minimum)


def _below(code: WarningCode, found: float, minimum: float) -> Warnings:
    if found >= minimum:
        return NO_WARNING
    # What is below the limit must not be printed as the limit.
    rounded = f"{found:.1f}" if round(found, 1) < minimum else f"{floor(100 * found) / 100:.2f}"
    return code(value=rounded, minimum=f"{minimum:g}")


def of_scores(treated: Sequence[NDArray[np.bool_]], scores: Sequence[PropensityScore]) -> float:
    """Patients of the smaller group over the columns of a propensity score, the smallest of the imputations."""
    smaller = (min(int(t.sum()), int((~t).sum())) for t in treated)
    columns = (int(np.isfinite(s.coefficients).sum()) for s in scores)
    return min(n / max(k, 1) for n, k in zip(smaller, columns, strict=True))

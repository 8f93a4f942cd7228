"""The Fine-Gray model: a Cox model of the hazard of the subdistribution, whose ratio is about cumulative incidence.

Those who have had another event stay at risk, with the weight of not having been censored since (Kaplan-Meier of
the censoring). Sums over them are running sums in order of time, so that a fit takes n log n, not n squared.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oligoscope.errors import NotEnoughData
from oligoscope.stats.arrays import Floats, check_design, check_labels, check_level, frozen
from oligoscope.stats.doubts import Doubt, Remark
from oligoscope.stats.regression.logistic_newton import invert
from oligoscope.stats.regression.model_columns import Columns, independent_columns
from oligoscope.stats.survival.competing_risks import Causes, check_causes, require_event
from oligoscope.stats.survival.cox import wald
from oligoscope.stats.survival.subdistribution import (
    censoring_influence,
    evaluate,
    influence,
    maximise,
    order_risk,
)

NO_MAXIMUM = Remark.of(Doubt.HAZARDS_NO_MAXIMUM)
COLLINEAR = Remark.of(Doubt.HAZARDS_COLLINEAR)


@dataclass(frozen=True, slots=True, eq=False)
class FineGrayFit:
    """A Fine-Gray model of k columns; arrays of length k, read-only, NaN in a column that is not estimable.

    Attributes:
        coefficients: Log ratios of subdistribution hazards.
        standard_errors: Robust, the estimation of the censoring included.
        hazard_ratios: exp(coefficients).
        low: Lower Wald limit of the ratio.
        high: Upper Wald limit of the ratio.
        z: Wald statistic.
        p_values: Two-sided Wald P.
        covariance: Shape (k, k).
        log_likelihood: Weighted partial, of no effect and of this model.
        n: Patients.
        n_events: Events of the cause.
        n_competing: Events of other causes.
        converged: Every column has an estimate.
        not_estimable: Indices of the columns that have none.
        warning: Why; None where none.
    """

    coefficients: Floats
    standard_errors: Floats
    hazard_ratios: Floats
    low: Floats
    high: Floats
    z: Floats
    p_values: Floats
    covariance: Floats
    log_likelihood: tuple[float, float]
    n: int
    n_events: int
    n_competing: int
    level: float
    converged: bool
    not_estimable: tuple[int, ...]
    warning: Remark | None


def fine_gray(
    months: ArrayLike,
    cause: ArrayLike,
    design: ArrayLike,
    of: int = 1,
    *,
    cluster: ArrayLike | None = None,
    level: float = 0.95,
) -> FineGrayFit:
    """Fit a proportional hazards model of the subdistribution of one cause (R: `cmprsk::crr`).

    Ties by Breslow, one censoring distribution for all, as `crr`.

    Args:
        months: Follow-up of each patient, shape (n,), finite, >= 0.
        cause: 0 where censored, else the number of the cause, shape (n,).
        design: Columns of numbers, shape (n, k) or (n,) for one; factors already as 0/1 columns.
        of: The cause.
        cluster: A label a row; the robust variance is then grouped by it (a pair).
        level: Confidence level of the limits.

    Raises:
        DataError: As `cumulative_incidence`; the design has another length or a missing number.
        NotEnoughData: No event of the cause, or every column is constant.

    References:
        Fine & Gray 1999; clusters by Zhou et al. 2012.
    """
    check_level(level)
    seen = check_causes(months, cause)
    require_event(seen, of)
    columns = _check_design(design, seen)
    risk = order_risk(seen, columns.scaled[seen.order], of)
    nothing = evaluate(risk, np.zeros(columns.n_kept))
    at, point, converged = maximise(risk, nothing)
    n = seen.months.size
    groups = np.arange(n) if cluster is None else check_labels(cluster, n, "cluster").codes[seen.order]
    bread = invert(point.information)
    parts = influence(risk, point) + censoring_influence(risk, point, seen)
    sums = np.column_stack([np.bincount(groups, column) for column in parts.T])
    covariance = bread @ (sums.T @ sums) @ bread
    heights = (nothing.height, point.height)
    counts = (int(risk.event.sum()), int((risk.other > 0).sum()))
    return _describe(columns, at, covariance, heights, counts, converged, level)


def _check_design(design: ArrayLike, seen: Causes) -> Columns:
    columns = independent_columns(check_design(design, seen.months.size))
    if not columns.kept.any():
        raise NotEnoughData(
            "Every covariate is constant (one group only): no hazard ratio.", Doubt.ONE_GROUP_ONLY
        )
    return columns


@np.errstate(
    over="ignore", divide="ignore", invalid="ignore"
)  # no error, or one beyond all bounds: infinite or NaN
def _describe(
    columns: Columns,
    at: Floats,
    covariance: Floats,
    heights: tuple[float, float],
    counts: tuple[int, int],
    converged: bool,
    level: float,
) -> FineGrayFit:
    infinite: NDArray[np.bool_] = np.full(1 + columns.n_kept, not converged)
    whole = np.zeros((1 + columns.n_kept,) * 2)
    whole[1:, 1:] = covariance
    coefficients = columns.unscale(np.concatenate([[0.0], at]), infinite)[1:]
    spread = columns.unscale_covariance(whole, infinite)[1:, 1:]
    errors = np.sqrt(np.diag(spread))
    lost = np.flatnonzero(np.isnan(coefficients))
    return FineGrayFit(
        coefficients=frozen(coefficients),
        standard_errors=frozen(errors),
        **wald(coefficients, errors, level),
        covariance=frozen(spread),
        log_likelihood=heights,
        n=columns.scaled.shape[0],
        n_events=counts[0],
        n_competing=counts[1],
        level=level,
        converged=lost.size == 0,
        not_estimable=tuple(lost.tolist()),
        warning=NO_MAXIMUM if not converged else (COLLINEAR if lost.size else None),
    )

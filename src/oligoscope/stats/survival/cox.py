"""Cox regression: a narrow adapter over `survival` (pinned; see docs/methods.md), with warnings that it does not give.

The library returns a huge coefficient without a warning where the data separate, and NaN for a column that
repeats others. Here such columns are named, their numbers withheld (NaN), and `warning` gives the reason.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oligoscope.errors import NotEnoughData
from oligoscope.stats.arrays import (
    Floats,
    check_design,
    check_labels,
    check_level,
    check_weights,
    frozen,
)
from oligoscope.stats.doubts import Doubt, Remark, about_columns
from oligoscope.stats.library_calls import answering
from oligoscope.stats.survival.follow_up import FollowUp, check_entry, check_follow_up

if TYPE_CHECKING:
    from survival._survival import CoxPHFit, coxph_fit  # the library's public modules carry no types
else:
    from survival.regression import coxph_fit

Problem = Literal["", "separation", "collinear", "not_converged"]

# Where the data separate, each further Newton step still moves the log hazard ratio across the column's
# range by about 1; where the fit has converged, by less than 1e-6 (measured, n = 20 to 20,000).
LARGEST_PENDING_STEP = 0.01
NOT_CONVERGED = 1000  # the library's flag (as coxph.fit's); smaller flags are the rank found

DOUBTS: Mapping[Problem, Doubt] = {
    "separation": Doubt.HAZARDS_SEPARATED,
    "collinear": Doubt.HAZARDS_COLLINEAR,
    "not_converged": Doubt.HAZARDS_NOT_CONVERGED,
}


@dataclass(frozen=True, slots=True, eq=False)
class CoxFit:
    """A Cox model of k columns; arrays of length k, read-only, NaN in a column that is not estimable.

    Attributes:
        coefficients: Log hazard ratios.
        standard_errors: From the information matrix.
        robust_standard_errors: Grouped by cluster; None without clusters.
        hazard_ratios: exp(coefficients).
        low: Lower limit of the hazard ratio (robust where clusters were given).
        high: Upper limit of the hazard ratio (robust where clusters were given).
        z: Wald statistic (robust where clusters were given).
        p_values: Two-sided Wald P.
        covariance: Shape (k, k); robust where clusters were given.
        log_likelihood: Partial, of the model without columns and of this one.
        n: Rows.
        n_events: Events.
        converged: Every column has an estimate.
        not_estimable: Indices of the columns that have none.
        problem: Why, in one word; blank where none.
        warning: Why; None where none.
    """

    coefficients: Floats
    standard_errors: Floats
    robust_standard_errors: Floats | None
    hazard_ratios: Floats
    low: Floats
    high: Floats
    z: Floats
    p_values: Floats
    covariance: Floats
    log_likelihood: tuple[float, float]
    n: int
    n_events: int
    level: float
    converged: bool
    not_estimable: tuple[int, ...]
    problem: Problem
    warning: Remark | None

    @property
    def errors_of_limits(self) -> Floats:
        """The standard errors that limits and P are made of: robust where clusters were given."""
        robust = self.robust_standard_errors
        return self.standard_errors if robust is None else robust


def cox(
    months: ArrayLike,
    died: ArrayLike,
    design: ArrayLike,
    *,
    strata: ArrayLike | None = None,
    cluster: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    entry: ArrayLike | None = None,
    level: float = 0.95,
) -> CoxFit:
    """Fit a proportional hazards model by partial likelihood, ties by Efron (R's `coxph`).

    Args:
        months: Follow-up of each row, shape (n,), finite, >= 0.
        died: True where follow-up ended in the event, shape (n,).
        design: Columns of numbers, shape (n, k) or (n,) for one; factors already as 0/1 columns.
        strata: A label a row; each stratum has its own baseline hazard.
        cluster: A label a row; standard errors are then robust, grouped by it (a pair, a patient).
        weights: Case weights > 0; without `cluster` the standard errors stay model-based
            (R: `robust = FALSE`).
        entry: Delayed entry, at risk from then on (entry < t <= months); shape (n,).
        level: Confidence level of the limits of the hazard ratio.

    Raises:
        DataError: Lengths differ; a number is missing, infinite or out of its range.
        NotEnoughData: No event, or every column is constant (one group only).

    References:
        Cox 1972; Efron 1977; robust variance by Lin & Wei 1989; limits by Wald.
    """
    check_level(level)
    seen = check_follow_up(months, died)
    columns = check_varying(design, seen)
    fit = fit_coxph(seen, columns, strata=strata, cluster=cluster, weights=weights, entry=entry)
    problem, lost = find_trouble(fit, columns)
    return _describe(fit, seen, level, problem, lost)


def fit_coxph(
    seen: FollowUp,
    columns: Floats,
    *,
    strata: ArrayLike | None,
    weights: ArrayLike | None,
    entry: ArrayLike | None,
    cluster: ArrayLike | None = None,
) -> CoxPHFit:
    """The library's own fit, of arguments as of `cox`."""
    n = seen.months.size
    begun, weighed = check_entry(entry, seen), None if weights is None else check_weights(weights, n)
    stratum, group = _codes(strata, n, "strata"), _codes(cluster, n, "cluster")
    with answering("no hazard ratio"):
        return coxph_fit(
            seen.months, seen.events, columns, entry=begun, strata=stratum, weights=weighed, method="efron", cluster=group,
        )  # fmt: skip


def check_varying(design: ArrayLike, seen: FollowUp) -> Floats:
    """The columns of a model of these patients; raises as `cox`."""
    columns = check_design(design, seen.months.size)
    if seen.n_events == 0:
        raise NotEnoughData("No event among the patients: no hazard ratio.", Doubt.NO_EVENTS)
    if not np.any(np.ptp(columns, axis=0) > 0):
        raise NotEnoughData(
            "Every covariate is constant (one group only): no hazard ratio.", Doubt.ONE_GROUP_ONLY
        )
    return columns


def _codes(labels: ArrayLike | None, n: int, what: str) -> NDArray[np.int32] | None:
    return None if labels is None else check_labels(labels, n, what).codes.astype(np.int32)


def find_trouble(fit: CoxPHFit, columns: Floats) -> tuple[Problem, NDArray[np.bool_]]:
    """The first trouble that holds, and the columns it takes (True)."""
    aliased = ~np.isfinite(fit.coefficients)
    pending = np.abs(np.asarray(fit.first) @ _naive_variance(fit)) * np.ptp(columns, axis=0)
    runaway = ~aliased & ~(pending < LARGEST_PENDING_STEP)
    if runaway.any():
        return "separation", runaway | aliased
    if fit.flag == NOT_CONVERGED:
        return "not_converged", np.ones(len(aliased), dtype=bool)
    return ("collinear" if aliased.any() else ""), aliased


def _naive_variance(fit: CoxPHFit) -> Floats:
    return np.asarray(fit.var if fit.naive_var is None else fit.naive_var, dtype=np.float64)


def wald(coefficients: Floats, errors: Floats, level: float) -> dict[str, Floats]:
    """Hazard ratios with limits and tests of log hazard ratios by Wald, as fits have them: hazard_ratios, low, high, z, p_values."""
    reach = NormalDist().inv_cdf((1 + level) / 2) * errors
    z = coefficients / errors
    return {
        "hazard_ratios": frozen(np.exp(coefficients)),
        "low": frozen(np.exp(coefficients - reach)),
        "high": frozen(np.exp(coefficients + reach)),
        "z": frozen(z),
        "p_values": frozen([math.erfc(abs(v) / math.sqrt(2)) for v in z]),
    }


@np.errstate(
    over="ignore", divide="ignore", invalid="ignore"
)  # no error, or one beyond all bounds: infinite or NaN
def _describe(
    fit: CoxPHFit, seen: FollowUp, level: float, problem: Problem, lost: NDArray[np.bool_]
) -> CoxFit:
    coefficients = np.where(lost, np.nan, fit.coefficients)
    covariance = np.array(fit.var, dtype=np.float64)
    covariance[lost, :] = np.nan
    covariance[:, lost] = np.nan
    naive = np.where(lost, np.nan, np.sqrt(np.diag(_naive_variance(fit))))
    used = np.sqrt(np.diag(covariance))
    return CoxFit(
        coefficients=frozen(coefficients),
        standard_errors=frozen(naive),
        robust_standard_errors=None if fit.naive_var is None else frozen(used),
        **wald(coefficients, used, level),
        covariance=frozen(covariance),
        log_likelihood=(float(fit.loglik[0]), float(fit.loglik[1])),
        n=seen.months.size,
        n_events=seen.n_events,
        level=level,
        converged=not lost.any(),
        not_estimable=tuple(np.flatnonzero(lost).tolist()),
        problem=problem,
        warning=about_columns(DOUBTS.get(problem), lost),
    )

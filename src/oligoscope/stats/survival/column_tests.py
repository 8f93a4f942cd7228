"""Tests of several columns of a model at once: of a factor with more than two levels, of an interaction."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from oligoscope.errors import NotEnoughData, UsageError
from oligoscope.stats.arrays import Floats, check_labels, check_numbers
from oligoscope.stats.comparison.chi_square import chi_square_tail
from oligoscope.stats.comparison.test_result import ColumnTest
from oligoscope.stats.doubts import Doubt
from oligoscope.stats.regression.logistic import LogisticFit
from oligoscope.stats.regression.model_columns import independent_columns
from oligoscope.stats.survival.cox import CoxFit, cox


def likelihood_ratio_cox(
    months: ArrayLike,
    died: ArrayLike,
    design: ArrayLike,
    columns: Sequence[int],
    *,
    strata: ArrayLike | None = None,
    entry: ArrayLike | None = None,
) -> ColumnTest:
    """Likelihood-ratio test of columns of a Cox model (R: `anova(smaller, larger)`).

    Not for models with clusters or sampling weights, which have no likelihood: see `wald_columns`.

    Args:
        months: As of `cox`.
        died: As of `cox`.
        design: As of `cox`, shape (n, k).
        columns: Indices of the columns tested.
        strata: As of `cox`.
        entry: As of `cox`.

    Raises:
        DataError: As `cox`.
        NotEnoughData: As `cox`; or none of the columns adds anything to the others.
        UsageError: No column named, or one that is not there.
    """
    whole, rest = _split(design, columns)
    larger = cox(months, died, whole, strata=strata, entry=entry)
    if rest is None:
        return _ratio(larger.log_likelihood[0], larger, _rank(larger, whole))
    smaller = cox(months, died, rest, strata=strata, entry=entry)
    return _ratio(smaller.log_likelihood[1], larger, _rank(larger, whole) - _rank(smaller, rest))


def wald_columns(fit: CoxFit | LogisticFit, columns: Sequence[int]) -> ColumnTest:
    """Wald test of columns of a fitted model, robust where its covariance is (R: `aod::wald.test`).

    Columns without an estimate are left out.

    Raises:
        NotEnoughData: None of the columns has an estimate.
        UsageError: No column named, or one that is not there.

    References:
        Wald 1943.
    """
    _require_columns(columns, len(fit.coefficients))
    known = [column for column in columns if column not in fit.not_estimable]
    if not known:
        raise NotEnoughData("None of the columns has an estimate: nothing to test.")
    estimate, covariance = fit.coefficients[known], fit.covariance[np.ix_(known, known)]
    chi_squared = float(estimate @ np.linalg.solve(covariance, estimate))
    return ColumnTest("Wald", chi_squared, len(known), chi_square_tail(chi_squared, len(known)), fit.warning)


def _ratio(smaller: float, larger: CoxFit | LogisticFit, degrees_of_freedom: int) -> ColumnTest:
    if degrees_of_freedom < 1:
        raise NotEnoughData("The columns repeat the others: they add nothing to test.")
    chi_squared = max(0.0, 2 * (larger.log_likelihood[1] - smaller))
    p_value = chi_square_tail(chi_squared, degrees_of_freedom)
    return ColumnTest("likelihood ratio", chi_squared, degrees_of_freedom, p_value, larger.warning)


def _rank(fit: CoxFit | LogisticFit, design: Floats) -> int:
    """Degrees of freedom the model has used: a separated column has used one, a repeated one none."""
    if fit.problem == "separation":
        return independent_columns(design).n_kept
    return len(fit.coefficients) - len(fit.not_estimable)


def _split(design: ArrayLike, columns: Sequence[int]) -> tuple[Floats, Floats | None]:
    """The design, and its other columns; None where those are constant."""
    whole = check_numbers(design, "covariate", ndim=2)
    _require_columns(columns, whole.shape[1])
    rest = np.delete(whole, list(columns), axis=1)
    return whole, rest if np.any(np.ptp(rest, axis=0) > 0) else None


def _require_columns(columns: Sequence[int], k: int) -> None:
    if not columns or not all(0 <= column < k for column in columns):
        raise UsageError(f"The columns to test are {list(columns)}; expected indices from 0 to {k - 1}.")


def cox_interaction(
    months: ArrayLike,
    died: ArrayLike,
    group: ArrayLike,
    subgroup: ArrayLike,
    *,
    adjust: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    cluster: ArrayLike | None = None,
    entry: ArrayLike | None = None,
) -> ColumnTest:
    """Test whether the hazard ratio between groups differs between subgroups.

    By likelihood ratio (R: `anova(coxph(S ~ g + s), coxph(S ~ g * s))`); with clusters, which have no likelihood,
    by a robust Wald test. Subgroups that lack a group, and so have no hazard ratio, use no degree of freedom.

    Args:
        months: Follow-up of each patient, shape (n,).
        died: True where follow-up ended in the event, shape (n,).
        group: The group of each patient, shape (n,), numbers or text.
        subgroup: The subgroup of each patient, shape (n,), numbers or text.
        adjust: Further columns of the model, shape (n, k).
        strata: As of `cox`.
        cluster: As of `cox`.
        entry: As of `cox`.

    Raises:
        DataError: As `cox`; a label is missing.
        NotEnoughData: As `cox`; one group or one subgroup only; no two subgroups with a hazard ratio.
    """
    design, products = product_design(group, subgroup, adjust)
    if cluster is None:
        return likelihood_ratio_cox(months, died, design, products, strata=strata, entry=entry)
    return wald_columns(cox(months, died, design, strata=strata, cluster=cluster, entry=entry), products)


def product_design(
    group: ArrayLike, subgroup: ArrayLike, adjust: ArrayLike | None = None
) -> tuple[Floats, list[int]]:
    """Columns of groups, subgroups, what is adjusted for, and last their products; and where the products are."""
    n = len(np.asarray(group))
    groups, subgroups = _indicators(group, n, "group"), _indicators(subgroup, n, "subgroup")
    products = np.einsum("ni,nj->nij", groups, subgroups).reshape(n, -1)
    more = np.empty((n, 0)) if adjust is None else check_numbers(adjust, "covariate", ndim=2)
    design = np.column_stack([groups, subgroups, more, products])
    return design, list(range(design.shape[1] - products.shape[1], design.shape[1]))


def _indicators(labels: ArrayLike, n: int, what: str) -> Floats:
    """A 0/1 column for each level but the first."""
    checked = check_labels(labels, n, what)
    if len(checked.levels) < 2:
        raise NotEnoughData(f"All patients are in one {what}: no interaction.", Doubt.ONE_LEVEL_ONLY)
    return np.asarray(checked.codes[:, None] == np.arange(1, len(checked.levels)), dtype=np.float64)

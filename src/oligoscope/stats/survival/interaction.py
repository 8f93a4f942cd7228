"""Does an effect differ between subgroups? The products of group and subgroup, tested together."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from oligoscope.errors import NotEnoughData
from oligoscope.stats.arrays import Floats, check_labels, check_numbers
from oligoscope.stats.comparison.chi_square import ColumnTest
from oligoscope.stats.doubts import Doubt
from oligoscope.stats.survival.column_tests import (
    likelihood_ratio_cox,
    wald_columns,
)
from oligoscope.stats.survival.cox import cox


def cox_interaction(
    months: ArrayLike,
    died: ArrayLike,
    group: ArrayLike,
    subgroup: ArrayLike,
    *,
    adjust: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    cluster: ArrayLike | None = None,
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

    Raises:
        DataError: As `cox`; a label is missing.
        NotEnoughData: As `cox`; one group or one subgroup only; no two subgroups with a hazard ratio.
    """
    design, products = product_design(group, subgroup, adjust)
    if cluster is None:
        return likelihood_ratio_cox(months, died, design, products, strata=strata)
    return wald_columns(cox(months, died, design, strata=strata, cluster=cluster), products)


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

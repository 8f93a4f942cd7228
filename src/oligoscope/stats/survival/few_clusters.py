"""Inference from the variance between few clusters (hospitals): Student's t and F in place of normal and chi-square."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import special

from oligoscope.errors import NotEnoughData
from oligoscope.stats.arrays import frozen
from oligoscope.stats.comparison.test_result import ColumnTest, GroupTest
from oligoscope.stats.doubts import Doubt
from oligoscope.stats.survival.cox import CoxFit


def cox_of_clusters(fit: CoxFit, clusters: int) -> CoxFit:
    """A Cox model with robust variance, its limits and P by Student's t of `clusters` - 1 degrees of freedom.

    Args:
        fit: Fitted with `cluster`.
        clusters: How many there are, 2 or more.

    Raises:
        NotEnoughData: No more clusters than columns: the robust variance has not the rank of the model.

    References:
        Lin & Wei 1989; t of k - 1 by Cameron & Miller, J Hum Resour 2015, 50:317.
    """
    if clusters <= len(fit.coefficients):
        raise NotEnoughData("There are too few clusters for a variance.", Doubt.TOO_FEW_CENTRES)
    df = clusters - 1
    errors = np.sqrt(np.diag(fit.covariance))
    reach = float(special.stdtrit(df, (1 + fit.level) / 2)) * errors
    with np.errstate(over="ignore", invalid="ignore"):
        low, high = np.exp(fit.coefficients - reach), np.exp(fit.coefficients + reach)
    return replace(
        fit, low=frozen(low), high=frozen(high), p_values=frozen(2 * special.stdtr(df, -np.abs(fit.z)))
    )


def score_test_of_clusters(test: GroupTest, clusters: int) -> GroupTest:
    """A robust score test with its P by F: of T over k clusters and q differences T (k - q) / (q (k - T)) of q and k - q.

    That is Hotelling's test of the clusters' scores, whose variance T takes around 0 and this one around their mean.

    Args:
        test: Of `clustered_score_test`; q is its degrees of freedom.
        clusters: k, more than q.

    References:
        Lin & Wei 1989; Hotelling, Ann Math Stat 1931, 2:360.
    """
    statistic, q = test.statistic, test.degrees_of_freedom
    assert statistic is not None
    assert q is not None
    left = max(clusters - statistic, 0.0)
    ratio = np.inf if left == 0 else statistic * (clusters - q) / (q * left)
    return replace(test, p_value=float(special.fdtrc(q, clusters - q, ratio)))


def wald_of_clusters(test: ColumnTest, clusters: int) -> ColumnTest:
    """A robust Wald test of q columns with its P by F, its statistic over q of q and k - 1 degrees of freedom.

    Args:
        test: Of `wald_columns`; q is its degrees of freedom.
        clusters: k, more than q.

    Raises:
        NotEnoughData: No more clusters than columns.

    References:
        Cameron & Miller, J Hum Resour 2015, 50:317, section VI.
    """
    q = test.degrees_of_freedom
    if clusters <= q:
        raise NotEnoughData("There are too few clusters for a variance.", Doubt.TOO_FEW_CENTRES)
    return replace(test, p_value=float(special.fdtrc(q, clusters - 1, test.chi_squared / q)))

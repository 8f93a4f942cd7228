"""Rubin's rules: one estimate from the m estimates of m completed data sets.

Conventions are those of R's `mice::pool` and `mice::pool.scalar` (mice 3.15), to the digit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from oligoscope.errors import DataError, NotEnoughData
from oligoscope.stats.arrays import Floats, as_numbers, check_level, refuse
from oligoscope.stats.doubts import Doubt

# Where the imputations hardly differ, lambda is taken as this for the degrees of freedom (mice: barnard.rubin).
SMALLEST_LAMBDA = 1e-4


@dataclass(frozen=True, slots=True)
class PooledEstimate:
    """An estimate pooled over m completed data sets.

    Attributes:
        estimate: Mean of the m estimates.
        standard_error: Square root of `total`.
        low: Lower limit, by Student's t with `degrees_of_freedom`.
        high: Upper limit.
        statistic: estimate / standard_error.
        p_value: Two-sided, against 0.
        within: Mean of the m variances.
        between: Variance of the m estimates (m - 1 below; 0 where m is 1).
        total: within + (1 + 1/m) between.
        degrees_of_freedom: Barnard & Rubin's; infinite where m is 1 and the complete data have none.
        riv: Relative increase in variance due to missing values, (1 + 1/m) between / within.
        lambda_: Share of the total variance due to missing values, (1 + 1/m) between / total.
        fmi: Fraction of missing information, (riv + 2 / (df + 3)) / (riv + 1).
        m: Completed data sets.
        complete_df: Degrees of freedom the analysis would have without missing values.
        level: Confidence level of the limits.
    """

    estimate: float
    standard_error: float
    low: float
    high: float
    statistic: float
    p_value: float
    within: float
    between: float
    total: float
    degrees_of_freedom: float
    riv: float
    lambda_: float
    fmi: float
    m: int
    complete_df: float
    level: float


@dataclass(frozen=True, slots=True, eq=False)
class Combined:
    """Rubin's rules for k quantities at once; arrays of length k."""

    estimate: Floats
    within: Floats
    between: Floats
    total: Floats
    riv: Floats
    lambda_: Floats
    degrees_of_freedom: Floats


def pool(
    estimates: ArrayLike, variances: ArrayLike, complete_df: float = np.inf, level: float = 0.95
) -> PooledEstimate:
    """Pool one quantity (a log hazard ratio, a log odds ratio, a mean) over imputations by Rubin's rules.

    m = 1 is allowed and gives the single analysis: nothing between, `complete_df` degrees of freedom.

    Args:
        estimates: One of each completed data set, shape (m,), on a scale where they are roughly normal.
        variances: Squared standard errors, shape (m,), > 0.
        complete_df: Residual degrees of freedom of the analysis (rows less coefficients; for Cox, events
            less coefficients, as mice); infinite where the analysis refers to the normal distribution.
        level: Confidence level of the limits.

    Raises:
        NotEnoughData: An estimate or a variance is missing in some completed data set.
        DataError: Lengths differ, or a variance is not above 0.

    References:
        Rubin 1987, section 3.3; degrees of freedom by Barnard & Rubin, Biometrika 1999, 86:948.
    """
    check_level(level)
    found, spread = check_analyses(estimates, variances)
    combined = combine(found[:, None], spread[:, None], complete_df)
    return _describe(combined, found.size, complete_df, level)


def combine(estimates: Floats, variances: Floats, complete_df: float = np.inf) -> Combined:
    """Rubin's rules for k quantities at once; both arrays have shape (m, k). Not checked: see `pool`."""
    m = len(estimates)
    # Deviations from the first: where all m are equal the mean is that number, and nothing is between.
    deviations = estimates - estimates[0]
    estimate = estimates[0] + deviations.mean(axis=0)
    between = deviations.var(axis=0, ddof=1) if m > 1 else np.zeros_like(estimate)
    within = variances[0] + (variances - variances[0]).mean(axis=0)
    extra = (1 + 1 / m) * between
    total = within + extra
    df = barnard_rubin(m, extra / total, complete_df) if m > 1 else np.full_like(estimate, float(complete_df))
    return Combined(estimate, within, between, total, extra / within, extra / total, df)


def barnard_rubin(m: int, lambda_: Floats, complete_df: float) -> Floats:
    """Degrees of freedom of a pooled estimate: never more than the complete data would have.

    References:
        Barnard & Rubin 1999; lambda no smaller than 1e-4, as mice.
    """
    share = np.maximum(lambda_, SMALLEST_LAMBDA)
    old = (m - 1) / share**2
    if np.isinf(complete_df):
        return old
    observed = (complete_df + 1) / (complete_df + 3) * complete_df * (1 - share)
    return old * observed / (old + observed)


def t_quantile(df: Floats, p: float) -> Floats:
    """Student's t quantile; the normal one where `df` is infinite."""
    finite = np.isfinite(df)
    return np.where(finite, special.stdtrit(np.where(finite, df, 1.0), p), special.ndtri(p))


def check_analyses(estimates: ArrayLike, variances: ArrayLike) -> tuple[Floats, Floats]:
    """Estimates and variances of m completed data sets, both of shape (m,), finite, variances > 0."""
    found, spread = as_numbers(estimates, "estimate"), as_numbers(variances, "variance")
    if found.shape != spread.shape or found.size == 0:
        raise DataError(
            f"There are {found.size} estimates but {spread.size} variances; give one pair or more."
        )
    lost = ~(np.isfinite(found) & np.isfinite(spread))
    if lost.any():
        raise NotEnoughData(
            f"{int(lost.sum())} of {found.size} completed data sets have no estimate: nothing to pool.",
            Doubt.NOT_IN_EVERY_IMPUTATION,
        )
    refuse(spread <= 0, spread, "variance", "is not above 0", "Give squared standard errors.")
    return found, spread


def _describe(combined: Combined, m: int, complete_df: float, level: float) -> PooledEstimate:
    df = combined.degrees_of_freedom
    error = float(np.sqrt(combined.total[0]))
    estimate = float(combined.estimate[0])
    statistic = estimate / error
    reach = float(t_quantile(df, (1 + level) / 2)[0]) * error
    tail = special.stdtr(df[0], -abs(statistic)) if np.isfinite(df[0]) else special.ndtr(-abs(statistic))
    riv = float(combined.riv[0])
    return PooledEstimate(
        estimate=estimate,
        standard_error=error,
        low=estimate - reach,
        high=estimate + reach,
        statistic=statistic,
        p_value=2 * float(tail),
        within=float(combined.within[0]),
        between=float(combined.between[0]),
        total=float(combined.total[0]),
        degrees_of_freedom=float(df[0]),
        riv=riv,
        lambda_=float(combined.lambda_[0]),
        fmi=(riv + 2 / (float(df[0]) + 3)) / (riv + 1) if m > 1 else 0.0,
        m=m,
        complete_df=float(complete_df),
        level=level,
    )

"""Tests pooled over imputations: D1 of several coefficients at once, and the one whose P is the median of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from oligoscope.errors import DataError, NotEnoughData
from oligoscope.stats.arrays import Floats, as_numbers
from oligoscope.stats.doubts import Doubt


@dataclass(frozen=True, slots=True)
class PooledTest:
    """An F test pooled over m completed data sets.

    Attributes:
        method: "D1"; "single" where m is 1 and the test is that of the one data set.
        statistic: F.
        df1: Of the numerator: how many coefficients.
        df2: Of the denominator; infinite where the completed data sets agree.
        p_value: Upper tail.
        riv: Average relative increase in variance due to missing values.
        m: Completed data sets.
        complete_df_used: Whether `df2` takes the size of the complete data into account.
    """

    method: Literal["D1", "single"]
    statistic: float
    df1: int
    df2: float
    p_value: float
    riv: float
    m: int
    complete_df_used: bool = False


def pool_wald(estimates: ArrayLike, covariances: ArrayLike, complete_df: float = np.inf) -> PooledTest:
    """Test that k coefficients are all 0, from their estimates and covariances: D1 (R's `mice::D1`).

    With `complete_df` and k (m - 1) > 4 the denominator is Reiter's; else Li's, Raghunathan's & Rubin's.
    (For k (m - 1) <= 4 Reiter's is not defined, and R returns a meaningless number.)

    Args:
        estimates: Shape (m, k).
        covariances: Shape (m, k, k), the rows and columns of those k coefficients.
        complete_df: Degrees of freedom of the analysis without missing values.

    Raises:
        NotEnoughData: A coefficient is missing in some completed data set, or a covariance has no inverse.
        DataError: The shapes do not agree.

    References:
        Li, Raghunathan & Rubin, JASA 1991, 86:1065; Reiter, Biometrika 2007, 94:502.
    """
    found, spread = _check_vectors(estimates, covariances)
    m, k = found.shape
    mean = found[0] + (found - found[0]).mean(axis=0)
    within = spread.mean(axis=0)
    try:
        inverse = np.linalg.inv(within)
    except np.linalg.LinAlgError:
        raise NotEnoughData("The covariance of the coefficients has no inverse: no joint test.") from None
    wald = float(mean @ inverse @ mean)
    if m == 1:
        return _single(wald, k, complete_df)
    deviations = found - mean
    between = deviations.T @ deviations / (m - 1)
    riv = (1 + 1 / m) * float(np.trace(between @ inverse)) / k
    t = k * (m - 1)
    small_sample = bool(np.isfinite(complete_df)) and t > 4
    df2 = _reiter(t, riv, complete_df) if small_sample else _li(t, k, riv)
    return _test("D1", wald / (k * (1 + riv)), k, df2, riv, m, small_sample)


def _li(t: int, k: int, riv: float) -> float:
    """Denominator of Li, Raghunathan & Rubin 1991 for large complete data."""
    if riv == 0:
        return np.inf
    if t > 4:
        return 4 + (t - 4) * (1 + (1 - 2 / t) / riv) ** 2
    return t * (1 + 1 / k) * (1 + 1 / riv) ** 2 / 2


def _reiter(t: int, riv: float, complete_df: float) -> float:
    """Denominator of Reiter 2007, for complete data with `complete_df` degrees of freedom; t > 4."""
    a = riv * t / (t - 2)
    observed = (complete_df + 1) / (complete_df + 3) * complete_df
    c0, c1, c2 = 1 / (t - 4), observed - 2 * (1 + a), observed - 4 * (1 + a)
    z = (
        1 / c2
        + c0 * (a**2 * c1 / ((1 + a) ** 2 * c2))
        + c0 * (8 * a**2 * c1 / ((1 + a) * c2**2) + 4 * a**2 / ((1 + a) * c2))
        + c0 * (4 * a**2 / (c2 * c1) + 16 * a**2 * c1 / c2**3)
        + c0 * (8 * a**2 / c2**2)
    )
    return 4 + 1 / z


def _single(chi_square: float, k: int, complete_df: float = np.inf) -> PooledTest:
    return _test("single", chi_square / k, k, float(complete_df), 0.0, 1, bool(np.isfinite(complete_df)))


def _test(
    method: Literal["D1", "single"],
    f: float,
    k: int,
    df2: float,
    riv: float,
    m: int,
    small_sample: bool = False,
) -> PooledTest:
    at = max(f, 0.0)  # below 0 the upper tail is 1
    p = special.fdtrc(k, df2, at) if np.isfinite(df2) else special.chdtrc(k, k * at)
    return PooledTest(method, f, k, float(df2), float(p), riv, m, small_sample)


def where_median(p_values: Sequence[float]) -> int | None:
    """The completed data set whose P is the median of all; the first of several with the same P.

    Its test statistic is the one that belongs to the median P. Of an even number of data sets the median lies between
    two P and no data set has it, unless these two are equal.
    """
    middle = median(p_values)
    return next((i for i, p in enumerate(p_values) if p == middle), None)


def _check_vectors(estimates: ArrayLike, covariances: ArrayLike) -> tuple[Floats, Floats]:
    found, spread = as_numbers(estimates, "estimate", 2), as_numbers(covariances, "covariance", 3)
    m, k = found.shape
    if spread.shape != (m, k, k) or m == 0 or k == 0:
        raise DataError(f"Estimates of shape {found.shape} need covariances of shape {(m, k, k)}.")
    lost = ~(np.isfinite(found).all(axis=1) & np.isfinite(spread).all(axis=(1, 2)))
    if lost.any():
        raise NotEnoughData(
            f"{int(lost.sum())} of {m} completed data sets lack a coefficient: no joint test.",
            Doubt.NOT_IN_EVERY_IMPUTATION,
        )
    return found, spread

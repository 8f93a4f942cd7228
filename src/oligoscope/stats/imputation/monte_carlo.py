"""The Monte Carlo error of multiple imputation, and how many imputations would make it small enough.

Other draws of the missing values would give another pooled estimate; more imputations make the difference smaller.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, isfinite

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from oligoscope.errors import UsageError
from oligoscope.stats.arrays import Floats
from oligoscope.stats.imputation.rubin import check_analyses, pool, t_quantile

# The standard error may differ by so much of itself from one set of imputations to another (von Hippel 2020).
SE_VARIATION = 0.05
# The error of the estimate may be so much of its standard error (White, Royston & Wood 2011, section 7).
SHARE_OF_SE = 0.1
# Where nothing else is asked for, as many imputations as per cent of the patients are incomplete, and never fewer.
FEWEST = 20


@dataclass(frozen=True, slots=True)
class MonteCarloError:
    """Standard deviations over other sets of m imputations.

    Attributes:
        estimate: Of the pooled estimate: the square root of `between` / m.
        ratio: Of its exponential.
        low: Of the lower limit of the ratio; NaN with two imputations, as all but the estimate and the ratio.
        high: Of the upper limit of the ratio.
        p_value: Of P.
        m: Imputations.
    """

    estimate: float
    ratio: float
    low: float
    high: float
    p_value: float
    m: int


def monte_carlo_error(
    estimates: ArrayLike, variances: ArrayLike, complete_df: float = np.inf, level: float = 0.95
) -> MonteCarloError:
    """The Monte Carlo error of an estimate pooled by Rubin's rules, by the jackknife over the imputations.

    For the estimate itself the jackknife is the square root of between / m. Limits and P need three imputations:
    with one left out there must be a variance between the others.

    Args:
        estimates: One of each completed data set on the scale on which they are pooled, shape (m,), m of 2 or more.
        variances: Squared standard errors, shape (m,), > 0.
        complete_df: As `pool`.
        level: Confidence level of the limits.

    Raises:
        UsageError: There is one imputation only.

    References:
        White, Royston & Wood, Stat Med 2011, 30:377, section 7; as Stata's `mi estimate, mcerror`.
    """
    found, spread = check_analyses(estimates, variances)
    m = found.size
    if m < 2:
        raise UsageError("A Monte Carlo error needs two imputations or more.")
    left = [
        pool(np.delete(found, i), np.delete(spread, i), complete_df, level)
        for i in range(m)
    ]  # fmt: skip
    with np.errstate(over="ignore"):
        low, high = (np.exp([getattr(one, limit) for one in left]) for limit in ("low", "high"))
        ratio = np.exp([one.estimate for one in left])
    others = (low, high, np.array([one.p_value for one in left]))
    return MonteCarloError(
        jackknife(np.array([one.estimate for one in left])),
        jackknife(ratio),
        *(jackknife(values) if m > 2 else float("nan") for values in others),
        m=m,
    )


def jackknife(left_out: Floats) -> float:
    """The standard error of a statistic from its values with each of m observations left out, shape (m,)."""
    m = len(left_out)
    # Deviations from the first: where all are equal nothing is left of the rounding of their mean.
    deviations = left_out - left_out[0]
    return float(np.sqrt((m - 1) * deviations.var()))


def imputations_by_missing(incomplete: int, n: int) -> int:
    """How many imputations before any is made: one for each per cent of incomplete patients, 20 at least, so 20 to 100.

    The fraction of missing information is seldom above the share of incomplete patients, so that the Monte Carlo error of
    an estimate is then about a tenth of its standard error or less. For a small share that would be a handful, with which
    standard errors are not repeatable (von Hippel: 1 + (fmi / 0.05)^2 / 2 is 19 at 0.3); 20 is the number of Graham et al.
    for up to 30 % of missing information. The number of patients does not enter it: the error is one relative to the
    standard error.

    Args:
        incomplete: Patients of whom a value is imputed.
        n: All patients, 1 or more.

    References:
        White, Royston & Wood, Stat Med 2011, 30:377, section 7.3; Graham, Olchowski & Gilreath, Prev Sci 2007, 8:206;
        von Hippel, Sociol Methods Res 2020, 49:699.
    """
    return max(FEWEST, -(-100 * incomplete // n))


def may_cross(value: float, error: float, m: int, limit: float) -> bool:
    """Whether a limit lies within the Monte Carlo interval of a value, so that other draws may lie on its other side.

    The interval is value -+ t * error, t the 97.5 % quantile of Student's t with m - 1 degrees of freedom, as the error is
    known from m imputations only.

    Args:
        value: Over the imputations.
        error: Its Monte Carlo error; none or 0 where all imputations agree, and nothing is crossed then.
        m: Imputations, 2 or more.
        limit: What the value is held against.
    """
    if not (isfinite(error) and error > 0):
        return False
    return abs(value - limit) <= float(t_quantile(np.array(m - 1.0), 0.975)) * error


def imputations_for_digit(error: float, m: int, decimals: int) -> int:
    """How many imputations make the Monte Carlo error no more than half a unit of the last printed digit.

    The error falls with the square root of the number of imputations.

    Args:
        error: The Monte Carlo error of the printed number with m imputations.
        m: Imputations.
        decimals: Of the printed number.
    """
    return _at_least_two(m * (error / (0.5 * 10.0**-decimals)) ** 2)


def imputations_by_white(fmi: float) -> int:
    """How many imputations make the Monte Carlo error of the estimate a tenth of its standard error, or less.

    That of the test statistic is then about 0.1, and that of a P near 0.05 about 0.01. The rule in use, one imputation
    for each per cent of incomplete patients, takes their share in place of the fraction of missing information.

    Args:
        fmi: Fraction of missing information, from 0 to 1.

    References:
        White, Royston & Wood, Stat Med 2011, 30:377, section 7.3.
    """
    return _at_least_two(fmi / SHARE_OF_SE**2)


def imputations_by_von_hippel(
    fmi: float, m: int, variation: float = SE_VARIATION, level: float = 0.95
) -> int:
    """How many imputations make the standard error repeatable: 1 + (fmi / variation)^2 / 2.

    The fraction of missing information is known from m imputations only; the upper limit of its interval is taken,
    which is logit(fmi) with the standard error sqrt(2 / m).

    Args:
        fmi: Fraction of missing information, from 0 to 1.
        m: Imputations that it was estimated from.
        variation: Coefficient of variation that the standard error may have.
        level: Of the interval.

    References:
        von Hippel, Sociol Methods Res 2020, 49:699; as `how_many_imputations` of R's howManyImputations.
    """
    if not 0 < fmi < 1:
        upper = min(max(fmi, 0.0), 1.0)
    else:
        reach = special.ndtri((1 + level) / 2) * np.sqrt(2 / m)
        upper = float(special.expit(special.logit(fmi) + reach))
    return _at_least_two(1 + (upper / variation) ** 2 / 2)


def _at_least_two(m: float) -> int:
    # A number that is whole but for rounding is that number.
    return max(2, ceil(round(m, 9))) if isfinite(m) else 2

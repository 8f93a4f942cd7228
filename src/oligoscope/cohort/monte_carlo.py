"""Rows of the Monte Carlo error of a ratio pooled over completed cohorts, and of how many imputations it takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isfinite
from typing import Any

import numpy as np

from oligoscope.results.methods import Method, MethodPart
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import NO_WARNING, WarningCode
from oligoscope.stats.imputation.monte_carlo import (
    imputations_by_von_hippel,
    imputations_by_white,
    imputations_for_digit,
    may_cross,
    monte_carlo_error,
)
from oligoscope.stats.imputation.rubin import pool

SIGNIFICANT = 0.05  # P that readers hold a result against, be it a boundary or not


def monte_carlo_rows(
    estimates: Sequence[float],
    variances: Sequence[float],
    complete_df: float,
    ratio: Statistic = Statistic.HAZARD_RATIO,
) -> Iterator[dict[str, Any]]:
    """The error of a pooled ratio, its limits and P, and the imputations needed; nothing where there was one cohort.

    Args:
        estimates: The logarithm of the ratio in each completed cohort, which `pool` took.
        variances: Its variance there.
        complete_df: As `pool` took it.
        ratio: As it is reported; of a univariable odds ratio the error alone.
    """
    m = len(estimates)
    if m < 2:
        return
    error = monte_carlo_error(estimates, variances, complete_df)
    pooled = pool(estimates, variances, complete_df)
    fmi = pooled.fmi
    keys: dict[str, Any] = {"method": Method(MethodPart.JACKKNIFE_OVER(m=m))}
    univariable = ratio is Statistic.ODDS_RATIO_UNIVARIABLE
    name = Statistic.MONTE_CARLO_ERROR_UNIVARIABLE if univariable else Statistic.MONTE_CARLO_ERROR
    limits = {"low": _known(error.low), "high": _known(error.high)}
    yield {**keys, "statistic": name, "value": error.ratio, **limits}
    if univariable:
        return
    if isfinite(error.p_value):
        crosses = may_cross(pooled.p_value, error.p_value, m, SIGNIFICANT)
        yield {
            **keys,
            "statistic": Statistic.MONTE_CARLO_ERROR_OF_P,
            "value": error.p_value,
            "warning": WarningCode.P_BY_DRAWS(m=m) if crosses else NO_WARNING,
        }
    needed = {
        Statistic.IMPUTATIONS_FOR_LAST_DIGIT: imputations_for_digit(error.ratio, m, ratio.decimals),
        Statistic.IMPUTATIONS_BY_WHITE: imputations_by_white(fmi),
        Statistic.IMPUTATIONS_BY_VON_HIPPEL: imputations_by_von_hippel(fmi, m),
    }
    yield from ({**keys, "statistic": statistic, "value": n} for statistic, n in needed.items())


def _known(value: float) -> float | None:
    return value if np.isfinite(value) else None

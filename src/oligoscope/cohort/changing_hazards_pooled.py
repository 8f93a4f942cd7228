"""The same beside a ratio of matched patients, over the imputations.

Differences of restricted means and log hazard ratios of periods are pooled by Rubin's rules, with variances robust to the matched
sets; a ratio's change between periods by D1. The weighted test takes the median P over the imputations, as the log-rank test
beside it: its deviates cannot be averaged, because the largest of several has no normal distribution.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any

import numpy as np
import polars as pl

from oligoscope.cohort.attempts import NoAnswer, attempt
from oligoscope.cohort.changing_hazards import (
    PERIOD,
    RESTRICTED_MEAN,
    WEIGHTED_TEST,
    few_in_period,
    horizon_of,
    name_of_test,
    period_keys,
    periods_of,
    weights_of,
    why_no_means,
)
from oligoscope.cohort.times import entry_of
from oligoscope.results.methods import Method, MethodPart
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit
from oligoscope.results.warnings import NO_WARNING, WarningCode, Warnings
from oligoscope.stats.imputation.pooled_tests import pool_wald, where_median
from oligoscope.stats.imputation.rubin import PooledEstimate, pool
from oligoscope.stats.survival.rmst_of_sets import restricted_means_of_sets
from oligoscope.stats.survival.time_dependent import PiecewiseCox, piecewise_cox
from oligoscope.stats.survival.weighted_log_rank import weighted_log_rank
from oligoscope.study.protocol import AnalysisSettings


@dataclass(frozen=True, slots=True)
class _Rows:
    """One cohort's rows as arrays, shape (n,)."""

    months: np.ndarray
    event: np.ndarray
    first: np.ndarray
    once: np.ndarray  # each patient's first row
    more: dict[str, np.ndarray | None]  # cluster, weights and entry

    @classmethod
    def of(cls, rows: pl.DataFrame, first: str) -> _Rows:
        def column(name: str) -> np.ndarray | None:
            return rows[name].to_numpy() if name in rows.columns else None

        once = (
            rows["patient"].is_first_distinct().to_numpy()
            if "patient" in rows.columns
            else np.ones(rows.height, bool)
        )
        more = {"cluster": column("cluster"), "weights": column("weight"), "entry": entry_of(rows)}
        return cls(
            rows["months"].to_numpy(),
            rows["event"].to_numpy(),
            (rows["group"] == first).to_numpy(),
            once,
            more,
        )

    @property
    def people(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Months, event and group of each patient once."""
        return self.months[self.once], self.event[self.once], self.first[self.once]


@dataclass(frozen=True, slots=True)
class PooledComparison:
    """What the comparison of matched patients knows of itself.

    Attributes:
        n: Patients, the mean over the imputations.
        df: Degrees of freedom of one cohort alone.
        steps: What the method says of limits and pooling.
        word: The warning that belongs to any comparison of these groups.
    """

    n: int
    df: float
    steps: Method
    word: Warnings


def describe_change_pooled(
    cohorts: Sequence[pl.DataFrame], groups: tuple[str, ...], settings: AnalysisSettings, of: PooledComparison
) -> Iterator[dict[str, Any]]:
    """Rows of Results for two matched groups whose hazard ratio changes with time.

    Args:
        cohorts: Of each imputation: group, months, event; where needed cluster, weight, patient and entry.
        groups: The first group and the reference.
        settings: horizon_months, period_ends, weighted_test, rho_gamma, minimum_events.
        of: The comparison.
    """
    rows = [_Rows.of(cohort, groups[0]) for cohort in cohorts]
    yield from _restricted_means(rows, groups, settings, of)
    yield from _by_period(rows, settings, of)
    yield from _weighted(rows, settings, of)


def _first_reason(reasons: Iterator[Warnings]) -> Warnings:
    return next((why for why in reasons if why), NO_WARNING)


def _restricted_means(
    rows: Sequence[_Rows], groups: tuple[str, ...], settings: AnalysisSettings, of: PooledComparison
) -> Iterator[dict[str, Any]]:
    # One horizon for all imputations: none of them is asked beyond its follow-up.
    horizon = min(horizon_of(settings, r.months, r.first) for r in rows)
    few = _first_reason(why_no_means(*r.people, horizon, settings) for r in rows)
    found = NoAnswer(few) if few else attempt(
        lambda: [restricted_means_of_sets(r.months, r.event, r.first, horizon, **r.more) for r in rows],
        WarningCode.BEYOND_FOLLOW_UP(),
    )  # fmt: skip
    alone = all(r.more["cluster"] is None for r in rows)  # each patient: the variance is Greenwood's
    variance = (
        (MethodPart.GREENWOOD, *of.steps.without(MethodPart.WALD_LIMITS).steps) if alone else of.steps.steps
    )
    method = Method(MethodPart.UNDER_KAPLAN_MEIER, *variance)
    keys: dict[str, Any] = {"n": of.n, "method": method, "unit": Unit.MONTHS}
    if isinstance(found, NoAnswer):
        yield {**keys, "statistic": Statistic.RESTRICTED_MEAN_DIFFERENCE, "warning": found.warning}
        return
    yield {**keys, "statistic": Statistic.RESTRICTED_MEAN_HORIZON, "value": horizon}
    for i, group in enumerate(groups):
        mean = pool([f.means[i] for f in found], [f.variances[i] for f in found], of.df)
        size = round(fmean(int((r.people[2] == (i == 0)).sum()) for r in rows))
        yield {**keys, "group": group, "n": size, "statistic": RESTRICTED_MEAN, **_limits(mean)}
    gap = pool([f.difference for f in found], [f.variance for f in found], of.df)
    yield {**keys, "statistic": Statistic.RESTRICTED_MEAN_DIFFERENCE, **_limits(gap), "warning": of.word}
    p = {
        "variable": RESTRICTED_MEAN,
        "statistic": Statistic.P_VALUE,
        "value": gap.p_value,
        "warning": of.word,
    }
    yield {"n": of.n, "method": keys["method"], **p}


def _limits(found: PooledEstimate) -> dict[str, float]:
    return {"value": found.estimate, "low": found.low, "high": found.high}


def _by_period(
    rows: Sequence[_Rows], settings: AnalysisSettings, of: PooledComparison
) -> Iterator[dict[str, Any]]:
    fits = attempt(
        lambda: [
            piecewise_cox(r.months, r.event, r.first.astype(float), settings.period_ends, **r.more)
            for r in rows
        ]
    )
    method = Method(MethodPart.COX_BY_PERIOD, MethodPart.EFRON, *of.steps.steps)
    for i, (begin, end) in enumerate(periods_of(settings)):
        keys = period_keys(begin, end, round(fmean(int((r.people[0] > begin).sum()) for r in rows)), method)
        few = _first_reason(few_in_period(*r.people, (begin, end), settings) for r in rows)
        found = NoAnswer(few) if few else fits if isinstance(fits, NoAnswer) else _ratio(fits, i, of.df)
        if isinstance(found, NoAnswer):
            yield {**keys, "warning": found.warning}
        else:
            value, low, high = (float(np.exp(x)) for x in (found.estimate, found.low, found.high))
            yield {**keys, "value": value, "low": low, "high": high, "warning": of.word}
    change = (
        fits
        if isinstance(fits, NoAnswer)
        else attempt(lambda: _change(fits, len(settings.period_ends), of.df))
    )
    if not isinstance(change, NoAnswer):
        tested = Method(MethodPart.WALD_OF_PERIODS, *([MethodPart.D1] if len(rows) > 1 else []))
        alone = fits[0].change if not isinstance(fits, NoAnswer) and _is_plain(rows) else None
        if alone is not None:  # one cohort of single patients: as before matching
            change, tested = alone.p_value, Method(MethodPart.LIKELIHOOD_RATIO_OF_PERIODS)
        yield {
            "variable": PERIOD,
            "statistic": Statistic.P_VALUE,
            "value": change,
            "n": of.n,
            "method": tested,
        }


def _is_plain(rows: Sequence[_Rows]) -> bool:
    return len(rows) == 1 and rows[0].more["cluster"] is None and rows[0].more["weights"] is None


def _ratio(fits: Sequence[PiecewiseCox], period: int, df: float) -> PooledEstimate | NoAnswer:
    logs = [float(f.fit.coefficients[period]) for f in fits]
    variances = [float(f.fit.covariance[period, period]) for f in fits]
    return attempt(lambda: pool(logs, variances, df), WarningCode.NOT_CONVERGED())


def _change(fits: Sequence[PiecewiseCox], n_later: int, df: float) -> float:
    """P that the log ratios of later periods are that of the first."""
    less_first = np.hstack([np.full((n_later, 1), -1.0), np.eye(n_later)])
    estimates = [less_first @ f.fit.coefficients for f in fits]
    covariances = [less_first @ f.fit.covariance @ less_first.T for f in fits]
    return pool_wald(estimates, covariances, df).p_value


def _weighted(
    rows: Sequence[_Rows], settings: AnalysisSettings, of: PooledComparison
) -> Iterator[dict[str, Any]]:
    weights, many = weights_of(settings), [MethodPart.MEDIAN_P] if len(rows) > 1 else []

    def test(r: _Rows) -> tuple[float, float]:
        # As of the log-rank test, pairs who all weigh 1 are compared as two groups.
        robust = (
            {}
            if r.more["weights"] is None
            else {"case_weights": r.more["weights"], "cluster": r.more["cluster"]}
        )
        one = weighted_log_rank(r.months, r.event, r.first, weights, entry=r.more["entry"], **robust)
        return abs(one.deviates[one.largest]), one.p_value

    found = attempt(lambda: [test(r) for r in rows])
    keys: dict[str, Any] = {
        "variable": WEIGHTED_TEST,
        "n": of.n,
        "method": name_of_test(settings).plus(*many),
    }
    if isinstance(found, NoAnswer):
        yield {**keys, "statistic": Statistic.P_VALUE, "warning": found.warning}
        return
    yield {**keys, "statistic": Statistic.P_VALUE, "value": median(p for _, p in found), "warning": of.word}
    at = where_median([p for _, p in found])
    if at is not None:
        yield {**keys, "statistic": Statistic.TEST_STATISTIC, "value": found[at][0]}

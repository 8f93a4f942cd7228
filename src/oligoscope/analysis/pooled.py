"""The same comparisons in several completed (and matched) cohorts, pooled by Rubin's rules.

Counts are means over the imputations; P of the baseline table is the median over them, and of the log-rank test that of
the pooled chi-squares (D2); log hazard ratios by Rubin's rules with Barnard-Rubin degrees of freedom; curves on
log(-log S). With one cohort everything is that cohort's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import fmean, median
from typing import Any

import numpy as np
import polars as pl

from oligoscope.analysis.attempts import NoAnswer, attempt
from oligoscope.analysis.baseline import compare_baseline
from oligoscope.analysis.coded_levels import codes_of
from oligoscope.analysis.matched_smd import smd_after_matching
from oligoscope.analysis.survival import (
    PROPORTIONALITY,
    PROPORTIONALITY_METHOD,
    caution,
    changes_with_time,
    join_warnings,
    proportionality,
    survival_rows,
)
from oligoscope.analysis.survival_curves import curve_series, describe_curve
from oligoscope.analysis.variables import comparison, levels_of
from oligoscope.results import Estimate
from oligoscope.stats.cox import CoxFit, cox
from oligoscope.stats.e_value import e_value
from oligoscope.stats.kaplan_meier import kaplan_meier
from oligoscope.stats.log_rank import log_rank
from oligoscope.stats.pooled_curve import PooledCurve, pool_curves
from oligoscope.stats.pooled_tests import pool_chi_squares
from oligoscope.stats.rubin import pool
from oligoscope.study.protocol import AnalysisSettings

MEDIAN_P = ", median P over imputations"


def compare_baseline_pooled(
    cohorts: Sequence[pl.DataFrame],
    settings: AnalysisSettings,
    completed: Sequence[pl.DataFrame] | None = None,
) -> list[Estimate]:
    """Table 1 of several cohorts as one.

    P is the median over the imputations, whatever the test: D2, made of chi-squares alone, has a negative F, and
    a P of exactly 1, as soon as these differ much between imputations, which after matching they do. A median of
    chi-squares would belong to no P, so no test statistic is given.

    Args:
        cohorts: Completed, or matched.
        settings: by, variables, population.
        completed: Where the cohorts are matched, those they were matched in: their SD is that of the SMD.

    References:
        Eekhout, van de Wiel & Heymans, BMC Med Res Methodol 2017, 17:129, doi 10.1186/s12874-017-0404-7.
    """
    tables = [compare_baseline(c, settings) for c in cohorts]
    table = tables[0] if len(tables) == 1 else list(_pool_baseline(tables))
    return table if completed is None else list(_with_smd_after(table, cohorts, completed, settings))


def _pool_baseline(tables: Sequence[list[Estimate]]) -> Iterator[Estimate]:
    by_key: dict[tuple[str, ...], list[Estimate]] = {}
    for table in tables:
        for estimate in table:
            by_key.setdefault(estimate.key, []).append(estimate)
    return (_pool_estimate(found) for found in by_key.values() if found[0].statistic != "test_statistic")


def _pool_estimate(found: list[Estimate]) -> Estimate:
    first = found[0]
    given = [e for e in found if e.value is not None]
    values = [e.value for e in given if e.value is not None]
    n = round(fmean(e.n or 0 for e in found))
    if not values:
        return replace(first, n=n)
    if first.statistic == "p_value":
        method = " or ".join(dict.fromkeys(e.method for e in given)) + MEDIAN_P
        return replace(first, value=median(values), n=n, method=method, warning="")
    lows, highs = [e.low for e in found if e.low is not None], [e.high for e in found if e.high is not None]
    return replace(
        first,
        value=fmean(values),
        low=fmean(lows) if lows else None,
        high=fmean(highs) if highs else None,
        n=n,
    )


def _with_smd_after(
    table: Sequence[Estimate],
    cohorts: Sequence[pl.DataFrame],
    completed: Sequence[pl.DataFrame],
    settings: AnalysisSettings,
) -> Iterator[Estimate]:
    """The table with the SMDs of the table of balance in place of its own."""
    compared = {e.variable for e in table if e.statistic == "smd"}
    for estimate in table:
        if estimate.statistic != "smd":
            yield estimate
        if estimate.statistic == "p_value" and estimate.variable in compared:
            yield from smd_after_matching(cohorts, completed, settings, estimate.variable)


def compare_survival_pooled(
    cohorts: Sequence[pl.DataFrame], settings: AnalysisSettings, cluster: str | None = "_pair"
) -> tuple[list[Estimate], dict[str, pl.DataFrame]]:
    """Survival of several cohorts as one; standard errors are robust to the clusters (matched sets)."""
    found: list[Estimate] = []
    series: dict[str, pl.DataFrame] = {}
    for outcome in settings.outcomes:
        rows = [survival_rows(c, settings.by, outcome, cluster) for c in cohorts]
        groups = levels_of(settings.by, pl.concat([r["group"] for r in rows]))
        keys = {"analysis": "survival", "population": settings.population, "outcome": outcome}
        curves = {g: _pooled_curve(rows, g) for g in groups}
        for group, curve in curves.items():
            found += [Estimate(**keys, **{"group": group, **row}) for row in describe_curve(curve)]
        if len(groups) == 2:
            word = caution(settings.by, outcome)
            made = _compare(rows, groups, settings.minimum_events, word)
            found += [Estimate(**keys, **{"group": comparison(groups), **row}) for row in made]
        series |= curve_series(f"{settings.population}/{settings.by}/{outcome}", curves)
    return found, series


def _pooled_curve(rows: Sequence[pl.DataFrame], group: str) -> PooledCurve:
    # A small group may have nobody left in one of the imputations: its curve is that of the others.
    members = [m for r in rows if not (m := r.filter(pl.col("group") == group)).is_empty()]
    return pool_curves([kaplan_meier(m["months"].to_numpy(), m["event"].to_numpy()) for m in members])


def _compare(
    rows: Sequence[pl.DataFrame], groups: tuple[str, ...], minimum_events: int, word: str
) -> Iterator[dict[str, Any]]:
    n = round(float(np.mean([r.height for r in rows])))
    events = [min(int(r.filter(pl.col("group") == g)["event"].sum()) for g in groups) for r in rows]
    sparse = f"too_few_events minimum={minimum_events}" if min(events) < minimum_events else ""
    yield from _log_rank(rows, groups, n, join_warnings(sparse, word))
    many = len(rows) > 1
    robust = any("cluster" in r.columns for r in rows)
    method = (
        "Cox, Efron ties"
        + (", pair-robust limits" if robust else ", Wald limits")
        + (", pooled by Rubin" if many else "")
    )
    if sparse:
        yield {"statistic": "hazard_ratio", "n": n, "method": method, "warning": sparse}
        yield {"variable": "cox", "statistic": "p_value", "n": n, "method": method, "warning": sparse}
        return
    fits = attempt(lambda: [_fit(r, groups[0]) for r in rows])
    if isinstance(fits, NoAnswer):
        yield {"statistic": "hazard_ratio", "n": n, "method": method, "warning": fits.warning}
        yield {"variable": "cox", "statistic": "p_value", "n": n, "method": method, "warning": fits.warning}
        return
    constant = _median_proportionality(rows, groups[0])
    warning = join_warnings(*dict.fromkeys(f.warning for f in fits), changes_with_time(constant), word)
    pooled = attempt(
        lambda: pool(
            [f.coefficients[0] for f in fits],
            [_error(f) ** 2 for f in fits],
            _complete_df(rows) if many else np.inf,
        )
    )
    if isinstance(pooled, NoAnswer):
        yield {"statistic": "hazard_ratio", "n": n, "method": method, "warning": warning or "not_converged"}
        return
    keys = {"n": n, "method": method, "warning": warning}
    ratio, low, high = (float(np.exp(x)) for x in (pooled.estimate, pooled.low, pooled.high))
    yield {**keys, "statistic": "hazard_ratio", "value": ratio, "low": low, "high": high}
    yield {**keys, "statistic": "log_hazard_ratio", "value": pooled.estimate}
    yield {**keys, "statistic": "log_hazard_ratio_se", "value": pooled.standard_error}
    yield {**keys, "variable": "cox", "statistic": "p_value", "value": pooled.p_value}
    if many:
        yield {**keys, "statistic": "fraction_missing_information", "value": pooled.fmi}
    if constant is not None:
        method = PROPORTIONALITY_METHOD + (MEDIAN_P if many else "")
        yield {"statistic": PROPORTIONALITY, "value": constant, "n": n, "method": method}
    if not robust:
        return  # these groups were not matched with each other; an E-value would speak of a balance nobody sought
    value = e_value(ratio, low, high, measure="hazard_ratio", common_outcome=True)
    yield {
        "statistic": "e_value",
        "value": value.estimate,
        "low": value.limit,
        "n": n,
        "method": "E-value (VanderWeele & Ding)",
        "warning": word,
    }


def _fit(rows: pl.DataFrame, first: str) -> CoxFit:
    cluster = rows["cluster"].to_numpy() if "cluster" in rows.columns else None
    design = (rows["group"] == first).to_numpy().astype(float)[:, None]
    return cox(rows["months"].to_numpy(), rows["event"].to_numpy(), design, cluster=cluster)


def _error(fit: CoxFit) -> float:
    errors = fit.robust_standard_errors if fit.robust_standard_errors is not None else fit.standard_errors
    return float(errors[0])


def _complete_df(rows: Sequence[pl.DataFrame]) -> float:
    """Events minus coefficients of the smallest cohort, as mice takes it for a Cox model."""
    return float(max(min(int(r["event"].sum()) for r in rows) - 1, 1))


def _median_proportionality(rows: Sequence[pl.DataFrame], first: str) -> float | None:
    """The median over the imputations of the P that the hazard ratio is the same at all times."""
    found = (
        proportionality(
            r["months"].to_numpy(),
            r["event"].to_numpy(),
            (r["group"] == first).to_numpy().astype(float)[:, None],
        )
        for r in rows
    )
    ps = [p for p in found if p is not None]
    return median(ps) if ps else None


def _log_rank(
    rows: Sequence[pl.DataFrame], groups: tuple[str, ...], n: int, warning: str
) -> Iterator[dict[str, Any]]:
    keys = {
        "variable": "log_rank",
        "n": n,
        "method": "log-rank" + (", pooled by D2" if len(rows) > 1 else ""),
    }
    tests = attempt(
        lambda: [
            log_rank(r["months"].to_numpy(), r["event"].to_numpy(), codes_of(r["group"], groups))
            for r in rows
        ]
    )
    if isinstance(tests, NoAnswer):
        yield {**keys, "statistic": "p_value", "warning": tests.warning}
        return
    if len(tests) == 1:
        p, statistic, unit = tests[0].p_value, tests[0].chi_squared, ""
    else:
        pooled = attempt(
            lambda: pool_chi_squares([t.chi_squared for t in tests], tests[0].degrees_of_freedom)
        )
        if isinstance(pooled, NoAnswer):
            yield {**keys, "statistic": "p_value", "warning": pooled.warning}
            return
        p, statistic, unit = pooled.p_value, pooled.statistic, "F"  # D2 makes an F of the chi-squares
    yield {**keys, "statistic": "p_value", "value": p, "warning": warning}
    yield {**keys, "statistic": "test_statistic", "value": statistic, "unit": unit}

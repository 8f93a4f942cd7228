"""Weights in place of matches: everybody stays, and the groups are balanced by how much each counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from oligoscope.analysis.attempts import NoAnswer, attempt
from oligoscope.analysis.survival import caution, survival_rows
from oligoscope.analysis.variables import comparison, levels_of
from oligoscope.results import Estimate
from oligoscope.stats.cox import cox
from oligoscope.stats.rubin import pool
from oligoscope.stats.weighting import Target, Weighting, weigh
from oligoscope.study.protocol import AnalysisSettings

ANALYSIS = "weighting"
TARGETS: tuple[Target, ...] = ("ate", "att", "overlap")


def compare_weighted(cohorts: tuple[pl.DataFrame, ...], settings: AnalysisSettings) -> list[Estimate]:
    """Weighted hazard ratios with robust limits, for each target population, pooled over imputations.

    Args:
        cohorts: Completed cohorts with `_probability`, the propensity score of the first group.
        settings: by, outcomes, minimum_events.

    Returns:
        variable=ate|att|overlap: effective_n of each group, hazard_ratio of each outcome.
    """
    keys: dict[str, Any] = {"analysis": ANALYSIS, "population": settings.population}
    groups = levels_of(settings.by, cohorts[0][settings.by])
    found: list[Estimate] = []
    for target in TARGETS:
        weightings = attempt(lambda t=target: [_weigh(c, settings.by, groups[0], t) for c in cohorts])
        if isinstance(weightings, NoAnswer):
            found.append(
                Estimate(**keys, variable=target, statistic="hazard_ratio", warning=weightings.warning)
            )
            continue
        for group, sizes in zip(
            groups,
            zip(*((w.effective_n_treated, w.effective_n_controls) for w in weightings), strict=True),
            strict=True,
        ):
            found.append(
                Estimate(
                    **keys,
                    variable=target,
                    group=group,
                    statistic="effective_n",
                    value=float(np.mean(sizes)),
                    unit="patients",
                )
            )
        for outcome in settings.outcomes:
            rows = _ratio(cohorts, weightings, settings, outcome, groups)
            found += [
                Estimate(
                    **keys, **{"variable": target, "outcome": outcome, "group": comparison(groups), **row}
                )
                for row in rows
            ]
    return found


def _weigh(cohort: pl.DataFrame, by: str, first: str, target: Target) -> Weighting:
    return weigh((cohort[by] == first).to_numpy(), cohort["_probability"].to_numpy(), target)


def _ratio(
    cohorts: tuple[pl.DataFrame, ...],
    weightings: list[Weighting],
    settings: AnalysisSettings,
    outcome: str,
    groups: tuple[str, ...],
) -> Iterator[dict[str, Any]]:
    """Weighted Cox with robust standard errors (each patient a cluster)."""
    method = "weighted Cox, Efron ties, robust limits" + (", pooled by Rubin" if len(cohorts) > 1 else "")
    fits, n, events = [], 0, []
    for cohort, weighting in zip(cohorts, weightings, strict=True):
        weighted = cohort.with_columns(_w=pl.Series(weighting.weights))
        rows = survival_rows(weighted, settings.by, outcome, "_w").filter(pl.col("cluster") > 0)
        first = (rows["group"] == groups[0]).to_numpy()
        events += [int(rows["event"].to_numpy()[first].sum()), int(rows["event"].to_numpy()[~first].sum())]
        n = rows.height
        if min(events) < settings.minimum_events:
            yield {
                "statistic": "hazard_ratio",
                "n": n,
                "method": method,
                "warning": f"too_few_events minimum={settings.minimum_events}",
            }
            return
        fit = attempt(
            lambda r=rows, f=first: cox(
                r["months"].to_numpy(), r["event"].to_numpy(), f.astype(float)[:, None],
                weights=r["cluster"].to_numpy(), cluster=np.arange(r.height),
            )
        )  # fmt: skip
        if isinstance(fit, NoAnswer):
            yield {"statistic": "hazard_ratio", "n": n, "method": method, "warning": fit.warning}
            return
        fits.append(fit)
    errors = [
        f.robust_standard_errors if f.robust_standard_errors is not None else f.standard_errors for f in fits
    ]
    warning = "; ".join(
        w for w in dict.fromkeys([*(f.warning for f in fits), caution(settings.by, outcome)]) if w
    )
    pooled = attempt(
        lambda: pool(
            [f.coefficients[0] for f in fits],
            [e[0] ** 2 for e in errors],
            max(min(events) - 1, 1) if len(fits) > 1 else np.inf,
        )
    )
    if isinstance(pooled, NoAnswer):
        yield {"statistic": "hazard_ratio", "n": n, "method": method, "warning": warning or "not_converged"}
        return
    ratio, low, high = (float(np.exp(x)) for x in (pooled.estimate, pooled.low, pooled.high))
    yield {
        "statistic": "hazard_ratio",
        "value": ratio,
        "low": low,
        "high": high,
        "n": n,
        "method": method,
        "warning": warning,
    }
    yield {"statistic": "p_value", "value": pooled.p_value, "n": n, "method": method}

"""Weights in place of matches: every patient stays, and the groups are balanced by how much each counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import fmean
from typing import Any

import numpy as np
import polars as pl

from oligoscope.cohort.attempts import NoAnswer, attempt
from oligoscope.cohort.left_out import left_out_rows
from oligoscope.cohort.match import read_covariate, usable_covariates
from oligoscope.cohort.times import caution, survival_rows
from oligoscope.cohort.variables import as_levels, comparison, levels_of
from oligoscope.errors import NotEnoughData
from oligoscope.questions.question import Answer, Asked
from oligoscope.results.analyses import WEIGHTING
from oligoscope.results.methods import Method, MethodPart
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit
from oligoscope.results.warnings import WarningCode, Warnings, join, of_statistics
from oligoscope.stats.imputation.rubin import pool
from oligoscope.stats.matching.propensity_score import PropensityScore, propensity_score
from oligoscope.stats.matching.weighting import Target, Weighting, weigh
from oligoscope.stats.survival.cox import CoxFit, cox
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.protocol import AnalysisSettings, MatchingSettings

TARGETS: tuple[Target, ...] = ("ate", "att", "overlap")


def compare_weighted(
    cohorts: Sequence[pl.DataFrame], settings: AnalysisSettings, matching: MatchingSettings
) -> list[Estimate]:
    """Weighted hazard ratios with robust limits, for each target population, pooled over imputations.

    The propensity score is fitted for these groups in these patients, in every imputation.

    Args:
        cohorts: Completed cohorts.
        settings: population, by, outcomes, minimum_events.
        matching: The covariates of the score, and the smallest group that is weighted.

    Returns:
        variable=ate|att|overlap: effective_n of each group, hazard_ratio of each outcome. Where nothing can be
        weighted, hazard_ratio of each outcome without a value. A row for each covariate that cannot be used.
    """
    keys: dict[str, Any] = {"analysis": WEIGHTING, "population": settings.population}
    # `where` may name a variable that was imputed: not every imputation then holds the same patients.
    groups = levels_of(settings.by, pl.concat([c[settings.by] for c in cohorts]))
    left_out = [
        *left_out_rows(
            WEIGHTING, settings.population, cohorts, [n for n in matching.covariates if n != settings.by]
        ),
        *(
            Estimate(
                **keys, variable=n, statistic=Statistic.COVARIATE, warning=WarningCode.MAKES_THE_GROUPS()
            )
            for n in matching.covariates
            if n == settings.by
        ),
    ]
    scores = attempt(lambda: _scores(cohorts, settings.by, groups, matching))
    if isinstance(scores, NoAnswer):
        withheld: dict[str, Any] = keys | {"statistic": Statistic.HAZARD_RATIO, "warning": scores.warning}
        withheld["group"] = comparison(groups) if len(groups) == 2 else ""
        return [*(Estimate(**withheld, outcome=outcome) for outcome in settings.outcomes), *left_out]
    doubts = of_statistics(*(doubt for s in scores for doubt in s.warnings))
    found: list[Estimate] = []
    for target in TARGETS:
        own: dict[str, Any] = {"variable": target}
        weightings = attempt(
            lambda t=target: [
                _weigh(c, settings.by, groups[0], t, s) for c, s in zip(cohorts, scores, strict=True)
            ]
        )
        if isinstance(weightings, NoAnswer):
            found.append(
                Estimate(**keys, **own, statistic=Statistic.HAZARD_RATIO, warning=weightings.warning)
            )
            continue
        found += [Estimate(**keys, **own, **row) for row in _sizes(groups, weightings)]
        for outcome in settings.outcomes:
            rows = _ratio(cohorts, weightings, settings, outcome, groups, doubts)
            found += [
                Estimate(**keys, **own, outcome=outcome, group=comparison(groups), **row) for row in rows
            ]
    return [*found, *left_out]


def _scores(
    cohorts: Sequence[pl.DataFrame], by: str, groups: tuple[str, ...], matching: MatchingSettings
) -> list[PropensityScore]:
    """The score of the first group in every cohort, as matching fits it.

    Raises:
        NotEnoughData: Not two groups, a group too small, or no covariate that can be used.
    """
    if len(groups) != 2:
        raise NotEnoughData(
            f"Weighting needs two groups; {by} has {len(groups)} here.", WarningCode.TWO_GROUPS_NEEDED()
        )
    smallest = min(int((as_levels(c[by]) == g).sum()) for c in cohorts for g in groups)
    if smallest < matching.minimum_group:
        raise NotEnoughData(
            f"Weighting needs at least {matching.minimum_group} patients in each group; one has {smallest}.",
            WarningCode.TOO_FEW_TO_MATCH(smallest=smallest, minimum=matching.minimum_group),
        )
    scores = []
    for cohort in cohorts:
        # The score of a variable's own groups cannot hold the variable.
        names = [n for n in usable_covariates(cohort, matching.covariates) if n != by]
        if not names:
            raise NotEnoughData("Weighting needs a covariate that can be used.", WarningCode.NO_COVARIATES())
        treated = (as_levels(cohort[by]) == groups[0]).to_numpy()
        scores.append(propensity_score(treated, [read_covariate(cohort[n]) for n in names]))
    return scores


def _weigh(cohort: pl.DataFrame, by: str, first: str, target: Target, score: PropensityScore) -> Weighting:
    return weigh((as_levels(cohort[by]) == first).to_numpy(), score.probability, target)


def _sizes(groups: tuple[str, ...], weightings: Sequence[Weighting]) -> Iterator[dict[str, Any]]:
    """Effective sample size of each group, mean over the imputations."""
    sizes = zip(*((w.effective_n_treated, w.effective_n_controls) for w in weightings), strict=True)
    for group, found in zip(groups, sizes, strict=True):
        yield {
            "group": group,
            "statistic": Statistic.EFFECTIVE_N,
            "value": float(np.mean(found)),
            "unit": Unit.PATIENTS,
        }


def _ratio(
    cohorts: Sequence[pl.DataFrame],
    weightings: list[Weighting],
    settings: AnalysisSettings,
    outcome: Outcome,
    groups: tuple[str, ...],
    doubts: Warnings,
) -> Iterator[dict[str, Any]]:
    """Weighted Cox with robust standard errors (each patient a cluster)."""
    method = Method(MethodPart.WEIGHTED_COX, MethodPart.EFRON, MethodPart.ROBUST_LIMITS)
    method = method.plus(MethodPart.RUBIN) if len(cohorts) > 1 else method
    fits, events, sizes = [], [], []
    for cohort, weighting in zip(cohorts, weightings, strict=True):
        weighted = cohort.with_columns(_w=pl.Series(weighting.weights))
        rows = survival_rows(weighted, settings.by, outcome, "_w").filter(pl.col("cluster") > 0)
        events.append(int(rows["event"].sum()))
        sizes.append(rows.height)
        fit = _fit_weighted(rows, groups[0], settings.minimum_events)
        if isinstance(fit, NoAnswer):
            yield {
                "statistic": Statistic.HAZARD_RATIO,
                "n": rows.height,
                "method": method,
                "warning": fit.warning,
            }
            return
        fits.append(fit)
    keys = {"n": round(fmean(sizes)), "method": method}
    warning = join(doubts, of_statistics(*(f.warning for f in fits)), caution(settings.by, outcome))
    # As mice takes it for a Cox model: events less coefficients, of the cohort with the fewest.
    df = max(min(events) - 1, 1) if len(fits) > 1 else np.inf
    pooled = attempt(lambda: pool([f.coefficients[0] for f in fits], [_error(f) ** 2 for f in fits], df))
    if isinstance(pooled, NoAnswer):
        yield {**keys, "statistic": Statistic.HAZARD_RATIO, "warning": warning or WarningCode.NOT_CONVERGED()}
        return
    value, low, high = (float(np.exp(x)) for x in (pooled.estimate, pooled.low, pooled.high))
    yield {
        **keys,
        "statistic": Statistic.HAZARD_RATIO,
        "value": value,
        "low": low,
        "high": high,
        "warning": warning,
    }
    yield {**keys, "statistic": Statistic.P_VALUE, "value": pooled.p_value}


def _fit_weighted(rows: pl.DataFrame, first: str, minimum_events: int) -> CoxFit | NoAnswer:
    """The hazard ratio of the first group in one cohort; `cluster` of the rows holds the weights."""
    of_first, died = (rows["group"] == first).to_numpy(), rows["event"].to_numpy()
    if min(int(died[own].sum()) for own in (of_first, ~of_first)) < minimum_events:
        return NoAnswer(WarningCode.TOO_FEW_EVENTS(minimum=minimum_events))
    return attempt(
        lambda: cox(
            rows["months"].to_numpy(), died, of_first.astype(float)[:, None],
            weights=rows["cluster"].to_numpy(), cluster=np.arange(rows.height),
        )
    )  # fmt: skip


def _error(fit: CoxFit) -> float:
    errors = fit.robust_standard_errors
    return (fit.standard_errors if errors is None else errors)[0]


def answer(asked: Asked) -> Answer:
    """The question, of the patients asked about."""
    return compare_weighted(asked.cohorts, asked.settings, asked.matching), {}

"""Weights in place of matches: every patient stays, and the groups are balanced by how much each counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from statistics import fmean
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from oligoscope.cohort.attempts import NoAnswer, attempt
from oligoscope.cohort.events_per_variable import of_scores, too_few_for_score
from oligoscope.cohort.match import read_covariate
from oligoscope.cohort.matching_gate import require_two_large_groups
from oligoscope.cohort.monte_carlo import monte_carlo_rows
from oligoscope.cohort.times import Fewest, caution, entry_of, survival_rows
from oligoscope.cohort.variables import as_levels, comparison, levels_of, with_reference
from oligoscope.cohort.variables_left_out import left_out_rows, usable_everywhere
from oligoscope.errors import NotEnoughData
from oligoscope.questions.question import Answer, Asked
from oligoscope.results.analyses import WEIGHTING
from oligoscope.results.methods import Method, MethodPart
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit
from oligoscope.results.warnings import NO_WARNING, WarningCode, Warnings, join, of_statistics
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
    groups = with_reference(
        levels_of(settings.by, pl.concat([c[settings.by] for c in cohorts])), settings.reference
    )
    # The score of a variable's own groups cannot hold the variable.
    names = [n for n in matching.covariates if n != settings.by]
    left_out = [*left_out_rows(WEIGHTING, settings.population, cohorts, names)]
    if settings.by in matching.covariates:
        own: dict[str, Any] = keys | {"variable": settings.by, "statistic": Statistic.COVARIATE}
        left_out.append(Estimate(**own, warning=WarningCode.MAKES_THE_GROUPS()))
    scores = attempt(lambda: _scores(cohorts, settings.by, groups, names, matching))
    if isinstance(scores, NoAnswer):
        withheld: dict[str, Any] = keys | {"statistic": Statistic.HAZARD_RATIO, "warning": scores.warning}
        withheld["group"] = comparison(groups) if len(groups) == 2 else ""
        return [*(Estimate(**withheld, outcome=outcome) for outcome in settings.outcomes), *left_out]
    fewest = Fewest(matching.minimum_group, settings.minimum_events)
    made = (
        row for target in TARGETS for row in _of_target(cohorts, target, settings, groups, scores, fewest)
    )
    per_variable = of_scores(_treated(cohorts, settings.by, groups), scores)
    made = chain(
        made,
        [{"group": comparison(groups), "statistic": Statistic.EVENTS_PER_PARAMETER, "value": per_variable}],
    )
    return [*(Estimate(**keys, **row) for row in made), *left_out]


def _of_target(
    cohorts: Sequence[pl.DataFrame],
    target: Target,
    settings: AnalysisSettings,
    groups: tuple[str, ...],
    scores: Sequence[PropensityScore],
    fewest: Fewest,
) -> Iterator[dict[str, Any]]:
    """Effective sizes and the ratio of every outcome with the weights of one target population."""
    weightings = attempt(
        lambda: [
            weigh(first, score.probability, target)
            for first, score in zip(_treated(cohorts, settings.by, groups), scores, strict=True)
        ]
    )
    if isinstance(weightings, NoAnswer):
        yield {"variable": target, "statistic": Statistic.HAZARD_RATIO, "warning": weightings.warning}
        return
    few = NO_WARNING
    for group, size in zip(groups, ("effective_n_treated", "effective_n_controls"), strict=True):
        sizes = [getattr(w, size) for w in weightings]
        mean = float(np.mean(sizes))
        if min(sizes) < fewest.patients:
            few = WarningCode.TOO_FEW_EFFECTIVE(minimum=fewest.patients)
        row = {"statistic": Statistic.EFFECTIVE_N, "value": mean, "unit": Unit.PATIENTS}
        yield {"variable": target, "group": group, **row}
    doubts = of_statistics(*(doubt for s in scores for doubt in s.warnings))
    for outcome in settings.outcomes:
        keys = {"variable": target, "outcome": outcome, "group": comparison(groups)}
        if few:
            yield keys | {"statistic": Statistic.HAZARD_RATIO, "warning": few}
            continue
        found = _ratio(cohorts, weightings, settings, outcome, groups[0], doubts, fewest)
        yield from (keys | row for row in found)


def _scores(
    cohorts: Sequence[pl.DataFrame],
    by: str,
    groups: tuple[str, ...],
    covariates: list[str],
    matching: MatchingSettings,
) -> list[PropensityScore]:
    """The score of the first group in every cohort, as matching fits it.

    Raises:
        NotEnoughData: Not two groups, a group too small, no covariate that can be used, or too many of them.
    """
    require_two_large_groups("Weighting", cohorts, by, groups, matching.minimum_group)
    scores, treated = [], _treated(cohorts, by, groups)
    for cohort, first in zip(cohorts, treated, strict=True):
        names = usable_everywhere((cohort,), covariates)
        if not names:
            raise NotEnoughData("Weighting needs a covariate that can be used.", WarningCode.NO_COVARIATES())
        scores.append(propensity_score(first, [read_covariate(cohort[n]) for n in names]))
    if few := too_few_for_score(of_scores(treated, scores), matching.minimum_events_per_variable):
        raise NotEnoughData(f"The propensity score is not used: {few.printed.en}.", few)
    return scores


def _treated(cohorts: Sequence[pl.DataFrame], by: str, groups: tuple[str, ...]) -> list[NDArray[np.bool_]]:
    """Who is in the first group, in each cohort."""
    return [(as_levels(c[by]) == groups[0]).to_numpy() for c in cohorts]


def _ratio(
    cohorts: Sequence[pl.DataFrame],
    weightings: list[Weighting],
    settings: AnalysisSettings,
    outcome: Outcome,
    first: str,
    doubts: Warnings,
    fewest: Fewest,
) -> Iterator[dict[str, Any]]:
    """Weighted Cox with robust standard errors (each patient a cluster)."""
    method = Method(MethodPart.WEIGHTED_COX, MethodPart.EFRON, MethodPart.ROBUST_LIMITS)
    method = method.plus(MethodPart.RUBIN) if len(cohorts) > 1 else method
    ratio: dict[str, Any] = {"statistic": Statistic.HAZARD_RATIO, "method": method}
    fits, events, sizes = [], [], []
    for cohort, weighting in zip(cohorts, weightings, strict=True):
        weighted = cohort.with_columns(_w=pl.Series(weighting.weights))
        rows = survival_rows(weighted, settings.by, outcome, "_w").filter(pl.col("cluster") > 0)
        events.append(int(rows["event"].sum()))
        sizes.append(rows.height)
        fit = _fit_weighted(rows, first, fewest)
        if isinstance(fit, NoAnswer):
            yield ratio | {"n": rows.height, "warning": fit.warning}
            return
        fits.append(fit)
    ratio["n"] = round(fmean(sizes))
    warning = join(doubts, of_statistics(*(f.warning for f in fits)), caution(settings.by, outcome))
    # As mice takes it for a Cox model: events less coefficients, of the cohort with the fewest.
    df = max(min(events) - 1, 1) if len(fits) > 1 else np.inf
    analyses = [f.coefficients[0] for f in fits], [_error(f) ** 2 for f in fits]
    pooled = attempt(lambda: pool(*analyses, df))
    if isinstance(pooled, NoAnswer):
        yield ratio | {"warning": join(WarningCode.NOT_CONVERGED(), warning)}
        return
    value, low, high = (float(np.exp(x)) for x in (pooled.estimate, pooled.low, pooled.high))
    yield ratio | {"value": value, "low": low, "high": high, "warning": warning}
    yield ratio | {"statistic": Statistic.P_VALUE, "value": pooled.p_value}
    yield from ({"n": ratio["n"]} | row for row in monte_carlo_rows(*analyses, df))


def _fit_weighted(rows: pl.DataFrame, first: str, fewest: Fewest) -> CoxFit | NoAnswer:
    """The hazard ratio of the first group in one cohort; `cluster` of the rows holds the weights."""
    of_first, died = (rows["group"] == first).to_numpy(), rows["event"].to_numpy()
    if sparse := fewest.why_not_two(died, of_first):
        return NoAnswer(sparse)
    return attempt(
        lambda: cox(
            rows["months"].to_numpy(), died, of_first.astype(float)[:, None],
            weights=rows["cluster"].to_numpy(), cluster=np.arange(rows.height), entry=entry_of(rows),
        )
    )  # fmt: skip


def _error(fit: CoxFit) -> float:
    errors = fit.robust_standard_errors
    return (fit.standard_errors if errors is None else errors)[0]


def answer(asked: Asked) -> Answer:
    """The question, of the patients asked about."""
    return compare_weighted(asked.cohorts, asked.settings, asked.matching), {}

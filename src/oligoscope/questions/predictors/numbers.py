"""What goes with the pattern: uni- and multivariable logistic regression, pooled over imputations.

A model whose variables are the same in every completed cohort (nothing of them was imputed) is fitted once, with
Wald z limits and P as R's `glm`: five identical fits have nothing to pool, and pooled they would take Student's t.
Where covariates separate the groups in any of the completed cohorts, all are fitted by Firth's method, with limits and
P by the profile penalised likelihood.

The event is the second group (systemic progression); every odds ratio is keyed by its level against its
reference, so that it cannot be read the wrong way round.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

import numpy as np
import polars as pl

from oligoscope.cohort.attempts import UNDETERMINED, NoAnswer, attempt, is_undetermined
from oligoscope.cohort.events_per_variable import sparse_per_variable, too_few_per_variable
from oligoscope.cohort.model_levels import columns_of_levels
from oligoscope.cohort.monte_carlo import monte_carlo_rows
from oligoscope.cohort.variables import as_levels, is_levels, levels_of, with_reference
from oligoscope.cohort.variables_left_out import usable_everywhere, why_left_out
from oligoscope.questions.question import Answer, Asked
from oligoscope.results.analyses import PREDICTORS
from oligoscope.results.methods import Method, MethodPart
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import NO_WARNING, WarningCode, Warnings, join, of_statistics
from oligoscope.stats.comparison.e_value import e_value, is_common
from oligoscope.stats.imputation.firth_pooled import FirthModels
from oligoscope.stats.imputation.pooled_tests import pool_wald
from oligoscope.stats.imputation.rubin import pool
from oligoscope.stats.regression.logistic import LogisticFit, logistic
from oligoscope.study.keys import Comparison
from oligoscope.study.protocol import AnalysisSettings

# Profiles of more columns take minutes, and so many odds ratios of groups that covariates separate are of no use.
MOST_COLUMNS_PROFILED = 30


def fit_predictors(
    cohorts: Sequence[pl.DataFrame], settings: AnalysisSettings, minimum_group: int = 0
) -> list[Estimate]:
    """Odds ratios of the second group of `by`, or of the one that is not the reference, for every level of every variable.

    Args:
        cohorts: Completed cohorts; one where nothing was missing.
        settings: by, variables, population, minimum_events, minimum_events_per_variable.
        minimum_group: The fewest patients of a group, as `minimum_events`, which the groups are here.

    Returns:
        group="EVENT vs REFERENCE GROUP", variable, level="LEVEL vs REFERENCE": odds_ratio_univariable,
        odds_ratio_multivariable with limits, p_value_…; level "" for the joint test of a variable with
        several levels (D1; Wald's chi-square of one fit).
    """
    # `where` may name a variable that was imputed: not every imputation then holds the same patients.
    groups = levels_of(settings.by, pl.concat([as_levels(c[settings.by]) for c in cohorts]))
    if settings.reference is not None and len(groups) == 2:
        groups = with_reference(groups, settings.reference)[::-1]
    keys: dict[str, Any] = {"analysis": PREDICTORS, "population": settings.population, "outcome": settings.by}
    alone, together = Statistic.ODDS_RATIO_UNIVARIABLE, Statistic.ODDS_RATIO_MULTIVARIABLE
    if len(groups) != 2:
        return [Estimate(**keys, statistic=together, warning=WarningCode.TWO_GROUPS_NEEDED())]
    keys["group"] = Comparison.of(groups[1], groups[0])
    sizes = [int((as_levels(c[settings.by]) == g).sum()) for c in cohorts for g in groups]
    least = max(settings.minimum_events, minimum_group)
    if min(sizes) < least:
        sparse = WarningCode.TOO_FEW_IN_GROUP(minimum=least)
        return [Estimate(**keys, statistic=together, warning=sparse)]
    usable = usable_everywhere(cohorts, settings.variables)
    # A level that one of the imputations has not got is a column there none the less: columns are pooled by place.
    seen = {v: pl.concat([c[v] for c in cohorts]) for v in usable}
    levels = {v: levels_of(v, values) if is_levels(values) else None for v, values in seen.items()}
    frames = [_frame(c, settings.by, groups[1], levels) for c in cohorts]
    rows: list[dict[str, Any]] = [
        {"variable": v, "statistic": ratio, "warning": why_left_out(cohorts, v)}
        for v in settings.variables
        for ratio in (alone, together)
        if v not in usable
    ]
    for variable in usable:
        rows += _fit(frames, [variable], alone)
    rows += _fit(frames, usable, together, settings.minimum_events_per_variable)
    return [Estimate(**keys, **row) for row in rows]


@dataclass(frozen=True)
class _Frame:
    """Outcome and the columns of each variable: levels against the last one listed as reference."""

    outcome: np.ndarray
    columns: dict[str, list[tuple[str, np.ndarray]]]

    def design(self, variables: Sequence[str]) -> tuple[np.ndarray, list[tuple[str, str]]]:
        """Columns, with (variable, level) of each."""
        names = [(v, level) for v in variables for level, _ in self.columns[v]]
        return np.column_stack([x for v in variables for _, x in self.columns[v]]), names

    def has_the_same(self, other: _Frame, variables: Sequence[str]) -> bool:
        """Whether the model of these variables would be the other frame's model."""
        (mine, names), (theirs, other_names) = (f.design(variables) for f in (self, other))
        same = np.array_equal(self.outcome, other.outcome) and np.array_equal(mine, theirs)
        return names == other_names and same


def _frame(cohort: pl.DataFrame, by: str, event: str, levels: Mapping[str, tuple[str, ...] | None]) -> _Frame:
    outcome = (as_levels(cohort[by]) == event).to_numpy().astype(float)
    return _Frame(outcome, {v: columns_of_levels(cohort[v], v, own) for v, own in levels.items()})


def _fit(
    frames: Sequence[_Frame], variables: Sequence[str], ratio: Statistic, minimum_per_variable: float = 0.0
) -> Iterator[dict[str, Any]]:
    """One model in every imputation, pooled; one model alone where nothing in it was imputed."""
    if not variables:
        return
    if all(f.has_the_same(frames[0], variables) for f in frames[1:]):
        frames = frames[:1]
    names = frames[0].design(variables)[1]
    n = round(fmean(len(f.outcome) for f in frames))
    events = int(min(min(f.outcome.sum(), (1 - f.outcome).sum()) for f in frames))
    outcomes, designs = [f.outcome for f in frames], [f.design(variables)[0] for f in frames]
    few = NO_WARNING
    if ratio is Statistic.ODDS_RATIO_MULTIVARIABLE:
        # Of each variable, as its odds ratios are: a study may have several models of the same groups.
        per_parameter = {"n": n, "statistic": Statistic.EVENTS_PER_PARAMETER, "value": events / len(names)}
        yield from (per_parameter | {"variable": variable} for variable in variables)
        few = too_few_per_variable(events / len(names), minimum_per_variable)
    is_larger = len(names) > events  # a reason of its own, with advice
    model = NoAnswer(few) if few and not is_larger else _model(outcomes, designs, events)
    if isinstance(model, NoAnswer):
        reason = {"n": n, "statistic": ratio, "warning": model.warning}
        yield from ({"variable": variable, "level": level, **reason} for variable, level in names)
        return
    doubt = sparse_per_variable(events / len(names))
    common = is_common(fmean(float(y.mean()) for y in outcomes))
    for i, (variable, level) in enumerate(names):
        keys = {"variable": variable, "level": level, "n": n, "method": model.method}
        yield from (
            keys | row for row in _ratio_rows(model.ratio(i), ratio, join(doubt, model.warning), common)
        )
        yield from (keys | row for row in model.errors(i, ratio))
    for variable in dict.fromkeys(v for v, _ in names):
        columns = [i for i, (v, _) in enumerate(names) if v == variable]
        test = model.joint(columns) if len(columns) > 1 else NoAnswer(NO_WARNING)
        if not isinstance(test, NoAnswer):
            p_value, method = test
            yield {"variable": variable, "statistic": ratio.test, "value": p_value, "n": n, "method": method}


def _ratio_rows(
    found: _Ratio | NoAnswer, ratio: Statistic, warning: Warnings, common: bool
) -> Iterator[dict[str, Any]]:
    """An odds ratio, its P and, of the model with all variables, its E-value; or why there is none."""
    if isinstance(found, NoAnswer):
        yield {"statistic": ratio, "warning": join(warning, found.warning)}
        return
    value, low, high, p_value = found
    yield {"statistic": ratio, "value": value, "low": low, "high": high, "warning": warning}
    yield {"statistic": ratio.test, "value": p_value, "warning": warning}
    if ratio is Statistic.ODDS_RATIO_MULTIVARIABLE:
        strength = e_value(value, low, high, measure="odds_ratio", common_outcome=common)
        own = {"value": strength.estimate, "low": strength.limit, "warning": warning}
        yield {"statistic": Statistic.E_VALUE, **own}


_Ratio = tuple[float, float, float, float]  # odds ratio, its limits, P


def _model(
    outcomes: Sequence[np.ndarray], designs: Sequence[np.ndarray], events: int
) -> _ByLikelihood | _ByFirth | NoAnswer:
    """Maximum likelihood; where the covariates separate the groups, Firth's penalised likelihood."""
    n_columns = designs[0].shape[1]
    if n_columns > events:
        return NoAnswer(WarningCode.TOO_MANY_COLUMNS(columns=n_columns, patients=events))
    fits = attempt(lambda: [logistic(y, x) for y, x in zip(outcomes, designs, strict=True)])
    if isinstance(fits, NoAnswer):
        return fits
    if all(f.problem != "separation" for f in fits):
        return _ByLikelihood(fits)
    if n_columns > MOST_COLUMNS_PROFILED:
        return NoAnswer(WarningCode.MANY_COLUMNS_SEPARATED(columns=n_columns, most=MOST_COLUMNS_PROFILED))
    return attempt(lambda: _ByFirth(FirthModels(outcomes, designs)))


class _ByLikelihood:
    """Maximum likelihood, Wald limits; of several imputations by Rubin's rules."""

    def __init__(self, fits: Sequence[LogisticFit]) -> None:
        self._fits = fits
        self._df = np.inf if len(fits) == 1 else min(f.n for f in fits) - len(fits[0].coefficients) - 1
        self.method = Method(
            MethodPart.LOGISTIC, MethodPart.WALD_LIMITS, *([MethodPart.RUBIN] if len(fits) > 1 else [])
        )
        self.warning = of_statistics(*(f.warning for f in fits))

    def ratio(self, i: int) -> _Ratio | NoAnswer:
        found = attempt(lambda: pool(*self._analyses(i), self._df), WarningCode.NOT_CONVERGED())
        if isinstance(found, NoAnswer):
            return NoAnswer(NO_WARNING if self.warning else found.warning)
        with np.errstate(over="ignore"):
            ratio, low, high = (float(np.exp(x)) for x in (found.estimate, found.low, found.high))
        return NoAnswer(UNDETERMINED) if is_undetermined(low, high) else (ratio, low, high, found.p_value)

    def errors(self, i: int, ratio: Statistic) -> list[dict[str, Any]]:
        """Of the imputations; nothing where the ratio is not given."""
        if isinstance(self.ratio(i), NoAnswer):
            return []
        return list(monte_carlo_rows(*self._analyses(i), self._df, ratio))

    def _analyses(self, i: int) -> tuple[list[float], list[float]]:
        return [f.coefficients[i] for f in self._fits], [f.covariance[i, i] for f in self._fits]

    def joint(self, columns: Sequence[int]) -> tuple[float, Method] | NoAnswer:
        """D1 test of several columns; Wald's chi-square of one fit."""
        at = list(columns)
        estimates = [f.coefficients[at] for f in self._fits]
        covariances = [f.covariance[np.ix_(at, at)] for f in self._fits]
        found = attempt(lambda: pool_wald(estimates, covariances, self._df))
        if isinstance(found, NoAnswer):
            return found
        return found.p_value, Method(MethodPart.WALD, *([MethodPart.D1] if len(self._fits) > 1 else []))


class _ByFirth:
    """Firth's penalised likelihood, limits and P by its profile; of several imputations by the combined profiles."""

    def __init__(self, models: FirthModels) -> None:
        self._models, self._found = models, models.pool()
        pooled = [MethodPart.CLIP] if self._found.m > 1 else []
        self.method = Method(MethodPart.LOGISTIC, MethodPart.FIRTH, MethodPart.PROFILE_LIMITS, *pooled)
        self.warning = WarningCode.SEPARATED()

    def errors(self, _i: int, _ratio: Statistic) -> list[dict[str, Any]]:
        """None: the profiles are pooled as a whole, and profiled again without each imputation they would take minutes."""
        return []

    def ratio(self, i: int) -> _Ratio | NoAnswer:
        found = self._found
        if np.isnan(found.coefficients[i]):
            return NoAnswer(WarningCode.ODDS_COLLINEAR())
        ratio, low, high = (float(x[i]) for x in (found.odds_ratios, found.low, found.high))
        if is_undetermined(low, high):
            return NoAnswer(UNDETERMINED)
        return ratio, low, high, float(found.p_values[i])

    def joint(self, columns: Sequence[int]) -> tuple[float, Method] | NoAnswer:
        found = attempt(lambda: self._models.test(columns))
        if isinstance(found, NoAnswer):
            return found
        over = [MethodPart.MEDIAN_P] if found.n_sets > 1 else []
        return found.p_value, Method(MethodPart.PENALISED_LIKELIHOOD_RATIO, *over)


def answer(asked: Asked) -> Answer:
    """The question, of the patients asked about."""
    return fit_predictors(asked.cohorts, asked.settings, asked.matching.minimum_group), {}

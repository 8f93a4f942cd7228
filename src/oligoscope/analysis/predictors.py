"""What goes with the pattern: uni- and multivariable logistic regression, pooled over imputations.

A model whose variables are the same in every completed cohort (nothing of them was imputed) is fitted once, with
Wald z limits and P as R's `glm`: five identical fits have nothing to pool, and pooled they would take Student's t.

The event is the second group (systemic progression); every odds ratio is keyed by its level against its
reference, so that it cannot be read the wrong way round.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import polars as pl

from oligoscope.analysis.matching import usable_covariates
from oligoscope.analysis.variables import as_levels, is_levels, levels_of
from oligoscope.errors import NotEnoughData
from oligoscope.results import Estimate
from oligoscope.stats.e_value import e_value
from oligoscope.stats.firth import firth
from oligoscope.stats.logistic import logistic
from oligoscope.stats.pooled_tests import pool_wald
from oligoscope.stats.rubin import pool
from oligoscope.study.keys import PER_UNIT, Comparison
from oligoscope.study.protocol import AnalysisSettings

ANALYSIS = "predictors"
EVENTS_PER_VARIABLE = 10


def fit_predictors(cohorts: Sequence[pl.DataFrame], settings: AnalysisSettings) -> list[Estimate]:
    """Odds ratios of the second group of `by` for every level of every variable.

    Args:
        cohorts: Completed cohorts; one where nothing was missing.
        settings: by, variables, population.

    Returns:
        group="EVENT vs REFERENCE GROUP", variable, level="LEVEL vs REFERENCE": odds_ratio_univariable,
        odds_ratio_multivariable with limits, p_value_…; level "" for the joint test of a variable with
        several levels (D1; Wald's chi-square of one fit).
    """
    groups = levels_of(settings.by, as_levels(cohorts[0][settings.by]))
    keys: dict[str, Any] = {"analysis": ANALYSIS, "population": settings.population, "outcome": settings.by}
    if len(groups) != 2:
        return [Estimate(**keys, statistic="odds_ratio_multivariable", warning="two_groups_needed")]
    keys["group"] = Comparison.of(groups[1], groups[0])
    sizes = as_levels(cohorts[0][settings.by]).value_counts()["count"]
    if sizes.min() < settings.minimum_events:  # type: ignore[operator]  # a count is never null
        sparse = f"too_few_in_group minimum={settings.minimum_events}"
        return [Estimate(**keys, statistic="odds_ratio_multivariable", warning=sparse)]
    usable = [v for v in settings.variables if all(v in usable_covariates(c, (v,)) for c in cohorts)]
    frames = [_frame(c, settings.by, groups[1], usable) for c in cohorts]
    rows: list[dict[str, Any]] = []
    for variable in usable:
        rows += _fit(frames, [variable], "univariable")
    rows += _fit(frames, usable, "multivariable")
    return [Estimate(**keys, **row) for row in rows]


class _Frame:
    """Outcome and the columns of each variable: levels against the last one listed as reference."""

    def __init__(self, outcome: np.ndarray, columns: dict[str, list[tuple[str, np.ndarray]]]) -> None:
        self.outcome, self.columns = outcome, columns

    def design(self, variables: Sequence[str]) -> tuple[np.ndarray, list[tuple[str, str]]]:
        """Columns, with (variable, level) of each."""
        names = [(v, level) for v in variables for level, _ in self.columns[v]]
        values = [x for v in variables for _, x in self.columns[v]]
        return np.column_stack(values), names

    def has_the_same(self, other: _Frame, variables: Sequence[str]) -> bool:
        """Whether the model of these variables would be the other frame's model."""
        mine, theirs = (f.design(variables) for f in (self, other))
        return (
            mine[1] == theirs[1]
            and np.array_equal(self.outcome, other.outcome)
            and np.array_equal(mine[0], theirs[0])
        )


def _frame(cohort: pl.DataFrame, by: str, event: str, variables: Sequence[str]) -> _Frame:
    outcome = (as_levels(cohort[by]) == event).to_numpy().astype(float)
    return _Frame(outcome, {v: _columns(cohort[v], v) for v in variables})


def _columns(values: pl.Series, name: str) -> list[tuple[str, np.ndarray]]:
    if not is_levels(values):
        return [(PER_UNIT, values.cast(pl.Float64).to_numpy())]
    words = as_levels(values)
    levels = levels_of(name, words)
    first_is_reference = name in FIRST_IS_REFERENCE
    reference = levels[0] if first_is_reference else levels[-1]
    others = levels[1:] if first_is_reference else levels[:-1]
    return [(Comparison.of(level, reference), (words == level).to_numpy().astype(float)) for level in others]


# Ordered from least to most: the first level is the reference. For the others (yes/no, male/female, ≥60/<60,
# squamous/adenocarcinoma) it is the last.
FIRST_IS_REFERENCE = ("pd_l1", "stage", "ecog")


def _fit(frames: Sequence[_Frame], variables: Sequence[str], kind: str) -> Iterator[dict[str, Any]]:
    """One model in every imputation, pooled; one model alone where nothing in it was imputed."""
    if not variables:
        return
    if all(f.has_the_same(frames[0], variables) for f in frames[1:]):
        frames = frames[:1]
    names = frames[0].design(variables)[1]
    fits = [_model(f.outcome, f.design(variables)[0]) for f in frames]
    n = len(frames[0].outcome)
    events = int(min(frames[0].outcome.sum(), n - frames[0].outcome.sum()))
    few = (
        f"events_per_variable value={events / len(names):.1f}"
        if events < EVENTS_PER_VARIABLE * len(names)
        else ""
    )
    method = fits[0].method + (", pooled by Rubin" if len(fits) > 1 else "")
    warning = "; ".join(w for w in (few, fits[0].warning) if w)
    df = n - len(names) - 1 if len(fits) > 1 else np.inf
    for i, (variable, level) in enumerate(names):
        keys = {"variable": variable, "level": level, "n": n, "method": method, "warning": warning}
        try:
            found = pool([f.coefficients[i] for f in fits], [f.covariance[i, i] for f in fits], df)
        except NotEnoughData:
            yield {**keys, "statistic": f"odds_ratio_{kind}", "warning": warning or "not_converged"}
            continue
        ratio, low, high = (float(np.exp(x)) for x in (found.estimate, found.low, found.high))
        yield {**keys, "statistic": f"odds_ratio_{kind}", "value": ratio, "low": low, "high": high}
        yield {**keys, "statistic": f"p_value_{kind}", "value": found.p_value}
        if kind == "multivariable":
            strength = e_value(ratio, low, high, measure="odds_ratio", common_outcome=True)
            yield {**keys, "statistic": "e_value", "value": strength.estimate, "low": strength.limit}
    yield from _joint(fits, names, kind, n, df)


class _Model:
    """What pooling needs of a fit."""

    def __init__(self, coefficients: np.ndarray, covariance: np.ndarray, method: str, warning: str) -> None:
        self.coefficients, self.covariance, self.method, self.warning = (
            coefficients,
            covariance,
            method,
            warning,
        )


def _model(outcome: np.ndarray, design: np.ndarray) -> _Model:
    """Maximum likelihood; where the covariates separate the groups, Firth's penalised likelihood."""
    fit = logistic(outcome, design)
    if fit.problem == "separation":
        penalised = firth(outcome, design)
        return _Model(penalised.coefficients, penalised.covariance, "logistic regression, Firth", "separated")
    return _Model(fit.coefficients, fit.covariance, "logistic regression, Wald limits", fit.warning)


def _joint(
    fits: Sequence[_Model], names: Sequence[tuple[str, str]], kind: str, n: int, df: float
) -> Iterator[dict[str, Any]]:
    """D1 test of each variable that has several columns."""
    for variable in dict.fromkeys(v for v, _ in names):
        at = [i for i, (v, _) in enumerate(names) if v == variable]
        if len(at) < 2:
            continue
        try:
            test = pool_wald(
                [f.coefficients[at] for f in fits], [f.covariance[np.ix_(at, at)] for f in fits], df
            )
        except NotEnoughData:
            continue
        yield {
            "variable": variable,
            "statistic": f"p_value_{kind}",
            "value": test.p_value,
            "n": n,
            "method": "Wald" if len(fits) == 1 else f"Wald, {test.method}",
        }

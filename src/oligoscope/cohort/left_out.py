"""Variables that a model was asked to hold and could not: each is a row with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from oligoscope.cohort.variables import is_levels
from oligoscope.results.analyses import (
    COMPETING_RISKS,
    MATCHING,
    PREDICTORS,
    SUBGROUPS,
    WEIGHTING,
    Analysis,
)
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic

BLANK, ONE_LEVEL, MISSING, MEASURED = (
    "blank_for_all",
    "one_level_only",
    "missing_and_not_imputed",
    "measured_not_levels",
)
TOO_MANY = "levels_beyond_a_model"
MOST_LEVELS = 50  # a factor of more (a number of the patient, a name) describes no group of patients
GROUPING = "makes_the_groups"
REASONS = (BLANK, ONE_LEVEL, MISSING, MEASURED, TOO_MANY)
NO_COVARIATES = "no_covariates"  # none of those named can be used
# Of each analysis, the statistic that such a row stands for.
_STATISTICS = {
    MATCHING: Statistic.COVARIATE,
    WEIGHTING: Statistic.COVARIATE,
    PREDICTORS: Statistic.ODDS_RATIO_MULTIVARIABLE,
    SUBGROUPS: Statistic.P_VALUE_INTERACTION,
    COMPETING_RISKS: Statistic.P_VALUE_GRAY,
}


def variables_left_out(results: Results) -> list[Estimate]:
    """The rows that say why a variable is not in a model."""
    return [
        e
        for e in results.estimates
        if e.variable and e.statistic == _STATISTICS.get(e.analysis) and e.warning.startswith(REASONS)
    ]


def usable_everywhere(cohorts: Sequence[pl.DataFrame], names: Sequence[str]) -> list[str]:
    """Those of the names that can be used in every one of the cohorts."""
    return [n for n in names if not why_left_out(cohorts, n)]


def why_left_out(cohorts: Sequence[pl.DataFrame], name: str) -> str:
    """Why a variable cannot enter a model of all these patients; blank where it can."""
    columns = [c[name] if name in c.columns else pl.Series(name, [None] * c.height) for c in cohorts]
    if any(v.null_count() == v.len() for v in columns):
        return BLANK
    if any(v.drop_nulls().n_unique() < 2 for v in columns):
        return ONE_LEVEL
    levels = max((v.n_unique() for v in columns if is_levels(v)), default=0)
    if levels > MOST_LEVELS:
        return f"{TOO_MANY} levels={levels} most={MOST_LEVELS}"
    n = max(v.null_count() for v in columns)
    return f"{MISSING} n={n}" if n else ""


def why_not_levels(patients: pl.DataFrame, name: str) -> str:
    """Why a variable has no levels to compare among these patients; those without a value are not asked."""
    known = patients.drop_nulls(name)
    return why_left_out((known,), name) or ("" if is_levels(patients[name]) else MEASURED)


def left_out_rows(
    analysis: Analysis, population: str, cohorts: Sequence[pl.DataFrame], names: Sequence[str],
    outcome: str = "", group: str = "",
) -> Iterator[Estimate]:  # fmt: skip
    """A row without value for each variable that cannot be used; nothing where nobody is there to be looked at."""
    if not cohorts[0].height:
        return
    for name in names:
        reason = why_left_out(cohorts, name)
        if reason:
            yield Estimate(
                analysis=analysis, population=population, outcome=outcome, group=group, variable=name,
                statistic=_STATISTICS[analysis], warning=reason,
            )  # fmt: skip

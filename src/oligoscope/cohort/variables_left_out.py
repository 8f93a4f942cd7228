"""Variables that a model should hold and could not: each is a row with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from oligoscope.cohort.variables import is_levels
from oligoscope.results.analyses import Analysis
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import NO_WARNING, WarningCode, Warnings

MOST_LEVELS = 50  # a factor of more (a number of the patient, a name) describes no group of patients
REASONS = (
    WarningCode.BLANK_FOR_ALL,
    WarningCode.ONE_LEVEL_ONLY,
    WarningCode.MISSING_AND_NOT_IMPUTED,
    WarningCode.MEASURED_NOT_LEVELS,
    WarningCode.LEVELS_BEYOND_A_MODEL,
)


def variables_left_out(results: Results, statistics: Mapping[Analysis, Statistic]) -> list[Estimate]:
    """The rows with the reason why a variable is not in a model; `statistics` are those of such rows besides `covariate`, by analysis."""
    return [
        e
        for e in results.estimates
        if e.variable
        and e.statistic in {statistics.get(e.analysis), Statistic.COVARIATE}
        and e.warning.has(*REASONS)
    ]


def usable_everywhere(cohorts: Sequence[pl.DataFrame], names: Sequence[str]) -> list[str]:
    """Those of the names that can be used in every one of the cohorts."""
    return [n for n in names if not why_left_out(cohorts, n)]


def why_left_out(cohorts: Sequence[pl.DataFrame], name: str) -> Warnings:
    """Why a variable cannot enter a model of all these patients; blank where it can."""
    columns = [c[name] if name in c.columns else pl.Series(name, [None] * c.height) for c in cohorts]
    if any(v.null_count() == v.len() for v in columns):
        return WarningCode.BLANK_FOR_ALL()
    if any(v.n_unique() - (v.null_count() > 0) < 2 for v in columns):
        return WarningCode.ONE_LEVEL_ONLY()
    levels = max((v.n_unique() for v in columns if is_levels(v)), default=0)
    if levels > MOST_LEVELS:
        return WarningCode.LEVELS_BEYOND_A_MODEL(levels=levels, most=MOST_LEVELS)
    n = max(v.null_count() for v in columns)
    return WarningCode.MISSING_AND_NOT_IMPUTED(n=n) if n else NO_WARNING


def why_not_levels(patients: pl.DataFrame, name: str) -> Warnings:
    """Why a variable has no levels to compare among these patients; those without a value do not count."""
    known = patients[[name]].drop_nulls()
    measured = NO_WARNING if is_levels(patients[name]) else WarningCode.MEASURED_NOT_LEVELS()
    return why_left_out((known,), name) or measured


def left_out_rows(
    analysis: Analysis, population: str, cohorts: Sequence[pl.DataFrame], names: Sequence[str],
    outcome: str = "", group: str = "",
) -> Iterator[Estimate]:  # fmt: skip
    """A row without value for each variable that a score cannot hold; none where there are no patients."""
    if not cohorts[0].height:
        return
    for name in names:
        reason = why_left_out(cohorts, name)
        if reason:
            yield Estimate(
                analysis=analysis, population=population, outcome=outcome, group=group, variable=name,
                statistic=Statistic.COVARIATE, warning=reason,
            )  # fmt: skip

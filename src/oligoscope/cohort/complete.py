"""Complete the cohort: m versions by chained equations, outcome and group in the model.

The model holds every matching covariate, every variable of the models of predictors, the group, and of every survival endpoint the event indicator
and its Nelson-Aalen cumulative hazard (White & Royston 2009). Observed values never change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import polars as pl

from oligoscope.cohort.imputation_terms import ORDERED, OUTCOMES
from oligoscope.cohort.imputed_levels import describe_completed
from oligoscope.cohort.variables import as_levels, is_levels, levels_of
from oligoscope.results.analyses import AT_PROGRESSION, IMPUTATION
from oligoscope.results.methods import Method, MethodPart
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit
from oligoscope.results.warnings import NO_WARNING, WarningCode, Warnings, join, of_statistics
from oligoscope.stats.imputation.chained_equations import impute_by_chained_equations
from oligoscope.stats.imputation.imputation_columns import Column, auxiliary, continuous, factor
from oligoscope.stats.imputation.imputation_diagnostics import Trace
from oligoscope.stats.imputation.monte_carlo import imputations_by_missing
from oligoscope.stats.survival.nelson_aalen import nelson_aalen
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.dictionary.populations import PROGRESSED
from oligoscope.study.protocol import BY_MISSING, Protocol
from oligoscope.study.vocabulary import GROUP_COLUMN

# A multinomial model of more levels has hundreds of coefficients that a cohort of hundreds does not determine.
MOST_LEVELS = 20
# Incomplete variables times the columns that predict them: beyond this the chains take minutes, not seconds.
MOST_WORK = 3000
SEED_STAGE = 1  # position of this stage in the study's seed sequence


@dataclass(frozen=True)
class CompletedCohorts:
    """m completed versions of one population; one version where nothing was missing.

    Attributes:
        cohorts: Patients of each version, in the same order.
        imputed: Variables of which values were drawn.
        estimates: Share missing, imputations, warnings.
        series: "imputation/trace": variable, imputation, iteration, mean, sd.
    """

    cohorts: tuple[pl.DataFrame, ...]
    imputed: tuple[str, ...] = ()
    estimates: tuple[Estimate, ...] = ()
    series: dict[str, pl.DataFrame] = field(default_factory=dict)

    @property
    def m(self) -> int:
        return len(self.cohorts)


def impute_cohort(
    patients: pl.DataFrame, protocol: Protocol, by: str, population: str, modelled: Iterable[str] = ()
) -> CompletedCohorts:
    """Complete the variables that matching and other models need, of the patients that have a group.

    Args:
        patients: A population with the grouping column, os_days and os_event.
        protocol: Which variables, how many imputations, the seed.
        by: The grouping column; it is in the model.
        population: Its name, for Results.
        modelled: Variables of the analyses that are done in completed cohorts.
    """
    patients = patients.filter(pl.col(by).is_not_null())
    score = _score_names(protocol, population)
    wanted = dict.fromkeys((*protocol.imputation.variables, *score, *modelled))
    # A column with one value for all has no information and cannot be modelled.
    names = [n for n in wanted if n in patients.columns and patients[n].drop_nulls().n_unique() > 1]
    incomplete = tuple(n for n in names if patients[n].null_count())
    shares = [_share(patients, n, population) for n in incomplete]
    withheld = list(_too_large(patients, names, incomplete, population))
    refused = {e.variable for e in withheld}
    shares += withheld
    names = [n for n in names if n not in refused]
    incomplete = () if "" in refused else tuple(n for n in incomplete if n not in refused)
    if not incomplete or patients.is_empty():
        return CompletedCohorts((patients,), (), tuple(shares))
    columns = [_column(patients, n) for n in names] + _outcome(patients, by)
    seed = np.random.SeedSequence(protocol.study.seed, spawn_key=(SEED_STAGE,))
    with_blank = patients.filter(pl.any_horizontal(pl.col(incomplete).is_null())).height
    asked = protocol.imputation.m
    m = imputations_by_missing(with_blank, patients.height) if asked == BY_MISSING else asked
    found = impute_by_chained_equations(columns, m=m, seed=seed)
    cohorts = tuple(_fill(patients, found.completed(i), incomplete) for i in range(found.m))
    summary = Estimate(
        analysis=IMPUTATION,
        population=population,
        statistic=Statistic.IMPUTATIONS,
        value=found.m,
        n=found.n,
        method=Method(MethodPart.CHAINED_EQUATIONS),
        warning=join(of_statistics(*found.warnings), _left_out(found.left_out)),
    )
    share = replace(
        summary,
        statistic=Statistic.PERCENT_INCOMPLETE,
        value=100 * with_blank / patients.height,
        unit=Unit.PERCENT,
        method=Method(),
        warning=NO_WARNING,
    )
    completed, levels = describe_completed(patients, cohorts, incomplete, by, population)
    series = {"imputation/trace": _trace(found.traces), "imputation/levels": levels}
    return CompletedCohorts(cohorts, incomplete, (summary, share, *shares, *completed), series)


def incomplete_at_progression(patients: pl.DataFrame, protocol: Protocol) -> list[str]:
    """Covariates at progression that are known of some of these patients only, where an analysis adjusts for them.

    Complete ones are not added to the model of imputation: no number of another analysis depends on whether this one is asked.
    """
    if not any(a.kind == AT_PROGRESSION for a in protocol.analyses):
        return []
    names = [n for n in protocol.matching.covariates_at_progression if n in patients.columns]
    return [n for n in names if 0 < patients[n].null_count() < patients.height]


def _score_names(protocol: Protocol, population: str) -> tuple[str, ...]:
    """Covariates of the score; what is known at progression only is drawn only for patients who progressed."""
    later = protocol.matching.covariates_at_progression if population != PROGRESSED.word else ()
    return tuple(n for n in protocol.matching.covariates if n not in later)


def _too_large(
    patients: pl.DataFrame, names: list[str], incomplete: tuple[str, ...], population: str
) -> Iterator[Estimate]:
    """What is not imputed because a model of it would not end or not mean anything; a row without variable: nothing is imputed."""
    keys: dict[str, Any] = {
        "analysis": IMPUTATION,
        "population": population,
        "statistic": Statistic.IMPUTATIONS,
    }
    columns = {n: patients[n].drop_nulls().n_unique() - 1 if is_levels(patients[n]) else 1 for n in names}
    left = []
    for name in incomplete:
        if is_levels(patients[name]) and columns[name] >= MOST_LEVELS:
            many = WarningCode.TOO_MANY_LEVELS(levels=columns[name] + 1, most=MOST_LEVELS)
            yield Estimate(**keys, variable=name, warning=many)
        else:
            left.append(name)
    n_columns = sum(columns.values())
    if len(left) * n_columns > MOST_WORK:
        why = WarningCode.TOO_MANY_TO_IMPUTE(incomplete=len(left), columns=n_columns)
        yield Estimate(**keys, warning=why)


def _share(patients: pl.DataFrame, name: str, population: str) -> Estimate:
    missing, n = patients[name].null_count(), patients.height
    return Estimate(
        analysis=IMPUTATION,
        population=population,
        variable=name,
        statistic=Statistic.PERCENT_MISSING,
        value=100 * missing / n,
        n=n,
        unit=Unit.PERCENT,
    )


def _column(patients: pl.DataFrame, name: str) -> Column:
    values = patients[name]
    if not is_levels(values):
        return continuous(name, values.cast(pl.Float64).fill_null(float("nan")).to_numpy())
    words = as_levels(values)
    return factor(name, words.to_list(), levels_of(name, words), ordered=name in ORDERED)


def _outcome(patients: pl.DataFrame, by: str) -> list[Column]:
    """Group, event and cumulative hazard: complete, used, never imputed."""
    words = as_levels(patients[by])
    levels = levels_of(by, words)
    columns = [
        auxiliary(f"{GROUP_COLUMN}{level}", (words == level).cast(pl.Float64).to_numpy())
        for level in levels[1:]
    ]
    return [*columns, *(column for outcome in OUTCOMES for column in _time_to_event(patients, outcome))]


def _time_to_event(patients: pl.DataFrame, outcome: Outcome) -> list[Column]:
    """Event indicator and Nelson-Aalen hazard of an endpoint; nothing where it was not derived."""
    if outcome.days not in patients.columns or patients[outcome.days].null_count() == patients.height:
        return []
    days = patients[outcome.days].fill_null(0).cast(pl.Float64).to_numpy()
    event = patients[outcome.event].fill_null(0).cast(pl.Float64).to_numpy()
    entry = patients[outcome.entry].fill_null(0).to_numpy() if outcome.entry in patients.columns else None
    hazard = nelson_aalen(days, event, entry=entry)
    return [auxiliary(outcome.event, event), auxiliary(outcome.hazard, hazard)]


def _left_out(left_out: Mapping[str, tuple[str, ...]]) -> Warnings:
    """Predictors a model could not use because they repeat others; constants have no information and are not named."""
    names = sorted({name for used in left_out.values() for name in used if not name.endswith("_event")})
    return WarningCode.PREDICTORS_LEFT_OUT(names=tuple(names)) if names else NO_WARNING


def _fill(patients: pl.DataFrame, completed: dict, incomplete: tuple[str, ...]) -> pl.DataFrame:
    """The patients with the drawn values where there were none."""
    filled = []
    for name in incomplete:
        values = pl.Series(name, list(completed[name]))
        filled.append(values.cast(patients[name].dtype) if patients[name].dtype != values.dtype else values)
    return patients.with_columns(filled)


def _trace(traces: Mapping[str, Trace]) -> pl.DataFrame:
    frames = []
    for name, trace in traces.items():
        m, rounds = trace.means.shape
        columns = {
            "variable": [name] * (m * rounds),
            "imputation": np.repeat(np.arange(1, m + 1), rounds), "iteration": np.tile(np.arange(1, rounds + 1), m),
            "mean": trace.means.ravel(), "sd": trace.sds.ravel(),
        }  # fmt: skip
        frames.append(pl.DataFrame(columns))
    return pl.concat(frames) if frames else pl.DataFrame()

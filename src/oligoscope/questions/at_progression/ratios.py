"""Survival after progression, with and without adjustment for what is known on its first day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

import numpy as np
import polars as pl

from oligoscope.cohort.adjusted_ratios import on_model_scale
from oligoscope.cohort.attempts import NoAnswer, attempt
from oligoscope.cohort.centres import Centres, centre_column, centres_of, fit_cox
from oligoscope.cohort.events_per_variable import too_few_per_variable
from oligoscope.cohort.match import read_covariate
from oligoscope.cohort.matched_sets import WEIGHT, are_weighted, degrees_of_sets, serves_again, set_rows
from oligoscope.cohort.times import Fewest, changes_with_time, entry_column, entry_of, median_proportionality
from oligoscope.cohort.variables import as_levels
from oligoscope.results.methods import Method, MethodPart, Step
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import NO_WARNING, WarningCode, Warnings, join, of_statistics
from oligoscope.stats.arrays import Floats
from oligoscope.stats.imputation.rubin import pool
from oligoscope.stats.regression.design_matrix import design_matrix
from oligoscope.stats.survival.cox import CoxFit
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.months import DAYS_PER_MONTH

_UNIT = "_w"  # the weights of a propensity score


@dataclass(frozen=True, slots=True)
class Compared:
    """Patients of each imputation and how their hazards are compared.

    Attributes:
        rows: Of each imputation: group, months, event, cluster, weight, patient, `x0` and so on; where given, entry.
        names: The covariates `x0` and so on.
        limits: What the limits are robust to.
        is_weighted: Whether patients count by weights.
        is_matched: Whether these are matched patients, whose weights are those of their matching.
        by_sets: Whether clusters are matched sets.
        doubts: What is doubtful about how they were chosen or weighed.
    """

    rows: tuple[pl.DataFrame, ...]
    names: tuple[str, ...]
    limits: MethodPart
    is_weighted: bool = False
    is_matched: bool = False
    by_sets: bool = False
    doubts: Warnings = NO_WARNING

    @property
    def centres(self) -> Centres:
        """Those of the imputation with the fewest, as far as the model takes them."""
        fewest = min((centres_of(r) for r in self.rows), key=lambda found: found.n)
        return fewest.beside(is_robust=self.is_weighted or self.limits != MethodPart.WALD_LIMITS)


def matched_sets(
    cohorts: Sequence[pl.DataFrame], by: str, names: tuple[str, ...], cluster: str | None
) -> Compared:
    """Matched patients, a row for each set they are in; limits are robust to the sets, without them to the patients."""
    weighted, again = are_weighted(cohorts), any(serves_again(c) for c in cohorts)
    people = [set_rows(c) if cluster is not None else c for c in cohorts]
    rows = tuple(_rows(p, by, names, cluster, WEIGHT) for p in people)
    if cluster is not None:
        limits = MethodPart.SET_ROBUST_LIMITS if weighted else MethodPart.PAIR_ROBUST_LIMITS
    else:
        limits = MethodPart.ROBUST_LIMITS if weighted else MethodPart.WALD_LIMITS
    doubts = NO_WARNING
    if again and cluster is not None:
        most = max(int(r["patient"].value_counts()["count"].max() or 0) for r in rows)  # type: ignore[arg-type]
        doubts = WarningCode.CONTROLS_USED_AGAIN(most=most)
    return Compared(
        rows, names, limits, weighted, is_matched=True, by_sets=cluster is not None, doubts=doubts
    )


def all_patients(
    cohorts: Sequence[pl.DataFrame], by: str, names: tuple[str, ...], weights: Sequence[Floats] | None = None,
    doubts: Warnings = NO_WARNING,
) -> Compared:  # fmt: skip
    """All patients, each their own cluster where they are weighted."""
    if weights is None:
        return Compared(
            tuple(_rows(c, by, names, None, None) for c in cohorts), names, MethodPart.WALD_LIMITS
        )
    weighed = (c.with_columns(pl.Series(_UNIT, w)) for c, w in zip(cohorts, weights, strict=True))
    rows = tuple(_rows(c.filter(pl.col(_UNIT) > 0), by, names, None, _UNIT) for c in weighed)
    return Compared(rows, names, MethodPart.ROBUST_LIMITS, is_weighted=True, doubts=doubts)


def _rows(
    people: pl.DataFrame, by: str, names: tuple[str, ...], cluster: str | None, weight: str | None
) -> pl.DataFrame:
    outcome = Outcome.PPS
    return people.select(
        as_levels(people[by]).alias("group"),
        (pl.col(outcome.days) / DAYS_PER_MONTH).alias("months"),
        pl.col(outcome.event).alias("event"),
        pl.col(cluster or "patient_id").cast(pl.String).alias("cluster"),
        (pl.lit(1.0) if weight is None else pl.col(weight)).alias("weight"),
        pl.col("patient_id").cast(pl.String).alias("patient"),
        *(pl.col(name).alias(f"x{i}") for i, name in enumerate(names)),
        **entry_column(people, outcome),
        **centre_column(people),
    ).drop_nulls()


def compare(
    compared: Compared, first: str, fewest: Fewest, minimum_per_variable: float
) -> Iterator[dict[str, Any]]:
    """The hazard ratio of the first group, and the same adjusted for the covariates, each with its P.

    Both are of the same patients, those in whom every covariate is known, so that they differ by the adjustment alone.
    """
    people = [r.unique("patient", maintain_order=True) for r in compared.rows]
    keys: dict[str, Any] = {"n": round(fmean(p.height for p in people))}
    own = [(p["event"].to_numpy(), (p["group"] == first).to_numpy()) for p in people]
    sparse = next((why for died, of in own if (why := fewest.why_not_two(died, of))), NO_WARNING)
    events = [int(died.sum()) for died, _ in own]
    alone = [_design(r, first, ()) for r in compared.rows]
    yield from _ratio(compared, first, alone, events, keys, sparse, adjusted=False)
    if not compared.names:
        why = sparse or WarningCode.NO_COVARIATES()
        yield from _ratio(compared, first, alone, events, keys, why, adjusted=True)
        return
    designs = [_design(r, first, compared.names) for r in compared.rows]
    per_variable = min(e / d.shape[1] for e, d in zip(events, designs, strict=True))
    yield keys | {"statistic": Statistic.EVENTS_PER_PARAMETER, "value": per_variable}
    why = sparse or too_few_per_variable(per_variable, minimum_per_variable)
    yield from _ratio(compared, first, designs, events, keys, why, adjusted=True)


def _design(rows: pl.DataFrame, first: str, names: Sequence[str]) -> Floats:
    """Whether a patient is of the first group, then the covariates; without names the group alone."""
    of_first = (rows["group"] == first).to_numpy().astype(float)[:, None]
    if not names:
        return of_first
    read = [read_covariate(on_model_scale(rows[f"x{i}"].alias(name))) for i, name in enumerate(names)]
    return np.column_stack([of_first, design_matrix(read).values])


def _ratio(
    compared: Compared,
    first: str,
    designs: Sequence[Floats],
    events: list[int],
    keys: dict[str, Any],
    why: Warnings,
    *,
    adjusted: bool,
) -> Iterator[dict[str, Any]]:
    statistic = Statistic.HAZARD_RATIO_ADJUSTED if adjusted else Statistic.HAZARD_RATIO
    test = Statistic.P_VALUE_ADJUSTED if adjusted else Statistic.P_VALUE
    df, few = _degrees(compared, events, max(d.shape[1] for d in designs))
    many = len(compared.rows) > 1
    model = Method(_model(compared, adjusted), MethodPart.EFRON)
    method = compared.centres.cox(model, compared.limits).plus(*few, *([MethodPart.RUBIN] if many else []))
    ratio = keys | {"statistic": statistic, "method": method}
    fits = (
        NoAnswer(why)
        if why
        else attempt(lambda: [_fit(compared, r, d) for r, d in zip(compared.rows, designs, strict=True)])
    )
    if isinstance(fits, NoAnswer):
        yield ratio | {"warning": fits.warning}
        return
    # A crude ratio says that it changes with time, as the same ratio does elsewhere; there those weighted by a score do not.
    is_tested = not adjusted and (compared.is_matched or not compared.is_weighted)
    constant = (
        median_proportionality(compared.rows, first, is_weighted=compared.is_weighted) if is_tested else None
    )
    warning = join(compared.doubts, of_statistics(*(f.warning for f in fits)), changes_with_time(constant))
    analyses = [f.coefficients[0] for f in fits], [float(f.errors_of_limits[0]) ** 2 for f in fits]
    pooled = attempt(lambda: pool(*analyses, df), WarningCode.NOT_CONVERGED())
    if isinstance(pooled, NoAnswer) or any(0 in f.not_estimable for f in fits):
        yield ratio | {"warning": join(WarningCode.NOT_CONVERGED(), warning)}
        return
    value, low, high = (float(np.exp(x)) for x in (pooled.estimate, pooled.low, pooled.high))
    yield ratio | {"value": value, "low": low, "high": high, "warning": warning}
    yield ratio | {"statistic": test, "value": pooled.p_value, "warning": NO_WARNING}


def _model(compared: Compared, adjusted: bool) -> MethodPart:
    if adjusted:
        weighted, plain = (
            MethodPart.WEIGHTED_COX_ADJUSTED_AT_PROGRESSION,
            MethodPart.COX_ADJUSTED_AT_PROGRESSION,
        )
    else:
        weighted, plain = MethodPart.WEIGHTED_COX, MethodPart.COX
    return weighted if compared.is_weighted else plain


def _degrees(compared: Compared, events: list[int], n_columns: int) -> tuple[float, tuple[Step, ...]]:
    """Of one cohort alone: events less columns, of the cohort with the fewest (mice); of few sets their number less 1."""
    df = float(max(min(events) - n_columns, 1)) if len(compared.rows) > 1 else np.inf
    if compared.centres.clusters is not None:
        return compared.centres.degrees(df), ()
    if not compared.by_sets:
        return df, ()
    return degrees_of_sets(df, min(r["cluster"].n_unique() for r in compared.rows))


def _fit(compared: Compared, rows: pl.DataFrame, design: Floats) -> CoxFit:
    robust = compared.limits != MethodPart.WALD_LIMITS
    return fit_cox(
        rows["months"].to_numpy(),
        rows["event"].to_numpy(),
        design,
        centres_of(rows),
        cluster=rows["cluster"].to_numpy() if robust else None,
        weights=rows["weight"].to_numpy() if compared.is_weighted else None,
        entry=entry_of(rows),
    )

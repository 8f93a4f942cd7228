"""The same comparisons in several completed (and matched) cohorts, pooled by Rubin's rules.

Counts are means over the imputations; P of the baseline table and of the log-rank test is the median over them; log
hazard ratios by Rubin's rules with Barnard-Rubin degrees of freedom; curves on log(-log S). With one cohort everything
is that cohort's own. Patients matched otherwise than 1:1 without replacement count by their weights throughout.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any

import numpy as np
import polars as pl

from oligoscope.cohort.attempts import NoAnswer, attempt
from oligoscope.cohort.centres import Centres, centres_of, fit_cox, log_rank_test
from oligoscope.cohort.changing_hazards_pooled import PooledComparison, describe_change_pooled
from oligoscope.cohort.coded_levels import codes_of
from oligoscope.cohort.curves import curve_series, describe_curve
from oligoscope.cohort.matched_sets import SET, WEIGHT, are_weighted, degrees_of_sets, serves_again, set_rows
from oligoscope.cohort.monte_carlo import monte_carlo_rows
from oligoscope.cohort.times import (
    PROPORTIONALITY,
    Fewest,
    caution,
    changes_with_time,
    entry_of,
    median_proportionality,
    survival_rows,
)
from oligoscope.cohort.variables import comparison, levels_of, with_reference
from oligoscope.questions.question import Answer, Asked
from oligoscope.questions.survival.numbers import compare_survival, ratio_rows, withheld_ratio
from oligoscope.results.analyses import SURVIVAL
from oligoscope.results.methods import Method, MethodPart, Step
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import NO_WARNING, WarningCode, Warnings, join, of_statistics
from oligoscope.stats.arrays import Floats
from oligoscope.stats.comparison.e_value import e_value, is_common
from oligoscope.stats.imputation.pooled_curve import PooledCurve, pool_curves
from oligoscope.stats.imputation.pooled_tests import where_median
from oligoscope.stats.imputation.rubin import PooledEstimate, pool
from oligoscope.stats.survival.clustered_score_test import clustered_score_test
from oligoscope.stats.survival.cox import CoxFit
from oligoscope.stats.survival.kaplan_meier import SurvivalCurve, kaplan_meier
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.protocol import AnalysisSettings

BETWEEN = Statistic.VARIANCE_SHARE_BETWEEN_IMPUTATIONS
TWO_WAY = Statistic.HAZARD_RATIO_TWO_WAY


@dataclass(frozen=True, slots=True)
class _Matched:
    """How matched cohorts are compared.

    Attributes:
        cluster: The column of the matched sets; None where the groups compared were not matched with each other.
        weighted: Whether patients count by their weights.
        serve_again: Whether a control may be in several sets.
    """

    cluster: str | None
    weighted: bool
    serve_again: bool

    @property
    def model(self) -> Method:
        return Method(MethodPart.WEIGHTED_COX if self.weighted else MethodPart.COX, MethodPart.EFRON)

    def rows(self, cohort: pl.DataFrame, by: str, outcome: Outcome) -> pl.DataFrame:
        """Group, months, event, and where needed cluster; of weighted patients also weight and patient.

        A control that serves again has a row in each of its sets, as `get_matches` of R's MatchIt.
        """
        if not self.weighted:
            return survival_rows(cohort, by, outcome, self.cluster)
        people = cohort if self.cluster is None else set_rows(cohort)
        of = pl.struct(
            cluster=pl.col(self.cluster or "patient_id").cast(pl.String),
            weight=pl.col(WEIGHT),
            patient=pl.col("patient_id").cast(pl.String),
        )
        return survival_rows(people.with_columns(_of=of), by, outcome, "_of").unnest("cluster")


def compare_survival_pooled(
    cohorts: Sequence[pl.DataFrame],
    settings: AnalysisSettings,
    cluster: str | None = SET,
    minimum_group: int = 0,
) -> tuple[list[Estimate], dict[str, pl.DataFrame]]:
    """Survival of several cohorts as one; standard errors are robust to the clusters (matched sets).

    Where not every weight is 1, all of it is weighted: counts, curves, tests and ratios; standard errors are
    then robust in any case, to the patients where the groups were not matched with each other. A group that is too small
    in one of the cohorts (`minimum_group`, `minimum_events`) is too small.
    """
    fewest = Fewest(minimum_group, settings.minimum_events)
    found: list[Estimate] = []
    series: dict[str, pl.DataFrame] = {}
    how = _Matched(cluster, are_weighted(cohorts), any(serves_again(c) for c in cohorts))
    for outcome in settings.outcomes:
        rows = [how.rows(c, settings.by, outcome) for c in cohorts]
        groups = with_reference(
            levels_of(settings.by, pl.concat([r["group"] for r in rows])), settings.reference
        )
        keys: dict[str, Any] = {"analysis": SURVIVAL, "population": settings.population, "outcome": outcome}
        members = {g: [r.filter(r["group"] == g) for r in rows] for g in groups}
        curves = {g: _pooled_curve(own, how) for g, own in members.items()}
        sizes = {g: [_patients(m)["event"] for m in own] for g, own in members.items()}
        for group, curve in curves.items():
            is_small = min(map(len, sizes[group])) < minimum_group
            small = WarningCode.GROUP_TOO_SMALL(minimum=minimum_group) if is_small else NO_WARNING
            empty = [*map(len, sizes[group])].count(0)
            described = describe_curve(curve, withheld=small, n_without=empty)
            found += [Estimate(**keys, group=group, **row) for row in described]
        if len(groups) == 2:
            word = caution(settings.by, outcome)
            own = [event for of_group in sizes.values() for event in of_group]
            sparse = fewest.why_not(map(len, own), map(_events, own))
            made = _compare(rows, groups, settings, sparse, word, how)
            found += [Estimate(**keys, **{"group": comparison(groups), **row}) for row in made]
        undrawn = [g for g, own in sizes.items() if fewest.why_not(map(len, own), map(_events, own))]
        series |= curve_series(f"{settings.population}/{settings.by}/{outcome}", curves, undrawn)
    return found, series


def _pooled_curve(members: Sequence[pl.DataFrame], how: _Matched) -> PooledCurve:
    # A small group may have no patient left in one of the imputations: it is then smaller than any limit, and no more of
    # this curve is printed than the counts, to which that imputation adds none.
    return pool_curves([_curve(m, how.serve_again) for m in members if not m.is_empty()])


def _curve(members: pl.DataFrame, serve_again: bool) -> SurvivalCurve:
    months, event = members["months"].to_numpy(), members["event"].to_numpy()
    if "weight" not in members.columns:
        return kaplan_meier(months, event, entry=entry_of(members))
    # Of one group: copies of a patient who serves again are one patient, whichever sets they are in.
    cluster = members["patient" if serve_again else "cluster"]
    return kaplan_meier(
        months,
        event,
        weights=members["weight"],
        cluster=cluster,
        patient=members["patient"],
        entry=entry_of(members),
    )


def _events(event: pl.Series) -> int:
    return int(event.sum())


def _patients(rows: pl.DataFrame) -> pl.DataFrame:
    """Each patient once, however many sets they are in."""
    return rows.unique("patient", maintain_order=True) if "patient" in rows.columns else rows


def _compare(
    rows: Sequence[pl.DataFrame],
    groups: tuple[str, ...],
    settings: AnalysisSettings,
    sparse: Warnings,
    word: Warnings,
    how: _Matched,
) -> Iterator[dict[str, Any]]:
    people = [_patients(r) for r in rows]
    n = round(float(np.mean([p.height for p in people])))
    again = _used_again(rows, how)
    tested = list(_log_rank(rows, groups, n, sparse, join(again, word), how))
    yield from tested
    # Where no two patients of the groups were at risk together, a ratio would be 1 whatever they are.
    untested = tested[0]["warning"] if "value" not in tested[0] else NO_WARNING
    many = len(rows) > 1
    of_sets = _complete_df(rows, people, how, many)
    centres = _fewest_centres(rows).beside(
        is_robust=any(c in r.columns for r in rows for c in ("cluster", "weight"))
    )
    df, few = of_sets if centres.clusters is None else (centres.degrees(_events_df(people, many)), ())
    method = centres.cox(how.model, _limits(rows, how)).plus(*few, *([MethodPart.RUBIN] if many else []))
    fits = NoAnswer(untested) if untested else attempt(lambda: [_fit(r, groups[0]) for r in rows])
    if isinstance(fits, NoAnswer):
        yield from withheld_ratio({"n": n, "method": method, "warning": fits.warning})
        return
    constant = median_proportionality(rows, groups[0], is_weighted=how.weighted)
    warning = join(of_statistics(*(f.warning for f in fits)), changes_with_time(constant), again, word)
    analyses = [f.coefficients[0] for f in fits], [float(f.errors_of_limits[0]) ** 2 for f in fits]
    pooled = attempt(lambda: pool(*analyses, df))
    keys: dict[str, Any] = {"n": n, "method": method, "warning": warning}
    if isinstance(pooled, NoAnswer):
        keys["warning"] = join(WarningCode.NOT_CONVERGED(), warning)
        yield {**keys, "statistic": Statistic.HAZARD_RATIO}
        return
    ratio = _ratio_of(pooled)
    yield from ratio_rows(keys, ratio, pooled.estimate, pooled.standard_error, pooled.p_value)
    yield from _two_way(rows, groups[0], df, n, how)
    if many:
        yield {**keys, "statistic": BETWEEN, "value": pooled.lambda_}
        yield from ({"n": n} | row for row in monte_carlo_rows(*analyses, df))
    if constant is not None:
        method = centres.within(Method(MethodPart.GRAMBSCH_THERNEAU)).plus(*_over(many))
        yield {"statistic": PROPORTIONALITY, "value": constant, "n": n, "method": method}
    if changes_with_time(constant):
        steps = Method(_limits(rows, how), *of_sets[1], *([MethodPart.RUBIN] if many else []))
        of = PooledComparison(n, of_sets[0], steps, join(again, word))
        yield from describe_change_pooled(rows, groups, settings, of)
    if how.cluster is None:
        return  # these groups were not matched with each other; an E-value would suggest a balance that was not sought
    yield {"n": n, "warning": word} | _e_value(people, *ratio)


def _ratio_of(pooled: PooledEstimate) -> tuple[float, float, float]:
    """A pooled log hazard ratio as a ratio, with its limits."""
    ratio, low, high = (float(np.exp(x)) for x in (pooled.estimate, pooled.low, pooled.high))
    return ratio, low, high


def _e_value(people: Sequence[pl.DataFrame], ratio: float, low: float, high: float) -> dict[str, Any]:
    common = is_common(fmean(float(p["event"].mean() or 0) for p in people))  # type: ignore[arg-type]
    value = e_value(ratio, low, high, measure="hazard_ratio", common_outcome=common)
    return {
        "statistic": Statistic.E_VALUE,
        "value": value.estimate,
        "low": value.limit,
        "method": Method(MethodPart.E_VALUE, *([] if common else [MethodPart.RARE_OUTCOME])),
    }


def _over(many: bool) -> tuple[MethodPart, ...]:
    return (MethodPart.MEDIAN_P,) if many else ()


def _limits(rows: Sequence[pl.DataFrame], how: _Matched) -> MethodPart:
    if not any("cluster" in r.columns for r in rows):
        return MethodPart.WALD_LIMITS
    if not how.weighted:
        return MethodPart.PAIR_ROBUST_LIMITS
    return MethodPart.SET_ROBUST_LIMITS if how.cluster is not None else MethodPart.ROBUST_LIMITS


def _used_again(rows: Sequence[pl.DataFrame], how: _Matched) -> Warnings:
    """The caution of limits robust to the sets, where one control is in many of them."""
    if how.cluster is None or not how.serve_again:
        return NO_WARNING
    most = max(int(r["patient"].value_counts()["count"].max() or 0) for r in rows)  # type: ignore[arg-type]
    return WarningCode.CONTROLS_USED_AGAIN(most=most)


def _two_way(
    rows: Sequence[pl.DataFrame], first: str, df: float, n: int, how: _Matched
) -> Iterator[dict[str, Any]]:
    """The ratio with limits that hold where a control is in several sets: variance by sets, plus by patients, less both.

    References:
        Austin & Cafri, Stat Med 2020, 39:1623; the small-sample factors k / (k - 1) as in MatchIt's vignette.
    """
    if how.cluster is None or not how.serve_again or _fewest_centres(rows).clusters is not None:
        return
    method = Method(MethodPart.WEIGHTED_COX, MethodPart.EFRON, MethodPart.TWO_WAY_LIMITS)
    method = method.plus(MethodPart.RUBIN) if len(rows) > 1 else method
    keys: dict[str, Any] = {"n": n, "method": method}

    def over_sets() -> PooledEstimate:
        # A difference of variances may come out below 0; `pool` refuses it.
        ratios = [_fit(r, first).coefficients[0] for r in rows]
        return pool(ratios, [_two_way_variance(r, first) for r in rows], df)

    pooled = attempt(over_sets, WarningCode.NOT_CONVERGED())
    if isinstance(pooled, NoAnswer):
        yield {**keys, "statistic": TWO_WAY, "warning": pooled.warning}
        return
    ratio, low, high = _ratio_of(pooled)
    yield {**keys, "statistic": TWO_WAY, "value": ratio, "low": low, "high": high}
    yield {**keys, "variable": "two_way", "statistic": Statistic.P_VALUE, "value": pooled.p_value}


def _two_way_variance(rows: pl.DataFrame, first: str) -> float:
    total = 0.0
    both = rows.select(pl.concat_str("cluster", "patient", separator="\x1f"))["cluster"]
    for labels, sign in ((rows["cluster"], 1), (rows["patient"], 1), (both, -1)):
        k = labels.n_unique()
        error = float(_fit(rows.with_columns(cluster=labels), first).errors_of_limits[0])
        total += sign * (k / (k - 1) if k > 1 else 1.0) * error**2
    return total


def _fit(rows: pl.DataFrame, first: str) -> CoxFit:
    cluster = rows["cluster"].to_numpy() if "cluster" in rows.columns else None
    design = (rows["group"] == first).to_numpy().astype(float)[:, None]
    months, event = rows["months"].to_numpy(), rows["event"].to_numpy()
    return fit_cox(
        months, event, design, centres_of(rows), cluster=cluster, weights=_weights(rows), entry=entry_of(rows)
    )


def _weights(rows: pl.DataFrame) -> Floats | None:
    return rows["weight"].to_numpy() if "weight" in rows.columns else None


def _complete_df(
    rows: Sequence[pl.DataFrame], people: Sequence[pl.DataFrame], how: _Matched, many: bool
) -> tuple[float, tuple[Step, ...]]:
    """Degrees of freedom of one cohort alone, and what the method says of them.

    Several cohorts: events minus coefficients of the smallest, as mice takes it for a Cox model; one: none.
    """
    df = _events_df(people, many)
    if how.cluster is None or not all("cluster" in r.columns for r in rows):
        return df, ()
    return degrees_of_sets(df, min(r["cluster"].n_unique() for r in rows))


def _events_df(people: Sequence[pl.DataFrame], many: bool) -> float:
    """Of several cohorts, events of that with the fewest less the one coefficient, at least 1; of one infinite."""
    return float(max(min(int(p["event"].sum()) for p in people) - 1, 1)) if many else np.inf


def _fewest_centres(rows: Sequence[pl.DataFrame]) -> Centres:
    """The centres of the imputation with the fewest."""
    return min((centres_of(r) for r in rows), key=lambda found: found.n)


def _log_rank(
    rows: Sequence[pl.DataFrame],
    groups: tuple[str, ...],
    n: int,
    sparse: Warnings,
    warning: Warnings,
    how: _Matched,
) -> Iterator[dict[str, Any]]:
    """P, the median over the imputations, and the chi-square of the imputation whose P it is.

    D2 knows the chi-squares alone: where they differ much, as after matching, its F is negative and its P exactly 1.
    """
    own = Method(MethodPart.LOG_RANK if not how.weighted else MethodPart.WEIGHTED_LOG_RANK)
    centres = _fewest_centres(rows)
    # There is no weighted test within strata: it is made of all patients, and says that it ignores the centres.
    test = own if how.weighted and centres.clusters is None else centres.test(own)
    keys = {"variable": "log_rank", "n": n, "method": test.plus(*_over(len(rows) > 1))}
    tests = NoAnswer(sparse) if sparse else attempt(lambda: [_chi_square(r, groups) for r in rows])
    if isinstance(tests, NoAnswer):
        yield {**keys, "statistic": Statistic.P_VALUE, "warning": tests.warning}
        return
    yield {**keys, "statistic": Statistic.P_VALUE, "value": median(p for _, p in tests), "warning": warning}
    at = where_median([p for _, p in tests])
    if at is not None:
        yield {**keys, "statistic": Statistic.TEST_STATISTIC, "value": tests[at][0]}


def _chi_square(rows: pl.DataFrame, groups: tuple[str, ...]) -> tuple[float, float]:
    """The log-rank statistic of one cohort, and its P."""
    months, event = rows["months"].to_numpy(), rows["event"].to_numpy()
    codes = codes_of(rows["group"], groups)
    weights, centres, entry = _weights(rows), centres_of(rows), entry_of(rows)
    if weights is None or centres.clusters is not None:
        return log_rank_test(months, event, codes, centres, entry=entry, weights=weights)
    cluster = rows["cluster"].to_numpy()
    robust = clustered_score_test(months, event, codes, weights, cluster, entry=entry)
    return float(robust.statistic or 0.0), robust.p_value


def answer(asked: Asked) -> Answer:
    """Every outcome asked for, in the cohort as it is or over the matched cohorts."""
    minimum_group = asked.matching.minimum_group
    if asked.is_matched:
        return compare_survival_pooled(asked.cohorts, asked.settings, asked.cluster, minimum_group)
    return compare_survival(asked.patients, asked.settings, minimum_group)

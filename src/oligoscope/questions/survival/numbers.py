"""How long, by group: Kaplan-Meier, log-rank and Cox; sparse comparisons are withheld, not printed.

Where proportional hazards are rejected, restricted means and ratios by period are given beside the hazard ratio.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from oligoscope.cohort.attempts import NoAnswer, attempt
from oligoscope.cohort.centres import Centres, centre_column, centres_of, log_rank_test
from oligoscope.cohort.changing_hazards import describe_change
from oligoscope.cohort.coded_levels import codes_of
from oligoscope.cohort.curves import curve_series, describe_curve
from oligoscope.cohort.events_per_variable import too_few_per_variable
from oligoscope.cohort.risk_sets import doubts_of_entry
from oligoscope.cohort.small_samples import first_ratio, rows_with_test
from oligoscope.cohort.times import (
    COX,
    DAYS_PER_MONTH,
    PROPORTIONALITY,
    Fewest,
    caution,
    changes_with_time,
    entry_column,
    entry_of,
    proportionality,
    survival_rows,
)
from oligoscope.cohort.variables import as_levels, column_of, comparison, levels_of, with_reference
from oligoscope.results.analyses import SURVIVAL
from oligoscope.results.methods import Method, MethodPart
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit
from oligoscope.results.warnings import NO_WARNING, WarningCode, Warnings, join
from oligoscope.stats.survival.kaplan_meier import ConfType, SurvivalCurve, kaplan_meier
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.protocol import AnalysisSettings


def compare_survival(
    patients: pl.DataFrame, settings: AnalysisSettings, minimum_group: int = 0
) -> tuple[list[Estimate], dict[str, pl.DataFrame]]:
    """Every outcome of the analysis over its groups; estimates and the series of the curves.

    Args:
        patients: Of the population.
        settings: by, outcomes, reference, minimum_events.
        minimum_group: The fewest patients of a group that is described by more than its size.
    """
    fewest = Fewest(minimum_group, settings.minimum_events)
    estimates: list[Estimate] = []
    series: dict[str, pl.DataFrame] = {}
    for outcome in settings.outcomes:
        rows = survival_rows(patients, settings.by, outcome)
        groups = with_reference(levels_of(settings.by, rows["group"]), settings.reference)
        members = {g: rows.filter(pl.col("group") == g) for g in groups}
        curves = {g: _curve(own) for g, own in members.items()}
        word = caution(settings.by, outcome)
        keys: dict[str, Any] = {"analysis": SURVIVAL, "population": settings.population, "outcome": outcome}
        for group, curve in curves.items():
            small = (
                WarningCode.GROUP_TOO_SMALL(minimum=minimum_group) if curve.n < minimum_group else NO_WARNING
            )
            plain = _plain_median(_curve(members[group], "plain"), small)
            described = (*describe_curve(curve, withheld=small), plain)
            estimates += [Estimate(**keys, group=group, **row) for row in described]
        if not groups:
            empty: dict[str, Any] = {"n": 0, "unit": Unit.MONTHS, "warning": WarningCode.NO_PATIENTS()}
            estimates.append(Estimate(**keys, statistic=Statistic.MEDIAN, **empty))
        if len(groups) >= 2:
            found = (
                *_compare(rows, groups, settings, fewest, word),
                *_adjusted(patients, settings, outcome, groups, fewest),
            )
            estimates += [Estimate(**keys, **{"group": comparison(groups), **row}) for row in found]
        undrawn = [g for g, c in curves.items() if fewest.why_not((c.n,), (c.n_with_event,))]
        series |= curve_series(f"{settings.population}/{settings.by}/{outcome}", curves, undrawn)
    return estimates, series


def _curve(members: pl.DataFrame, limits: ConfType = "log-log") -> SurvivalCurve:
    months, event = members["months"].to_numpy(), members["event"].to_numpy()
    return kaplan_meier(months, event, limits, entry=entry_of(members))


def _plain_median(curve: SurvivalCurve, withheld: Warnings) -> dict:
    """The same median with limits on the plain scale, beside which older papers can be read."""
    median = curve.median()
    if withheld:
        return {"statistic": Statistic.MEDIAN_PLAIN, "n": curve.n, "unit": Unit.MONTHS, "warning": withheld}
    return {
        "statistic": Statistic.MEDIAN_PLAIN, "value": median.value, "low": median.low, "high": median.high, "n": curve.n,
        "unit": Unit.MONTHS, "method": Method(MethodPart.KAPLAN_MEIER, MethodPart.PLAIN_LIMITS),
        "warning": join(doubts_of_entry((curve,)), NO_WARNING if median.value is not None else WarningCode.NOT_REACHED()),
    }  # fmt: skip


def _compare(
    rows: pl.DataFrame, groups: tuple[str, ...], settings: AnalysisSettings, fewest: Fewest, word: Warnings
) -> Iterator[dict]:
    """Log-rank over all groups; hazard ratio of the first against the second where there are two."""
    months, event, entry = rows["months"].to_numpy(), rows["event"].to_numpy(), entry_of(rows)
    label, centres = codes_of(rows["group"], groups), centres_of(rows)
    n = rows.height
    own = [label == i for i in range(len(groups))]
    sparse = fewest.why_not((int(o.sum()) for o in own), (int(event[o].sum()) for o in own))
    test = (
        NoAnswer(sparse)
        if sparse
        else attempt(lambda: log_rank_test(months, event, label, centres, entry=entry))
    )
    keys: dict[str, Any] = {"variable": "log_rank", "n": n, "method": centres.log_rank}
    if isinstance(test, NoAnswer):
        yield {**keys, "statistic": Statistic.P_VALUE, "warning": test.warning}
    else:
        chi_squared, p = test
        yield {**keys, "statistic": Statistic.P_VALUE, "value": p, "warning": word}
        yield {**keys, "statistic": Statistic.TEST_STATISTIC, "value": chi_squared}
    if len(groups) == 2:
        first = label == 0
        # Where no two patients of the groups were at risk together, a ratio would be 1 whatever they are.
        untested = test.warning if isinstance(test, NoAnswer) else NO_WARNING
        ratio = list(_hazard_ratio(months, event, first, settings, sparse or untested, word, entry, centres))
        yield from ratio
        if any(r.get("warning", NO_WARNING).has(WarningCode.NON_PROPORTIONAL) for r in ratio):
            both = groups[0], groups[1]
            yield from describe_change(months, event, first, both, settings, word, entry)


def _hazard_ratio(
    months: np.ndarray,
    event: np.ndarray,
    first: np.ndarray,
    settings: AnalysisSettings,
    sparse: Warnings,
    word: Warnings,
    entry: np.ndarray | None,
    centres: Centres,
) -> Iterator[dict]:
    design = first.astype(float)[:, None]
    found = (
        NoAnswer(sparse) if sparse else first_ratio(months, event, design, entry, settings, centres=centres)
    )
    keys: dict[str, Any] = {"n": len(months)}
    if isinstance(found, NoAnswer):
        why = found.warning if sparse else join(found.warning, word)
        yield from withheld_ratio({**keys, "method": COX, "warning": why})
        return
    constant = proportionality(months, event, design, entry, centres.strata)
    keys |= {"method": found.method, "warning": join(found.warning, changes_with_time(constant), word)}
    rows = ratio_rows(keys, found.ratio, found.log, found.error, found.p_value)
    yield from rows_with_test(rows, found.test)
    if constant is not None:
        method = centres.within(Method(MethodPart.GRAMBSCH_THERNEAU))
        yield {"statistic": PROPORTIONALITY, "value": constant, "n": len(months), "method": method}


def ratio_rows(
    keys: dict[str, Any], ratio: tuple[float, float, float], log: float, error: float, p: float
) -> Iterator[dict[str, Any]]:
    """A hazard ratio with its limits, its logarithm with the standard error, and its P."""
    value, low, high = ratio
    yield {**keys, "statistic": Statistic.HAZARD_RATIO, "value": value, "low": low, "high": high}
    yield {**keys, "statistic": Statistic.LOG_HAZARD_RATIO, "value": log}
    yield {**keys, "statistic": Statistic.LOG_HAZARD_RATIO_SE, "value": error}
    yield {**keys, "variable": "cox", "statistic": Statistic.P_VALUE, "value": p}


def withheld_ratio(keys: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A hazard ratio and its P without a number."""
    yield {**keys, "statistic": Statistic.HAZARD_RATIO}
    yield {**keys, "variable": "cox", "statistic": Statistic.P_VALUE}


def _adjusted(
    patients: pl.DataFrame, settings: AnalysisSettings, outcome: str, groups: tuple[str, ...], fewest: Fewest
) -> Iterator[dict]:
    """After progression: the hazard ratio of two groups that progressed equally late and were equally fit.

    The time to progression, on a log scale, is known when the clock starts and goes with what follows; so does the
    performance status (at baseline: that at progression is not recorded).
    """
    # Types of resistance are made of the time to progression: adjusting for it would take out what defines them.
    is_meant = settings.by == "pattern" and outcome == Outcome.PPS and len(groups) == 2
    if not is_meant or "pfs_days" not in patients.columns:
        return
    has_ecog = "ecog" in patients.columns and patients["ecog"].drop_nulls().n_unique() > 1
    ecog = pl.col("ecog").cast(pl.String).cast(pl.Float64, strict=False) if has_ecog else pl.lit(0.0)
    progressed = patients.filter(pl.col("pfs_days") > 0)
    rows = progressed.select(
        as_levels(column_of(progressed, settings.by)).alias("group"),
        months=pl.col("pps_days") / DAYS_PER_MONTH,
        event=pl.col("pps_event"),
        late=pl.col("pfs_days").log(),
        ecog=ecog,
        **entry_column(progressed, Outcome.PPS),
        **centre_column(progressed),
    ).drop_nulls()
    first, event = (rows["group"] == groups[0]).to_numpy(), rows["event"].to_numpy()
    if fewest.why_not_two(event, first):
        return
    columns = [first.astype(float), rows["late"].to_numpy(), *([rows["ecog"].to_numpy()] if has_ecog else [])]
    months, design = rows["months"].to_numpy(), np.column_stack(columns)
    per_variable = float(event.sum()) / design.shape[1]
    few = too_few_per_variable(per_variable, settings.minimum_events_per_variable)
    part = MethodPart.COX_ADJUSTED_FOR_TIME_AND_ECOG if has_ecog else MethodPart.COX_ADJUSTED_FOR_TIME
    model, centres = Method(part), centres_of(rows)
    found = first_ratio(
        months, event, design, entry_of(rows), settings, model=model, few=few, centres=centres
    )
    yield {"n": rows.height, "statistic": Statistic.EVENTS_PER_PARAMETER, "value": per_variable}
    ratio = {"n": rows.height, "statistic": Statistic.HAZARD_RATIO_ADJUSTED, "warning": found.warning}
    if isinstance(found, NoAnswer):
        yield ratio | {"method": centres.cox(model.plus(MethodPart.EFRON))}
        return
    yield ratio | found.fields
    test = {"n": rows.height, "method": found.test, "statistic": Statistic.P_VALUE_ADJUSTED}
    yield test | {"value": found.p_value}

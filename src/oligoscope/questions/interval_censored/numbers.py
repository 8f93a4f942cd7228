"""PFS of groups whose progression is known to lie between two assessments, and how often each group was assessed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import polars as pl

from oligoscope.cohort.attempts import NoAnswer, attempt, rows_of_test
from oligoscope.cohort.curves import at_risk_frame, curve_frame
from oligoscope.cohort.times import COX, Fewest, caution, entry_column, entry_of, ratio_of
from oligoscope.cohort.variables import as_levels, column_of, comparison, levels_of, with_reference
from oligoscope.questions.interval_censored.question import INTERVAL_CENSORED
from oligoscope.questions.question import Answer, Asked
from oligoscope.results.methods import Method, MethodPart
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit
from oligoscope.results.warnings import WarningCode, Warnings
from oligoscope.stats.comparison.value_tests import mann_whitney_u
from oligoscope.stats.survival.cox import cox
from oligoscope.stats.survival.interval_censored import (
    IntervalCurve,
    Intervals,
    WeibullFit,
    fit_weibull,
    read_intervals,
    turnbull,
)
from oligoscope.stats.survival.kaplan_meier import kaplan_meier
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.dictionary.reported import AS_DATED, ASSESSMENT_INTERVAL, GAP_AT_EVENT
from oligoscope.study.months import DAYS_PER_MONTH
from oligoscope.study.protocol import AnalysisSettings

N_ASSESSMENTS = "n_assessments"
SERIES = "interval"
_NPMLE, _WEIBULL = Method(MethodPart.TURNBULL), Method(MethodPart.WEIBULL, MethodPart.WALD_LIMITS)
_UNITS: Mapping[str, Unit] = {
    N_ASSESSMENTS: Unit.VISITS, ASSESSMENT_INTERVAL.name: Unit.MONTHS, GAP_AT_EVENT.name: Unit.MONTHS,
}  # fmt: skip


def compare_intervals(
    patients: pl.DataFrame, settings: AnalysisSettings, minimum_group: int = 0
) -> tuple[list[Estimate], dict[str, pl.DataFrame]]:
    """Each group's curve, medians and schedule of assessments; of two groups the ratios and tests.

    Returns:
        Rows, and the series of the picture: the curve of the times as dated with the bounds of the nonparametric curve.
    """
    keys: dict[str, Any] = {
        "analysis": INTERVAL_CENSORED.kind,
        "population": settings.population,
        "outcome": Outcome.PFS,
    }
    rows = interval_rows(patients, settings.by)
    if rows.is_empty():
        row = {"statistic": Statistic.MEDIAN_BETWEEN, "warning": WarningCode.NO_DATED_ASSESSMENT()}
        return [Estimate(**keys, **row)], {}
    groups = with_reference(levels_of(settings.by, rows["group"]), settings.reference)
    fewest = Fewest(minimum_group, settings.minimum_events)
    found: list[dict[str, Any]] = []
    drawn: dict[str, tuple[pl.DataFrame, IntervalCurve | NoAnswer]] = {}
    for group in groups:
        own = rows.filter(pl.col("group") == group)
        why = fewest.why_not((own.height,), (int(own["event"].sum()),))
        curve = _curve(own, why)
        found += [{"group": group, **row} for row in _of_group(own, curve, why)]
        if not why:
            drawn[group] = own, curve
    if len(groups) == 2:
        found += [{"group": comparison(groups), **row} for row in _compare(rows, groups, fewest, settings.by)]
    return [Estimate(**keys, **row) for row in found], _series(drawn, settings)


def interval_rows(patients: pl.DataFrame, by: str) -> pl.DataFrame:
    """Patients with a group and a known interval: group, lower, months, event, assessments, between, gap and, where given, entry.

    Months: `lower` is the last assessment before the end, `months` the end as dated, `between` the mean time between
    assessments in the first half-year (blank without one), `gap` the width of the interval of an event.
    """
    lower, months = pl.col("pfs_lower_days"), pl.col(Outcome.PFS.days)
    event = pl.col(Outcome.PFS.event)
    known = pl.all_horizontal(pl.col("group", "lower", "months", "event").is_not_null())
    if Outcome.PFS.entry in patients.columns:
        known &= pl.col("entry").is_not_null()
    rows = patients.select(
        as_levels(column_of(patients, by)).alias("group"),
        (lower / DAYS_PER_MONTH).alias("lower"),
        (months / DAYS_PER_MONTH).alias("months"),
        event.alias("event"),
        pl.col(N_ASSESSMENTS).cast(pl.Float64).alias("assessments"),
        (pl.col("assessment_interval_days") / DAYS_PER_MONTH).alias("between"),
        pl.when(event == 1).then((months - lower) / DAYS_PER_MONTH).alias("gap"),
        **entry_column(patients, Outcome.PFS),
    )
    # Sums must not depend on the order of the patients.
    order = ("group", "months", "lower", "event", "between", "assessments")
    return rows.filter(known & (pl.col("lower") <= pl.col("months"))).sort(order)


def intervals_of(rows: pl.DataFrame) -> Intervals:
    """The intervals of `interval_rows`; those without an event have no right end. An event on the day of the start is exact
    to half a day."""
    event = rows["event"].to_numpy() == 1
    right = np.where(event, np.maximum(rows["months"].to_numpy(), 0.5 / DAYS_PER_MONTH), np.inf)
    return read_intervals(np.minimum(rows["lower"].to_numpy(), right), right)


def _of_group(rows: pl.DataFrame, curve: IntervalCurve | NoAnswer, why: Warnings) -> Iterator[dict[str, Any]]:
    n, events = rows.height, int(rows["event"].sum())
    yield {"statistic": Statistic.N, "value": n, "n": n, "unit": Unit.PATIENTS}
    yield {"statistic": Statistic.EVENTS, "value": events, "n": n, "unit": Unit.EVENTS}
    for variable, values in _schedule(rows).items():
        known = values.drop_nulls()
        if known.len():
            low, middle, high = np.quantile(known.to_numpy(), [0.25, 0.5, 0.75])
            yield {
                "statistic": Statistic.MEDIAN, "variable": variable, "value": float(middle), "low": float(low), "high": float(high),
                "n": known.len(), "unit": _UNITS[variable],
            }  # fmt: skip
    keys = {"n": n, "unit": Unit.MONTHS}
    yield {**keys, "statistic": Statistic.MEDIAN_BETWEEN, "method": _NPMLE, **_median_between(curve)}
    yield {**keys, "statistic": Statistic.MEDIAN, "method": _WEIBULL, **_weibull_median(rows, why)}


def _schedule(rows: pl.DataFrame) -> dict[str, pl.Series]:
    return {
        N_ASSESSMENTS: rows["assessments"],
        ASSESSMENT_INTERVAL.name: rows["between"],
        GAP_AT_EVENT.name: rows["gap"],
    }


def _median_between(curve: IntervalCurve | NoAnswer) -> dict[str, Any]:
    """The interval in which the nonparametric curve falls to a half: `low` and `high`, and its end as the value."""
    if isinstance(curve, NoAnswer):
        return {"warning": curve.warning}
    median = curve.median()
    if median is None:
        return {"warning": WarningCode.NOT_REACHED()}
    return {"value": median[1], "low": median[0], "high": median[1]}


def _curve(rows: pl.DataFrame, why: Warnings) -> IntervalCurve | NoAnswer:
    if not why and _is_late(rows):
        why = WarningCode.NO_DELAYED_ENTRY()
    return NoAnswer(why) if why else attempt(lambda: turnbull(intervals_of(rows)))


def _is_late(rows: pl.DataFrame) -> bool:
    return "entry" in rows.columns and bool((rows["entry"] > 0).any())


def _weibull_median(rows: pl.DataFrame, why: Warnings) -> dict[str, Any]:
    alone = np.zeros((rows.height, 0))
    fit = NoAnswer(why) if why else attempt(lambda: fit_weibull(intervals_of(rows), alone, entry_of(rows)))
    if isinstance(fit, NoAnswer):
        return {"warning": fit.warning}
    return dict(zip(("value", "low", "high"), fit.median([]), strict=True))


def _compare(
    rows: pl.DataFrame, groups: tuple[str, ...], fewest: Fewest, by: str
) -> Iterator[dict[str, Any]]:
    first = (rows["group"] == groups[0]).to_numpy()
    why, word = fewest.why_not_two(rows["event"].to_numpy(), first), caution(by, Outcome.PFS)
    design = first.astype(float)[:, None]
    keys: dict[str, Any] = {"n": rows.height, "method": _WEIBULL}
    fit = NoAnswer(why) if why else attempt(lambda: fit_weibull(intervals_of(rows), design, entry_of(rows)))
    yield from _ratio_rows(fit, keys, word)
    dated = NoAnswer(why) if why else attempt(
        lambda: cox(rows["months"].to_numpy(), rows["event"].to_numpy(), design, entry=entry_of(rows))
    )  # fmt: skip
    keys = {"n": rows.height, "method": COX, "variable": AS_DATED.name}
    if isinstance(dated, NoAnswer):
        yield {**keys, "statistic": Statistic.HAZARD_RATIO, "warning": dated.warning}
    else:
        yield {**keys, "statistic": Statistic.HAZARD_RATIO, **ratio_of(dated), "warning": word}
        yield {**keys, "statistic": Statistic.P_VALUE, "value": float(dated.p_values[0]), "warning": word}
    yield from _schedule_tests(rows, first, fewest.patients)


def _ratio_rows(fit: WeibullFit | NoAnswer, keys: dict[str, Any], word: Warnings) -> Iterator[dict[str, Any]]:
    if isinstance(fit, NoAnswer):
        yield {**keys, "statistic": Statistic.HAZARD_RATIO, "warning": fit.warning}
        return
    low, value, high = (float(x) for x in fit.ratio(0))
    yield {
        **keys, "statistic": Statistic.HAZARD_RATIO, "value": value, "low": low, "high": high, "warning": word,
    }  # fmt: skip
    yield {**keys, "statistic": Statistic.P_VALUE, "value": fit.p_value(0), "warning": word}


def _schedule_tests(rows: pl.DataFrame, first: np.ndarray, minimum: int) -> Iterator[dict[str, Any]]:
    """Whether one group was assessed more often, or more closely before its events, than the other."""
    for variable, values in _schedule(rows).items():
        known = values.is_not_null().to_numpy()
        samples = [values.to_numpy()[known & own] for own in (first, ~first)]
        few = Fewest(max(minimum, 2), 0).why_not(map(len, samples), (0,))
        keys = {"variable": variable, "n": int(known.sum())}
        yield from rows_of_test(keys, lambda both=samples: mann_whitney_u(both[0], both[1]), few)


def _series(
    drawn: Mapping[str, tuple[pl.DataFrame, IntervalCurve | NoAnswer]], settings: AnalysisSettings
) -> dict[str, pl.DataFrame]:
    """Survival as dated, and down to the lowest curve that the intervals allow, step by step."""
    dated = {
        g: kaplan_meier(rows["months"].to_numpy(), rows["event"].to_numpy(), entry=entry_of(rows))
        for g, (rows, _) in drawn.items()
    }
    if not dated:
        return {}
    steps = curve_frame(dated)
    frames = [
        _with_lowest(steps.filter(pl.col("group") == group), curve) for group, (_, curve) in drawn.items()
    ]
    name = f"{SERIES}/{settings.population}/{settings.by}"
    return {name: pl.concat(frames), f"at_risk/{name}": at_risk_frame(dated)}


def _with_lowest(steps: pl.DataFrame, curve: IntervalCurve | NoAnswer) -> pl.DataFrame:
    """Steps of one group with a row at each further month where the lowest curve falls; `high` is survival as dated."""
    if isinstance(curve, NoAnswer):
        return steps.with_columns(low=pl.lit(np.nan), high=pl.lit(np.nan))
    last = float(steps["months"].max() or 0)  # type: ignore[arg-type]
    further = pl.DataFrame(
        {"months": np.setdiff1d(curve.left[curve.left <= last], steps["months"].to_numpy())}
    )
    whole = pl.concat([steps, further], how="diagonal").sort("months").with_columns(
        pl.col("group", "survival").forward_fill(), n_events=pl.col("n_events").fill_null(0), n_censored=pl.col("n_censored").fill_null(0),
        n_at_risk=pl.col("n_at_risk").backward_fill(),
    )  # fmt: skip
    low = 1 - np.concatenate([[0.0], np.cumsum(curve.mass)])
    after = np.searchsorted(curve.left, whole["months"].to_numpy(), side="right")
    lowest = pl.Series(np.maximum(low[after], 0.0))
    return whole.with_columns(low=pl.min_horizontal(lowest, "survival"), high=pl.col("survival"))


def answer(asked: Asked) -> Answer:
    """The question, of the patients asked about."""
    return compare_intervals(asked.patients, asked.settings, asked.matching.minimum_group)

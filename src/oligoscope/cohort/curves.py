"""A Kaplan-Meier curve, of one cohort or pooled over several: as rows of Results, and as the series of its picture."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from math import floor
from statistics import fmean
from typing import Any

import numpy as np
import polars as pl

from oligoscope.cohort.risk_sets import doubts_of_entry
from oligoscope.results.methods import Method, MethodPart
from oligoscope.results.statistics import Statistic, at_months
from oligoscope.results.units import Unit
from oligoscope.results.warnings import NO_WARNING, WarningCode, Warnings, join
from oligoscope.stats.imputation.pooled_curve import PooledCurve
from oligoscope.stats.survival.kaplan_meier import SurvivalCurve, just_after

TIMES = (6, 12, 24)  # months at which survival is printed
_COUNTS = ("n_at_risk", "n_events", "n_censored")
WEIGHTS = Method(MethodPart.MATCHING_WEIGHTS)


def describe_curve(
    curve: SurvivalCurve | PooledCurve,
    times: Sequence[int] = TIMES,
    withheld: Warnings = NO_WARNING,
    n_without: int = 0,
) -> Iterator[dict[str, Any]]:
    """Patients, events, median and survival at round months; counts are means over the cohorts of a pooled curve.

    Of weighted patients `n` and `events` still count patients, and the sums of their weights are given as well.

    Args:
        curve: Of one group.
        times: The months.
        withheld: Why median and survival are not given; blank where they are.
        n_without: Cohorts in which the group has no patient, and so no curve: they count as 0 patients and events.
    """
    each, none = _curves_of(curve), [0] * n_without
    sizes, many, weighted = [*(c.n for c in each), *none], len(each) + n_without > 1, is_weighted(curve)
    n = round(fmean(sizes))
    span = {"low": min(sizes), "high": max(sizes)} if many else {}
    yield {"statistic": Statistic.N, "value": fmean(sizes), **span, "n": n, "unit": Unit.PATIENTS}
    events = fmean([*(c.n_with_event for c in each), *none])
    yield {"statistic": Statistic.EVENTS, "value": events, "n": n, "unit": Unit.EVENTS}
    if weighted:
        sums = {
            Statistic.WEIGHTED_N: [*(c.total for c in each), *none],
            Statistic.WEIGHTED_EVENTS: [*(sum(c.n_events) for c in each), *none],
        }
        for statistic, found in sums.items():
            yield {
                "statistic": statistic, "value": fmean(found), "n": n, "unit": Unit.SUM_OF_WEIGHTS, "method": WEIGHTS,
            }  # fmt: skip
    method = Method(MethodPart.KAPLAN_MEIER, MethodPart.LOG_LOG_LIMITS)
    if weighted:
        method = Method(MethodPart.WEIGHTED_KAPLAN_MEIER, MethodPart.ROBUST_LOG_LOG_LIMITS)
    method = method.plus(MethodPart.POOLED_LOG_LOG) if many else method
    if withheld:
        keys = {"n": n, "method": method, "warning": withheld}
        yield {**keys, "statistic": Statistic.MEDIAN, "unit": Unit.MONTHS}
        yield from (
            {**keys, "statistic": at_months(Statistic.SURVIVAL, t), "unit": Unit.PROBABILITY} for t in times
        )
        return
    median, doubts = curve.median(), doubts_of_entry(tuple(each))
    yield {
        "statistic": Statistic.MEDIAN, "value": median.value, "low": median.low, "high": median.high, "n": n, "unit": Unit.MONTHS,
        "method": method, "warning": join(doubts, NO_WARNING if median.value is not None else WarningCode.NOT_REACHED()),
    }  # fmt: skip
    for months in times:
        at = curve.at(months)
        yield {
            "statistic": at_months(Statistic.SURVIVAL, months), "value": at.value, "low": at.low, "high": at.high, "n": at.n_at_risk,
            "unit": Unit.PROBABILITY, "method": method, "warning": join(doubts, NO_WARNING if at.value is not None else WarningCode.BEYOND_FOLLOW_UP()),
        }  # fmt: skip


def curve_series(
    name: str, curves: Mapping[str, SurvivalCurve | PooledCurve], undrawn: Collection[str] = ()
) -> dict[str, pl.DataFrame]:
    """The series of a picture: the steps of each group's curve, and the numbers at risk below it.

    Of groups that are not drawn there is the row of month 0 alone, with their patients.
    """
    drawn = {group: curve for group, curve in curves.items() if group not in undrawn}
    steps = curve_frame(curves)
    if len(drawn) < len(curves):
        is_first = pl.int_range(pl.len()).over("group") == 0
        steps = steps.filter(is_first | pl.col("group").is_in(list(drawn)))
    return {f"km/{name}": steps, f"at_risk/{name}": at_risk_frame(drawn)}


def curve_frame(curves: Mapping[str, SurvivalCurve | PooledCurve]) -> pl.DataFrame:
    """Steps of each curve, from month 0.

    Where several cohorts are pooled, at risk is the mean, and events and censoring marks are not drawn.
    """
    if all(len(_curves_of(c)) == 1 for c in curves.values()):
        curves = {group: _curves_of(c)[0] for group, c in curves.items()}
    counted = np.float64 if any(is_weighted(c) for c in curves.values()) else np.int64
    frames = [
        pl.DataFrame(
            {
                "group": [group] * (len(c.times) + 1),
                "months": np.r_[0.0, c.times],
                "survival": np.r_[1.0, c.survival],
                "low": np.r_[1.0, c.low],
                "high": np.r_[1.0, c.high],
                **{name: counts.astype(counted) for name, counts in _counts_at_steps(c).items()},
            }
        )
        for group, c in curves.items()
    ]
    return pl.concat(frames) if frames else _no_curve()


def _counts_at_steps(curve: SurvivalCurve | PooledCurve) -> dict[str, np.ndarray]:
    if isinstance(curve, SurvivalCurve):
        at_start = curve.total if curve.entries is None else curve.at_risk([0.0])[0]
        first = zip((at_start, 0, 0), (curve.n_at_risk, curve.n_events, curve.n_censored), strict=True)
        return dict(zip(_COUNTS, (np.r_[start, counts] for start, counts in first), strict=True))
    at_risk = np.mean(curve.at_risk(np.r_[0.0, curve.times]), axis=0)
    at_risk = at_risk if is_weighted(curve) else np.rint(at_risk)
    return dict(zip(_COUNTS, (at_risk, 0 * at_risk, 0 * at_risk), strict=True))


def at_risk_frame(curves: Mapping[str, SurvivalCurve | PooledCurve]) -> pl.DataFrame:
    """Patients at risk, events and censorings so far at every whole month, means over the cohorts.

    All cohorts are counted at the same months, those after the last follow-up of one of them too: it has no patients
    left there, and its events stay counted. A group that some cohort does not have is a mean over the others.
    A picture prints them at steps of its own, which those beside it can share.
    """
    if not curves:
        return _no_curve()
    months = _whole_months(curves)
    frames = [_counts_at(months, group, _curves_of(curve)) for group, curve in curves.items()]
    return pl.concat(frames, how="vertical_relaxed")


def _whole_months(curves: Mapping[str, SurvivalCurve | PooledCurve]) -> np.ndarray:
    """Up to the first after the longest follow-up in any cohort: every event has happened by then."""
    lasts = (float(c.times[-1]) for curve in curves.values() for c in _curves_of(curve) if len(c.times))
    return np.arange(floor(just_after(max(lasts, default=0.0))) + 2, dtype=float)


def _counts_at(ticks: np.ndarray, group: str, curves: Sequence[SurvivalCurve]) -> pl.DataFrame:
    found = (
        np.mean([c.at_risk(ticks) for c in curves], axis=0),
        np.mean([c.events_before(ticks) for c in curves], axis=0),
        np.mean([c.censored_before(ticks) for c in curves], axis=0),
    )
    counts: dict[str, np.ndarray] = dict(zip(_COUNTS, found, strict=True))
    if not any(is_weighted(c) for c in curves):
        # Half away from zero, as numbers are printed.
        counts = {name: np.floor(mean + 0.5).astype(np.int64) for name, mean in counts.items()}
    return pl.DataFrame({"group": [group] * len(ticks), "months": ticks, **counts})


def is_weighted(curve: SurvivalCurve | PooledCurve) -> bool:
    """Whether its patients count by their weights."""
    return any(c.weighted is not None for c in _curves_of(curve))


def _curves_of(curve: SurvivalCurve | PooledCurve) -> tuple[SurvivalCurve, ...]:
    return curve.curves if isinstance(curve, PooledCurve) else (curve,)


def _no_curve() -> pl.DataFrame:
    return pl.DataFrame(schema={"group": pl.String, "months": pl.Float64})

"""A Kaplan-Meier curve, of one cohort or pooled over several: as rows of Results, and as the series of its picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean
from typing import Any

import numpy as np
import polars as pl

from oligoscope.stats.kaplan_meier import SurvivalCurve
from oligoscope.stats.pooled_curve import PooledCurve

TIMES = (6, 12, 24)  # months at which survival is printed
_COUNTS = ("n_at_risk", "n_events", "n_censored")


def describe_curve(
    curve: SurvivalCurve | PooledCurve, times: Sequence[int] = TIMES
) -> Iterator[dict[str, Any]]:
    """Patients, events, median and survival at round months; counts are means over the cohorts of a pooled curve."""
    each = _curves_of(curve)
    sizes, many = [c.n for c in each], len(each) > 1
    n = round(fmean(sizes))
    span = {"low": min(sizes), "high": max(sizes)} if many else {}
    yield {"statistic": "n", "value": fmean(sizes), **span, "n": n, "unit": "patients"}
    events = fmean(int(c.n_events.sum()) for c in each)
    yield {"statistic": "events", "value": events, "n": n, "unit": "events"}
    method = "Kaplan-Meier, log-log limits" + (", pooled on log(-log S)" if many else "")
    median = curve.median()
    yield {
        "statistic": "median", "value": median.value, "low": median.low, "high": median.high, "n": n, "unit": "months",
        "method": method, "warning": "" if median.value is not None else "not_reached",
    }  # fmt: skip
    for months in times:
        at = curve.at(months)
        yield {
            "statistic": f"survival_{months}_months", "value": at.value, "low": at.low, "high": at.high, "n": at.n_at_risk,
            "unit": "probability", "method": method, "warning": "" if at.value is not None else "beyond_follow_up",
        }  # fmt: skip


def curve_series(name: str, curves: Mapping[str, SurvivalCurve | PooledCurve]) -> dict[str, pl.DataFrame]:
    """The series of a picture: the steps of each group's curve, and the numbers at risk below it."""
    return {f"km/{name}": curve_frame(curves), f"at_risk/{name}": _at_risk_pooled(curves)}


def curve_frame(curves: Mapping[str, SurvivalCurve | PooledCurve]) -> pl.DataFrame:
    """Steps of each curve, from month 0.

    Where several cohorts are pooled, at risk is the mean, and events and censoring marks are not drawn.
    """
    if all(len(_curves_of(c)) == 1 for c in curves.values()):
        curves = {group: _curves_of(c)[0] for group, c in curves.items()}
    frames = [
        pl.DataFrame(
            {
                "group": [group] * (len(c.times) + 1),
                "months": np.r_[0.0, c.times],
                "survival": np.r_[1.0, c.survival],
                "low": np.r_[1.0, c.low],
                "high": np.r_[1.0, c.high],
                **{name: counts.astype(np.int64) for name, counts in _counts_at_steps(c).items()},
            }
        )
        for group, c in curves.items()
    ]
    return pl.concat(frames) if frames else _no_curve()


def _counts_at_steps(curve: SurvivalCurve | PooledCurve) -> dict[str, np.ndarray]:
    if isinstance(curve, SurvivalCurve):
        at_risk, events, censored = curve.n_at_risk, curve.n_events, curve.n_censored
        return dict(
            zip(_COUNTS, (np.r_[curve.n, at_risk], np.r_[0, events], np.r_[0, censored]), strict=True)
        )
    at_risk = np.rint(np.mean(curve.at_risk(np.r_[0.0, curve.times]), axis=0))
    return dict(zip(_COUNTS, (at_risk, 0 * at_risk, 0 * at_risk), strict=True))


def _at_risk_pooled(curves: Mapping[str, SurvivalCurve | PooledCurve]) -> pl.DataFrame:
    """At round months, means over the cohorts."""
    m = min((len(_curves_of(c)) for c in curves.values()), default=0)
    tables = [_at_risk_frame({g: _curves_of(c)[i] for g, c in curves.items()}) for i in range(m)]
    if len(tables) <= 1:
        return tables[0] if tables else _no_curve()
    return (
        pl.concat(tables)
        .group_by("group", "months", maintain_order=True)
        .agg(pl.col(*_COUNTS).mean().round().cast(pl.Int64))
    )


def _at_risk_frame(curves: Mapping[str, SurvivalCurve]) -> pl.DataFrame:
    """Patients at risk, events and censorings so far at round months."""
    last = max((float(c.times[-1]) for c in curves.values() if len(c.times)), default=0.0)
    step = next((s for s in (1, 2, 3, 6, 12) if last / s <= 9), 24)
    ticks = np.arange(0, last + 1e-9, step)
    if not curves:
        return _no_curve()
    each = curves.values()
    return pl.DataFrame(
        {
            "group": [group for group in curves for _ in ticks],
            "months": np.tile(ticks, len(curves)),
            "n_at_risk": np.concatenate([c.at_risk(ticks) for c in each]).astype(np.int64),
            "n_events": np.concatenate([c.events_before(ticks) for c in each]).astype(np.int64),
            "n_censored": np.concatenate([c.censored_before(ticks) for c in each]).astype(np.int64),
        }
    )


def _curves_of(curve: SurvivalCurve | PooledCurve) -> tuple[SurvivalCurve, ...]:
    return curve.curves if isinstance(curve, PooledCurve) else (curve,)


def _no_curve() -> pl.DataFrame:
    return pl.DataFrame(schema={"group": pl.String, "months": pl.Float64})

"""What makes a curve of left-truncated follow-up doubtful: risk sets that are empty while others have not yet entered."""

from __future__ import annotations

import numpy as np

from oligoscope.results.warnings import NO_WARNING, WarningCode, Warnings, join
from oligoscope.stats.survival.kaplan_meier import SurvivalCurve

_NONE_LEFT = 1e-9  # of weights, whose sums are not exact


def doubts_of_entry(curves: tuple[SurvivalCurve, ...]) -> Warnings:
    """The warnings of one curve, or of those it is pooled over; blank where all patients were observed from the start."""
    return join(*(_doubts(curve) for curve in curves))


def _doubts(curve: SurvivalCurve) -> Warnings:
    if curve.entries is None:
        return NO_WARNING
    fallen = np.flatnonzero(curve.survival[:-1] == 0)
    if fallen.size:
        return WarningCode.RISK_SET_EMPTIED(months=f"{curve.times[fallen[0]]:.1f}")
    gap = _first_gap(curve)
    return NO_WARNING if gap is None else WarningCode.NONE_AT_RISK(begin=f"{gap[0]:.1f}", end=f"{gap[1]:.1f}")


def _first_gap(curve: SurvivalCurve) -> tuple[float, float] | None:
    """From when until when no patient was under observation, before the last entry."""
    entries = curve.entries
    assert entries is not None
    ends = np.concatenate([[0.0], curve.times])
    left = np.concatenate([[0.0], np.cumsum(curve.n_events + curve.n_censored)])
    after = np.searchsorted(entries.months, ends, side="right")
    later = entries.later[after]
    here = entries.later[0] - later - left
    empty = np.flatnonzero((np.abs(here) < _NONE_LEFT) & (later > _NONE_LEFT))
    return None if not empty.size else (float(ends[empty[0]]), float(entries.months[after[empty[0]]]))

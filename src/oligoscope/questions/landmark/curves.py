"""Curves of groups from a landmark: made, described, and those that are drawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import polars as pl

from oligoscope.cohort.curves import at_risk_frame, curve_frame, describe_curve
from oligoscope.cohort.times import Fewest, entry_of
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit
from oligoscope.results.warnings import NO_WARNING, WarningCode
from oligoscope.stats.survival.kaplan_meier import SurvivalCurve, kaplan_meier


def curves_of(rows: pl.DataFrame, groups: Iterable[str]) -> dict[str, SurvivalCurve]:
    """Of the groups that patients are in.

    Args:
        rows: Columns group, months (from the landmark), event, and where it is given entry.
        groups: In the order of the report.
    """
    found = {group: rows.filter(pl.col("group") == group) for group in groups}
    return {
        g: kaplan_meier(m["months"].to_numpy(), m["event"].to_numpy(), entry=entry_of(m))
        for g, m in found.items()
        if m.height
    }


def describe_curves(
    curves: Mapping[str, SurvivalCurve], groups: Iterable[str], fewest: Fewest
) -> Iterator[dict[str, Any]]:
    """Patients, events and median of each group; of one without patients that there are none."""
    for group in groups:
        if group in curves:
            is_small = curves[group].n < fewest.patients
            small = WarningCode.GROUP_TOO_SMALL(minimum=fewest.patients) if is_small else NO_WARNING
            yield from ({"group": group, **row} for row in describe_curve(curves[group], (), small))
        else:
            yield {"group": group, "statistic": Statistic.N, "value": 0, "n": 0, "unit": Unit.PATIENTS}


def series_of(name: str, curves: Mapping[str, SurvivalCurve], fewest: Fewest) -> dict[str, pl.DataFrame]:
    """The series of the picture; without the groups of too few, and empty where one is left, which alone compares nothing."""
    drawn = {g: c for g, c in curves.items() if not fewest.why_not((c.n,), (c.n_with_event,))}
    shown = drawn if len(drawn) > 1 else {}
    return {name: curve_frame(shown), f"at_risk/{name}": at_risk_frame(shown)}

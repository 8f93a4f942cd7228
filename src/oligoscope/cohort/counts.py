"""Patients of a group and of a level as rows of Results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from oligoscope.results.methods import Method, MethodPart
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit
from oligoscope.stats.comparison.summaries import proportion_limits


def size_row(group: str, n: int) -> dict[str, Any]:
    """How many patients a group has."""
    return {"group": group, "statistic": Statistic.N, "value": n, "n": n, "unit": Unit.PATIENTS}


def count_rows(keys: Mapping[str, Any], count: int, n: int) -> Iterator[dict[str, Any]]:
    """How many of `n` patients, and their share, which has no value where there is no patient."""
    yield {**keys, "n": n, "statistic": Statistic.N, "value": count, "unit": Unit.PATIENTS}
    share = 100 * count / n if n else None
    yield {**keys, "n": n, "statistic": Statistic.PERCENT, "value": share, "unit": Unit.PERCENT}


def exact_share_row(keys: Mapping[str, Any], count: int, n: int) -> dict[str, Any]:
    """The share of `n` patients with exact limits; there is at least one patient."""
    share = proportion_limits(count, n)
    value, low, high = (100 * x for x in (share.value, share.low, share.high))
    limits = {"value": value, "low": low, "high": high, "method": Method(MethodPart.CLOPPER_PEARSON)}
    return {**keys, "n": n, "statistic": Statistic.PERCENT, "unit": Unit.PERCENT, **limits}

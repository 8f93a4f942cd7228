"""Patients of a group and of a level as rows of Results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit


def size_row(group: str, n: int) -> dict[str, Any]:
    """How many patients a group has."""
    return {"group": group, "statistic": Statistic.N, "value": n, "n": n, "unit": Unit.PATIENTS}


def count_rows(keys: Mapping[str, Any], count: int, n: int) -> Iterator[dict[str, Any]]:
    """How many of `n` patients, and their share, which has no value where there is no patient."""
    yield {**keys, "n": n, "statistic": Statistic.N, "value": count, "unit": Unit.PATIENTS}
    share = 100 * count / n if n else None
    yield {**keys, "n": n, "statistic": Statistic.PERCENT, "value": share, "unit": Unit.PERCENT}

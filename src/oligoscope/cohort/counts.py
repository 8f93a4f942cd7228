"""Patients of a group and of a level, and the agreement of two labels, as rows of Results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from oligoscope.results.methods import Method, MethodPart
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit
from oligoscope.results.warnings import NO_WARNING, WarningCode, Warnings, of_statistics
from oligoscope.stats.comparison.agreement import Kappa
from oligoscope.stats.comparison.summaries import proportion_limits


def why_not_tested(sizes: Iterable[int], minimum_group: int) -> Warnings:
    """Why groups are not tested for a difference: one has too few patients; blank where all have enough."""
    few = min(sizes, default=0) < minimum_group
    return WarningCode.TOO_FEW_IN_GROUP(minimum=minimum_group) if few else NO_WARNING


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


def rows_of_agreement(found: Kappa, withheld: Warnings = NO_WARNING) -> Iterator[dict[str, Any]]:
    """Per cent that agree, and Cohen's kappa with its limits; or why there are none."""
    if withheld:
        yield {"statistic": Statistic.PERCENT_AGREE, "unit": Unit.PERCENT, "warning": withheld}
        yield {"statistic": Statistic.KAPPA, "method": Method(MethodPart.COHEN_KAPPA), "warning": withheld}
        return
    yield {"statistic": Statistic.PERCENT_AGREE, "value": 100 * found.agreement, "unit": Unit.PERCENT}
    yield {
        "statistic": Statistic.KAPPA, "value": found.kappa, "low": found.low, "high": found.high,
        "method": Method(MethodPart.COHEN_KAPPA), "warning": of_statistics(found.warning),
    }  # fmt: skip

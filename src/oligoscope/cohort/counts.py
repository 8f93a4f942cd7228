"""Counts as rows of Results: how many of how many, and the agreement of two labels."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from oligoscope.results.methods import Method, MethodPart
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit
from oligoscope.results.warnings import of_statistics
from oligoscope.stats.comparison.agreement import Kappa


def rows_of_count(count: int, n: int) -> Iterator[dict[str, Any]]:
    """So many of n patients, and their share in per cent."""
    yield {"statistic": Statistic.N, "value": count, "n": n, "unit": Unit.PATIENTS}
    yield {"statistic": Statistic.PERCENT, "value": 100 * count / n, "n": n, "unit": Unit.PERCENT}


def rows_of_agreement(found: Kappa) -> Iterator[dict[str, Any]]:
    """Per cent that agree, and Cohen's kappa with its limits."""
    yield {"statistic": Statistic.PERCENT_AGREE, "value": 100 * found.agreement, "unit": Unit.PERCENT}
    yield {
        "statistic": Statistic.KAPPA, "value": found.kappa, "low": found.low, "high": found.high,
        "method": Method(MethodPart.COHEN_KAPPA), "warning": of_statistics(found.warning),
    }  # fmt: skip

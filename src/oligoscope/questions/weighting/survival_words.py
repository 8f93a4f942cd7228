"""What the table and the curves of weighted survival have in common: the leading weights, and the months."""

from __future__ import annotations

from collections.abc import Iterable

from oligoscope.bilingual import Count, Text
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic, StatisticAt

AIPW = "aipw"  # the variable of the doubly robust estimates
DIFFERENCE_MONTHS = (12, 24)  # of these estimates, set before any data were seen


def at_month(name: Text, months: int) -> Text:
    """A method at a month."""
    return Text(f"{name.zh}，{months} 个月", f"{name.en}, {Count(months):month|months}")


def lead_of(found: Iterable[Estimate]) -> str:
    """The weights that the curves were made with; blank where there are none."""
    return next((e.variable for e in found if e.statistic == Statistic.P_VALUE_LOG_RANK), "")


def months_of(found: Iterable[Estimate], target: str) -> list[int]:
    """The months of the survival rates with these weights."""
    at = (e.statistic for e in found if e.variable == target and e.statistic.family == Statistic.SURVIVAL)
    return list(dict.fromkeys(s.months for s in at if isinstance(s, StatisticAt)))

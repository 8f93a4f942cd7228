"""Beside a hazard ratio that is not the same at all times: the difference of restricted means, and a ratio a period.

Such a ratio is an average whose weights depend on the censoring. The area between the curves assumes nothing about the
hazards, and ratios by period say when the groups differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from oligoscope.cohort.attempts import NoAnswer, attempt
from oligoscope.results.methods import Method, MethodPart
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit
from oligoscope.results.warnings import WarningCode, Warnings
from oligoscope.stats.survival.rmst import compare_restricted_means
from oligoscope.stats.survival.time_dependent import piecewise_cox

# Ends of the periods in months: fixed beforehand, the first two of the times at which survival is printed.
PERIOD_ENDS = (6.0, 12.0)
RESTRICTED_MEAN, PERIOD = Statistic.RESTRICTED_MEAN, "period"


def describe_change(
    months: np.ndarray,
    event: np.ndarray,
    first: np.ndarray,
    groups: tuple[str, str],
    minimum_events: int,
    word: Warnings,
    entry: np.ndarray | None = None,
) -> Iterator[dict[str, Any]]:
    """Rows of Results for two groups whose hazard ratio changes with time.

    Args:
        months: Follow-up of each patient, shape (n,).
        event: Whether it ended in the event, shape (n,).
        first: Who is in the first group, shape (n,).
        groups: The first group and the reference.
        minimum_events: Fewer events of a group in a period: no ratio is given for it.
        word: The warning that belongs to any comparison of these groups.
        entry: When patients came under observation; None where all were from the start.
    """
    yield from _restricted_means(months, event, first, groups, word, entry)
    yield from _by_period(months, event, first, minimum_events, word, entry)


def period_name(begin: float, end: float) -> str:
    """`0-6`; `>12` for the period without an end."""
    return f">{begin:g}" if end == np.inf else f"{begin:g}-{end:g}"


def _restricted_means(
    months: np.ndarray,
    event: np.ndarray,
    first: np.ndarray,
    groups: tuple[str, str],
    word: Warnings,
    entry: np.ndarray | None,
) -> Iterator[dict[str, Any]]:
    label = first.astype(int)
    found = attempt(lambda: compare_restricted_means(months, event, label, reference=0, entry=entry))
    method = Method(MethodPart.UNDER_KAPLAN_MEIER, MethodPart.GREENWOOD)
    of_both: dict[str, Any] = {"n": len(months), "method": method}
    if isinstance(found, NoAnswer):
        yield {**of_both, "statistic": Statistic.RESTRICTED_MEAN_DIFFERENCE, "warning": found.warning}
        return
    keys = {**of_both, "unit": Unit.MONTHS}
    yield {**keys, "statistic": Statistic.RESTRICTED_MEAN_HORIZON, "value": found.tau}
    for group, mean in zip(groups, found.means, strict=True):
        own = {**keys, "group": group, "n": mean.n}
        yield {**own, "statistic": RESTRICTED_MEAN, "value": mean.value, "low": mean.low, "high": mean.high}
    gap, p = found.difference, {"variable": RESTRICTED_MEAN, "statistic": Statistic.P_VALUE}
    limits = {"value": gap.value, "low": gap.low, "high": gap.high, "warning": word}
    yield {**keys, "statistic": Statistic.RESTRICTED_MEAN_DIFFERENCE, **limits}
    yield {**of_both, **p, "value": gap.p_value, "warning": word}


def _by_period(
    months: np.ndarray,
    event: np.ndarray,
    first: np.ndarray,
    minimum_events: int,
    word: Warnings,
    entry: np.ndarray | None,
) -> Iterator[dict[str, Any]]:
    found = attempt(lambda: piecewise_cox(months, event, first.astype(float), PERIOD_ENDS, entry=entry))
    method = Method(MethodPart.COX_BY_PERIOD, MethodPart.EFRON, MethodPart.WALD_LIMITS)
    for i, (begin, end) in enumerate(pairwise((0.0, *PERIOD_ENDS, np.inf))):
        inside = (months > begin) & (months <= end) & (event == 1)
        keys: dict[str, Any] = {
            "statistic": Statistic.HAZARD_RATIO_PERIOD, "variable": PERIOD, "level": period_name(begin, end),
            "n": int(((months > begin) & (entry < end if entry is not None else True)).sum()), "method": method,
        }  # fmt: skip
        fewest = min(int((inside & first).sum()), int((inside & ~first).sum()))
        if isinstance(found, NoAnswer):
            yield {**keys, "warning": found.warning}
        elif fewest < minimum_events:
            yield {**keys, "warning": WarningCode.TOO_FEW_EVENTS(minimum=minimum_events)}
        else:
            value, low, high = (float(x[i]) for x in (found.fit.hazard_ratios, found.fit.low, found.fit.high))
            yield {**keys, "value": value, "low": low, "high": high, "warning": word}
    if not isinstance(found, NoAnswer) and found.change is not None:
        yield {
            "variable": PERIOD, "statistic": Statistic.P_VALUE, "value": found.change.p_value, "n": len(months),
            "method": Method(MethodPart.LIKELIHOOD_RATIO_OF_PERIODS),
        }  # fmt: skip

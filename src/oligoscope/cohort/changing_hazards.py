"""Beside a hazard ratio that is not the same at all times: a difference of restricted means, a ratio a period, a weighted test.

Such a ratio is an average whose weights depend on follow-up and censoring (Struthers & Kalbfleisch 1986; Schemper 1992). The
area between the curves assumes nothing about the hazards, ratios by period say when the groups differ, and a weighted
log-rank test has power against a difference that comes late, early or in the middle.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import inf
from typing import Any

import numpy as np

from oligoscope.cohort.attempts import NoAnswer, attempt
from oligoscope.cohort.times import Fewest
from oligoscope.results.methods import Method, MethodPart
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit
from oligoscope.results.warnings import NO_WARNING, WarningCode, Warnings
from oligoscope.stats.survival.rmst import compare_restricted_means
from oligoscope.stats.survival.time_dependent import piecewise_cox
from oligoscope.stats.survival.weighted_log_rank import MAX_COMBO, FlemingHarrington, weighted_log_rank
from oligoscope.study.protocol import AnalysisSettings

RESTRICTED_MEAN, PERIOD, WEIGHTED_TEST = Statistic.RESTRICTED_MEAN, "period", "weighted_log_rank"
PERIODS = Method(MethodPart.COX_BY_PERIOD, MethodPart.EFRON, MethodPart.WALD_LIMITS)
MEANS = Method(MethodPart.UNDER_KAPLAN_MEIER, MethodPart.GREENWOOD)


def describe_change(
    months: np.ndarray,
    event: np.ndarray,
    first: np.ndarray,
    groups: tuple[str, str],
    settings: AnalysisSettings,
    word: Warnings = NO_WARNING,
    entry: np.ndarray | None = None,
) -> Iterator[dict[str, Any]]:
    """Rows of Results for two groups whose hazard ratio changes with time.

    Args:
        months: Follow-up of each patient, shape (n,).
        event: Whether it ended in the event, shape (n,).
        first: Who is in the first group, shape (n,).
        groups: The first group and the reference.
        settings: horizon_months, period_ends, weighted_test, rho_gamma; minimum_events of a group before the horizon and in
            a period.
        word: The warning that belongs to any comparison of these groups.
        entry: When patients came under observation; None where all were from the start.
    """
    yield from _restricted_means(months, event, first, groups, settings, word, entry)
    yield from _by_period(months, event, first, settings, word, entry)
    yield from _weighted(months, event, first, settings, word, entry)


def period_name(begin: float, end: float) -> str:
    """`0-6`; `>12` for the period without an end."""
    return f">{begin:g}" if end == inf else f"{begin:g}-{end:g}"


def period_of(name: str) -> tuple[float, float]:
    """Begin and end of a period, from its name."""
    if name.startswith(">"):
        return float(name[1:]), inf
    begin, end = name.split("-")
    return float(begin), float(end)


def periods_of(settings: AnalysisSettings) -> list[tuple[float, float]]:
    """From (exclusive) and to (inclusive), in months; the last without an end."""
    return list(pairwise((0.0, *settings.period_ends, inf)))


def horizon_of(settings: AnalysisSettings, months: np.ndarray, first: np.ndarray) -> float:
    """The months that were set; else the smaller of the two groups' largest follow-ups (Tian et al. 2020)."""
    if settings.horizon_months is not None:
        return settings.horizon_months
    return float(min(months[first].max(), months[~first].max()))


def weights_of(settings: AnalysisSettings) -> tuple[FlemingHarrington, ...]:
    """One a test; of several the largest counts."""
    return MAX_COMBO if settings.weighted_test == "max_combo" else (FlemingHarrington(*settings.rho_gamma),)


def name_of_test(settings: AnalysisSettings) -> Method:
    """The weighted test as results name it."""
    if settings.weighted_test == "max_combo":
        return Method(MethodPart.MAX_COMBO)
    rho, gamma = settings.rho_gamma
    return Method(MethodPart.FLEMING_HARRINGTON(rho=f"{rho:g}", gamma=f"{gamma:g}"))


def why_no_means(
    months: np.ndarray, event: np.ndarray, first: np.ndarray, horizon: float, settings: AnalysisSettings
) -> Warnings:
    """Why no restricted means are compared: too few events before the horizon; blank where there are enough."""
    before = (event == 1) & (months < horizon)
    return Fewest(0, settings.minimum_events).why_not_two(before, first)


def within(keys: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    """A row of a comparison that is named by its `variable` (a landmark): what the row tests is then its `level`."""
    variable = row.get("variable", "")
    level = row.get("level", variable)
    return (
        keys
        | {name: value for name, value in row.items() if name != "variable"}
        | ({"level": level} if level else {})
    )


def _restricted_means(
    months: np.ndarray,
    event: np.ndarray,
    first: np.ndarray,
    groups: tuple[str, str],
    settings: AnalysisSettings,
    word: Warnings,
    entry: np.ndarray | None,
) -> Iterator[dict[str, Any]]:
    horizon, label = horizon_of(settings, months, first), first.astype(int)
    few = why_no_means(months, event, first, horizon, settings)
    found = attempt(
        lambda: compare_restricted_means(months, event, label, reference=0, tau=horizon, entry=entry),
        WarningCode.BEYOND_FOLLOW_UP(),
    )
    of_both: dict[str, Any] = {"n": len(months), "method": MEANS}
    if isinstance(found, NoAnswer) or few:
        why = found.warning if isinstance(found, NoAnswer) else few
        yield {
            **of_both,
            "unit": Unit.MONTHS,
            "statistic": Statistic.RESTRICTED_MEAN_DIFFERENCE,
            "warning": why,
        }
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
    settings: AnalysisSettings,
    word: Warnings,
    entry: np.ndarray | None,
) -> Iterator[dict[str, Any]]:
    ends = settings.period_ends
    found = attempt(lambda: piecewise_cox(months, event, first.astype(float), ends, entry=entry))
    for i, (begin, end) in enumerate(periods_of(settings)):
        n = int(((months > begin) & (entry < end if entry is not None else True)).sum())
        keys = period_keys(begin, end, n, PERIODS)
        few = few_in_period(months, event, first, (begin, end), settings)
        if isinstance(found, NoAnswer):
            yield {**keys, "warning": found.warning}
        elif few:
            yield {**keys, "warning": few}
        else:
            value, low, high = (float(x[i]) for x in (found.fit.hazard_ratios, found.fit.low, found.fit.high))
            yield {**keys, "value": value, "low": low, "high": high, "warning": word}
    if not isinstance(found, NoAnswer) and found.change is not None:
        yield {
            "variable": PERIOD, "statistic": Statistic.P_VALUE, "value": found.change.p_value, "n": len(months),
            "method": Method(MethodPart.LIKELIHOOD_RATIO_OF_PERIODS),
        }  # fmt: skip


def period_keys(begin: float, end: float, n: int, method: Method) -> dict[str, Any]:
    """Of the row of a period; `n` patients were at risk in it."""
    level = period_name(begin, end)
    return {
        "statistic": Statistic.HAZARD_RATIO_PERIOD,
        "variable": PERIOD,
        "level": level,
        "n": n,
        "method": method,
    }


def few_in_period(
    months: np.ndarray,
    event: np.ndarray,
    first: np.ndarray,
    period: tuple[float, float],
    settings: AnalysisSettings,
) -> Warnings:
    """Why a period has no ratio: too few events of a group in it; blank where there are enough."""
    begin, end = period
    inside = (months > begin) & (months <= end) & (event == 1)
    return Fewest(0, settings.minimum_events).why_not_two(inside, first)


def _weighted(
    months: np.ndarray,
    event: np.ndarray,
    first: np.ndarray,
    settings: AnalysisSettings,
    word: Warnings,
    entry: np.ndarray | None,
) -> Iterator[dict[str, Any]]:
    test = attempt(lambda: weighted_log_rank(months, event, first, weights_of(settings), entry=entry))
    keys: dict[str, Any] = {"variable": WEIGHTED_TEST, "n": len(months), "method": name_of_test(settings)}
    if isinstance(test, NoAnswer):
        yield {**keys, "statistic": Statistic.P_VALUE, "warning": test.warning}
        return
    yield {**keys, "statistic": Statistic.P_VALUE, "value": test.p_value, "warning": word}
    yield {**keys, "statistic": Statistic.TEST_STATISTIC, "value": abs(test.deviates[test.largest])}

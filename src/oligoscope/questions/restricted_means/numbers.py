"""How much longer, on average, up to a horizon: restricted means of two groups, their difference and ratio."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from oligoscope.cohort.attempts import NoAnswer, attempt
from oligoscope.cohort.risk_sets import doubts_of_entry
from oligoscope.cohort.times import Fewest, caution, entry_of, survival_rows
from oligoscope.cohort.variables import comparison, levels_of, why_not_two, with_reference
from oligoscope.questions.question import Answer, Asked
from oligoscope.questions.restricted_means.question import RESTRICTED_MEANS
from oligoscope.results.methods import Method, MethodPart
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic, at_months
from oligoscope.results.units import Unit
from oligoscope.results.warnings import NO_WARNING, Warnings, join
from oligoscope.stats.survival.kaplan_meier import kaplan_meier
from oligoscope.stats.survival.rmst import Contrast, RestrictedMean, compare_restricted_means
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.protocol import AnalysisSettings

# Months, set before any data were seen; each is used where both groups were followed that long.
HORIZONS = (12, 24, 36)
METHOD = Method(MethodPart.UNDER_KAPLAN_MEIER, MethodPart.GREENWOOD)


def compare_means(
    patients: pl.DataFrame, settings: AnalysisSettings, minimum_group: int = 0
) -> list[Estimate]:
    """Restricted means of the two groups of `by` for every outcome, at every horizon within follow-up.

    Returns:
        Rows of a fixed horizon have its months in their statistic; those without are of the common follow-up (the
        smaller of the two groups' largest follow-ups), which `restricted_mean_horizon` gives.
    """
    keys: dict[str, Any] = {
        "analysis": RESTRICTED_MEANS.kind,
        "population": settings.population,
        "method": METHOD,
    }
    return [
        Estimate(**keys, outcome=outcome, **row)
        for outcome in settings.outcomes
        for row in _outcome(survival_rows(patients, settings.by, outcome), settings, outcome, minimum_group)
    ]


def _outcome(
    rows: pl.DataFrame, settings: AnalysisSettings, outcome: Outcome, minimum_group: int
) -> Iterator[dict[str, Any]]:
    groups = with_reference(levels_of(settings.by, rows["group"]), settings.reference)
    keys: dict[str, Any] = {"n": rows.height}
    if why := why_not_two(groups):
        yield {**keys, "statistic": Statistic.RESTRICTED_MEAN_DIFFERENCE, "unit": Unit.MONTHS, "warning": why}
        return
    keys["group"] = comparison(groups)
    first, months = (rows["group"] == groups[0]).to_numpy(), rows["months"].to_numpy()
    sizes = (int(first.sum()), int((~first).sum()))
    if small := Fewest(minimum_group, 0).why_not(sizes, (0,)):
        yield {
            **keys,
            "statistic": Statistic.RESTRICTED_MEAN_DIFFERENCE,
            "unit": Unit.MONTHS,
            "warning": small,
        }
        return
    common = float(min(months[first].max(), months[~first].max()))
    yield {**keys, "statistic": Statistic.RESTRICTED_MEAN_HORIZON, "value": common, "unit": Unit.MONTHS}
    for fixed in (*(t for t in HORIZONS if t <= common), None):
        up_to = common if fixed is None else fixed
        word = join(caution(settings.by, outcome), _empty_risk_sets(rows))
        for row in _up_to(up_to, rows, groups, settings.minimum_events, word):
            statistic = row["statistic"] if fixed is None else at_months(row["statistic"], fixed)
            yield keys | row | {"statistic": statistic}


def _up_to(
    horizon: float, rows: pl.DataFrame, groups: tuple[str, ...], minimum_events: int, word: Warnings
) -> Iterator[dict[str, Any]]:
    """The mean of each group and what it lacks of the horizon; their difference, its P, and their ratio."""
    months, event = rows["months"].to_numpy(), rows["event"].to_numpy()
    first = (rows["group"] == groups[0]).to_numpy()
    found = attempt(
        lambda: compare_restricted_means(
            months, event, first.astype(int), reference=0, tau=horizon, entry=entry_of(rows)
        )
    )
    reason = Fewest(0, minimum_events).why_not_two((event == 1) & (months < horizon), first)
    if isinstance(found, NoAnswer):
        reason = found.warning
    else:
        for group, mean in zip(groups, found.means, strict=True):
            own: dict[str, Any] = {"group": group, "n": mean.n, "unit": Unit.MONTHS}
            lost = dict(zip(_LIMITS, (found.tau - x for x in (mean.value, mean.high, mean.low)), strict=True))
            yield {**own, "statistic": Statistic.RESTRICTED_MEAN, **_with_limits(mean)}
            yield {**own, "statistic": Statistic.RESTRICTED_TIME_LOST, **lost}
    contrasts = (
        {"statistic": Statistic.RESTRICTED_MEAN_DIFFERENCE, "unit": Unit.MONTHS},
        {"statistic": Statistic.RESTRICTED_MEAN_RATIO},
        {"statistic": Statistic.P_VALUE, "variable": Statistic.RESTRICTED_MEAN},
    )
    if isinstance(found, NoAnswer) or reason:
        yield from ({**row, "warning": reason} for row in contrasts)
        return
    difference = found.difference
    numbers = (_with_limits(difference), _with_limits(found.ratio), {"value": difference.p_value})
    yield from ({**row, **own, "warning": word} for row, own in zip(contrasts, numbers, strict=True))


def _empty_risk_sets(rows: pl.DataFrame) -> Warnings:
    """What is doubtful about the curves of the groups where patients entered late."""
    entry = entry_of(rows)
    if entry is None:
        return NO_WARNING
    months, event = rows["months"].to_numpy(), rows["event"].to_numpy()
    own = [(rows["group"] == g).to_numpy() for g in rows["group"].unique(maintain_order=True)]
    return doubts_of_entry(tuple(kaplan_meier(months[m], event[m], entry=entry[m]) for m in own))


_LIMITS = ("value", "low", "high")


def _with_limits(found: RestrictedMean | Contrast) -> dict[str, float]:
    return {name: getattr(found, name) for name in _LIMITS}


def answer(asked: Asked) -> Answer:
    """The question, of the patients asked about."""
    return compare_means(asked.patients, asked.settings, asked.matching.minimum_group), {}

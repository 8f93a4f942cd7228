"""Survival after progression from a landmark: of those alive and followed on the last day that shows which pattern it was.

The pattern is read from scans up to a window after the first progression, so that a patient has lived to be scanned. Counted from
the end of that window every patient's group is known when the clock starts, and deaths within it count for no group.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from oligoscope.cohort.adjusted_ratios import Adjusting
from oligoscope.cohort.times import DAYS_PER_MONTH, Fewest, survival_rows
from oligoscope.cohort.variables import comparison, levels_of, why_not_two, with_reference
from oligoscope.questions.landmark.curves import curves_of, describe_curves, series_of
from oligoscope.questions.landmark.pairs import adjust_pair, compare_pair
from oligoscope.questions.question import Answer, Asked
from oligoscope.results.analyses import LANDMARK_AFTER_PROGRESSION
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic, landmark_after
from oligoscope.results.units import Unit
from oligoscope.stats.survival.episodes import start_at_landmark
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.protocol import AnalysisSettings


def compare_after_progression(
    patients: pl.DataFrame, settings: AnalysisSettings, window_days: int, minimum_group: int = 0
) -> Answer:
    """Survival of two groups from the landmark, and who was left out before it.

    A death or last follow-up on the day of the landmark itself is before it; who comes under observation after it is at risk
    from then on.

    Args:
        patients: Of the population.
        settings: by, reference; landmark_days, the days from progression to the landmark; adjust_for; `minimum_events`.
        window_days: Of the scans that show the pattern: the landmark where the settings have none.
        minimum_group: The fewest patients of a group that is described by more than its size.

    References:
        Anderson, Cain & Gelber 1983; Dafni 2011.
    """
    days = window_days if settings.landmark_days is None else settings.landmark_days
    keys: dict[str, Any] = {
        "analysis": LANDMARK_AFTER_PROGRESSION,
        "population": settings.population,
        "outcome": Outcome.PPS,
        "variable": landmark_after(days),
    }
    adjusting, fewest = Adjusting.of(patients, settings), Fewest(minimum_group, settings.minimum_events)
    rows = survival_rows(patients, settings.by, Outcome.PPS, beside=_in_days(patients) | adjusting.columns)
    groups = with_reference(levels_of(settings.by, rows["group"]), settings.reference)
    if why := why_not_two(groups):
        return [Estimate(**keys, statistic=Statistic.HAZARD_RATIO, n=rows.height, warning=why)], {}
    later = _from_landmark(rows, days)
    curves = curves_of(later, groups)
    found = [*_left_out(rows, groups, days), *describe_curves(curves, groups, fewest)]
    first, second = groups
    found += compare_pair(later, first, second, settings, fewest)
    if settings.adjust_for:
        pair = {"group": comparison(groups)}
        found += (pair | row for row in adjust_pair(later, first, second, settings, fewest, adjusting))
    estimates = [Estimate(**keys | row) for row in found]
    estimates += [Estimate(**keys | row) for row in adjusting.left_out_rows]
    name = f"{LANDMARK_AFTER_PROGRESSION}/{settings.population}/{settings.by}"
    return estimates, series_of(name, curves, fewest)


_DAYS, _ENTRY = f"days:{Outcome.PPS}", f"entry_days:{Outcome.PPS}"


def _in_days(patients: pl.DataFrame) -> dict[str, pl.Expr]:
    """Days from progression to the end of follow-up, and to entry: whole, so that the day of the landmark is met exactly."""
    has_entries = Outcome.PPS.entry in patients.columns
    return {_DAYS: pl.col(Outcome.PPS.days)} | ({_ENTRY: pl.col(Outcome.PPS.entry)} if has_entries else {})


def _from_landmark(rows: pl.DataFrame, day: int) -> pl.DataFrame:
    """Those followed beyond the landmark, with months (and entry) counted from it."""
    if not (rows[_DAYS] > day).any():
        return rows.clear()
    entry = rows[_ENTRY].to_numpy() if _ENTRY in rows.columns else None
    left = start_at_landmark(rows[_DAYS].to_numpy(), rows["event"].to_numpy(), day, entry=entry)
    later = {} if left.entry is None else {"entry": pl.Series(left.entry / DAYS_PER_MONTH)}
    months = pl.Series(left.months / DAYS_PER_MONTH)
    return rows.filter(pl.Series(left.kept)).with_columns(months=months, **later)


def _left_out(rows: pl.DataFrame, groups: tuple[str, ...], day: int) -> Iterator[dict[str, Any]]:
    """Of each group those who had died by the landmark, and those whose follow-up was over."""
    for group in groups:
        own = rows.filter(pl.col("group") == group)
        before = own.filter(pl.col(_DAYS) <= day)
        died = int(before["event"].sum())
        keys: dict[str, Any] = {"group": group, "n": own.height, "unit": Unit.PATIENTS}
        yield keys | {"statistic": Statistic.N_DIED_BEFORE, "value": died}
        yield keys | {"statistic": Statistic.N_CENSORED_BEFORE, "value": before.height - died}


def answer(asked: Asked) -> Answer:
    """The question, of the patients asked about."""
    return compare_after_progression(
        asked.patients, asked.settings, asked.window_days, asked.matching.minimum_group
    )

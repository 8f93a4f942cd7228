"""When which pattern appears: the pattern of the first progression by the month in which it came.

Shares are of the patients who progressed in that time, not of those still at risk in it: they say what a
progression is like when it comes, not how likely it is to come.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl

from oligoscope.cohort.attempts import rows_of_test
from oligoscope.cohort.counts import exact_share_row, size_row, why_not_tested
from oligoscope.cohort.variables import as_levels, column_of, comparison, levels_of
from oligoscope.questions.question import Answer, Asked
from oligoscope.questions.timing.classes import class_name
from oligoscope.results.analyses import TIMING
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit
from oligoscope.results.warnings import WarningCode
from oligoscope.stats.comparison.group_tests import compare_levels
from oligoscope.stats.comparison.level_tests import cochran_armitage
from oligoscope.study.keys import ALL, groups_as_keys
from oligoscope.study.months import DAYS_PER_MONTH
from oligoscope.study.protocol import AnalysisSettings

EARLY, LATE = 8, 10  # months; Huang 2025, 2.5
WINDOWS = (0, EARLY, LATE, None)
MANY = 200  # patients from which single months are shown


def describe_timing(
    patients: pl.DataFrame, settings: AnalysisSettings, minimum_group: int = 0
) -> list[Estimate]:
    """Groups by month of the first progression, and before, between and after months 8 and 10.

    A class "a-b" holds progressions later than month a and up to month b (b included; ">a": later than a).
    Months are single from 200 patients on and double below, up to 12; then 12-18, 18-24 and >24; 8 and 10 are
    always edges. Patients without progression or group are left out.

    Returns:
        By group and "all": n; variable=month and variable=window, level=class: n, percent of the class with
        Clopper-Pearson limits. By "A vs B": variable=window: p_value of the named test of counts;
        variable=month: p_value of the Cochran-Armitage trend of A's share over the classes.
    """
    rows = _rows(patients, settings.by)
    groups = levels_of(settings.by, rows["group"])
    keys: dict[str, Any] = {"analysis": TIMING, "population": settings.population, "outcome": settings.by}
    counts = (rows.height, *(int((rows["group"] == g).sum()) for g in groups))
    found = [size_row(group, n) for group, n in zip((ALL, *groups_as_keys(groups)), counts, strict=True)]
    for variable, edges in (("month", month_edges(rows.height)), ("window", WINDOWS)):
        counts = _counts(rows, groups, edges)
        found += _shares(counts, groups, variable, edges)
        if len(groups) >= 2:
            found += _test(counts, groups, variable, minimum_group)
    return [Estimate(**keys, **row) for row in found]


def _rows(patients: pl.DataFrame, by: str) -> pl.DataFrame:
    """Patients with a group and a first progression: group, months."""
    group = as_levels(column_of(patients, by)).alias("group")
    return patients.select(group, months=pl.col("progressed_day") / DAYS_PER_MONTH).drop_nulls()


def month_edges(n: int) -> tuple[int | None, ...]:
    """Edges of the classes of months; None: no upper edge."""
    step = 1 if n >= MANY else 2
    return (*range(0, 13, step), 18, 24, None)


def _counts(rows: pl.DataFrame, groups: tuple[str, ...], edges: tuple[int | None, ...]) -> np.ndarray:
    """Patients by class and group, shape (classes, groups); a first-day progression belongs to the first class."""
    inner = [e for e in edges[1:] if e is not None]
    place = np.searchsorted(inner, rows["months"].to_numpy(), side="left")
    label = rows["group"].to_numpy()
    return np.array(
        [[int(((place == i) & (label == g)).sum()) for g in groups] for i in range(len(edges) - 1)]
    )


def _shares(
    counts: np.ndarray, groups: tuple[str, ...], variable: str, edges: tuple[int | None, ...]
) -> Iterator[dict]:
    for (low, high), row in zip(pairwise(edges), counts, strict=True):
        total = int(row.sum())
        keys = {"variable": variable, "level": class_name(low or 0, high), "n": total}
        yield {**keys, "group": ALL, "statistic": Statistic.N, "value": total, "unit": Unit.PATIENTS}
        for group, k in zip(groups_as_keys(groups), row.tolist(), strict=True):
            yield {**keys, "group": group, "statistic": Statistic.N, "value": k, "unit": Unit.PATIENTS}
            if total:
                yield exact_share_row({**keys, "group": group}, k, total)


def _test(counts: np.ndarray, groups: tuple[str, ...], variable: str, minimum_group: int) -> Iterator[dict]:
    """Windows by a test of counts, months by their trend; the trend needs two groups."""
    keys = {"group": comparison(groups), "variable": variable, "n": int(counts.sum())}
    is_trend = variable == "month"
    if is_trend and len(groups) != 2:
        yield {**keys, "statistic": Statistic.P_VALUE, "warning": WarningCode.TWO_GROUPS_NEEDED()}
        return
    yield from rows_of_test(
        keys,
        lambda: cochran_armitage(counts[:, 0], counts.sum(axis=1)) if is_trend else compare_levels(counts),
        why_not_tested(counts.sum(axis=0).tolist(), minimum_group),
    )


def answer(asked: Asked) -> Answer:
    """The question, of the patients asked about."""
    return describe_timing(asked.patients, asked.settings, asked.matching.minimum_group), {}

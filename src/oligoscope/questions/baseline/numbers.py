"""Table 1: the groups at baseline, tested and measured for imbalance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from oligoscope.cohort.attempts import NoAnswer, attempt, rows_of_test
from oligoscope.cohort.coded_levels import codes_of
from oligoscope.cohort.counts import count_rows, size_row, why_not_tested
from oligoscope.cohort.variables import as_levels, column_of, comparison, is_levels, levels_of
from oligoscope.results.analyses import BASELINE
from oligoscope.results.methods import Method, MethodPart
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit, unit_of
from oligoscope.results.warnings import NO_WARNING, WarningCode
from oligoscope.stats.arrays import Floats
from oligoscope.stats.comparison.group_tests import compare_levels, compare_values
from oligoscope.stats.comparison.summaries import Summary, describe, smd_continuous, smd_factor, smd_levels
from oligoscope.stats.comparison.weighted_summaries import WeightedSummary
from oligoscope.study.keys import ALL, declared_unit, groups_as_keys
from oligoscope.study.protocol import AnalysisSettings


@dataclass(frozen=True, slots=True)
class _Grouped:
    """Patients that have a group: their table, and the place of each one's group in `names`."""

    patients: pl.DataFrame
    names: tuple[str, ...]
    codes: NDArray[np.int64]

    def counts(self, chosen: NDArray[np.bool_] | None = None) -> list[int]:
        """Patients chosen: of all, then of each group."""
        codes = self.codes if chosen is None else self.codes[chosen]
        counts = np.bincount(codes, minlength=len(self.names)).tolist()
        return [sum(counts), *counts]

    def parts(self, values: Floats) -> list[Floats]:
        """Values of all, then of each group."""
        return [values, *(values[self.codes == i] for i in range(len(self.names)))]


@dataclass(frozen=True, slots=True)
class Layout:
    """The rows and columns of Table 1, the same in every imputation, whoever is in it.

    Attributes:
        groups: Levels of `by`, in their printed order.
        levels: Of each variable its levels in their printed order; None of a measured one.
        minimum_group: The fewest patients of each group, in whom a variable is known, that are tested.
        mid_p: Whether the exact test of a 2 x 2 table gives its mid-P.
    """

    groups: tuple[str, ...]
    levels: Mapping[str, tuple[str, ...] | None]
    minimum_group: int = 0
    mid_p: bool = False


def layout_of(cohorts: Sequence[pl.DataFrame], settings: AnalysisSettings, minimum_group: int = 0) -> Layout:
    """The groups and levels that occur in any of the cohorts, among patients that have a group."""
    patients = [c.filter(column_of(c, settings.by).is_not_null()) for c in cohorts]
    columns = {v: pl.concat([column_of(p, v) for p in patients]) for v in settings.variables}
    levels = {v: levels_of(v, values) if is_levels(values) else None for v, values in columns.items()}
    return Layout(
        levels_of(settings.by, pl.concat([p[settings.by] for p in patients])),
        levels,
        minimum_group,
        settings.exact_p == "mid_p",
    )


def compare_baseline(
    patients: pl.DataFrame, settings: AnalysisSettings, layout: Layout | None = None
) -> list[Estimate]:
    """Describe and compare every variable over the groups; patients without a group are left out.

    Args:
        patients: One cohort.
        settings: by, variables, population.
        layout: The rows and columns; those of this cohort where it is not given.
    """
    layout = layout or layout_of([patients], settings)
    if patients[settings.by].null_count():
        patients = patients.filter(pl.col(settings.by).is_not_null())
    codes = codes_of(patients[settings.by], layout.groups)
    grouped = _Grouped(patients, groups_as_keys(layout.groups), codes)
    return [
        Estimate(analysis=BASELINE, population=settings.population, outcome=settings.by, **row)
        for row in _rows(grouped, layout)
    ]


def _rows(grouped: _Grouped, layout: Layout) -> Iterator[dict]:
    for group, n in zip((ALL, *grouped.names), grouped.counts(), strict=True):
        yield size_row(group, n)
    for variable, levels in layout.levels.items():
        values = grouped.patients[variable]
        if levels is None:
            yield from _value_rows(grouped, variable, values, layout.minimum_group)
        else:
            yield from _level_rows(grouped, variable, values, levels, layout)


def _level_rows(
    grouped: _Grouped, variable: str, values: pl.Series, levels: tuple[str, ...], layout: Layout
) -> Iterator[dict]:
    words, groups = as_levels(values), grouped.names
    table = _count(codes_of(words, levels), grouped, len(levels))
    missing = _missing(grouped, variable, values)
    of_all_and_groups = (table.sum(axis=1).tolist(), *table.T.tolist())
    for group, counts, absent in zip((ALL, *groups), of_all_and_groups, missing, strict=True):
        for level, count in zip(levels, counts, strict=True):
            keys = {"group": group, "variable": variable, "level": level}
            yield from count_rows(keys, count, sum(counts))
        yield absent
    if len(groups) < 2:
        return
    keys = {"group": comparison(groups), "variable": variable, "n": int(table.sum())}
    few = why_not_tested(table.sum(axis=0).tolist(), layout.minimum_group)
    if not table.sum():
        few = WarningCode.BLANK_FOR_ALL()
    one_level = WarningCode.ONE_LEVEL_ONLY() if np.count_nonzero(table.sum(axis=1)) == 1 else NO_WARNING
    yield from rows_of_test(keys, lambda: compare_levels(table, mid_p=layout.mid_p), few or one_level)
    if len(groups) == 2 and few:
        yield {**keys, "statistic": Statistic.SMD, "warning": few}
    elif len(groups) == 2:
        yield from _smd_rows(keys, levels, table)


def _count(codes: NDArray[np.int64], grouped: _Grouped, n_levels: int) -> NDArray[np.int64]:
    """Patients of each level (row) and group (column)."""
    n_groups, known = len(grouped.names), codes >= 0
    cells = codes[known] * n_groups + grouped.codes[known]
    return np.bincount(cells, minlength=n_levels * n_groups).reshape(n_levels, n_groups)


def _smd_rows(keys: dict, levels: tuple[str, ...], table: np.ndarray) -> Iterator[dict]:
    keys = keys | {"statistic": Statistic.SMD, "method": Method(MethodPart.SMD)}
    if len(levels) < 2 or (table.sum(axis=0) == 0).any():
        yield {**keys, "warning": WarningCode.ONE_LEVEL_ONLY()}
        return
    yield {**keys, "value": abs(smd_factor(table)), "method": Method(MethodPart.YANG_DALTON)}
    for level, smd in zip(levels, smd_levels(table), strict=True):
        yield {**keys, "level": level, "value": smd}


def _value_rows(grouped: _Grouped, variable: str, values: pl.Series, minimum_group: int) -> Iterator[dict]:
    groups = grouped.names
    parts = grouped.parts(values.cast(pl.Float64).to_numpy())
    for group, part, absent in zip((ALL, *groups), parts, _missing(grouped, variable, values), strict=True):
        summary = describe(part)
        yield from summary_rows({"group": group}, variable, summary.n, summary)
        yield absent
    if len(groups) < 2:
        return
    samples = parts[1:]
    known = [int(np.isfinite(s).sum()) for s in samples]
    keys = {"group": comparison(groups), "variable": variable, "n": sum(known)}
    few = why_not_tested(known, minimum_group)
    yield from rows_of_test(keys, lambda: compare_values(samples), few)
    if len(groups) == 2:
        smd = NoAnswer(few) if few else attempt(lambda: abs(smd_continuous(samples[0], samples[1])))
        yield {**keys, "statistic": Statistic.SMD} | (
            {"warning": smd.warning}
            if isinstance(smd, NoAnswer)
            else {"value": smd, "method": Method(MethodPart.SMD)}
        )


def summary_rows(
    keys: dict[str, Any], variable: str, n: int, found: Summary | WeightedSummary
) -> Iterator[dict[str, Any]]:
    """Median with quartiles, mean and SD, in the unit of the variable."""
    word = declared_unit(variable)
    keys = {**keys, "variable": variable, "n": n, "unit": unit_of(word) if word else ""}
    yield {**keys, "statistic": Statistic.MEDIAN, "value": found.median, "low": found.q1, "high": found.q3}
    yield {**keys, "statistic": Statistic.MEAN, "value": found.mean}
    yield {**keys, "statistic": Statistic.SD, "value": found.sd}


def _missing(grouped: _Grouped, variable: str, values: pl.Series) -> Iterator[dict]:
    """How many values are not there: of all, then of each group."""
    complete = not values.null_count()
    absent = [0] * (len(grouped.names) + 1) if complete else grouped.counts(values.is_null().to_numpy())
    for group, n, size in zip((ALL, *grouped.names), absent, grouped.counts(), strict=True):
        yield missing_row(group, variable, n, size)


def missing_row(group: str, variable: str, n: int, size: int) -> dict[str, Any]:
    """In how many patients of a group a variable is not known."""
    keys = {"group": group, "variable": variable, "statistic": Statistic.MISSING}
    return {**keys, "value": n, "n": size, "unit": Unit.PATIENTS}

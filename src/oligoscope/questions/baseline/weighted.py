"""Table 1 of matched patients who count by their weights: shares, descriptions and tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from oligoscope.cohort.attempts import NoAnswer, attempt
from oligoscope.cohort.coded_levels import codes_of
from oligoscope.cohort.counts import size_row, why_not_tested
from oligoscope.cohort.curves import WEIGHTS
from oligoscope.cohort.matched_sets import SET, WEIGHT, set_rows, total_weight
from oligoscope.cohort.variables import as_levels, column_of, comparison, levels_of
from oligoscope.errors import NotEnoughData
from oligoscope.questions.baseline.numbers import Layout, layout_of, missing_row, summary_rows
from oligoscope.results.analyses import BASELINE
from oligoscope.results.methods import Method, MethodPart
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit
from oligoscope.results.warnings import WarningCode
from oligoscope.stats.comparison.test_result import GroupTest
from oligoscope.stats.comparison.weighted_summaries import compare_weighted_means, describe_weighted
from oligoscope.study.keys import ALL
from oligoscope.study.protocol import AnalysisSettings

TEST = Method(MethodPart.WEIGHTED_WALD)


def compare_weighted_baseline(
    cohort: pl.DataFrame, settings: AnalysisSettings, layout: Layout | None = None
) -> list[Estimate]:
    """Describe and compare every variable over the groups of one matched cohort.

    The rows are those of `compare_baseline`. Sizes of groups and missing values count patients, with the sum of
    their weights beside the size (`weighted_n`); counts and shares of levels, means, SDs and quartiles are weighted; P is
    Wald's with a variance robust to the matched sets. The SMD of each variable is left to `smd_after_matching`,
    which replaces the row without a value.

    Args:
        cohort: Matched patients with `_pair` and `_weight` (see `matched_sets`).
        settings: by, variables, population.
        layout: The rows and columns; those of this cohort where it is not given.
    """
    layout = layout or layout_of([cohort], settings)
    people = cohort.filter(column_of(cohort, settings.by).is_not_null())
    return [
        Estimate(analysis=BASELINE, population=settings.population, outcome=settings.by, **row)
        for row in _rows(people, settings.by, layout)
    ]


def _rows(people: pl.DataFrame, by: str, layout: Layout) -> Iterator[dict[str, Any]]:
    words, groups = as_levels(people[by]), layout.groups
    parts = {ALL: people, **{g: people.filter(words == g) for g in groups}}
    for group, part in parts.items():
        yield size_row(group, part.height)
        weights = {"value": total_weight(part), "unit": Unit.SUM_OF_WEIGHTS, "method": WEIGHTS}
        yield {"group": group, "statistic": Statistic.WEIGHTED_N, "n": part.height, **weights}
    for variable, levels in layout.levels.items():
        for group, part in parts.items():
            known = part.drop_nulls(variable)
            if levels is None:
                values, keys = known[variable].cast(pl.Float64), {"group": group, "method": WEIGHTS}
                found = describe_weighted(values.to_numpy(), known[WEIGHT].to_numpy())
                yield from summary_rows(keys, variable, known.height, found)
            else:
                yield from _level_rows(known, group, variable, levels)
            yield missing_row(group, variable, part[variable].null_count(), part.height)
        if len(groups) > 1:
            yield from _test_rows(people, by, layout, variable)


def _level_rows(
    known: pl.DataFrame, group: str, variable: str, levels: tuple[str, ...]
) -> Iterator[dict[str, Any]]:
    words, total = as_levels(known[variable]), total_weight(known)
    for level in levels:
        weight = total_weight(known.filter(words == level))
        keys = {"group": group, "variable": variable, "level": level, "n": known.height, "method": WEIGHTS}
        yield {**keys, "statistic": Statistic.N, "value": weight, "unit": Unit.SUM_OF_WEIGHTS}
        share = 100 * weight / total if total else None
        yield {**keys, "statistic": Statistic.PERCENT, "value": share, "unit": Unit.PERCENT}


def _test_rows(people: pl.DataFrame, by: str, layout: Layout, variable: str) -> Iterator[dict[str, Any]]:
    known, few = people.drop_nulls(variable), WarningCode.TOO_FEW_PATIENTS()
    groups, levels, words = layout.groups, layout.levels[variable], as_levels(known[by])
    small = why_not_tested((int((words == g).sum()) for g in groups), layout.minimum_group)
    keys = {"group": comparison(groups), "variable": variable, "n": known.height}
    found = (
        NoAnswer(small)
        if small
        else attempt(lambda: _test(set_rows(known), by, groups, variable, levels), few)
    )
    if isinstance(found, NoAnswer):
        yield {**keys, "statistic": Statistic.P_VALUE, "warning": found.warning}
    else:
        made = {**keys, "method": TEST}
        yield {**made, "statistic": Statistic.P_VALUE, "value": found.p_value}
        yield {**made, "statistic": Statistic.TEST_STATISTIC, "value": found.statistic, "unit": Unit.F}
    if len(groups) == 2:
        yield {**keys, "statistic": Statistic.SMD, "warning": few}


def _test(
    rows: pl.DataFrame, by: str, groups: tuple[str, ...], variable: str, levels: tuple[str, ...] | None
) -> GroupTest:
    values = rows[variable]
    codes = codes_of(as_levels(rows[by]), groups)
    if len(np.unique(codes)) < len(groups):
        raise NotEnoughData("A group has no patient in whom the variable is known.")
    if levels is not None:
        of_level = codes_of(values, levels_of(variable, values))
        columns = (of_level[:, None] == np.arange(int(of_level.max(initial=0)))).astype(np.float64)
        if columns.shape[1] == 0:
            raise NotEnoughData("One level only: nothing to test.")
    else:
        columns = values.cast(pl.Float64).to_numpy()
    return compare_weighted_means(columns, codes, rows[WEIGHT].to_numpy(), rows[SET].to_numpy())

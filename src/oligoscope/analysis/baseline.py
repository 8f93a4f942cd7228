"""Table 1: what the groups looked like at the start, tested and measured for imbalance."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from oligoscope.analysis.variables import as_levels, column_of, comparison, is_levels, levels_of
from oligoscope.errors import NotEnoughData
from oligoscope.results import Estimate
from oligoscope.stats.group_tests import GroupTest, compare_levels, compare_values
from oligoscope.stats.summaries import describe, smd_continuous, smd_factor, smd_levels
from oligoscope.study.protocol import AnalysisSettings

ALL = "all"


def compare_baseline(patients: pl.DataFrame, settings: AnalysisSettings) -> list[Estimate]:
    """Describe and compare every variable over the groups; patients without a group are left out."""
    grouping = as_levels(column_of(patients, settings.by))
    patients = patients.with_columns(grouping.alias("_group")).filter(pl.col("_group").is_not_null())
    groups = levels_of(settings.by, patients["_group"])
    return [
        Estimate(analysis="baseline", population=settings.population, outcome=settings.by, **row)
        for row in _rows(patients, groups, settings.variables)
    ]


def _rows(patients: pl.DataFrame, groups: tuple[str, ...], variables: tuple[str, ...]) -> Iterator[dict]:
    for group in (ALL, *groups):
        n = _members(patients, group).height
        yield {"group": group, "statistic": "n", "value": n, "n": n, "unit": "patients"}
    for variable in variables:
        values = column_of(patients, variable)
        make = _level_rows if is_levels(values) else _value_rows
        yield from make(patients, groups, variable)


def _members(patients: pl.DataFrame, group: str) -> pl.DataFrame:
    return patients if group == ALL else patients.filter(pl.col("_group") == group)


def _level_rows(patients: pl.DataFrame, groups: tuple[str, ...], variable: str) -> Iterator[dict]:
    patients = patients.with_columns(as_levels(patients[variable]).alias("_level"))
    levels = levels_of(variable, patients["_level"])
    for group in (ALL, *groups):
        members = _members(patients, group)
        known = int(members["_level"].is_not_null().sum())
        for level in levels:
            count = int((members["_level"] == level).sum())
            keys = {"group": group, "variable": variable, "level": level, "n": known}
            yield {**keys, "statistic": "n", "value": count, "unit": "patients"}
            yield {
                **keys,
                "statistic": "percent",
                "value": 100 * count / known if known else None,
                "unit": "percent",
            }
        yield _missing(members, group, variable)
    if len(groups) < 2:
        return
    table = np.array([[_count(patients, level, group) for group in groups] for level in levels])
    keys = {"group": comparison(groups), "variable": variable, "n": int(table.sum()) if table.size else 0}
    yield from _test_rows(keys, lambda: compare_levels(table))
    if len(groups) == 2:
        yield from _smd_rows(keys, levels, table)


def _count(patients: pl.DataFrame, level: str, group: str) -> int:
    return int(((patients["_level"] == level) & (patients["_group"] == group)).sum())


def _smd_rows(keys: dict, levels: tuple[str, ...], table: np.ndarray) -> Iterator[dict]:
    if len(levels) < 2 or (table.sum(axis=0) == 0).any():
        yield {
            **keys,
            "statistic": "smd",
            "method": "standardised mean difference",
            "warning": "one_level_only",
        }
        return
    yield {**keys, "statistic": "smd", "value": abs(smd_factor(table)), "method": "Yang-Dalton"}
    for level, smd in zip(levels, smd_levels(table), strict=True):
        yield {
            **keys,
            "level": level,
            "statistic": "smd",
            "value": smd,
            "method": "standardised mean difference",
        }


def _value_rows(patients: pl.DataFrame, groups: tuple[str, ...], variable: str) -> Iterator[dict]:
    unit = variable.rsplit("_", 1)[-1] if "_" in variable else ""
    for group in (ALL, *groups):
        members = _members(patients, group)
        summary = describe(_numbers(members, variable))
        keys = {"group": group, "variable": variable, "n": summary.n, "unit": unit}
        yield {**keys, "statistic": "median", "value": summary.median, "low": summary.q1, "high": summary.q3}
        yield {**keys, "statistic": "mean", "value": summary.mean}
        yield {**keys, "statistic": "sd", "value": summary.sd}
        yield _missing(members, group, variable)
    if len(groups) < 2:
        return
    samples = [_numbers(_members(patients, group), variable) for group in groups]
    known = int(sum(np.isfinite(s).sum() for s in samples))
    keys = {"group": comparison(groups), "variable": variable, "n": known}
    yield from _test_rows(keys, lambda: compare_values(samples))
    if len(groups) == 2:
        yield _smd_of_values(keys, samples)


def _smd_of_values(keys: dict, samples: list[np.ndarray]) -> dict:
    try:
        value = abs(smd_continuous(samples[0], samples[1]))
    except NotEnoughData as error:
        return {**keys, "statistic": "smd", "warning": str(error)}
    return {**keys, "statistic": "smd", "value": value, "method": "standardised mean difference"}


def _numbers(members: pl.DataFrame, variable: str) -> np.ndarray:
    return members[variable].cast(pl.Float64).fill_null(float("nan")).to_numpy()


def _missing(members: pl.DataFrame, group: str, variable: str) -> dict:
    n = members[variable].null_count()
    return {
        "group": group,
        "variable": variable,
        "statistic": "missing",
        "value": n,
        "n": members.height,
        "unit": "patients",
    }


def _test_rows(keys: dict, test: object) -> Iterator[dict]:
    try:
        found: GroupTest = test()  # type: ignore[operator]
    except NotEnoughData:
        yield {**keys, "statistic": "p_value", "warning": "too_few_patients"}
        return
    yield {**keys, "statistic": "p_value", "value": found.p_value, "method": found.name}
    if found.statistic is not None:
        yield {**keys, "statistic": "test_statistic", "value": found.statistic, "method": found.name}

"""Levels of an imputed variable in each group: as observed, in each imputation, and on average."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from oligoscope.cohort.coded_levels import codes_of
from oligoscope.cohort.variables import is_levels, levels_of
from oligoscope.results.analyses import IMPUTATION
from oligoscope.results.methods import Method, MethodPart
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit
from oligoscope.study.keys import ALL, Level, groups_as_keys

OBSERVED = 0  # number of the "imputation" that holds the observed values alone
SCHEMA = {
    "variable": pl.String, "imputation": pl.Int64, "group": pl.String, "level": pl.String, "n": pl.Int64,
}  # fmt: skip


def describe_completed(
    patients: pl.DataFrame,
    cohorts: tuple[pl.DataFrame, ...],
    imputed: tuple[str, ...],
    by: str,
    population: str,
) -> tuple[list[Estimate], pl.DataFrame]:
    """Counts of every level of the imputed variables that have levels.

    Args:
        patients: As observed.
        cohorts: Completed versions, the same patients in the same order.
        imputed: Variables of which values were drawn.
        by: The grouping column.
        population: For Results.

    Returns:
        n and percent of each group and level, means over the imputations with their range as low and high; and
        the series "imputation/levels": variable, imputation (0: observed values), group, level, n.
    """
    names = [name for name in imputed if is_levels(patients[name])]
    rows = [
        row for name in names for i, c in enumerate((patients, *cohorts)) for row in _counts(c, name, by, i)
    ]
    frame = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    keys: dict[str, Any] = {"analysis": IMPUTATION, "population": population, "outcome": by}
    # A frame holds plain words: their keys are found again by the text.
    groups = groups_as_keys(levels_of(by, patients[by])) if rows else ()
    known = {str(group): group for group in groups}
    found = []
    for row in _means(frame, len(cohorts)):
        group, level = known.get(row["group"], row["group"]), Level.of(row["variable"], row["level"])
        found.append(Estimate(**keys | row | {"group": group, "level": level}))
    return found, frame


def _counts(cohort: pl.DataFrame, name: str, by: str, i: int) -> Iterator[tuple[str, int, str, str, int]]:
    levels, groups = levels_of(name, cohort[name]), levels_of(by, cohort[by])
    values, members = codes_of(cohort[name], levels), codes_of(cohort[by], groups)
    of_groups = (values[(members == g) & (values >= 0)] for g in range(len(groups)))
    table = np.array([np.bincount(places, minlength=len(levels)) for places in of_groups])
    for group, counts in zip((ALL, *groups_as_keys(groups)), (table.sum(axis=0), *table), strict=True):
        yield from ((name, i, group, level, int(n)) for level, n in zip(levels, counts, strict=True))


def _means(frame: pl.DataFrame, m: int) -> Iterator[dict]:
    """n and percent over the completed versions; the whole group is their denominator."""
    completed = frame.filter(pl.col("imputation") != OBSERVED)
    sizes = completed.group_by("variable", "imputation", "group").agg(pl.col("n").sum().alias("total"))
    shares = completed.join(
        sizes, on=["variable", "imputation", "group"], maintain_order="left"
    ).with_columns(percent=100 * pl.col("n") / pl.col("total"))
    for (variable, group, level), rows in shares.group_by("variable", "group", "level", maintain_order=True):
        keys = {"variable": variable, "group": group, "level": level, "n": int(rows["total"][0])}
        keys["method"] = Method(MethodPart.MEAN_OVER(m=m))
        for statistic, unit in ((Statistic.N, Unit.PATIENTS), (Statistic.PERCENT, Unit.PERCENT)):
            values = rows[statistic]
            span = {"value": values.mean(), "low": values.min(), "high": values.max()}
            yield {**keys, "statistic": statistic, **span, "unit": unit}

"""Matched patients with their weights and sets, as every analysis after matching takes them.

Where controls differ in number, or are used again, patients have weights: a matched patient of the first group
counts 1, and the controls of that set count 1 together. Matching 1:1 without replacement leaves all weights at 1, and
nothing here changes any number.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import polars as pl

from oligoscope.results.analyses import MATCHING
from oligoscope.results.methods import MethodPart, Step
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit
from oligoscope.stats.matching.propensity_matching import Matching
from oligoscope.study.dictionary.populations import MATCHED

SET, WEIGHT = "_pair", "_weight"
AFTER = "_after"  # of all patients of a cohort, matched or not: their weights after matching
DECIMALS = 9
# So many matched sets, or fewer, need t (Cameron, Gelbach & Miller, Rev Econ Stat 2008, 90:414).
FEW_SETS = 30
SETS, SHARES = "_sets", "_shares"  # only after matching with replacement: a control is in several sets


def with_sets(frame: pl.DataFrame, matching: Matching) -> pl.DataFrame:
    """Matched patients, each with their weight and the set they were matched in (its treated patient's number).

    After matching with replacement also with all their sets and what they count in each.
    """
    sets = np.full(frame.height, -1, dtype=np.int64)
    sets[matching.treated] = matching.treated
    sets[matching.controls] = matching.treated
    marked = frame.with_columns(pl.Series(SET, sets), pl.Series(WEIGHT, matching.weights))
    if matching.options.replace:
        marked = marked.with_columns(*_memberships(frame.height, matching))
    return marked.filter(pl.col(WEIGHT) > 0)


def _memberships(n: int, matching: Matching) -> tuple[pl.Series, pl.Series]:
    sets: list[list[int]] = [[] for _ in range(n)]
    shares: list[list[float]] = [[] for _ in range(n)]
    partners = np.bincount(matching.treated, minlength=n)
    for patient in np.flatnonzero(partners).tolist():
        sets[patient].append(patient)
        shares[patient].append(1.0)
    for treated, control in zip(matching.treated.tolist(), matching.controls.tolist(), strict=True):
        sets[control].append(treated)
        shares[control].append(1.0 / int(partners[treated]))
    return (
        pl.Series(SETS, sets, dtype=pl.List(pl.Int64)),
        pl.Series(SHARES, shares, dtype=pl.List(pl.Float64)),
    )


def are_weighted(cohorts: Sequence[pl.DataFrame]) -> bool:
    """Whether any patient counts as more or less than one in a set; shares of a control that is used again may add up to 1."""
    return any((WEIGHT in c.columns and bool((c[WEIGHT] != 1).any())) or serves_again(c) for c in cohorts)


def weighed_after(people: pl.DataFrame, matched: pl.DataFrame) -> pl.DataFrame:
    """The patients of an imputation with their weights after matching, 0 of those who were not matched, 1 where none has one."""
    weight = matched[WEIGHT] if WEIGHT in matched.columns else 1.0
    weights = pl.DataFrame({"patient_id": matched["patient_id"], AFTER: weight})
    people = people.join(weights, on="patient_id", how="left", maintain_order="left")
    return people.with_columns(pl.col(AFTER).cast(pl.Float64).fill_null(0.0))


def serves_again(cohort: pl.DataFrame) -> bool:
    """Whether any patient is in more than one set."""
    return SETS in cohort.columns and bool((cohort[SETS].list.len() > 1).any())


def set_rows(cohort: pl.DataFrame) -> pl.DataFrame:
    """One row for each patient and set; the weight is what the patient counts in that set."""
    if SETS not in cohort.columns:
        return cohort
    rows = cohort.explode(SETS, SHARES)
    return rows.with_columns(pl.col(SETS).alias(SET), pl.col(SHARES).alias(WEIGHT))


def degrees_of_sets(df: float, n_sets: int) -> tuple[float, tuple[Step, ...]]:
    """Degrees of freedom of limits that are robust to so many sets, and what the method says of them.

    A variance robust to few sets is itself uncertain: then no more than their number less 1.
    """
    if n_sets > FEW_SETS:
        return df, ()
    few = max(n_sets - 1, 1)
    return min(df, float(few)), (MethodPart.T_OF(df=few),)


def total_weight(patients: pl.DataFrame) -> float:
    """The sum of their weights; thirds add up to whole numbers."""
    return round(math.fsum(patients[WEIGHT]), DECIMALS)


def sizes_of_groups(
    matchings: tuple[Matching, ...], is_first: np.ndarray, groups: tuple[str, ...]
) -> Iterator[Estimate]:
    """Of each group how many were matched, and how many were not.

    Args:
        matchings: Of each imputation.
        is_first: Of each patient, whether they are of the first group.
        groups: The two groups.
    """
    for group, of_group in zip(groups, (is_first, ~is_first), strict=True):
        n = int(of_group.sum())
        found = [int((m.weights[of_group] > 0).sum()) for m in matchings] or [0]
        keys: dict[str, Any] = {"analysis": MATCHING, "population": MATCHED, "group": group, "n": n}
        for statistic, counts in (
            (Statistic.N, found),
            (Statistic.N_UNMATCHED, [n - matched for matched in found]),
        ):
            yield Estimate(**keys, **spread(counts), statistic=statistic, unit=Unit.PATIENTS)


def spread(counts: Sequence[int]) -> dict[str, Any]:
    """The mean over the imputations and the range."""
    return {"value": float(np.mean(counts)), "low": float(min(counts)), "high": float(max(counts))}

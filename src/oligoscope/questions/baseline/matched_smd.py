"""How far apart the matched groups are in each variable of the baseline table, over the SD before matching.

The same numbers as in the table of balance, for variables the score did not hold as well: over the SD before
matching a change of the SMD is a change of the groups, not of their spread (docs/methods-matching.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import inf
from statistics import fmean
from typing import Any

import numpy as np
import polars as pl

from oligoscope.cohort.attempts import NoAnswer, attempt
from oligoscope.cohort.match import read_covariate
from oligoscope.cohort.variables import as_levels, column_of, comparison, is_levels, levels_of
from oligoscope.results.analyses import BASELINE
from oligoscope.results.methods import Method, MethodPart
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import WarningCode
from oligoscope.stats.matching.balance import BalanceRow, balance
from oligoscope.study.keys import Level, groups_as_keys
from oligoscope.study.protocol import AnalysisSettings

METHODS = {"factor": MethodPart.YANG_DALTON, "level": MethodPart.SMD, "number": MethodPart.SMD}
OPPOSITE = WarningCode.INFINITE_IN_BOTH_DIRECTIONS()


def smd_after_matching(
    matched: Sequence[pl.DataFrame],
    completed: Sequence[pl.DataFrame],
    settings: AnalysisSettings,
    variable: str,
) -> Iterator[Estimate]:
    """SMD of a variable and of its levels, means over the imputations.

    Args:
        matched: Matched patients of each imputation with `_weight`; every patient weighs 1 where there is none.
        completed: The cohorts they were matched in.
        settings: by (two groups), population.
        variable: A column; patients in whom it is not known are left out.

    Returns:
        Without a level the absolute difference (of a factor the distance over all levels); with one the signed
        difference of that level, in which opposite differences of the imputations cancel.
    """
    groups = levels_of(settings.by, pl.concat([as_levels(c[settings.by]) for c in matched]))
    pairs = list(zip(matched, completed, strict=True))
    sizes = [_known(after, variable, settings.by) for after, _ in pairs]
    keys: dict[str, Any] = {
        "analysis": BASELINE, "population": settings.population, "outcome": settings.by,
        "group": comparison(groups_as_keys(groups)), "variable": variable, "statistic": Statistic.SMD, "n": round(fmean(sizes)),
    }  # fmt: skip
    if is_levels(column_of(completed[0], variable)) and all(_is_constant(c, variable) for c in completed):
        yield Estimate(**keys, method=Method(MethodPart.SMD), warning=WarningCode.ONE_LEVEL_ONLY())
        return
    rows = attempt(lambda: [_rows(after, before, settings.by, groups, variable) for after, before in pairs])
    if isinstance(rows, NoAnswer):
        yield Estimate(**keys, warning=rows.warning)
        return
    named = {"" if r.level is None else str(r.level): r for found in rows for r in found}
    for level in sorted(named, key=bool):  # the variable before its levels
        values = [
            r.smd for found in rows for r in found if ("" if r.level is None else str(r.level)) == level
        ]
        value = mean_of(values if level else [abs(v) for v in values])
        method = Method(METHODS[named[level].kind], MethodPart.SD_BEFORE_MATCHING)
        key = Level.of(variable, level) if level else ""
        if value is None:
            yield Estimate(**keys, level=key, method=method, warning=OPPOSITE)
        else:
            yield Estimate(**keys, level=key, value=value, method=method)


def mean_of(values: Sequence[float]) -> float | None:
    """Their mean; None where some are infinite in one direction and some in the other."""
    return None if {inf, -inf} <= set(values) else fmean(values)


def _known(cohort: pl.DataFrame, variable: str, by: str) -> int:
    return cohort.filter(pl.col(variable).is_not_null() & pl.col(by).is_not_null()).height


def _is_constant(cohort: pl.DataFrame, variable: str) -> bool:
    return cohort[variable].drop_nulls().n_unique() < 2


def _rows(
    matched: pl.DataFrame, completed: pl.DataFrame, by: str, groups: tuple[str, ...], variable: str
) -> tuple[BalanceRow, ...]:
    """Balance of one variable in one imputation; who was not matched weighs nothing."""
    weights = matched.select("patient_id", _after="_weight" if "_weight" in matched.columns else pl.lit(1.0))
    people = completed.filter(pl.col(variable).is_not_null() & as_levels(completed[by]).is_in(groups))
    people = people.join(weights, on="patient_id", how="left", maintain_order="left")
    treated = (as_levels(people[by]) == groups[0]).to_numpy()
    after = people["_after"].fill_null(0.0).to_numpy().astype(np.float64)
    return balance([read_covariate(people[variable])], treated, after).rows

"""Table 1 of completed or matched cohorts: counts and P over the imputations, SMD over the SD before matching.

SMDs are the same numbers as in the table of balance, for variables the score did not hold as well: over the SD before
matching a change of the SMD is a change of the groups, not of their spread (docs/methods-matching.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import inf
from statistics import fmean, median
from typing import Any

import polars as pl

from oligoscope.cohort.attempts import NoAnswer, attempt
from oligoscope.cohort.match import read_covariate
from oligoscope.cohort.matched_sets import AFTER, are_weighted, weighed_after
from oligoscope.cohort.variables import as_levels, column_of, comparison, is_levels, levels_of
from oligoscope.questions.baseline.numbers import compare_baseline, layout_of
from oligoscope.questions.baseline.weighted import compare_weighted_baseline
from oligoscope.questions.question import Answer, Asked
from oligoscope.results.analyses import BASELINE
from oligoscope.results.methods import NO_METHOD, Method, MethodPart, one_of
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import NO_WARNING, WarningCode
from oligoscope.stats.imputation.pooled_tests import where_median
from oligoscope.stats.matching.balance import BalanceRow, balance
from oligoscope.study.keys import Level, groups_as_keys
from oligoscope.study.protocol import AnalysisSettings

METHODS = {"factor": MethodPart.YANG_DALTON, "level": MethodPart.SMD, "number": MethodPart.SMD}
OPPOSITE = WarningCode.INFINITE_IN_BOTH_DIRECTIONS()
NOT_IN_EVERY = WarningCode.NOT_IN_EVERY_IMPUTATION()


def compare_baseline_pooled(
    cohorts: Sequence[pl.DataFrame],
    settings: AnalysisSettings,
    completed: Sequence[pl.DataFrame] | None = None,
    minimum_group: int = 0,
) -> list[Estimate]:
    """Table 1 of several cohorts as one.

    Counts, shares and descriptions are means over the imputations; of a share or a description over those in which
    the group has a patient. P is the median over the imputations, whatever the test: D2, made of chi-squares alone, has a
    negative F, and a P of exactly 1, as soon as these differ much between imputations, which after matching they do.
    It is withheld where one of them has none. The test statistic is that of the imputation whose P is the median; of an
    even number of imputations none has it, and no statistic is given. Where not every weight is 1, counts, shares, descriptions and tests are weighted.

    Args:
        cohorts: Completed, or matched.
        settings: by, variables, population.
        completed: Where the cohorts are matched, those they were matched in: their SD is that of the SMD.
        minimum_group: The fewest patients of each group that are tested.

    References:
        Eekhout, van de Wiel & Heymans, BMC Med Res Methodol 2017, 17:129, doi 10.1186/s12874-017-0404-7.
    """
    compare = compare_weighted_baseline if are_weighted(cohorts) else compare_baseline
    # A level or a group without patients in one of the imputations counts 0 there, and is not left out of the mean.
    layout = layout_of(cohorts, settings, minimum_group)
    tables = [compare(c, settings, layout) for c in cohorts]
    table = tables[0] if len(tables) == 1 else list(_pool_baseline(tables))
    return table if completed is None else list(_with_smd_after(table, cohorts, completed, settings))


def _pool_baseline(tables: Sequence[list[Estimate]]) -> Iterator[Estimate]:
    by_key: dict[tuple[str, ...], list[Estimate]] = {}
    for table in tables:
        for estimate in table:
            by_key.setdefault(estimate.key, []).append(estimate)
    for found in by_key.values():
        if found[0].statistic in _OF_ONE_TEST:
            continue
        pooled = _pool_estimate(found)
        yield pooled
        if pooled.statistic == Statistic.P_VALUE and pooled.value is not None and len(found) == len(tables):
            yield from _of_median_p(found, tables)


_OF_ONE_TEST = {Statistic.TEST_STATISTIC, Statistic.Z_STATISTIC}


def _of_median_p(tests: list[Estimate], tables: Sequence[list[Estimate]]) -> Iterator[Estimate]:
    """The statistics of the test whose P is the median; `tests` has one P a table."""
    at = where_median([e.value for e in tests if e.value is not None])
    if at is None:
        return
    for e in tables[at]:
        if e.statistic in _OF_ONE_TEST and e.key[:-1] == tests[at].key[:-1]:
            yield replace(e, method=e.method.plus(MethodPart.MEDIAN_P))


def _pool_estimate(found: list[Estimate]) -> Estimate:
    first = found[0]
    given = [e for e in found if e.value is not None]
    values = [e.value for e in given if e.value is not None]
    n = round(fmean(e.n or 0 for e in found))
    few = next((e.warning for e in found if e.warning.has(WarningCode.TOO_FEW_IN_GROUP)), NO_WARNING)
    if not values:
        return replace(first, n=n, warning=few or first.warning)
    if first.statistic == Statistic.P_VALUE and len(given) < len(found):
        return replace(first, value=None, n=n, method=NO_METHOD, warning=few or NOT_IN_EVERY)
    if first.statistic == Statistic.P_VALUE:
        method = one_of(*(e.method for e in given)).plus(MethodPart.MEDIAN_P)
        return replace(first, value=median(values), n=n, method=method, warning=NO_WARNING)
    mean = mean_of(values)
    if mean is None:
        return replace(first, value=None, n=n, warning=OPPOSITE)
    lows, highs = [e.low for e in found if e.low is not None], [e.high for e in found if e.high is not None]
    low, high = mean_of(lows) if lows else None, mean_of(highs) if highs else None
    # The first may be one that has no value, with the reason; of one that has, unit and method are the same in all.
    return replace(given[0], value=mean, low=low, high=high, n=n)


def _with_smd_after(
    table: Sequence[Estimate],
    cohorts: Sequence[pl.DataFrame],
    completed: Sequence[pl.DataFrame],
    settings: AnalysisSettings,
) -> Iterator[Estimate]:
    """The table with the SMDs of the table of balance in place of its own."""
    compared = {e.variable for e in table if e.statistic == Statistic.SMD}
    weighed = [weighed_after(before, after) for before, after in zip(completed, cohorts, strict=True)]
    for estimate in table:
        if estimate.statistic != Statistic.SMD:
            yield estimate
        if estimate.statistic == Statistic.P_VALUE and estimate.warning.has(WarningCode.TOO_FEW_IN_GROUP):
            yield replace(estimate, statistic=Statistic.SMD)
        elif estimate.statistic == Statistic.P_VALUE and estimate.variable in compared:
            yield from smd_after_matching(cohorts, weighed, settings, estimate.variable)


def smd_after_matching(
    matched: Sequence[pl.DataFrame],
    weighed: Sequence[pl.DataFrame],
    settings: AnalysisSettings,
    variable: str,
) -> Iterator[Estimate]:
    """SMD of a variable and of its levels, means over the imputations.

    Args:
        matched: Matched patients of each imputation.
        weighed: The cohorts they were matched in, with their weights (`weighed_after`).
        settings: by (two groups), population.
        variable: A column; patients in whom it is not known are left out.

    Returns:
        Without a level the absolute difference (of a factor the distance over all levels); with one the signed
        difference of that level, in which opposite differences of the imputations cancel.
    """
    groups = levels_of(settings.by, pl.concat([as_levels(c[settings.by]) for c in matched]))
    sizes = [_known(after, variable, settings.by) for after in matched]
    keys: dict[str, Any] = {
        "analysis": BASELINE, "population": settings.population, "outcome": settings.by,
        "group": comparison(groups_as_keys(groups)), "variable": variable, "statistic": Statistic.SMD, "n": round(fmean(sizes)),
    }  # fmt: skip
    if is_levels(column_of(weighed[0], variable)) and all(_is_constant(c, variable) for c in weighed):
        yield Estimate(**keys, method=Method(MethodPart.SMD), warning=WarningCode.ONE_LEVEL_ONLY())
        return
    rows = attempt(lambda: [_rows(people, settings.by, groups, variable) for people in weighed])
    if isinstance(rows, NoAnswer):
        yield Estimate(**keys, warning=rows.warning)
        return
    by_level: dict[str, list[BalanceRow]] = {}
    for row in (r for found in rows for r in found):
        by_level.setdefault("" if row.level is None else str(row.level), []).append(row)
    for level in sorted(by_level, key=bool):  # the variable before its levels
        found = by_level[level]
        value = mean_of([r.smd if level else abs(r.smd) for r in found])
        method = Method(METHODS[found[-1].kind], MethodPart.SD_BEFORE_MATCHING)
        key, why = Level.of(variable, level) if level else "", OPPOSITE if value is None else NO_WARNING
        yield Estimate(**keys, level=key, value=value, method=method, warning=why)


def mean_of(values: Sequence[float]) -> float | None:
    """Their mean; None where some are infinite in one direction and some in the other."""
    return None if {inf, -inf} <= set(values) else fmean(values)


def _known(cohort: pl.DataFrame, variable: str, by: str) -> int:
    return int((cohort[variable].is_not_null() & cohort[by].is_not_null()).sum())


def _is_constant(cohort: pl.DataFrame, variable: str) -> bool:
    return cohort[variable].drop_nulls().n_unique() < 2


def _rows(people: pl.DataFrame, by: str, groups: tuple[str, ...], variable: str) -> tuple[BalanceRow, ...]:
    """Balance of one variable in one imputation."""
    known = people[[*dict.fromkeys((by, variable)), AFTER]]
    known = known.filter(pl.col(variable).is_not_null() & as_levels(known[by]).is_in(groups))
    treated = (as_levels(known[by]) == groups[0]).to_numpy()
    return balance([read_covariate(known[variable])], treated, known[AFTER].to_numpy()).rows


def answer(asked: Asked) -> Answer:
    """The table of the cohort as it is, or over the matched cohorts."""
    if asked.is_matched:
        pooled = compare_baseline_pooled(
            asked.cohorts, asked.settings, asked.completed, asked.matching.minimum_group
        )
        return pooled, {}
    layout = layout_of([asked.patients], asked.settings, asked.matching.minimum_group)
    return compare_baseline(asked.patients, asked.settings, layout), {}

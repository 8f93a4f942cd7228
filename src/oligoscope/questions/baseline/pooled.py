"""Table 1 of completed or matched cohorts: counts and P over the imputations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import fmean, median

import polars as pl

from oligoscope.cohort.matched_sets import are_weighted
from oligoscope.questions.baseline.matched_smd import OPPOSITE, mean_of, smd_after_matching
from oligoscope.questions.baseline.numbers import compare_baseline, layout_of
from oligoscope.questions.baseline.weighted import compare_weighted_baseline
from oligoscope.results.methods import NO_METHOD, MethodPart, one_of
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import NO_WARNING, WarningCode
from oligoscope.study.protocol import AnalysisSettings

NOT_IN_EVERY = WarningCode.NOT_IN_EVERY_IMPUTATION()


def compare_baseline_pooled(
    cohorts: Sequence[pl.DataFrame],
    settings: AnalysisSettings,
    completed: Sequence[pl.DataFrame] | None = None,
) -> list[Estimate]:
    """Table 1 of several cohorts as one.

    Counts, shares and descriptions are means over the imputations; of a share or a description over those in which
    the group has a patient. P is the median over the imputations, whatever the test: D2, made of chi-squares alone, has a
    negative F, and a P of exactly 1, as soon as these differ much between imputations, which after matching they do.
    It is withheld where one of them has none. A median of chi-squares would belong to no P, so no test statistic is
    given. Where not every weight is 1, counts, shares, descriptions and tests are weighted.

    Args:
        cohorts: Completed, or matched.
        settings: by, variables, population.
        completed: Where the cohorts are matched, those they were matched in: their SD is that of the SMD.

    References:
        Eekhout, van de Wiel & Heymans, BMC Med Res Methodol 2017, 17:129, doi 10.1186/s12874-017-0404-7.
    """
    compare = compare_weighted_baseline if are_weighted(cohorts) else compare_baseline
    # A level or a group without patients in one of the imputations counts 0 there, and is not left out of the mean.
    layout = layout_of(cohorts, settings)
    tables = [compare(c, settings, layout) for c in cohorts]
    table = tables[0] if len(tables) == 1 else list(_pool_baseline(tables))
    return table if completed is None else list(_with_smd_after(table, cohorts, completed, settings))


def _pool_baseline(tables: Sequence[list[Estimate]]) -> Iterator[Estimate]:
    by_key: dict[tuple[str, ...], list[Estimate]] = {}
    for table in tables:
        for estimate in table:
            by_key.setdefault(estimate.key, []).append(estimate)
    return (
        _pool_estimate(found) for found in by_key.values() if found[0].statistic != Statistic.TEST_STATISTIC
    )


def _pool_estimate(found: list[Estimate]) -> Estimate:
    first = found[0]
    given = [e for e in found if e.value is not None]
    values = [e.value for e in given if e.value is not None]
    n = round(fmean(e.n or 0 for e in found))
    if not values:
        return replace(first, n=n)
    if first.statistic == Statistic.P_VALUE and len(given) < len(found):
        return replace(first, value=None, n=n, method=NO_METHOD, warning=NOT_IN_EVERY)
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
    for estimate in table:
        if estimate.statistic != Statistic.SMD:
            yield estimate
        if estimate.statistic == Statistic.P_VALUE and estimate.variable in compared:
            yield from smd_after_matching(cohorts, completed, settings, estimate.variable)

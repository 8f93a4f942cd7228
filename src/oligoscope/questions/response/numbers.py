"""How many responded: best responses, objective response and disease control with exact limits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from oligoscope.cohort.attempts import rows_of_test
from oligoscope.cohort.counts import count_rows, exact_share_row, size_row, why_not_tested
from oligoscope.cohort.variables import as_levels, column_of, comparison, levels_of
from oligoscope.questions.question import Answer, Asked
from oligoscope.questions.response.rates import RATES
from oligoscope.results.analyses import RESPONSE_RATE
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit
from oligoscope.results.warnings import WarningCode
from oligoscope.stats.comparison.group_tests import compare_levels
from oligoscope.study.dictionary.terms import Response
from oligoscope.study.keys import ALL, Level, groups_as_keys, word_of
from oligoscope.study.protocol import AnalysisSettings


def compare_response_rates(
    patients: pl.DataFrame, settings: AnalysisSettings, minimum_group: int = 0
) -> list[Estimate]:
    """Rates by group among all patients of the population; NE and missing are non-responders.

    Where the response of none of them is known nothing is counted, and one row says so; of a group of which none is known there
    are no rates, and it is not compared.
    """
    keys: dict[str, Any] = {"analysis": RESPONSE_RATE, "population": settings.population}
    keys["outcome"] = "best_response"
    group = as_levels(column_of(patients, settings.by))
    rows = pl.DataFrame({"group": group, "response": patients["reported_response"]}).drop_nulls("group")
    groups = groups_as_keys(levels_of(settings.by, rows["group"]))
    of_groups = {g: rows.filter(pl.col("group") == word_of(g))["response"] for g in groups}
    if _is_unknown(rows["response"]):
        return [Estimate(**keys, statistic=Statistic.N, warning=WarningCode.RESPONSE_NOT_RECORDED())]
    found = _rows({ALL: rows["response"], **of_groups}, minimum_group)
    return [Estimate(**keys, **row) for row in found]


def _rows(responses: dict[str, pl.Series], minimum_group: int) -> Iterator[dict]:
    """Of all patients, then of each group."""
    seen = set(responses[ALL].drop_nulls())
    unknown = {group for group, given in responses.items() if _is_unknown(given)}
    for group, given in responses.items():
        n = len(given)
        yield size_row(group, n)
        if group in unknown:
            keys = {"group": group, "statistic": Statistic.PERCENT, "unit": Unit.PERCENT, "n": n}
            yield from (
                {**keys, "variable": rate, "warning": WarningCode.RESPONSE_NOT_RECORDED()} for rate in RATES
            )
            continue
        for response in (r.value for r in Response if r.value in seen):
            keys = {"group": group, "level": Level.of("best_response", response)}
            yield from count_rows(keys, int((given == response).sum()), n)
        for rate in RATES if n else ():
            yield exact_share_row({"group": group, "variable": rate}, _responders(given, rate), n)
    groups = tuple(group for group in responses if group != ALL)
    if len(groups) < 2:
        return
    sizes = np.array([len(responses[g]) for g in groups])
    withheld = WarningCode.RESPONSE_NOT_RECORDED() if unknown else why_not_tested(sizes, minimum_group)
    for rate in RATES:
        yes = np.array([_responders(responses[g], rate) for g in groups])
        table = np.array([yes, sizes - yes])
        keys = {"group": comparison(groups), "variable": rate, "n": len(responses[ALL])}
        yield from rows_of_test(keys, lambda table=table: compare_levels(table), withheld)


def _is_unknown(given: pl.Series) -> bool:
    """Whether there are patients and the response of none of them is known."""
    return given.null_count() == len(given) > 0


def _responders(given: pl.Series, rate: str) -> int:
    return int(given.is_in([r.value for r in RATES[rate]]).sum())


def answer(asked: Asked) -> Answer:
    """The question, of the patients asked about."""
    return compare_response_rates(asked.patients, asked.settings, asked.matching.minimum_group), {}

"""How many responded: best responses, objective response and disease control with exact limits."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from oligoscope.cohort.attempts import rows_of_test
from oligoscope.cohort.counts import count_rows, size_row
from oligoscope.cohort.variables import as_levels, column_of, comparison, levels_of
from oligoscope.questions.question import Answer, Asked
from oligoscope.questions.response.rates import RATES
from oligoscope.results.analyses import RESPONSE_RATE
from oligoscope.results.methods import Method, MethodPart
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit
from oligoscope.stats.comparison.group_tests import compare_levels
from oligoscope.stats.comparison.summaries import proportion_limits
from oligoscope.study.dictionary.terms import Response
from oligoscope.study.keys import ALL, Level, groups_as_keys, word_of
from oligoscope.study.protocol import AnalysisSettings


def compare_response_rates(patients: pl.DataFrame, settings: AnalysisSettings) -> list[Estimate]:
    """Rates by group among all patients of the population; NE and missing are non-responders."""
    group = as_levels(column_of(patients, settings.by))
    rows = pl.DataFrame({"group": group, "response": patients["reported_response"]}).drop_nulls("group")
    groups = groups_as_keys(levels_of(settings.by, rows["group"]))
    return [
        Estimate(analysis=RESPONSE_RATE, population=settings.population, outcome="best_response", **row)
        for row in _rows(rows, groups)
    ]


def _rows(rows: pl.DataFrame, groups: tuple[str, ...]) -> Iterator[dict]:
    seen = set(rows["response"].drop_nulls())
    for group in (ALL, *groups):
        members = rows if group == ALL else _members(rows, group)
        n = members.height
        yield size_row(group, n)
        for response in (r.value for r in Response if r.value in seen):
            keys = {"group": group, "level": Level.of("best_response", response)}
            yield from count_rows(keys, int((members["response"] == response).sum()), n)
        for rate in RATES:
            yield from _rate(members, group, rate)
    if len(groups) >= 2:
        for rate in RATES:
            yield _test(rows, groups, rate)


def _members(rows: pl.DataFrame, group: str) -> pl.DataFrame:
    return rows.filter(pl.col("group") == word_of(group))


def _responders(members: pl.DataFrame, rate: str) -> int:
    return int(members["response"].is_in([r.value for r in RATES[rate]]).sum())


def _rate(members: pl.DataFrame, group: str, rate: str) -> Iterator[dict]:
    if members.height == 0:
        return
    limits = proportion_limits(_responders(members, rate), members.height)
    yield {
        "group": group, "variable": rate, "statistic": Statistic.PERCENT, "value": 100 * limits.value,
        "low": 100 * limits.low, "high": 100 * limits.high, "n": members.height, "unit": Unit.PERCENT, "method": Method(MethodPart.CLOPPER_PEARSON),
    }  # fmt: skip


def _test(rows: pl.DataFrame, groups: tuple[str, ...], rate: str) -> dict:
    members = [_members(rows, g) for g in groups]
    yes = np.array([_responders(m, rate) for m in members])
    table = np.array([yes, np.array([m.height for m in members]) - yes])
    keys = {"group": comparison(groups), "variable": rate, "n": rows.height}
    # Its statistic is not reported.
    return next(rows_of_test(keys, lambda: compare_levels(table)))


def answer(asked: Asked) -> Answer:
    """The question, of the patients asked about."""
    return compare_response_rates(asked.patients, asked.settings), {}

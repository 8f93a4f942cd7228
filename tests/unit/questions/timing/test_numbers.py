"""Months and windows of the first progression, with exact limits and named tests."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
import pytest

from oligoscope.questions.timing.classes import class_name, edges_of
from oligoscope.questions.timing.numbers import describe_timing, month_edges
from oligoscope.results.analyses import TIMING
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.months import DAYS_PER_MONTH
from oligoscope.study.protocol import AnalysisSettings

OLIGO, SYSTEMIC = "oligoprogression", "systemic"


def of_months(months: dict[str, list[float]]) -> Results:
    rows = [(g, round(m * DAYS_PER_MONTH)) for g, values in months.items() for m in values]
    frame = pl.DataFrame(rows, schema={"pattern": pl.String, "progressed_day": pl.Int32}, orient="row")
    return Results(tuple(describe_timing(frame, AnalysisSettings(kind="timing"))))


KEYS: dict[str, Any] = {"analysis": TIMING, "population": "progressed", "outcome": "pattern"}


def test_eight_and_ten_months_are_edges_and_belong_to_the_window_before_them():
    found = of_months({OLIGO: [2, 8.0, 8.2, 10.0, 10.2, 30], SYSTEMIC: [1, 3]})

    counts = {
        e.level: e.value for e in found.find(**KEYS, variable="window", group=OLIGO, statistic=Statistic.N)
    }
    # 8 months are 243.5 days: day 244 is the first after them.
    assert round(8 * DAYS_PER_MONTH) == 244
    assert counts == {"0-8": 1, "8-10": 3, ">10": 2}


@pytest.mark.parametrize(("n", "step"), [(199, 2), (200, 1)])
def test_months_are_single_where_there_are_many_patients(n, step):
    edges = month_edges(n)

    assert edges[1] == step
    assert {8, 10, 12} <= set(edges)
    assert class_name(24, None) == ">24"
    classes = [(low, high) for low, high in pairwise(edges) if low is not None]
    assert [edges_of(class_name(low, high)) for low, high in classes] == classes


def test_every_patient_is_in_one_month_and_one_window():
    rng = np.random.default_rng(3)
    found = of_months({OLIGO: rng.uniform(0, 40, 150).tolist(), SYSTEMIC: rng.uniform(0, 20, 90).tolist()})

    for variable in ("month", "window"):
        totals = found.find(**KEYS, variable=variable, group="all", statistic=Statistic.N)
        assert sum(e.value or 0 for e in totals) == 240


def test_a_share_has_exact_limits_of_those_who_progressed_then():
    share = of_months({OLIGO: [2] * 3, SYSTEMIC: [2] * 7}).get(
        **KEYS, group=OLIGO, variable="window", level="0-8", statistic=Statistic.PERCENT
    )

    assert share is not None
    assert (share.value, share.n, share.method) == (30, 10, "Clopper-Pearson")
    assert (share.low, share.high) == pytest.approx((6.673951, 65.245285))  # R: binom.test(3, 10)$conf.int


def test_the_tests_are_named():
    found = of_months({OLIGO: [9, 11, 14, 15, 20, 26] * 3, SYSTEMIC: [1, 2, 3, 4, 6, 11] * 3})
    tests = {e.variable: e for e in found.estimates if e.statistic == Statistic.P_VALUE}

    assert tests["month"].method == "Cochran-Armitage trend"
    assert tests["window"].method in {"chi-square", "Fisher exact"}
    assert (tests["month"].value or 1) < 0.001


def test_one_pattern_alone_is_described_and_not_tested():
    found = of_months({OLIGO: [1, 2, 3]})

    assert not [e for e in found.estimates if e.statistic == Statistic.P_VALUE]


def test_a_population_without_patients_is_no_error():
    frame = pl.DataFrame(schema={"pattern": pl.String, "progressed_day": pl.Int32})

    assert Results(tuple(describe_timing(frame, AnalysisSettings(kind="timing")))).value(
        **KEYS, group="all", statistic=Statistic.N
    ) == 0  # fmt: skip

"""Where and when: links of organs, their sets, months of progression; and survival of one group alone."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
import pytest

from oligoscope.questions.sites.numbers import describe_sites
from oligoscope.questions.survival.numbers import compare_survival
from oligoscope.questions.timing.classes import class_name, edges_of
from oligoscope.questions.timing.numbers import describe_timing, month_edges
from oligoscope.results.analyses import SURVIVAL, TIMING
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.months import DAYS_PER_MONTH
from oligoscope.study.protocol import AnalysisSettings

OLIGO, SYSTEMIC = "oligoprogression", "systemic"


def patients(rows: list[tuple[str, str, str]]) -> pl.DataFrame:
    """(pattern, organs at baseline, organs of progression) of each patient."""
    frame = pl.DataFrame(rows, schema=["pattern", "all_baseline_organs", "progressing_organs"], orient="row")
    return frame.with_columns(
        patient_id=pl.format("P{}", pl.int_range(pl.len())), site_relation=pl.lit("same")
    )


SOME = patients([
    (OLIGO, "lung", "lung"),                          # where it was
    (OLIGO, "lung;lymph_node", "liver"),              # a new organ, from two
    (SYSTEMIC, "lung;bone", "bone;brain"),            # one old, one new
    (SYSTEMIC, "", "brain"),                          # nothing recorded at baseline
    (SYSTEMIC, "lung", ""),                           # progression in no named organ: not of this analysis
])  # fmt: skip


@pytest.fixture(scope="module")
def sites() -> Results:
    found, series = describe_sites(SOME, AnalysisSettings(kind="sites"))
    return Results(tuple(found)).plus(series=series)


def links(results: Results) -> dict[tuple[str, str], tuple[int, int, float]]:
    flow = results.series["sites/flow/progressed"]
    found = flow.group_by("from_organ", "to_organ").agg(pl.col("n", "n_new", "weight").sum())
    return {(a, b): (n, new, w) for a, b, n, new, w in found.iter_rows()}


def test_an_organ_that_was_involved_takes_its_part_from_itself(sites):
    assert links(sites)["lung", "lung"] == (1, 0, 1.0)
    # Half of the third patient: the bone progressed in the bone, whatever else was involved.
    assert links(sites)["bone", "bone"] == (1, 0, 0.5)
    assert links(sites)["lung", "bone"] == (1, 0, 0.0)


def test_a_new_organ_takes_its_part_evenly_from_all_organs_at_baseline(sites):
    assert links(sites)["lung", "liver"] == links(sites)["lymph_node", "liver"] == (1, 1, 0.5)
    assert links(sites)["bone", "brain"] == (1, 1, 0.25)


def test_nothing_at_baseline_is_a_source_of_its_own(sites):
    assert links(sites)["none", "brain"] == (1, 1, 1.0)


def test_the_weights_of_a_group_add_up_to_its_patients(sites):
    flow = sites.series["sites/flow/progressed"]
    sizes = dict(flow.group_by("group").agg(pl.col("weight").sum()).iter_rows())

    assert sizes == pytest.approx({OLIGO: 2, SYSTEMIC: 2})


def test_a_set_of_organs_is_counted_once_a_patient(sites):
    counted = sites.series["sites/combinations/progressed"]

    assert counted.rows() == [
        (OLIGO, "liver", 1), (OLIGO, "lung", 1), (SYSTEMIC, "bone;brain", 1), (SYSTEMIC, "brain", 1)
    ]  # fmt: skip


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


def survival_of(groups: list[str]) -> tuple[Results, list[str]]:
    n = len(groups)
    days = [30 * (i + 1) for i in range(n)]
    frame = pl.DataFrame(
        {"pattern": groups, "os_days": days, "os_event": [1] * n}, schema_overrides={"pattern": pl.String}
    )
    found, series = compare_survival(frame, AnalysisSettings(kind="survival", outcomes=(Outcome.OS,)))
    return Results(tuple(found)).plus(series=series), list(series)


def test_one_group_has_a_curve_and_both_medians_and_is_not_compared():
    results, names = survival_of([OLIGO] * 9)
    keys: dict[str, Any] = {
        "analysis": SURVIVAL,
        "population": "progressed",
        "outcome": Outcome.OS,
        "group": OLIGO,
    }

    assert "km/progressed/pattern/os" in names
    median, plain = (
        results.get(**keys, statistic=Statistic.MEDIAN),
        results.get(**keys, statistic=Statistic.MEDIAN_PLAIN),
    )
    assert median is not None
    assert plain is not None
    assert median.value == plain.value == pytest.approx(150 / DAYS_PER_MONTH)
    assert "plain" in plain.method
    assert (plain.low, plain.high) != (median.low, median.high)
    assert not [e for e in results.estimates if " vs " in e.group]


def test_a_condition_that_leaves_no_patient_is_reported():
    results, _ = survival_of([])

    assert [e.warning for e in results.estimates] == ["no_patients"]

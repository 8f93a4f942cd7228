"""PFS between assessments: the medians and ratios of methods with oracles of their own, what is withheld, what is printed."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import polars as pl
import pytest

from oligoscope.questions.interval_censored.figure import draw_intervals
from oligoscope.questions.interval_censored.numbers import compare_intervals, interval_rows, intervals_of
from oligoscope.questions.interval_censored.question import INTERVAL_CENSORED
from oligoscope.questions.interval_censored.table import tabulate_intervals
from oligoscope.questions.interval_censored.words import intervals_paragraph
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from oligoscope.stats.survival.interval_censored import fit_weibull, turnbull
from oligoscope.study.protocol import AnalysisSettings

BOTH = "oligoprogression vs systemic"


def people(n: int = 60, seed: int = 3, *, every: float = 60.0, systemic_every: float = 60.0) -> pl.DataFrame:
    """Exponential times seen at scans every so many days; systemic progression is earlier."""
    rng = np.random.default_rng(seed)
    pattern = np.where(np.arange(n) % 2, "systemic", "oligoprogression")
    time = rng.exponential(np.where(pattern == "systemic", 150, 300))
    step = np.where(pattern == "systemic", systemic_every, every)
    found = np.ceil(time / step) * step
    return pl.DataFrame(
        {
            "patient_id": [f"P{i}" for i in range(n)],
            "pattern": pattern,
            "progressed": ["yes"] * n,
            "progressed_day": found,
            "pfs_days": found.astype(int),
            "pfs_event": [1] * n,
            "pfs_lower_days": (found - step).astype(int),
            "n_assessments": (found / step).astype(int),
            "assessment_interval_days": step,
        }
    )


def asked(**more: Any) -> AnalysisSettings:
    return AnalysisSettings(kind="interval_censored", **more)


def results_of(patients: pl.DataFrame, **more: Any) -> Results:
    found, series = compare_intervals(patients, asked(**more), minimum_group=5)
    return Results(tuple(found), series)


def value(results: Results, group: str, statistic: Statistic, variable: str = "") -> float | None:
    return results.value(
        analysis=INTERVAL_CENSORED.kind, population="progressed", outcome="pfs",
        group=group, statistic=statistic, variable=variable,
    )  # fmt: skip


def test_numbers_are_those_of_the_methods():
    patients = people()
    results = results_of(patients)
    rows = interval_rows(patients, "pattern")
    first = (rows["group"] == "oligoprogression").to_numpy().astype(float)[:, None]
    fit = fit_weibull(intervals_of(rows), first)
    curve = turnbull(intervals_of(rows.filter(pl.col("group") == "systemic"))).median()

    assert curve is not None
    assert value(results, BOTH, Statistic.HAZARD_RATIO) == pytest.approx(np.exp(fit.coefficients[0]))
    assert value(results, BOTH, Statistic.P_VALUE) == fit.p_value(0)
    assert value(results, "systemic", Statistic.MEDIAN_BETWEEN) == curve[1]
    assert value(results, "systemic", Statistic.N) == 30


def test_a_reference_turns_the_ratio_round():
    one = value(results_of(people()), BOTH, Statistic.HAZARD_RATIO)
    other = value(
        results_of(people(), reference="oligoprogression"),
        "systemic vs oligoprogression",
        Statistic.HAZARD_RATIO,
    )

    assert one is not None
    assert other == pytest.approx(1 / one)


def test_groups_that_are_assessed_at_other_intervals_are_found():
    alike, apart = (results_of(people(systemic_every=every)) for every in (60, 90))
    p = [value(r, BOTH, Statistic.P_VALUE, "assessment_interval") for r in (alike, apart)]

    assert p[0] is None  # all intervals are the same
    assert p[1] is not None
    assert p[1] < 1e-6
    paragraph = intervals_paragraph(apart, "progressed", "pattern")
    assert paragraph is not None
    assert "2.0 months with oligoprogression and 3.0 months with systemic progression" in paragraph.text.en
    assert "差异有统计学意义" in paragraph.text.zh


def test_order_of_rows_changes_nothing():
    patients = people()

    assert results_of(patients).estimates == results_of(patients.reverse()).estimates


@pytest.mark.parametrize(
    ("patients", "more", "why"),
    [
        (people().head(6), {}, "too_few_in_group minimum=5"),
        (people().with_columns(pfs_event=pl.lit(0)), {}, "too_few_events minimum=5"),
        (people(), {"minimum_events": 31}, "too_few_events minimum=31"),
    ],
)
def test_small_groups_are_withheld(patients: pl.DataFrame, more: dict[str, Any], why: str):
    results = results_of(patients, **more)
    (ratio,) = results.find(statistic=Statistic.HAZARD_RATIO, variable="")

    assert ratio.value is None
    assert str(ratio.warning) == why
    assert results.series == {}


def test_without_dates_of_assessments_there_is_a_reason():
    found, _ = compare_intervals(people().with_columns(pfs_lower_days=pl.lit(None, pl.Int32)), asked())

    assert [str(e.warning) for e in found] == ["no_dated_assessment"]


def test_with_delayed_entry_the_model_takes_it_and_the_curve_is_withheld():
    patients = people().with_columns(pfs_entry_days=pl.lit(30.0))
    results = results_of(patients.filter(pl.col("pfs_days") > 30))
    plain = results_of(people().filter(pl.col("pfs_days") > 30))
    (between, _) = results.find(statistic=Statistic.MEDIAN_BETWEEN)

    assert str(between.warning) == "no_delayed_entry"
    assert value(results, BOTH, Statistic.HAZARD_RATIO) != value(plain, BOTH, Statistic.HAZARD_RATIO)


def test_the_band_of_the_figure_holds_the_curve_of_the_intervals_and_every_number_is_printed_once():
    results = results_of(people())
    figure = draw_intervals(results, "progressed", "pattern")
    table = tabulate_intervals(results, "progressed", "pattern")
    frame = figure.data

    assert (frame["low"] <= frame["high"]).all()
    assert {e.key for e in figure.estimates} <= set(table.printed_keys())
    assert not any(re.search(r"nan|None", cell.text.en) for row in table.rows for cell in row.cells)


def test_ticks_are_explained_where_some_are_drawn():
    some = people().with_columns(pfs_event=(pl.int_range(pl.len()) % 5 > 0).cast(pl.Int64))
    captions = [draw_intervals(results_of(p), "progressed", "pattern").caption for p in (some, people())]

    assert ["Ticks are censored" in c.en for c in captions] == [True, False]
    assert ["竖线为删失" in c.zh for c in captions] == [True, False]


@pytest.mark.parametrize("by", ["pattern", "sex"])
def test_groups_that_are_only_described_have_no_p(by):
    results = results_of(people().with_columns(sex=pl.Series(["male", "female"] * 30)), by=by)
    table = tabulate_intervals(results, "progressed", by)
    notes = " ".join(note.en for note in table.notes)
    (*_, last) = [row.cells[-1].text.en for row in table.rows if "azard ratio" in row.cells[0].text.en]

    assert bool(last) == (by == "sex")
    assert ("not the groups" in notes) == (by == "pattern")

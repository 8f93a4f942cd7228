"""Waterfall, spider and swimmer series: which scans count, exact thresholds, gaps."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from oligoscope.pipeline import run_study
from oligoscope.questions.response.series import response_series
from oligoscope.results.statistics import Statistic
from oligoscope.study.anchor import ANCHOR
from spec.patient_tables import START, protocol, study_tables

TARGET = {"lesion_id": "T1", "role": "target", "organ": "lung"}


def series(
    sizes: dict[str, list[tuple[int, Any]]], patients: dict[str, dict] | None = None, **tables: list[dict]
) -> tuple[dict, dict[str, pl.DataFrame]]:
    """Series of patients with one target each, from (day, mm or state); day -7 is baseline."""
    more, new = patients or {}, tables.pop("new", [])
    lesions = [{"patient_id": p, **TARGET} for p in sizes] + [
        {"patient_id": r["patient_id"], "lesion_id": "NEW1", "role": "new", "organ": "liver"} for r in new
    ]
    measured = [
        {"patient_id": p, "lesion_id": "T1", "assessed_day": day, **({"state": x} if isinstance(x, str) else {"diameter_mm": x})}
        for p, scans in sizes.items() for day, x in scans
    ] + [{"lesion_id": "NEW1", "certainty": "unequivocal", **r} for r in new]  # fmt: skip
    found = study_tables(
        patients=[{"patient_id": p, **more.get(p, {})} for p in sizes],
        lesions=lesions,
        measurements=measured,
        **tables,
    )
    run = run_study(protocol(), found)
    estimates, made = response_series(run.derived.patients, run.derived.responses, "treated")
    return {(e.outcome, e.level, e.statistic): e for e in estimates}, made


def test_the_best_change_is_the_smallest_sum_up_to_the_first_progression():
    """A scan after progression does not count, however small the sum."""
    _, made = series({"A": [(-7, 100), (42, 80), (84, 120), (126, 40)]})

    row = made["waterfall/treated"].row(0, named=True)
    assert row["best_change_percent"] == -20
    assert row["best_day"] == 42


def test_a_scan_after_a_new_therapy_does_not_count_but_one_on_its_first_day_does():
    lines = [{"patient_id": p, "line": 2, "regimen": "chemo", "started_day": 84} for p in ("A", "B")]
    _, made = series(
        {"A": [(-7, 100), (42, 90), (84, 70)], "B": [(-7, 100), (42, 90), (85, 70)]}, treatments=lines
    )

    assert dict(made["waterfall/treated"].select("patient_id", "best_change_percent").iter_rows()) == {
        "A": -30,
        "B": -10,
    }


def test_thirty_percent_is_exact():
    """41.0 to 28.7 mm is exactly -30 %, in binary floating point a little less."""
    estimates, made = series({"A": [(-7, 41.0), (42, 28.7)]})

    assert made["waterfall/treated"]["best_change_percent"].item() == -30
    assert estimates["best_change", "<=-30", "n"].value == 1


def test_growth_at_the_first_scan_is_a_bar_above_zero():
    estimates, made = series({"A": [(-7, 50), (42, 65)]})

    assert made["waterfall/treated"]["best_change_percent"].item() == 30
    assert estimates["best_change", ">=20", "n"].value == 1


def test_a_patient_without_a_complete_sum_is_counted_but_not_drawn():
    estimates, made = series(
        {"A": [(-7, 50), (42, 40)], "B": [(-7, 50)], "C": [(-7, 50), (42, "not_evaluated")]}
    )

    assert made["waterfall/treated"]["patient_id"].to_list() == ["A"]
    assert estimates["best_change", "", "n"].value == 3
    assert estimates["best_change", "", "n_evaluable"].value == 1


def test_bars_run_from_growth_to_shrinkage_and_tell_new_lesions():
    _, made = series(
        {"A": [(-7, 100), (42, 60)], "B": [(-7, 100), (42, 110)]},
        new=[{"patient_id": "A", "assessed_day": 42}],
    )

    assert made["waterfall/treated"].select("patient_id", "pd_by_new_lesion", "pd_by_non_target").rows() == [
        ("B", False, False),
        ("A", True, False),
    ]


def test_a_spider_starts_at_zero_and_is_broken_at_a_missing_scan():
    _, made = series({"A": [(-7, 100), (42, 80), (84, "not_evaluated"), (126, 70)]})

    assert made["spider/treated"].select("day", "change_percent", "segment").rows() == [
        (0, 0, 0),
        (42, -20, 0),
        (126, -30, 1),
    ]


@pytest.mark.parametrize(
    ("scans", "patient", "end"),
    [
        ([(42, 80), (84, 120)], {}, "progression"),
        ([(42, 80)], {"died_day": 100}, "death"),
        ([(42, 80)], {"last_known_alive_day": 100}, "no_event"),
        ([(42, 80)], {"clinical_progression_day": 60}, "progression_without_sum"),
    ],
)
def test_a_line_ends_in_what_followed(scans, patient, end):
    _, made = series({"A": [(-7, 100), *scans]}, {"A": patient})

    assert made["spider/treated"]["end"].to_list()[-1] == end
    assert made["spider/treated"]["end"].drop_nulls().len() == 1


def test_a_swimmer_lane_has_response_progression_and_death():
    _, made = series({"A": [(-7, 100), (42, 60), (84, 60), (126, 90)]}, {"A": {"died_day": 300}})

    lane = made["swimmer/treated"].row(0, named=True)
    days = {
        k.removesuffix("_months"): round(v * 30.4375)
        for k, v in lane.items()
        if k.endswith("_months") and v is not None
    }
    assert days == {"follow_up": 300, "response_start": 42, "response_end": 126, "progression": 126}
    assert lane["died"]
    assert not lane["response_ongoing"]


def test_the_longest_followed_come_first():
    _, made = series(
        {p: [(-7, 100), (42, 90)] for p in "ABC"},
        {"A": {"died_day": 60}, "B": {"died_day": 600}, "C": {"died_day": 60}},
    )

    assert made["swimmer/treated"]["patient_id"].to_list() == ["B", "A", "C"]


def test_scans_after_the_cutoff_do_not_count():
    tables = study_tables(
        patients=[{"patient_id": "A", "last_known_alive_day": 84}], lesions=[{"patient_id": "A", **TARGET}],
        measurements=[{"patient_id": "A", "lesion_id": "T1", "assessed_day": d, "diameter_mm": x} for d, x in ((-7, 100), (42, 90), (84, 60))],
    )  # fmt: skip
    run = run_study(protocol(), tables)
    _, made = response_series(
        run.derived.patients,
        run.derived.responses,
        "treated",
        cutoff=date.fromordinal(START.toordinal() + 60),
    )

    assert made["waterfall/treated"]["best_change_percent"].item() == -10
    assert made["swimmer/treated"]["cutoff_months"].item() == pytest.approx(60 / 30.4375)


def test_no_cutoff_is_drawn_beside_a_start_whose_date_is_not_known():
    tables = study_tables(
        patients=[{"patient_id": "A", "treatment_started_on": ANCHOR, "last_known_alive_day": 84}], lesions=[{"patient_id": "A", **TARGET}],
        measurements=[{"patient_id": "A", "lesion_id": "T1", "assessed_day": d, "diameter_mm": x} for d, x in ((-7, 100), (42, 90))],
    )  # fmt: skip
    derived = run_study(protocol(), tables).derived

    _, made = response_series(derived.patients, derived.responses, "treated", cutoff=date(2025, 4, 8))

    lane = made["swimmer/treated"].row(0, named=True)
    assert (round(lane["follow_up_months"] * 30.4375), lane["cutoff_months"], lane["alive_at_cutoff"]) == (
        84,
        None,
        False,
    )


def test_without_any_sum_there_is_no_series_and_the_median_says_why():
    estimates, made = series({"A": [(-7, 100)]})

    assert "waterfall/treated" not in made
    assert estimates["best_change", "", "median"].warning == "no_sums"


def test_every_scan_counts_only_where_declared():
    tables = study_tables(
        patients=[{"patient_id": "A"}], lesions=[{"patient_id": "A", **TARGET}],
        measurements=[{"patient_id": "A", "lesion_id": "T1", "assessed_day": d, "diameter_mm": x} for d, x in ((-7, 100), (42, 130), (84, 40))],
    )  # fmt: skip
    run = run_study(protocol(), tables)
    estimates, made = response_series(run.derived.patients, run.derived.responses, "treated", every_scan=True)

    assert made["waterfall/treated"]["best_change_percent"].item() == -60
    assert {e.method for e in estimates if e.statistic == Statistic.N_EVALUABLE} == {"every scan"}

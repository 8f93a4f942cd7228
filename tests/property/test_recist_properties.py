"""What holds for every history (RECIST 1.1), and a second, plain reading of the guideline beside ours."""

from __future__ import annotations

import random
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oligoscope.clinical.irecist_points import irecist_responses
from oligoscope.clinical.patients import Derived
from oligoscope.clinical.responses import ResponseFrames, derive_responses
from oligoscope.study.protocol import ResponseSettings
from oligoscope.study.schemas import StudyTables
from property.histories import STEADY, Tables, cohorts, joined, typed
from property.plain_irecist import read_irecist
from property.plain_recist import read_patient
from spec.patient_tables import derive

DEFAULTS = ResponseSettings()
UM = 1000


def points_of(tables: Tables) -> pl.DataFrame:
    """Time points with the patient's name."""
    frames: ResponseFrames = derive_responses(typed(tables), DEFAULTS)
    names = pl.DataFrame({"patient_id": [row["patient_id"] for row in tables["patients"]]}).with_row_index(
        "p"
    )
    return frames.points.join(names, on="p", how="left").sort("patient_id", "k")


def of_patient(tables: Tables, name: str, patient: str) -> list[dict[str, Any]]:
    return [row for row in tables.get(name, []) if row["patient_id"] == patient]


@STEADY
@given(cohorts())
def test_a_plain_reading_of_the_guideline_says_the_same(cohort):
    tables = joined(cohort)

    points = points_of(tables)

    for patient in (row["patient_id"] for row in tables["patients"]):
        lesions, rows = of_patient(tables, "lesions", patient), of_patient(tables, "measurements", patient)
        wanted = read_patient(lesions, rows)
        found = points.filter(pl.col("patient_id") == patient)
        assert found["overall_response"].to_list() == [p.overall for p in wanted], rows
        assert found["target_response"].to_list() == [p.target for p in wanted], rows
        assert found["non_target_response"].to_list() == [p.other for p in wanted], rows
        assert found["nadir_um"].to_list() == [None if p.nadir is None else p.nadir * UM for p in wanted]
        assert found["declared_day"].to_list() == [p.declared_day for p in wanted], rows
        causes = [frozenset(filter(None, (c or "").split("+"))) for c in found["cause"]]
        assert causes == [p.causes for p in wanted], rows


def _without_later_lines(n: int) -> pl.DataFrame:
    nothing = pl.lit(None, pl.Int32)
    return pl.DataFrame({"p": range(n)}, schema={"p": pl.UInt32}).with_columns(new_therapy_day=nothing)


@STEADY
@given(cohorts())
def test_a_plain_reading_of_irecist_says_the_same(cohort):
    tables = joined(cohort)
    frames = derive_responses(typed(tables), DEFAULTS)

    points, found = irecist_responses(frames, _without_later_lines(len(tables["patients"])))

    for p, patient in enumerate(row["patient_id"] for row in tables["patients"]):
        lesions, rows = of_patient(tables, "lesions", patient), of_patient(tables, "measurements", patient)
        wanted = read_irecist(lesions, rows)
        words = points.filter(pl.col("p") == p)["irecist_response"].to_list()
        assert words == wanted.words, (words, wanted.words, rows)
        assert found["iprogressed_day"][p] == wanted.dated, rows
        assert found["iprogression_confirmed"][p] == wanted.confirmed, rows


@STEADY
@given(cohorts())
def test_overall_progression_has_one_of_its_four_causes_and_only_then(cohort):
    points = points_of(joined(cohort))

    progressed = points["overall_response"] == "PD"
    causes = points.select(
        (pl.col("target_response") == "PD").fill_null(False)
        | (pl.col("non_target_response") == "PD").fill_null(False)
        | pl.col("new_lesion")
        | pl.col("reappeared")
    ).to_series()
    assert progressed.to_list() == causes.to_list()
    assert progressed.to_list() == points["cause"].is_not_null().to_list()


@STEADY
@given(cohorts())
def test_the_nadir_never_rises_and_is_no_partial_sum(cohort):
    points = points_of(joined(cohort))

    fell = points.select((pl.col("nadir_um").diff().over("patient_id") <= 0).fill_null(True)).to_series()
    assert fell.all()
    complete = points.filter(pl.col("n_target_evaluated") < pl.col("n_targets"))
    assert complete["complete_sum_um"].null_count() == complete.height
    assert (points["nadir_um"] <= points["baseline_um"]).fill_null(True).all()


@STEADY
@given(cohorts(), st.integers(0, 2**32))
def test_the_order_of_rows_never_matters(cohort, seed):
    tables = joined(cohort)
    mixed = shuffled(typed(tables), seed)

    assert labels(derive(typed(tables))) == labels(derive(mixed))


def shuffled(tables: StudyTables, seed: int) -> StudyTables:
    """The same rows in another order; each keeps the number it has in its file."""

    def mix(frame: pl.DataFrame) -> pl.DataFrame:
        order = list(range(frame.height))
        random.Random(seed).shuffle(order)
        return frame[order]

    return StudyTables(mix(tables.patients), mix(tables.lesions), mix(tables.measurements))


def labels(derived: Derived) -> dict[str, list[dict[str, Any]]]:
    """Everything derived, whatever the order of patients; `p` is a place in that order."""
    ordered = {
        "patients": derived.patients.sort("patient_id"),
        "responses": derived.responses.sort("patient_id", "assessed_on"),
        "reasons": derived.reasons.sort("patient_id", "label"),
    }
    return {name: frame.drop("p", strict=False).to_dicts() for name, frame in ordered.items()}


@pytest.mark.slow
@STEADY
@given(cohorts(), st.data())
def test_splitting_patients_into_partitions_changes_nothing(cohort, data):
    tables = typed(joined(cohort))
    cut = data.draw(st.integers(1, tables.patients.height - 1))
    names = tables.patients["patient_id"]

    whole = labels(derive(tables))
    parts = [labels(derive(tables.only(part))) for part in (names[:cut], names[cut:])]

    for name, rows in whole.items():
        assert rows == parts[0][name] + parts[1][name]


@STEADY
@given(cohorts(), st.integers(1, 300))
def test_a_later_scan_changes_nothing_earlier_but_for_three_reasons(cohort, last_day):
    """The reasons: it confirms an equivocal lesion, it confirms a PET, it belongs to the same time point."""
    tables = joined(cohort)
    early = tables | {"measurements": [r for r in tables["measurements"] if r["assessed_day"] <= last_day]}

    before, after = points_of(early), points_of(tables)

    kept = ["patient_id", "k"]
    both = before.join(after, on=kept, suffix="_after", how="left")
    assert both.height == before.height
    same_scans = both.filter(pl.col("last_day") == pl.col("last_day_after"))
    backdated = pl.col("backdated_after").fill_null(False)
    for name in ("target_response", "non_target_response", "nadir_um", "declared_day"):
        unchanged = same_scans.filter(~backdated) if name == "declared_day" else same_scans
        assert unchanged[name].to_list() == unchanged[f"{name}_after"].to_list()
    changed = same_scans.filter(pl.col("overall_response") != pl.col("overall_response_after"))
    new_by = changed.filter(backdated & (pl.col("overall_response_after") == "PD"))
    after_backdating = changed.join(same_scans.filter(backdated).select("patient_id"), on="patient_id")
    assert new_by.height == changed.height or after_backdating.height >= changed.height


@STEADY
@given(cohorts(plain=True), st.sampled_from([2, 3, 10]))
def test_a_common_factor_changes_nothing_where_5_mm_does_not_decide(cohort, factor):
    """Sizes in tenths times a whole factor stay exact; only the 5 mm of growth is absolute here."""
    tables = joined(cohort)
    larger = [
        row | {"diameter_mm": round(row["diameter_mm"] * factor, 1)} if "diameter_mm" in row else row
        for row in tables["measurements"]
    ]

    small, large = points_of(tables), points_of(tables | {"measurements": larger})

    by_percent_only = (pl.col("target_sum_um") * 10 >= pl.col("nadir_um") * 12) & (
        pl.col("target_sum_um") - pl.col("nadir_um") < 5 * UM
    )
    decided = small.filter(by_percent_only.any().over("patient_id"))["patient_id"].unique().to_list()
    for name in ("overall_response", "target_response"):
        free = ~pl.col("patient_id").is_in(decided)
        assert small.filter(free)[name].to_list() == large.filter(free)[name].to_list()


@STEADY
@given(cohorts())
def test_the_confirmed_best_response_is_never_better(cohort):
    order = ["CR", "PR", "SD", "NON_CR_NON_PD", "PD", "NE"]
    patients = derive(typed(joined(cohort))).patients

    for best, confirmed in patients.select("best_response", "confirmed_response").iter_rows():
        assert (best is None) == (confirmed is None)
        assert best is None or order.index(best) <= order.index(confirmed)


@STEADY
@given(cohorts())
def test_times_are_in_order(cohort):
    """PFS never outlasts OS; a response comes before it ends; survival after progression adds up."""
    patients = derive(typed(joined(cohort))).patients

    for row in patients.iter_rows(named=True):
        assert row["os_days"] is None or row["pfs_days"] <= row["os_days"]  # nobody was followed
        assert row["dor_days"] is None or 0 <= row["dor_days"] <= row["pfs_days"]
        if row["pps_days"] is not None:
            assert row["progressed_day"] + row["pps_days"] == row["os_days"]

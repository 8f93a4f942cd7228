"""Covariates that follow from other columns."""

from __future__ import annotations

from datetime import date

from oligoscope.study.cell_lists import words_in
from spec.patient_tables import derive, study_tables


def test_age_is_whole_years_at_treatment_start_and_60_on_the_birthday():
    """A birthday late in the year: months and days must not overflow when they are compared."""
    starts = {"A": date(2020, 11, 19), "B": date(2020, 11, 20), "C": date(2020, 2, 1)}
    rows = [
        {"patient_id": p, "birth_date": date(1960, 11, 20), "treatment_started_on": d}
        for p, d in starts.items()
    ]

    patients = derive(study_tables(patients=rows)).patients

    assert patients["age_years"].to_list() == [59, 60, 59]
    assert patients["age_60"].to_list() == ["<60", ">=60", "<60"]


def test_pd_l1_levels_follow_from_the_score():
    rows = [{"patient_id": str(i), "pd_l1_tps": tps} for i, tps in enumerate([0.9, 1.0, 49.9, 50.0, None])]

    patients = derive(study_tables(patients=rows)).patients

    assert patients["pd_l1"].to_list() == ["<1%", "1-49%", "1-49%", ">=50%", None]


def test_brain_metastasis_is_a_baseline_lesion_in_the_brain():
    rows = [{"patient_id": p} for p in "ABC"]
    lesions = [
        {"patient_id": "A", "lesion_id": "N1", "role": "non_target", "organ": "brain"},
        {"patient_id": "B", "lesion_id": "X1", "role": "new", "organ": "brain"},
        {"patient_id": "C", "lesion_id": "T1", "role": "target", "organ": "lung"},
    ]
    measurements = [
        {"patient_id": p, "lesion_id": lesion, "assessed_day": day, "state": "present"}
        for p, lesion, day in [("A", "N1", -3), ("B", "X1", 40), ("C", "T1", -3)]
    ]

    patients = derive(study_tables(patients=rows, lesions=lesions, measurements=measurements)).patients

    assert patients["brain_metastasis"].to_list() == ["yes", "no", "no"]


def test_disease_at_baseline_is_counted_by_lesions_and_by_metastatic_organs():
    """Targets, non-targets and the primary are lesions; a new lesion is not; disease that cannot be counted is one."""
    rows = [
        {"patient_id": "A", "lesion_id": "T1", "role": "target", "organ": "lung", "is_primary": True},
        {"patient_id": "A", "lesion_id": "T2", "role": "target", "organ": "liver"},
        {"patient_id": "A", "lesion_id": "T3", "role": "target", "organ": "liver"},
        {"patient_id": "A", "lesion_id": "N1", "role": "non_target", "organ": "pleura", "diffuse_kind": "malignant_effusion"},
        {"patient_id": "A", "lesion_id": "X1", "role": "new", "organ": "brain"},
        {"patient_id": "B", "lesion_id": "X1", "role": "new", "organ": "brain"},
    ]  # fmt: skip
    measurements = [
        {"patient_id": r["patient_id"], "lesion_id": r["lesion_id"], "state": "present", "diameter_mm": 20.0 if r["role"] == "target" else None,
         "assessed_day": 40 if r["role"] == "new" else -3}
        for r in rows
    ]  # fmt: skip
    patients = derive(
        study_tables(patients=[{"patient_id": p} for p in "AB"], lesions=rows, measurements=measurements)
    ).patients

    assert patients["n_baseline_lesions"].to_list() == [4, 0]
    assert patients["n_baseline_organs"].to_list() == [2, None]


def test_without_lesions_the_burden_at_baseline_is_blank():
    patients = derive(study_tables(patients=[{"patient_id": "A"}])).patients

    assert patients["n_baseline_lesions"].to_list() == [None]


def test_organs_hold_their_divider_in_every_column_that_lists_them():
    """A ";" in an organ's name: baseline, progressing, same and new organs are each read back as they were."""
    lesions = [
        {"patient_id": "A", "lesion_id": "T1", "role": "target", "organ": "bone;"},
        {"patient_id": "A", "lesion_id": "T2", "role": "target", "organ": "a\\;b"},
        {"patient_id": "A", "lesion_id": "X1", "role": "new", "organ": ";"},
    ]
    measurements = [
        {"patient_id": "A", "lesion_id": lesion, "assessed_day": day, "diameter_mm": size, "state": "present"}
        for lesion, day, size in [("T1", -3, 20.0), ("T2", -3, 20.0), ("T1", 40, 50.0), ("T2", 40, 20.0), ("X1", 40, None)]
    ]  # fmt: skip

    patients = derive(
        study_tables(patients=[{"patient_id": "A"}], lesions=lesions, measurements=measurements)
    ).patients

    read = {
        name: set(words_in(patients[name].item()))
        for name in ("all_baseline_organs", "progressing_organs", "same_organs", "new_organs")
    }
    assert read == {
        "all_baseline_organs": {"bone;", "a\\;b"},
        "progressing_organs": {"bone;", ";"},
        "same_organs": {"bone;"},
        "new_organs": {";"},
    }

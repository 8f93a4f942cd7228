"""What is known of a patient on the day of the first progression."""

from __future__ import annotations

from datetime import date

import pytest

from spec.patient_tables import derive, study_tables

STARTED = date(2020, 1, 1)
ROWS = [
    {"patient_id": p, "treatment_started_on": STARTED, "ecog_at_progression": e}
    for p, e in (("A", 2), ("B", None))
]
LESIONS = [
    {"patient_id": "A", "lesion_id": "T1", "role": "target", "organ": "lung"},
    {"patient_id": "A", "lesion_id": "N1", "role": "new", "organ": "liver"},
    {"patient_id": "A", "lesion_id": "N2", "role": "new", "organ": "liver"},
    {"patient_id": "A", "lesion_id": "N3", "role": "new", "organ": "bone"},
    {"patient_id": "B", "lesion_id": "T1", "role": "target", "organ": "lung"},
]
MEASUREMENTS = [
    {"patient_id": "A", "lesion_id": "T1", "assessed_on": date(2019, 12, 20), "diameter_mm": 30.0},
    {"patient_id": "A", "lesion_id": "T1", "assessed_on": date(2020, 4, 1), "diameter_mm": 30.0},
    {"patient_id": "A", "lesion_id": "N1", "assessed_on": date(2020, 4, 1), "diameter_mm": 12.0},
    {"patient_id": "A", "lesion_id": "N2", "assessed_on": date(2020, 4, 1), "diameter_mm": 12.0},
    {"patient_id": "A", "lesion_id": "N3", "assessed_on": date(2020, 4, 1), "diameter_mm": 12.0},
    {"patient_id": "B", "lesion_id": "T1", "assessed_on": date(2019, 12, 20), "diameter_mm": 30.0},
    {"patient_id": "B", "lesion_id": "T1", "assessed_on": date(2020, 4, 1), "diameter_mm": 31.0},
]


def _patients():
    return derive(study_tables(patients=ROWS, lesions=LESIONS, measurements=MEASUREMENTS)).patients


def test_time_to_progression_is_months_from_treatment_start_and_blank_without_one():
    """1 January to 1 April 2020 is 91 days; a month is 30.4375 days."""
    months = _patients()["months_to_progression"].to_list()

    assert months[0] == pytest.approx(91 / 30.4375)
    assert months[1] is None


def test_progressing_organs_are_counted_once_each_and_are_blank_without_a_progression():
    """Two new lesions in the liver and one in the bone progress in two organs."""
    patients = _patients()

    assert patients["progressing_organs"][0].count(";") == 1
    assert patients["n_progressing_organs"].to_list() == [2, None]


def test_the_performance_status_at_progression_is_as_given():
    assert _patients()["ecog_at_progression"].to_list() == [2, None]

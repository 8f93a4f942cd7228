"""When patients came under observation, as columns of the derived patients."""

from __future__ import annotations

from spec.patient_tables import derive, study_tables


def test_an_entry_in_months_is_counted_in_days():
    """One month is 30.4375 days."""
    patients = [
        {"patient_id": "A", "died_day": 300, "entered_months": 2.0},
        {"patient_id": "B", "died_day": 300},
    ]
    found = derive(study_tables(patients=patients)).patients

    assert found["os_entry_days"].to_list() == [60.875, 0]


def test_without_entries_there_is_no_column_of_them():
    found = derive(study_tables(patients=[{"patient_id": "A", "died_day": 300}])).patients

    assert not [c for c in found.columns if c.endswith("entry_days")]

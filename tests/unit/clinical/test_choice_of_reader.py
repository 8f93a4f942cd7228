"""Responses are those of one reader: which rows are taken, and what is refused."""

from __future__ import annotations

import pytest

from oligoscope.clinical.lesion_values import choose_reader
from oligoscope.errors import DataError
from oligoscope.study.schemas import StudyTables
from spec.patient_tables import study_tables


def _read_by(*readers: str) -> StudyTables:
    rows = [
        {"patient_id": "A", "lesion_id": "T", "assessed_day": day, "diameter_mm": 30, "reader": reader}
        for day in (-3, 56)
        for reader in readers
    ]
    return study_tables(patients=[{"patient_id": "A"}], measurements=rows)


def test_the_rows_of_the_chosen_reader_are_taken_and_no_others():
    """Each reader follows lesions of their own choice (RECIST 1.1, 4.1): a sum of two readers' is neither's."""
    chosen = choose_reader(_read_by("A", "B"), "B")

    assert chosen["reader"].to_list() == ["B", "B"]
    assert chosen["source_row"].to_list() == [3, 5]


def test_one_reader_needs_no_choice():
    assert choose_reader(_read_by("A"), None).height == 2


def test_several_readers_without_a_choice_and_one_who_read_nothing_are_refused():
    with pytest.raises(DataError, match=r"2 readers \(A, B\)"):
        choose_reader(_read_by("A", "B"), None)
    with pytest.raises(DataError, match="'C', but measurements hold: A, B"):
        choose_reader(_read_by("A", "B"), "C")

"""Who was found: counts, matched patients by imputation, and lists that stay short."""

from __future__ import annotations

from oligoscope.report.numbers.patients_found import LISTED_FIRST, read_patient_files
from oligoscope.results.selection import Selection, Term
from unit.eight_patients import PAIRS, files, patients

EVERYBODY = Selection()


def test_matched_patients_are_counted_in_each_imputation():
    matched = Selection((((Term("population", "in", ("progressed",))),),), matched=True)

    found = files().find([matched])[matched]

    assert found.counts == (2, 4)
    assert found.ids == ("P1", "P2", "P4", "P5")
    assert found.imputations == ((), (2,), (), (2,))


def test_a_long_list_is_cut_and_its_count_is_whole():
    found = files(n_copies=200).find([EVERYBODY])[EVERYBODY]

    assert found.counts == (1600,)
    assert len(found.ids) == LISTED_FIRST


def test_the_files_of_a_run_are_read_as_text(tmp_path):
    patients().write_csv(tmp_path / "patients.csv")
    PAIRS.write_csv(tmp_path / "matched_pairs.csv")

    read = read_patient_files(tmp_path)

    assert read is not None
    assert read.find([EVERYBODY])[EVERYBODY].n_different == 8


def test_a_folder_without_patients_has_none(tmp_path):
    assert read_patient_files(tmp_path) is None

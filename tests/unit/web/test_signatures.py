"""Signatures of patients: kept, never taken out, void once settings or data have changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from oligoscope.web.signatures import latest, sign, signatures
from oligoscope.web.studies import Home, Study


@pytest.fixture
def study(tmp_path: Path) -> Study:
    made = Home(tmp_path / "home").create("One")
    made.file.write_text("study: {title: One}\n", encoding="utf-8")
    (made.data / "patients.csv").write_text("patient_id\nP1\n", encoding="utf-8")
    return made


def test_a_signature_holds_until_settings_or_data_change(study: Study):
    sign(study, "SN1234", "L. W.", "right", "")
    sign(study, "SN5678", "李", "wrong", "=the scan of March\nis missing, it says")

    assert [(s.study_number, s.verdict, s.holds) for s in signatures(study)] == [
        ("SN1234", "right", True),
        ("SN5678", "wrong", True),
    ]
    assert signatures(study)[1].words == "=the scan of March\nis missing, it says"
    assert b"\"'=the scan" in (study.folder / "signed_patients.csv").read_bytes()

    (study.data / "patients.csv").write_text("patient_id\nP2\n", encoding="utf-8")

    assert [s.holds for s in signatures(study)] == [False, False]


def test_settings_count_and_times_of_files_do_not(study: Study):
    sign(study, "SN1", "A", "right", "")
    os.utime(study.data / "patients.csv", (1, 1))
    assert signatures(study)[0].holds

    study.file.write_text("study: {title: Two}\n", encoding="utf-8")
    assert not signatures(study)[0].holds


def test_signing_makes_no_check_old(study: Study):
    before = study.fingerprint()
    sign(study, "SN1", "A", "right", "")

    assert study.fingerprint() == before


def test_the_last_word_on_a_patient_counts(study: Study):
    sign(study, "SN1", "A", "wrong", "no")
    sign(study, "SN1", "B", "right", "")

    assert latest(study)["SN1"].signed_by == "B"
    assert len(signatures(study)) == 2


def test_without_signatures_there_are_none(study: Study):
    assert signatures(study) == []

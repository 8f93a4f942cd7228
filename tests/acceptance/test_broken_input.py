"""Broken input ends with a message that names the place, the right exit status, and nothing half-written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from acceptance.commands import as_process, oligoscope, write_study

PATIENTS = """
    patient_id,sex,treatment_started_on,died_on,last_known_alive_on
    P1,male,2021-01-10,2022-01-10,
    P2,female,2021-02-10,,2022-05-01
"""
LESIONS = """
    patient_id,lesion_id,role,organ
    P1,T1,target,lung
    P2,T1,target,liver
"""
MEASUREMENTS = """
    patient_id,lesion_id,assessed_on,diameter_mm
    P1,T1,2021-01-03,40
    P1,T1,2021-02-20,20
    P2,T1,2021-02-03,30
    P2,T1,2021-03-25,42
"""
GOOD = {"patients": PATIENTS, "lesions": LESIONS, "measurements": MEASUREMENTS}


def refused(study: Path, out: Path, *names: str, status: int = 3) -> None:
    done = oligoscope("run", study, "--out", out, check=status)
    for name in names:
        assert name in done.stderr, done.stderr
    assert not (out / "results.csv").exists()
    assert not (out / "report.en.html").exists()


def test_the_unbroken_study_runs(tmp_path):
    study = write_study(tmp_path / "study", GOOD)

    as_process("run", study, "--out", tmp_path / "out")

    assert (tmp_path / "out" / "results.csv").exists()
    assert (tmp_path / "out" / "report.zh.html").exists()


def test_a_missing_column(tmp_path):
    broken = GOOD | {"measurements": MEASUREMENTS.replace("assessed_on", "when")}
    refused(write_study(tmp_path / "study", broken), tmp_path / "out", "measurements.csv", "assessed_on")


def test_text_in_a_diameter(tmp_path):
    broken = GOOD | {"measurements": MEASUREMENTS.replace(",42", ",large")}
    refused(write_study(tmp_path / "study", broken), tmp_path / "out", "row 5", "P2", "diameter_mm", "large")


def test_an_impossible_date(tmp_path):
    broken = GOOD | {"measurements": MEASUREMENTS.replace("2021-03-25", "2020-13-40")}
    refused(write_study(tmp_path / "study", broken), tmp_path / "out", "row 5", "assessed_on", "2020-13-40")


def test_a_duplicated_patient(tmp_path):
    broken = GOOD | {"patients": PATIENTS + "    P1,male,2021-01-11,,2022-01-10\n"}
    refused(write_study(tmp_path / "study", broken), tmp_path / "out", "patients.csv", "P1")


def test_an_empty_file(tmp_path):
    study = write_study(tmp_path / "study", GOOD)
    (study / "measurements.csv").write_bytes(b"")
    refused(study, tmp_path / "out", "measurements.csv")


def test_a_workbook_of_0_bytes(tmp_path):
    study = write_study(tmp_path / "study", GOOD)
    (study / "patients.xlsx").write_bytes(b"")
    yaml = study / "study.yaml"
    yaml.write_text(
        yaml.read_text(encoding="utf-8").replace("patients.csv", "patients.xlsx"), encoding="utf-8"
    )
    refused(study, tmp_path / "out", "patients.xlsx")


def test_a_folder_in_place_of_a_file(tmp_path):
    study = write_study(tmp_path / "study", GOOD)
    (study / "lesions.csv").unlink()
    (study / "lesions.csv").mkdir()
    refused(study, tmp_path / "out", "lesions.csv")


def test_no_study_at_all(tmp_path):
    done = oligoscope("run", tmp_path / "nothing", "--out", tmp_path / "out", check=None)
    assert done.returncode in {2, 3}
    assert "nothing" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(os.name != "posix", reason="permissions of this kind are POSIX")
def test_an_output_folder_that_cannot_be_written(tmp_path):
    study = write_study(tmp_path / "study", GOOD)
    done = as_process("run", study, "--out", "/proc/oligoscope-out", check=2)
    assert "/proc/oligoscope-out" in done.stderr


def test_an_output_folder_with_somebody_elses_files(tmp_path):
    study = write_study(tmp_path / "study", GOOD)
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.docx").write_text("mine", encoding="utf-8")
    refused(study, out, "out", status=2)
    assert (out / "thesis.docx").read_text(encoding="utf-8") == "mine"


def test_the_study_folder_is_no_output_folder(tmp_path):
    study = write_study(tmp_path / "study", GOOD)
    refused(study, study, "own folder", status=2)


@pytest.mark.slow
def test_a_second_run_replaces_its_own_files_and_keeps_an_edited_one(tmp_path):
    study, out = write_study(tmp_path / "study", GOOD), tmp_path / "out"
    oligoscope("run", study, "--out", out)
    (out / "report.en.html").write_text("edited by hand", encoding="utf-8")
    (out / "notes.txt").write_text("mine", encoding="utf-8")

    oligoscope("run", study, "--out", out)

    assert (out / "report.en.kept-1.html").read_text(encoding="utf-8") == "edited by hand"
    assert (out / "notes.txt").read_text(encoding="utf-8") == "mine"
    assert "edited" not in (out / "report.en.html").read_text(encoding="utf-8")


def test_quarantined_rows_need_consent(tmp_path):
    broken = GOOD | {"measurements": MEASUREMENTS + "    P9,T1,2021-03-25,42\n"}
    study = write_study(tmp_path / "study", broken)
    refused(study, tmp_path / "out", "P9", "--accept-issues")
    assert "P9" in (tmp_path / "out" / "issues.csv").read_text(encoding="utf-8-sig")

    oligoscope("run", study, "--out", tmp_path / "out", "--accept-issues")

    assert (tmp_path / "out" / "results.csv").exists()
    assert "P9" in (tmp_path / "out" / "issues.csv").read_text(encoding="utf-8-sig")


def test_several_mistakes_in_study_yaml_are_said_at_once(tmp_path):
    study = write_study(
        tmp_path / "study", GOOD, "respons: {confirmation: maybe}\nprogression: {max_lesions: many}\n"
    )
    done = as_process("check", study, check=3)
    assert "respons" in done.stderr
    assert "response" in done.stderr
    assert "max_lesions" in done.stderr


def test_the_same_analysis_twice(tmp_path):
    study = write_study(tmp_path / "study", GOOD, "analyses: [{kind: sites}, {kind: sites}]\n")

    refused(study, tmp_path / "out", "analyses[2] = sites", "analyses[1]", "line 6")

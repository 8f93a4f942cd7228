"""`oligoscope patient` on a study's files."""

from __future__ import annotations

import json

import pytest

from acceptance.commands import as_process, oligoscope, write_study
from oligoscope.number_key import read_key
from oligoscope.study.study_file import NUMBERS_NAME

TABLES = {
    "patients": """
        patient_id,treatment_started_on,last_known_alive_on
        S0001,2020-01-15,2020-09-01
        S0002,2020-01-15,2020-09-01
    """,
    "lesions": """
        patient_id,lesion_id,role,organ
        S0001,T1,target,lung
        S0002,T1,target,liver
    """,
    "measurements": """
        patient_id,lesion_id,assessed_on,diameter_mm
        S0001,T1,2020-01-10,50
        S0001,T1,2020-03-01,30
        S0001,T1,2020-04-15,45
        S0002,T1,2020-01-10,40
    """,
}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return write_study(tmp_path_factory.mktemp("patient") / "study", TABLES)


def test_a_folder_gets_both_languages(study, tmp_path):
    done = oligoscope("patient", study, "S0001", "--out", tmp_path / "pages", "--json")

    files = json.loads(done.stdout)["files"]
    assert [f.rsplit(".", 2)[1] for f in files] == ["zh", "en"]
    number = read_key(study / NUMBERS_NAME).of["S0001"]
    page = (tmp_path / "pages" / f"patient-{number}.zh.html").read_text(encoding="utf-8")
    assert f"患者 {number}" in page
    assert "S0001" not in page


@pytest.mark.slow
def test_the_same_study_gives_the_same_bytes(study, tmp_path):
    for name in ("a", "b"):
        as_process("patient", study, "S0001", "--out", tmp_path / f"{name}.html", "--lang", "en")

    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_an_unknown_patient_is_wrong_usage_and_writes_nothing(study, tmp_path):
    done = oligoscope("patient", study, "S001", "--out", tmp_path / "x.html", check=2)

    assert "no patient 'S001'" in done.stderr
    assert "S0001" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_users_file_is_never_written_over(study, tmp_path):
    (tmp_path / "x.html").write_text("mine", encoding="utf-8")

    oligoscope("patient", study, "S0001", "--out", tmp_path / "x.html", "--lang", "en", check=2)
    assert (tmp_path / "x.html").read_text(encoding="utf-8") == "mine"

"""mapping.yaml beside study.yaml: what it states counts where study.yaml states nothing, and its faults are its own."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from oligoscope import cli
from oligoscope.errors import StudyFileError
from oligoscope.questions.registry import KINDS
from oligoscope.study.study_file import read_study_file

SHORT = "study: {title: T}\n"


def study_of(folder, study: str, mapping: str | None):
    (folder / "study.yaml").write_text(study, encoding="utf-8")
    if mapping is not None:
        (folder / "mapping.yaml").write_text(mapping, encoding="utf-8")
    return read_study_file(folder, KINDS)[0]


def test_data_may_be_in_the_mapping_alone(tmp_path):
    patients = study_of(tmp_path, SHORT, "data: {patients: p.csv}\nquestions: {a=b: '-'}\n").data.patients

    assert patients is not None
    assert patients.files == ("p.csv",)


def test_study_yaml_counts_before_the_mapping_key_by_key(tmp_path):
    study = SHORT + "data:\n  patients: {files: mine.csv, levels: {sex: {male: [M]}}}\n"
    mapping = "data:\n  patients: {files: other.csv, sheet: S, levels: {sex: {male: [X], female: [F]}}, missing: [ND]}\n  places: {RUL: lung}\n"

    source = study_of(tmp_path, study, mapping).data
    patients = source.patients

    assert patients is not None
    assert patients.files == ("mine.csv",)
    assert patients.sheet == "S"
    assert patients.levels == {"sex": {"male": ("M",), "female": ("F",)}}
    assert patients.missing == ("ND",)
    assert source.places == {"RUL": "lung"}


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ("data:\n  patients:\n    files: p.csv\n    shet: S\n", "line 4  data.patients.shet"),
        ("data:\n  patients: p.csv\nanswers: {}\n", "line 3  answers"),
        ("data:\n  patients: p.csv\n  patients: q.csv\n", "line 3  data.patients"),
        ("- a\n", "mapping.yaml has 1 problem."),
        ("data:\n  patients: {files: p.csv, units: {pd_l1_tps: inch}}\n", "line 2"),
        ("data: [\n", "mapping.yaml has 1 problem."),
    ],
)
def test_faults_of_the_mapping_are_named_in_it(tmp_path, mapping, said):
    with pytest.raises(StudyFileError) as refused:
        study_of(tmp_path, SHORT, mapping)

    assert "mapping.yaml has " in str(refused.value)
    assert said in str(refused.value)


@pytest.mark.parametrize("mapping", ["", "# nothing yet\n", "data:\nquestions:\n"])
def test_an_empty_mapping_states_nothing(tmp_path, mapping):
    if not mapping:
        mapping = "\n# blank\n"

    patients = study_of(tmp_path, SHORT + "data: {patients: p.csv}\n", mapping).data.patients

    assert patients is not None
    assert patients.files == ("p.csv",)


def test_the_mapping_is_an_input_of_the_run(tmp_path):
    (tmp_path / "p.csv").write_text(
        "patient_id,treatment_started_on,last_known_alive_on\nP1,2020-01-10,2021-01-01\n", encoding="utf-8"
    )
    study_of(tmp_path, SHORT, "data: {patients: p.csv}\n")
    CliRunner().invoke(cli.app, ["check", str(tmp_path), "--out", str(tmp_path / "check")])

    record = json.loads((tmp_path / "check" / "run.json").read_text(encoding="utf-8"))

    assert list(record["inputs"]) == ["study.yaml", "mapping.yaml", "p.csv"]

"""`oligoscope verify`: a run repeated from its run.json, and what differs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from acceptance.commands import write_study
from oligoscope import cli
from oligoscope.output_folder import checksum

PATIENTS = """
    patient_id,sex,age_years,treatment_started_on,died_on,last_known_alive_on
    P1,male,61,2020-01-10,2021-01-10,
    P2,female,70,2020-02-10,,2021-06-01
    P3,male,55,2020-03-10,2020-12-01,
"""
LESIONS = "patient_id,lesion_id,role,organ\n" + "".join(f"P{i},L1,target,lung\n" for i in (1, 2, 3))
MEASUREMENTS = "patient_id,lesion_id,assessed_on,diameter_mm\n" + "".join(
    f"P{i},L1,2020-0{i}-01,40\nP{i},L1,2020-0{i + 2}-20,{size}\n" for i, size in ((1, 60), (2, 20), (3, 41))
)
TABLES = {"patients": PATIENTS, "lesions": LESIONS, "measurements": MEASUREMENTS}
BASELINE = "analyses: [{kind: baseline, population: treated, by: sex, variables: [age_years]}]"


def command(*words: object, status: int = 0) -> str:
    """What the command says; it must end with this status, and no traceback."""
    done = CliRunner().invoke(cli.app, [str(word) for word in words])
    assert done.exit_code == status, (done.exit_code, done.output, done.exception)
    return done.output


@pytest.fixture(scope="module")
def done(tmp_path_factory) -> Path:
    """A folder with a study, its tables in another folder, and a whole run of it in one language."""
    folder = tmp_path_factory.mktemp("verify")
    study = write_study(folder / "study", TABLES, BASELINE)
    data = folder / "data"
    data.mkdir()
    for name in TABLES:
        shutil.move(study / f"{name}.csv", data / f"{name}.csv")
    command("run", study, "--data", data, "--out", folder / "out", "--lang", "zh")
    command("derive", study, "--data", data, "--out", folder / "derived")
    return folder


@pytest.fixture
def place(done, tmp_path) -> Path:
    return shutil.copytree(done, tmp_path / "place")


def files_of(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_run_is_repeated_with_its_data_and_language_and_nothing_in_its_folder_is_touched(done):
    before = files_of(done)
    answer = json.loads(command("verify", done / "out", "--json").splitlines()[-1])

    record = json.loads(before["out/run.json"])
    assert record["repeat"] == {
        "study": "../study/study.yaml", "data": "../data", "accept_issues": False, "languages": ["zh"], "figures": "usual",
    }  # fmt: skip
    assert (answer["same"], answer["files"], answer["differences"]) == (True, len(record["outputs"]), [])
    assert any(name.endswith(".zh.html") for name in record["outputs"])
    assert files_of(done) == before


def test_no_path_of_this_computer_is_in_the_record(done):
    assert str(done) not in (done / "out" / "run.json").read_text("utf-8")


def test_of_a_number_that_differs_the_file_the_row_and_both_values_are_named(place):
    out = place / "derived"
    path = out / "patients.csv"
    path.write_text(path.read_text("utf-8").replace("366,1", "365,1"), encoding="utf-8")
    _record(out, "patients.csv")

    said = command("verify", out, status=4)
    gesagt = command("verify", out, "--lang", "zh", status=4)

    assert "Not the same: 1 of" in said
    assert "patients.csv: 1 row differs" in said
    assert "row 2 (P1): os_days 365 then, 366 now" in said
    assert "第 2 行（P1）：os_days 原 365，现 366" in gesagt


def _record(out: Path, name: str) -> None:
    """run.json with the checksum of a file as it is now."""
    record = json.loads((out / "run.json").read_text("utf-8"))
    record["outputs"][name] = checksum(out / name)
    (out / "run.json").write_text(json.dumps(record), encoding="utf-8")


def test_a_file_edited_after_the_run_is_named_and_is_no_difference_of_the_run(place):
    with (place / "derived" / "flow.csv").open("a", encoding="utf-8") as file:
        file.write("my own note\n")

    said = command("verify", place / "derived")

    assert "The same to the byte" in said
    assert "Changed in the folder after the run (what the run wrote was compared): flow.csv." in said


def test_another_version_of_a_library_is_named(place):
    path = place / "derived" / "run.json"
    record = json.loads(path.read_text("utf-8"))
    record["libraries"]["polars"] = "0.1"
    path.write_text(json.dumps(record), encoding="utf-8")

    assert "Version of polars: 0.1 in the run, " in command("verify", place / "derived")


def test_inputs_that_are_missing_or_changed_are_all_named(place):
    (place / "data" / "lesions.csv").unlink()
    with (place / "data" / "patients.csv").open("a", encoding="utf-8") as file:
        file.write("P4,male,66,2020-01-01,,2021-01-01\n")

    said = command("verify", place / "out", status=3)
    gesagt = command("verify", place / "out", "--lang", "zh", status=3)

    assert "lesions.csv: not found at" in said
    assert "patients.csv: another checksum (" in said
    assert "measurements.csv" not in said
    assert "lesions.csv：在" in gesagt


def test_a_changed_study_yaml_is_named(place):
    with (place / "study" / "study.yaml").open("a", encoding="utf-8") as file:
        file.write("# a note\n")

    assert "study.yaml: another checksum (" in command("verify", place / "out", status=3)


def test_a_study_that_moved_is_asked_for_and_may_be_named(place):
    shutil.move(place / "study", place / "moved")
    shutil.move(place / "data", place / "tables")

    said = command("verify", place / "derived", status=3)

    assert "is not where run.json says" in said
    again = command("verify", place / "derived", "--study", place / "moved", "--data", place / "tables")
    assert "The same to the byte" in again


def test_a_folder_that_is_none_of_ours_and_a_record_without_arguments_are_wrong_usage(place, tmp_path):
    (tmp_path / "other").mkdir()
    assert "is not a folder that Oligoscope wrote" in command("verify", tmp_path / "other", status=2)

    path = place / "derived" / "run.json"
    record = json.loads(path.read_text("utf-8"))
    del record["repeat"]
    path.write_text(json.dumps(record), encoding="utf-8")
    assert "did not record how to repeat" in command("verify", place / "derived", status=2)


def test_findings_are_repeated_too(place):
    path = place / "data" / "patients.csv"
    path.write_text(path.read_text("utf-8").replace("2020-01-10", "2020-13-10"), encoding="utf-8")
    command("run", place / "study", "--data", place / "data", "--out", place / "found", status=3)

    assert "The same to the byte" in command("verify", place / "found")


@pytest.mark.slow
def test_rows_left_out_and_documents_written_again_are_repeated(place):
    path = place / "data" / "patients.csv"
    path.write_text(path.read_text("utf-8").replace("2020-03-10", "2020-13-10"), encoding="utf-8")
    words = ("run", place / "study", "--data", place / "data", "--out", place / "accepted", "--lang", "en")
    command(*words, "--accept-issues")
    command("report", place / "accepted", "--style", "en-lancet", "--lang", "en")
    record = json.loads((place / "accepted" / "run.json").read_text("utf-8"))

    assert record["repeat"]["accept_issues"] is True
    assert [one["styles"]["en"] for one in record["written_again"]] == ["en-lancet"]
    assert "The same to the byte" in command("verify", place / "accepted")


@pytest.mark.slow
def test_the_demo_is_repeated_and_a_number_or_an_input_changed_since_is_named(tmp_path):
    out = tmp_path / "demo"
    command("demo", "--out", out, "--patients", "60", "--lang", "en")

    assert "The same to the byte" in command("verify", out)

    results = out / "results.csv"
    whole = results.read_text("utf-8")
    head, first, *others = whole.splitlines(keepends=True)
    key, value = first.split(",n,")[0], first.split(",n,")[1].split(",")[0]
    results.write_text("".join((head, first.replace(f",n,{value},", ",n,1.0,"), *others)), encoding="utf-8")
    _record(out, "results.csv")
    said = command("verify", out, status=4)
    assert "results.csv: 1 row differs" in said
    assert f"row 2 ({', '.join(filter(None, key.split(',')))}, n): value 1.0 then, {value} now" in said

    patients = out / "study" / "patients.csv"
    patients.write_text(patients.read_text("utf-8").replace(",male,", ",female,", 1), encoding="utf-8")
    assert "patients.csv: another checksum (" in command("verify", out, status=3)

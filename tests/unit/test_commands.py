"""What commands answer: in Chinese where asked, counts in the right number, and by `python -m` as by name."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from oligoscope import __version__, cli
from oligoscope.number_key import read_key
from oligoscope.output_folder import previous_run, writing
from oligoscope.study.study_file import NUMBERS_NAME

STUDY = "study: {}\ndata: {patients: patients.csv, lesions: lesions.csv, measurements: measurements.csv}\n"
TABLES = {
    "patients": "patient_id,treatment_started_on,last_known_alive_on\nP1,2020-01-10,2021-01-01\nP2,2020-01-10,2021-01-01\n",
    "lesions": "patient_id,lesion_id,role,organ\nP1,L1,target,lung\nP2,L1,target,liver\n",
    "measurements": "patient_id,lesion_id,assessed_on,diameter_mm\nP1,L1,2020-01-01,50\nP1,L1,2020-04-01,80\nP2,L1,2020-01-01,50\n",
}
ENGLISH = re.compile(r"[A-Za-z]{3,} [a-z]{2,} [a-z]{2,}")


@pytest.fixture
def study(tmp_path):
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / "study.yaml").write_text(STUDY, encoding="utf-8")
    for name, text in TABLES.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def command(*words: object) -> tuple[int, str]:
    done = CliRunner().invoke(cli.app, [str(word) for word in words])
    return done.exit_code, done.output


def test_python_m_is_the_command():
    done = subprocess.run(
        [sys.executable, "-m", "oligoscope", "--version"], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout.strip()) == (0, f"oligoscope {__version__}")


@pytest.mark.parametrize(
    ("fault", "counts"),
    [
        ("", "0 errors, 0 quarantined, 0 warnings."),
        ("P3,L9,2020-01-01,80\n", "0 errors, 1 quarantined, 0 warnings."),
        ("P1,L1,2020-04-01,80\n", "0 errors, 0 quarantined, 1 warning."),
    ],
)
def test_counts_are_in_the_right_number(study, fault, counts):
    with (study / "measurements.csv").open("a", encoding="utf-8") as file:
        file.write(fault)

    assert command("check", study)[1].splitlines()[-1] == counts


def test_one_error_is_one_error(study):
    (study / "lesions.csv").unlink()

    assert "1 error, 0 quarantined, 0 warnings." in command("check", study)[1]


def damaged(study) -> None:
    (study / "measurements.csv").write_text("patient_id\n", encoding="utf-8")


def unreadable(study) -> None:
    with (study / "measurements.csv").open("a", encoding="utf-8") as file:
        file.write("P1,L1,2020-05-01,12..5\n")


def no_folder(study) -> None:
    (study / "study.yaml").write_text(STUDY + "  folder: nowhere\n", encoding="utf-8")


def no_study(study) -> None:
    (study / "study.yaml").unlink()


def nothing(_study) -> None:
    return None


@pytest.mark.parametrize(
    ("words", "change", "status"),
    [
        (("check", "STUDY"), nothing, 0),
        (("check", "STUDY"), damaged, 3),
        (("check", "STUDY"), unreadable, 3),
        (("check", "STUDY"), no_study, 3),
        (("check", "STUDY", "--data", "nowhere"), nothing, 2),
        (("derive", "STUDY", "--out", "OUT"), nothing, 0),
        (("derive", "STUDY", "--out", "OUT"), unreadable, 3),
        (("derive", "STUDY", "--out", "STUDY"), nothing, 2),
        (("run", "STUDY", "--out", "OUT"), nothing, 0),
        (("run", "STUDY", "--out", "OUT"), damaged, 3),
        (("run", "STUDY", "--out", "STUDY/study.yaml"), nothing, 2),
        (("report", "STUDY"), nothing, 2),
        (("report", "OUT", "--style", "nature"), nothing, 2),
        (("report", "OUT", "--style", "en-lancet"), nothing, 2),
        (("compare", "STUDY", "huang2025"), nothing, 2),
        (("compare", "STUDY", "huang2025", "--out", "x.txt"), nothing, 2),
        (("patient", "STUDY", "P1", "--out", "OUT"), nothing, 0),
        (("patient", "STUDY", "P9", "--out", "OUT"), nothing, 2),
        (("patient", "STUDY", "P1", "--out", "STUDY/study.yaml"), nothing, 2),
        (("new", "OUT"), nothing, 0),
        (("new", "STUDY"), nothing, 2),
    ],
)
def test_asked_for_chinese_every_command_ends_in_chinese(study, tmp_path, words, change, status):
    change(study)
    places = {"STUDY": study, "OUT": tmp_path / "out", "STUDY/study.yaml": study / "study.yaml"}

    got, said = command(*(places.get(word, word) for word in words), "--lang", "zh")

    assert got == status
    for line in said.splitlines():
        assert not ENGLISH.search(line.replace(str(tmp_path), "")), line
    assert re.search("[\u4e00-\u9fff]", said.splitlines()[-1])


def test_a_full_width_identifier_is_found(study, tmp_path):
    status, _ = command("patient", study, "\uff30\uff11", "--out", tmp_path / "out", "--lang", "zh")

    assert status == 0
    number = read_key(study / NUMBERS_NAME).of["P1"]
    assert [p.name for p in (tmp_path / "out").iterdir()] == [f"patient-{number}.zh.html"]


@pytest.mark.parametrize(
    "outputs",
    [None, ["a"], "x", {"a": 1}, {"../victim.txt": "0"}, {"/etc/hostname": "0"}, {"": "0"}, {"sub": "0"}],
)
def test_a_run_json_from_elsewhere_touches_nothing_outside_its_folder(tmp_path, outputs):
    victim, out = tmp_path / "victim.txt", tmp_path / "out"
    victim.write_text("my only copy", encoding="utf-8")
    (out / "sub").mkdir(parents=True)
    (out / "sub" / "mine").write_text("mine", encoding="utf-8")
    (out / "run.json").write_text(json.dumps({"program": "oligoscope", "outputs": outputs}), encoding="utf-8")

    with writing(out) as draft:
        (draft / "a.csv").write_text("x", encoding="utf-8")

    assert victim.read_text(encoding="utf-8") == "my only copy"
    assert (out / "sub" / "mine").read_text(encoding="utf-8") == "mine"
    assert (out / "a.csv").is_file()
    assert {p.name for p in tmp_path.iterdir()} == {"victim.txt", "out"}
    assert previous_run(out) == {"program": "oligoscope", "outputs": {}}


def test_a_patient_number_may_begin_with_a_minus_sign(study, tmp_path):
    for name in TABLES:
        file = study / f"{name}.csv"
        file.write_text(file.read_text(encoding="utf-8").replace("P1,", "-5,"), encoding="utf-8")
    with (study / "study.yaml").open("a", encoding="utf-8") as settings:
        settings.write("report: {patient_numbers: own}\n")

    status, output = command(
        "patient", study, "-5", "--out", tmp_path / "page.html", "--lang", "en", "--accept-issues"
    )

    assert status == 0, output
    assert (tmp_path / "page.html").exists()

"""`oligoscope doctor` finds the answers that are shipped in the package, and says what differs where one is spoiled.

Stored anew by: OLIGOSCOPE_STORE=1 pytest -n 0 tests/stored.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import polars as pl
import pytest

from oligoscope.demo.cohort import make_cohort, write_cohort
from oligoscope.doctor.examination import ANSWERS, DERIVED, STUDY, compare_answers, make_answers
from stored.golden import is_storing

SEED, N_PROGRESSED = 20250408, 40


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The answers made now; stored in the package where that is asked for."""
    folder = tmp_path_factory.mktemp("answers")
    if is_storing():
        shutil.rmtree(STUDY, ignore_errors=True)
        write_cohort(make_cohort(SEED, N_PROGRESSED), STUDY)
    make_answers(STUDY, folder, lambda _stage: None)
    if is_storing():
        shutil.rmtree(ANSWERS, ignore_errors=True)
        ANSWERS.mkdir()
        for path in (folder / "results.csv", *(folder / "out" / name for name in DERIVED)):
            shutil.copy(path, ANSWERS)
    return folder


def doctor(*words: str, package: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """`oligoscope doctor` as another process, of the package in a folder where one is given."""
    found = {"PYTHONPATH": str(package)} if package else {}
    return subprocess.run(
        [sys.executable, "-c", "from oligoscope.cli import main; main()", "doctor", *words],
        env={**os.environ, **found, **environment}, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Path:
    """The package as a wheel lays it down, with the record of its files."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=repository, check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = folder.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(folder / "lib")
    return folder / "lib"


def test_the_stored_answers_are_those_of_today(made):
    assert [text.en for check in compare_answers(ANSWERS, made) for text in check.findings] == []


def test_a_sound_installation_agrees_in_every_check(installed, tmp_path):
    done = doctor("--json", package=installed, TMPDIR=str(tmp_path))

    said = json.loads(done.stdout)
    assert {check["name"]: check["outcome"] for check in said["checks"]} == dict.fromkeys(
        ("libraries", "files", "labels", "numbers", "documents"), "agrees"
    )
    assert done.returncode == 0
    assert list(tmp_path.iterdir()) == []


def test_every_spoiled_part_of_an_installation_is_named(installed, tmp_path):
    """A number and a label."""
    spoiled = Path(shutil.copytree(installed, tmp_path / "lib"))
    folder = spoiled / "oligoscope"
    answers = folder / "doctor" / "answers"
    results = pl.read_csv(answers / "results.csv", infer_schema=False)
    row = results["value"].is_not_null().arg_max() or 0
    first = pl.int_range(pl.len()) == row
    results.with_columns(value=pl.when(first).then(pl.lit("777")).otherwise("value")).write_csv(
        answers / "results.csv"
    )
    text = (answers / "patients.csv").read_text(encoding="utf-8")
    (answers / "patients.csv").write_text(
        text.replace(",systemic,", ",oligoprogression,", 1), encoding="utf-8"
    )

    done = doctor(package=spoiled)

    assert done.returncode == 4, done.stderr
    assert f"results.csv row {row + 2} (" in done.stdout
    assert "value: 777 stored, " in done.stdout
    assert "pattern: oligoprogression stored, systemic now" in done.stdout
    assert "oligoscope/doctor/answers/patients.csv was changed after it was installed" in done.stdout
    assert done.stdout.rstrip().endswith("and check once more.")

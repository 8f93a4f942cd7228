"""`oligoscope doctor` finds the answers that are shipped in the package, and says what differs where one is spoiled.

Stored anew by: OLIGOSCOPE_STORE=1 pytest -n 0 tests/stored.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import polars as pl
import pytest

from oligoscope.demo.cohort import make_cohort, write_cohort
from oligoscope.doctor.examination import ANSWERS, DERIVED, STUDY, make_answers
from stored.golden import is_storing

SEED, N_PROGRESSED = 20250408, 40
OWN_NUMBERS = """report:
  patient_numbers: own  # the study is installed with the program, where nothing is written
"""


def store() -> None:
    """Draw the study and make its answers, in the package."""
    for folder in (STUDY, ANSWERS):
        shutil.rmtree(folder, ignore_errors=True)
    file = write_cohort(make_cohort(SEED, N_PROGRESSED), STUDY)
    with file.open("a", encoding="utf-8", newline="\n") as settings:
        settings.write(OWN_NUMBERS)
    with tempfile.TemporaryDirectory() as scratch:
        made = Path(scratch)
        make_answers(STUDY, made, lambda _stage: None)
        ANSWERS.mkdir()
        for path in (made / "results.csv", *(made / "out" / name for name in DERIVED)):
            shutil.copy(path, ANSWERS)


def doctor(*words: str, package: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """`oligoscope doctor` as another process, of the package in a folder where one is given."""
    found = {"PYTHONPATH": str(package)} if package else {}
    return subprocess.run(
        [sys.executable, "-c", "from oligoscope.cli import main; main()", "doctor", *words],
        env={**os.environ, **found, **environment}, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Path:
    """The package as a wheel lays it down, with the record of its files; its answers stored anew where that is asked for."""
    if is_storing():
        store()
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=repository, check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = folder.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(folder / "lib")
    return folder / "lib"


@pytest.mark.slow
def test_what_is_spoiled_is_named_and_all_else_agrees(installed, tmp_path):
    """A number and a label of the stored answers are changed; .ci/run checks an installation that is whole."""
    spoiled, scratch = Path(shutil.copytree(installed, tmp_path / "lib")), tmp_path / "scratch"
    scratch.mkdir()
    answers = spoiled / "oligoscope" / "doctor" / "answers"
    results = pl.read_csv(answers / "results.csv", infer_schema=False)
    row = results["value"].is_not_null().arg_max() or 0
    changed = pl.when(pl.int_range(pl.len()) == row).then(pl.lit("777")).otherwise("value")
    results.with_columns(value=changed).write_csv(answers / "results.csv")
    text = (answers / "patients.csv").read_text(encoding="utf-8")
    (answers / "patients.csv").write_text(
        text.replace(",systemic,", ",oligoprogression,", 1), encoding="utf-8"
    )

    done = doctor("--json", package=spoiled, TMPDIR=str(scratch))

    assert done.returncode == 4, done.stderr
    found = {check["name"]: check for check in json.loads(done.stdout)["checks"]}
    assert {name: check["outcome"] for name, check in found.items()} == {
        "libraries": "agrees", "files": "differs", "labels": "differs", "numbers": "differs", "documents": "agrees",
    }  # fmt: skip
    assert found["files"]["findings"] == [
        f"oligoscope/doctor/answers/{name} was changed after it was installed"
        for name in ("patients.csv", "results.csv")
    ]
    (label,), (number,) = found["labels"]["findings"], found["numbers"]["findings"]
    assert label.startswith("patients.csv row ")
    assert label.endswith("pattern: oligoprogression stored, systemic now")
    assert number.startswith(f"results.csv row {row + 2} (")
    assert "value: 777 stored, " in number
    assert list(scratch.iterdir()) == []

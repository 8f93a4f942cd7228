"""A run of patients with hospital numbers and names: no document that leaves holds one of them, in any byte."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from acceptance.test_privacy import texts_of
from oligoscope.checked_study import check_study
from oligoscope.cli import app
from oligoscope.errors import DataError
from oligoscope.run_documents import report_again
from oligoscope.study.study_file import NUMBERS_NAME
from oligoscope.verification import verify_run
from oligoscope.workflow import run_and_report
from stored.small_study import write_small_study

pytestmark = pytest.mark.slow
NAMES = ("欧阳春晓", "司马长风", "诸葛晴川")
ANALYSES = [
    {"kind": "baseline", "by": "pattern", "variables": ["sex", "stage", "ecog"]},
    {"kind": "baseline", "by": "pattern", "population": "matched", "variables": ["sex", "stage", "ecog"]},
    {"kind": "sites", "by": "pattern"},
    {"kind": "response_rate", "by": "pattern"},
    {"kind": "survival", "by": "pattern", "outcomes": ["os"]},
]  # fmt: skip
# Read by the team itself, to correct its rows; they name patients as the hospital does.
INSIDE = {
    "patients.csv", "responses.csv", "reasons.csv", "issues.csv", "sites.csv", "definitions.csv", "management.csv",
    "matched_pairs.csv", "imputed.csv", "covariates.csv", "scores.csv", "weights.csv", "reader_responses.csv", NUMBERS_NAME,
}  # fmt: skip


def hospital_number(patient: str) -> str:
    """A name, or a number as hospitals give it: by year and in the order of admission."""
    n = int(patient[1:])
    return NAMES[n] if n < len(NAMES) else f"ZY{2019000000 + 37 * n}" if n % 2 else f"{80012345 + 37 * n}"


def with_hospital_numbers(folder: Path) -> None:
    """The hospital's numbers in place of those of the small study, inside the names of lesions, too; one row has a wrong one."""
    for path in folder.glob("*.csv"):
        rows = pl.read_csv(path, infer_schema=False)
        known = {p: hospital_number(p) for p in rows["patient_id"].drop_nulls() if p[1:].isdigit()}
        rows = rows.with_columns(pl.col("patient_id").replace(known))
        if "lesion_id" in rows.columns:
            rows = rows.with_columns(lesion_id=pl.col("patient_id") + "-" + pl.col("lesion_id"))
        rows.write_csv(path)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hospital") / "study"
    write_small_study(folder, 40, analyses=ANALYSES)
    with_hospital_numbers(folder)
    return folder


@pytest.fixture(scope="module")
def out(study: Path) -> Path:
    run_and_report(check_study(study), study.parent / "out")
    return study.parent / "out"


def patients_of(study: Path) -> list[str]:
    found = pl.read_csv(study / "patients.csv", infer_schema=False)["patient_id"].drop_nulls()
    return [name for name in found if len(name) > 4 or name in NAMES]


def named_in(folder: Path, patients: list[str]) -> set[str]:
    """The files, and parts of archives, that hold one of the numbers in their bytes or in their names."""
    return {
        name
        for name, text in texts_of(folder)
        if any(patient in text or patient in name for patient in patients)
    }


def test_no_document_that_leaves_holds_a_hospital_number(study: Path, out: Path) -> None:
    patients = patients_of(study)
    inside = {path.name for path in (out / "series").iterdir()} | INSIDE
    found = named_in(out, patients) - inside

    assert len(patients) > 60
    assert found == set()
    # It was looked for where it can be found: the team's own files have them all.
    assert {"patients.csv", "responses.csv", NUMBERS_NAME} <= named_in(out, patients)


def test_documents_name_patients_by_study_numbers(out: Path) -> None:
    key = pl.read_csv(out / NUMBERS_NAME, infer_schema=False)
    numbers = (out / "numbers.zh.html").read_text(encoding="utf-8")
    swimmer = pl.read_csv(out / "figures" / "swimmer_treated.csv", infer_schema=False)

    assert key["study_number"].is_unique().all()
    assert sum(number in numbers for number in key["study_number"]) > 30
    assert set(swimmer["patient_id"]) <= set(key["study_number"])


def test_documents_written_again_are_the_same_bytes(out: Path) -> None:
    before = {path.name: path.read_bytes() for path in out.glob("*.html")}
    report_again(out)

    assert {path.name: path.read_bytes() for path in out.glob("*.html")} == before


def test_a_run_repeated_without_the_key_beside_the_study_is_the_same(study: Path, out: Path) -> None:
    kept = (study / NUMBERS_NAME).read_bytes()
    (study / NUMBERS_NAME).unlink()
    try:
        assert verify_run(out, study).is_same
        assert not (study / NUMBERS_NAME).exists()
    finally:
        (study / NUMBERS_NAME).write_bytes(kept)


def test_the_page_of_a_patient_is_named_by_the_study_number(study: Path, out: Path, tmp_path: Path) -> None:
    key = dict(
        pl.read_csv(study / NUMBERS_NAME, infer_schema=False).select("patient_id", "study_number").iter_rows()
    )
    asked = next(name for name in NAMES if name in key)
    for name in (asked, key[asked]):
        answer = CliRunner().invoke(app, ["patient", str(study), name, "--out", str(tmp_path / "page")])
        assert answer.exit_code == 0, answer.output

    assert {path.name for path in (tmp_path / "page").iterdir()} == {
        f"patient-{key[asked]}.{language}.html" for language in ("zh", "en")
    }
    assert named_in(tmp_path / "page", patients_of(study)) == set()


def test_a_key_that_was_spoiled_stops_the_run_before_anything_is_computed(
    study: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "study"
    shutil.copytree(study, copy)
    (copy / NUMBERS_NAME).write_text("study_number,patient_id\nSN1,\n", encoding="utf-8")

    with pytest.raises(DataError, match="row 2"):
        run_and_report(check_study(copy), tmp_path / "out")
    assert not (tmp_path / "out").exists()

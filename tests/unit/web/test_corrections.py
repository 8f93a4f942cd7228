"""Cells corrected through the task: the file, the list, the upload that is kept, and the way back."""

from __future__ import annotations

import json
import shutil
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from oligoscope.answers import Answer
from oligoscope.checked_study import check_study
from oligoscope.doctor.examination import __file__ as doctor_file
from oligoscope.errors import DataError
from oligoscope.intake.files.csv_reader import read_csv
from oligoscope.mapping.files_found import content_of
from oligoscope.study.protocol import LimitSettings
from oligoscope.web.corrections import ORIGINALS, as_text, corrections_of, in_force
from oligoscope.web.tasks import correct

SMALL = Path(doctor_file).parent / "study"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """The small study, its patients in a workbook with a format."""
    folder = tmp_path / "study"
    shutil.copytree(SMALL, folder)
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return folder


def ask(study: Path, **asked: Any) -> Answer:
    request = study.parent / "asked.json"
    request.write_text(json.dumps(asked), encoding="utf-8")
    answer = Answer(ExitStack())
    correct.answer_of(study, [str(request)], "en", lambda _stage: None, answer)
    return answer


def one(
    row: int, after: str, value: str | None = None, column: str = "age_years", source: str = "patients.csv"
) -> dict[str, Any]:
    return {"source": source, "row": row, "column": column, "cell": None, "value": value, "after": after}


def first_column(study: Path, column: str) -> str:
    return str(read_csv((study / "patients.csv").read_bytes()).frame[column][0])


def test_a_cell_is_corrected_listed_and_taken_back(study: Path):
    upload = (study / "patients.csv").read_bytes()
    column = read_csv(upload).headers[1]
    before = first_column(study, column)

    ask(study, corrections=[one(2, "=changed", before, column)])

    assert first_column(study, column) == "=changed"
    (listed,) = corrections_of(study)
    assert (listed.file, listed.cell, listed.before, listed.after) == (
        "patients.csv",
        "B2",
        before,
        "=changed",
    )
    assert (study / ORIGINALS / "patients.csv").read_bytes() == upload
    assert (
        b",'=changed," in (study / "corrections.csv").read_bytes()
    )  # no formula where a spreadsheet opens it

    ask(study, undo=[1])

    assert (study / "patients.csv").read_bytes() == upload
    assert [c.what for c in corrections_of(study)] == ["correction", "undo 1"]
    assert in_force(corrections_of(study)) == []


def test_several_corrections_and_one_taken_back_leave_the_others(study: Path):
    column = read_csv((study / "patients.csv").read_bytes()).headers[1]

    ask(study, corrections=[one(2, "A", None, column), one(3, "B", None, column)])
    ask(study, corrections=[one(2, "C", None, column)])
    ask(study, undo=[3])

    assert list(read_csv((study / "patients.csv").read_bytes()).frame[column][:2]) == ["A", "B"]


def test_a_cell_that_holds_something_else_by_now_stays(study: Path):
    column = read_csv((study / "patients.csv").read_bytes()).headers[0]
    upload = (study / "patients.csv").read_bytes()

    answer = ask(study, corrections=[one(2, "new", "nothing like it", column)])

    assert answer["written"] == 0
    assert len(answer["said"]) == 1
    assert (study / "patients.csv").read_bytes() == upload


@pytest.mark.parametrize("source", ["../outside.csv", "study.yaml", "data.sav", "none.csv"])
def test_no_other_file_is_touched(study: Path, source: str):
    outside = study.parent / "outside.csv"
    outside.write_text("a,b\n1,2\n", encoding="utf-8")

    answer = ask(study, corrections=[one(2, "new", None, "a", source)])

    assert answer["written"] == 0
    assert outside.read_text(encoding="utf-8") == "a,b\n1,2\n"


def test_a_file_that_is_uploaded_anew_begins_anew(study: Path):
    path = study / "patients.csv"
    column = read_csv(path.read_bytes()).headers[1]
    ask(study, corrections=[one(2, "A", None, column)])
    upload = path.read_bytes().replace(b"A", b"Z", 1)
    path.write_bytes(upload)

    ask(study, corrections=[one(3, "B", None, column)])

    assert [c.what for c in corrections_of(study)] == ["correction", "new file", "correction"]
    assert [c.after for c in in_force(corrections_of(study))] == ["B"]
    assert (study / ORIGINALS / "patients (2).csv").read_bytes() == upload


def test_neither_the_list_nor_the_originals_are_read_as_tables(study: Path):
    """Also where the tables are beside study.yaml."""
    column = read_csv((study / "patients.csv").read_bytes()).headers[0]
    before = check_study(study).issues
    ask(study, corrections=[one(2, first_column(study, column), None, column)])
    (study / "corrections.csv").write_bytes(as_text(corrections_of(study)))
    (study / "signed_patients.csv").write_text("study_number\n", encoding="utf-8")
    (study / ORIGINALS).mkdir(exist_ok=True)
    shutil.copy(study / "patients.csv", study / ORIGINALS / "old.csv")

    assert check_study(study).issues == before
    names = {sheet.file for sheet in content_of(study, LimitSettings()).sheets}
    assert not names & {"corrections.csv", "signed_patients.csv", "old.csv"}


def test_a_coloured_copy_brings_back_what_was_changed_in_it_and_nothing_else(study: Path, tmp_path: Path):
    from oligoscope.check_files import files_beside

    path = study / "measurements.csv"
    rows = path.read_text(encoding="utf-8-sig").splitlines()
    head = rows[0].split(",")
    at = head.index("diameter_mm")
    cells = rows[1].split(",")
    cells[at] = "-8"
    path.write_text("\n".join([rows[0], ",".join(cells), *rows[2:]]) + "\n", encoding="utf-8")
    checked = check_study(study, keep_raw=True)
    marked = files_beside(checked, study / "check", "en", lambda _s: None).files["measurements.marked.xlsx"]
    copy = tmp_path / "copy.xlsx"
    copy.write_bytes(marked)
    book = openpyxl.load_workbook(copy)
    sheet: Any = book.worksheets[0]
    column = next(c.column for c in sheet[1] if c.value == "diameter_mm")
    sheet.cell(2, column).value = 8
    book.save(copy)

    ask(study, returned=str(copy), source="measurements.csv")

    listed = [(c.cell, c.before, c.after) for c in corrections_of(study)]
    assert listed == [(f"{chr(65 + at)}2", "-8", "8")]


def test_a_copy_of_another_file_is_refused(study: Path, tmp_path: Path):
    copy = tmp_path / "copy.xlsx"
    book = openpyxl.Workbook()
    book.worksheets[0].append(["unknown", "things"])
    book.worksheets[0].append([1, 2])
    book.save(copy)

    with pytest.raises(DataError):
        ask(study, returned=str(copy), source="patients.csv")
    assert corrections_of(study) == []


@pytest.mark.parametrize(
    "written", ["13/01/2020", "13-Jan-2020", "13.1.20", "2020年1月13日", "20200113", "2020-01-13"]
)
def test_a_day_is_the_same_however_the_cell_writes_it(study: Path, written: str):
    """A finding names the day as it was read."""
    path = study / "patients.csv"
    lines = path.read_text("utf-8-sig").splitlines()
    at = lines[0].split(",").index("treatment_started_on")
    cells = lines[1].split(",")
    cells[at] = written
    path.write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]) + "\n", "utf-8")
    column = "treatment_started_on"

    other = ask(study, corrections=[one(2, "2020-02-01", "1999-03-27", column)]) if "/" in written else None
    answer = ask(study, corrections=[one(2, "2020-02-01", "2020-01-13", column)])

    assert other is None or other["written"] == 0
    assert answer["written"] == 1

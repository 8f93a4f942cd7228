"""The workbook that `oligoscope new` writes: made from the dictionary, filled in, and read back."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import subprocess
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from openpyxl.cell import Cell

from oligoscope.checked_study import check_study
from oligoscope.doctor.examination import __file__ as doctor_file
from oligoscope.questions.registry import KIND_NAMES, KINDS
from oligoscope.study.dictionary.words import read_level, read_yes_no
from oligoscope.study.new_study import FIRST_SHEETS, write_new_protocol
from oligoscope.study.schemas import TABLES
from oligoscope.study.template.book import HEADER_ROW, TEMPLATE_FILE, template_workbook
from oligoscope.study.template.words import BookLanguage, choices, hint, sheet_title

LANGUAGES = ("zh", "en", "both")
SMALL = Path(doctor_file).parent / "study"  # csv files that are clean


@pytest.fixture(scope="module", params=LANGUAGES)
def book(request):
    return request.param, openpyxl.load_workbook(io.BytesIO(template_workbook(request.param)))


def test_every_column_of_every_table_is_there_with_its_words_and_its_drop_down(book):
    language, workbook = book
    for table in TABLES.values():
        sheet = workbook[sheet_title(table, language)]
        assert [cell.value for cell in sheet[HEADER_ROW]] == [column.name for column in table.columns]
        assert sheet.freeze_panes == "B3"
        rules = {str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation}
        for cell, column in zip(sheet[HEADER_ROW + 1], table.columns, strict=True):
            assert sheet[1][cell.column - 1].value.endswith(" *") is column.required
            rule = rules[cell.coordinate]
            assert rule.prompt == hint(column, language)
            if words := choices(column, language):
                name, area = rule.formula1.split("!")
                listed = [row[0].value for row in workbook[name][area.replace("$", "")]]
                assert listed == list(words)
    assert workbook["lists"].sheet_state == "hidden"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_a_drop_down_is_read_as_its_level_and_none_is_missing(language):
    for table in TABLES.values():
        for column in table.columns:
            words = choices(column, language)
            if column.kind == "level":
                assert {read_level(column, str(word)) for word in words} == set(column.words), column.name
            elif column.kind == "boolean":
                assert {read_yes_no(str(word)) for word in words} == {True, False}


def test_it_is_the_same_every_time():
    assert template_workbook("zh") == template_workbook("zh")


def test_as_it_is_written_only_the_examples_are_left_out(tmp_path):
    write_new_protocol(tmp_path, KINDS, KIND_NAMES, "both")

    issues = check_study(tmp_path).issues

    assert {issue.rule for issue in issues} == {"row_is_example", "table_empty", "table_without_rows"}
    assert {issue.row for issue in issues if issue.rule == "row_is_example"} <= {3, 4}


@pytest.mark.parametrize(
    "language",
    [one if one == "both" else pytest.param(one, marks=pytest.mark.slow) for one in LANGUAGES],
)
def test_filled_in_it_is_read_as_the_same_tables(tmp_path, language):
    write_new_protocol(tmp_path, KINDS, KIND_NAMES, language)
    few = _few(tmp_path / "few")
    _fill(tmp_path / TEMPLATE_FILE, few, language)

    given, filled = check_study(few), check_study(tmp_path)

    assert {issue.rule for issue in filled.issues} == {"row_is_example"}
    for name in FIRST_SHEETS:
        ours, theirs = (getattr(found.tables, name).drop("source", "source_row") for found in (filled, given))
        shared = [column for column in ours.columns if column in theirs.columns]
        assert ours.select(shared).equals(theirs.select(shared)), name
        assert ours.height


def _few(folder: Path) -> Path:
    """The first 45 patients of the small study."""
    folder.mkdir()
    shutil.copy(SMALL / "study.yaml", folder)
    patients = pl.read_csv(SMALL / "patients.csv", infer_schema=False).head(45)
    for name in FIRST_SHEETS:
        frame = pl.read_csv(SMALL / f"{name}.csv", infer_schema=False)
        frame.join(patients, on="patient_id", how="semi", maintain_order="left").write_csv(
            folder / f"{name}.csv"
        )
    return folder


def _fill(path: Path, folder: Path, language: BookLanguage) -> None:
    """The rows of csv files below the examples, with numbers and dates as cells and levels in words of the drop-downs."""
    workbook = openpyxl.load_workbook(path)
    for name in FIRST_SHEETS:
        table, sheet = TABLES[name], workbook[sheet_title(TABLES[name], language)]
        frame = pl.read_csv(folder / f"{name}.csv", infer_schema=False)
        row = HEADER_ROW + 1
        while sheet.cell(row, 1).value:
            row += 1
        for n, record in enumerate(frame.iter_rows(named=True), row):
            for at, column in enumerate(table.columns, 1):
                if (text := record.get(column.name)) is not None:
                    filled = sheet.cell(n, at)
                    assert isinstance(filled, Cell)
                    filled.value = _cell(column, text, language)
    workbook.save(path)


def _cell(column, text, language):
    if column.kind == "date":
        return dt.datetime.fromisoformat(text)
    if column.kind in {"number", "integer"}:
        return float(text)
    if column.kind == "level":
        return next(word for word in choices(column, language) if read_level(column, str(word)) == text)
    return text


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="there is no LibreOffice here")
def test_an_office_program_opens_it(tmp_path):
    (tmp_path / "a.xlsx").write_bytes(template_workbook("both"))
    command = [
        "soffice",
        f"-env:UserInstallation={(tmp_path / 'home').as_uri()}",
        "--headless",
        "--convert-to",
        "csv",
        "a.xlsx",
    ]

    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)

    assert "Oligoscope" in (tmp_path / "a.csv").read_text("utf-8", errors="replace")

"""Files to raw cells: csv and xlsx as people write them, and files that are none."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime

import openpyxl
import polars as pl
import pytest

from oligoscope.intake.files import xlsx_reader
from oligoscope.intake.files.csv_reader import read_csv
from oligoscope.intake.files.raw_table import EXCESS, ROW
from oligoscope.intake.files.sheet import UnreadableError
from oligoscope.intake.files.xlsx_reader import XlsxWorkbook
from oligoscope.intake.readers import read_tables
from oligoscope.study.protocol import Protocol

CHINESE = "患者编号,分期\nP1,Ⅳ\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_is_read_in_the_encodings_that_people_save(encoding):
    sheet = read_csv(CHINESE.encode(encoding))

    assert sheet.headers == ("患者编号", "分期")
    assert sheet.frame["分期"].to_list() == ["Ⅳ"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found_in_the_header(delimiter):
    sheet = read_csv(delimiter.join(["a", '"b,c;d"', "e"]).encode() + b"\n" + delimiter.join("123").encode())

    assert sheet.headers == ("a", "b,c;d", "e")


def test_excels_own_note_of_the_delimiter_is_no_header():
    sheet = read_csv(b"sep=;\r\na;b\r\n1;2\r\n")

    assert sheet.headers == ("a", "b")
    assert sheet.frame[ROW].to_list() == [3]


def test_blank_rows_are_dropped_and_the_others_keep_their_numbers():
    sheet = read_csv(b"a,b\n1,2\n\n , \n3,4\n")

    assert sheet.frame.select("a", ROW).rows() == [("1", 2), ("3", 5)]


def test_a_cell_with_a_line_break_is_one_row_as_in_a_spreadsheet():
    sheet = read_csv(b'a,b\n"x\ny",1\nz,2\n')

    assert sheet.frame[ROW].to_list() == [2, 3]


def test_rows_shorter_or_longer_than_the_header_keep_their_shape_known():
    sheet = read_csv(b"a,b\n1\n1,2,3\n1,2,\n")

    assert sheet.frame["b"].to_list() == [None, "2", "2"]
    assert sheet.frame[EXCESS].to_list() == [None, "3", None]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"\n\n", "no content"),
        (b'a,b\n"open,1\n2,3\n', "never closed"),
        (b'a,b\n"x"y,1\n', "stray quote"),
        (b"\xff\xfea", "save it as CSV UTF-8"),
        (b"a,b\n\x00\x01,2", "save it as CSV UTF-8"),
        (b"a,b\n\xff\xff\xff,2", "save it as CSV UTF-8"),
    ],
)
def test_a_broken_csv_says_why(raw, said):
    with pytest.raises(UnreadableError, match=re.escape(said)):
        read_csv(raw)


def test_a_workbook_keeps_row_numbers_and_writes_values_as_text(workbook):
    cells = [
        ["id", "n", "share", "on", "yes", "text"],
        [1001, 28.7, 0.5, datetime(2020, 3, 4), True, " x "],
        [None] * 6,
        [1002.0, 3, 1, datetime(2020, 3, 4, 10, 30), False, "#DIV/0!"],
    ]
    raw = workbook("b.xlsx", {"S": cells})
    book = openpyxl.load_workbook(io.BytesIO(raw))
    book["S"]["C2"].number_format = "0%"
    book.save(buffer := io.BytesIO())

    _, sheet = XlsxWorkbook.opened(buffer.getvalue()).sheet(None, ("patients",))

    assert sheet.frame.select(ROW, *sheet.headers).rows() == [
        (2, "1001", "28.7", "50%", "2020-03-04", "true", " x "),
        (4, "1002", "3", "1", "2020-03-04 10:30:00", "false", "#DIV/0!"),
    ]


def test_a_formula_never_calculated_is_kept_as_its_text_and_an_empty_result_is_blank(workbook):
    raw = workbook("b.xlsx", {"S": [["a", "b", "c"], [1, "=A2*2", '=IF(A2=1,"","x")']]})
    given = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(given, "w") as new:
        for name in old.namelist():  # as Excel saves the empty result of a text formula
            new.writestr(name, old.read(name).replace(b'<c r="C2">', b'<c r="C2" t="str">'))

    _, sheet = XlsxWorkbook.opened(given.getvalue()).sheet(None, ("patients",))

    assert sheet.frame.select("a", "b", "c").rows() == [("1", "=A2*2", None)]


SHEETS = {"Patients": [["a"], [1]], "测量": [["b"], [2]], "other": [["c"], [3]]}


@pytest.mark.parametrize(
    ("wanted", "names", "title"),
    [
        ("other", ("patients",), "other"),
        (None, ("patients", "患者"), "Patients"),
        (None, ("measurements", "测量"), "测量"),
    ],
)
def test_the_sheet_is_the_named_one_or_the_one_named_as_the_table(workbook, wanted, names, title):
    assert XlsxWorkbook.opened(workbook("b.xlsx", SHEETS)).sheet(wanted, names)[0] == title


def test_a_sheet_that_cannot_be_determined_is_asked_for(workbook):
    raw = workbook("b.xlsx", SHEETS)
    with pytest.raises(UnreadableError, match="several sheets \\(Patients, 测量, other\\)"):
        XlsxWorkbook.opened(raw).sheet(None, ("lesions", "病灶"))
    with pytest.raises(UnreadableError, match="no sheet lesions"):
        XlsxWorkbook.opened(raw).sheet("lesions", ("lesions",))


def test_a_workbook_with_one_sheet_needs_no_name(workbook):
    assert (
        XlsxWorkbook.opened(workbook("b.xlsx", {"Sheet1": [["a"], [1]]})).sheet(None, ("lesions",))[0]
        == "Sheet1"
    )


def test_csv_and_xlsx_of_one_study_give_the_same_tables(check, workbook, folder, rows):
    plain = check()
    for name in ("patients", "lesions", "measurements"):
        text = [line.split(",") for line in (folder / f"{name}.csv").read_text("utf-8").splitlines()]
        cells = [[_typed(cell) for cell in line] for line in text]
        workbook(f"{name}.xlsx", {name: cells})
    files = {name: {"files": [f"{name}.xlsx"]} for name in ("patients", "lesions", "measurements")}

    booked = check(sources=files)

    assert booked.issues.items == ()
    for name in files:
        ours, theirs = getattr(plain.tables, name), getattr(booked.tables, name)
        assert ours.drop("source").equals(theirs.drop("source"))
        assert theirs["source"].unique().to_list() == [f"{name}.xlsx [{name}]"]


def _typed(cell):
    if re.fullmatch(r"\d{4}-\d\d-\d\d", cell):
        return datetime.fromisoformat(cell)
    return float(cell) if re.fullmatch(r"\d+(\.\d+)?", cell) else cell or None


# ---- files that cannot be read: an error each, and nothing else breaks ---------------------------------


def test_a_missing_file_is_an_error_that_names_it(check):
    checked = check(sources={"lesions": {"files": ["nowhere.csv"]}})

    assert checked.found("file_unreadable") == [("nowhere.csv", None, "", None)]
    assert checked.tables.patients.height == 0


def test_a_directory_in_place_of_a_file_is_an_error(check, folder):
    (folder / "lesions.csv").unlink()
    (folder / "lesions.csv").mkdir()

    assert "it is a folder, not a file" in check().issues.message("en")


@pytest.mark.parametrize(
    ("name", "raw", "said"),
    [
        ("p.csv", b"", "it is empty (0 bytes)"),
        ("p.xlsx", b"", "it is empty (0 bytes)"),
        ("p.xlsx", b"PK\x03\x04 broken", "not a valid xlsx workbook"),
        ("p.xlsx", b"a,b\n1,2\n", "not a valid xlsx workbook"),
        ("p.xls", b"\xd0\xcf\x11\xe0\xa1\xb1", "not a sound xls workbook, or it has a password"),
        ("p.csv", b"\n \n", "it has no content"),
    ],
)
def test_a_file_that_is_none_is_an_error_that_says_why(check, folder, name, raw, said):
    (folder / name).write_bytes(raw)

    checked = check(sources={"patients": {"files": [name]}})

    assert [i.rule for i in checked.issues.errors] == ["file_unreadable"]
    assert said in checked.issues.message("en")


def test_several_files_are_one_table_and_rows_say_which(check, folder):
    (folder / "more.csv").write_text("patient_id,treatment_started_on\nP3,2020-05-01\n", encoding="utf-8")

    checked = check(sources={"patients": {"files": ["patients.csv", "more.csv"]}})

    assert checked.tables.patients.select("patient_id", "source", "source_row").rows() == [
        ("P1", "patients.csv", 2),
        ("P2", "patients.csv", 3),
        ("P3", "more.csv", 2),
    ]


def test_where_reads_only_some_rows(check):
    checked = check(
        patients="""
            patient_id | treatment_started_on | screened
            P1         | 2020-01-10           | Yes
            P2         | 2020-02-10           | yes
            P3         | 2020-02-10           | No
        """,
        sources={"patients": {"where": {"SCREENED": ("YES",)}}},
    )

    assert checked.column("patients", "patient_id") == ["P1", "P2"]


def test_columns_are_joined_from_another_file_by_patient(check, folder):
    (folder / "death.csv").write_text("ID,DEAD\nP2,2020-13-40\nP9,2020-01-01\n", encoding="utf-8")

    checked = check(
        patients="patient_id | treatment_started_on\nP1 | 2020-01-10\nP2 | 2020-02-10\n",
        sources={"patients": {"join": [{"file": "death.csv", "key": "ID", "columns": {"died_on": "DEAD"}}]}},
    )

    assert checked.found("value_unreadable") == [("death.csv", 2, "DEAD", "2020-13-40")]
    assert [i.patient_id for i in checked.issues if i.rule == "join_unknown_patient"] == ["P9"]
    assert checked.column("patients", "patient_id") == ["P1"]


def test_dates_of_a_joined_workbook_count_from_its_own_day_zero(check, workbook, folder):
    workbook("death.xlsx", {"S": [["ID", "DEAD"], ["P2", 44197], ["P1", 99999]]})

    checked = check(
        patients="patient_id | treatment_started_on\nP1 | 2020-01-10\nP2 | 2020-02-10\n",
        sources={
            "patients": {"join": [{"file": "death.xlsx", "key": "ID", "columns": {"died_on": "DEAD"}}]},
        },
    )

    assert checked.found("value_out_of_range") == [("death.xlsx [S]", 3, "DEAD", "99999")]
    assert [day.isoformat() for day in checked.column("patients", "died_on")] == ["2021-01-01"]


def test_a_joined_file_that_contradicts_itself_takes_the_patient_out(check, folder):
    (folder / "death.csv").write_text(
        "ID,DEAD\nP1,2021-01-01\nP1,2021-01-01\nP2,2021-01-01\nP2,2021-02-01\n", encoding="utf-8"
    )

    checked = check(
        patients="patient_id | treatment_started_on\nP1 | 2020-01-10\nP2 | 2020-02-10\n",
        sources={"patients": {"join": [{"file": "death.csv", "key": "ID", "columns": {"died_on": "DEAD"}}]}},
    )

    assert [row for _, row, _, _ in checked.found("join_conflict")] == [4, 5]
    assert checked.column("patients", "patient_id") == ["P1"]
    assert checked.column("patients", "died_on")[0].isoformat() == "2021-01-01"


def test_a_join_names_the_column_that_the_file_lacks(check, folder):
    (folder / "death.csv").write_text("ID,DIED\nP1,2021-01-01\n", encoding="utf-8")

    checked = check(
        sources={
            "patients": {"join": [{"file": "death.csv", "key": "SUBJECT", "columns": {"died_on": "DEAD"}}]}
        }
    )

    assert checked.found("column_missing") == [
        ("death.csv", 1, "DEAD", None),
        ("death.csv", 1, "SUBJECT", None),
    ]


def test_third_party_lesion_data_are_read_whole(shared_path):
    """7,686 third-party rows: counts as in the files."""
    raw = read_csv(shared_path("data", "torivumab_nsclc", "raw", "tumor_measurements.csv").read_bytes())

    assert raw.frame.height == 7686
    assert raw.frame.filter(pl.col("NEW_LESION") == "Y").height == 38


def test_a_workbook_is_opened_once_and_each_sheet_read_once(tmp_path, monkeypatch):
    """Whatever tables are made from it: a second opening checks all parts again."""
    book = openpyxl.Workbook()
    for table, cells in (("patients", "P1"), ("lesions", "P1"), ("measurements", "P1"), ("treatments", "P1")):
        sheet = book.create_sheet(table)
        sheet.append(["patient_id", "x"])
        sheet.append([cells, "1"])
    book.save(tmp_path / "study.xlsx")
    opened, parsed = [], []
    check, rows = xlsx_reader.check_package, xlsx_reader._rows
    monkeypatch.setattr(xlsx_reader, "check_package", lambda *a: opened.append(1) or check(*a))
    monkeypatch.setattr(
        xlsx_reader, "_rows", lambda book, place, *a: parsed.append(place.title) or rows(book, place, *a)
    )
    tables = ("patients", "lesions", "measurements", "treatments")
    protocol = Protocol.model_validate(
        {"study": {}, "data": {table: {"files": ["study.xlsx"]} for table in tables}}
    )
    read = read_tables(protocol, tmp_path)

    assert {name: table.frame.height for name, table in read.items()} == dict.fromkeys(tables, 1)
    assert (opened, sorted(parsed)) == ([1], sorted(tables))


def test_a_value_merged_over_columns_is_read_in_the_first_and_said(tmp_path):
    """Whether it is meant for the second is not known; a merged title above the header is no cell."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet("patients")
    for row in (
        ["登记表", None, None],
        ["patient_id", "sex", "smoking"],
        ["P1", "male", None],
        ["P2", "male", "ever"],
    ):
        sheet.append(row)
    sheet.merge_cells("A1:C1")
    sheet.merge_cells("B3:C3")
    book.save(tmp_path / "p.xlsx")
    protocol = Protocol.model_validate({"study": {}, "data": {"patients": {"files": ["p.xlsx"]}}})
    raw = read_tables(protocol, tmp_path)["patients"]

    assert raw.frame.select("patient_id", "sex", "smoking").rows() == [
        ("P1", "male", None),
        ("P2", "male", "ever"),
    ]
    found = [(i.row, i.value) for i in raw.problems if i.rule == "cells_filled"]
    assert found == [(3, "male")]

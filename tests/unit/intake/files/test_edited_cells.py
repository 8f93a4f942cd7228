"""Cells that are corrected: the new value is read, and nothing else of the file has changed."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Font, PatternFill

from oligoscope.intake.files.edited_cells import Address, NotEditableError, address_of
from oligoscope.intake.files.edited_csv import TextCells
from oligoscope.intake.files.edited_xlsx import edited_xlsx, has_formulas


def workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Scans & more"
    sheet.append(["Pt", "Size", "On", "Twice"])
    sheet.append(["P1", 12.5, datetime(2024, 5, 1), "=B2*2"])
    sheet.append(["P2", None, datetime(2024, 6, 1), "=B3*2"])
    sheet["B2"].fill, sheet["B2"].font = PatternFill("solid", fgColor="FFFF0000"), Font(bold=True)
    book.create_sheet("Other").append(["x"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def reopened(raw: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(raw))["Scans & more"]


def test_cells_of_a_workbook_are_written_in_their_own_format():
    """A number, a date as the serial that its format asks for, a word, and a cell that was blank."""
    at = {"B2": "41", "C2": "2024-05-09", "A3": "P<2>", "B3": "7.5"}
    changes = {address: new for text, new in at.items() if (address := address_of(text)) is not None}

    sheet = reopened(edited_xlsx(workbook(), {"Scans & more": changes}))

    assert (sheet["B2"].value, sheet["A3"].value, sheet["B3"].value) == (41, "P<2>", 7.5)
    assert sheet["C2"].value == datetime(2024, 5, 9)
    assert sheet["C2"].is_date
    assert sheet["B2"].font.bold
    assert sheet["B2"].fill.fgColor.rgb == "FFFF0000"
    assert sheet["D2"].value == "=B2*2"


def test_a_cell_is_emptied():
    sheet = reopened(edited_xlsx(workbook(), {"Scans & more": {Address(2, 2): ""}}))

    assert sheet["B2"].value is None
    assert sheet["B2"].font.bold


def test_all_other_parts_of_a_workbook_stay_byte_for_byte():
    raw = workbook()
    edited = edited_xlsx(raw, {"Scans & more": {Address(2, 1): "P9"}})

    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(io.BytesIO(edited)) as new:
        differing = [name for name in old.namelist() if old.read(name) != new.read(name)]
        assert old.namelist() == new.namelist()
        assert differing == ["xl/worksheets/sheet1.xml"]


@pytest.mark.parametrize(("at", "sheet"), [("D2", "Scans & more"), ("A99", "Scans & more"), ("A1", "None")])
def test_a_formula_a_row_or_a_sheet_that_is_not_there_is_refused(at, sheet):
    address = address_of(at)
    assert address is not None

    with pytest.raises(NotEditableError):
        edited_xlsx(workbook(), {sheet: {address: "1"}})


def test_a_workbook_with_formulas_is_known():
    assert has_formulas(workbook())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_cell_of_text_changes_and_every_other_sign_stays(encoding, end):
    text = end.join(['编号;大小;"备注"', 'P1;"1;2";"多行\n文字"', "P2; -8 ;肝", ""])
    raw = text.encode(encoding)
    cells = TextCells.of(raw)
    at = cells.address(3, "大小", "-8")
    assert at is not None
    assert at == Address(3, 2)
    assert cells.value(at) == " -8 "

    assert cells.edited({at: "8;0"}) == text.replace(" -8 ", '"8;0"').encode(encoding)


def test_of_columns_with_one_name_the_one_with_the_value_is_meant():
    cells = TextCells.of(b"id,x,x\n1,a,b\n")

    assert cells.address(2, "x", "b") == Address(2, 3)


def test_text_that_its_encoding_cannot_hold_is_refused():
    raw = "id,organ\n1,f\u00e9mur\n2,f\u00e9mur \u00e9t\u00e9\n".encode("cp1252")

    with pytest.raises(NotEditableError, match="cp1252"):
        TextCells.of(raw, "cp1252").edited({Address(2, 2): "肝"})


def test_addresses():
    assert [str(Address(1, n)) for n in (1, 26, 27, 703)] == ["A1", "Z1", "AA1", "AAA1"]
    assert address_of("AA10") == Address(10, 27)
    assert address_of("10") is None

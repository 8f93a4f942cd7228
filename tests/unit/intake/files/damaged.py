"""Whole files of every format, small enough for every byte to matter, and what damage does to bytes."""

from __future__ import annotations

import io
import random
import re
import tempfile
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import xlsxwriter

from oligoscope.intake.files.csv_reader import read_csv
from oligoscope.intake.files.parquet_sheet import read_parquet_sheet
from oligoscope.intake.files.xlsx_reader import XlsxWorkbook
from oligoscope.intake.sdtm.sdtm_xpt import read_xpt

SHEET = "xl/worksheets/sheet1.xml"
XPT = Path(__file__).parents[1] / "sdtm" / "data" / "tr.xpt"


def csv_bytes() -> bytes:
    return "患者编号,diameter_mm\nP1,41.0\nP2,28.7\n".encode()


def xlsx_bytes(rows: int = 30) -> bytes:
    """One sheet, `patients`: a text, a number, a date and a percentage a row."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        day, part = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "0%"})
        sheet = book.add_worksheet("patients")
        sheet.write_row(0, 0, ["patient_id", "diameter_mm", "assessed_on", "part"])
        for i in range(1, rows + 1):
            sheet.write(i, 0, f"P{i}")
            sheet.write(i, 1, 20.5 + i)
            sheet.write(i, 2, date(2020, 1, 1 + i % 28).toordinal() - date(1899, 12, 30).toordinal(), day)
            sheet.write(i, 3, 0.5, part)
    return target.getvalue()


def parquet_bytes(rows: int = 40) -> bytes:
    target = io.BytesIO()
    pl.DataFrame({
        "patient_id": [f"P{i // 4}" for i in range(rows)],
        "diameter_mm": [20.5 + i for i in range(rows)],
        "assessed_on": [date(2020, 1, 1 + i % 28) for i in range(rows)],
    }).write_parquet(target)  # fmt: skip
    return target.getvalue()


def read_parquet_bytes(raw: bytes) -> object:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.parquet"
        path.write_bytes(raw)
        return read_parquet_sheet(path, "t.parquet")


WHOLE: dict[str, bytes] = {
    "csv": csv_bytes(), "xlsx": xlsx_bytes(), "parquet": parquet_bytes(), "xpt": XPT.read_bytes(),
}  # fmt: skip
READ: dict[str, Callable[[bytes], object]] = {
    "csv": read_csv,
    "xlsx": lambda raw: XlsxWorkbook.opened(raw).sheet(None, ("patients",)),
    "parquet": read_parquet_bytes,
    "xpt": read_xpt,
}


def with_part(raw: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """A workbook with one part changed, its check sums right."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info)
            new.writestr(info.filename, change(content) if info.filename == name else content)
    return target.getvalue()


def with_sheet(old: str, new: str) -> bytes:
    """The workbook with the first match of a pattern in its sheet replaced."""

    def change(content: bytes) -> bytes:
        text, n = re.subn(old, new, content.decode(), count=1)
        assert n
        return text.encode()

    return with_part(WHOLE["xlsx"], SHEET, change)


def spoiled(raw: bytes, draw: random.Random) -> bytes:
    """Bytes flipped, changed, cut, put in or made zero."""
    found, at = bytearray(raw), draw.randrange(len(raw))
    match draw.randrange(7):
        case 0:
            found[at] ^= 1 << draw.randrange(8)
        case 1:
            found[at] = draw.randrange(256)
        case 2:
            for _ in range(draw.randrange(2, 20)):
                found[draw.randrange(len(found))] = draw.randrange(256)
        case 3:
            del found[at:]
        case 4:
            del found[at : at + draw.randrange(1, 50)]
        case 5:
            found[at:at] = draw.randbytes(draw.randrange(1, 20))
        case _:
            length = min(draw.randrange(1, 100), len(found) - at)
            found[at : at + length] = bytes(length)
    return bytes(found)

"""Workbooks, read with openpyxl: it keeps coordinates, error cells and formulas apart.

Faster readers drop blank rows (row numbers shift) and turn `#DIV/0!` into nothing.
"""

from __future__ import annotations

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from oligoscope.bilingual import Text
from oligoscope.intake.files.cells import plain
from oligoscope.intake.files.sheet import Cells, Sheet, UnreadableError, sheet_of_rows

NOT_A_WORKBOOK = Text(
    "不是有效的 xlsx 工作簿。请重新保存。", "it is not a valid xlsx workbook; save it again"
)
_BROKEN = (
    zipfile.BadZipFile,
    InvalidFileException,
    KeyError,
    ValueError,
    OSError,
    EOFError,
    TypeError,
    SyntaxError,
)


# ISO/IEC 29500: the names of a Strict workbook, and those of a Transitional one.
_STRICT = b"http://purl.oclc.org/ooxml/"
_USUAL = b"http://schemas.openxmlformats.org/"
_NAMESPACES = tuple(
    (_STRICT + strict, _USUAL + usual)
    for strict, usual in (
        (b"spreadsheetml/main", b"spreadsheetml/2006/main"),
        (b"drawingml/main", b"drawingml/2006/main"),
        (b"officeDocument/relationships", b"officeDocument/2006/relationships"),
        (b"officeDocument/extendedProperties", b"officeDocument/2006/extended-properties"),
        (b"officeDocument/customProperties", b"officeDocument/2006/custom-properties"),
        (b"officeDocument/docPropsVTypes", b"officeDocument/2006/docPropsVTypes"),
    )
)


def read_xlsx(raw: bytes, wanted: str | None, names: tuple[str, ...]) -> tuple[str, Sheet]:
    """Read one sheet as text; an error or a formula never calculated stays as it is written (`#DIV/0!`, `=A1*2`).

    Args:
        raw: The file.
        wanted: The sheet named in study.yaml.
        names: The table's names: without `wanted`, the sheet of one of them is taken, else the only sheet.

    Returns:
        The sheet's title, and its cells.

    Raises:
        UnreadableError: Not a workbook, no such sheet, or an empty one.
    """
    raw = _transitional(raw)
    values = _open(raw, data_only=True)
    title = _choose(values.sheetnames, wanted, names)
    formulas = _formulas(raw, title) if _has_formulas(raw) else {}
    rows = _rows(values[title], formulas)
    return title, sheet_of_rows(rows, day_zero=values.epoch)


def _open(raw: bytes, *, data_only: bool) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl's remarks on styles and validations
            return openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=data_only)
    except _BROKEN:
        raise UnreadableError(NOT_A_WORKBOOK) from None


def _transitional(raw: bytes) -> bytes:
    """A Strict Open XML workbook with the namespaces of a Transitional one, the only ones openpyxl knows."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as parts:
            if _STRICT not in parts.read("xl/workbook.xml"):
                return raw
            renamed = io.BytesIO()
            with zipfile.ZipFile(renamed, "w", zipfile.ZIP_DEFLATED) as out:
                for info in parts.infolist():
                    content = parts.read(info)
                    is_xml = info.filename.endswith((".xml", ".rels"))
                    out.writestr(info.filename, _renamed(content) if is_xml else content)
            return renamed.getvalue()
    except (*_BROKEN, zlib.error):
        return raw  # openpyxl will report what is wrong with it


def _renamed(xml: bytes) -> bytes:
    for strict, usual in _NAMESPACES:
        xml = xml.replace(strict, usual)
    return xml


def _choose(titles: list[str], wanted: str | None, names: tuple[str, ...]) -> str:
    for name in (wanted,) if wanted is not None else names:
        found = next((title for title in titles if plain(title) == plain(name)), None)
        if found is not None:
            return found
    if wanted is None and len(titles) == 1:
        return titles[0]
    listed = ", ".join(titles)
    if wanted is not None:
        raise UnreadableError(Text(
            f"没有工作表 {wanted}（现有：{listed}）。", f"it has no sheet {wanted} (its sheets are: {listed})",
        ))  # fmt: skip
    raise UnreadableError(Text(
        f"有多个工作表（{listed}）；请在 study.yaml 用 sheet 写明其中一个。",
        f"it has several sheets ({listed}); name one of them as `sheet` in study.yaml",
    ))  # fmt: skip


def _rows(sheet: Any, formulas: dict[tuple[int, int], str]) -> Iterator[tuple[int, Cells]]:
    sheet.reset_dimensions()  # the size written in the file may be wrong
    try:
        for number, cells in enumerate(sheet.iter_rows(), 1):
            texts = [_text(cell) for cell in cells]
            for at, cell in enumerate(cells) if formulas else ():
                # A formula with the result "" is of type str; one without type and value was never calculated.
                if texts[at] is None and getattr(cell, "data_type", "") != "str":
                    texts[at] = formulas.get((number, at))
            yield number, texts
    except _BROKEN:
        raise UnreadableError(
            Text("工作表已损坏。请重新保存。", "the sheet is damaged; save the workbook again")
        ) from None


def _text(cell: Any) -> str | None:
    value = cell.value
    if value is None:
        return None
    if isinstance(value, str):
        return value.encode("utf-8", "ignore").decode("utf-8")  # without lone halves of UTF-16 pairs
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number_text(value, cell.number_format)
    return _date_text(value)


def _number_text(value: float, number_format: str | None) -> str:
    """The shortest decimal that is the stored number; a cell shown as 50 % holds 0.5 and reads 50%."""
    number = Decimal(repr(value))
    if number_format and "%" in number_format:
        return f"{(number * 100).normalize():f}%"
    return f"{number.to_integral_value():f}" if number == number.to_integral_value() else f"{number:f}"


def _date_text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _has_formulas(raw: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(raw)) as parts:
        sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/")]
        return any(b"<f>" in (part := parts.read(name)) or b"<f " in part for name in sheets)


def _formulas(raw: bytes, title: str) -> dict[tuple[int, int], str]:
    """Formulas by row (from 1) and column (from 0)."""
    sheet = _open(raw, data_only=False)[title]
    sheet.reset_dimensions()
    return {
        (number, at): str(cell.value)
        for number, cells in enumerate(sheet.iter_rows(), 1)
        for at, cell in enumerate(cells)
        if getattr(cell, "data_type", "") == "f"
    }

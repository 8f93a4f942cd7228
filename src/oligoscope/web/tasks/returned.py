"""A coloured copy that comes back: which cells of it differ from the study's own file."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final

import openpyxl

from oligoscope.bilingual import Text
from oligoscope.intake.files.edited_cells import Address, NotEditableError
from oligoscope.intake.files.edited_csv import TextCells
from oligoscope.intake.files.sheet import USUAL
from oligoscope.intake.files.xlsx_package import check_package

MOST: Final = 5_000  # cells that one copy may change
_MOVED = Text(
    "副本中增删了行。请在您自己的文件中增删，再从“文件”页上传。",
    "rows were added to the copy or taken out of it; do that in your own file, and upload it on the page Files",
)
_OTHER = Text(
    "这不是该文件的标注副本：没有相同的工作表。",
    "it is no marked copy of this file: it has none of its sheets",
)
_MANY = Text(
    "副本与原文件的差别过多，可能不是同一文件。", "the copy differs in too many cells to be of the same file"
)


def changes_in_copy(source: str, own: bytes, copy: bytes, cells: TextCells | None) -> list[dict[str, Any]]:
    """Every cell that the user has changed in the copy, as corrections of their own file.

    Args:
        source: The file.
        own: As it is now.
        copy: The marked copy that came back; its colours, comments and added sheets are no changes.
        cells: Of a text file, its cells.

    Raises:
        NotEditableError: The copy is of another file, or rows were moved.
        UnreadableError: It is no workbook that would be read.
    """
    check_package(copy, USUAL)
    returned = openpyxl.load_workbook(io.BytesIO(copy))
    found: list[dict[str, Any]]
    if cells is not None:
        found = list(_of_text(source, cells, returned.worksheets[0]))
    else:
        book = openpyxl.load_workbook(io.BytesIO(own))
        titles = [t for t in book.sheetnames if t in returned.sheetnames]
        if not titles:
            raise NotEditableError(_OTHER)
        found = [one for title in titles for one in _of_sheet(source, title, book[title], returned[title])]
    if len(found) > MOST:
        raise NotEditableError(_MANY)
    return found


def _of_sheet(source: str, title: str, own: Any, returned: Any) -> Iterator[dict[str, Any]]:
    before, after = _values(own), _values(returned)
    if _n_rows(before) != _n_rows(after):
        raise NotEditableError(_MOVED)
    for at in sorted(before.keys() | after.keys()):
        if before.get(at, "") != after.get(at, ""):
            yield {"source": f"{source} [{title}]", "cell": str(at), "after": after.get(at, "")}


def _of_text(source: str, cells: TextCells, returned: Any) -> Iterator[dict[str, Any]]:
    """Columns are known again by their header: a copy leaves out those that were not read."""
    after = _values(returned)
    heads = (
        {at.column: text for at, text in after.items() if at.row == min(a.row for a in after)}
        if after
        else {}
    )
    rows = {at.row for at in after} - {min((a.row for a in after), default=0)}
    if not heads or max(rows, default=0) > len(cells.records) + cells.first - 1:
        raise NotEditableError(_MOVED)
    columns: dict[int, int] = {}
    for column, name in heads.items():
        place = cells.address(min(rows, default=2), name, None)
        if place is not None:
            columns[column] = place.column
    if not columns:
        raise NotEditableError(_OTHER)
    for row in sorted(rows):
        for column, there in columns.items():
            before = (cells.value(Address(row, there)) or "").strip()
            now = after.get(Address(row, column), "")
            if before != now:
                yield {"source": source, "cell": str(Address(row, there)), "after": now}


def _values(sheet: Any) -> dict[Address, str]:
    return {
        Address(cell.row, cell.column): text
        for row in sheet.iter_rows()
        for cell in row
        if (text := cell_text(cell.value))
    }


def _n_rows(values: dict[Address, str]) -> int:
    return max((at.row for at in values), default=0)


def cell_text(value: object) -> str:
    """What a cell of a workbook holds, as it is compared and listed; days as ISO dates."""
    match value:
        case None:
            return ""
        case datetime() if (value.hour, value.minute, value.second) == (0, 0, 0):
            return value.date().isoformat()
        case datetime() | date():
            return value.isoformat()
        case float():
            return f"{value:.15g}"
        case _:
            return str(value).strip()

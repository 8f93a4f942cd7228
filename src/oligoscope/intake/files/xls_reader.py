"""Workbooks of Excel 97 to 2003, read with xlrd: it keeps rows, errors, dates and merged cells apart."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import islice
from typing import Any

import xlrd
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900
from xlrd.biffh import XLRDError

from oligoscope.bilingual import Text
from oligoscope.intake.files.guard import guarded
from oligoscope.intake.files.layout import HEAD, Wanted
from oligoscope.intake.files.merged_cells import Merged
from oligoscope.intake.files.shape import Merge
from oligoscope.intake.files.sheet import USUAL, Cells, Sheet, UnreadableError, beyond, sheet_of_rows
from oligoscope.intake.files.sheet_choice import Fit, choose_sheet, sheets_alike
from oligoscope.intake.files.xlsx_reader import date_text, number_text
from oligoscope.study.protocol import LimitSettings

_ENCRYPTED = Text(
    "工作簿有密码。请另存为不加密的 xlsx。", "the workbook has a password; save it as xlsx without one"
)
_BROKEN = Text(
    "不是完好的 xls 工作簿，或有密码。请另存为不加密的 xlsx。",
    "it is not a sound xls workbook, or it has a password; save it as xlsx without a password",
)


@dataclass
class XlsWorkbook:
    """A workbook that is open, as `XlsxWorkbook`; an error stays as it is shown (`#DIV/0!`).

    Attributes:
        limits: How large it may be.
    """

    limits: LimitSettings
    _book: Any
    _known: dict[tuple[str, Wanted | None], Sheet] = field(default_factory=dict)

    @classmethod
    def opened(cls, raw: bytes, limits: LimitSettings = USUAL) -> XlsWorkbook:
        """Open the file with these bytes.

        Raises:
            UnreadableError: Damaged, or with a password.
        """
        with guarded(_BROKEN):
            try:
                book = xlrd.open_workbook(
                    file_contents=raw,
                    logfile=io.StringIO(),
                    on_demand=True,
                    formatting_info=True,
                    ragged_rows=True,
                )
            except XLRDError as error:
                raise UnreadableError(_ENCRYPTED if "encrypted" in str(error) else _BROKEN) from error
            return cls(limits, book)

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles of its sheets, in order."""
        return tuple(self._book.sheet_names())

    def sheet(
        self,
        wanted: str | None,
        names: tuple[str, ...],
        shape: Wanted | None = None,
        fit: Fit | None = None,
    ) -> tuple[str, Sheet]:
        """Read one sheet as text, as `XlsxWorkbook.sheet` does.

        Raises:
            UnreadableError: Damaged, no such sheet, an empty one, or more than the limits allow.
        """
        book, limits = self._book, self.limits
        with guarded(_BROKEN):

            def headers(title: str) -> tuple[str, ...]:
                return self.headers(title, shape or Wanted())

            choice = choose_sheet(self.titles, wanted, names, headers, fit)
            sheet = self._known.get((choice.title, shape))
            if sheet is None:
                of_book = book.sheet_by_name(choice.title)
                day_zero = CALENDAR_MAC_1904 if book.datemode else CALENDAR_WINDOWS_1900
                rows = _rows(book, of_book, limits)
                sheet = sheet_of_rows(rows, day_zero, limits, shape, _merged(of_book))
                self._known[choice.title, shape] = sheet
            return choice.title, replace(sheet, shape=replace(sheet.shape, chosen=choice.why))

    def sheets_alike(self, shape: Wanted, fit: Fit) -> tuple[str, ...]:
        """The titles of the sheets that a table may be in parts of, as `XlsxWorkbook.sheets_alike`.

        Raises:
            UnreadableError: Damaged, or more than the limits allow.
        """
        return sheets_alike(self.titles, lambda title: self.headers(title, shape), fit)

    def headers(self, title: str, shape: Wanted) -> tuple[str, ...]:
        """The headers of one sheet, of which only the first rows are read.

        Raises:
            UnreadableError: Damaged or empty, or more than the limits allow.
        """
        with guarded(_BROKEN):
            rows = list(islice(_rows(self._book, self._book.sheet_by_name(title), self.limits), HEAD))
            return sheet_of_rows(rows, limits=self.limits, wanted=shape).headers


def _rows(book: Any, sheet: Any, limits: LimitSettings) -> Iterator[tuple[int, Cells]]:
    n = 0
    for at in range(sheet.nrows):
        cells = [_text(book, cell) for cell in sheet.row(at)]
        n += len(cells)
        if n > limits.cells:
            raise beyond("cells", limits.cells, Text(f"超过 {n:,} 个单元格", f"it has more than {n:,} cells"))
        yield at + 1, cells


def _merged(sheet: Any) -> Merged:
    """xlrd counts from 0 and names the first row and column after a block."""
    blocks: Sequence[Merge] = [
        Merge(top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells
    ]
    rows = sum(bool(info.hidden) for info in sheet.rowinfo_map.values())
    columns = sum(bool(info.hidden) for info in sheet.colinfo_map.values())
    return Merged(tuple(blocks), rows, columns, is_workbook=True)


def _text(book: Any, cell: Any) -> str | None:
    if cell.ctype in {xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK} or cell.value == "":
        return None
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "true" if cell.value else "false"
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(cell.value, "#VALUE!")
    if cell.ctype == xlrd.XL_CELL_DATE:
        return _date(book, cell.value)
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        style = book.format_map.get(book.xf_list[cell.xf_index].format_key)
        return number_text(cell.value, per_cent=style is not None and "%" in style.format_str)
    return str(cell.value).encode("utf-8", "ignore").decode("utf-8")


def _date(book: Any, value: float) -> str:
    """A number that is shown as a date; one of no day stays the number."""
    try:
        found = xlrd.xldate.xldate_as_datetime(value, book.datemode)
    except (ValueError, OverflowError):
        return number_text(value, per_cent=False)
    if value < 1:
        return found.time().isoformat()
    return date_text((found + timedelta(milliseconds=500)).replace(microsecond=0))

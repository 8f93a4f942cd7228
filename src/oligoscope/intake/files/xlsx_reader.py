"""Workbooks, read with openpyxl: it keeps coordinates, error cells and formulas apart.

Faster readers drop blank rows (row numbers shift) and turn `#DIV/0!` into nothing. The rows are taken from openpyxl's
parser of a sheet, not from its worksheet: that fills gaps between rows and cells however wide they are, and drops
rows and cells that are out of order, without a word.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from typing import Any

from openpyxl.cell.text import Text as StringItem
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.worksheet._reader import INLINE_STRING, WorkSheetParser
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from oligoscope.bilingual import Text
from oligoscope.intake.files.guard import guarded
from oligoscope.intake.files.layout import HEAD, Wanted
from oligoscope.intake.files.merged_cells import Merged, merged_in
from oligoscope.intake.files.sheet import USUAL, Cells, Sheet, UnreadableError, beyond, sheet_of_rows
from oligoscope.intake.files.sheet_choice import Fit, choose_sheet, sheets_alike
from oligoscope.intake.files.xlsx_package import NOT_A_WORKBOOK, check_package, transitional
from oligoscope.study.protocol import LimitSettings

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384  # of any workbook
_STRING_ITEM = f"{{{SHEET_MAIN_NS}}}si"
# A sign as Excel writes it where XML cannot hold it; text that looks so is written with `_x005F_` for its first line.
_ESCAPED = re.compile("(?:_x[0-9A-Fa-f]{4}_)+")  # ISO/IEC 29500-1, 22.9.2.19
_Cell = dict[str, Any]  # row, column, value, data_type, style_id


@dataclass
class XlsxWorkbook:
    """A workbook that is open: its parts are checked once, and each sheet is read once, whatever tables are made from it.

    Attributes:
        limits: How large it may be.
    """

    limits: LimitSettings
    _book: Any
    _has_formulas: bool
    _heads: dict[str, list[tuple[int, Cells]]] = field(default_factory=dict)
    _known: dict[tuple[str, Wanted | None], Sheet] = field(default_factory=dict)

    @classmethod
    def opened(cls, raw: bytes, limits: LimitSettings = USUAL) -> XlsxWorkbook:
        """Open the file with these bytes.

        Raises:
            UnreadableError: Not a workbook, or more than the limits allow.
        """
        with guarded(NOT_A_WORKBOOK):
            has_formulas = check_package(raw, limits)
            return cls(limits, _open(transitional(raw)), has_formulas)

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles of its sheets, in order."""
        return tuple(self._book.sheetnames)

    def sheet(
        self,
        wanted: str | None,
        names: tuple[str, ...],
        shape: Wanted | None = None,
        fit: Fit | None = None,
    ) -> tuple[str, Sheet]:
        """Read one sheet as text; an error or a formula never calculated stays as it is written (`#DIV/0!`, `=A1*2`).

        Args:
            wanted: The sheet named in study.yaml.
            names: The table's names: without `wanted`, the sheet of one of them is taken, else the only sheet, else the
                one that fits.
            shape: What the study states of its rows, and the headers it may have.
            fit: How well the headers of a sheet fit the table.

        Returns:
            The sheet's title, and its cells.

        Raises:
            UnreadableError: No such sheet, an empty or a damaged one, or more than the limits allow.
        """
        place = _Place("")
        with guarded(place.damaged):

            def headers(title: str) -> tuple[str, ...]:
                place.title = title
                return sheet_of_rows(self._head(place), limits=self.limits, wanted=shape or Wanted()).headers

            choice = choose_sheet(self.titles, wanted, names, headers, fit)
            place.title = choice.title
            sheet = self._known.get((choice.title, shape))
            if sheet is None:
                formulas = _formulas(self._book, place) if self._has_formulas else {}
                rows = _rows(self._book, place, formulas, self.limits)
                merged = _merged(self._book, place.title)
                sheet = sheet_of_rows(rows, self._book.epoch, self.limits, shape, merged)
                self._known[choice.title, shape] = sheet
            return choice.title, replace(sheet, shape=replace(sheet.shape, chosen=choice.why))

    def sheets_alike(self, shape: Wanted, fit: Fit) -> tuple[str, ...]:
        """The titles of the sheets that a table may be in parts of, by their headers.

        Raises:
            UnreadableError: A damaged sheet, or more than the limits allow.
        """
        return sheets_alike(self.titles, lambda title: self.headers(title, shape), fit)

    def headers(self, title: str, shape: Wanted) -> tuple[str, ...]:
        """The headers of one sheet, of which only the first rows are read.

        Raises:
            UnreadableError: An empty or a damaged sheet, or more than the limits allow.
        """
        place = _Place(title)
        with guarded(place.damaged):
            return sheet_of_rows(self._head(place), limits=self.limits, wanted=shape).headers

    def _head(self, place: _Place) -> list[tuple[int, Cells]]:
        if place.title not in self._heads:
            self._heads[place.title] = list(islice(_rows(self._book, place, {}, self.limits), HEAD))
        return self._heads[place.title]


def _merged(book: Any, title: str) -> Merged:
    with book[title]._get_source() as source:
        return merged_in(source.read())


@dataclass
class _Place:
    """How far a sheet was read."""

    title: str
    row: int = 0

    def damaged(self) -> Text:
        return Text(
            f"工作表 {self.title} 第 {self.row} 行之后已损坏。请重新保存。",
            f"the sheet {self.title} is damaged after row {self.row}; save the workbook again",
        )


class _Reader(ExcelReader):
    """Reads the texts that cells share as Excel shows them: openpyxl leaves the numbers of signs in them."""

    def read_strings(self) -> None:
        part = self.package.find(SHARED_STRINGS)
        if part is None:
            return
        with self.archive.open(part.PartName[1:]) as source:
            for _, node in iterparse(source):
                if node.tag == _STRING_ITEM:
                    self.shared_strings.append(_shown(node))
                    node.clear()


def _open(raw: bytes) -> Any:
    reader = _Reader(io.BytesIO(raw), read_only=True, data_only=True)
    reader.read()
    return reader.wb


def _shown(node: Any) -> str:
    """The text of a string item as Excel shows it, run by run, without the reading aid of East Asian scripts."""
    item: Any = StringItem.from_tree(node)
    return "".join(_unescaped(part) for part in (item.t, *(run.t for run in item.r)) if part)


def _unescaped(text: str) -> str:
    """`_x0041_` is A, and `_x005F_x0041_` the text `_x0041_`; two halves of a UTF-16 pair are one sign."""
    return _ESCAPED.sub(_signs, text) if "_x" in text else text


def _signs(found: re.Match[str]) -> str:
    halves = "".join(chr(int(number, 16)) for number in re.findall("_x(....)_", found[0]))
    return halves.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")


class _Parser(WorkSheetParser):
    """Reads the texts of a sheet's own cells in the same way."""

    def parse_cell(self, element: Any) -> _Cell:
        cell = super().parse_cell(element)
        if cell["data_type"] == "s" and isinstance(cell["value"], str):
            kind = element.get("t")
            if kind == "inlineStr":
                cell["value"] = _shown(element.find(INLINE_STRING))
            elif kind == "str":
                cell["value"] = _unescaped(cell["value"])
        return cell


class _Strings(list[str]):
    """The texts that cells refer to by number; a negative number is none of them."""

    def __getitem__(self, at: Any) -> Any:
        if at < 0:
            raise IndexError(at)
        return list.__getitem__(self, at)


def _parsed(book: Any, place: _Place, *, data_only: bool) -> Iterator[tuple[int, list[_Cell]]]:
    """The rows of a sheet that are written in the file, in order, each with its cells.

    Raises:
        UnreadableError: A row or a cell is out of order, or where no sheet has one.
    """
    sheet = book[place.title]
    with sheet._get_source() as source:
        parser = _Parser(
            source,
            _Strings(sheet._shared_strings),
            data_only=data_only,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        place.row = 0
        for number, cells in parser.parse():
            if not place.row < number <= LAST_ROW or not _in_order(number, cells):
                raise UnreadableError(place.damaged())
            place.row = number
            yield number, cells


def _in_order(number: int, cells: list[_Cell]) -> bool:
    at = 0
    for cell in cells:
        if cell["row"] != number or not at < cell["column"] <= LAST_COLUMN:
            return False
        at = cell["column"]
    return True


def _rows(
    book: Any, place: _Place, formulas: dict[tuple[int, int], str], limits: LimitSettings
) -> Iterator[tuple[int, Cells]]:
    formats, n = _Formats(book), None
    for number, cells in _parsed(book, place, data_only=True):
        texts: list[str | None] = []
        for cell in cells:
            text = _text(cell, formats)
            # A formula with the result "" is of type str; one without type and value was never calculated.
            if text is None and formulas and cell["data_type"] != "str":
                text = formulas.get((number, cell["column"]))
            if text is not None:
                texts += [None] * (cell["column"] - 1 - len(texts))
                texts.append(text)
        n = n + len(texts) if n is not None else 0 if texts else None  # the header is not counted
        if n is not None and n > limits.cells:
            raise beyond("cells", limits.cells, Text(f"超过 {n:,} 个单元格", f"it has more than {n:,} cells"))
        yield number, texts


@dataclass
class _Formats:
    """Which styles of a workbook show per cent."""

    book: Any
    _known: dict[int, bool] = field(default_factory=dict)

    def is_per_cent(self, style: int) -> bool:
        if style not in self._known:
            number = self.book._cell_styles[style].numFmtId
            own = number - BUILTIN_FORMATS_MAX_SIZE
            shown = BUILTIN_FORMATS.get(number) if own < 0 else self.book._number_formats[own]
            self._known[style] = "%" in (shown or "")
        return self._known[style]


def _text(cell: _Cell, formats: _Formats) -> str | None:
    value = cell["value"]
    if value is None:
        return None
    if isinstance(value, str):
        if value.isascii():
            return value
        return value.encode("utf-8", "ignore").decode("utf-8")  # without lone halves of UTF-16 pairs
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return number_text(value, per_cent=formats.is_per_cent(cell["style_id"]))
    return date_text(value)


def number_text(value: float, *, per_cent: bool) -> str:
    """The shortest decimal that is the stored number; a cell shown as 50 % holds 0.5 and reads 50%."""
    number = Decimal(repr(value))
    if per_cent:
        return f"{(number * 100).normalize():f}%"
    return f"{number.to_integral_value():f}" if number == number.to_integral_value() else f"{number:f}"


def date_text(value: Any) -> str:
    """An ISO day, with the time where it is not midnight."""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _formulas(book: Any, place: _Place) -> dict[tuple[int, int], str]:
    """Formulas by row and column, both from 1."""
    return {
        (number, cell["column"]): str(getattr(cell["value"], "text", cell["value"]))
        for number, cells in _parsed(book, place, data_only=False)
        for cell in cells
        if cell["data_type"] == "f"
    }

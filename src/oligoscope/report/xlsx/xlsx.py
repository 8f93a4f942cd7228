"""The tables of a report as a workbook: as printed, and beside it the stored values with their keys."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from math import ceil, isfinite
from types import MappingProxyType
from typing import Any

import xlsxwriter
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from oligoscope.bilingual import Language
from oligoscope.drawing.figure import SYNTHETIC as SYNTHETIC_MARK
from oligoscope.number_format import format_number, number_style
from oligoscope.plain_text import plain, spans, without_forbidden
from oligoscope.printing.blocks import Document, TableBlock
from oligoscope.printing.table import Cell, Key, Row, Table
from oligoscope.printing.whole_counts import is_count
from oligoscope.report.fixed_zip import fixed_zip
from oligoscope.report.labels import AFTER_NUMBER, APPENDIX_TABLE, CONTENTS, HOW_TO_READ, NOTE, STORED, TABLE
from oligoscope.results.results import Estimate, Results

# Text stays text: a cell that begins with = is not a formula, one that begins with http no link.
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}
_NO_TIME = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)  # a workbook must name one; the same every time


def write_xlsx(
    documents: Mapping[Language, Document],
    results: Results | None = None,
    styles: Mapping[Language, str] = MappingProxyType({}),
) -> bytes:
    """One workbook: contents, then a sheet for each table of each language.

    Args:
        documents: The report in each language that the workbook is to hold; a report made in a number
            style is given for that style's language.
        results: Where the printed numbers are stored; without it the sheets hold the printed form only.
        styles: Of the languages whose report was made in one.
    """
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, _OPTIONS)
    workbook.set_properties({"author": "Oligoscope", "created": _NO_TIME})
    formats = Formats(workbook)
    sheets: list[tuple[Language, str, str, Table]] = [
        (language, name, title, table)
        for language, document in documents.items()
        for name, title, table in named_tables(document, language)
    ]
    _write_contents(workbook, documents, formats, sheets)
    for language, name, title, table in sheets:
        mark = SYNTHETIC_MARK[language] if documents[language].synthetic else ""
        with number_style(styles.get(language)):
            SheetWriter(workbook.add_worksheet(name), formats, table, language, results).write(title, mark)
    workbook.close()
    return fixed_zip(buffer.getvalue(), _with_literal_signs)


def named_tables(document: Document, language: Language) -> list[tuple[str, str, Table]]:
    """Sheet name, printed title and value of each table; those without a number are counted apart."""
    found, unnumbered = [], count(1)
    for block in document.blocks:
        if not isinstance(block, TableBlock):
            continue
        if block.number is None:
            name = f"{APPENDIX_TABLE[language]}{next(unnumbered)}"
        else:
            name = f"{TABLE[language]}{block.shown_number}"
        found.append((name, f"{name}{AFTER_NUMBER[language]}{block.table.title[language]}", block.table))
    return found


def _write_contents(
    workbook: xlsxwriter.Workbook,
    documents: Mapping[Language, Document],
    formats: Formats,
    sheets: list[tuple[Language, str, str, Table]],
) -> None:
    """The first sheet: what the workbook holds, each title leading to its sheet."""
    sheet = workbook.add_worksheet(" ".join(CONTENTS[language] for language in documents))
    sheet.set_column(0, 0, 110)
    sheet.hide_gridlines(2)
    row = 0
    for language, document in documents.items():
        write_words(sheet, row, 0, plain(document.title[language]), formats.get(bold=True, font_size=12))
        row += 1
        if document.synthetic:
            write_words(sheet, row, 0, SYNTHETIC_MARK[language], formats.get(bold=True, font_color="#8A1C1C"))
            row += 1
        write_words(sheet, row, 0, HOW_TO_READ[language], formats.get(text_wrap=True, font_color="#595959"))
        row += 1
        link = formats.get(font_color="#0A4D8C", underline=1)
        for name, title in ((name, title) for of, name, title, _ in sheets if of == language):
            sheet.write_url(
                row, 0, f"internal:'{name}'!A1", link, _literal(without_forbidden(plain(title))[:255])
            )
            row += 1
        row += 1


_TITLE, _MARK, _HEAD, _FIRST = 0, 1, 2, 3  # rows: title, mark of synthetic data, head, first of the table
_MEDIUM, _THIN = 2, 1  # lines of 1.5 and 0.75 points
_GREY = "#595959"
_WIDEST = 60.0  # characters
_OF_LETTERS = ("bold", "font_size", "font_color")  # what a piece of a cell takes of the look of the whole
_NARROW = "\u2e7f"  # the last sign before the Chinese ones
_LONGEST = 32_767  # characters in a cell of Excel
_READ_AS_MORE = re.compile("_(?=x[0-9A-Fa-f]{4}_)|^<(?=r>)")
_STAND_INS = {"_": "\x7f", "<": "\x80"}  # XML can hold them, and `without_forbidden` leaves none in a text
_ESCAPES = {"_": b"_x005F_", "<": b"&lt;"}
_NUMBER = re.compile(r"−?(0|[1-9]\d*)(\.\d+)?")
_RAISED = dict(
    zip("abcdefghijklmnoprstuvwxyz", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True)
)  # there is no raised q


class Formats:
    """Formats of a workbook, each made once."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def get(self, **look: Any) -> Format:
        """The format with these properties, in the face of the report's tables."""
        key = tuple(sorted(look.items()))
        if key not in self._made:
            base = {"font_name": "Times New Roman", "font_size": 10, "valign": "vcenter"}
            self._made[key] = self._workbook.add_format({**base, **look})
        return self._made[key]


def write_words(sheet: Worksheet, row: int, column: int, text: str, look: Format) -> None:
    """A text as it is, without what no file can hold and no longer than a cell may be."""
    sheet.write_string(row, column, _literal(without_forbidden(text)[:_LONGEST]), look)


def _literal(text: str) -> str:
    """The text with a stand-in for each sign that Excel or XlsxWriter would read as more than itself.

    `_x0041_` is the number of a sign for Excel. XlsxWriter escapes it, but twice in a cell of several formats, and one
    of two that share a `_` not at all. What begins with `<r>` and ends with `</r>` it takes for its own markup.
    """
    return _READ_AS_MORE.sub(lambda found: _STAND_INS[found[0]], text)


def _with_literal_signs(name: str, content: bytes) -> bytes:
    """A part of the workbook with each sign escaped where its stand-in is."""
    if name.endswith(".xml"):
        for sign, stand_in in _STAND_INS.items():
            content = content.replace(stand_in.encode(), _ESCAPES[sign])
    return content


@dataclass(frozen=True, slots=True)
class _Stored:
    """A column of stored values: which column of the table, which of its keys, which field, and of each row the estimate."""

    column: int
    position: int
    field: str
    estimates: tuple[Estimate | None, ...]

    def head(self, table: Table, language: Language) -> str:
        ending = "" if self.position == 0 else f"_{self.position + 1}"
        return f"{plain(table.columns[self.column].text[language])}\n{self.field}{ending}"


@dataclass(frozen=True, slots=True)
class SheetWriter:
    """Writes one table on one sheet, which is empty.

    Attributes:
        sheet: The sheet.
        formats: Formats of its workbook.
        table: What to write.
        language: zh or en.
        results: Where the printed numbers are stored; None: the sheet holds the printed form only.
    """

    sheet: Worksheet
    formats: Formats
    table: Table
    language: Language
    results: Results | None

    def write(self, title: str, mark: str) -> None:
        """The whole sheet, under its number and title and a mark (synthetic data), which may be blank."""
        self.sheet.hide_gridlines(2)
        self._words(_TITLE, 0, title, bold=True)
        if mark:
            self._words(_MARK, 0, mark, bold=True, font_color="#8A1C1C")
        self._write_head()
        for at, row in enumerate(self.table.rows, _FIRST):
            self._write_row(row, at)
        if self.results is not None:
            self._write_stored(self.results)
        widths = _widths(self.table, self.language)
        self._write_notes(sum(widths))
        for i, width in enumerate(widths):
            self.sheet.set_column(i, i, width)
        self._set_view()

    def _words(self, row: int, column: int, text: str, **look: Any) -> None:
        """Words in one cell, statistical letters in italics."""
        parts = [
            (piece, {"italic": True} if italic else {}) for piece, italic in spans(without_forbidden(text))
        ]
        self._parts(row, column, parts, **look)

    def _parts(self, row: int, column: int, parts: list[tuple[str, dict[str, Any]]], **look: Any) -> None:
        """Pieces of one cell, each with its own letters in the look of the cell."""
        if not parts:
            self.sheet.write_blank(row, column, None, self.formats.get(**look))
        elif len(parts) == 1:
            text, part = parts[0]
            write_words(self.sheet, row, column, text, self.formats.get(**look, **part))
        else:
            letters = {name: look[name] for name in _OF_LETTERS if name in look}
            whole = self.formats.get(**look)
            pieces = [
                p for text, part in parts for p in (self.formats.get(**letters, **part), _literal(text))
            ]
            self.sheet.write_rich_string(row, column, *pieces, whole)

    # ---- as printed

    def _write_head(self) -> None:
        for i, header in enumerate(self.table.columns):
            text = "\n".join(line for line in header.lines(self.language) if line)
            align = "center" if header.align == "center" else "left"
            self._words(_HEAD, i, text, bold=True, text_wrap=True, top=_MEDIUM, bottom=_THIN, valign="bottom",
                        align=align)  # fmt: skip
        if any(header.detail for header in self.table.columns):
            self.sheet.set_row(_HEAD, 28)

    def _write_row(self, row: Row, at: int) -> None:
        is_last = at == _HEAD + len(self.table.rows)
        for i, (cell, header) in enumerate(zip(row.cells, self.table.columns, strict=True)):
            look: dict[str, Any] = {"bottom": _MEDIUM} if is_last else {}
            look["align"] = "center" if header.align == "center" and i else "left"
            if i == 0 and row.indent:
                look["indent"] = row.indent
            number = None
            if i and header.align == "center":
                number = one_number(cell, cell.text[self.language], self.results)
            if number is None:
                self._write_text(at, i, cell, look)
            else:
                value, display = number
                self.sheet.write_number(at, i, value, self.formats.get(num_format=display, **look))

    def _write_text(self, row: int, column: int, cell: Cell, look: dict[str, Any]) -> None:
        """Words, with statistical letters in italics and the letter of a footnote raised."""
        parts: list[tuple[str, dict[str, Any]]] = [
            (text, {"italic": True} if italic else {})
            for text, italic in spans(without_forbidden(cell.text[self.language]))
        ]
        if cell.mark:
            parts.append((cell.mark, {"font_script": 1}))
        self._parts(row, column, parts, **look)

    def _write_notes(self, room: float) -> None:
        """Each note over the width of the table (`room` characters), in as many lines as it needs."""
        notes = [note[self.language] for note in self.table.notes if note[self.language]]
        look: dict[str, Any] = {"font_size": 9, "font_color": _GREY, "text_wrap": True, "valign": "top"}
        last = len(self.table.columns) - 1
        for i, note in enumerate(notes):
            text = (NOTE[self.language] if i == 0 else "") + note
            row = _FIRST + len(self.table.rows) + i
            if last:
                self.sheet.merge_range(row, 0, row, last, "", self.formats.get(**look))
            self._words(row, 0, text, **look)
            self.sheet.set_row(row, 13 * ceil(_characters(text) / room))

    # ---- as stored

    def _write_stored(self, results: Results) -> None:
        """To the right of the table, after an empty column; numbers in full, without a display format."""
        columns = stored_columns(self.table, results)
        if not columns:
            return
        first = len(self.table.columns) + 1
        head = self.formats.get(text_wrap=True, bottom=_THIN, valign="bottom", font_color=_GREY)
        value = self.formats.get(font_color=_GREY)
        self._words(_TITLE, first, STORED[self.language], bold=True, font_color=_GREY)
        for i, place in enumerate(columns, first):
            write_words(self.sheet, _HEAD, i, place.head(self.table, self.language), head)
            self.sheet.set_column(i, i, 30 if place.field == "key" else 13)
            for at, estimate in enumerate(place.estimates, _FIRST):
                if estimate is not None:
                    self._write_value(at, i, estimate, place.field, value)

    def _write_value(self, row: int, column: int, estimate: Estimate, field: str, look: Format) -> None:
        value = "|".join(estimate.key) if field == "key" else getattr(estimate, field)
        if isinstance(value, int | float) and isfinite(value):
            self.sheet.write_number(row, column, value, look)
        elif value is not None:
            write_words(self.sheet, row, column, str(value), look)

    def _set_view(self) -> None:
        """The head and the names of rows stay in sight; on paper, the printed block on one page's width."""
        n_columns = len(self.table.columns)
        self.sheet.freeze_panes(_FIRST, 1)
        self.sheet.set_paper(9)  # A4
        if n_columns > 6:
            self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(_HEAD)
        self.sheet.print_area(0, 0, _HEAD + len(self.table.rows) + len(self.table.notes), n_columns - 1)


def one_number(cell: Cell, text: str, results: Results | None) -> tuple[float, str] | None:
    """Value and display format of a cell that prints one number and nothing else; None for any other.

    The value is the stored one wherever it rounds to what is printed (as it is, or as a percentage); of a count it is what
    is printed, whole, so that sums in the sheet are those of the table. A number of estimates, as how many are withheld, is
    none of them.
    """
    digits = re.sub(r"(?<=\d)[\u202f,](?=\d)", "", text).replace("·", ".")
    if not _NUMBER.fullmatch(digits):
        return None
    printed, decimals = float(digits.replace("−", "-")), len(digits.partition(".")[2])
    estimate = None
    if results is not None and cell.key is not None and len(cell.keys) == 1:
        estimate = results.at(cell.key)
    stored = None if estimate is None or is_count(estimate) else estimate.value
    candidates = () if stored is None or not isfinite(stored) else (stored, stored * 100)
    value = next((v for v in candidates if _rounds_to(v, digits, decimals)), printed)
    groups = "#,##0" if digits != text.replace("·", ".") else "0"
    mark = f'"{_RAISED.get(cell.mark, cell.mark)}"' if cell.mark else ""
    return value, groups + ("." + "0" * decimals if decimals else "") + mark


def _rounds_to(value: float, digits: str, decimals: int) -> bool:
    return re.sub(r"[\u202f,]", "", format_number(value, decimals)).replace("·", ".") == digits


def stored_columns(table: Table, results: Results) -> list[_Stored]:
    """The columns of stored values that a table has: value, then limits where there are any, then key."""
    found = []
    for column in range(len(table.columns)):
        most = max((len(row.cells[column].keys) for row in table.rows), default=0)
        for position in range(most):
            estimates = tuple(_stored(row.cells[column].keys, position, results) for row in table.rows)
            known = [estimate for estimate in estimates if estimate is not None]
            limits = [f for f in ("low", "high") if any(getattr(e, f) is not None for e in known)]
            found += [_Stored(column, position, field, estimates) for field in ("value", *limits, "key")]
    return found


def _stored(keys: Sequence[Key], position: int, results: Results) -> Estimate | None:
    return results.at(keys[position]) if position < len(keys) else None


def _widths(table: Table, language: Language) -> list[float]:
    """Width of each printed column, in characters."""
    found = []
    for i, header in enumerate(table.columns):
        texts = header.lines(language) + [row.cells[i].text[language] for row in table.rows]
        found.append(min(_WIDEST, max(8.0, 2 + max(map(_characters, texts)))))
    return found


def _characters(text: str) -> float:
    """Width in half squares: a Chinese sign takes two."""
    shown = plain(text)
    return len(shown) if shown.isascii() else len(shown) + sum(sign > _NARROW for sign in shown)

"""One table on one sheet: the printed block, the stored values beside it, the notes below."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import ceil, isfinite
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from oligoscope.bilingual import Language
from oligoscope.number_format import format_number
from oligoscope.plain_text import plain, spans, without_forbidden
from oligoscope.printing.table import Cell, Row, Table
from oligoscope.report.labels import NOTE, STORED
from oligoscope.results.results import Estimate, Results

_TITLE, _MARK, _HEAD = 0, 1, 2  # rows
_MEDIUM, _THIN = 2, 1  # lines of 1.5 and 0.75 points
_WIDEST = 60.0  # characters
_LONGEST = 32_767  # characters in a cell of Excel
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
    sheet.write_string(row, column, without_forbidden(text)[:_LONGEST], look)


@dataclass(frozen=True, slots=True)
class _Stored:
    """A column of stored values: which column of the table, which of its keys, which field."""

    column: int
    position: int
    field: str

    def head(self, table: Table, language: Language) -> str:
        ending = "" if self.position == 0 else f"_{self.position + 1}"
        return f"{plain(table.columns[self.column].text[language])}\n{self.field}{ending}"


def write_sheet(
    sheet: Worksheet,
    formats: Formats,
    table: Table,
    language: Language,
    title: str,
    mark: str,
    results: Results | None,
) -> None:
    """Write one table.

    Args:
        sheet: An empty sheet.
        formats: Formats of its workbook.
        table: What to write.
        language: zh or en.
        title: Number and title.
        mark: A line below the title (synthetic data), or blank.
        results: Where the printed numbers are stored.
    """
    sheet.hide_gridlines(2)
    write_words(sheet, _TITLE, 0, title, formats.get(bold=True))
    if mark:
        write_words(sheet, _MARK, 0, mark, formats.get(bold=True, font_color="#8A1C1C"))
    _write_head(sheet, formats, table, language)
    for i, row in enumerate(table.rows):
        _write_row(sheet, formats, table, language, row, _HEAD + 1 + i, results)
    if results is not None:
        _write_stored(sheet, formats, table, language, results)
    _write_notes(sheet, formats, table, language)
    _set_widths(sheet, table, language)
    _set_view(sheet, table)


# ---- as printed -----------------------------------------------------------------------------------


def _write_head(sheet: Worksheet, formats: Formats, table: Table, language: Language) -> None:
    for i, header in enumerate(table.columns):
        lines = [header.text[language], "" if header.detail is None else header.detail[language]]
        look = {"bold": True, "text_wrap": True, "top": _MEDIUM, "bottom": _THIN, "valign": "bottom"}
        look["align"] = "center" if header.align == "center" else "left"
        write_words(sheet, _HEAD, i, "\n".join(plain(line) for line in lines if line), formats.get(**look))
    if any(header.detail for header in table.columns):
        sheet.set_row(_HEAD, 28)


def _write_row(
    sheet: Worksheet,
    formats: Formats,
    table: Table,
    language: Language,
    row: Row,
    at: int,
    results: Results | None,
) -> None:
    is_last = at == _HEAD + len(table.rows)
    for i, (cell, header) in enumerate(zip(row.cells, table.columns, strict=True)):
        look: dict[str, Any] = {"bottom": _MEDIUM} if is_last else {}
        look["align"] = "center" if header.align == "center" and i else "left"
        if i == 0 and row.indent:
            look["indent"] = row.indent
        number = None
        if i and header.align == "center":
            number = one_number(cell, cell.text[language], results)
        if number is None:
            _write_text(sheet, formats, at, i, cell, language, look)
        else:
            value, display = number
            sheet.write_number(at, i, value, formats.get(num_format=display, **look))


def one_number(cell: Cell, text: str, results: Results | None) -> tuple[float, str] | None:
    """Value and display format of a cell that prints one number and nothing else; None for any other.

    The value is the stored one wherever it rounds to what is printed (as it is, or as a percentage).
    """
    digits = re.sub(r"(?<=\d)[\u202f,](?=\d)", "", text).replace("·", ".")
    if len(cell.keys) > 1 or not _NUMBER.fullmatch(digits):
        return None
    printed, decimals = float(digits.replace("−", "-")), len(digits.partition(".")[2])
    estimate = None if results is None or cell.key is None else results.at(cell.key)
    stored = None if estimate is None else estimate.value
    candidates = () if stored is None or not isfinite(stored) else (stored, stored * 100)
    value = next((v for v in candidates if _rounds_to(v, digits, decimals)), printed)
    groups = "#,##0" if digits != text.replace("·", ".") else "0"
    mark = f'"{_RAISED.get(cell.mark, cell.mark)}"' if cell.mark else ""
    return value, groups + ("." + "0" * decimals if decimals else "") + mark


def _rounds_to(value: float, digits: str, decimals: int) -> bool:
    return re.sub(r"[\u202f,]", "", format_number(value, decimals)).replace("·", ".") == digits


def _write_text(
    sheet: Worksheet,
    formats: Formats,
    row: int,
    column: int,
    cell: Cell,
    language: Language,
    look: dict[str, Any],
) -> None:
    """Words, with statistical letters in italics and the letter of a footnote raised."""
    parts: list[tuple[str, dict[str, Any]]] = [
        (text, {"italic": True} if italic else {})
        for text, italic in spans(without_forbidden(cell.text[language]))
    ]
    if cell.mark:
        parts.append((cell.mark, {"font_script": 1}))
    whole = formats.get(**look)
    if not parts:
        sheet.write_blank(row, column, None, whole)
    elif len(parts) == 1:
        text, part = parts[0]
        write_words(sheet, row, column, text, formats.get(**look, **part))
    else:
        pieces = [piece for text, part in parts for piece in (formats.get(**part), text)]
        sheet.write_rich_string(row, column, *pieces, whole)


def _write_notes(sheet: Worksheet, formats: Formats, table: Table, language: Language) -> None:
    """Each note over the width of the table, in as many lines as it needs."""
    notes = [note[language] for note in table.notes if note[language]]
    look = formats.get(font_size=9, font_color="#595959", text_wrap=True, valign="top")
    room, last = sum(_widths(table, language)), len(table.columns) - 1
    for i, note in enumerate(notes):
        text = plain((NOTE[language] if i == 0 else "") + note)
        row = _HEAD + 1 + len(table.rows) + i
        if last:
            sheet.merge_range(row, 0, row, last, "", look)
        write_words(sheet, row, 0, text, look)
        sheet.set_row(row, 13 * ceil(_characters(text) / room))


# ---- as stored ------------------------------------------------------------------------------------


def stored_columns(table: Table, results: Results) -> list[_Stored]:
    """The columns of stored values that a table has: value, then limits where there are any, then key."""
    found = []
    for column in range(len(table.columns)):
        most = max((len(row.cells[column].keys) for row in table.rows), default=0)
        for position in range(most):
            fields = {
                field
                for row in table.rows
                if (estimate := _stored(row, _Stored(column, position, ""), results)) is not None
                for field in ("low", "high")
                if getattr(estimate, field) is not None
            }
            wanted = ("value", *(f for f in ("low", "high") if f in fields), "key")
            found += [_Stored(column, position, field) for field in wanted]
    return found


def _stored(row: Row, place: _Stored, results: Results) -> Estimate | None:
    keys = row.cells[place.column].keys
    return results.at(keys[place.position]) if place.position < len(keys) else None


def _write_stored(
    sheet: Worksheet, formats: Formats, table: Table, language: Language, results: Results
) -> None:
    """To the right of the table, after an empty column; numbers in full, without a display format."""
    columns = stored_columns(table, results)
    if not columns:
        return
    first = len(table.columns) + 1
    head = formats.get(text_wrap=True, bottom=_THIN, valign="bottom", font_color="#595959")
    plain_cell = formats.get(font_color="#595959")
    write_words(sheet, _TITLE, first, STORED[language], formats.get(bold=True, font_color="#595959"))
    for i, place in enumerate(columns, first):
        write_words(sheet, _HEAD, i, place.head(table, language), head)
        sheet.set_column(i, i, 30 if place.field == "key" else 13)
        for at, row in enumerate(table.rows, _HEAD + 1):
            estimate = _stored(row, place, results)
            if estimate is not None:
                _write_value(sheet, at, i, estimate, place.field, plain_cell)


def _write_value(
    sheet: Worksheet, row: int, column: int, estimate: Estimate, field: str, look: Format
) -> None:
    value = "|".join(estimate.key) if field == "key" else getattr(estimate, field)
    if isinstance(value, int | float) and isfinite(value):
        sheet.write_number(row, column, value, look)
    elif value is not None:
        write_words(sheet, row, column, str(value), look)


# ---- widths and view ------------------------------------------------------------------------------


def _set_widths(sheet: Worksheet, table: Table, language: Language) -> None:
    for i, width in enumerate(_widths(table, language)):
        sheet.set_column(i, i, width)


def _widths(table: Table, language: Language) -> list[float]:
    """Width of each printed column, in characters."""
    found = []
    for i, header in enumerate(table.columns):
        texts = [header.text[language], "" if header.detail is None else header.detail[language]]
        texts += [row.cells[i].text[language] for row in table.rows]
        found.append(min(_WIDEST, max(8.0, 2 + max(map(_characters, texts)))))
    return found


def _characters(text: str) -> float:
    """Width in half squares: a Chinese sign takes two."""
    return sum(2 if ord(c) > 0x2E7F else 1 for c in plain(text))


def _set_view(sheet: Worksheet, table: Table) -> None:
    """The head and the names of rows stay in sight; on paper, the printed block on one page's width."""
    sheet.freeze_panes(_HEAD + 1, 1)
    sheet.set_paper(9)  # A4
    if len(table.columns) > 6:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEAD)
    sheet.print_area(0, 0, _HEAD + len(table.rows) + len(table.notes), len(table.columns) - 1)

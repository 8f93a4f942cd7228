"""A table as a Word table of three lines, and how much of a long list is printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from oligoscope.bilingual import Language
from oligoscope.plain_text import plain
from oligoscope.printing.blocks import TableBlock
from oligoscope.printing.table import Cell, Header, Row, Table
from oligoscope.report.docx.column_widths import PADDING_MM, Layout, stacked
from oligoscope.report.docx.docx_styles import table_style
from oligoscope.report.docx.docx_xml import LINE_BREAK, paragraph, run, runs, w
from oligoscope.report.docx.unbroken import divided_in, unbroken_in

# Eighths of a point: the rules above and below are twice as heavy as the one under the head.
_HEAVY, _LIGHT = 12, 6
_TWIPS = 1440 / 25.4  # a millimetre
_INDENT = 170  # twips
MOST_ROWS = 40  # of a list that is not numbered; the workbook has all of them
_AT_AN_END = 3  # rows that are never parted at either end of a table
_KEPT_TOGETHER = 28  # rows; a longer table may run over the page


@dataclass(frozen=True, slots=True)
class _Look:
    """What every row of one table shares: widths in twips, style of its cells, language, stacking."""

    widths: tuple[int, ...]
    widths_mm: tuple[float, ...]
    size_pt: float
    style: str
    language: Language
    is_stacked: bool


def printed_rows(block: TableBlock) -> Sequence[Row]:
    """The rows of a table, or the first of a long list."""
    is_list = block.is_folded or block.number is None
    return block.table.rows[:MOST_ROWS] if is_list else block.table.rows


def word_table(
    table: Table,
    rows: Sequence[Row],
    layout: Layout,
    language: Language,
    *,
    has_note: bool,
    is_whole: bool = True,
) -> str:
    """The table without its title and notes.

    Args:
        table: What to print.
        rows: Its rows, or the first of them.
        layout: Size of the letters and widths of the columns.
        language: zh or en.
        has_note: Keep the last row on the page of the note below it.
        is_whole: Keep a table that is not too long on one page; else only its first and its last rows together.
    """
    widths = tuple(round(mm * _TWIPS) for mm in layout.widths_mm)
    look = _Look(
        widths, layout.widths_mm, layout.size_pt, table_style(layout.size_pt), language, layout.is_stacked
    )
    grid = w("tblGrid", *(w("gridCol", w=width) for width in widths))
    drawn = [_head(table, look)]
    together = is_whole and len(rows) <= _KEPT_TOGETHER
    for i, row in enumerate(rows):
        is_last = i == len(rows) - 1
        is_at_an_end = i < _AT_AN_END - 1 or i >= len(rows) - _AT_AN_END
        keeps_next = has_note if is_last else together or row.is_heading or is_at_an_end
        drawn.append(_row(row, table, look, keeps_next=keeps_next, is_last=is_last))
    return w("tbl", _properties(table, sum(widths), language), grid, *drawn)


def _properties(table: Table, width: int, language: Language) -> str:
    side = round(PADDING_MM * _TWIPS)
    return w(
        "tblPr",
        w("tblW", w=width, type="dxa"),
        w("jc", val="center"),
        w("tblLayout", type="fixed"),
        w("tblCellMar", w("left", w=side, type="dxa"), w("right", w=side, type="dxa")),
        w("tblLook", firstRow=1, firstColumn=1, noHBand=1, noVBand=1),
        w("tblCaption", val=plain(table.title[language])),
    )


def _head(table: Table, look: _Look) -> str:
    """Repeated on every page; the rule above the table and the one under its head."""
    cells = [
        _boxed(
            _paragraph(_head_runs(header, look, mm), look.style, header.align, keeps_next=True),
            width,
            top=_HEAVY,
            bottom=_LIGHT,
            align="bottom",
        )
        for header, width, mm in zip(table.columns, look.widths, look.widths_mm, strict=True)
    ]
    return w("tr", w("trPr", w("cantSplit"), w("tblHeader")), *cells)


def _head_runs(header: Header, look: _Look, column_mm: float) -> str:
    name, *detail = header.lines(look.language)
    first = runs(divided_in(name, column_mm, look.size_pt), bold=True)
    return LINE_BREAK.join([first, *map(runs, detail)])


def _row(row: Row, table: Table, look: _Look, *, keeps_next: bool, is_last: bool) -> str:
    bottom = _HEAVY if is_last else 0
    name, *others = row.cells
    width, span = (sum(look.widths), len(look.widths)) if row.runs_over else (look.widths[0], 1)
    across = sum(look.widths_mm) if row.runs_over else look.widths_mm[0]
    content = _cell_runs(name, look, across - row.indent * _INDENT / _TWIPS, is_stacked=False)
    first = _paragraph(content, look.style, "start", keeps_next=keeps_next, indent=row.indent)
    cells = [_boxed(first, width, span=span, bottom=bottom)]
    if not row.runs_over:
        columns = zip(look.widths[1:], look.widths_mm[1:], table.columns[1:], strict=True)
        for cell, (column, column_mm, header) in zip(others, columns, strict=True):
            content = _cell_runs(cell, look, column_mm, is_stacked=look.is_stacked)
            text = _paragraph(content, look.style, header.align, keeps_next=keeps_next)
            cells.append(_boxed(text, column, bottom=bottom))
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(cells)}</w:tr>"


def _cell_runs(cell: Cell, look: _Look, column_mm: float, *, is_stacked: bool) -> str:
    text = cell.text[look.language]
    above, below = stacked(text) if is_stacked else (text, "")
    drawn = runs(unbroken_in(above, column_mm, look.size_pt))
    if below:
        drawn += LINE_BREAK + runs(unbroken_in(below, column_mm, look.size_pt))
    if cell.mark:
        drawn += run(cell.mark, raised=True)
    return drawn


def _paragraph(content: str, style: str, align: str, *, keeps_next: bool, indent: int = 0) -> str:
    shift = w("ind", left=indent * _INDENT) if indent else ""
    side = '<w:jc w:val="center"/>' if align == "center" else ""
    return paragraph(style, content, keeps_next=keeps_next, layout=shift + side)


def _boxed(
    text: str, width: int, *, span: int = 1, top: int = 0, bottom: int = 0, align: str = "center"
) -> str:
    """A cell with its rules; none at the sides."""
    return f"<w:tc>{_cell_properties(width, span, top, bottom, align)}{text}</w:tc>"


@lru_cache(maxsize=1000)  # most cells of a table are alike
def _cell_properties(width: int, span: int, top: int, bottom: int, align: str) -> str:
    rules = [
        w(side, val="single", sz=weight, space=0, color="000000")
        for side, weight in (("top", top), ("bottom", bottom))
        if weight
    ]
    properties = [w("tcW", w=width, type="dxa")]
    properties += [w("gridSpan", val=span)] if span > 1 else []
    properties += [w("tcBorders", *rules)] if rules else []
    pad = [w("top", w=20, type="dxa"), w("bottom", w=20, type="dxa")]
    properties += [w("tcMar", *pad), w("vAlign", val=align)]
    return w("tcPr", *properties)

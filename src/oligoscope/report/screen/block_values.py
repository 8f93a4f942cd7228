"""The report as plain values in one language: headings, sentences, tables and figures, each number with its row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from oligoscope.bilingual import Language, Text
from oligoscope.drawing.figure import Figure
from oligoscope.plain_text import anchor, plain
from oligoscope.printing.blocks import Block, Document, FigureBlock, Heading, Notice, Paragraph, TableBlock
from oligoscope.printing.table import Cell, Header, Key, Row, Table
from oligoscope.report.figure_files import FOLDER, file_stems
from oligoscope.report.labels import FIGURE, TABLE, notice_name
from oligoscope.report.screen.values import Marked, marked

Rows = Mapping[Key, int]  # the row of results.csv of each key


def section_values(document: Document, rows: Rows, language: Language) -> list[dict[str, Any]]:
    """Each section of the report: id, title, part of the report, blocks."""
    ids = [figure.id for figure in document.figures()]
    files = dict(zip(ids, file_stems(ids), strict=True))
    return [
        {
            "id": heading.id,
            "title": plain(heading.text[language]),
            "depth": heading.depth.name.lower(),
            "blocks": block_values(blocks, rows, files, language),
        }
        for heading, blocks in document.sections()
    ]


def block_values(
    blocks: Iterable[Block], rows: Rows, files: Mapping[str, str], language: Language
) -> list[dict[str, Any]]:
    """Blocks in order.

    Args:
        blocks: Of a section.
        rows: Row of results.csv by key.
        files: The name of the files of each figure.
        language: zh or en.
    """
    return [_value(block, rows, files, language) for block in blocks]


def _value(block: Block, rows: Rows, files: Mapping[str, str], language: Language) -> dict[str, Any]:
    match block:
        case Heading():
            return {"kind": "heading", "id": anchor(block.id), "text": marked(block.text[language])}
        case Paragraph():
            return {
                "kind": "paragraph",
                "text": marked(block.text[language]),
                "rows": _rows(block.keys, rows),
            }
        case Notice():
            return {
                "kind": "notice", "notice": block.kind, "name": notice_name(block, language),
                "text": marked(block.text[language]),
            }  # fmt: skip
        case TableBlock():
            label = "" if block.shown_number is None else f"{TABLE[language]}{block.shown_number}"
            return table_value(block.table, rows, language) | {"label": label, "folded": block.is_folded}
        case FigureBlock():
            return _figure(block, rows, files, language)


def _figure(block: FigureBlock, rows: Rows, files: Mapping[str, str], language: Language) -> dict[str, Any]:
    figure = block.figure
    return {
        "kind": "figure",
        "id": anchor(figure.id),
        "name": figure.id,
        "file": f"{FOLDER}/{files[figure.id]}",
        "label": f"{FIGURE[language]}{block.shown_number}",
        "title": marked(figure.title[language]),
        "caption": marked(figure.caption[language]),
        "alt": plain(figure.alt[language]),
        "rows": _rows([e.key for e in figure.estimates], rows),
        "data": _data(figure),
    }


_MOST_ROWS = 60  # of the numbers below a picture; its csv holds all


def _data(figure: Figure) -> dict[str, Any]:
    """The numbers drawn, the first of them: what a reader of the table hears in place of the picture."""
    shown = figure.data.head(_MOST_ROWS)
    cells = [["" if cell is None else _short(cell) for cell in row] for row in shown.iter_rows()]
    return {"columns": shown.columns, "rows": cells, "n": figure.data.height}


def _short(cell: Any) -> str:
    return f"{cell:.6g}" if isinstance(cell, float) else str(cell)


def table_value(table: Table, rows: Rows, language: Language) -> dict[str, Any]:
    """A table: columns, rows of cells, notes."""
    return {
        "kind": "table",
        "id": anchor(table.id),
        "name": table.id,
        "label": "",
        "folded": False,
        "title": marked(table.title[language]),
        "columns": [_header(one, rows, language) for one in table.columns],
        "body": [_row(one, rows, language) for one in table.rows],
        "notes": _notes(table.notes, language),
    }


def _header(header: Header, rows: Rows, language: Language) -> dict[str, Any]:
    detail = None if header.detail is None else marked(header.detail[language])
    row = None if header.key is None else rows.get(header.key)
    return {"text": marked(header.text[language]), "detail": detail, "row": row, "align": header.align}


def _row(row: Row, rows: Rows, language: Language) -> dict[str, Any]:
    return {
        "heading": row.is_heading,
        "over": row.runs_over,
        "indent": row.indent,
        "cells": [_cell(cell, rows, language) for cell in row.cells],
    }


def _cell(cell: Cell, rows: Rows, language: Language) -> list[Any]:
    """Text, the first of its rows, its mark; what is blank at the end is left out."""
    row = next((rows[key] for key in cell.keys if key in rows), None)
    found: list[Any] = [marked(cell.text[language]), row, cell.mark]
    while len(found) > 1 and not found[-1]:
        found.pop()
    return found


def _notes(notes: Sequence[Text], language: Language) -> list[Marked]:
    return [marked(note[language]) for note in notes if note[language]]


def _rows(keys: Iterable[Key], rows: Rows) -> list[int]:
    return [rows[key] for key in dict.fromkeys(keys) if key in rows]

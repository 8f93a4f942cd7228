"""The tables of a report as a workbook: as printed, and beside it the stored values with their keys."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from itertools import count

import xlsxwriter

from oligoscope.bilingual import Language
from oligoscope.drawing.figure import SYNTHETIC as SYNTHETIC_MARK
from oligoscope.plain_text import plain, without_forbidden
from oligoscope.printing.blocks import Document, TableBlock
from oligoscope.printing.table import Table
from oligoscope.report.fixed_zip import fixed_zip
from oligoscope.report.labels import AFTER_NUMBER, APPENDIX_TABLE, CONTENTS, HOW_TO_READ, TABLE
from oligoscope.report.xlsx.xlsx_sheet import Formats, SheetWriter, write_words
from oligoscope.results.results import Results

# Text stays text: a cell that begins with = is not a formula, one that begins with http no link.
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}
_NO_TIME = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)  # a workbook must name one; the same every time


def write_xlsx(documents: Mapping[Language, Document], results: Results | None = None) -> bytes:
    """One workbook: contents, then a sheet for each table of each language.

    Args:
        documents: The report in each language that the workbook is to hold; a report made in a number
            style is given for that style's language.
        results: Where the printed numbers are stored; without it the sheets hold the printed form only.
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
        SheetWriter(workbook.add_worksheet(name), formats, table, language, results).write(title, mark)
    workbook.close()
    return fixed_zip(buffer.getvalue())


def named_tables(document: Document, language: Language) -> list[tuple[str, str, Table]]:
    """Sheet name, printed title and value of each table; those without a number are counted apart."""
    found, unnumbered = [], count(1)
    for block in document.blocks:
        if not isinstance(block, TableBlock):
            continue
        if block.number is None:
            name = f"{APPENDIX_TABLE[language]}{next(unnumbered)}"
        else:
            name = f"{TABLE[language]}{block.number}"
        found.append(
            (name, f"{name}{AFTER_NUMBER[language]}{plain(block.table.title[language])}", block.table)
        )
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
        write_words(sheet, row, 0, document.title[language], formats.get(bold=True, font_size=12))
        row += 1
        if document.synthetic:
            write_words(sheet, row, 0, SYNTHETIC_MARK[language], formats.get(bold=True, font_color="#8A1C1C"))
            row += 1
        write_words(sheet, row, 0, HOW_TO_READ[language], formats.get(text_wrap=True, font_color="#595959"))
        row += 1
        link = formats.get(font_color="#0A4D8C", underline=1)
        for name, title in ((name, title) for of, name, title, _ in sheets if of == language):
            sheet.write_url(row, 0, f"internal:'{name}'!A1", link, without_forbidden(title)[:255])
            row += 1
        row += 1

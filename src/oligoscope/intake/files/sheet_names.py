"""The title of a sheet and the name of a file as a column, where a study says that they hold a patient or a day."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import polars as pl

from oligoscope.intake.files.columns import listed
from oligoscope.intake.files.sheet import Sheet
from oligoscope.study.protocol import FILE_NAME, SHEET_TITLE, TableSource
from oligoscope.study.schemas import TableSpec

_DAY = re.compile(r"(?<!\d)(?:(?:19|20)\d\d([-./_年]) ?\d{1,2}[-./_月] ?\d{1,2}日?|(?:19|20)\d{6})(?!\d)")


def with_names(sheet: Sheet, file: str, title: str | None, table: TableSpec, source: TableSource) -> Sheet:
    """The sheet with a column of its title or of the file's name, where columns of the study are read from these.

    Args:
        sheet: As read.
        file: Its name.
        title: Of the sheet; None where the file holds one table, and its name is taken.
        table: Ours.
        source: Of study.yaml.
    """
    stem = Path(file).stem
    for header, text in ((SHEET_TITLE, stem if title is None else title), (FILE_NAME, stem)):
        ours = [name for name, theirs in source.columns.items() if header in listed(theirs)]
        if not ours or header in sheet.headers:
            continue
        is_day = any(column.kind == "date" for column in table.columns if column.name in ours)
        cell = (day_in(text) or text) if is_day else text
        frame = sheet.frame.with_columns(pl.lit(cell, dtype=pl.String).alias(header))
        sheet = replace(sheet, headers=(*sheet.headers, header), frame=frame)
    return sheet


def day_in(text: str) -> str | None:
    """The one day that a title names, as an ISO day; None where it names none or several."""
    found = [match[0] for match in _DAY.finditer(text)]
    if len(found) != 1:
        return None
    numbers = re.findall(r"\d+", found[0])
    if len(numbers) == 1:
        numbers = [numbers[0][:4], numbers[0][4:6], numbers[0][6:]]
    return f"{numbers[0]}-{int(numbers[1]):02d}-{int(numbers[2]):02d}"

"""The reader of each row: the evaluator's identifier (--EVALID), or the evaluator (--EVAL)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.intake.files.cells import clean_series
from oligoscope.intake.files.headers import find_header
from oligoscope.intake.files.sheet import Sheet
from oligoscope.intake.issues import Issue

READER = "READER"


def with_readers(sheet: Sheet, prefix: str) -> Sheet:
    """The sheet with the column READER, blank where a row names no reader."""
    named = [h for name in ("EVALID", "EVAL") if (h := find_header(sheet.headers, prefix + name)) is not None]
    cells = [clean_series(sheet.frame[header]) for header in named]
    blank = pl.Series([None] * sheet.frame.height, dtype=pl.String)
    frame = sheet.frame.with_columns(pl.select(pl.coalesce([*cells, blank])).to_series().alias(READER))
    return replace(sheet, frame=frame)


def readers_in(sheets: Iterable[Sheet]) -> list[str]:
    """All readers in the sheets, in alphabetical order."""
    names = [sheet.frame[READER].drop_nulls().unique() for sheet in sheets]
    return pl.concat(names).unique().sort().to_list() if names else []


def of_reader(sheet: Sheet, prefix: str, reader: str | None, table: str) -> tuple[Sheet, list[Issue]]:
    """The rows of one reader: lesions of different readers are different lesions, even under one name.

    A domain that names no reader is used for any. Several readers with none chosen, or without the chosen one,
    are a finding, and every row is kept.
    """
    sheet = with_readers(sheet, prefix)
    there = readers_in([sheet])
    if not there or (reader is None and len(there) == 1):
        return sheet, []
    if reader not in there:
        listed = ", ".join(there)
        expected = Text(f"现有阅片者：{listed}", f"the readers are: {listed}")
        return sheet, [
            Issue(
                rule="reader_not_chosen",
                table=table,
                source=sheet.source,
                column="response.reader",
                value=reader,
                expected=expected,
            )
        ]
    return replace(sheet, frame=sheet.frame.filter(pl.col(READER) == reader)), []

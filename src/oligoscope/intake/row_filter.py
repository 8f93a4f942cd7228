"""Reading only some rows of a file (`where`), and leaving out what is no row at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from oligoscope.intake.cells import map_unique, plain
from oligoscope.intake.headers import find_header, missing_column
from oligoscope.intake.raw_table import RawTable


def keep_where(raw: RawTable, where: Mapping[str, tuple[str, ...]]) -> RawTable:
    """Only the rows whose columns hold the words named; words are compared without case and spaces."""
    for name, words in where.items():
        header = find_header(raw.columns, name)
        if header is None:
            raw = raw.with_problems(*(missing_column(raw.name, s, name, h) for s, h in raw.headers.items()))
        else:
            raw = replace(raw, frame=raw.frame.filter(holds(raw.frame[header], words)))
    return raw


def holds(column: pl.Series, words: tuple[str, ...]) -> pl.Series:
    """True where a cell is one of the words; a blank cell is the word ""."""
    return map_unique(column, plain, pl.String).fill_null("").is_in([plain(word) for word in words])

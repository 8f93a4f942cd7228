"""Reading only some rows of a file (`where`), and leaving out rows that are not data."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl
from polars.selectors import by_name

from oligoscope.bilingual import Text
from oligoscope.intake.files.cells import clean, map_unique
from oligoscope.intake.files.columns import find_header, missing_column
from oligoscope.intake.files.raw_table import INTERNAL, ROW, SOURCE, RawTable
from oligoscope.intake.issues import Issue
from oligoscope.study.dictionary.words import plain


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


# The first word of a line of totals, or of a note below a table, with nothing or a colon or a number after it.
_NOTE = re.compile(
    r"(合计|总计|小计|共计|总数|总和|平均值?|平均数|均值|中位数|最大值|最小值|注|备注|附注|说明|注释|(资料|数据)来源|"
    r"total|subtotal|grand total|sum|mean|average|median|count|notes?|footnotes?|sources?|remarks?)"
    r"(\s*[:：*※].*|\s*\d*\s*[.:：、）)].*|\s*[（(].*|(\s+\d+)?)|[*※†‡§].+",
    re.IGNORECASE | re.DOTALL,
)
_SENTENCE = re.compile(r"[：。；，]|[:;,.]\s")


def without_notes(raw: RawTable) -> RawTable:
    """Without the rows that are totals or notes, each of which is named.

    Such a row is at least half blank and begins with the word of a total or a note; or its only cell holds a sentence.
    """
    names = [column for column in raw.frame.columns if column not in INTERNAL]
    if raw.frame.is_empty() or len(names) < 2:
        return raw
    filled = pl.sum_horizontal(by_name(name).str.strip_chars().str.len_chars() > 0 for name in names)
    sparse = raw.frame.with_row_index("__at").filter(filled.fill_null(0) * 2 <= len(names))
    notes = [row for row in sparse.iter_rows(named=True) if _is_note([row[name] for name in names])]
    if not notes:
        return raw
    at = [row["__at"] for row in notes]
    issues = (_note_issue(raw.name, row, names) for row in notes)
    kept = raw.frame.with_row_index("__at").filter(~pl.col("__at").is_in(at)).drop("__at")
    return replace(raw, frame=kept).with_problems(*issues)


def _is_note(cells: Sequence[str | None]) -> bool:
    words = [cell.strip() for cell in cells if cell is not None and clean(cell) is not None]
    if not words:
        return False
    return bool(_NOTE.fullmatch(clean(words[0]) or "")) or (
        len(words) == 1 and bool(_SENTENCE.search(words[0]))
    )


def _note_issue(table: str, row: Mapping[str, str | int | None], names: Sequence[str]) -> Issue:
    words = [(name, clean(str(row[name]))) for name in names if row[name] is not None]
    column, first = next((name, word) for name, word in words if word is not None)
    expected = Text("是合计或注释，不是数据行", "is a total or a note, not a row of data")
    return Issue(
        rule="row_is_a_note", table=table, source=str(row[SOURCE]), row=int(str(row[ROW])), column=column, value=first,
        expected=expected,
    )  # fmt: skip

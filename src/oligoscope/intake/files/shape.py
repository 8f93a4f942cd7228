"""What was taken for what in a sheet of cells: its header, titles, row of units, and rows that are not data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from oligoscope.bilingual import Count, Text
from oligoscope.intake.issues import NOTHING, Issue

_MANY = 3  # sheets of one shape that are one finding
Reason = Literal["title", "units", "repeated_header", "ignored_in_study_file", "after_last_row", "note"]


@dataclass(frozen=True, slots=True)
class Merge:
    """A block of merged cells; rows and columns from 1, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row of the sheet that is not data.

    Attributes:
        row: Its number.
        reason: What it is.
        text: Its cells that are not blank, shortened.
    """

    row: int
    reason: Reason
    text: str


@dataclass(frozen=True, slots=True)
class Filled:
    """Blank cells of one column that were given the value of the merged cell, or the patient, that they belong to.

    Attributes:
        header: The column.
        row: The first cell filled.
        value: Its value.
        n: How many cells.
    """

    header: str
    row: int
    value: str
    n: int


@dataclass(frozen=True, slots=True)
class Unnamed:
    """A column of cells without a header, which was left out.

    Attributes:
        column: Its letter in a workbook.
        row: Its first cell that is not blank.
        value: That cell.
        n: How many cells are not blank.
    """

    column: str
    row: int
    value: str
    n: int


@dataclass(frozen=True, slots=True)
class Shape:
    """How a sheet was read; every part that the study does not state is found from the cells.

    Attributes:
        source: The file or sheet.
        chosen: Why this sheet of a workbook; blank where there is no choice.
        header_rows: The row or rows of the header.
        units_row: The row of units or formats under it.
        left_out: Titles, units, repeated headers and other rows that are not data.
        merged: Columns with merged cells that were filled.
        merged_across: Merged cells over several columns of data, read in the first of them: row, value.
        filled_down: The patient's number in rows that belong to the row above.
        unnamed: Columns without a header.
        hidden_rows, hidden_columns: How many the workbook hides; they are read.
        wide: What a column for each scan was taken for, one sentence; blank where the sheet is long.
        stated: Settings of study.yaml that decided a part of it.
    """

    source: str = ""
    chosen: Text = NOTHING
    header_rows: tuple[int, ...] = (1,)
    units_row: int | None = None
    left_out: tuple[LeftOut, ...] = ()
    merged: tuple[Filled, ...] = ()
    merged_across: tuple[tuple[int, str], ...] = ()
    filled_down: tuple[Filled, ...] = ()
    unnamed: tuple[Unnamed, ...] = ()
    hidden_rows: int = 0
    hidden_columns: int = 0
    wide: Text = NOTHING
    stated: frozenset[str] = frozenset()

    def named(self, source: str) -> Shape:
        """The same under the name shown to the user."""
        return replace(self, source=source)


FIRST_ROW = Shape()


def once_of_alike(issues: Sequence[Issue]) -> list[Issue]:
    """The same findings, those about the shape of many sheets that are alike as one about the first of them."""
    sources: dict[Issue, dict[str, None]] = {}
    for issue in issues:
        if issue.rule == "sheet_shape":
            sources.setdefault(replace(issue, source=""), {})[issue.source] = None
    kept: list[Issue] = []
    for issue in issues:
        there = list(sources.get(replace(issue, source=""), ()))
        if len(there) < _MANY:
            kept.append(issue)
        elif there[0] == issue.source:
            n = len(there) - 1
            also = Text(
                f"{issue.expected.zh}（另有 {n} 张表相同）",
                f"{issue.expected.en} (alike in {Count(n):more sheet|more sheets})",
            )
            kept.append(replace(issue, expected=also))
    return kept


def shape_issues(table: str, shape: Shape) -> Iterator[Issue]:
    """A finding for each thing that was taken for something and is not stated in study.yaml."""
    for row, value, expected in _assumptions(shape):
        yield Issue(
            rule="sheet_shape", table=table, source=shape.source, row=row, value=value, expected=expected
        )
    for cells in (*shape.merged, *shape.filled_down):
        expected = Text(
            f"该列有 {cells.n} 个空白单元格按所属单元格填写",
            f"{cells.n} blank cell(s) of the column were filled",
        )
        rule = "cells_filled"
        yield Issue(
            rule=rule, table=table, source=shape.source, row=cells.row, column=cells.header, value=cells.value,
            expected=expected,
        )  # fmt: skip
    for row, value in shape.merged_across:
        expected = Text(
            "横向合并的单元格，只读入其第一列", "merged over several columns; read in the first of them"
        )
        yield Issue(
            rule="cells_filled", table=table, source=shape.source, row=row, value=value, expected=expected
        )
    for column in shape.unnamed:
        expected = Text(
            f"{column.column} 列没有列名，有 {column.n} 个单元格，未读入",
            f"column {column.column} has no header and {column.n} cell(s), which were not read",
        )
        yield Issue(
            rule="column_without_header", table=table, source=shape.source, row=column.row, column=column.column,
            value=column.value, expected=expected,
        )  # fmt: skip


def _assumptions(shape: Shape) -> Iterator[tuple[int | None, str | None, Text]]:
    rows = {reason: [left for left in shape.left_out if left.reason == reason] for reason in _SAID}
    if shape.chosen.en:
        yield None, None, shape.chosen
    if "header_row" not in shape.stated and (rows["title"] or len(shape.header_rows) > 1):
        at = _listed(shape.header_rows)
        first = rows["title"][0] if rows["title"] else None
        yield (
            shape.header_rows[0],
            first.text if first else None,
            Text(f"表头取第 {at} 行；其上为标题", f"the header is taken from row {at}; above it are titles")
            if first
            else Text(f"表头取第 {at} 行", f"the header is taken from rows {at}"),
        )
    for reason in ("units", "repeated_header"):
        setting = "units_row" if reason == "units" else ""
        for left in rows[reason] if setting not in shape.stated else ():
            yield left.row, left.text, _SAID[reason]
    if shape.hidden_rows or shape.hidden_columns:
        yield (
            None,
            None,
            Text(
                f"隐藏的 {shape.hidden_rows} 行、{shape.hidden_columns} 列照常读入",
                f"{shape.hidden_rows} hidden row(s) and {shape.hidden_columns} hidden column(s) are read as the others",
            ),
        )


_SAID: dict[Reason, Text] = {
    "title": Text("", ""),
    "units": Text("是单位或格式，不是数据行", "is a row of units or formats, not of data"),
    "repeated_header": Text("是重复的表头，不是数据行", "is the header again, not a row of data"),
}


def _listed(rows: tuple[int, ...]) -> str:
    return ", ".join(str(row) for row in rows)

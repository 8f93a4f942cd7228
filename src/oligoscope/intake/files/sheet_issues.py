"""Findings about a file as it was read, before its columns are identified."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from oligoscope.bilingual import Text
from oligoscope.intake.files.sheet import Sheet
from oligoscope.intake.issues import Issue
from oligoscope.study.schemas import TableSpec


def sheet_issues(table: TableSpec, sheets: Iterable[Sheet]) -> Iterator[Issue]:
    """The encoding assumed, headers with control characters, columns that cannot be cells."""
    for sheet in sheets:
        name, source = table.name, sheet.source
        if (taken := sheet.assumed) is not None:
            expected = Text(
                f"按 {taken.encoding} 读入；按 Windows-1252 则为“{taken.western}”",
                f"read as {taken.encoding}; in Windows-1252 it is “{taken.western}”",
            )
            yield Issue(
                rule="encoding_assumed", table=name, source=source, row=taken.row, value=taken.word, expected=expected
            )  # fmt: skip
        for header in sheet.cleaned:
            yield Issue(rule="control_character", table=name, source=source, row=1, column=header)
        for header, kind in sheet.unread:
            yield unread_column(table.name, sheet.source, header, kind)


def unread_column(table: str, source: str, header: str, kind: str) -> Issue:
    """The finding that a column of a parquet file was left out because of its type."""
    expected = Text(f"类型为 {kind}，不是数字、文字或日期", f"its type is {kind}, not a number, text or date")
    return Issue(rule="column_ignored", table=table, source=source, row=1, column=header, expected=expected)

"""Which header of a file is which of our columns."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from oligoscope.bilingual import Text
from oligoscope.intake.files.cells import plain
from oligoscope.intake.issues import Issue
from oligoscope.study.dictionary.variable import Variable


def find_header(headers: Iterable[str], name: str) -> str | None:
    """The header that is `name`; width, case, spaces and underscores do not matter."""
    headers = list(headers)
    if name in headers:
        return name
    return next((header for header in headers if plain(header) == plain(name)), None)


def find_column(headers: Iterable[str], column: Variable) -> str | None:
    """The header that is certainly this column: our name, an alias, or its printed name."""
    headers = list(headers)
    names = (column.name, *column.aliases, column.printed.zh, column.printed.en)
    return next((found for name in names if (found := find_header(headers, name)) is not None), None)


def missing_column(table: str, source: str, name: str, headers: Iterable[str]) -> Issue:
    """The finding that a file lacks a column, with the headers it has and the nearest of them."""
    headers = list(headers)
    listed = ", ".join(headers)
    near = nearest_header(name, headers)
    zh = f"；是否应为 {near}？" if near else ""
    en = f"; did you mean {near}?" if near else ""
    expected = Text(f"文件的列为：{listed}{zh}", f"the columns of the file are: {listed}{en}")
    return Issue(rule="column_missing", table=table, source=source, row=1, column=name, expected=expected)


def nearest_header(name: str, headers: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The header most like a name, which was probably meant."""
    by_form = {plain(header): header for header in headers}
    found = difflib.get_close_matches(plain(name), by_form, n=1, cutoff=cutoff)
    return by_form[found[0]] if found else None

"""The first rows of every sheet as they are written, and what each row and sheet is taken for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from openpyxl.utils import get_column_letter

from oligoscope.bilingual import both
from oligoscope.intake.files.example_rows import without_examples
from oligoscope.intake.files.long_rows import plan_of
from oligoscope.intake.files.raw_table import ROW, RawTable
from oligoscope.intake.files.row_filter import without_notes
from oligoscope.intake.files.sheet import Cells, Sheet, table_of_sheets
from oligoscope.intake.readers import sheets_of_file
from oligoscope.mapping.answers import ALL, TakesSheet, Tree
from oligoscope.mapping.draft import Work, found_tables
from oligoscope.mapping.files_found import FolderContent, content_of
from oligoscope.study.protocol import ALL_SHEETS, LimitSettings, TableSource
from oligoscope.study.schemas import MEASUREMENTS, PATIENTS, TABLES

_BEFORE, _DATA = 12, 8  # rows shown: at most of titles, and of data
_COLUMNS, _SIGNS = 40, 60  # shown
_LEFT_OUT = 30  # rows that are listed
Place = tuple[str, str | None]  # a file and the title of its sheet, None where it has one table
_NOTHING: Mapping[Place, Mapping[str, Any]] = {}
_ROWS_SETTINGS = ("header_row", "units_row", "ignored_rows", "last_row", "encoding")


@dataclass(frozen=True)
class SheetUse:
    """Which tables are read from which sheet.

    Attributes:
        tables: By file and title: the tables.
        asked: By file and title: the tables that it may be, which is a question.
    """

    tables: Mapping[Place, tuple[str, ...]]
    asked: Mapping[Place, tuple[str, ...]]


def previews_of(
    folder: Path,
    settings: Mapping[str, Any],
    answers: Mapping[str, str],
    progress: Callable[[str], None] = lambda _stage: None,
) -> list[dict[str, Any]]:
    """Each file of a folder, its sheets, their first rows, and what they are taken for.

    Args:
        folder: Of the files.
        settings: The study in long form, with what its mapping states.
        answers: Of the mapping, by the question's id.
        progress: Called with `read n/N`.
    """
    reading = Reading(folder, settings, progress)
    use = reading.use(answers)
    found: list[dict[str, Any]] = []
    for name, text in reading.content.unread.items():
        found.append({"file": name, "problem": both(text), "sheets": []})
    for name, domain in reading.content.domains.items():
        found.append({"file": domain, "domain": name.upper(), "sheets": []})
    for name, sheets in reading.read.items():
        if name in reading.content.unread or name in reading.content.domains.values():
            continue
        shown = [
            _shown(sheet, title, use.tables.get((name, title), ()), use.asked.get((name, title), ()))
            for title, sheet in sheets.items()
        ]
        found.append({"file": name, "sheets": shown})
    return sorted(found, key=lambda one: one["file"])


class Reading:
    """Every file of a folder, read once by what the study states of its rows."""

    def __init__(
        self,
        folder: Path,
        settings: Mapping[str, Any],
        progress: Callable[[str], None] = lambda _stage: None,
        rows: Mapping[Place, Mapping[str, Any]] = _NOTHING,
    ) -> None:
        """Read the files.

        Args:
            folder: Of the files.
            settings: The study in long form, with what its mapping states.
            progress: Called with `read n/N`.
            rows: Settings of the rows of single sheets, before the study's.
        """
        self.folder, self.settings, self._rows = folder, settings, rows
        self.data: Tree = dict(settings.get("data") or {})
        self.read: dict[str, Mapping[str | None, Sheet]] = {}
        n = sum(path.is_file() for path in folder.iterdir()) or 1

        def sheets_of(folder: Path, name: str, limits: LimitSettings) -> Mapping[str | None, Sheet]:
            progress(f"read {min(len(self.read) + 1, n)}/{n}")
            self.read[name] = sheets_of_file(folder, name, limits, self._stated(name))
            return self.read[name]

        self.content: FolderContent = content_of(folder, LimitSettings(), sheets_of)

    def use(self, answers: Mapping[str, str]) -> SheetUse:
        """The tables of each sheet, as `map` would take them."""
        work = Work.of(self.folder, self.settings, answers)
        found_tables(self.content, work)
        tables: dict[Place, tuple[str, ...]] = {}
        for table in TABLES:
            source = work.data.get(table)
            for place in self._places(source if isinstance(source, dict) else {}):
                tables[place] = (*tables.get(place, ()), table)
        asked: dict[Place, tuple[str, ...]] = {}
        for question in work.asked.values():
            takes = question.takes
            if not isinstance(takes, TakesSheet) or question.id in answers:
                continue
            for shown, (files, title) in takes.sheets.items():
                if shown == ALL:
                    continue
                for place in self._places({"files": files, "sheet": title}):
                    asked[place] = tuple(dict.fromkeys((*asked.get(place, ()), takes.table, *takes.also)))
        return SheetUse(tables, asked)

    def _places(self, source: Mapping[str, Any]) -> Iterator[Place]:
        """The sheets that a table's settings name, of the files that are there."""
        files, named = listed(source.get("files")), listed(source.get("sheet"))
        for file in files:
            titles = list(self.read.get(file, ()))
            if titles == [None] or len(titles) == 1:
                yield file, titles[0]
            elif named == (ALL_SHEETS,):
                yield from ((file, title) for title in titles)
            else:
                yield from ((file, title) for title in titles if title in named)

    def _stated(self, name: str) -> dict[str | None, TableSource]:
        """What the tables of a file state of the rows of its sheets, by title; None: of all of them."""
        stated: dict[str | None, TableSource] = {
            title: TableSource.model_validate({"files": (name,), **rows})
            for (file, title), rows in self._rows.items()
            if file == name
        }
        for table in TABLES:
            source = self.data.get(table)
            if not isinstance(source, dict) or name not in listed(source.get("files")):
                continue
            rows = {key: source[key] for key in _ROWS_SETTINGS if source.get(key) is not None}
            if not rows:
                continue
            made = TableSource.model_validate({"files": (name,), **rows})
            titles = listed(source.get("sheet"))
            for title in (None,) if titles in {(), (ALL_SHEETS,)} else titles:
                stated.setdefault(title, made)
        return stated


def listed(words: Any) -> tuple[str, ...]:
    """One word or several, as several."""
    return (words,) if isinstance(words, str) else tuple(map(str, words or ()))


def _shown(sheet: Sheet, title: str | None, tables: Sequence[str], asked: Sequence[str]) -> dict[str, Any]:
    raw, notes = _without_rows(sheet)
    kinds = {left.row: (left.reason, left.text) for left in sheet.shape.left_out} | notes
    kinds |= dict.fromkeys(sheet.shape.header_rows, ("header", ""))
    if sheet.shape.units_row is not None:
        kinds[sheet.shape.units_row] = ("units", "")
    rows = list(_rows(sheet, kinds))
    width = max((len(cells) for _, cells in rows), default=len(sheet.headers))
    scans = _scans(sheet, raw, tables)
    shape = sheet.shape
    return {
        "title": title,
        "tables": list(tables),
        "asked": list(asked),
        "n": raw.frame.height,
        "header_rows": list(shape.header_rows),
        "stated": sorted(shape.stated),
        "width": width,
        "letters": [get_column_letter(i + 1) for i in range(min(width, _COLUMNS))],
        "scans": [header in scans for header in _by_column(sheet, rows)[:_COLUMNS]],
        "n_scans": len(scans),
        "rows": [
            {"row": number, "kind": kinds.get(number, ("data", ""))[0], "cells": _cut(cells, width)}
            for number, cells in rows
        ],
        "left_out": [
            {"row": row, "kind": kind, "text": text[:_SIGNS]}
            for row, (kind, text) in sorted(kinds.items())
            if kind not in {"header", "units", "title"}
        ][:_LEFT_OUT],
        "ignored_rows": [left.row for left in shape.left_out if left.reason == "ignored_in_study_file"],
        "hidden": [shape.hidden_rows, shape.hidden_columns],
        "unnamed": [column.column for column in shape.unnamed],
    }


def _without_rows(sheet: Sheet) -> tuple[RawTable, dict[int, tuple[str, str]]]:
    """The rows of data, and the totals, notes and examples among them."""
    whole = table_of_sheets(PATIENTS.name, [sheet])
    raw = without_notes(without_examples(whole, TableSource(files=())))
    found = {
        issue.row: ("note" if issue.rule == "row_is_a_note" else "example", issue.value or "")
        for issue in raw.problems
        if issue.row is not None
    }
    return raw, found


def _rows(sheet: Sheet, kinds: Mapping[int, tuple[str, str]]) -> Iterator[tuple[int, Cells]]:
    """The rows up to the header, and the first ones of data."""
    n = 0
    head = sheet.head or ((1, sheet.headers), *_of_frame(sheet))
    last = sheet.shape.header_rows[-1]
    before = [number for number, _ in head if number < last][:-_BEFORE]
    for number, cells in head:
        if number in before:
            continue
        yield number, cells
        n += number not in kinds
        if n == _DATA:
            return


def _of_frame(sheet: Sheet) -> Iterator[tuple[int, Cells]]:
    rows = sheet.frame.head(_DATA).select(pl.col(ROW), *(pl.col(name) for name in sheet.headers))
    yield from ((int(number), cells) for number, *cells in rows.iter_rows())


def _by_column(sheet: Sheet, rows: Sequence[tuple[int, Cells]]) -> list[str]:
    """The header of each column of the grid, as it is called in the end."""
    cells = next((cells for number, cells in rows if number == sheet.shape.header_rows[-1]), ())
    names = iter(sheet.headers)
    return [next(names, "") if cell and not cell.isspace() else "" for cell in cells]


def _scans(sheet: Sheet, raw: RawTable, tables: Sequence[str]) -> frozenset[str]:
    """The headers that are columns of scans."""
    if tables and MEASUREMENTS.name not in tables:
        return frozenset()
    of_measurements = RawTable(
        MEASUREMENTS.name, raw.frame, headers={sheet.source: sheet.headers}, day_zero=raw.day_zero
    )
    plan = plan_of(of_measurements, sheet.source, raw.frame, sheet.headers, TableSource(files=()))
    return frozenset() if plan is None else plan.headers


def _cut(cells: Cells, width: int) -> list[str]:
    shown = [(cell or "").strip() for cell in cells[:_COLUMNS]]
    shown += [""] * (min(width, _COLUMNS) - len(shown))
    return [cell if len(cell) <= _SIGNS else f"{cell[: _SIGNS - 1]}…" for cell in shown]

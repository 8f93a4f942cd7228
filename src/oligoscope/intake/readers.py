"""Files to raw tables: every cell as text with its place; what cannot be read is a finding, not an exception."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.intake.files.csv_reader import read_csv
from oligoscope.intake.files.formats import OLD_EXCEL, PARQUET, XLSX
from oligoscope.intake.files.joining import add_joined
from oligoscope.intake.files.parquet_sheet import read_parquet_sheet
from oligoscope.intake.files.raw_table import RawTable
from oligoscope.intake.files.row_filter import keep_where, without_notes
from oligoscope.intake.files.sheet import Sheet, UnreadableError, read_bytes
from oligoscope.intake.files.sheet_issues import sheet_issues
from oligoscope.intake.files.xlsx_reader import read_xlsx
from oligoscope.intake.issues import Issue
from oligoscope.intake.sdtm.sdtm import read_sdtm
from oligoscope.study.protocol import Protocol, TableSource
from oligoscope.study.schemas import TABLES, TableSpec


def read_tables(protocol: Protocol, folder: Path) -> dict[str, RawTable]:
    """Read every table that the study names.

    Args:
        protocol: The study; `data` says which files.
        folder: The folder of the files (`study_file.data_folder`, or the one given by --data).

    Returns:
        A raw table for each one named; one that could not be read has no rows, and the reason in `problems`.
    """
    files = _Files(folder)
    sources = {name: getattr(protocol.data, name) for name in TABLES}
    # A table that the study names besides its SDTM domains replaces theirs.
    return read_sdtm(protocol, folder) | {
        name: _read_table(TABLES[name], source, files) for name, source in sources.items() if source
    }


def _read_table(table: TableSpec, source: TableSource, files: _Files) -> RawTable:
    sheets: list[Sheet] = []
    problems: list[Issue] = []
    for name in source.files:
        try:
            sheets.append(files.sheet(name, source.sheet, table, source.encoding))
        except UnreadableError as error:
            problems.append(Issue(rule="file_unreadable", table=table.name, source=name, expected=error.text))
    raw = _concatenated(table.name, sheets).with_problems(*problems, *sheet_issues(table, sheets))
    raw = without_notes(keep_where(raw, source.where))
    for i, join in enumerate(source.join, 1):
        try:
            sheet = files.sheet(join.file, join.sheet, table, source.encoding)
        except UnreadableError as error:
            raw = raw.with_problems(
                Issue(rule="file_unreadable", table=table.name, source=join.file, expected=error.text)
            )
        else:
            raw = add_joined(raw, sheet, join, i, source)
    return raw


def _concatenated(name: str, sheets: list[Sheet]) -> RawTable:
    if not sheets:
        return RawTable(name)
    return RawTable(
        name,
        pl.concat([sheet.frame for sheet in sheets], how="diagonal"),
        headers={sheet.source: sheet.headers for sheet in sheets},
        repeated={sheet.source: sheet.repeated for sheet in sheets if sheet.repeated},
        day_zero={sheet.source: sheet.day_zero for sheet in sheets if sheet.day_zero is not None},
    )


@dataclass
class _Files:
    """The files of a study, each read once, even if several tables are made from it."""

    folder: Path
    _bytes: dict[str, bytes] = field(default_factory=dict)
    _sheets: dict[str, Sheet] = field(default_factory=dict)

    def sheet(self, name: str, wanted: str | None, table: TableSpec, encoding: str | None) -> Sheet:
        if name not in self._bytes:
            self._bytes[name] = read_bytes(self.folder / name)
        raw = self._bytes[name]
        if XLSX.is_content(raw):
            title, sheet = read_xlsx(raw, wanted, (table.name, table.label.zh, table.label.en))
            return sheet.named(f"{name} [{title}]")
        if PARQUET.is_content(raw) and wanted is None:
            return self._once(name, lambda: read_parquet_sheet(self.folder / name, name))
        if wanted is not None:
            raise UnreadableError(Text("不是工作簿，没有工作表。", "it is not a workbook and has no sheets"))
        _refuse_other_formats(name, raw)
        return self._once(f"{name} {encoding}", lambda: read_csv(raw, encoding).named(name))

    def _once(self, key: str, read: Callable[[], Sheet]) -> Sheet:
        if key not in self._sheets:
            self._sheets[key] = read()
        return self._sheets[key]


def _refuse_other_formats(name: str, raw: bytes) -> None:
    if OLD_EXCEL.is_content(raw):
        raise UnreadableError(Text(
            "旧版 xls 或加密的工作簿。请另存为不加密的 xlsx。", "it is an old xls file or an encrypted workbook; save it as xlsx without a password",
        ))  # fmt: skip
    if XLSX.is_named(name):
        raise UnreadableError(
            Text("不是有效的 xlsx 工作簿。请重新保存。", "it is not a valid xlsx workbook; save it again")
        )

"""A clean table dressed as people keep it: titles, two header rows, units, merged cells, totals, notes, columns of scans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from oligoscope.intake.files.merged_cells import Merged
from oligoscope.intake.files.own_rows import own_rows
from oligoscope.intake.files.raw_table import ROW, RawTable
from oligoscope.intake.files.row_filter import without_notes
from oligoscope.intake.files.shape import Merge
from oligoscope.intake.files.sheet import sheet_issues, sheet_of_rows, table_of_sheets
from oligoscope.intake.files.sheet_wanted import wanted_of
from oligoscope.study.protocol import TableSource
from oligoscope.study.schemas import TABLES

Row = list[str | None]


@dataclass
class Grid:
    """Cells of a sheet, and its merged blocks (rows and columns from 1)."""

    rows: list[Row]
    merges: list[Merge] = field(default_factory=list)

    def below(self, n: int) -> Grid:
        """The blocks moved down by n rows; the rows are the caller's."""
        moved = [Merge(m.top + n, m.left, m.bottom + n, m.right) for m in self.merges]
        return Grid(self.rows, moved)


def read(grids: dict[str, Grid], *, workbook: bool = True, **sources: dict[str, Any]) -> dict[str, RawTable]:
    """Tables read from grids; each of `sources` is a table of study.yaml whose `files` is the name of a grid."""
    settings = {name: TableSource.model_validate(source) for name, source in sources.items()}
    tables: dict[str, RawTable] = {}
    for name, source in settings.items():
        sheets = []
        for file in source.files:
            grid = grids[file]
            merged = Merged(tuple(grid.merges) if workbook else (), is_workbook=workbook)
            rows = [(n, tuple(row)) for n, row in enumerate(grid.rows, 1)]
            sheets.append(
                sheet_of_rows(rows, wanted=wanted_of(TABLES[name], source), merged=merged).named(file)
            )
        raw = table_of_sheets(name, sheets)
        tables[name] = without_notes(raw.with_problems(*sheet_issues(TABLES[name], sheets)))
    return own_rows(tables, settings)


def cells(raw: RawTable, headers: Sequence[str]) -> list[tuple[str | None, ...]]:
    """The rows of some columns, blank cells as None."""
    return [tuple(c or None for c in row) for row in raw.frame.select(headers).rows()]


def places(raw: RawTable) -> list[int]:
    """The rows of the sheet that the rows of the table come from."""
    return raw.frame[ROW].to_list()


def rules(raw: RawTable) -> set[str]:
    """The rules of its findings."""
    return {issue.rule for issue in raw.problems}

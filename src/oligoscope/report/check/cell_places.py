"""The cell of a workbook that a finding is about: by its row, and the column under the header that it names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl.cell import MergedCell

from oligoscope.intake.issues import Issue
from oligoscope.study.dictionary.words import plain

_WIDEST = 2_000  # columns


@dataclass(frozen=True)
class SheetPlaces:
    """The headers of a sheet.

    Attributes:
        sheet: Of openpyxl.
        header_rows: The rows of its header.
        columns: Numbers of the columns by each form of their header.
    """

    sheet: Any
    header_rows: tuple[int, ...]
    columns: Mapping[str, Sequence[int]]

    @classmethod
    def of(cls, sheet: Any, header_rows: Sequence[int]) -> SheetPlaces:
        """Read the headers; a name over several columns is the name of each."""
        columns: dict[str, list[int]] = {}
        above: dict[int, str] = {}
        for at in range(1, min(sheet.max_column, _WIDEST) + 1):
            parts: list[str] = []
            for row in header_rows:
                text = _text(sheet.cell(row, at).value)
                above[row] = text or above.get(row, "")
                if text or row != header_rows[-1]:
                    parts.append(text or above[row])
            for form in {plain(p) for p in (*parts, " / ".join(dict.fromkeys(parts)))} - {""}:
                columns.setdefault(form, []).append(at)
        return cls(sheet, tuple(header_rows), columns)

    def cell(self, issue: Issue) -> Any | None:
        """The cell; of a finding about a column its header, of one about a row the first cell of it; None: neither.

        Of merged cells it is the one at the top left: Excel shows and keeps no other.
        """
        found = self._cell(issue)
        if not isinstance(found, MergedCell):
            return found
        at = found.coordinate
        merged = next(area for area in self.sheet.merged_cells.ranges if at in area)
        return self.sheet.cell(merged.min_row, merged.min_col)

    def _cell(self, issue: Issue) -> Any | None:
        there = self._columns_of(issue.column)
        if issue.row is None or issue.row <= self.header_rows[-1]:
            return self.sheet.cell(self.header_rows[-1], there[0]) if there else None
        if issue.row > self.sheet.max_row:
            return None
        cells = [self.sheet.cell(issue.row, at) for at in there]
        if issue.value is not None and (len(cells) != 1):
            wide = range(1, min(self.sheet.max_column, _WIDEST) + 1)
            known = cells or [self.sheet.cell(issue.row, at) for at in wide]
            same = [c for c in known if plain(_text(c.value)) == plain(issue.value)]
            cells = same or cells
        return cells[0] if cells else self._first(issue.row)

    def _columns_of(self, name: str) -> Sequence[int]:
        if not name:
            return ()
        whole = self.columns.get(plain(name))
        if whole:
            return whole
        return [at for part in name.split("/") for at in self.columns.get(plain(part), ())]

    def _first(self, row: int) -> Any:
        for at in range(1, min(self.sheet.max_column, _WIDEST) + 1):
            if self.sheet.cell(row, at).value is not None:
                return self.sheet.cell(row, at)
        return self.sheet.cell(row, 1)


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()

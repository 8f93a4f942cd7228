"""The rows of a sheet that are data, apart from those that are not; columns that have no header."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from openpyxl.utils import get_column_letter

from oligoscope.intake.files.layout import Cells, Layout, Wanted
from oligoscope.intake.files.shape import LeftOut, Reason, Unnamed


def by_header(names: Sequence[str], cells: Cells) -> dict[str, str]:
    """The cells of a row that are not blank, by the header above them."""
    found: dict[str, str] = {}
    for name, cell in zip(names, cells, strict=False):
        if name and cell and not cell.isspace():
            found.setdefault(name, cell.strip())
    return found


@dataclass
class Taken:
    """The rows of data; those that are none are kept with the reason."""

    head: list[tuple[int, Cells]]
    layout: Layout
    wanted: Wanted
    left_out: list[LeftOut] = field(default_factory=list)
    _days: Cells = ()

    def data(self, rest: Iterable[tuple[int, Cells]]) -> Iterator[tuple[int, Cells]]:
        """The rows of data, those of the head first."""
        first, last = self.layout.header[0], self.layout.header[-1]
        if self.wanted.dates_row is not None:
            self._days = next((cells for number, cells in self.head if number == self.wanted.dates_row), ())
        self.left_out += [LeftOut(number, "title", shown(cells)) for number, cells in self.head[:first]]
        again = list(self.head[last][1])
        known = len(self.layout.header) > 1 or _n_filled(again) > 1
        begin = again[0] if again else None
        for at, (number, cells) in enumerate(chain(self.head[last + 1 :], rest), last + 1):
            reason = self._reason(at, number)
            if reason is None and known and cells[0] == begin and list(cells) == again:
                reason = "repeated_header"
            if reason is None:
                yield number, cells
            else:
                self.left_out.append(LeftOut(number, reason, shown(cells)))

    def _reason(self, at: int, number: int) -> Reason | None:
        wanted = self.wanted
        if at == self.layout.units:
            return "units"
        if number in wanted.ignored_rows or number == wanted.dates_row:
            return "ignored_in_study_file"
        return "after_last_row" if wanted.last_row is not None and number > wanted.last_row else None

    def days(self, names: Sequence[str]) -> dict[str, str]:
        """The cells of the row of dates, by header."""
        return by_header(names, self._days)


def shown(cells: Cells) -> str:
    """The cells of a row that are not blank, as a finding shows them."""
    return ", ".join(cell.strip() for cell in cells if cell and not cell.isspace())[:200]


def _n_filled(cells: Cells) -> int:
    return sum(bool(cell) and not (cell or "").isspace() for cell in cells)


def unnamed_column(at: int, numbers: Sequence[int], cells: Cells) -> Unnamed | None:
    """A column of cells without a header; None where it is blank."""
    filled = [(row, cell) for row, cell in zip(numbers, cells, strict=True) if cell and not cell.isspace()]
    return Unnamed(get_column_letter(at + 1), filled[0][0], filled[0][1], len(filled)) if filled else None


def unnamed_beyond(width: int, numbers: Sequence[int], excess: Sequence[str | None]) -> list[Unnamed]:
    """The cells to the right of the last header."""
    filled = [(row, cell) for row, cell in zip(numbers, excess, strict=True) if cell]
    return [Unnamed(get_column_letter(width + 1), filled[0][0], filled[0][1], len(filled))] if filled else []

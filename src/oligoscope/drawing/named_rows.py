"""Names of rows left of a plot: a long one on several lines, its row as much taller."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from oligoscope.drawing.lettering import broken, width_mm, write_line
from oligoscope.drawing.sheet import Sheet

WIDEST_MM = 60.0  # a longer name takes another line
_LINE_MM = 3.0
_MOST_LINES = 3  # what is longer still is cut; the tables print it whole


@dataclass(frozen=True, slots=True)
class NamedRows:
    """Rows one below the other, the height of one with a name of one line as the unit.

    Attributes:
        names: The lines of each name.
        row_mm: The height of a row with a name of one line.
    """

    names: tuple[tuple[str, ...], ...]
    row_mm: float

    @classmethod
    def of(cls, names: Iterable[str], row_mm: float) -> NamedRows:
        return cls(tuple(_lines(name) for name in names), row_mm)

    @property
    def heights(self) -> tuple[float, ...]:
        """In rows."""
        return tuple(1 + (len(lines) - 1) * _LINE_MM / self.row_mm for lines in self.names)

    @property
    def total(self) -> float:
        """The height of all, in rows."""
        return sum(self.heights)

    @property
    def total_mm(self) -> float:
        return self.row_mm * self.total

    @property
    def middles(self) -> tuple[float, ...]:
        """Of each row, in rows from the top of the first."""
        heights = self.heights
        tops = accumulate(heights, initial=0.0)
        return tuple(top + height / 2 for top, height in zip(tops, heights, strict=False))

    @property
    def widths_mm(self) -> tuple[float, ...]:
        """Of the longest line of each name."""
        return tuple(max(map(width_mm, lines)) for lines in self.names)

    def write(
        self, sheet: Sheet, row: int, place: float, top: float, align: Literal["left", "right"] = "left"
    ) -> None:
        """Write one name, its lines around the middle of its row.

        Args:
            sheet: To write on.
            row: Whose name.
            place: The side on which its lines are flush, in mm from the left.
            top: Of the first row, in mm.
            align: Which side that is.
        """
        lines = self.names[row]
        first = top + self.middles[row] * self.row_mm - (len(lines) - 1) / 2 * _LINE_MM
        for k, line in enumerate(lines):
            write_line(sheet, place, first + k * _LINE_MM, line, align)


def _lines(name: str) -> tuple[str, ...]:
    """One line where the name fits into it; at most three, the last of them cut."""
    return (name,) if width_mm(name) <= WIDEST_MM else tuple(broken(name, WIDEST_MM, _MOST_LINES))

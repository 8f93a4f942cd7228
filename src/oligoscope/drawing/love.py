"""A love plot: absolute standardised differences, a row a level, a marker a way of comparing the groups, and the limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, isinf
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing

from oligoscope.bilingual import Language, Text
from oligoscope.drawing.named_rows import NamedRows
from oligoscope.drawing.sheet import LINE_MM, Key, Sheet, arrange_keys
from oligoscope.drawing.theme import FAINT, SINGLE_COLUMN_MM, TEXT_PT

# Millimetres.
_ROW, _LEFT, _RIGHT, _AXIS = 3.8, 2.0, 4.0, 13.5


@dataclass(frozen=True, slots=True)
class Mark:
    """How one column of differences is drawn."""

    text: Text
    marker: str
    colour: str
    is_filled: bool


@dataclass(frozen=True, slots=True)
class LoveRow:
    """One level: its name, and the size of its difference by the word of the column; what is absent is not drawn."""

    name: Text
    sizes: Mapping[str, float]


def paint_love(
    rows: Sequence[LoveRow], marks: Mapping[str, Mark], limit: float, language: Language
) -> Drawing:
    """Draw the rows in their order; an infinite difference lies on the right edge, with its sign.

    Args:
        rows: One or more.
        marks: Of the columns that some row has.
        limit: Drawn as a dashed line.
        language: Of the words.
    """
    shown = [s for s in marks if any(s in row.sizes for row in rows)]
    named = NamedRows.of((row.name[language] for row in rows), _ROW)
    left = _LEFT + max(named.widths_mm) + 2.5
    keys = [
        Key(m.text[language], "marker", m.colour, m.colour, marker=m.marker, filled=m.is_filled)
        for m in (marks[s] for s in shown)
    ]
    placed = arrange_keys(keys, SINGLE_COLUMN_MM - _LEFT - _RIGHT)
    top = 1.5 + LINE_MM * len(placed) + 2.0
    height = named.total_mm
    sheet = Sheet(SINGLE_COLUMN_MM, top + height + _AXIS)
    sheet.paint_keys(placed, _LEFT, 1.5)
    edge = _edge(rows, limit)
    axes = sheet.axes(left, top, SINGLE_COLUMN_MM - left - _RIGHT, height)
    axes.set_xlim(0, edge)
    axes.set_ylim(named.total, 0)
    for i, (y, row) in enumerate(zip(named.middles, rows, strict=True)):
        named.write(sheet, i, left - 2.0, top, "right")
        axes.axhline(y, color="#e4e4e4", linewidth=0.4, zorder=0)
        for column in shown:
            if column in row.sizes:
                _paint_mark(axes, row.sizes[column], y, marks[column], edge)
    axes.axvline(limit, color=FAINT, linewidth=0.7, linestyle=(0, (4, 2)), zorder=0.5)
    _paint_infinite(axes, named.middles, rows, edge)
    axes.set_yticks([])
    axes.tick_params(labelsize=TEXT_PT)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}" if value else "0")
    axes.set_xlabel("|SMD|", size=TEXT_PT, labelpad=2)
    return sheet.drawing


def _paint_mark(axes: Axes, size: float, y: float, mark: Mark, edge: float) -> None:
    # On the left edge, where a difference of 0 lies, half a marker would be cut.
    is_at_edge = isinf(size) or size < 0.02 * edge
    axes.plot(
        edge if isinf(size) else size, y, marker=mark.marker, markersize=5 if mark.marker == "|" else 3.8, color=mark.colour,
        markerfacecolor=mark.colour if mark.is_filled else "white", markeredgewidth=0.9, linestyle="none",
        clip_on=not is_at_edge,
    )  # fmt: skip


def _edge(rows: Sequence[LoveRow], limit: float) -> float:
    """The right end of the axis: beyond everything that is finite; what is infinite is drawn on it."""
    sizes = [size for row in rows for size in row.sizes.values()]
    return 1.08 * max([limit, *(size for size in sizes if isfinite(size))])


def is_infinite(row: LoveRow) -> bool:
    """Whether one of its differences has no bound."""
    return any(map(isinf, row.sizes.values()))


def _paint_infinite(axes: Axes, middles: Sequence[float], rows: Sequence[LoveRow], edge: float) -> None:
    """The sign of infinity left of the marks that lie on the edge."""
    for y, row in zip(middles, rows, strict=True):
        if is_infinite(row):
            place: dict[str, Any] = {"textcoords": "offset points", "ha": "right", "va": "center"}
            axes.annotate("∞", (edge, y), (-6, 0), size=TEXT_PT, **place)

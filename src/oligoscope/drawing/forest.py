"""The drawing of a forest plot: names, printed numbers and, on one axis, points with their limits."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.ticker import MaxNLocator, NullLocator

from oligoscope.bilingual import Language, Text
from oligoscope.drawing.lettering import broken, fitted, width_mm, write_line
from oligoscope.drawing.named_rows import NamedRows
from oligoscope.drawing.sheet import LINE_MM, Key, Sheet, arrange_keys
from oligoscope.drawing.theme import DOUBLE_COLUMN_MM, FAINT, INK, TEXT_PT
from oligoscope.results.results import Estimate

COLOURS = ("#D55E00", "#0072B2")  # Okabe & Ito; the marker, hollow or filled, tells them apart in grey
TICKS = (0.1, 0.2, 0.25, 0.5, 1, 2, 4, 5, 10)
_WIDEST = math.log(10)  # the axis never goes further than 0.1 to 10

# Millimetres.
ROW_MM, _UNDER_HEAD, _LEFT, _RIGHT, _GAP, _INDENT = 4.0, 2.5, 2.0, 3.0, 3.0, 3.0
_NARROWEST_HEAD, _MOST_LINES = 22.0, 2  # of the head of a column
_AXIS, _FOOT = 10.0, 4.5


@dataclass(frozen=True, slots=True)
class Column:
    """A column of printed numbers.

    Attributes:
        head: Over it; broken where it is wider than its numbers.
        under: What the numbers are, below the head; None where the head says it.
        in_words: In the words for who cannot see the picture, too.
    """

    head: Text
    in_words: bool = False
    under: Text | None = None


@dataclass(frozen=True, slots=True)
class Model:
    """What the n-th point of every row belongs to."""

    name: Text
    is_filled: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One row.

    Attributes:
        name: At the left.
        cells: Printed at the right.
        points: Estimates with limits, of which nothing is drawn where they are withheld; a heading has none.
        is_heading: Not indented.
        is_whole: All patients: drawn as a diamond, not indented.
        tests: Whose P is printed.
        counts: Patients and events that are printed.
    """

    name: Text
    cells: tuple[Text, ...]
    points: tuple[Estimate | None, ...] = ()
    is_heading: bool = False
    is_whole: bool = False
    tests: tuple[Estimate | None, ...] = ()
    counts: tuple[Estimate, ...] = ()


@dataclass(frozen=True)
class Forest:
    """Everything one drawing shows.

    Attributes:
        entries: Rows from top to bottom.
        columns: Printed numbers right of the names.
        models: One for each point of a row; none where a row has one point.
        axis: Name of the axis.
        below: What an estimate below `no_effect` means.
        above: What an estimate above it means.
        reference: A dashed line beside that of no effect; None for none.
        no_effect: 1 for ratios, on a log axis; 0 for differences, on a plain one.
        width_mm: Of the picture.
        row_mm: The height of a row.
    """

    entries: tuple[Entry, ...]
    columns: tuple[Column, ...]
    models: tuple[Model, ...]
    axis: Text
    below: Text
    above: Text
    reference: float | None = None
    no_effect: Literal[0, 1] = 1
    width_mm: float = DOUBLE_COLUMN_MM
    row_mm: float = ROW_MM

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """Every estimate printed, once."""
        tests = (test for e in self.entries for test in e.tests if test is not None)
        counts = (count for e in self.entries for count in e.counts)
        return tuple(dict.fromkeys([*self.drawn, *tests, *counts]))

    @property
    def drawn(self) -> list[Estimate]:
        """The estimates of its points."""
        return [point for e in self.entries for point in e.points if point is not None]


def paint_forest(forest: Forest, language: Language) -> Drawing:
    """Names at the left, then the plot, then the printed columns at the right."""
    rows = NamedRows.of((e.name[language] for e in forest.entries), forest.row_mm)
    starts = [_LEFT if e.is_heading or e.is_whole else _LEFT + _INDENT for e in forest.entries]
    names = max(start + width for start, width in zip(starts, rows.widths_mm, strict=True))
    heads = [_head_lines(forest, i, language) for i in range(len(forest.columns))]
    widths = [_column_width(forest, i, heads[i], language) for i in range(len(forest.columns))]
    right = forest.width_mm - _RIGHT - sum(widths) - _GAP * (len(widths) - 1)
    plot_left, plot_right = names + _GAP, right - _GAP
    keys = _keys(forest, language)
    top = 1.0 + LINE_MM * (len(keys) + max(map(len, heads), default=0)) + _UNDER_HEAD
    height = rows.total_mm
    sheet = Sheet(forest.width_mm, top + height + _AXIS + LINE_MM + _FOOT)
    sheet.paint_keys(keys, plot_left, 1.0)
    _paint_heads(sheet, heads, widths, right, top - _UNDER_HEAD)
    centres = _centres(widths, right)
    # A row whole before the next, as it is read aloud.
    for i, (entry, middle) in enumerate(zip(forest.entries, rows.middles, strict=True)):
        rows.write(sheet, i, starts[i], top)
        _paint_cells(sheet, entry, centres, top + middle * forest.row_mm, language)
    axes = sheet.axes(plot_left, top, plot_right - plot_left, height)
    _paint_points(axes, forest, rows)
    _label_axis(axes, forest, language)
    _paint_directions(sheet, axes, forest, plot_left, plot_right, top + height + _AXIS, language)
    return sheet.drawing


def _keys(forest: Forest, language: Language) -> list:
    """The models of which a point is drawn."""
    given = {
        i for e in forest.entries for i, p in enumerate(e.points) if p is not None and p.value is not None
    }
    keys = [
        Key(m.name[language], "line", COLOURS[i], COLOURS[i], marker="s", filled=m.is_filled)
        for i, m in enumerate(forest.models)
        if i in given
    ]
    return arrange_keys(keys, 80.0) if keys else []


def _head_lines(forest: Forest, i: int, language: Language) -> list[str]:
    """The head of a column, broken to the width of its numbers and cut where it needs too many lines."""
    cells = max((width_mm(e.cells[i][language]) for e in forest.entries), default=0.0)
    room = max(cells, _NARROWEST_HEAD)
    column = forest.columns[i]
    lines = broken(column.head[language], room, _MOST_LINES)
    return [*lines, *([] if column.under is None else [column.under[language]])]


def _column_width(forest: Forest, i: int, head: list[str], language: Language) -> float:
    return max(map(width_mm, [*head, *(e.cells[i][language] for e in forest.entries)]))


def _centres(widths: list[float], left: float) -> list[float]:
    return [left + sum(widths[:i]) + _GAP * i + width / 2 for i, width in enumerate(widths)]


def _paint_heads(
    sheet: Sheet, heads: list[list[str]], widths: list[float], left: float, bottom: float
) -> None:
    """Each over its column, the last lines on one level."""
    for centre, lines in zip(_centres(widths, left), heads, strict=True):
        for k, line in enumerate(reversed(lines)):
            write_line(sheet, centre, bottom - (k + 0.5) * LINE_MM, line, "center")


def _paint_cells(sheet: Sheet, entry: Entry, centres: list[float], y: float, language: Language) -> None:
    """The printed numbers of a row, each in the middle of its column."""
    for centre, cell in zip(centres, entry.cells, strict=True):
        write_line(sheet, centre, y, cell[language], "center")


def _paint_points(axes: Axes, forest: Forest, rows: NamedRows) -> None:
    low, high = _range(forest)
    if forest.no_effect == 1:
        axes.set_xscale("log")
    axes.set_xlim(low, high)
    axes.set_ylim(rows.total, 0)
    axes.axvline(forest.no_effect, color=INK, linewidth=0.6)
    if forest.reference is not None:
        axes.axvline(forest.reference, color=FAINT, linewidth=0.6, linestyle=(0, (4, 2)))
    for y, entry in zip(rows.middles, forest.entries, strict=True):
        offsets = {1: (0.0,), 2: (-0.18, 0.18)}.get(len(entry.points), (0.0,) * len(entry.points))
        for i, (point, offset) in enumerate(zip(entry.points, offsets, strict=True)):
            if point is not None and point.value is not None:
                _paint_point(axes, point, y + offset, i, forest, entry.is_whole)


def _paint_point(axes: Axes, ratio: Estimate, y: float, i: int, forest: Forest, is_whole: bool) -> None:
    low, high = axes.get_xlim()
    colour = COLOURS[i] if forest.models else COLOURS[1]
    filled = forest.models[i].is_filled if forest.models else True
    ends = (low if ratio.low is None else ratio.low, high if ratio.high is None else ratio.high)
    axes.plot(
        (max(ends[0], low), min(ends[1], high)), (y, y), color=colour, linewidth=0.9, solid_capstyle="butt"
    )
    for end, bound, marker in ((ends[0], low, "<"), (ends[1], high, ">")):
        if (end < bound) if marker == "<" else (end > bound):
            axes.plot(bound, y, marker=marker, markersize=3, color=colour, clip_on=False, linestyle="none")
    if ratio.value is not None and low <= ratio.value <= high:
        axes.plot(
            ratio.value, y, marker="D" if is_whole else "s", markersize=4.2 if is_whole else 3.4, color=colour,
            markerfacecolor=colour if filled else "white", markeredgewidth=0.8, linestyle="none",
        )  # fmt: skip


def _range(forest: Forest) -> tuple[float, float]:
    """Limits of the axis: what is drawn with a little room; of ratios at least 0.5 to 2, never beyond 0.1 to 10."""
    numbers = [
        x for r in forest.drawn for x in (r.value, r.low, r.high) if x is not None and math.isfinite(x)
    ]
    if forest.no_effect == 0:
        low, high = min([*numbers, -1.0]), max([*numbers, 1.0])
        return low - 0.05 * (high - low), high + 0.05 * (high - low)
    ends = [math.log(x) for x in numbers if x > 0]
    low, high = min([*ends, math.log(0.5)]) - 0.1, max([*ends, math.log(2)]) + 0.1
    return math.exp(max(low, -_WIDEST)), math.exp(min(high, _WIDEST))


def _label_axis(axes: Axes, forest: Forest, language: Language) -> None:
    low, high = axes.get_xlim()
    inner = {1: [t for t in TICKS if t not in {0.2, 5}], 0: MaxNLocator(6).tick_values(low, high)}
    ticks = [t for t in inner[forest.no_effect] if low <= t <= high]
    axes.set_xticks(ticks, [f"{t:g}".replace("-", "−") for t in ticks])
    axes.xaxis.set_minor_locator(NullLocator())
    axes.tick_params(labelsize=TEXT_PT)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(forest.axis[language], size=TEXT_PT, labelpad=2)


def _paint_directions(
    sheet: Sheet, axes: Axes, forest: Forest, left: float, right: float, top: float, language: Language
) -> None:
    """What each side of no effect means, under the axis."""
    low, high = axes.get_xlim() if forest.no_effect == 0 else map(math.log, axes.get_xlim())
    middle = left - (right - left) * low / (high - low)
    y = top + LINE_MM / 2
    below = "← " + fitted(forest.below[language], middle - 4.0 - width_mm("← "))
    above = fitted(forest.above[language], sheet.width - middle - 4.0 - width_mm(" →")) + " →"
    write_line(sheet, max(middle - 1.5, width_mm(below) + 1), y, below, "right")
    write_line(sheet, middle + 1.5, y, above, "left")

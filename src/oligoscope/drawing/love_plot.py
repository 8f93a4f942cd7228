"""A love plot: absolute standardised differences of levels and numbers before and after, and a limit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import isfinite, isinf
from typing import Any

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing

from oligoscope.bilingual import Count, Language, Text
from oligoscope.drawing.lettering import fitted, width_mm, write_line
from oligoscope.drawing.sheet import LINE_MM, Key, Sheet, arrange_keys
from oligoscope.drawing.theme import FAINT, SINGLE_COLUMN_MM, TEXT_PT
from oligoscope.number_format import format_number
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic, StatisticAt
from oligoscope.study.keys import in_sentence
from oligoscope.study.vocabulary import name_of, variable_name


@dataclass(frozen=True, slots=True)
class Mark:
    """How one statistic is drawn."""

    text: Text
    marker: str
    colour: str
    is_filled: bool


MARKS: dict[Statistic, Mark] = {
    Statistic.SMD_BEFORE: Mark(Text("匹配前", "Before matching"), "o", "#D55E00", is_filled=False),
    Statistic.SMD_AFTER_ABSOLUTE: Mark(Text("匹配后，插补均值", "After, mean over imputations"), "D", "#0072B2", is_filled=True),
    Statistic.SMD_AFTER_MAXIMUM: Mark(Text("匹配后，插补最大值", "After, largest over imputations"), "|", "#0072B2", is_filled=True),
}  # fmt: skip
# Of one cohort the mean is its own difference, and so is the largest.
MARKS_OF_ONE = {
    Statistic.SMD_BEFORE: MARKS[Statistic.SMD_BEFORE],
    Statistic.SMD_AFTER_ABSOLUTE: replace(
        MARKS[Statistic.SMD_AFTER_ABSOLUTE], text=Text("匹配后", "After matching")
    ),
}

INFINITE = Text(
    "∞：差值无穷大（该水平为一组所有、另一组所无），绘于右缘。",
    " ∞: the difference is infinite (all of one group have the level and none of the other); drawn at the right edge.",
)

# Millimetres.
_ROW, _LEFT, _RIGHT, _AXIS = 3.8, 2.0, 4.0, 13.5
_WIDEST_NAME = 60.0  # a longer name is cut


@dataclass(frozen=True, slots=True)
class Row:
    """One level with the estimates drawn for it."""

    name: Text
    variable: str
    level: str
    values: dict[Statistic | StatisticAt, Estimate]

    def size(self, statistic: Statistic) -> float | None:
        found = self.values.get(statistic)
        return None if found is None or found.value is None else abs(found.value)


def rows_of(found: list[Estimate], marks: Mapping[Statistic, Mark]) -> list[Row]:
    """Levels sorted by their difference before; of two levels, whose values are equal, the first."""
    rows = []
    for variable in dict.fromkeys(e.variable for e in found):
        levels = list(dict.fromkeys(e.level for e in found if e.variable == variable and e.level)) or [""]
        for level in levels[:1] if len(levels) == 2 else levels:
            here = {
                e.statistic: e
                for e in found
                if (e.variable, e.level) == (variable, level) and e.statistic in marks
            }
            rows.append(Row(_name(variable, level), variable, level, here))
    return sorted(rows, key=lambda row: -(row.size(Statistic.SMD_BEFORE) or 0.0))


def _name(variable: str, level: str) -> Text:
    name = variable_name(variable)
    if not level:
        return name
    part = in_sentence(name_of(level))
    return Text(f"{name.zh}：{part.zh}", f"{name.en}: {part.en}")


def frame_of(rows: list[Row]) -> pl.DataFrame:
    """What is drawn, as the file beside the figure holds it."""
    return pl.DataFrame(
        [{"variable": r.variable, "level": r.level, **{s: r.size(s) for s in MARKS}} for r in rows],
        schema={"variable": pl.String, "level": pl.String, **dict.fromkeys(MARKS, pl.Float64)},
    )


def paint(rows: list[Row], limit: float, language: Language, marks: Mapping[Statistic, Mark]) -> Drawing:
    """The plot in one language."""
    shown = [s for s in marks if any(s in row.values for row in rows)]
    left = _LEFT + max(width_mm(fitted(row.name[language], _WIDEST_NAME)) for row in rows) + 2.5
    keys = [
        Key(m.text[language], "marker", m.colour, m.colour, marker=m.marker, filled=m.is_filled)
        for m in (marks[s] for s in shown)
    ]
    placed = arrange_keys(keys, SINGLE_COLUMN_MM - _LEFT - _RIGHT)
    top = 1.5 + LINE_MM * len(placed) + 2.0
    height = _ROW * len(rows)
    sheet = Sheet(SINGLE_COLUMN_MM, top + height + _AXIS)
    sheet.paint_keys(placed, _LEFT, 1.5)
    edge = _edge(rows, limit)
    axes = sheet.axes(left, top, SINGLE_COLUMN_MM - left - _RIGHT, height)
    for y, row in enumerate(rows):
        name = fitted(row.name[language], _WIDEST_NAME)
        write_line(sheet, left - 2.0, top + (y + 0.5) * _ROW, name, "right")
        axes.axhline(y + 0.5, color="#e4e4e4", linewidth=0.4, zorder=0)
        for statistic in shown:
            mark, size = marks[statistic], row.size(statistic)
            if size is not None:
                axes.plot(
                    edge if isinf(size) else size, y + 0.5, marker=mark.marker, markersize=5 if mark.marker == "|" else 3.8, color=mark.colour,
                    markerfacecolor=mark.colour if mark.is_filled else "white", markeredgewidth=0.9, linestyle="none",
                    clip_on=not isinf(size),
                )  # fmt: skip
    axes.set_xlim(0, edge)
    axes.axvline(limit, color=FAINT, linewidth=0.7, linestyle=(0, (4, 2)), zorder=0.5)
    axes.set_ylim(len(rows), 0)
    _paint_infinite(axes, rows, edge)
    axes.set_yticks([])
    axes.tick_params(labelsize=TEXT_PT)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}" if value else "0")
    axes.set_xlabel("|SMD|", size=TEXT_PT, labelpad=2)
    return sheet.drawing


def _edge(rows: list[Row], limit: float) -> float:
    """The right end of the axis: beyond everything that is finite; what is infinite is drawn on it."""
    sizes = [size for row in rows for s in MARKS if (size := row.size(s)) is not None]
    return 1.08 * max([limit, *(size for size in sizes if isfinite(size))])


def is_infinite(row: Row) -> bool:
    """Whether a difference of the row is infinite."""
    return any(isinf(size) for s in MARKS if (size := row.size(s)) is not None)


def _paint_infinite(axes: Axes, rows: list[Row], edge: float) -> None:
    """The sign of infinity left of the marks that lie on the edge."""
    for y, row in enumerate(rows):
        if is_infinite(row):
            place: dict[str, Any] = {"textcoords": "offset points", "ha": "right", "va": "center"}
            axes.annotate("∞", (edge, y + 0.5), (-6, 0), size=TEXT_PT, **place)


def alt_of(rows: list[Row], limit: float) -> Text:
    """The plot in words."""
    over = [
        sum((row.size(s) or 0) > limit for row in rows)
        for s in (Statistic.SMD_BEFORE, Statistic.SMD_AFTER_MAXIMUM)
    ]
    worst = max(rows, key=lambda row: row.size(Statistic.SMD_AFTER_MAXIMUM) or 0.0)
    size = format_number(worst.size(Statistic.SMD_AFTER_MAXIMUM), 3)
    return Text(
        f"均衡性图。{len(rows)} 个水平中，匹配前 {over[0]} 个超过 {limit:g}；匹配后在任一插补中超过者 {over[1]} 个，最大为 {size}（{worst.name.zh}）。",
        f"Love plot. Of {Count(len(rows)):level|levels}, {Count(over[0]):was|were} above {limit:g} before matching; after it {Count(over[1]):was|were} in any imputation, the "
        f"largest {size} ({worst.name.en}).",
    )

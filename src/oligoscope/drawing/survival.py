"""The drawing of survival curves: a small table above, curves, and the numbers at risk on the same axis of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing

from oligoscope.bilingual import Language, Text
from oligoscope.drawing.lettering import break_lines, width_mm, write_line
from oligoscope.drawing.months import (
    AT_RISK,
    RiskLine,
    TimeAxis,
    label_months,
    numbers_at_risk,
    paint_risk_table,
    paint_steps,
    risk_height,
)
from oligoscope.drawing.sheet import SINCE_TREATMENT, Sheet
from oligoscope.drawing.theme import (
    FAINT,
    PT_PER_MM,
    SINGLE_COLUMN_MM,
    TEXT_PT,
    TEXT_WIDTH_MM,
    Look,
    look_of,
)
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.keys import word_of
from oligoscope.study.vocabulary import column_name, name_of

Y_LABELS: dict[str, Text] = {
    Outcome.OS: Text("总生存率/%", "Overall survival, %"),
    Outcome.PFS: Text("无进展生存率/%", "Progression-free survival, %"),
    Outcome.PPS: Text("进展后生存率/%", "Post-progression survival, %"),
    Outcome.PFS2: Text("后线无进展生存率/%", "Later-line PFS (PFS2), %"),
    Outcome.DOR: Text("缓解持续率/%", "Still in response, %"),
    Outcome.IPFS: Text("iRECIST 无进展生存率/%", "iRECIST progression-free survival, %"),
}
X_LABELS: dict[str, Text] = {
    Outcome.PPS: Text("自首次进展起的时间/月", "Months since first progression"),
    Outcome.DOR: Text("自首次缓解起的时间/月", "Months since first response"),
    Outcome.PFS2: Text("自后线治疗开始的时间/月", "Months since start of the later line"),
}

# Millimetres.
_LEFT, _RIGHT, PLOT_MM, _EDGE, _SAMPLE = 12.0, 5.0, 46.0, 3.0, 7.0
_TOP, _LINE, _AXIS_LABELS, _FOOT, _GAP = 1.0, 3.6, 9.5, 4.0, 2.5
_ABOVE = 2.5  # the axes, where nothing is over them
_NARROWEST_HEAD, _MOST_LINES = 21.0, 3  # of a name; what is left of it is in the tables


@dataclass(frozen=True, slots=True)
class LegendRow:
    """A group in the table above the curves; its median in months has a mark on its curve, None for none."""

    group: str
    cells: tuple[str, ...]
    median: float | None


@dataclass(frozen=True, slots=True)
class Legend:
    """The table above the curves: heads of its columns, a row a group, and what is said below it."""

    heads: tuple[str, ...]
    rows: tuple[LegendRow, ...]
    lines: tuple[str, ...]
    horizon: float | None = None  # months up to which means are compared: marked on the axis


@dataclass(frozen=True, slots=True)
class _Placed:
    """The legend broken into lines.

    Attributes:
        heads: Lines of each head.
        widths: Of the columns, in millimetres.
        names: Lines of each group's name.
        lines: Below the groups.
    """

    heads: tuple[list[str], ...]
    widths: tuple[float, ...]
    names: tuple[list[str], ...]
    lines: tuple[str, ...]

    @property
    def head_lines(self) -> int:
        return max((len(lines) for lines in self.heads), default=0)

    @property
    def height(self) -> float:
        n = self.head_lines + sum(map(len, self.names)) + len(self.lines)
        return _TOP + n * _LINE + 1.5

    @property
    def columns_from(self) -> float:
        """The left end of the first column of numbers."""
        return SINGLE_COLUMN_MM - _EDGE - sum(self.widths) - _GAP * max(len(self.widths) - 1, 0)


@dataclass(frozen=True, slots=True)
class Frame:
    """How a picture is set.

    Attributes:
        axis: The one that panels of an outcome share, so that they can be compared by eye; its own where None.
        plot_mm: Height of the axes.
        beside: Legends of the panels in its row: all axes begin below the tallest.
        is_wide: As wide as the text of a page, the legend at the right of the curves.
    """

    axis: TimeAxis | None = None
    plot_mm: float = PLOT_MM
    beside: Sequence[Legend] = ()
    is_wide: bool = False


def paint_survival(
    km: pl.DataFrame,
    at_risk: pl.DataFrame,
    outcome: str,
    legend: Legend,
    language: Language,
    frame: Frame | None = None,
) -> Drawing:
    """Draw the curves of the legend's groups; every text has its own place, so that none can lie on a curve."""
    frame = frame or Frame()
    looks = {row.group: look_of(row.group, i) for i, row in enumerate(legend.rows)}
    numbers = numbers_at_risk(at_risk)
    placed, *others = (_place(one, language) for one in (legend, *frame.beside))
    above = _ABOVE if frame.is_wide else max(one.height for one in (placed, *others))
    below = _AXIS_LABELS + risk_height(len(looks)) + _FOOT
    of_curves = TEXT_WIDTH_MM - SINGLE_COLUMN_MM if frame.is_wide else SINGLE_COLUMN_MM
    legend_left = of_curves if frame.is_wide else 0.0
    height = above + frame.plot_mm + below
    sheet = Sheet(
        legend_left + SINGLE_COLUMN_MM, max(height, placed.height + _FOOT) if frame.is_wide else height
    )
    width = of_curves - _LEFT - _RIGHT
    axes = sheet.axes(_LEFT, above, width, frame.plot_mm)
    label_months(
        axes, frame.axis or TimeAxis.of(km, numbers), width, X_LABELS.get(outcome, SINCE_TREATMENT)[language]
    )
    _label_shares(axes, Y_LABELS.get(outcome, column_name(outcome))[language])
    for group, look in looks.items():
        _paint_curve(axes, km.filter(pl.col("group") == word_of(group)).sort("months"), look)
    _paint_medians(axes, [row.median for row in legend.rows if row.median is not None])
    if legend.horizon is not None:
        axes.axvline(legend.horizon, color=FAINT, linewidth=0.8, linestyle=(0, (1, 1.5)), zorder=1)
    _paint_legend(sheet, placed, legend, looks, legend_left)
    lines = [RiskLine.of(numbers, word_of(g), name_of(g)[language], look) for g, look in looks.items()]
    place = (_EDGE, above + frame.plot_mm + _AXIS_LABELS, of_curves - 2 * _EDGE)
    paint_risk_table(sheet, axes, lines, place, AT_RISK[language])
    return sheet.drawing


def _paint_curve(axes: Axes, curve: pl.DataFrame, look: Look) -> None:
    paint_steps(axes, curve, "survival", look)
    censored = curve["n_censored"].to_numpy() > 0
    axes.plot(
        curve["months"].to_numpy()[censored], curve["survival"].to_numpy()[censored] * 100,
        linestyle="none", marker="|", markersize=3.5, markeredgewidth=0.6, color=look.colour,
    )  # fmt: skip


def _paint_medians(axes: Axes, medians: list[float]) -> None:
    """From 50 % to each curve, and from there down to the axis."""
    style = {"color": FAINT, "linewidth": 0.6, "linestyle": (0, (3, 2)), "zorder": 1}
    if medians:
        axes.plot((0, max(medians)), (50, 50), **style)
    for median in medians:
        axes.plot((median, median), (0, 50), **style)


def _label_shares(axes: Axes, label: str) -> None:
    axes.set_ylim(0, 100.5)
    axes.set_yticks([0, 20, 40, 60, 80, 100])
    axes.set_ylabel(label, size=TEXT_PT, labelpad=3)


def _place(legend: Legend, language: Language) -> _Placed:
    """Columns as wide as their numbers; the names fill what is left and are broken there.

    Heads are broken, too, unless every name has its line beside whole ones.
    """
    names = [name_of(row.group)[language] for row in legend.rows]
    whole, broken = (_with_heads(legend, names, are_whole=are_whole) for are_whole in (True, False))
    return whole if all(len(lines) == 1 for lines in whole.names) else broken


def _with_heads(legend: Legend, names: list[str], *, are_whole: bool) -> _Placed:
    heads, widths = [], []
    for i, head in enumerate(legend.heads):
        cells = max((width_mm(row.cells[i]) for row in legend.rows), default=0.0)
        lines = [head] if are_whole else break_lines(head, max(cells, _NARROWEST_HEAD) * PT_PER_MM)
        heads.append(lines)
        widths.append(max(cells, *map(width_mm, lines)))
    used = sum(widths) + _GAP * len(widths)
    room = SINGLE_COLUMN_MM - 2 * _EDGE - _SAMPLE
    broken = tuple(_shortened(break_lines(n, (room - used) * PT_PER_MM)) for n in names)
    lines = (line for text in legend.lines for line in break_lines(text, room * PT_PER_MM))
    return _Placed(tuple(heads), tuple(widths), broken, tuple(lines))


def _shortened(lines: list[str]) -> list[str]:
    if len(lines) <= _MOST_LINES:
        return lines
    return [*lines[: _MOST_LINES - 1], f"{lines[_MOST_LINES - 1][:-1].rstrip()}…"]


def _paint_legend(sheet: Sheet, placed: _Placed, legend: Legend, looks: dict[str, Look], edge: float) -> None:
    """`edge` is the left one of the column that the legend fills."""
    first = edge + placed.columns_from
    ends = [first + sum(placed.widths[: i + 1]) + _GAP * i for i in range(len(placed.widths))]
    centres = [end - width / 2 for end, width in zip(ends, placed.widths, strict=True)]
    left, y = edge + _EDGE + _SAMPLE, _TOP + _LINE / 2
    for centre, lines in zip(centres, placed.heads, strict=True):
        for k, line in enumerate(lines, start=placed.head_lines - len(lines)):
            write_line(sheet, centre, y + k * _LINE, line, "center")
    y += placed.head_lines * _LINE
    for row, name in zip(legend.rows, placed.names, strict=True):
        sheet.paint_sample(edge + _EDGE, y, _SAMPLE - 1.2, looks[row.group])
        for centre, cell in zip(centres, row.cells, strict=True):
            write_line(sheet, centre, y, cell, "center")
        for line in name:
            sheet.write(left, y, line)
            y += _LINE
    for line in placed.lines:
        write_line(sheet, left, y, line)
        y += _LINE

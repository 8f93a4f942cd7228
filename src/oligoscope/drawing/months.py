"""Curves over an axis of months: its ticks, steps with a band, and the numbers at risk under their times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.transforms import blended_transform_factory
from numpy.typing import NDArray

from oligoscope.bilingual import Text
from oligoscope.drawing.lettering import fitted, width_mm, write_line
from oligoscope.drawing.sheet import Sheet
from oligoscope.drawing.theme import INK, TEXT_PT, Look
from oligoscope.number_format import format_number

Floats = NDArray[np.float64]
Numbers = Mapping[tuple[str, float], str]  # by group and month
AT_RISK = Text("风险人数（累计事件数）", "At risk (cumulative events)")
MOST_TIMES = 9
_STEPS = (1, 2, 3, 6, 12, 18, 24, 36, 48, 60, 120, 240)
_LINE, _BETWEEN, _SAMPLE = (
    3.6,
    1.5,
    5.0,
)  # mm: a line, between two of its numbers, the piece of a curve before a name


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """An axis of months, which several pictures can share.

    Attributes:
        longest: Where the last curve ends.
        widest_mm: Width of the widest number that is printed below the axis.
    """

    longest: float = 1.0
    widest_mm: float = 0.0

    @classmethod
    def of(cls, curves: pl.DataFrame, numbers: Numbers) -> TimeAxis:
        """The axis of curves in column `months`, above these numbers."""
        longest = float(curves["months"].max() or 0)  # type: ignore[arg-type]
        widest = max(map(width_mm, set(numbers.values())), default=0.0)
        return cls(max(longest, 1.0), widest)

    @classmethod
    def over(cls, axes: Iterable[TimeAxis]) -> TimeAxis:
        """The axis that all of these fit on."""
        each = list(axes)
        return cls(max(a.longest for a in each), max(a.widest_mm for a in each))

    @property
    def end(self) -> float:
        return 1.02 * self.longest

    def ticks(self, width: float) -> list[float]:
        """Round months, as close as the numbers below them fit side by side on an axis so many millimetres wide."""

        def fits(step: int) -> bool:
            is_wide = width * step / self.end >= self.widest_mm + _BETWEEN
            return is_wide and self.longest / step < MOST_TIMES

        step = next((s for s in _STEPS if fits(s)), _STEPS[-1])
        return [float(t) for t in range(0, int(self.longest) + 1, step)]


@dataclass(frozen=True, slots=True)
class RiskLine:
    """The numbers of one group below the axis, after its name; of no group where there is no look."""

    name: str
    look: Look | None
    by_month: Mapping[float, str]

    @classmethod
    def of(cls, numbers: Numbers, group: str, name: str, look: Look | None) -> RiskLine:
        """The numbers of a group, which `numbers` has by its word."""
        return cls(name, look, {month: text for (word, month), text in numbers.items() if word == group})


def numbers_at_risk(at_risk: pl.DataFrame) -> Numbers:
    """`195 (89)`: at risk, and in brackets the events so far."""
    events = numbers_of(at_risk, "n_events")
    return {key: f"{text} ({events[key]})" for key, text in numbers_of(at_risk, "n_at_risk").items()}


def numbers_of(at_risk: pl.DataFrame, column: str) -> Numbers:
    """One column of the series of a risk table, as printed."""
    if at_risk.is_empty():
        return {}
    rows = zip(at_risk["group"], at_risk["months"], at_risk[column], strict=True)
    return {(group, month): _count(value) for group, month, value in rows}


def left_at(curves: pl.DataFrame, months: float) -> list[str]:
    """How many of each group are at risk at a time, as printed, in the order of the groups; not for curves with late entries."""
    later = pl.col("n_at_risk").filter(pl.col("months") >= months).first().fill_null(0)
    return [_count(n) for n in curves.group_by("group", maintain_order=True).agg(later)["n_at_risk"]]


def _count(value: float) -> str:
    """Patients, or the sum of their weights to one decimal where it is not whole."""
    return str(value) if isinstance(value, int) else format_number(value, 1).removesuffix(".0")


def risk_height(n_lines: int) -> float:
    """Millimetres that the head and so many groups fill."""
    return (2 * n_lines + 1) * _LINE


def paint_risk_table(
    sheet: Sheet, axes: Axes, lines: Sequence[RiskLine], place: tuple[float, float, float], head: str
) -> None:
    """Numbers under their ticks; each group's name, after a piece of its curve, is on its own line above its numbers.

    After the last month that was counted no patient is at risk any more, and no event is added.

    Args:
        sheet: Where it is drawn.
        axes: Whose ticks are the times.
        lines: The groups from top to bottom.
        place: Left, top and width in millimetres.
        head: Said above the first group.
    """
    left, top, width = place
    under = blended_transform_factory(axes.transData, sheet.drawing.transFigure)

    def y(line: float) -> float:
        return top + (line + 0.5) * _LINE

    write_line(sheet, left, y(0), head)
    for i, line in enumerate(lines):
        colour = INK if line.look is None else line.look.colour
        if line.look is not None:
            sheet.paint_sample(left, y(2 * i + 1), _SAMPLE - 1.0, line.look)
        sheet.write(left + _SAMPLE, y(2 * i + 1), fitted(line.name, width - _SAMPLE), color=colour)
        last = max(line.by_month, default=0.0)
        for month in axes.get_xticks():
            text = line.by_month.get(min(month, last), "")
            axes.text(
                month, 1 - y(2 * i + 2) / sheet.height, text,
                transform=under, ha="center", va="center_baseline", size=TEXT_PT, color=INK,
            )  # fmt: skip


def paint_steps(axes: Axes, curve: pl.DataFrame, column: str, look: Look) -> None:
    """One curve in per cent with the band between its limits; `curve` has months, `column`, low and high as shares."""
    months, share, low, high = (
        curve[name].cast(pl.Float64).to_numpy() for name in ("months", column, "low", "high")
    )
    at, low, high = _steps(*_with_limits(months, low * 100, high * 100))
    if len(at):
        axes.add_collection(
            PolyCollection([_band(at, low, high)], color=look.colour, alpha=0.15, linewidth=0)
        )
    at, share = _steps(months, share * 100)
    axes.step(at, share, where="post", color=look.colour, linestyle=look.line, linewidth=1.1)


def _with_limits(months: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats, Floats]:
    """The steps with limits; the last of them reach to where there are none, as at the last event of a curve that ends at 0."""
    known = np.flatnonzero(np.isfinite(low) & np.isfinite(high))
    if not len(known):
        return months[:0], low[:0], high[:0]
    held = known if known[-1] == len(months) - 1 else np.append(known, known[-1])
    at = months[known] if len(held) == len(known) else np.append(months[known], months[known[-1] + 1])
    return at, low[held], high[held]


def _band(months: Floats, low: Floats, high: Floats) -> Floats:
    """The corners between two curves of steps, as `fill_between` has them; it looks for gaps, and here is none."""
    across, below, above = np.repeat(months, 2)[1:], np.repeat(low, 2)[:-1], np.repeat(high, 2)[:-1]
    x = (across[:1], across, across[-1:], across[::-1])
    y = (above[:1], below, above[-1:], above[::-1])
    return np.column_stack([np.concatenate(x), np.concatenate(y)])


def _steps(months: Floats, *lines: Floats) -> tuple[Floats, ...]:
    """The places at which any of these lines changes, and the last: where only follow-up ends, nothing is drawn."""
    shown = np.ones(len(months), bool)
    if len(months) > 2:
        moves = [(line[1:] != line[:-1]) & ~(np.isnan(line[1:]) & np.isnan(line[:-1])) for line in lines]
        shown[1:-1] = np.any(moves, axis=0)[:-1]
    return months[shown], *(line[shown] for line in lines)


def label_months(axes: Axes, axis: TimeAxis, width: float, label: str) -> None:
    """The ticks and the name of the axis of time."""
    ticks = axis.ticks(width)
    axes.set_xlim(0, axis.end)
    axes.set_xticks(ticks, [f"{t:g}" for t in ticks])
    axes.tick_params(labelsize=TEXT_PT)
    axes.set_xlabel(label, size=TEXT_PT, labelpad=2)

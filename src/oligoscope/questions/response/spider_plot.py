"""Spider plot: the sum of target diameters of each patient over time, a panel for each best response."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing

from oligoscope.bilingual import Language, Text
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.responses import COLOURS, in_order, printed
from oligoscope.drawing.sheet import LINE_MM, Key, Sheet, arrange_keys
from oligoscope.drawing.theme import DOUBLE_COLUMN_MM, FAINT, INK, TEXT_PT
from oligoscope.number_format import STYLES
from oligoscope.printing.titles import titled
from oligoscope.questions.response.changes import TOP_PERCENT, Changes, changes_of, scale_percent, top_of
from oligoscope.results.results import Results

TITLE = Text(
    "{people}靶病灶径线总和随时间的变化（蛛网图）",
    "Change of the sum of target diameters over time in the {people} (spider plot)",
)
Y_LABEL = Text("较基线的变化/%", "Change from baseline, %")
X_LABEL = Text("自治疗开始的时间/月", "Months since start of treatment")
PANELS = Text(
    "各图按{kind}分组；可评估 {n}/{total} 例", "Panels by {kind}; {n} of {total} patients evaluable"
)


@dataclass(frozen=True, slots=True)
class LineEnd:
    """How the end of a line is marked, and what it means."""

    text: Text
    marker: str
    colour: str
    filled: bool


ENDS: dict[str, LineEnd] = {
    "progression": LineEnd(Text("首次进展", "First progression"), "D", "#b5500a", True),
    "progression_without_sum": LineEnd(Text("随后进展（该次总和不完整，或无影像）", "Progression next, without a complete sum"), "D", "#b5500a", False),
    "new_therapy": LineEnd(Text("随后开始新治疗", "New therapy next"), "s", "#5b3a8c", False),
    "death": LineEnd(Text("随后死亡", "Death next"), "X", INK, True),
    "no_event": LineEnd(Text("无事件", "No event"), ">", "#0072b2", False),
}  # fmt: skip
_CAPTION = Text(
    "每条线为一例患者，自（0，0）起，横轴为实际检查日；{scans}。总和不完整的检查处断线，不跨越连接。"
    "线末标记表示此后的情况。各图时间轴长短不同。虚线为 −30% 与 +20%；+20% 线不等于 PD。{total} 例中 {unevaluable} 例无可用总和，未绘出。{clipped}",
    "Each line is one patient, from (0, 0), over the actual days of the scans; {scans}. A line is broken where a scan's sum "
    "was incomplete, never joined over it. The mark at its end tells what followed. The panels' time axes differ. Dashed lines at −30% and +20%; the "
    "+20% line is not PD. {unevaluable} of {total} patients have no usable sum and are not drawn. {clipped}",
)
_CLIPPED = Text("{n} 例超过 +100%，线至图边为止。", "{n} lines beyond +100% end at the frame.")

# Millimetres.
_LEFT, _RIGHT, _PLOT, _BETWEEN, _LEAST, _AXIS, _FOOT = 15.0, 8.0, 52.0, 4.0, 12.0, 9.0, 5.0
_MANY = 60  # from here lines are thin and pale, so that a crowd can be read


def draw_spider_plot(results: Results, population: str = "treated") -> Figure:
    """The course of every evaluable patient of a population, from the series `spider/…`.

    Raises:
        KeyError: The series was not made (no patient had a sum).
    """
    lines = changes_of(results, "spider", population)
    highest = lines.frame.group_by("patient_id").agg(pl.col("change_percent").max())["change_percent"]
    return Figure(
        id=f"spider_{population}",
        title=titled(TITLE, population),
        caption=lines.caption(_CAPTION, _CLIPPED, int((highest > TOP_PERCENT).sum())),
        alt=_alt(lines),
        data=lines.frame,
        painter=lambda language: _paint(lines, language),
        estimates=(lines.total, lines.evaluable),
        width_mm=DOUBLE_COLUMN_MM,
    )


def _alt(lines: Changes) -> Text:
    ends = lines.frame["end"].drop_nulls()
    found = {e: int((ends == e).sum()) for e in ENDS if (ends == e).any()}
    zh = "；".join(f"{ENDS[e].text.zh} {n} 例" for e, n in found.items())
    en = "; ".join(f"{ENDS[e].text.en.lower()}: {n}" for e, n in found.items())
    return Text(
        f"蛛网图，{lines.n} 例。线末：{zh}。", f"Spider plot of {lines.n} patients. Ends of lines: {en}."
    )


def _paint(lines: Changes, language: Language) -> Drawing:
    width = DOUBLE_COLUMN_MM - _LEFT - _RIGHT
    ends = set(lines.frame["end"].drop_nulls())
    keys = [
        Key(e.text[language], "marker", e.colour, e.colour, marker=e.marker, filled=e.filled)
        for name, e in ENDS.items()
        if name in ends
    ]
    rows = arrange_keys(keys, width)
    above = 2.0 + (len(rows) + 2) * LINE_MM + 1.0
    sheet = Sheet(DOUBLE_COLUMN_MM, above + _PLOT + _AXIS + _FOOT)
    kind = Text(lines.kind.zh, lines.kind.en.lower())[language]
    words = PANELS[language].format(kind=kind, n=lines.n, total=lines.n_total)
    sheet.write(_LEFT, 2.0 + LINE_MM / 2, words)
    sheet.paint_keys(rows, _LEFT, 2.0 + LINE_MM)
    _paint_panels(sheet, lines, above, width, language)
    sheet.write(_LEFT + width / 2, above + _PLOT + _AXIS - 2.0, X_LABEL[language], ha="center")
    return sheet.drawing


def _paint_panels(sheet: Sheet, lines: Changes, above: float, width: float, language: Language) -> None:
    """One panel a response, as wide as the time its patients were followed asks for, on one scale."""
    response = pl.col("reported_response")
    panels = [
        (r, lines.frame.filter(response.eq_missing(pl.lit(r, pl.String))))
        for r in in_order(set(lines.frame["reported_response"]))
    ]
    longest = [max(3.0, float(frame["months"].max() or 0)) for _, frame in panels]  # pyright: ignore[reportArgumentType]
    left, free = _LEFT, width - (_BETWEEN + _LEAST) * len(panels) + _BETWEEN
    widths = _LEAST + free * np.sqrt(longest) / np.sqrt(longest).sum()
    top = top_of(float(lines.frame["change_percent"].max() or 0))  # pyright: ignore[reportArgumentType]
    for i, ((response, frame), months) in enumerate(zip(panels, longest, strict=True)):
        axes = sheet.axes(left, above, widths[i], _PLOT)
        _paint_lines(axes, frame, response)
        _scale(axes, top, months, is_first=i == 0, is_last=i == len(panels) - 1)
        n = frame["patient_id"].n_unique()
        title = f"{printed(response)[language]}{STYLES[language].percent_space}(*n*={n})"
        sheet.write(left, above - 2.5, title)
        if i == 0:
            axes.set_ylabel(Y_LABEL[language], size=TEXT_PT, labelpad=2)
        left += widths[i] + _BETWEEN


def _paint_lines(axes: Axes, frame: pl.DataFrame, response: str | None) -> None:
    n = frame["patient_id"].n_unique()
    width, alpha = (0.9, 0.9) if n <= _MANY else (0.45, 0.45)
    colour = COLOURS.get(response or "", FAINT)
    colour = {"SD": "#5f8db5", "NE": FAINT}.get(response or "", colour)  # fills too pale for a line
    for segment in frame.partition_by("patient_id", "segment", maintain_order=True):
        months, change = segment["months"].to_numpy(), segment["change_percent"].to_numpy()
        marker = "." if len(months) == 1 else None
        axes.plot(months, change, color=colour, linewidth=width, alpha=alpha, marker=marker, markersize=2)
    size = 3.2 if n <= _MANY else 1.8
    for name, end in ENDS.items():
        at = frame.filter((pl.col("end") == name) & (pl.col("change_percent") <= TOP_PERCENT))
        axes.plot(
            at["months"].to_numpy(), at["change_percent"].to_numpy(), linestyle="none", marker=end.marker, markersize=size,
            markerfacecolor=end.colour if end.filled else "white", markeredgecolor=end.colour, markeredgewidth=0.5 if n <= _MANY else 0.3, zorder=3,
        )  # fmt: skip


def _scale(axes: Axes, top: float, months: float, *, is_first: bool, is_last: bool) -> None:
    axes.axhline(0, color=INK, linewidth=0.5, zorder=0.5)
    scale_percent(axes, -103, top, is_first=is_first, is_last=is_last)
    axes.set_xlim(0, months * 1.04)
    step = next(s for s in (1, 2, 3, 6, 12, 24, 48, 96) if months / s <= 6)
    axes.set_xticks(np.arange(0, months * 1.04, step))
    axes.tick_params(labelsize=TEXT_PT)
    if not is_first:
        axes.tick_params(axis="y", length=0)

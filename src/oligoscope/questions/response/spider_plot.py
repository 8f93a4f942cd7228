"""Spider plot: the sum of target diameters of each patient over time, a panel for each best response."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing

from oligoscope.bilingual import Count, Language, Text
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.responses import COLOURS, in_order, printed
from oligoscope.drawing.sheet import LINE_MM, Key, Sheet, arrange_keys
from oligoscope.drawing.theme import DOUBLE_COLUMN_MM, FAINT, INK, TEXT_PT
from oligoscope.number_format import STYLES
from oligoscope.printing.titles import titled
from oligoscope.questions.response.changes import (
    OF_GROUP,
    TOP_PERCENT,
    Changes,
    by_course,
    changes_of,
    scale_percent,
    top_of,
)
from oligoscope.results.results import Results

TITLE = Text(
    "{people}靶病灶径线总和随时间的变化（蛛网图）",
    "Change of the sum of target diameters over time in the {people} (spider plot)",
)
Y_LABEL = Text("较基线的变化/%", "Change from baseline, %")
X_LABEL = Text("自治疗开始的时间/月", "Months since start of treatment")
PANELS = Text(
    "各图按{kind}分组；有完整径线总和者 {n}/{total} 例",
    "Panels by {kind}; {n} of {total:patient|patients} with a complete sum",
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
    "线末标记表示此后的情况。虚线为 −30% 与 +20%；+20% 线不等于 PD。{total} 例中 {unevaluable} 例无可用总和，未绘出。{clipped}",
    "Each line is one patient, from (0, 0), over the actual days of the scans; {scans}. A line is broken where a scan's sum "
    "was incomplete, never joined over it. The mark at its end tells what followed. Dashed lines at −30% and +20%; the "
    "+20% line is not PD. Without a usable sum and not drawn: {unevaluable} of {total:patient|patients}. {clipped}",
)
PANELS_OF_MANY = Text(
    "每个进展模式一图；有完整径线总和者 {n}/{total} 例",
    "A panel for each pattern of progression; {n} of {total:patient|patients} with a complete sum",
)
MEDIAN, BAND = Text("全部患者的中位数", "Median of all"), Text("全部患者的四分位数间距", "Quartiles of all")
_CAPTION_OF_MANY = Text(
    "每图为一种首次进展的模式。粗线与色带为该组全部患者每 1.5 个月的中位数与四分位数，取自当时仍有曲线者（至少 20 例；两次检查之间按直线取值），"
    "因此后段只代表仍未进展且仍在检查者。细线为抽出的个体：每图至多 20 例，按疗效与最佳变化排序后，自随机起点（由研究的随机种子决定）起等距抽取，"
    "颜色为{kind}；自（0，0）起，横轴为实际检查日；{scans}。总和不完整的检查处断线，线末标记表示此后的情况。虚线为 −30% 与 +20%；+20% 线不等于 PD。"
    "{total} 例中 {unevaluable} 例无可用总和，未计入。{clipped}",
    "Each panel is one pattern of first progression. The thick line and the band are the median and the quartiles every 1.5 months over all "
    "of its patients whose lines run then (at least 20; between two scans on the straight line), so that later parts are of those still "
    "without progression and still scanned. Thin lines are a sample: at most 20 patients a panel, put in order of response and best "
    "change and taken at even steps from a random start (from the seed of the study), coloured by {kind}; from (0, 0), over the actual days of the scans; {scans}. A line is "
    "broken where a scan's sum was incomplete; the mark at its end tells what followed. Dashed lines at −30% and +20%; the +20% line is not PD. "
    "Without a usable sum and not counted: {unevaluable} of {total:patient|patients}. {clipped}",
)
_CLIPPED = Text(
    "{n} 例超过 +100%，线至图边为止。", "{n:line beyond +100% ends|lines beyond +100% end} at the frame."
)

# Millimetres.
_LEFT, _RIGHT, _PLOT, _BETWEEN, _AXIS, _FOOT = 15.0, 8.0, 52.0, 4.0, 9.0, 5.0
_BAND = "#bdbdbd"


@dataclass(frozen=True)
class _Panel:
    """Its title, the points of its lines, and the quartiles of all its patients where they are drawn."""

    title: str
    lines: pl.DataFrame
    band: pl.DataFrame | None = None

    @property
    def months(self) -> float:
        """The latest time drawn."""
        band = [] if self.band is None else self.band["months"].to_list()
        return max([*self.lines["months"], *band], default=0.0)

    @property
    def highest(self) -> float:
        """The largest change of a line."""
        return max(self.lines["change_percent"], default=0.0)


def draw_spider_plot(results: Results, population: str = "treated") -> Figure:
    """The course of every evaluable patient of a population, from the series `spider/…`.

    Raises:
        KeyError: The series was not made (no patient had a sum).
    """
    lines = changes_of(results, "spider", population)
    drawn = replace(lines, frame=lines.frame.filter("is_drawn"))
    highest = drawn.frame.group_by("patient_id").agg(pl.col("change_percent").max())["change_percent"]
    quartiles = results.series.get(f"spider_quartiles/{population}")
    caption = _CAPTION if quartiles is None else _CAPTION_OF_MANY
    return Figure(
        id=f"spider_{population}",
        title=titled(TITLE, population),
        caption=lines.caption(caption, _CLIPPED, int((highest > TOP_PERCENT).sum())),
        alt=_alt(lines),
        data=drawn.frame
        if quartiles is None
        else pl.concat([drawn.frame, quartiles], how="diagonal_relaxed"),
        painter=lambda language: (
            _paint(lines, language) if quartiles is None else _paint_many(lines, quartiles, language)
        ),
        estimates=(lines.total, lines.evaluable),
        width_mm=DOUBLE_COLUMN_MM,
    )


def _alt(lines: Changes) -> Text:
    ends = lines.frame["end"].drop_nulls()
    found = {e: int((ends == e).sum()) for e in ENDS if (ends == e).any()}
    zh = "；".join(f"{ENDS[e].text.zh} {n} 例" for e, n in found.items())
    en = "; ".join(f"{ENDS[e].text.en.lower()}: {n}" for e, n in found.items())
    return Text(
        f"蛛网图，{lines.n} 例。线末：{zh}。",
        f"Spider plot of {Count(lines.n):patient|patients}. Ends of lines: {en}.",
    )


def _paint(lines: Changes, language: Language) -> Drawing:
    """A panel a response with all lines."""
    sheet, above = _headed(lines, PANELS, _end_keys(lines.frame, language), language)
    response = pl.col("reported_response")
    panels: list[_Panel] = []
    for found in in_order(set(lines.frame["reported_response"])):
        frame = lines.frame.filter(response.eq_missing(pl.lit(found, pl.String)))
        n = f"(*n*={frame['patient_id'].n_unique()})"
        panels.append(_Panel(f"{printed(found)[language]}{STYLES[language].percent_space}{n}", frame))
    _paint_panels(sheet, panels, above, language)
    return sheet.drawing


def _paint_many(lines: Changes, quartiles: pl.DataFrame, language: Language) -> Drawing:
    """A panel a course: the quartiles of all its patients over the lines of some."""
    drawn = lines.frame.filter("is_drawn")
    keys = [Key(MEDIAN[language], "line", INK), Key(BAND[language], "patch", _BAND, _BAND)]
    keys += [
        Key(printed(r)[language], "line", _line_colour(r)) for r in in_order(set(drawn["reported_response"]))
    ]
    sheet, above = _headed(lines, PANELS_OF_MANY, keys + _end_keys(drawn, language), language)
    panels: list[_Panel] = []
    for name, frame in by_course(lines.frame).items():
        own = frame.filter("is_drawn")
        numbers = {"shown": own["patient_id"].n_unique(), "n": frame["patient_id"].n_unique()}
        band = quartiles.filter(pl.col("course") == frame["course"][0])
        panels.append(_Panel(OF_GROUP[language].format(name=name[language], **numbers), own, band))
    _paint_panels(sheet, panels, above, language)
    return sheet.drawing


def _headed(lines: Changes, words: Text, keys: list[Key], language: Language) -> tuple[Sheet, float]:
    """A sheet with its first line, its keys and the name of the axis of time, and where its panels begin."""
    width = DOUBLE_COLUMN_MM - _LEFT - _RIGHT
    rows = arrange_keys(keys, width)
    above = 2.0 + (len(rows) + 2) * LINE_MM + 1.0
    sheet = Sheet(DOUBLE_COLUMN_MM, above + _PLOT + _AXIS + _FOOT)
    kind = Text(lines.kind.zh, lines.kind.en.lower())[language]
    sheet.write(
        _LEFT, 2.0 + LINE_MM / 2, words[language].format(kind=kind, n=lines.n, total=Count(lines.n_total))
    )
    sheet.paint_keys(rows, _LEFT, 2.0 + LINE_MM)
    sheet.write(_LEFT + width / 2, above + _PLOT + _AXIS - 2.0, X_LABEL[language], ha="center")
    return sheet, above


def _end_keys(frame: pl.DataFrame, language: Language) -> list[Key]:
    ends = set(frame["end"].drop_nulls())
    return [
        Key(e.text[language], "marker", e.colour, e.colour, marker=e.marker, filled=e.filled)
        for name, e in ENDS.items()
        if name in ends
    ]


def _paint_panels(sheet: Sheet, panels: list[_Panel], above: float, language: Language) -> None:
    """Side by side, on one scale of months and one of changes."""
    longest, highest = max(3.0, *(p.months for p in panels)), max(p.highest for p in panels)
    left, width = _LEFT, (DOUBLE_COLUMN_MM - _LEFT - _RIGHT + _BETWEEN) / len(panels) - _BETWEEN
    for i, panel in enumerate(panels):
        axes = sheet.axes(left, above, width, _PLOT)
        axes.set_xlim(0, longest * 1.04)
        axes.set_ylim(-103, top_of(highest))
        _paint_lines(axes, panel.lines)
        if panel.band is not None:
            _paint_band(axes, panel.band)
        _scale(axes, top_of(highest), longest, is_first=i == 0, is_last=i == len(panels) - 1)
        sheet.write(left, above - 2.5, panel.title)
        if i == 0:
            axes.set_ylabel(Y_LABEL[language], size=TEXT_PT, labelpad=2)
        left += width + _BETWEEN


def _paint_lines(axes: Axes, frame: pl.DataFrame) -> None:
    for segment in frame.partition_by("patient_id", "segment", maintain_order=True):
        months, change = segment["months"].to_numpy(), segment["change_percent"].to_numpy()
        look: dict[str, Any] = {
            "color": _line_colour(segment["reported_response"][0]),
            "linewidth": 0.9,
            "alpha": 0.9,
        }
        axes.plot(months, change, marker="." if len(months) == 1 else None, markersize=2, **look)
    for name, end in ENDS.items():
        at = frame.filter((pl.col("end") == name) & (pl.col("change_percent") <= TOP_PERCENT))
        axes.plot(
            at["months"].to_numpy(), at["change_percent"].to_numpy(), linestyle="none", marker=end.marker, markersize=3.2,
            markerfacecolor=end.colour if end.filled else "white", markeredgecolor=end.colour, markeredgewidth=0.5, zorder=3,
        )  # fmt: skip


def _paint_band(axes: Axes, band: pl.DataFrame) -> None:
    months, low, median, high = (band[name].to_numpy() for name in ("months", "low", "median", "high"))
    axes.fill_between(months, low, high, color=_BAND, alpha=0.55, linewidth=0, zorder=1)
    axes.plot(months, median, color=INK, linewidth=1.6, zorder=4)


def _line_colour(response: str | None) -> str:
    """The colour of a response; another where its fill is too pale for a line."""
    return {"SD": "#56b4e9", "NE": FAINT}.get(response or "", COLOURS.get(response or "", FAINT))


def _scale(axes: Axes, top: float, months: float, *, is_first: bool, is_last: bool) -> None:
    axes.axhline(0, color=INK, linewidth=0.5, zorder=0.5)
    scale_percent(axes, -103, top, is_first=is_first, is_last=is_last)
    axes.set_xlim(0, months * 1.04)
    step = next(s for s in (1, 2, 3, 6, 12, 24, 48, 96) if months / s <= 6)
    axes.set_xticks(np.arange(0, months * 1.04, step))
    axes.tick_params(labelsize=TEXT_PT)
    if not is_first:
        axes.tick_params(axis="y", length=0)

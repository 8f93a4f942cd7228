"""Waterfall: each patient's best change of the sum of target diameters, coloured by best response."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.patches import StepPatch

from oligoscope.bilingual import Count, Language, Text
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.responses import colour_of, in_order, patch, printed
from oligoscope.drawing.sheet import LINE_MM, Sheet, arrange_keys
from oligoscope.drawing.theme import DOUBLE_COLUMN_MM, FAINT, INK, SMALL_PT, TEXT_PT
from oligoscope.number_format import STYLES, format_number
from oligoscope.printing.titles import titled
from oligoscope.questions.response.changes import (
    TOP_PERCENT,
    Changes,
    by_course,
    changes_of,
    scale_percent,
    top_of,
)
from oligoscope.results.analyses import RESPONSE_SERIES
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic

TITLE = Text(
    "{people}靶病灶径线总和的最佳变化（瀑布图）",
    "Best change of the sum of target diameters in the {people} (waterfall plot)",
)
_WITH_SUM = Text("有完整径线总和者 {n}/{total} 例", "{n} of {total:patient|patients} with a complete sum")
Y_LABEL = Text("较基线的最佳变化/%", "Best change from baseline, %")
MARKS: dict[str, Text] = {
    "pd_by_new_lesion": Text("PD：新病灶", "PD by new lesion"),
    "pd_by_non_target": Text("PD：非靶病灶", "PD by non-target"),
}
_CAPTION = Text(
    "每柱为一例患者靶病灶径线总和较基线的最小值；{scans}。仅计全部靶病灶均评估的总和；{unevaluable} 例无此总和，未绘出。"
    "虚线为 −30% 与 +20%；+20% 线不等于 PD：PD 以此前最小总和为参照，且须增加至少 5 mm。颜色为{kind}。"
    "柱下{marks}表示首次进展的依据含新病灶或非靶病灶{shares}。{panels}{clipped}",
    "Each bar is one patient's smallest sum of target diameters as a change from baseline; {scans}. Only sums with every "
    "target evaluated count; {unevaluable:patient has none and is|patients have none and are} not drawn. Dashed lines at −30% and +20%; the +20% "
    "line is not PD, which is counted from the smallest sum before and needs 5 mm more. Colours: {kind}. {marks} "
    "below the bars: the first progression rested on a new lesion or on non-target disease{shares}. {panels}{clipped}",
)
# Of few patients, and of many.
_MARKS = {False: Text("标记", "Marks"), True: Text("直方", "Columns")}
_SHARES = {
    False: Text("", ""),
    True: Text("者在每二十分之一患者中的比例（满高为 100%）", ", as the share in each twentieth of the patients (full height is 100%)"),
}  # fmt: skip
_PANELS = Text(
    "下排按首次进展的模式分别排列，各图宽度对应其全部患者。",
    "The lower row has the patients of each pattern of first progression alone, all of them across the width. ",
)
_CLIPPED = Text("{n} 例增大超过 100%，柱顶以三角标出。", "{n} bars beyond +100% end in a triangle.")

# Millimetres.
_LEFT, _RIGHT, _PLOT, _RUG, _FOOT = 27.0, 8.0, 62.0, 3.6, 5.0
_SHARE, _PART, _GAP, _NAME = (
    5.0,
    34.0,
    9.0,
    4.5,
)  # a row of shares; panels by course, between them, their names
_MANY = 150  # from here bars touch and have no outline, shares replace marks, and each course has a panel of its own
_BINS = 20
_BESIDE = 0.006  # of all patients, as room between the scale and the first bar


def draw_waterfall(results: Results, population: str = "treated") -> Figure:
    """Best change of every evaluable patient of a population, from the series `waterfall/…`.

    Raises:
        KeyError: The series was not made (no patient had a sum).
    """
    bars = changes_of(results, "waterfall", population)
    change = bars.frame["best_change_percent"]
    median = results.get(
        analysis=RESPONSE_SERIES, population=population, outcome="best_change", statistic=Statistic.MEDIAN
    )
    return Figure(
        id=f"waterfall_{population}",
        title=titled(TITLE, population),
        caption=bars.caption(_caption(bars), _CLIPPED, int((change > TOP_PERCENT).sum())),
        alt=_alt(bars, median),
        data=bars.frame,
        painter=lambda language: _paint(bars, language),
        estimates=tuple(e for e in (bars.total, bars.evaluable, median) if e is not None),
        width_mm=DOUBLE_COLUMN_MM,
    )


def _caption(bars: Changes) -> Text:
    is_many, panels = bars.n > _MANY, _PANELS if _parts(bars) else Text("", "")

    def filled(language: Language) -> str:
        parts = {"marks": _MARKS[is_many], "shares": _SHARES[is_many], "panels": panels}
        text = _CAPTION[language]
        for name, part in parts.items():
            text = text.replace(f"{{{name}}}", part[language])
        return text

    return Text(filled("zh"), filled("en"))


def _parts(bars: Changes) -> dict[Text, pl.DataFrame]:
    """The panels by course: of many patients, where there are several courses."""
    parts = by_course(bars.frame) if bars.n > _MANY else {}
    return parts if len(parts) > 1 else {}


def _alt(bars: Changes, median: Estimate | None) -> Text:
    change = bars.frame["best_change_percent"]
    shrunk, middle = int((change <= -30).sum()), None if median is None else median.value
    return Text(
        f"瀑布图。{bars.n_total} 例中 {bars.n} 例有完整径线总和，最佳变化的中位数为 {format_number(middle, 1)}%，{shrunk} 例缩小至少 30%。",
        f"Waterfall plot. {bars.n} of {Count(bars.n_total):patient|patients} with a complete sum; the median best change is "
        f"{format_number(middle, 1)}%, and {shrunk} shrank by at least 30%.",
    )


def _paint(bars: Changes, language: Language) -> Drawing:
    width = DOUBLE_COLUMN_MM - _LEFT - _RIGHT
    rows = arrange_keys(_keys(bars, language), width)
    above = 2.0 + (len(rows) + 1) * LINE_MM + 2.0
    row = _RUG if bars.n <= _MANY else _SHARE
    below, parts = above + _PLOT + row * len(MARKS) + 3.0, _parts(bars)
    sheet = Sheet(DOUBLE_COLUMN_MM, below + (2.0 + _NAME + _PART if parts else 0.0) + _FOOT)
    words = _WITH_SUM[language].format(n=bars.n, total=Count(bars.n_total))
    stop = "；" if language == "zh" else "; "
    sheet.write(_LEFT, 2.0 + LINE_MM / 2, bars.kind[language] + stop + words)
    sheet.paint_keys(rows, _LEFT, 2.0 + LINE_MM)
    axes = sheet.axes(_LEFT, above, width, _PLOT)
    top = top_of(float(bars.frame["best_change_percent"].max() or 0))  # pyright: ignore[reportArgumentType]
    _paint_bars(axes, bars.frame, top, touching=bars.n > _MANY)
    axes.set_ylabel(Y_LABEL[language], size=TEXT_PT, labelpad=3)
    rug = sheet.axes(_LEFT, above + _PLOT + 2.0, width, row * len(MARKS))
    (_paint_rug if bars.n <= _MANY else _paint_shares)(rug, bars)
    for i, text in enumerate(MARKS.values()):
        y = above + _PLOT + 2.0 + (i + 0.5) * row
        sheet.write(_LEFT - 2.0, y, text[language], ha="right", size=SMALL_PT)
    if parts:
        _paint_parts(sheet, parts, below + 2.0, width, top, language)
    return sheet.drawing


def _paint_parts(
    sheet: Sheet, parts: dict[Text, pl.DataFrame], above: float, width: float, top: float, language: Language
) -> None:
    """The bars of each course alone, on the scale of all."""
    own = (width - _GAP * (len(parts) - 1)) / len(parts)
    for i, (name, frame) in enumerate(parts.items()):
        left = _LEFT + i * (own + _GAP)
        title = f"{name[language]}{STYLES[language].percent_space}(*n*={frame.height})"
        sheet.write(left, above + LINE_MM / 2, title)
        axes = sheet.axes(left, above + _NAME, own, _PART)
        is_last = i == len(parts) - 1
        _paint_bars(axes, frame, top, touching=True, is_first=i == 0, is_last=is_last)


def _keys(bars: Changes, language: Language) -> list:
    counts = dict(bars.frame["reported_response"].value_counts().iter_rows())
    return [
        patch(r, f"{printed(r)[language]}{STYLES[language].percent_space}(*n*={counts[r]})")
        for r in in_order(set(counts))
    ]


def _paint_bars(
    axes: Axes,
    frame: pl.DataFrame,
    top: float,
    *,
    touching: bool,
    is_first: bool = True,
    is_last: bool = True,
) -> None:
    change = frame["best_change_percent"].to_numpy()
    heights, x = np.minimum(change, TOP_PERCENT), np.arange(frame.height)
    if touching:
        _paint_touching(axes, heights, frame["reported_response"])
    else:
        colours = [colour_of(r) for r in frame["reported_response"]]
        axes.bar(x, heights, 0.86, color=colours, linewidth=0.25, edgecolor=INK)
    # A change of exactly 0 has no bar; a short line keeps its place.
    flat = x[np.abs(change) < 0.5]
    axes.plot(flat, np.zeros(len(flat)), linestyle="none", marker="_", markersize=2, color=FAINT)
    beyond = x[change > TOP_PERCENT]
    signs: dict[str, Any] = {
        "linestyle": "none",
        "marker": "^",
        "markersize": 3,
        "color": INK,
        "clip_on": False,
    }
    axes.plot(beyond, np.full(len(beyond), TOP_PERCENT), **signs)
    axes.axhline(0, color=INK, linewidth=0.6)
    scale_percent(axes, -102, top, is_first=is_first, is_last=is_last)
    _set_ends(axes, frame.height)
    axes.set_xticks([])
    axes.tick_params(labelsize=TEXT_PT)
    axes.spines["bottom"].set_visible(False)


def _set_ends(axes: Axes, n: int) -> None:
    """Of the axis of patients: of many the first bar would lie below the line of the scale."""
    axes.set_xlim(-max(1.0, _BESIDE * n), n)


def _paint_touching(axes: Axes, heights: np.ndarray, responses: pl.Series) -> None:
    """Neighbours of one response as one area: between bars of their own a screen shows seams."""
    runs = responses.fill_null("").rle_id().to_numpy()
    for start in np.flatnonzero(np.diff(runs, prepend=-1)):
        stop = start + int((runs == runs[start]).sum())
        edges = np.arange(start, stop + 1) - 0.5
        colour = colour_of(responses[int(start)])
        # Not `axes.stairs`, which measures each patch for limits that are set below.
        axes.add_artist(
            StepPatch(heights[start:stop], edges, baseline=0, fill=True, linewidth=0, facecolor=colour)
        )


def _paint_rug(axes: Axes, bars: Changes) -> None:
    """A row of signs a cause of progression, under the bars of the patients it belongs to."""
    axes.set_axis_off()
    _set_ends(axes, bars.n)
    axes.set_ylim(len(MARKS), 0)
    for row, column in enumerate(MARKS):
        at = np.flatnonzero(bars.frame[column].to_numpy())
        marker = "D" if column == "pd_by_new_lesion" else "o"
        signs: dict[str, Any] = {"linestyle": "none", "marker": marker, "markersize": 2.2, "clip_on": False}
        axes.plot(at, np.full(len(at), row + 0.5), color=INK, **signs)


def _paint_shares(axes: Axes, bars: Changes) -> None:
    """A row of columns a cause of progression: its share in each twentieth of the patients under their bars."""
    axes.set_axis_off()
    _set_ends(axes, bars.n)
    axes.set_ylim(len(MARKS), 0)
    edges = np.linspace(-0.5, bars.frame.height - 0.5, _BINS + 1)
    parts = np.array_split(np.arange(bars.frame.height), _BINS)
    for row, column in enumerate(MARKS):
        found = bars.frame[column].to_numpy()
        shares = np.array([found[part].mean() for part in parts])
        axes.stairs(
            row + 0.9 - 0.8 * shares, edges, baseline=row + 0.9, fill=True, color="#8c8c8c", linewidth=0
        )
        axes.hlines(row + 0.9, -0.5, bars.frame.height - 0.5, color=INK, linewidth=0.4)

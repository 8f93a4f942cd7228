"""Waterfall: each patient's best change of the sum of target diameters, coloured by best response."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing

from oligoscope.bilingual import Language, Text
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.responses import colour_of, in_order, patch, printed
from oligoscope.drawing.sheet import LINE_MM, Sheet, arrange_keys
from oligoscope.drawing.theme import DOUBLE_COLUMN_MM, FAINT, INK, SMALL_PT, TEXT_PT
from oligoscope.number_format import STYLES, format_number
from oligoscope.printing.titles import titled
from oligoscope.questions.response.changes import TOP_PERCENT, Changes, changes_of, scale_percent, top_of
from oligoscope.results.analyses import RESPONSE_SERIES
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic

TITLE = Text(
    "{people}靶病灶径线总和的最佳变化（瀑布图）",
    "Best change of the sum of target diameters in the {people} (waterfall plot)",
)
EVALUABLE = Text("可评估 {n}/{total} 例", "{n} of {total} patients evaluable")
Y_LABEL = Text("较基线的最佳变化/%", "Best change from baseline, %")
MARKS: dict[str, Text] = {
    "pd_by_new_lesion": Text("PD：新病灶", "PD by new lesion"),
    "pd_by_non_target": Text("PD：非靶病灶", "PD by non-target"),
}
_CAPTION = Text(
    "每柱为一例患者靶病灶径线总和较基线的最小值；{scans}。仅计全部靶病灶均评估的总和；{unevaluable} 例无此总和，未绘出。"
    "虚线为 −30% 与 +20%；+20% 线不等于 PD：PD 以此前最小总和为参照，且须增加至少 5 mm。颜色为{kind}。"
    "柱下标记表示首次进展的依据含新病灶或非靶病灶。{clipped}",
    "Each bar is one patient's smallest sum of target diameters as a change from baseline; {scans}. Only sums with every "
    "target evaluated count; {unevaluable} patients have none and are not drawn. Dashed lines at −30% and +20%; the +20% "
    "line is not PD, which is counted from the smallest sum before and needs 5 mm more. Colours: {kind}. Marks "
    "below the bars: the first progression rested on a new lesion or on non-target disease. {clipped}",
)
_CLIPPED = Text("{n} 例增大超过 100%，柱顶以三角标出。", "{n} bars beyond +100% end in a triangle.")

# Millimetres.
_LEFT, _RIGHT, _PLOT, _RUG, _FOOT = 27.0, 8.0, 62.0, 3.6, 5.0
_MANY = 150  # from here bars touch and have no outline, and marks are lines


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
        caption=bars.caption(_CAPTION, _CLIPPED, int((change > TOP_PERCENT).sum())),
        alt=_alt(bars, median),
        data=bars.frame,
        painter=lambda language: _paint(bars, language),
        estimates=tuple(e for e in (bars.total, bars.evaluable, median) if e is not None),
        width_mm=DOUBLE_COLUMN_MM,
    )


def _alt(bars: Changes, median: Estimate | None) -> Text:
    change = bars.frame["best_change_percent"]
    shrunk, middle = int((change <= -30).sum()), None if median is None else median.value
    return Text(
        f"瀑布图。{bars.n_total} 例中 {bars.n} 例可评估，最佳变化的中位数为 {format_number(middle, 1)}%，{shrunk} 例缩小至少 30%。",
        f"Waterfall plot. {bars.n} of {bars.n_total} patients evaluable; the median best change is "
        f"{format_number(middle, 1)}%, and {shrunk} shrank by at least 30%.",
    )


def _paint(bars: Changes, language: Language) -> Drawing:
    width = DOUBLE_COLUMN_MM - _LEFT - _RIGHT
    rows = arrange_keys(_keys(bars, language), width)
    above = 2.0 + (len(rows) + 1) * LINE_MM + 2.0
    rug = _RUG * len(MARKS) + 3.0
    sheet = Sheet(DOUBLE_COLUMN_MM, above + _PLOT + rug + _FOOT)
    words = EVALUABLE[language].format(n=bars.n, total=bars.n_total)
    stop = "；" if language == "zh" else "; "
    sheet.write(_LEFT, 2.0 + LINE_MM / 2, bars.kind[language] + stop + words)
    sheet.paint_keys(rows, _LEFT, 2.0 + LINE_MM)
    axes = sheet.axes(_LEFT, above, width, _PLOT)
    _paint_bars(axes, bars, language)
    _paint_rug(sheet, sheet.axes(_LEFT, above + _PLOT + 2.0, width, _RUG * len(MARKS)), bars, above, language)
    return sheet.drawing


def _keys(bars: Changes, language: Language) -> list:
    counts = dict(bars.frame["reported_response"].value_counts().iter_rows())
    return [
        patch(r, f"{printed(r)[language]}{STYLES[language].percent_space}(*n*={counts[r]})")
        for r in in_order(set(counts))
    ]


def _paint_bars(axes: Axes, bars: Changes, language: Language) -> None:
    change = bars.frame["best_change_percent"].to_numpy()
    colours = [colour_of(r) for r in bars.frame["reported_response"]]
    # Outlines are drawn only where bars are wide enough to keep their colour.
    look: dict[str, Any] = {"width": 1.0, "linewidth": 0}
    if bars.n <= _MANY:
        look = {"width": 0.86, "linewidth": 0.25, "edgecolor": INK}
    x = np.arange(bars.n)
    axes.bar(x, np.minimum(change, TOP_PERCENT), color=colours, **look)
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
    scale_percent(axes, -102, top_of(change.max()))
    axes.set_xlim(-1, bars.n)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.set_ylabel(Y_LABEL[language], size=TEXT_PT, labelpad=3)


def _paint_rug(sheet: Sheet, axes: Axes, bars: Changes, above: float, language: Language) -> None:
    """A row of ticks a cause of progression, under the bars of the patients it belongs to."""
    axes.set_axis_off()
    axes.set_xlim(-1, bars.n)
    axes.set_ylim(len(MARKS), 0)
    for row, (column, text) in enumerate(MARKS.items()):
        at = np.flatnonzero(bars.frame[column].to_numpy())
        if bars.n <= _MANY:
            marker = "D" if column == "pd_by_new_lesion" else "o"
            signs: dict[str, Any] = {
                "linestyle": "none",
                "marker": marker,
                "markersize": 2.2,
                "clip_on": False,
            }
            axes.plot(at, np.full(len(at), row + 0.5), color=INK, **signs)
        else:
            axes.vlines(at, row + 0.15, row + 0.85, color=INK, linewidth=0.35)
        y = above + _PLOT + 2.0 + (row + 0.5) * _RUG
        sheet.write(_LEFT - 2.0, y, text[language], ha="right", size=SMALL_PT)

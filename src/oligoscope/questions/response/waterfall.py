"""Waterfall: each patient's best change of the sum of target diameters, coloured by best response."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing

from oligoscope.bilingual import Language, Text
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.responses import KIND, colour_of, in_order, patch, printed
from oligoscope.drawing.sheet import LINE_MM, Sheet, arrange_keys
from oligoscope.drawing.theme import DOUBLE_COLUMN_MM, FAINT, INK, SMALL_PT, TEXT_PT
from oligoscope.number_format import STYLES, format_number
from oligoscope.questions.response.changes import of_changes
from oligoscope.results.analyses import RESPONSE_SERIES
from oligoscope.results.methods import MethodPart
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.keys import in_sentence
from oligoscope.study.vocabulary import name_of

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
SCANS: dict[bool, Text] = {
    False: Text(
        "只计首次进展（含该次扫描）之前、且不晚于新的全身治疗开始的扫描",
        "only scans up to the first progression (that scan included) and up to the start of a new systemic therapy count",
    ),
    True: Text("计入全部扫描，包括进展之后与新治疗之后的", "every scan counts, those after progression and after a new therapy too"),
}  # fmt: skip
_CAPTION = Text(
    "每柱为一例患者靶病灶径线总和较基线的最小值；{scans}。仅计全部靶病灶均评估的总和；{unevaluable} 例无此总和，未绘出。"
    "虚线为 −30% 与 +20%；+20% 线不等于 PD：PD 以此前最小总和为参照，且须增加至少 5 mm。颜色为{kind}。"
    "柱下标记表示首次进展的依据含新病灶或非靶病灶。{clipped}",
    "Each bar is one patient's smallest sum of target diameters as a change from baseline; {scans}. Only sums with every "
    "target evaluated count; {unevaluable} patients have none and are not drawn. Dashed lines at −30% and +20%; the +20% "
    "line is not PD, which is counted from the smallest sum before and needs 5 mm more. Colours: {kind_lower}. Marks "
    "below the bars: the first progression rested on a new lesion or on non-target disease. {clipped}",
)
_CLIPPED = Text("{n} 例增大超过 100%，柱顶以三角标出。", "{n} bars beyond +100% end in a triangle.")

# Millimetres.
_LEFT, _RIGHT, _PLOT, _RUG, _FOOT = 27.0, 8.0, 62.0, 3.6, 5.0
_TOP_PERCENT = 100.0


@dataclass(frozen=True)
class Bars:
    """What one drawing shows: the series, and the estimates printed with it."""

    population: str
    frame: pl.DataFrame
    total: Estimate
    evaluable: Estimate

    @property
    def n(self) -> int:
        return self.frame.height

    @property
    def n_total(self) -> int:
        return int(self.total.value or 0)

    @property
    def is_confirmed(self) -> bool:
        return self.total.method.has(MethodPart.CONFIRMED)


def draw_waterfall(results: Results, population: str = "treated") -> Figure:
    """Best change of every evaluable patient of a population, from the series `waterfall/…`.

    Raises:
        KeyError: The series was not made (no patient had a sum).
    """
    frame, total, evaluable = of_changes(results, "waterfall", population)
    bars = Bars(population, frame, total, evaluable)
    people = name_of(population)
    median = results.get(
        analysis=RESPONSE_SERIES, population=population, outcome="best_change", statistic=Statistic.MEDIAN
    )
    return Figure(
        id=f"waterfall_{population}",
        title=Text(TITLE.zh.format(people=people.zh), TITLE.en.format(people=in_sentence(people).en)),
        caption=_caption(bars),
        alt=_alt(bars, median),
        data=frame,
        painter=lambda language: _paint(bars, language),
        estimates=tuple(e for e in (total, evaluable, median) if e is not None),
        width_mm=DOUBLE_COLUMN_MM,
    )


def _caption(bars: Bars) -> Text:
    scans = SCANS[bars.evaluable.method.has(MethodPart.EVERY_SCAN)]
    kind = KIND[bars.is_confirmed]
    n_clipped = int((bars.frame["best_change_percent"] > _TOP_PERCENT).sum())
    clipped = (
        Text(_CLIPPED.zh.format(n=n_clipped), _CLIPPED.en.format(n=n_clipped)) if n_clipped else Text("", "")
    )
    unevaluable = bars.n_total - bars.n
    zh = _CAPTION.zh.format(scans=scans.zh, unevaluable=unevaluable, kind=kind.zh, clipped=clipped.zh)
    en = _CAPTION.en.format(
        scans=scans.en, unevaluable=unevaluable, kind_lower=kind.en.lower(), clipped=clipped.en
    )
    return Text(zh, en.rstrip())


def _alt(bars: Bars, median: Estimate | None) -> Text:
    change = bars.frame["best_change_percent"]
    shrunk, middle = int((change <= -30).sum()), None if median is None else median.value
    return Text(
        f"瀑布图。{bars.n_total} 例中 {bars.n} 例可评估，最佳变化的中位数为 {format_number(middle, 1)}%，{shrunk} 例缩小至少 30%。",
        f"Waterfall plot. {bars.n} of {bars.n_total} patients evaluable; the median best change is "
        f"{format_number(middle, 1)}%, and {shrunk} shrank by at least 30%.",
    )


def _paint(bars: Bars, language: Language) -> Drawing:
    rows = arrange_keys(_keys(bars, language), DOUBLE_COLUMN_MM - _LEFT - _RIGHT)
    above = 2.0 + (len(rows) + 1) * LINE_MM + 2.0
    rug = _RUG * len(MARKS) + 3.0
    sheet = Sheet(DOUBLE_COLUMN_MM, above + _PLOT + rug + _FOOT)
    words = EVALUABLE[language].format(n=bars.n, total=bars.n_total)
    sheet.write(
        _LEFT,
        2.0 + LINE_MM / 2,
        {"zh": f"{KIND[bars.is_confirmed].zh}；{words}", "en": f"{KIND[bars.is_confirmed].en}; {words}"}[
            language
        ],
    )
    sheet.paint_keys(rows, _LEFT, 2.0 + LINE_MM)
    width = DOUBLE_COLUMN_MM - _LEFT - _RIGHT
    axes = sheet.axes(_LEFT, above, width, _PLOT)
    _paint_bars(axes, bars, language)
    _paint_rug(sheet, sheet.axes(_LEFT, above + _PLOT + 2.0, width, _RUG * len(MARKS)), bars, above, language)
    return sheet.drawing


def _keys(bars: Bars, language: Language) -> list:
    counts = dict(bars.frame["reported_response"].value_counts().iter_rows())
    return [
        patch(r, f"{printed(r)[language]}{STYLES[language].percent_space}(n={counts[r]})")
        for r in in_order(set(counts))
    ]


def _paint_bars(axes: Axes, bars: Bars, language: Language) -> None:
    change = bars.frame["best_change_percent"].to_numpy()
    colours = [colour_of(r) for r in bars.frame["reported_response"]]
    # Outlines are drawn only where bars are wide enough to keep their colour.
    edge: dict[str, Any] = {"edgecolor": INK, "linewidth": 0.25} if bars.n <= 150 else {"linewidth": 0}
    x = np.arange(bars.n)
    axes.bar(x, np.minimum(change, _TOP_PERCENT), width=0.86 if bars.n <= 150 else 1.0, color=colours, **edge)
    # A change of exactly 0 has no bar; a short line keeps its place.
    flat = x[np.abs(change) < 0.5]
    axes.plot(flat, np.zeros(len(flat)), linestyle="none", marker="_", markersize=2, color=FAINT)
    beyond = x[change > _TOP_PERCENT]
    axes.plot(
        beyond,
        np.full(len(beyond), _TOP_PERCENT),
        linestyle="none",
        marker="^",
        markersize=3,
        color=INK,
        clip_on=False,
    )
    axes.axhline(0, color=INK, linewidth=0.6)
    for level in (-30, 20):
        axes.axhline(level, color=FAINT, linewidth=0.6, linestyle=(0, (4, 2)), zorder=0.5)
        axes.annotate(
            f"{format_number(level, 0) if level < 0 else '+20'}%", (1.0, level), xycoords=("axes fraction", "data"),
            xytext=(2, 0), textcoords="offset points", va="center", size=SMALL_PT, color=INK,
        )  # fmt: skip
    top = min(_TOP_PERCENT, max(30.0, 10 * np.ceil(change.max() / 10) + 5))
    axes.set_ylim(-102, top)
    axes.set_xlim(-1, bars.n)
    ticks = [t for t in range(-100, 101, 20) if t <= top]
    axes.set_yticks(ticks, [format_number(t, 0) for t in ticks])
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.set_ylabel(Y_LABEL[language], size=TEXT_PT, labelpad=3)


def _paint_rug(sheet: Sheet, axes: Axes, bars: Bars, above: float, language: Language) -> None:
    """A row of ticks a cause of progression, under the bars of the patients it belongs to."""
    axes.set_axis_off()
    axes.set_xlim(-1, bars.n)
    axes.set_ylim(len(MARKS), 0)
    for row, (column, text) in enumerate(MARKS.items()):
        at = np.flatnonzero(bars.frame[column].to_numpy())
        if bars.n <= 150:
            marker = "D" if column == "pd_by_new_lesion" else "o"
            axes.plot(
                at,
                np.full(len(at), row + 0.5),
                linestyle="none",
                marker=marker,
                markersize=2.2,
                color=INK,
                clip_on=False,
            )
        else:
            axes.vlines(at, row + 0.15, row + 0.85, color=INK, linewidth=0.35)
        y = above + _PLOT + 2.0 + (row + 0.5) * _RUG
        sheet.write(_LEFT - 2.0, y, text[language], ha="right", size=SMALL_PT)

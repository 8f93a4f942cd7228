"""One patient's lesions over time: the size of each in millimetres, new lesions marked."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing

from oligoscope.bilingual import Language, Text
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.sheet import LINE_MM, Key, PlacedKey, Sheet, arrange_keys
from oligoscope.drawing.theme import DOUBLE_COLUMN_MM, FAINT, INK, SMALL_PT, TEXT_PT
from oligoscope.study.months import DAYS_PER_MONTH

SCHEMA = {
    "lesion": pl.String, "name_zh": pl.String, "name_en": pl.String, "role": pl.String, "day": pl.Int64,
    "size_mm": pl.Float64, "segment": pl.Int64, "is_first_of_new": pl.Boolean, "progressing": pl.Boolean,
}  # fmt: skip
X_LABEL = Text("自治疗开始的时间/月", "Months since start of treatment")
Y_LABEL = Text("长径（淋巴结为短径）/mm", "Longest diameter (nodes: short axis), mm")
NEW = Text("新病灶首次出现", "New lesion, first seen")
PROGRESSING = Text("首次进展时计为进展的病灶", "Counted as progressing at the first progression")
_CAPTION = Text(
    "每线为 1 个有径线记录的病灶；未测量的扫描处断线，不跨越连接；0 为消失。竖虚线为首次进展。{unsized}",
    "Each line is one lesion with recorded sizes; a line is broken where a scan did not measure it, never joined over it; 0 "
    "means disappeared. Dashed vertical line: first progression. {unsized}",
)
_UNSIZED = Text(
    "{n} 个病灶无径线记录，只列于表中。", "{n} lesions have no recorded size and are in the table only."
)

# Okabe & Ito hues with dash patterns and markers: three ways to tell lesions apart, one of them without hue.
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#aa4499", "#b8860b", "#1a1a1a")
_LINES: tuple[Any, ...] = ("-", (0, (4, 1.5)), (0, (1, 1)), (0, (5, 1, 1, 1)))
_MARKERS = ("o", "s", "^", "v", "P", "p", "h")

# Millimetres.
_LEFT, _RIGHT, _PLOT, _AXIS, _FOOT = 15.0, 8.0, 62.0, 10.0, 4.0


def draw_lesion_spider(
    patient_id: str,
    readings: pl.DataFrame,
    progressed_day: int | None,
    *,
    n_unsized: int = 0,
    synthetic: bool = False,
) -> Figure:
    """Draw the sizes of one patient's lesions.

    Args:
        patient_id: Names the picture.
        readings: Columns of `SCHEMA`, a row a lesion and scan at which it has a size; a new `segment`
            begins after a scan without one.
        progressed_day: First progression, days from treatment start.
        n_unsized: Lesions without any size, counted in the caption.
        synthetic: Mark the picture as made from synthetic data.
    """
    caption = _CAPTION.filled(unsized=_UNSIZED.filled(n=n_unsized) if n_unsized else "")
    return Figure(
        id="lesion_spider",
        title=Text(f"患者 {patient_id} 各病灶的大小", f"Lesions of patient {patient_id} by size"),
        caption=Text(caption.zh, caption.en.rstrip()),
        alt=_alt(readings),
        data=readings,
        painter=lambda language: _paint(readings, progressed_day, language),
        synthetic=synthetic,
        width_mm=DOUBLE_COLUMN_MM,
    )


def _alt(readings: pl.DataFrame) -> Text:
    zh, en = [], []
    for own in readings.partition_by("lesion", maintain_order=True):
        sizes = own.sort("day")["size_mm"]
        zh.append(f"{own['name_zh'][0]}：{sizes[0]:g} 至 {sizes[-1]:g} mm")
        en.append(f"{own['name_en'][0]}: {sizes[0]:g} to {sizes[-1]:g} mm")
    return Text(
        "病灶大小随时间变化。" + "；".join(zh) + "。", "Sizes of lesions over time. " + "; ".join(en) + "."
    )


def _look(i: int) -> dict[str, Any]:
    colour = _COLOURS[i % len(_COLOURS)]
    return {
        "color": colour,
        "linestyle": _LINES[(i // len(_COLOURS)) % len(_LINES)],
        "marker": _MARKERS[i % len(_MARKERS)],
    }


def _paint(readings: pl.DataFrame, progressed_day: int | None, language: Language) -> Drawing:
    width = DOUBLE_COLUMN_MM - _LEFT - _RIGHT
    rows = _key_rows(readings, width, language)
    above = 2.0 + len(rows) * LINE_MM + 2.5
    sheet = Sheet(DOUBLE_COLUMN_MM, above + _PLOT + _AXIS + _FOOT)
    sheet.paint_keys(rows, _LEFT, 2.0)
    axes = sheet.axes(_LEFT, above, width, _PLOT)
    for i, own in enumerate(readings.partition_by("lesion", maintain_order=True)):
        _paint_lesion(axes, own, _look(i))
    _scale(axes, readings, progressed_day)
    axes.set_xlabel(X_LABEL[language], size=TEXT_PT, labelpad=2)
    axes.set_ylabel(Y_LABEL[language], size=TEXT_PT, labelpad=3)
    return sheet.drawing


def _key_rows(readings: pl.DataFrame, width: float, language: Language) -> list[list[PlacedKey]]:
    keys = []
    for i, own in enumerate(readings.partition_by("lesion", maintain_order=True)):
        colour, line, marker = _look(i).values()
        keys.append(Key(own[f"name_{language}"][0], "line", colour, colour, line, marker))
    signs = []
    if readings["is_first_of_new"].any():
        signs.append(Key(NEW[language], "marker", INK, INK, marker="*"))
    if readings["progressing"].any():
        signs.append(Key(PROGRESSING[language], "marker", "#ffffff", INK, marker="o", filled=False))
    return [*arrange_keys(keys, width), *(arrange_keys(signs, width) if signs else [])]


def _paint_lesion(axes: Axes, own: pl.DataFrame, look: dict[str, Any]) -> None:
    for segment in own.partition_by("segment", maintain_order=True):
        months = segment["day"].to_numpy() / DAYS_PER_MONTH
        axes.plot(
            months, segment["size_mm"].to_numpy(), linewidth=1.0, markersize=2.6, markeredgewidth=0, **look
        )
    for flag, marker, size, fill in (
        ("is_first_of_new", "*", 7, look["color"]),
        ("progressing", "o", 8, "none"),
    ):
        at = own.filter(flag)
        axes.plot(at["day"].to_numpy() / DAYS_PER_MONTH, at["size_mm"].to_numpy(), linestyle="none", marker=marker,
                  markersize=size, markerfacecolor=fill, markeredgecolor=INK, markeredgewidth=0.6, zorder=3)  # fmt: skip


def _scale(axes: Axes, readings: pl.DataFrame, progressed_day: int | None) -> None:
    months = readings["day"].to_numpy() / DAYS_PER_MONTH
    first, last = min(0.0, float(months.min())), max(1.0, float(months.max()))
    axes.set_xlim(first - 0.02 * (last - first), last * 1.03)
    axes.set_ylim(bottom=-0.02 * float(readings["size_mm"].max() or 1))  # pyright: ignore[reportArgumentType]
    step = next(s for s in (1, 2, 3, 6, 12, 24, 48, 96) if last / s <= 12)
    axes.set_xticks(np.arange(0, last * 1.03, step))
    axes.tick_params(labelsize=TEXT_PT)
    axes.axvline(0, color=FAINT, linewidth=0.5, zorder=0.5)
    if progressed_day is not None:
        x = progressed_day / DAYS_PER_MONTH
        axes.axvline(x, color="#b5500a", linewidth=0.6, linestyle=(0, (3, 2)), zorder=0.5)
        axes.annotate("PD", (x, 1.0), xycoords=("data", "axes fraction"), xytext=(0, 2), textcoords="offset points",
                      ha="center", size=SMALL_PT)  # fmt: skip

"""Overlap of the propensity scores: mirrored histograms of the two groups, before and after matching."""

from __future__ import annotations

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.ticker import MaxNLocator

from oligoscope.bilingual import Count, Language, Text
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.lettering import write_line
from oligoscope.drawing.sheet import LINE_MM, Key, Sheet, arrange_keys
from oligoscope.drawing.theme import DOUBLE_COLUMN_MM, INK, TEXT_PT, look_of
from oligoscope.number_format import format_number
from oligoscope.printing.matched_notes import is_of_several
from oligoscope.results.analyses import MATCHING
from oligoscope.results.results import Results
from oligoscope.study.keys import in_sentence, is_comparison, parts_of
from oligoscope.study.vocabulary import name_of

N_BINS = 25
TIMES: dict[str, Text] = {
    "before": Text("匹配前", "Before matching"),
    "after": Text("匹配后", "After matching"),
}
_X = Text("倾向评分", "Propensity score")
_Y = Text("患者数", "Patients")
_OF_SEVERAL = Text("；图为第一个插补数据集", "; the picture shows the first imputation")
_WEIGHTED = Text(
    "匹配后按匹配权重计数。", " After matching, patients are counted by the weights of the matching."
)

# Millimetres.
_LEFT, _RIGHT, _GAP, _PLOT, _BELOW = 14.0, 4.0, 14.0, 46.0, 13.5


def draw_score_overlap(results: Results) -> Figure:
    """Patients by score, one group up and the other down, from the series propensity/before and /after.

    Raises:
        KeyError: The scores were not reported.
    """
    frames = {
        time: results.series[f"propensity/{time}"] for time in TIMES if f"propensity/{time}" in results.series
    }
    if "before" not in frames:
        raise KeyError("propensity/before")
    groups = _groups(results, frames["before"])
    bins = _bins(frames, groups)
    first, second = (in_sentence(name_of(g)) for g in groups)
    event = name_of(groups[0])
    shown = _OF_SEVERAL if is_of_several(results) else Text("", "")
    weighted = _WEIGHTED if any(_is_weighted(f) for f in frames.values()) else Text("", "")
    return Figure(
        id="score_overlap",
        title=Text(
            "匹配前后两组倾向评分的重叠", "Overlap of the propensity scores before and after matching"
        ),
        caption=Text(
            f"倾向评分为属于{event.zh}组的概率{shown.zh}。横轴上方为{first.zh}组，下方为{second.zh}组。{weighted.zh}",
            f"The score is the probability of {first.en}{shown.en}. Above the axis {first.en}, below it {second.en}.{weighted.en}",
        ),
        alt=_alt(frames, groups),
        data=bins,
        painter=lambda language: _paint(bins, groups, tuple(frames), language),
        width_mm=DOUBLE_COLUMN_MM,
    )


def _groups(results: Results, frame: pl.DataFrame) -> tuple[str, str]:
    """The group whose probability the score is, then the other."""
    compared = next((e.group for e in results.find(analysis=MATCHING) if is_comparison(e.group)), "")
    first, second = parts_of(compared) if compared else sorted(frame["group"].unique())
    return first, second


def _is_weighted(frame: pl.DataFrame) -> bool:
    return "weight" in frame.columns


def _bins(frames: dict[str, pl.DataFrame], groups: tuple[str, str]) -> pl.DataFrame:
    """Columns time, group, low, high, n; the same bins before and after."""
    scores = frames["before"]["probability"]
    edges = np.linspace(float(scores.min() or 0), float(scores.max() or 1), N_BINS + 1)  # type: ignore[arg-type]
    rows = []
    any_weights = any(_is_weighted(frame) for frame in frames.values())
    for time, frame in frames.items():
        for group in groups:
            members = frame.filter(pl.col("group") == group)
            weights = members["weight"].to_numpy() if _is_weighted(frame) else None
            counts = np.histogram(members["probability"].to_numpy(), edges, weights=weights)[0]
            rows += [
                {"time": time, "group": group, "low": a, "high": b, "n": float(n) if any_weights else int(n)}
                for a, b, n in zip(edges[:-1], edges[1:], counts, strict=True)
            ]
    return pl.DataFrame(rows)


def _paint(
    bins: pl.DataFrame, groups: tuple[str, str], times: tuple[str, ...], language: Language
) -> Drawing:
    keys = [Key(name_of(g)[language], "patch", look_of(g, i).colour) for i, g in enumerate(groups)]
    placed = arrange_keys(keys, DOUBLE_COLUMN_MM - _LEFT - _RIGHT)
    top = 1.5 + LINE_MM * len(placed) + LINE_MM + 2.0
    sheet = Sheet(DOUBLE_COLUMN_MM, top + _PLOT + _BELOW)
    sheet.paint_keys(placed, _LEFT, 1.5)
    width = (DOUBLE_COLUMN_MM - _LEFT - _RIGHT - _GAP) / 2
    tallest = float(bins["n"].max() or 1) * 1.08  # type: ignore[arg-type]
    for i, time in enumerate(times):
        left = _LEFT + i * (width + _GAP)
        write_line(sheet, left, top - LINE_MM / 2 - 1.0, TIMES[time][language])
        axes = sheet.axes(left, top, width, _PLOT)
        _paint_bars(axes, bins.filter(pl.col("time") == time), groups)
        _label_axes(axes, tallest, language)
    return sheet.drawing


def _paint_bars(axes: Axes, bins: pl.DataFrame, groups: tuple[str, str]) -> None:
    for i, (group, sign, hatch) in enumerate(zip(groups, (1, -1), ("", "////"), strict=True)):
        mine = bins.filter(pl.col("group") == group)
        low, high = mine["low"].to_numpy(), mine["high"].to_numpy()
        axes.bar(
            low, sign * mine["n"].to_numpy(), width=high - low, align="edge", color=look_of(group, i).colour,
            edgecolor="white", linewidth=0.3, hatch=hatch,
        )  # fmt: skip
    axes.axhline(0, color=INK, linewidth=0.6)


def _label_axes(axes: Axes, tallest: float, language: Language) -> None:
    axes.set_ylim(-tallest, tallest)
    axes.tick_params(labelsize=TEXT_PT)
    axes.yaxis.set_major_locator(MaxNLocator("auto", steps=[1, 2, 5, 10], integer=True))
    axes.yaxis.set_major_formatter(lambda value, _: format_number(abs(value), 0))
    scores = np.asarray(axes.get_xticks())
    decimals = next(d for d in range(1, 12) if d == 11 or np.allclose(scores, scores.round(d), rtol=0))
    axes.xaxis.set_major_formatter(lambda value, _: format_number(value, decimals))
    axes.set_xlabel(_X[language], size=TEXT_PT, labelpad=2)
    axes.set_ylabel(_Y[language], size=TEXT_PT, labelpad=2)


def _alt(frames: dict[str, pl.DataFrame], groups: tuple[str, str]) -> Text:
    """Median score of each group, before and after."""
    zh, en = [], []
    for time, frame in frames.items():
        for group in groups:
            members = frame.filter(pl.col("group") == group)["probability"]
            middle, name = format_number(members.median(), 2), name_of(group)  # type: ignore[arg-type]
            zh.append(f"{TIMES[time].zh}{name.zh}组 {members.len()} 例，评分中位数 {middle}")
            en.append(
                f"{TIMES[time].en.lower()}, {in_sentence(name).en}, {Count(members.len()):patient|patients}, median score {middle}"
            )
    return Text(f"倾向评分直方图：{'；'.join(zh)}。", f"Histograms of the propensity score: {'; '.join(en)}.")

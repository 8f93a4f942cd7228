"""Levels of an imputed variable by group: as observed and in each imputation, as stacked shares."""

from __future__ import annotations

from typing import Any

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing

from oligoscope.bilingual import LANGUAGES, Language, Text
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.lettering import write_line
from oligoscope.drawing.sheet import LINE_MM, Key, Sheet, arrange_keys
from oligoscope.drawing.theme import DOUBLE_COLUMN_MM, INK, SMALL_PT, TEXT_PT
from oligoscope.number_format import STYLES, equals_p, format_number
from oligoscope.results.analyses import PREDICTORS
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.keys import ALL, in_sentence
from oligoscope.study.vocabulary import column_name, name_of, name_of_level, variable_name

OBSERVED = 0
# From light to dark, so that the order of the levels shows in grey as well (ColorBrewer Blues, colour-blind safe).
SHADES = ("#DEEBF7", "#9ECAE1", "#4292C6", "#2171B5", "#08519C", "#08306B")
_OBSERVED = Text("观察", "Obs.")
_Y = Text("患者比例/%", "Share of patients, %")
_X = Text("观察值与各插补数据集", "Observed values and imputations")
_MOST = 10  # imputations drawn

# Millimetres.
_LEFT, _RIGHT, _GAP, _PLOT, _BELOW = 13.0, 3.0, 9.0, 48.0, 13.5


def draw_imputed_levels(
    results: Results, variable: str, population: str = "progressed", by: str = "pattern"
) -> Figure:
    """One panel a group, one bar for the observed values and one for each imputation.

    From the series `imputation/levels`: variable, imputation (0: observed), group, level, n.

    Raises:
        KeyError: The series was not made, or does not hold the variable.
    """
    frame = results.series["imputation/levels"].filter(pl.col("variable") == variable, pl.col("group") != ALL)
    if frame.is_empty():
        raise KeyError(f"imputation/levels: {variable}")
    shares = _shares(frame)
    name, people = variable_name(variable), name_of(population)
    joint = _joint_p(results, variable, population, by)
    return Figure(
        id=f"imputed_{variable}",
        title=Text(
            f"{people.zh}按{column_name(by).zh}分组的 {name.zh}：观察值与各插补数据集",
            f"{name.en} of the {in_sentence(people).en} by {in_sentence(column_name(by)).en}: observed values and imputations",
        ),
        caption=_caption(shares, joint),
        alt=_alt(shares, by, variable),
        data=shares,
        painter=lambda language: _paint(shares, by, variable, language),
        estimates=() if joint is None else (joint,),
        width_mm=DOUBLE_COLUMN_MM,
    )


def _shares(frame: pl.DataFrame) -> pl.DataFrame:
    """With `percent` of the group's patients in each imputation (of those observed, for the observed)."""
    total = pl.col("n").sum().over("imputation", "group")
    return frame.with_columns(percent=100 * pl.col("n") / total)


def _joint_p(results: Results, variable: str, population: str, by: str) -> Estimate | None:
    """Pooled P of all levels together, where one was reported."""
    keys: dict[str, Any] = {"population": population, "outcome": by, "variable": variable, "level": ""}
    found = results.find(analysis=PREDICTORS, statistic=Statistic.P_VALUE_UNIVARIABLE, **keys)
    return next((e for e in found if e.value is not None), None)


def _caption(shares: pl.DataFrame, joint: Estimate | None) -> Text:
    m = int(shares["imputation"].max() or 0)  # type: ignore[arg-type]
    drawn = min(m, _MOST)
    which = test = Text("", "")
    if m > drawn:
        which = Text(
            f"共 {m} 次插补，绘出前 {drawn} 次。", f"The first {drawn} of {m} imputations are drawn. "
        )
    if joint is not None:
        test = Text(
            f"各水平与分组的合并检验：*P*{equals_p(joint.value, STYLES['zh'])}（单因素 Logistic 回归，合并 Wald 检验）。",
            f"All levels together against the groups, pooled: *P*{equals_p(joint.value, STYLES['en'])} (univariable logistic "
            "regression, pooled Wald test).",
        )
    return Text(
        f"观察值以已知者为分母，各插补数据集以该组全部患者为分母。{which.zh}{test.zh}",
        f"Observed values are shares of those known, imputations of everyone in the group. {which.en}{test.en}".rstrip(),
    )


def _paint(shares: pl.DataFrame, by: str, variable: str, language: Language) -> Drawing:
    levels, groups = (list(shares[c].unique(maintain_order=True)) for c in ("level", "group"))
    keys = [
        Key(name_of_level(variable, v)[language], "patch", SHADES[i % len(SHADES)])
        for i, v in enumerate(levels)
    ]
    placed = arrange_keys(keys, DOUBLE_COLUMN_MM - _LEFT - _RIGHT)
    top = 1.5 + LINE_MM * len(placed) + LINE_MM + 2.0
    sheet = Sheet(DOUBLE_COLUMN_MM, top + _PLOT + _BELOW)
    sheet.paint_keys(placed, _LEFT, 1.5)
    width = (DOUBLE_COLUMN_MM - _LEFT - _RIGHT - _GAP * (len(groups) - 1)) / len(groups)
    for i, group in enumerate(groups):
        left = _LEFT + i * (width + _GAP)
        mine = shares.filter(pl.col("group") == group)
        write_line(sheet, left, top - LINE_MM / 2 - 1.0, name_of_level(by, group)[language])
        axes = sheet.axes(left, top, width, _PLOT)
        _paint_bars(axes, mine, levels)
        _label_axes(axes, mine, language, is_first=i == 0)
    return sheet.drawing


def _paint_bars(axes: Axes, mine: pl.DataFrame, levels: list[str]) -> None:
    drawn = [i for i in mine["imputation"].unique(maintain_order=True) if i <= _MOST]
    floor = dict.fromkeys(drawn, 0.0)
    for k, level in enumerate(levels):
        here = {
            r["imputation"]: r["percent"] for r in mine.filter(pl.col("level") == level).iter_rows(named=True)
        }
        for i in drawn:
            # A gap after the observed bar: it is not one of the imputations.
            x, height = i + (0.0 if i == OBSERVED else 0.4), here.get(i, 0.0)
            shade = SHADES[k % len(SHADES)]
            axes.bar(x, height, bottom=floor[i], width=0.78, color=shade, edgecolor=INK, linewidth=0.4)
            if height >= 6:
                axes.text(
                    x, floor[i] + height / 2, format_number(height, 1), ha="center", va="center", size=SMALL_PT,
                    color="white" if k >= 3 else INK,
                )  # fmt: skip
            floor[i] += height


def _label_axes(axes: Axes, mine: pl.DataFrame, language: Language, *, is_first: bool) -> None:
    drawn = [i for i in mine["imputation"].unique(maintain_order=True) if i <= _MOST]
    ticks = [i + (0.0 if i == OBSERVED else 0.4) for i in drawn]
    axes.set_xticks(ticks, [_OBSERVED[language] if i == OBSERVED else str(i) for i in drawn])
    axes.set_ylim(0, 100)
    axes.tick_params(labelsize=TEXT_PT)
    axes.tick_params(axis="x", length=0)
    axes.set_xlabel(_X[language], size=TEXT_PT, labelpad=2)
    if is_first:
        axes.set_ylabel(_Y[language], size=TEXT_PT, labelpad=3)


def _alt(shares: pl.DataFrame, by: str, variable: str) -> Text:
    """Observed share and range over the imputations, of each group and level."""
    rows = []
    for (group, level), mine in shares.group_by("group", "level", maintain_order=True):
        observed = mine.filter(pl.col("imputation") == OBSERVED)["percent"]
        made = mine.filter(pl.col("imputation") != OBSERVED)["percent"]
        ends = [format_number(x, 1) for x in (observed.mean(), made.min(), made.max())]  # type: ignore[arg-type]
        rows.append((str(group), str(level), ends))

    def sentence(language: Language) -> str:
        parts = []
        for group, level, (seen, low, high) in rows:
            who, what = (name_of_level(of, word)[language] for of, word in ((by, group), (variable, level)))
            text = Text(
                f"{who} {what}：观察 {seen}%，插补 {low}% 至 {high}%",
                f"{who} {what}: observed {seen}%, imputed {low}% to {high}%",
            )
            parts.append(text[language])
        return ("；" if language == "zh" else "; ").join(parts)

    zh, en = (sentence(language) for language in LANGUAGES)
    name = variable_name(variable)
    return Text(f"{name.zh}的堆积条形图。{zh}。", f"Stacked bars of {name.en}. {en}.")

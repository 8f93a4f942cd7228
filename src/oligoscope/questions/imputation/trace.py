"""Whether the chains of the imputation have mixed: mean and SD of the imputed values over the iterations."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.ticker import MaxNLocator

from oligoscope.bilingual import Language, Text
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.lettering import write_line
from oligoscope.drawing.sheet import LINE_MM, Sheet
from oligoscope.drawing.theme import DOUBLE_COLUMN_MM, TEXT_PT, Look, look_of
from oligoscope.number_format import format_number
from oligoscope.results.results import Results
from oligoscope.study.vocabulary import variable_name

SERIES = "imputation/trace"
_COLUMNS: dict[str, Text] = {"mean": Text("均值", "Mean"), "sd": Text("标准差", "SD")}
_X = Text("迭代", "Iteration")

# Millimetres.
_LEFT, _RIGHT, _GAP, _PLOT, _BETWEEN, _BELOW = 14.0, 3.0, 16.0, 26.0, 15.0, 8.0


def has_trace(results: Results) -> bool:
    """Whether chains ran for more than one iteration; with one incomplete variable one is enough."""
    frame = results.series.get(SERIES)
    return frame is not None and not frame.is_empty() and frame["iteration"].n_unique() > 1


def draw_imputation_trace(results: Results) -> Figure:
    """One row a variable, mean and SD side by side, one line an imputation.

    Raises:
        KeyError: No trace was kept.
    """
    frame = results.series[SERIES]
    names = list(frame["variable"].unique(maintain_order=True))
    m, last = frame["imputation"].n_unique(), int(frame["iteration"].max() or 0)  # type: ignore[arg-type]
    listed = Text(
        "、".join(variable_name(n).zh for n in names), ", ".join(variable_name(n).en for n in names)
    )
    return Figure(
        id="imputation_trace",
        title=Text("插补链的迭代轨迹", "Traces of the imputation chains"),
        caption=Text(
            "每条线为一个插补数据集中所填补数值的均值与标准差（有序变量按等级编码）；各线交错而无趋势，说明链已混合。",
            "Each line is one imputation: mean and SD of the imputed values (levels by their number). Lines that cross without a "
            "trend show that the chains have mixed.",
        ),
        alt=Text(
            f"{listed.zh}的轨迹图：{m} 条链，{last} 次迭代，末次均值 {_last(frame, 'zh')}。",
            f"Traces of {listed.en}: {m} chains, {last} iterations; means at the end {_last(frame, 'en')}.",
        ),
        data=frame,
        painter=lambda language: _paint(frame, names, language),
        width_mm=DOUBLE_COLUMN_MM,
    )


def _last(frame: pl.DataFrame, language: Language) -> str:
    """Range of the last means of each variable."""
    end = frame.filter(pl.col("iteration") == pl.col("iteration").max())
    parts = []
    for (name,), rows in end.group_by("variable", maintain_order=True):
        low, high = (format_number(x, 2) for x in (rows["mean"].min(), rows["mean"].max()))  # type: ignore[arg-type]
        own = variable_name(str(name))[language]
        parts.append({"zh": f"{own} {low} 至 {high}", "en": f"{own} {low} to {high}"}[language])
    return ("；" if language == "zh" else "; ").join(parts)


def _paint(frame: pl.DataFrame, names: list[str], language: Language) -> Drawing:
    height = 2.0 + len(names) * (LINE_MM + _PLOT + _BETWEEN) - _BETWEEN + _BELOW + 4.0
    sheet = Sheet(DOUBLE_COLUMN_MM, height)
    width = (DOUBLE_COLUMN_MM - _LEFT - _RIGHT - _GAP) / 2
    for row, name in enumerate(names):
        top = 2.0 + row * (LINE_MM + _PLOT + _BETWEEN)
        write_line(sheet, _LEFT, top + LINE_MM / 2 - 0.5, variable_name(name)[language])
        for column, (statistic, label) in enumerate(_COLUMNS.items()):
            axes = sheet.axes(_LEFT + column * (width + _GAP), top + LINE_MM, width, _PLOT)
            _paint_lines(axes, frame.filter(pl.col("variable") == name), statistic)
            axes.tick_params(labelsize=TEXT_PT)
            axes.set_ylabel(label[language], size=TEXT_PT, labelpad=2)
            axes.set_xlabel(_X[language], size=TEXT_PT, labelpad=2)
    return sheet.drawing


def _paint_lines(axes: Axes, mine: pl.DataFrame, statistic: str) -> None:
    for i, ((_,), chain) in enumerate(mine.group_by("imputation", maintain_order=True)):
        own: Look = look_of("", i)
        rows = chain.sort("iteration")
        x, y = rows["iteration"].to_numpy(), rows[statistic].to_numpy()
        axes.plot(x, y, color=own.colour, linestyle=own.line, linewidth=0.8)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))

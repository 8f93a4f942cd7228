"""The drawing of survival curves: legend above, curves, and the risk table on the same time axis."""

from __future__ import annotations

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.lines import Line2D
from matplotlib.transforms import blended_transform_factory

from oligoscope.bilingual import Language, Text
from oligoscope.drawing.lettering import break_lines, fitted
from oligoscope.drawing.sheet import SINCE_TREATMENT, drawn_as
from oligoscope.drawing.theme import (
    INK,
    MM,
    SINGLE_COLUMN_MM,
    SMALL_PT,
    TEXT_PT,
    Look,
    look_of,
    text_width_pt,
)
from oligoscope.number_format import format_number
from oligoscope.plain_text import plain, spans
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.keys import word_of
from oligoscope.study.vocabulary import column_name, name_of

Legend = tuple[tuple[str, str | None], ...]

Y_LABELS: dict[str, Text] = {
    Outcome.OS: Text("总生存率/%", "Overall survival, %"),
    Outcome.PFS: Text("无进展生存率/%", "Progression-free survival, %"),
    Outcome.PPS: Text("进展后生存率/%", "Post-progression survival, %"),
    Outcome.PFS2: Text("后线无进展生存率/%", "Later-line PFS (PFS2), %"),
    Outcome.DOR: Text("缓解持续率/%", "Still in response, %"),
    Outcome.IPFS: Text("iRECIST 无进展生存率/%", "iRECIST progression-free survival, %"),
}
X_LABELS: dict[str, Text] = {
    Outcome.PPS: Text("自首次进展起的时间/月", "Months since first progression"),
    Outcome.DOR: Text("自首次缓解起的时间/月", "Months since first response"),
    Outcome.PFS2: Text("自后线治疗开始的时间/月", "Months since start of the later line"),
}
AT_RISK = Text("风险人数（累计事件数）", "At risk (cumulative events)")

# Millimetres.
_LEFT, _RIGHT, _PLOT, _LEGEND = 12.0, 3.0, 48.0, 3.0
_LINE, _AXIS_LABELS, _SAMPLE = 3.6, 9.5, 7.0
_MOST_TIMES, _FOOT = 8, 4.0


def paint_survival(
    km: pl.DataFrame,
    at_risk: pl.DataFrame,
    groups: tuple[str, ...],
    outcome: str,
    legend: Legend,
    language: Language,
    until: float = 0.0,
) -> Drawing:
    """Draw the curves of these groups of `km`; every text has its own place, so that none can lie on a curve.

    The axis reaches `until` months at least, so that panels of one outcome can be compared by eye.
    """
    looks = {group: look_of(group, i) for i, group in enumerate(groups)}
    lines = _broken(legend)
    above, below = len(lines) * _LINE + 2.0, _AXIS_LABELS + (2 * len(groups) + 1) * _LINE + _FOOT
    height = above + _PLOT + below
    drawing = Drawing(figsize=(SINGLE_COLUMN_MM * MM, height * MM))
    width = SINGLE_COLUMN_MM - _LEFT - _RIGHT
    axes = drawing.add_axes(
        (_LEFT / SINGLE_COLUMN_MM, below / height, width / SINGLE_COLUMN_MM, _PLOT / height)
    )
    longest = max(until, float(km["months"].max() or 0))  # type: ignore[arg-type]
    times = _times(at_risk, longest)
    _paint_curves(axes, km, looks)
    _label_axes(axes, outcome, times, longest, language)
    _paint_legend(drawing, lines, looks, height)
    shown = _with_empty_groups(at_risk, times).filter(pl.col("months").is_in(times))
    _paint_risk_table(drawing, axes, shown, looks, language, height)
    return drawing


def _broken(legend: Legend) -> list[tuple[str, str | None, bool]]:
    """Legend lines cut to the figure's width: (text, group, whether it is the first of its entry)."""
    room = (SINGLE_COLUMN_MM - _LEGEND - _SAMPLE - 2.0) * 72 / 25.4
    return [(line, group, i == 0) for text, group in legend for i, line in enumerate(break_lines(text, room))]


def _times(at_risk: pl.DataFrame, longest: float) -> list[float]:
    """Times of the risk table, and on in the same steps to the end of the axis, thinned until they fit side by side."""
    times = sorted(t for t in at_risk["months"].unique() if t <= longest)
    while len(times) > 1 and 2 * times[-1] - times[-2] <= longest:
        times.append(2 * times[-1] - times[-2])
    while len(times) > _MOST_TIMES:
        times = times[::2]
    return times


def _with_empty_groups(at_risk: pl.DataFrame, times: list[float]) -> pl.DataFrame:
    """With rows for later times of a longer axis, of groups with no patient left at their last one."""
    last = at_risk.filter(pl.col("months") == pl.col("months").max().over("group"), pl.col("n_at_risk") == 0)
    end = float(at_risk["months"].max() or 0)  # type: ignore[arg-type]
    later = pl.DataFrame({"months": [t for t in times if t > end]}, schema={"months": pl.Float64})
    return pl.concat([at_risk, later.join(last.drop("months"), how="cross").select(at_risk.columns)])


def _paint_curves(axes: Axes, km: pl.DataFrame, looks: dict[str, Look]) -> None:
    for group, look in looks.items():
        curve = km.filter(pl.col("group") == word_of(group)).sort("months")
        months, survival = curve["months"].to_numpy(), curve["survival"].to_numpy() * 100
        band = curve.drop_nulls(["low", "high"]).filter(
            pl.col("low").is_finite() & pl.col("high").is_finite()
        )
        axes.fill_between(
            band["months"].to_numpy(), band["low"].to_numpy() * 100, band["high"].to_numpy() * 100,
            step="post", color=look.colour, alpha=0.15, linewidth=0,
        )  # fmt: skip
        axes.step(months, survival, where="post", color=look.colour, linestyle=look.line, linewidth=1.1)
        censored = curve.filter(pl.col("n_censored") > 0)
        axes.plot(
            censored["months"].to_numpy(), censored["survival"].to_numpy() * 100,
            linestyle="none", marker="|", markersize=3.5, markeredgewidth=0.6, color=look.colour,
        )  # fmt: skip


def _label_axes(axes: Axes, outcome: str, times: list[float], longest: float, language: Language) -> None:
    axes.set_xlim(0, max([*times, longest]) * 1.02 or 1)
    axes.set_ylim(0, 100.5)
    axes.set_xticks(times, [f"{t:g}" for t in times])
    axes.set_yticks([0, 20, 40, 60, 80, 100])
    axes.tick_params(labelsize=TEXT_PT)
    axes.set_xlabel(X_LABELS.get(outcome, SINCE_TREATMENT)[language], size=TEXT_PT, labelpad=2)
    label = Y_LABELS.get(outcome, column_name(outcome))
    axes.set_ylabel(label[language], size=TEXT_PT, labelpad=3)


def _paint_legend(
    drawing: Drawing, lines: list[tuple[str, str | None, bool]], looks: dict[str, Look], height: float
) -> None:
    for i, (text, group, is_first) in enumerate(lines):
        y = 1 - (1.0 + (i + 0.5) * _LINE) / height
        if group is not None and is_first:
            look = looks[group]
            x = [(_LEGEND + dx) / SINGLE_COLUMN_MM for dx in (0.0, _SAMPLE - 1.2)]
            drawing.add_artist(Line2D(x, [y, y], color=look.colour, linestyle=look.line, linewidth=1.1))
        _write(drawing, _LEGEND + _SAMPLE, y, text)


def _write(drawing: Drawing, left_mm: float, y: float, text: str) -> None:
    """Write one line; letters between asterisks in italics, placed after the text before them."""
    x = left_mm
    for piece, italic in spans(text):
        drawing.text(
            x / SINGLE_COLUMN_MM, y, drawn_as(piece, italic=italic), parse_math=italic, ha="left", va="center_baseline",
            size=TEXT_PT,
        )  # fmt: skip
        x += (text_width_pt(piece) + (0.6 if italic else 0)) * 25.4 / 72


def _count(value: float) -> str:
    """Patients, or the sum of their weights to one decimal where it is not whole."""
    return str(value) if isinstance(value, int) else format_number(value, 1).removesuffix(".0")


def _paint_risk_table(
    drawing: Drawing,
    axes: Axes,
    at_risk: pl.DataFrame,
    looks: dict[str, Look],
    language: Language,
    height: float,
) -> None:
    """Numbers under their time on the axis; each group's name is on its own line above its numbers."""
    place = blended_transform_factory(axes.transData, drawing.transFigure)
    bottom = (2 * len(looks) + 1) * _LINE + _FOOT

    def y(line: float) -> float:
        return (bottom - (line + 0.5) * _LINE) / height

    def write_name(line: int, text: str, colour: str) -> None:
        left = _LEGEND / SINGLE_COLUMN_MM
        drawing.text(left, y(line), plain(text), va="center_baseline", size=TEXT_PT, color=colour)

    write_name(0, AT_RISK[language], INK)
    for i, (group, look) in enumerate(looks.items()):
        write_name(2 * i + 1, fitted(name_of(group)[language], SINGLE_COLUMN_MM - 2 * _LEGEND), look.colour)
        for row in at_risk.filter(pl.col("group") == word_of(group)).iter_rows(named=True):
            text = f"{_count(row['n_at_risk'])} ({_count(row['n_events'])})"
            axes.text(
                row["months"], y(2 * i + 2), text,
                transform=place, ha="center", va="center_baseline", size=SMALL_PT,
            )  # fmt: skip

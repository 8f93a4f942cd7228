"""Spider plot: the sum of target diameters of each patient over time, a panel for each best response."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing

from oligoscope.bilingual import Language, Text
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.responses import COLOURS, KIND, in_order, printed
from oligoscope.drawing.sheet import LINE_MM, Key, Sheet, arrange_keys
from oligoscope.drawing.theme import DOUBLE_COLUMN_MM, FAINT, INK, SMALL_PT, TEXT_PT
from oligoscope.number_format import STYLES, format_number
from oligoscope.questions.response.changes import of_changes
from oligoscope.questions.response.waterfall import SCANS
from oligoscope.results.methods import MethodPart
from oligoscope.results.results import Estimate, Results
from oligoscope.study.keys import in_sentence
from oligoscope.study.vocabulary import name_of

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
_TOP_PERCENT = 100.0
_MANY = 60  # from here lines are thin and pale, so that a crowd can be read


@dataclass(frozen=True)
class Lines:
    """What one drawing shows."""

    frame: pl.DataFrame
    total: Estimate
    evaluable: Estimate

    @property
    def panels(self) -> list[str | None]:
        return in_order(set(self.frame["reported_response"]))

    def of(self, response: str | None) -> pl.DataFrame:
        return self.frame.filter(pl.col("reported_response").eq_missing(pl.lit(response, pl.String)))

    @property
    def kind(self) -> Text:
        return KIND[self.total.method.has(MethodPart.CONFIRMED)]


def draw_spider_plot(results: Results, population: str = "treated") -> Figure:
    """The course of every evaluable patient of a population, from the series `spider/…`.

    Raises:
        KeyError: The series was not made (no patient had a sum).
    """
    frame, total, evaluable = of_changes(results, "spider", population)
    lines, people = Lines(frame, total, evaluable), name_of(population)
    return Figure(
        id=f"spider_{population}",
        title=Text(TITLE.zh.format(people=people.zh), TITLE.en.format(people=in_sentence(people).en)),
        caption=_caption(lines),
        alt=_alt(lines),
        data=frame,
        painter=lambda language: _paint(lines, language),
        estimates=(total, evaluable),
        width_mm=DOUBLE_COLUMN_MM,
    )


def _caption(lines: Lines) -> Text:
    scans = SCANS[lines.evaluable.method.has(MethodPart.EVERY_SCAN)]
    highest = lines.frame.group_by("patient_id").agg(pl.col("change_percent").max())["change_percent"]
    n_clipped = int((highest > _TOP_PERCENT).sum())
    clipped = (
        Text(_CLIPPED.zh.format(n=n_clipped), _CLIPPED.en.format(n=n_clipped)) if n_clipped else Text("", "")
    )
    total = int(lines.total.value or 0)
    numbers = {"total": total, "unevaluable": total - int(lines.evaluable.value or 0)}
    return Text(
        _CAPTION.zh.format(scans=scans.zh, clipped=clipped.zh, **numbers),
        _CAPTION.en.format(scans=scans.en, clipped=clipped.en, **numbers).rstrip(),
    )


def _alt(lines: Lines) -> Text:
    ends = lines.frame["end"].drop_nulls()
    found = {e: int((ends == e).sum()) for e in ENDS if (ends == e).any()}
    zh = "；".join(f"{ENDS[e].text.zh} {n} 例" for e, n in found.items())
    en = "; ".join(f"{ENDS[e].text.en.lower()}: {n}" for e, n in found.items())
    n = int(lines.evaluable.value or 0)
    return Text(f"蛛网图，{n} 例。线末：{zh}。", f"Spider plot of {n} patients. Ends of lines: {en}.")


def _paint(lines: Lines, language: Language) -> Drawing:
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
    sheet.write(_LEFT, 2.0 + LINE_MM / 2, _panels_text(lines, language))
    sheet.paint_keys(rows, _LEFT, 2.0 + LINE_MM)
    _paint_panels(sheet, lines, above, width, language)
    sheet.write(_LEFT + width / 2, above + _PLOT + _AXIS - 2.0, X_LABEL[language], ha="center")
    return sheet.drawing


def _paint_panels(sheet: Sheet, lines: Lines, above: float, width: float, language: Language) -> None:
    """One panel a response, as wide as the time its patients were followed asks for, on one scale."""
    panels = lines.panels
    longest = [max(3.0, float(lines.of(r)["months"].max() or 0)) for r in panels]  # pyright: ignore[reportArgumentType]
    left, free = _LEFT, width - (_BETWEEN + _LEAST) * len(panels) + _BETWEEN
    widths = _LEAST + free * np.sqrt(longest) / np.sqrt(longest).sum()
    lowest_top = float(lines.frame["change_percent"].max() or 0)  # pyright: ignore[reportArgumentType]
    top = min(_TOP_PERCENT, max(30.0, 10 * np.ceil(lowest_top / 10) + 5))
    for i, (response, months) in enumerate(zip(panels, longest, strict=True)):
        axes = sheet.axes(left, above, widths[i], _PLOT)
        frame = lines.of(response)
        _paint_lines(axes, frame, response)
        _scale(axes, top, months, is_first=i == 0, is_last=i == len(panels) - 1)
        n = frame["patient_id"].n_unique()
        title = f"{printed(response)[language]}{STYLES[language].percent_space}(n={n})"
        sheet.write(left, above - 2.5, title)
        if i == 0:
            axes.set_ylabel(Y_LABEL[language], size=TEXT_PT, labelpad=2)
        left += widths[i] + _BETWEEN


def _panels_text(lines: Lines, language: Language) -> str:
    kind = Text(lines.kind.zh, lines.kind.en.lower())[language]
    numbers = {"n": int(lines.evaluable.value or 0), "total": int(lines.total.value or 0)}
    return PANELS[language].format(kind=kind, **numbers)


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
        at = frame.filter((pl.col("end") == name) & (pl.col("change_percent") <= _TOP_PERCENT))
        axes.plot(
            at["months"].to_numpy(), at["change_percent"].to_numpy(), linestyle="none", marker=end.marker, markersize=size,
            markerfacecolor=end.colour if end.filled else "white", markeredgecolor=end.colour, markeredgewidth=0.5 if n <= _MANY else 0.3, zorder=3,
        )  # fmt: skip


def _scale(axes: Axes, top: float, months: float, *, is_first: bool, is_last: bool) -> None:
    axes.axhline(0, color=INK, linewidth=0.5, zorder=0.5)
    for level in (-30, 20):
        axes.axhline(level, color=FAINT, linewidth=0.6, linestyle=(0, (4, 2)), zorder=0.5)
        if is_last:
            label = f"{format_number(level, 0) if level < 0 else '+20'}%"
            axes.annotate(label, (1.0, level), xycoords=("axes fraction", "data"), xytext=(2, 0),
                          textcoords="offset points", va="center", size=SMALL_PT)  # fmt: skip
    axes.set_ylim(-103, top)
    axes.set_xlim(0, months * 1.04)
    step = next(s for s in (1, 2, 3, 6, 12, 24, 48, 96) if months / s <= 6)
    axes.set_xticks(np.arange(0, months * 1.04, step))
    axes.tick_params(labelsize=TEXT_PT)
    ticks = [t for t in range(-100, 101, 20) if t <= top]
    axes.set_yticks(ticks, [format_number(t, 0) for t in ticks] if is_first else [])
    if not is_first:
        axes.tick_params(axis="y", length=0)

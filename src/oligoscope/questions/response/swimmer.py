"""Swimmer plot: each patient's time under observation, with response, progression, new therapy and death."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing

from oligoscope.bilingual import LANGUAGES, Count, Language, Text
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.group_bars import widest_mm
from oligoscope.drawing.lettering import fitted
from oligoscope.drawing.responses import colour_of, in_order, patch, printed
from oligoscope.drawing.sheet import LINE_MM, Key, Sheet, arrange_keys
from oligoscope.drawing.theme import DOUBLE_COLUMN_MM, FAINT, INK, SMALL_PT, TEXT_PT
from oligoscope.printing.team_notes import given_by_team, no_response_known
from oligoscope.printing.titles import titled
from oligoscope.questions.response.changes import OF_GROUP, by_course, kind_of
from oligoscope.results.analyses import RESPONSE_SERIES
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic

TITLE = Text(
    "{people}的疗效与进展经过（泳道图）", "Course of response and progression in the {people} (swimmer plot)"
)
WITHOUT_RESPONSE = Text(
    "{people}的进展经过（泳道图）", "Course of progression in the {people} (swimmer plot)"
)
X_LABEL = Text("自治疗开始的时间/月", "Months since start of treatment")
SHOWN = Text(
    "{n} 例中的 {shown} 例，抽样代表全体（抽法见图注）",
    "{shown} of {n:patient|patients}, a sample that represents all (see the legend)",
)
ALL_SHOWN = Text("全部 {n} 例，按随访时间排列", "All {n:patient|patients}, by length of follow-up")
_CAPTION = Text(
    "每行为一例患者，共同起点为治疗开始；条带至死亡或末次随访{colour}{line}。{rule}{note}",
    "Each row is one patient, all from the start of treatment; the bar runs to death or last contact{colour}{line}. "
    "{rule}{note}",
)  # fmt: skip
_LINE = Text(
    "；黑色细线为缓解持续（首次 CR 或 PR 至进展、死亡或末次充分评估）",
    "; the thin black line is the response, from the first CR or PR to progression, death or the last adequate scan",
)
_TEAM = Text("最佳总体疗效（研究团队判定）", "Best overall response as classified by the study team")
_RULE = Text(
    "图为 {n} 例中的 {shown} 例：全部患者按进展模式、疗效、随访时间排序，自随机起点（由研究的随机种子决定）起等距抽取，"
    "故各进展模式、疗效与随访时间所占比例大致同全体。",
    "The picture has {shown} of {n:patient|patients}: all were put in order of progression pattern, response and follow-up, and taken at even "
    "steps from a random start (from the seed of the study), so that patterns, responses and lengths of follow-up have about their "
    "shares of the whole.",
)
_RULE_WITHOUT_RESPONSE = Text(
    "图为 {n} 例中的 {shown} 例：全部患者按进展模式、随访时间排序，自随机起点（由研究的随机种子决定）起等距抽取，"
    "故各进展模式与随访时间所占比例大致同全体。",
    "The picture has {shown} of {n:patient|patients}: all were put in order of progression pattern and follow-up, and taken at even "
    "steps from a random start (from the seed of the study), so that patterns and lengths of follow-up have about their shares of "
    "the whole.",
)
_CUTOFF_NOTE = Text(
    "竖线为各患者的数据截止时点。", " The tick beyond a bar is the data cutoff of that patient."
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A sign on a bar: the column of its time, and how it looks."""

    text: Text
    column: str
    marker: str
    colour: str
    filled: bool = True


MARKS = (
    Mark(Text("首次进展", "First progression"), "progression_months", "D", "#b5500a"),
    Mark(Text("新的全身治疗", "New systemic therapy"), "new_therapy_months", "s", "#ffffff", filled=False),
    Mark(Text("死亡", "Death"), "death_months", "X", INK),
    Mark(Text("末次随访时存活", "Alive at last contact"), "alive_months", ">", INK),
    Mark(
        Text("末次充分评估时仍缓解", "Still in response at the last adequate scan"),
        "ongoing_months",
        "o",
        "#ffffff",
        filled=False,
    ),
    Mark(Text("数据截止", "Data cutoff"), "cutoff_months", "|", FAINT),
)
RESPONSE_LINE = Text("缓解持续", "Response")

# Millimetres.
_LEFT, _RIGHT, _AXIS, _FOOT = 15.0, 6.0, 10.0, 4.0
_WIDEST_NUMBER = 45.0  # a longer number of a patient is cut
_FEW = 30  # up to here lanes are wide
_HEADING = 1.5  # lanes that the name of a group of lanes takes
TINY_PT = 5.0  # of the numbers of patients in narrow lanes


@dataclass(frozen=True)
class Lanes:
    """What one drawing shows: the lanes drawn, how many patients there are, and of which courses where these are named.

    `kind` is the response that gives the colours; None where no response is known.
    """

    frame: pl.DataFrame
    n: int
    kind: Text | None
    groups: tuple[tuple[Text, int, int], ...] = ()  # the name, lanes, patients

    @property
    def is_sample(self) -> bool:
        return self.frame.height < self.n

    @property
    def are_wide(self) -> bool:
        return self.frame.height <= _FEW

    @property
    def y(self) -> np.ndarray:
        """Where the middle of each lane is, in lanes from the top."""
        group = np.repeat(np.arange(1, len(self.groups) + 1), [shown for _, shown, _ in self.groups])
        return np.arange(self.frame.height) + (_HEADING * group if self.groups else 0.0)

    @property
    def height(self) -> float:
        """Of all lanes and names, in lanes."""
        return self.frame.height + _HEADING * len(self.groups)


def draw_swimmer(results: Results, population: str = "treated") -> Figure:
    """The patients of a population, of many a sample under the names of their courses, from the series `swimmer/…`.

    Args:
        results: The series, and how many patients it holds.
        population: treated or progressed.

    Raises:
        KeyError: The series was not made (no patient was followed).
    """
    series = results.series[f"swimmer/{population}"]
    keys: dict[str, Any] = {"analysis": RESPONSE_SERIES, "population": population}
    size = results.get(**keys, outcome="swimmer", statistic=Statistic.N)
    total = results.get(**keys, outcome="best_change", statistic=Statistic.N)
    is_known = not no_response_known(results, population)
    kind = _TEAM if "best_response" in given_by_team(results) else kind_of(total)
    lanes = _lanes(series, kind if is_known else None)
    return Figure(
        id=f"swimmer_{population}",
        title=titled(TITLE if is_known else WITHOUT_RESPONSE, population),
        caption=_caption(lanes),
        alt=_alt(lanes),
        data=series.filter("is_drawn"),
        painter=lambda language: _paint(lanes, language),
        estimates=() if size is None else (size,),
        width_mm=DOUBLE_COLUMN_MM,
    )


def _lanes(series: pl.DataFrame, kind: Text | None) -> Lanes:
    drawn = _with_marks(series.filter("is_drawn"))
    parts = by_course(drawn)
    if drawn.height == series.height or len(parts) == 1:
        return Lanes(drawn, series.height, kind)
    whole = by_course(series)
    groups = tuple((name, part.height, whole[name].height) for name, part in parts.items())
    return Lanes(pl.concat(list(parts.values())), series.height, kind, groups)


def _with_marks(series: pl.DataFrame) -> pl.DataFrame:
    end = pl.col("follow_up_months")
    ongoing = pl.col("response_ongoing").fill_null(False)
    return series.with_columns(
        death_months=pl.when("died").then(end),
        alive_months=pl.when(~pl.col("died")).then(end),
        ongoing_months=pl.when(ongoing).then(pl.col("response_end_months")),
        # A cut-off before the end of follow-up cannot be: follow-up is counted up to it.
        cutoff_months=pl.when(pl.col("cutoff_months") >= end).then(pl.col("cutoff_months")),
    )


def _caption(lanes: Lanes) -> Text:
    numbers = {"shown": lanes.frame.height, "n": Count(lanes.n)}
    kind = lanes.kind
    rule = (_RULE if kind else _RULE_WITHOUT_RESPONSE) if lanes.is_sample else Text("", "")
    note = _CUTOFF_NOTE if lanes.frame["cutoff_months"].count() else Text("", "")
    colour = Text(f"，颜色为{kind.zh}", f", its colour is the {kind.en.lower()}") if kind else Text("", "")
    line = _LINE if lanes.frame["response_start_months"].count() else Text("", "")
    zh, en = (
        _CAPTION[language].format(
            colour=colour[language], line=line[language], rule=rule[language].format(**numbers), note=note[language],
        )
        for language in LANGUAGES
    )  # fmt: skip
    return Text(zh, en.rstrip())


def _alt(lanes: Lanes) -> Text:
    died, progressed = int(lanes.frame["died"].sum()), lanes.frame["progression_months"].count()
    shown = lanes.frame.height
    return Text(
        f"泳道图，{lanes.n} 例中的 {shown} 例：{progressed} 例进展，{died} 例死亡。",
        f"Swimmer plot of {shown} of {Count(lanes.n):patient|patients}: {progressed} progressed, {died} died.",
    )


def _paint(lanes: Lanes, language: Language) -> Drawing:
    size = SMALL_PT if lanes.are_wide else TINY_PT
    numbers = [fitted(number, _WIDEST_NUMBER, size) for number in lanes.frame["patient_id"]]
    left = max(_LEFT, widest_mm(numbers, size) + 3.0)
    width = DOUBLE_COLUMN_MM - left - _RIGHT
    found = in_order(set(lanes.frame["reported_response"])) if lanes.kind else ()
    responses = arrange_keys([patch(r, printed(r)[language], pale=True) for r in found], width)
    signs = arrange_keys(_keys(lanes, language), width)
    plot = lanes.height * (4.2 if lanes.are_wide else 2.4) + 2.0
    above = 2.0 + (len(responses) + len(signs) + 1) * LINE_MM + 2.0
    sheet = Sheet(DOUBLE_COLUMN_MM, above + plot + _AXIS + _FOOT)
    words = (SHOWN if lanes.is_sample else ALL_SHOWN)[language].format(
        shown=lanes.frame.height, n=Count(lanes.n)
    )
    kind = lanes.kind
    colours = Text(f"；颜色为{kind.zh}", f"; colours: {kind.en.lower()}")[language] if kind else ""
    sheet.write(left, 2.0 + LINE_MM / 2, words + colours)
    sheet.paint_keys(responses, left, 2.0 + LINE_MM)
    sheet.paint_keys(signs, left, 2.0 + LINE_MM * (1 + len(responses)))
    axes = sheet.axes(left, above, width, plot)
    _paint_lanes(axes, lanes)
    _name_groups(axes, lanes, language)
    axes.set_yticks(lanes.y, numbers)
    axes.tick_params(axis="y", labelsize=size)
    axes.set_xlabel(X_LABEL[language], size=TEXT_PT, labelpad=2)
    return sheet.drawing


def _name_groups(axes: Axes, lanes: Lanes, language: Language) -> None:
    """The name of each group above its first lane."""
    first = 0
    for name, shown, n in lanes.groups:
        words = OF_GROUP[language].format(name=name[language], shown=shown, n=n)
        axes.annotate(
            words, (0, lanes.y[first] - 0.7 - _HEADING / 2 + 0.2), xytext=(2, 0), textcoords="offset points", va="center",
            size=SMALL_PT, bbox={"facecolor": "white", "edgecolor": "none", "pad": 0},
        )  # fmt: skip
        first += shown


def _keys(lanes: Lanes, language: Language) -> list[Key]:
    line = [Key(RESPONSE_LINE[language], "line", INK)] if lanes.frame["response_start_months"].count() else []
    found = [m for m in MARKS if lanes.frame[m.column].count()]
    marks = (
        Key(m.text[language], "marker", m.colour, _edge(m), marker=m.marker, filled=m.filled) for m in found
    )
    return [*line, *marks]


def _edge(mark: Mark) -> str:
    return INK if mark.marker != "|" else mark.colour


def _paint_lanes(axes: Axes, lanes: Lanes) -> None:
    frame = lanes.frame
    y = lanes.y
    colours = [colour_of(r, pale=True) for r in frame["reported_response"]]
    axes.barh(
        y, frame["follow_up_months"].to_numpy(), height=0.72, color=colours, edgecolor=INK, linewidth=0.25
    )
    start, end = (frame[f"response_{place}_months"].to_numpy() for place in ("start", "end"))
    axes.hlines(y, start, end, color=INK, linewidth=0.9)
    size = 3.4 if lanes.are_wide else 2.8
    for mark in MARKS:
        axes.plot(
            frame[mark.column].to_numpy(), y, linestyle="none", marker=mark.marker, markersize=size,
            markerfacecolor=mark.colour, markeredgecolor=_edge(mark), markeredgewidth=0.5, clip_on=False, zorder=3,
        )  # fmt: skip
    times = frame.select("follow_up_months", "cutoff_months").cast(pl.Float64).fill_null(np.nan)
    longest = float(np.nanmax(times.to_numpy()))
    axes.set_xlim(0, longest * 1.02)
    axes.set_ylim(lanes.height - 0.4, -0.8)
    step = next(s for s in (1, 2, 3, 6, 12, 24, 48, 96) if longest / s <= 10)
    axes.set_xticks(np.arange(0, longest * 1.02, step))
    axes.tick_params(labelsize=TEXT_PT)
    axes.tick_params(axis="y", length=0)

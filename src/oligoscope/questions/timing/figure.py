"""Figure 4B: what progressions are like by the month in which they come, with how many there were."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing

from oligoscope.bilingual import Count, Language, Text
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.group_bars import (
    TESTS,
    group_colour,
    group_keys,
    ink_on,
    limits_text,
    percent_axis,
    widest_mm,
)
from oligoscope.drawing.lettering import break_lines
from oligoscope.drawing.sheet import LINE_MM, Sheet
from oligoscope.drawing.theme import DOUBLE_COLUMN_MM, INK, PT_PER_MM, SMALL_PT, TEXT_PT
from oligoscope.number_format import format_number
from oligoscope.plain_text import plain
from oligoscope.printing.sentences import p_words
from oligoscope.printing.table import each_language
from oligoscope.printing.test_statistics import statistic_of
from oligoscope.questions.timing.classes import edges_of
from oligoscope.results.analyses import TIMING
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.keys import in_sentence
from oligoscope.study.vocabulary import column_name, name_of

MARKS = (8, 10)  # months; Huang 2025, 2.5
_LEAST_NAMED = 6.0  # per cent; a smaller part is too low for its number
X_LABEL = Text("首次进展的时间/月", "Month of first progression")
Y_LABEL = Text("该时段进展患者中的比例/%", "Patients who progressed then, %")
N_LABEL = Text("进展患者数", "Patients who progressed")

# Millimetres.
_RIGHT, _TOP, _PLOT, _AXIS, _FOOT = 4.0, 2.0, 55.0, 16.0, 4.0


@dataclass(frozen=True)
class Months:
    """What the picture shows: classes of months in order, with each group's share in them."""

    sizes: dict[str, int]
    classes: tuple[str, ...]
    total: dict[str, Estimate]
    percent: dict[tuple[str, str], Estimate]  # (class, group)
    windows: tuple[Estimate, ...]  # share of the first group before, between and after the marks
    tests: tuple[Estimate, ...]  # of the windows, then of the months
    statistics: tuple[Estimate | None, ...]  # of these tests, where they are printed


def draw_month_bars(
    results: Results,
    population: str = "progressed",
    by: str = "pattern",
    *,
    marks: tuple[int, ...] = MARKS,
) -> Figure:
    """Groups by month of the first progression, from the estimates of analysis `timing`.

    Raises:
        KeyError: No such estimates, or no patient progressed.
    """  # fmt: skip
    months = months_of(results, population, by)
    people, groups = name_of(population), column_name(by)
    return Figure(
        id=f"month_bars_{population}_{by}",
        title=Text(
            f"{people.zh}{groups.zh}随首次进展时间的构成",
            f"{groups.en} by month of first progression in the {in_sentence(people).en}",
        ),
        caption=_CAPTION,
        alt=_alt(months),
        data=_data(months),
        painter=lambda language: _paint(months, marks, language),
        estimates=(
            *months.total.values(),
            *months.percent.values(),
            *months.windows,
            *months.tests,
            *(e for e in months.statistics if e),
        ),
        width_mm=DOUBLE_COLUMN_MM,
    )


_CAPTION = Text(
    "每柱为该时段内首次进展的患者；“a~b”指晚于 a 个月、不晚于 b 个月，自治疗开始计。各柱时段长短不同，两端无人进展的时段未绘出。比例以该时段进展的患者为分母，不是仍在风险中的患者。"
    "括号内为 Clopper-Pearson 精确 95% 置信区间（CI）。",
    "Each bar holds the patients whose first progression came in that time; a–b: later than a and not later than b months "
    "from the start of treatment. Times differ in length; those at either end in which no patient progressed are not drawn. Shares are of those who progressed then, not of those still at risk. Brackets hold exact "
    "(Clopper-Pearson) 95% confidence intervals (CI).",
)


def months_of(results: Results, population: str, by: str) -> Months:
    """Everything the picture shows, found in the results."""
    found = results.find(analysis=TIMING, population=population, outcome=by)
    sizes = {
        e.group: int(e.value or 0)
        for e in found
        if not e.variable and e.statistic == Statistic.N and e.group != "all"
    }
    total = {e.level: e for e in found if e.variable == "month" and e.group == "all"}
    if not sizes or not any(e.value for e in total.values()):
        raise KeyError(f"timing of {population}")
    shares = [e for e in found if e.statistic == Statistic.PERCENT]
    first = next(iter(sizes))
    tests = tuple(e for e in found if e.statistic == Statistic.P_VALUE and e.value is not None)
    return Months(
        sizes,
        _without_empty_ends(total),
        total,
        {(e.level, e.group): e for e in shares if e.variable == "month"},
        tuple(e for e in shares if e.variable == "window" and e.group == first),
        tests,
        tuple(statistic_of(found, test) for test in tests),
    )


def _without_empty_ends(total: dict[str, Estimate]) -> tuple[str, ...]:
    """The classes from the first in which a patient progressed to the last."""
    held = [i for i, e in enumerate(total.values()) if e.value]
    return tuple(total)[held[0] : held[-1] + 1]


def class_text(name: str, language: Language) -> str:
    """`8-10` as each language writes a range."""
    return name.replace("-", "~" if language == "zh" else "–")


def window_text(share: Estimate, language: Language) -> str:
    """The share of the first group in one window, in words."""
    group, shown = in_sentence(name_of(share.group))[language], limits_text(share, language)
    low, high = edges_of(share.level)
    when = Text(f"{low}~{high} 个月", f"in months {low}–{high}")
    if high is None:
        when = Text(f"{low} 个月后", f"after month {low}")
    elif low == 0:
        when = Text(f"{high} 个月内", f"up to month {high}")
    return Text(
        f"{when.zh}进展者：{group}占 {shown}，*n*={share.n}",
        f"Progression {when.en}: {group} {shown}, *n*={share.n}",
    )[language]


def test_text(test: Estimate, statistic: Estimate | None, language: Language) -> str:
    """The named test with its P; the trend is over months, the other over the windows."""
    name = test.method.printed_as(TESTS)[language]
    shown = p_words(test, language, statistic)
    over = Text("各时段", "windows") if test.variable == "window" else Text("各月", "months")
    return {"zh": f"{name}（{over.zh}）：{shown}", "en": f"{name} ({over.en}): {shown}"}[language]


def _alt(months: Months) -> Text:
    def sentence(language: Language) -> str:
        windows, tests = _lines(months, language)
        joined = plain(("；" if language == "zh" else "; ").join(windows + tests))
        return {"zh": f"堆叠柱状图。{joined}。", "en": f"Stacked bars. {joined}."}[language]

    return each_language(sentence)


def _lines(months: Months, language: Language) -> tuple[list[str], list[str]]:
    """Sentences of the windows, and of the tests."""
    tests = zip(months.tests, months.statistics, strict=True)
    return [window_text(w, language) for w in months.windows], [test_text(t, s, language) for t, s in tests]


def _data(months: Months) -> pl.DataFrame:
    rows = [(level, group, e.n, e.value, e.low, e.high) for (level, group), e in months.percent.items()]
    return pl.DataFrame(rows, ["months", "group", "n_class", "percent", "low", "high"], orient="row")


def _paint(months: Months, marks: tuple[int, ...], language: Language) -> Drawing:
    left = max(14.0, widest_mm([N_LABEL[language]], SMALL_PT) + 5.0)
    width = DOUBLE_COLUMN_MM - left - _RIGHT
    keys = group_keys(months.sizes, language, width)
    columns = _columns(months, width, language)
    text_rows = max(len(column) for _, column in columns)
    above = _TOP + (len(keys) + text_rows) * LINE_MM + 5.0
    sheet = Sheet(DOUBLE_COLUMN_MM, above + _PLOT + _AXIS + _FOOT)
    sheet.paint_keys(keys, left, _TOP)
    for x, column in columns:
        for i, line in enumerate(column):
            sheet.write(left + x, _TOP + (len(keys) + i + 0.5) * LINE_MM, line)
    axes = sheet.axes(left, above, width, _PLOT)
    _paint_bars(axes, months)
    percent_axis(axes, 100, Y_LABEL, language, along="y")
    axes.set_xlim(-0.6, len(months.classes) - 0.4)
    axes.set_xticks(range(len(months.classes)), [class_text(c, language) for c in months.classes])
    axes.tick_params(axis="x", length=0, labelsize=TEXT_PT)
    _paint_marks(axes, months, marks, language)
    _paint_numbers(sheet, months, above + _PLOT, (left, width), language)
    return sheet.drawing


def _columns(months: Months, width: float, language: Language) -> list[tuple[float, list[str]]]:
    """Sentences of the windows, and beside them, where there is room, those of the tests: (place, lines)."""
    windows, tests = (
        [line for text in texts for line in break_lines(text, width * PT_PER_MM)]
        for texts in _lines(months, language)
    )
    beside = widest_mm(windows) + 8.0
    if beside + widest_mm(tests) > width:
        return [(0.0, windows + tests)]
    return [(0.0, windows), (beside, tests)]


def _paint_bars(axes: Axes, months: Months) -> None:
    """The first group from the bottom; its share is written in its part, where there is room for it."""
    groups = tuple(months.sizes)
    for i, level in enumerate(months.classes):
        below = 0.0
        for group in groups:
            share = months.percent.get((level, group))
            value = share.value if share is not None and share.value is not None else 0.0
            colour = group_colour(group, groups)
            axes.bar(i, value, bottom=below, width=0.82, color=colour, edgecolor="white", linewidth=0.4)
            if value >= _LEAST_NAMED:
                axes.text(
                    i, below + value / 2, format_number(value, 0), ha="center", va="center_baseline", size=SMALL_PT,
                    color=ink_on(colour),
                )  # fmt: skip
            below += value


def _paint_marks(axes: Axes, months: Months, marks: tuple[int, ...], language: Language) -> None:
    """A dashed line between the classes where a marked month lies, named above the bars."""
    ends = [edges_of(name)[1] for name in months.classes]
    for month in marks:
        if month not in ends[:-1]:
            continue
        x = ends.index(month) + 0.5
        axes.plot([x, x], [0, 103], color=INK, linewidth=0.8, linestyle=(0, (3, 2)), clip_on=False)
        axes.annotate(
            {"zh": f"{month} 个月", "en": f"{Count(month):month|months}"}[language], (x, 103), xytext=(0, 1.5),
            textcoords="offset points", ha="center", va="bottom", size=SMALL_PT, annotation_clip=False,
        )  # fmt: skip


def _paint_numbers(
    sheet: Sheet, months: Months, bottom: float, across: tuple[float, float], language: Language
) -> None:
    """Patients of each class below it, and what both rows of numbers are."""
    left, width = across
    for i, level in enumerate(months.classes):
        n = format_number(months.total[level].value or 0, 0)
        place = left + width * (i + 0.6) / (len(months.classes) + 0.2)
        sheet.write(place, bottom + 8.2, n, ha="center", size=SMALL_PT)
    sheet.write(left - 1.5, bottom + 8.2, N_LABEL[language], ha="right", size=SMALL_PT)
    sheet.write(left + width / 2, bottom + 13.0, X_LABEL[language], ha="center")

"""Survival from each landmark by what had happened until then, with limits and numbers at risk: one panel a landmark."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from matplotlib.figure import Figure as Drawing

from oligoscope.bilingual import LANGUAGES, Count, Language, Text
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.lettering import break_lines, write_line
from oligoscope.drawing.months import (
    AT_RISK,
    RiskLine,
    TimeAxis,
    label_months,
    numbers_at_risk,
    paint_risk_table,
    paint_steps,
    risk_height,
)
from oligoscope.drawing.sheet import LINE_MM, Sheet
from oligoscope.drawing.theme import DOUBLE_COLUMN_MM, MM_PER_PT, TEXT_PT, Look, look_of
from oligoscope.number_format import STYLES, format_number
from oligoscope.plain_text import plain
from oligoscope.printing.changing_hazards import Change, change_of, changing_lines
from oligoscope.printing.forest_texts import ratio_cell
from oligoscope.printing.sentences import p_words
from oligoscope.printing.test_statistics import statistic_of
from oligoscope.questions.landmark.states import NONE, between_patterns
from oligoscope.questions.landmark.table import landmarks_of
from oligoscope.results.analyses import LANDMARK
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.keys import in_sentence, parts_of
from oligoscope.study.vocabulary import name_of

_STYLES = {NONE: Look("#009E73", (0, (1, 1)))}
SINCE_LANDMARK = Text("自界标起的时间/月", "Months since the landmark")
_Y = Text("总生存率/%", "Overall survival, %")
_ALT = Text("界标分析的生存曲线。", "Survival curves from landmarks.")

# Millimetres.
_LEFT, _RIGHT, _GAP, _PLOT, _SAMPLE = 12.0, 5.0, 11.0, 46.0, 6.0
_AXIS_LABELS, _FOOT, _OUT = 9.5, 4.0, 7.0  # `_OUT`: how far the numbers at risk begin left of the axis


@dataclass(frozen=True, slots=True)
class Panel:
    """Curves from one time and the estimates printed above them.

    Attributes:
        at: The time, as the data of the figure name it.
        heading: The time in words.
        x: From when months are counted.
        y: What the curves show.
        frame: Their steps.
        at_risk: Patients at risk and events at every month.
        sizes: Patients of each group.
        ratio: Of the two groups compared.
        p: Of their test.
        statistic: Of the test, where it is printed.
        change: What is beside a ratio that changes with time.
    """

    at: int
    heading: Text
    x: Text
    y: Text
    frame: pl.DataFrame
    at_risk: pl.DataFrame
    sizes: dict[str, Estimate]
    ratio: Estimate | None
    p: Estimate | None
    statistic: Estimate | None = None
    change: Change | None = None

    @property
    def groups(self) -> list[str]:
        return self.frame["group"].unique(maintain_order=True).to_list()

    @property
    def printed(self) -> tuple[Estimate, ...]:
        tested = (self.ratio, self.p, self.statistic)
        changed = () if self.change is None else self.change.printed
        return (*self.sizes.values(), *(e for e in tested if e is not None), *changed)


def draw_landmarks(results: Results, population: str = "treated") -> Figure:
    """The curves of the series `landmark/<population>/<months>` and their numbers at risk, side by side.

    Raises:
        KeyError: No such series (the population holds only patients who progressed).
    """
    panels = _panels(results, population)
    if not panels:
        raise KeyError(f"landmark/{population}")
    people = name_of(population)
    data = pl.concat([p.frame.select(pl.lit(p.at).alias("landmark_months"), pl.all()) for p in panels])
    return Figure(
        id=f"landmark_{population}",
        title=Text(
            f"{people.zh}从界标起的总生存期（按界标时的状态分组）",
            f"Overall survival of the {in_sentence(people).en} from landmarks, by progression status at the landmark",
        ),
        caption=Text(
            "每幅图只含在界标时仍存活并在随访的患者，按当时已知的进展状态分组。阴影为 95% 置信区间（CI）；曲线下方为风险人数（自界标起的累计死亡数）。"
            "*n*：患者数；HR：未校正风险比（Cox 模型）；*P*：Log-rank 检验。",
            "Each panel holds only the patients alive and followed at its landmark, grouped by the progression known at that time. "
            "Bands are 95% confidence intervals (CI); below the curves the number at risk (cumulative deaths since the landmark). "
            "*n*: patients; HR: unadjusted hazard ratio (Cox model); *P*: log-rank test.",
        ),
        alt=alt_of(panels, _ALT),
        data=data,
        painter=lambda language: paint_panels(panels, language),
        estimates=tuple(e for panel in panels for e in panel.printed),
        width_mm=DOUBLE_COLUMN_MM,
    )


def has_landmark_curves(results: Results, population: str) -> bool:
    """Whether any patient was still followed at a landmark, so that there is a curve to draw."""
    return bool(_panels(results, population))


def _panels(results: Results, population: str) -> list[Panel]:
    found = results.find(analysis=LANDMARK, population=population, outcome=Outcome.OS)
    panels = []
    for variable in landmarks_of(results, population):
        months = variable.months
        name = f"landmark/{population}/{months}"
        frame = results.series.get(name)
        if frame is None or frame.is_empty():
            continue
        at_risk = results.series[f"at_risk/{name}"]
        mine = [e for e in found if e.variable == variable]
        sizes = {e.group: e for e in mine if e.statistic == Statistic.N}
        tests = between_patterns(mine)
        ratio, p = tests.get(Statistic.HAZARD_RATIO), tests.get(Statistic.P_VALUE)
        heading = Text(f"界标：{months} 个月", f"Landmark: {Count(months):month|months}")
        change = change_of(results, ratio)
        panels.append(
            Panel(
                months,
                heading,
                SINCE_LANDMARK,
                _Y,
                frame,
                at_risk,
                sizes,
                ratio,
                p,
                statistic_of(mine, p),
                change,
            )
        )
    return panels


def _lines(panel: Panel, language: Language) -> list[tuple[str, str]]:
    """(text, group whose line is drawn before it or blank)."""
    lines = [(_size_text(g, panel.sizes.get(g), language), g) for g in panel.groups]
    if panel.ratio is None:
        return lines
    first, second = (in_sentence(name_of(g)) for g in parts_of(panel.ratio.group))
    pair = {"zh": f"{first.zh} vs {second.zh}", "en": f"{first.en} vs {second.en}"}[language]
    if panel.ratio.value is None:
        why = panel.ratio.warning.printed[language]
        return [
            *lines,
            ({"zh": f"{pair}：HR 未给出，{why}", "en": f"{pair}: HR not given, {why}"}[language], ""),
        ]
    shown = ratio_cell(panel.ratio)[language]
    test = "" if panel.p is None else p_words(panel.p, language, panel.statistic)
    return [
        *lines,
        ({"zh": f"HR {shown}，{test}", "en": f"HR {shown}, {test}"}[language].rstrip("，, "), ""),
        ({"zh": f"（{pair}）", "en": f"({pair})"}[language], ""),
        *((line, "") for line in changing_lines(panel.change, language)),
    ]


def _size_text(group: str, size: Estimate | None, language: Language) -> str:
    name = name_of(group)[language]
    if size is None:
        return name
    n = format_number(size.value, 0, STYLES[language])
    return f"{name}{STYLES[language].percent_space}(*n*={n})"


def paint_panels(panels: list[Panel], language: Language, width_mm: float = DOUBLE_COLUMN_MM) -> Drawing:
    """The panels side by side, with as many lines above and below as the fullest of them needs."""
    n = len(panels)
    width = (width_mm - _LEFT - _RIGHT - _GAP * (n - 1)) / n
    room = (width - _SAMPLE) / MM_PER_PT
    texts = [_broken(panel, room, language) for panel in panels]
    top = 1.5 + LINE_MM * (1 + max(map(len, texts))) + 2.0
    below = _AXIS_LABELS + risk_height(max(len(p.groups) for p in panels)) + _FOOT
    sheet = Sheet(width_mm, top + _PLOT + below)
    axis = TimeAxis.over(TimeAxis.of(p.frame, numbers_at_risk(p.at_risk)) for p in panels)
    for i, (panel, lines) in enumerate(zip(panels, texts, strict=True)):
        left = _LEFT + i * (width + _GAP)
        write_line(sheet, left, 1.5 + LINE_MM / 2, panel.heading[language])
        for row, (text, group) in enumerate(lines, start=1):
            y = 1.5 + (row + 0.5) * LINE_MM
            if group:
                sheet.paint_sample(left, y, _SAMPLE - 1.0, look(group))
            write_line(sheet, left + _SAMPLE, y, text)
        axes = sheet.axes(left, top, width, _PLOT)
        label_months(axes, axis, width, panel.x[language])
        axes.set_ylim(0, 100.5)
        axes.set_yticks([0, 20, 40, 60, 80, 100])
        for group in panel.groups:
            paint_steps(
                axes, panel.frame.filter(pl.col("group") == group).sort("months"), "survival", look(group)
            )
        if i == 0:
            axes.set_ylabel(panel.y[language], size=TEXT_PT, labelpad=3)
        numbers = numbers_at_risk(panel.at_risk)
        risk = [RiskLine.of(numbers, g, name_of(g)[language], look(g)) for g in panel.groups]
        place = (left - _OUT, top + _PLOT + _AXIS_LABELS, width + _OUT)
        paint_risk_table(sheet, axes, risk, place, AT_RISK[language])
    return sheet.drawing


def _broken(panel: Panel, room: float, language: Language) -> list[tuple[str, str]]:
    lines = _lines(panel, language)
    return [(t, g if i == 0 else "") for text, g in lines for i, t in enumerate(break_lines(text, room))]


def look(group: str) -> Look:
    """The patterns as in every other figure; those without progression dotted."""
    return _STYLES.get(group) or look_of(group, 0)


def alt_of(panels: list[Panel], what: Text) -> Text:
    """What the panels show, in words: what they are, then the lines above each."""

    def sentence(language: Language) -> str:
        stop = "；" if language == "zh" else "; "
        parts = [
            f"{p.heading[language]}{stop}{stop.join(text for text, _ in _lines(p, language))}" for p in panels
        ]
        return plain(stop.join(parts))

    zh, en = (sentence(language) for language in LANGUAGES)
    return Text(f"{what.zh}{zh}。", f"{what.en} {en}.")

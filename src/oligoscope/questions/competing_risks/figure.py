"""Cumulative incidence of each kind of first event, with limits and numbers at risk."""

from __future__ import annotations

import polars as pl
from matplotlib.figure import Figure as Drawing

from oligoscope.bilingual import LANGUAGES, Language, Text
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.lettering import break_lines, write_line
from oligoscope.drawing.months import (
    RiskLine,
    TimeAxis,
    label_months,
    numbers_of,
    paint_risk_table,
    paint_steps,
    risk_height,
)
from oligoscope.drawing.sheet import LINE_MM, Sheet
from oligoscope.drawing.theme import MM_PER_PT, SINGLE_COLUMN_MM, TEXT_PT, Look, look_of
from oligoscope.number_format import STYLES, format_interval, format_number
from oligoscope.questions.competing_risks.table import INCIDENCE_AT
from oligoscope.results.analyses import COMPETING_RISKS
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic, at_months
from oligoscope.study.keys import in_sentence
from oligoscope.study.vocabulary import name_of

_STYLES = {
    "death_without_progression": Look("#009E73", (0, (1, 1))),
    "progression_without_pattern": Look("#777777", (0, (5, 1, 1, 1))),
}
_HEAD = Text(
    f"例数；{INCIDENCE_AT} 个月的累积发生率（95%CI）",
    f"Patients; cumulative incidence at {INCIDENCE_AT} months (95% CI)",
)
_X = Text("自治疗开始的时间/月", "Months since start of treatment")
_BELOW = Text("风险人数与各首个事件的累计例数", "At risk, and patients with each first event so far")
_AT_RISK = Text("在随访且尚无任何首个事件", "Followed without any first event")
_Y = Text("累积发生率/%", "Cumulative incidence, %")

# Millimetres.
_LEFT, _RIGHT, _PLOT, _EDGE, _SAMPLE = 12.0, 5.0, 52.0, 3.0, 7.0
_AXIS_LABELS, _FOOT = 9.5, 4.0


def draw_incidence(results: Results, population: str = "treated") -> Figure:
    """The Aalen-Johansen curves of the series `incidence/<population>`, above the numbers at risk.

    Raises:
        KeyError: The series was not made (the population holds only patients who progressed).
    """
    frame = results.series[f"incidence/{population}"]
    at_risk = results.series[f"at_risk/incidence/{population}"]
    causes = tuple(frame["cause"].unique(maintain_order=True))
    found = results.find(analysis=COMPETING_RISKS, population=population, outcome="")
    printed = {
        c: [
            next((e for e in found if (e.group, e.statistic) == (c, s)), None)
            for s in (Statistic.EVENTS, at_months(Statistic.INCIDENCE, INCIDENCE_AT))
        ]
        for c in causes
    }
    people = name_of(population)
    lines = {language: [(c, _legend(c, printed[c], language)) for c in causes] for language in LANGUAGES}
    return Figure(
        id=f"incidence_{population}",
        title=Text(
            f"{people.zh}首个事件的累积发生率",
            f"Cumulative incidence of the first event in the {in_sentence(people).en}",
        ),
        caption=Text(
            "以 Aalen-Johansen 法估计；各首个事件互为竞争事件。阴影为 95% 置信区间（CI）；曲线下方为在随访且尚无任何首个事件的人数，以及各首个事件的累计例数。",
            "By the Aalen-Johansen method; each first event is a competing event of the others. Bands are 95% confidence intervals (CI); "
            "below the curves the number still followed without any first event, and the patients with each first event so far.",
        ),
        alt=Text(
            f"累积发生率曲线。{_HEAD.zh}：" + "；".join(text for _, text in lines["zh"]) + "。",
            f"Curves of cumulative incidence. {_HEAD.en}: "
            + "; ".join(text for _, text in lines["en"])
            + ".",
        ),
        data=pl.concat([frame, at_risk.rename({"group": "cause"})], how="diagonal_relaxed"),
        painter=lambda language: _paint(frame, at_risk, lines[language], language),
        estimates=tuple(e for found in printed.values() for e in found if e is not None),
        width_mm=SINGLE_COLUMN_MM,
    )


def look(cause: str, position: int) -> Look:
    """The patterns as in every other figure; the other events in their own lines."""
    return _STYLES.get(cause) or look_of(cause, position)


def _legend(cause: str, printed: list[Estimate | None], language: Language) -> str:
    name, style = name_of(cause)[language], STYLES[language]
    events, at = printed
    if events is None or at is None or at.value is None:
        return name
    n, value = format_number(events.value, 0, style), format_number(100 * at.value, 1, style)
    shown = f"{value}%"
    if at.low is not None and at.high is not None:
        shown += f"{style.percent_space}({format_interval(100 * at.low, 100 * at.high, 1, style)})"
    return {"zh": f"{name}：{n}；{shown}", "en": f"{name}: {n}; {shown}"}[language]


def _paint(
    frame: pl.DataFrame, at_risk: pl.DataFrame, lines: list[tuple[str, str]], language: Language
) -> Drawing:
    room = (SINGLE_COLUMN_MM - _EDGE - _SAMPLE - 2.0) / MM_PER_PT
    broken = [
        (c, i, j, t) for i, (c, text) in enumerate(lines) for j, t in enumerate(break_lines(text, room))
    ]
    top = 1.5 + LINE_MM * (len(broken) + 1) + 2.0
    looks = {cause: look(cause, i) for i, (cause, _) in enumerate(lines)}
    sheet = Sheet(SINGLE_COLUMN_MM, top + _PLOT + _AXIS_LABELS + risk_height(len(looks) + 1) + _FOOT)
    write_line(sheet, _EDGE + _SAMPLE, 1.5 + LINE_MM / 2, _HEAD[language])
    for row, (cause, _, j, text) in enumerate(broken, start=1):
        y = 1.5 + (row + 0.5) * LINE_MM
        if j == 0:
            sheet.paint_sample(_EDGE, y, _SAMPLE - 1.2, looks[cause])
        write_line(sheet, _EDGE + _SAMPLE, y, text)
    width = SINGLE_COLUMN_MM - _LEFT - _RIGHT
    axes = sheet.axes(_LEFT, top, width, _PLOT)
    for cause, own in looks.items():
        paint_steps(axes, frame.filter(pl.col("cause") == cause), "incidence", own)
    numbers, events = numbers_of(at_risk, "n_at_risk"), numbers_of(at_risk, "n_events")
    label_months(axes, TimeAxis.of(frame, numbers), width, _X[language])
    axes.set_ylim(bottom=0)
    axes.set_ylabel(_Y[language], size=TEXT_PT, labelpad=3)
    risk = [RiskLine.of(numbers, next(iter(looks)), _AT_RISK[language], None)]  # the same whichever cause
    risk += [RiskLine.of(events, cause, name_of(cause)[language], own) for cause, own in looks.items()]
    place = (_EDGE, top + _PLOT + _AXIS_LABELS, SINGLE_COLUMN_MM - 2 * _EDGE)
    paint_risk_table(sheet, axes, risk, place, _BELOW[language])
    return sheet.drawing

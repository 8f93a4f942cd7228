"""The model as boxes and arrows, and the share of patients in each state over time, with numbers at risk."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing

from oligoscope.bilingual import LANGUAGES, Language, Text
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.lettering import fitted, spread, write_line
from oligoscope.drawing.months import (
    RiskLine,
    TimeAxis,
    label_months,
    numbers_of,
    paint_risk_table,
    risk_height,
)
from oligoscope.drawing.sheet import SINCE_TREATMENT, Sheet
from oligoscope.drawing.theme import INK, TEXT_PT, TEXT_WIDTH_MM, Look
from oligoscope.number_format import STYLES, format_interval, format_number
from oligoscope.plain_text import plain
from oligoscope.questions.illness_death.diagram import DIAGRAM_MM, Diagram, diagram_of, paint_diagram
from oligoscope.questions.illness_death.states import ALIVE, NO_PATTERN, NONE, OLIGO, SYSTEMIC
from oligoscope.questions.illness_death.table import state_name
from oligoscope.questions.illness_death.words import SHARES_AT
from oligoscope.results.analyses import ILLNESS_DEATH
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic, at_months
from oligoscope.study.keys import in_sentence
from oligoscope.study.vocabulary import name_of

# From the bottom up: the living, then the dead, so that the line between them is survival. A dead state has the colour of
# the state that it came from, lighter.
_BANDS = {
    NONE: "#009E73", OLIGO: "#0072B2", SYSTEMIC: "#D55E00", NO_PATTERN: "#777777",
    "death_after_progression_without_pattern": "#d0d0d0", "death_after_systemic": "#f3cfb8",
    "death_after_oligoprogression": "#b8d6ea", "death_without_progression": "#bfe3d7",
}  # fmt: skip
_Y = Text("患者比例/%", "Patients, %")
_HEAD = Text(f"{SHARES_AT} 个月时的占据概率/%（95%CI）", f"In each state at {SHARES_AT} months, % (95% CI)")
_AT_RISK = Text("各状态中在随访的例数", "Followed in each state")

# Millimetres.
_LEFT, _EDGE, _PLOT, _WIDE, _LABEL, _LINE = 12.0, 3.0, 60.0, 108.0, 4.0, 3.6
_HEADING, _AXIS_LABELS, _FOOT = 5.5, 9.5, 3.0


@dataclass(frozen=True, slots=True)
class _Band:
    """One state: its steps, its name and what is printed beside it."""

    state: str
    share: Estimate | None
    months: list[float]
    heights: list[float]

    @property
    def colour(self) -> str:
        return _BANDS[self.state]


def draw_states(results: Results, population: str = "treated") -> Figure:
    """Boxes with the transitions above the series `occupation/<population>`, stacked.

    Raises:
        KeyError: The series was not made.
    """
    frame, at_risk = (results.series[f"{name}/{population}"] for name in ("occupation", "at_risk/occupation"))
    limits = results.series[f"occupation_limits/{population}"]
    keys = {"analysis": ILLNESS_DEATH, "population": population}
    at = at_months(Statistic.OCCUPATION, SHARES_AT)
    bands = [
        _band(frame, state, results.get(**keys, group=state, statistic=at))
        for state in _BANDS
        if (frame["state"] == state).any()
    ]  # type: ignore[arg-type]
    diagram = diagram_of(results, population)
    people = name_of(population)
    return Figure(
        id=f"illness_death_{population}",
        title=Text(
            f"{people.zh}从治疗到进展与死亡（疾病—死亡模型）",
            f"From treatment to progression and death in the {in_sentence(people).en} (illness-death model)",
        ),
        caption=Text(
            "上：各状态（框内为曾处于该状态的例数）与状态转换（例数，括号内为每 100 人月的发生率）。下：各时点处于各状态的患者比例（Aalen-Johansen 法），"
            "粗线以下为存活者；右侧为占据概率及 95% 置信区间（CI）。HR：风险比（Cox 模型）。",
            "Above, the states (in each box the patients who were ever in it) and the transitions (patients, and in brackets the rate per 100 "
            "patient-months). Below, the share of patients in each state over time (Aalen-Johansen), those below the thick line alive; at the "
            "right the share with its 95% confidence interval (CI). HR: hazard ratio (Cox model).",
        ),
        alt=_alt(bands, diagram),
        data=pl.concat(
            [frame, limits.rename({"share": "share_at_month"}), at_risk.rename({"group": "state"})],
            how="diagonal_relaxed",
        ),
        painter=lambda language: _paint(bands, diagram, at_risk, language),
        estimates=(*diagram.estimates, *(b.share for b in bands if b.share is not None)),
        width_mm=TEXT_WIDTH_MM,
    )


def _band(frame: pl.DataFrame, state: str, share: Estimate | None) -> _Band:
    own = frame.filter(pl.col("state") == state)
    return _Band(state, share, own["months"].to_list(), (own["share"] * 100).to_list())


def _label(band: _Band, language: Language) -> tuple[str, str]:
    """The state, and its share with limits."""
    name, e, style = state_name(band.state)[language], band.share, STYLES[language]
    if e is None or e.value is None:
        return name, ""
    value = format_number(100 * e.value, 1, style)
    if e.low is None or e.high is None:
        return name, value
    return name, f"{value}{style.percent_space}({format_interval(100 * e.low, 100 * e.high, 1, style)})"


def _paint(bands: list[_Band], diagram: Diagram, at_risk: pl.DataFrame, language: Language) -> Drawing:
    top = DIAGRAM_MM + _HEADING
    living = [b.state for b in bands if b.state in ALIVE]
    height = top + _PLOT + _AXIS_LABELS + risk_height(len(living)) + _FOOT
    sheet = Sheet(TEXT_WIDTH_MM, height)
    paint_diagram(sheet, diagram, language)
    axes = sheet.axes(_LEFT, top, _WIDE, _PLOT)
    ends = _paint_bands(axes, bands)
    numbers = numbers_of(at_risk, "n_at_risk")
    axis = TimeAxis(max(bands[0].months), TimeAxis.of(at_risk, numbers).widest_mm)
    label_months(axes, axis, _WIDE, SINCE_TREATMENT[language])
    axes.set_xlim(0, axis.longest)
    axes.set_ylim(0, 100)
    axes.set_yticks([0, 20, 40, 60, 80, 100])
    axes.set_ylabel(_Y[language], size=TEXT_PT, labelpad=3)
    x = _LEFT + _WIDE + 6.0
    write_line(sheet, x, top - _LINE, _HEAD[language], color=INK)
    _paint_labels(sheet, bands, ends, (x, top), language)
    risk = [RiskLine.of(numbers, s, state_name(s)[language], Look(_BANDS[s], "-")) for s in living]
    paint_risk_table(
        sheet, axes, risk, (_EDGE, top + _PLOT + _AXIS_LABELS, _LEFT + _WIDE - _EDGE), _AT_RISK[language]
    )
    return sheet.drawing


def _paint_bands(axes: Axes, bands: list[_Band]) -> list[tuple[float, float]]:
    """Each band on the one before, and the line of survival; gives the limits of each band at the end of the axis."""
    below = [0.0] * len(bands[0].months)
    ends, survival = list[tuple[float, float]](), below
    for band in bands:
        above = [a + b for a, b in zip(below, band.heights, strict=True)]
        axes.fill_between(band.months, below, above, step="post", color=band.colour, linewidth=0)
        # Two of the colours are alike in grey: a white line tells the bands apart.
        axes.step(band.months, below, where="post", color="white", linewidth=0.5)
        ends.append((below[-1], above[-1]))
        below = above
        if band.state in ALIVE:
            survival = above
    axes.step(bands[0].months, survival, where="post", color=INK, linewidth=1.4)
    return ends


def _paint_labels(
    sheet: Sheet,
    bands: list[_Band],
    ends: list[tuple[float, float]],
    place: tuple[float, float],
    language: Language,
) -> None:
    """A name and a share beside each band, moved apart where bands are thin, with a line to the band that is still there."""
    x, top = place
    step = 2 * _LINE + 1.0
    middles = [_PLOT * (1 - (low + high) / 200) for low, high in ends]
    ys = spread(middles[::-1], step, step / 2, _PLOT - step / 2)[::-1]
    for band, (low, high), middle, y in zip(bands, ends, middles, ys, strict=True):
        name, share = _label(band, language)
        if high > low:
            sheet.paint_leader((_LEFT + _WIDE + 0.5, top + middle), (x - 1.5, top + y))
        sheet.paint_patch(x - 1.0, top + y, band.colour)
        write_line(sheet, x + _LABEL, top + y - _LINE / 2, fitted(name, TEXT_WIDTH_MM - x - _LABEL))
        write_line(sheet, x + _LABEL, top + y + _LINE / 2, share)


def _alt(bands: list[_Band], diagram: Diagram) -> Text:
    def sentence(language: Language) -> str:
        stop, colon = ("；", "：") if language == "zh" else ("; ", ": ")
        shares = (f"{name}{colon}{share}" for name, share in (_label(b, language) for b in bands) if share)
        return plain(stop.join((*diagram.lines(language), _HEAD[language], *shares)))

    zh, en = (sentence(language) for language in LANGUAGES)
    return Text(
        f"疾病—死亡模型的状态图与堆积的占据概率。{zh}。",
        f"States of the illness-death model and stacked occupation. {en}.",
    )

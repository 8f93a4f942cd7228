"""The states as boxes and the transitions as arrows, with how many made each and how fast."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from matplotlib.patches import Rectangle

from oligoscope.bilingual import Language, Text
from oligoscope.drawing.lettering import fitted, write_line
from oligoscope.drawing.sheet import Sheet
from oligoscope.drawing.theme import INK, LINE_PT, TEXT_WIDTH_MM
from oligoscope.number_format import STYLES, format_number
from oligoscope.printing.cells import count_text
from oligoscope.printing.sentences import ratio_words
from oligoscope.questions.illness_death.states import DEATH, MODELLED, NONE, OLIGO, SYSTEMIC, Transition
from oligoscope.questions.illness_death.table import AFTER, transition_name
from oligoscope.results.analyses import ILLNESS_DEATH
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.study.vocabulary import name_of

# Millimetres.
DIAGRAM_MM = 62.0
_W, _H, _LINE = 40.0, 11.0, 3.6
_LEFT, _MIDDLE, _RIGHT = 4.0, (TEXT_WIDTH_MM - 40.0) / 2, TEXT_WIDTH_MM - 44.0
_TOP, _CENTRE, _BOTTOM = 8.0, 26.0, 44.0
_PLACES = {
    NONE: (_LEFT, _CENTRE),
    OLIGO: (_MIDDLE, _TOP),
    SYSTEMIC: (_MIDDLE, _BOTTOM),
    DEATH: (_RIGHT, _CENTRE),
}
_COLOURS = {NONE: "#009E73", OLIGO: "#0072B2", SYSTEMIC: "#D55E00", DEATH: INK}
_RATIO = Text("寡进展后与广泛进展后死亡相比", "Death after oligoprogression vs after systemic progression")
_ADJUSTED = Text("校正后 ", "adjusted ")


@dataclass(frozen=True, slots=True)
class Diagram:
    """What the boxes and arrows print.

    Attributes:
        sizes: Of each state of the living the patients who were in it.
        events: Of each transition those who made it.
        rates: Of each transition.
        ratio: Death after one pattern against death after the other; None where there is none.
        p: Of the ratio.
    """

    sizes: dict[str, Estimate | None]
    events: dict[Transition, Estimate | None]
    rates: dict[Transition, Estimate | None]
    ratio: Estimate | None
    p: Estimate | None

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        every = (*self.sizes.values(), *self.events.values(), *self.rates.values(), self.ratio, self.p)
        return tuple(dict.fromkeys(e for e in every if e is not None))

    def lines(self, language: Language) -> Iterator[str]:
        """Each transition in words, and the ratio."""
        colon = "：" if language == "zh" else ": "
        for t in MODELLED:
            yield f"{transition_name(t)[language]}{colon}{self.arrow(t, language)}"
        if self.ratio is not None and self.ratio.value is not None:
            yield self.headline(language)

    def arrow(self, transition: Transition, language: Language) -> str:
        """`200 (2.6)`: patients, and their rate."""
        events, rate = self.events[transition], self.rates[transition]
        if events is None or events.value is None:
            return ""
        shown = count_text(events.value)
        if rate is None or rate.value is None:
            return shown
        return f"{shown}{STYLES[language].percent_space}({format_number(rate.value, 1, STYLES[language])})"

    def headline(self, language: Language) -> str:
        """The ratio with its limits."""
        assert self.ratio is not None
        adjusted = _ADJUSTED[language] if self.ratio.statistic == Statistic.HAZARD_RATIO_ADJUSTED else ""
        colon = "：" if language == "zh" else ": "
        return f"{_RATIO[language]}{colon}{adjusted}{ratio_words('HR', self.ratio, self.p, language)}"


def diagram_of(results: Results, population: str) -> Diagram:
    """The counts, rates and the ratio of a population."""

    def get(outcome: str, group: str, statistic: Statistic) -> Estimate | None:
        return results.get(
            analysis=ILLNESS_DEATH, population=population, outcome=outcome, group=group, statistic=statistic
        )

    adjusted, alone = (
        get(DEATH, AFTER, s) for s in (Statistic.HAZARD_RATIO_ADJUSTED, Statistic.HAZARD_RATIO)
    )
    is_adjusted = adjusted is not None and adjusted.value is not None
    test = Statistic.P_VALUE_ADJUSTED if is_adjusted else Statistic.P_VALUE
    return Diagram(
        sizes={state: get(DEATH, state, Statistic.N) for state in (NONE, OLIGO, SYSTEMIC)},
        events={t: get(t.end, t.start, Statistic.EVENTS) for t in MODELLED},
        rates={t: get(t.end, t.start, Statistic.RATE) for t in MODELLED},
        ratio=adjusted if is_adjusted else alone,
        p=get(DEATH, AFTER, test),
    )


def paint_diagram(sheet: Sheet, diagram: Diagram, language: Language) -> None:
    """Boxes from left to right, arrows with their numbers, and the ratio below."""
    for state, (x, y) in _PLACES.items():
        _paint_box(sheet, state, (x, y), diagram.sizes.get(state), language)
    for transition in MODELLED:
        (x0, y0), (x1, y1) = _PLACES[transition.start], _PLACES[transition.end]
        rise = 0.0 if y0 == y1 else (2.0 if y1 > y0 else -2.0)
        start, end = (x0 + _W, y0 + rise), (x1, y1 - rise)
        sheet.paint_arrow(start, end)
        x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
        above = -2.2 if y0 == y1 or min(y0, y1) < _CENTRE else 2.2
        away = 0.0 if y0 == y1 else (-9.0 if (y1 < y0) == (above < 0) else 9.0)
        write_line(sheet, x + away, y + above, diagram.arrow(transition, language), "center")
    if diagram.ratio is not None and diagram.ratio.value is not None:
        text = fitted(diagram.headline(language), TEXT_WIDTH_MM - 2 * _LEFT)
        write_line(sheet, TEXT_WIDTH_MM / 2, _BOTTOM + _H / 2 + 4.5, text, "center")


def _paint_box(
    sheet: Sheet, state: str, place: tuple[float, float], size: Estimate | None, language: Language
) -> None:
    x, y = place
    corner = (x / sheet.width, 1 - (y + _H / 2) / sheet.height)
    box = Rectangle(corner, _W / sheet.width, _H / sheet.height, facecolor="white", edgecolor=_COLOURS[state], linewidth=2 * LINE_PT)  # fmt: skip
    sheet.drawing.add_artist(box)
    lines = [fitted(name_of(state)[language], _W - 2.0)]
    if size is not None and size.value is not None:
        lines.append(f"(*n*={count_text(size.value)})")
    for i, line in enumerate(lines):
        write_line(sheet, x + _W / 2, y + (i - (len(lines) - 1) / 2) * _LINE, line, "center")

"""Survival curves of several populations and outcomes on one plate, such as before and after matching."""

from __future__ import annotations

from collections.abc import Sequence

from oligoscope.bilingual import Text
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.plate import Panel, caption_by_letter, draw_plate, letters_of
from oligoscope.printing.sentences import joined
from oligoscope.questions.survival.figure import curves_of, doubts_about, draw_survival_curve, legend_of
from oligoscope.results.results import Results
from oligoscope.study.keys import in_sentence
from oligoscope.study.vocabulary import column_name, name_of

MOST_PANELS = 4  # two rows: what a page holds


def draw_survival_plate(
    results: Results, name: str, title: Text, shown: Sequence[tuple[str, str]], by: str = "pattern"
) -> Figure:
    """One panel for each (population, outcome), in this order; a single one is a figure with its own name.

    Raises:
        KeyError: The series of a population, grouping and outcome was not made.
    """
    if len(shown) == 1:
        ((population, outcome),) = shown
        return draw_survival_curve(results, population, by, outcome)
    is_one_population = len({population for population, _ in shown}) == 1
    panels = []
    for population, outcome in shown:
        until = _longest(results, shown, by, outcome)
        figure = draw_survival_curve(results, population, by, outcome, until)
        panels.append(Panel(figure, _name(population, outcome, is_one_population=is_one_population)))
    return draw_plate(name, title, panels, _caption(results, shown, by))


def _longest(results: Results, shown: Sequence[tuple[str, str]], by: str, outcome: str) -> float:
    """Follow-up of the longest curve of an outcome on the plate: its panels share one axis."""
    frames = (results.series[f"km/{population}/{by}/{o}"] for population, o in shown if o == outcome)
    return max(float(frame["months"].max() or 0) for frame in frames)  # type: ignore[arg-type]


def _name(population: str, outcome: str, *, is_one_population: bool) -> Text:
    what, people = column_name(outcome), name_of(population)
    if is_one_population:
        return what
    return Text(f"{what.zh}，{people.zh}", f"{what.en}, {in_sentence(people).en}")


def _caption(results: Results, shown: Sequence[tuple[str, str]], by: str) -> Text:
    """How to read the curves; then what makes a panel doubtful, with its letters."""
    curves = dict(zip(letters_of(shown), (curves_of(results, p, by, o) for p, o in shown), strict=True))
    parts = ({letter: of(c) for letter, c in curves.items()} for of in (legend_of, doubts_about))
    return joined([caption_by_letter(part) for part in parts])

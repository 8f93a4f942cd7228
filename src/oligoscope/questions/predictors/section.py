"""What goes with the pattern, in the report: table and forest."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.plate import Panel, draw_plate
from oligoscope.printing.blocks import Block
from oligoscope.printing.comparison_names import in_sentence
from oligoscope.printing.document_parts import Chapter, Draft, Methods, Parts, Section
from oligoscope.printing.withheld_notice import or_withheld
from oligoscope.questions.predictors.figure import draw_predictors
from oligoscope.questions.predictors.methods import predictors_methods
from oligoscope.questions.predictors.question import PREDICTORS
from oligoscope.questions.predictors.table import tabulate_predictors
from oligoscope.questions.predictors.words import predictors_paragraph
from oligoscope.results.results import Results
from oligoscope.study.vocabulary import column_name


def predictors_section(draft: Draft) -> Iterator[Block | None]:
    """What was found, the forest and the table of each grouping."""
    for population, by in draft.asked("predictors"):
        found = draft.results.find(analysis="predictors", population=population, outcome=by)
        is_given = any(e.level for e in found)
        yield from or_withheld(is_given, _found(draft, population, by), found)


def _found(draft: Draft, population: str, by: str) -> Iterator[Block | None]:
    yield predictors_paragraph(draft.results, population, by)
    yield draft.figure(_predictors_figure, population, by, draft)
    yield draft.table(tabulate_predictors, population, by)


def _predictors_figure(results: Results, population: str, by: str, draft: Draft) -> Figure:
    """The forest, and below it the imputed variable by group where there is exactly one."""
    forest = draw_predictors(results, population, by)
    imputed = draft.panel("imputation", population, by)
    if imputed is None:
        return forest
    name = imputed.subject or imputed.name
    title = Text(
        f"{forest.title.zh}，及{name.zh}的分布",
        f"{forest.title.en}, and {in_sentence(name).en} by {in_sentence(column_name(by)).en}",
    )
    panels = (Panel(forest, Text("比值比", "Odds ratios")), imputed)
    return draw_plate(f"predictors_{population}_{by}", title, panels)


PARTS = Parts(
    (Section(predictors_section, Chapter("predictors", PREDICTORS.name, strobe=(16,))),),
    (Methods(predictors_methods),),
)

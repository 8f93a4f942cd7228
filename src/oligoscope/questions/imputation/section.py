"""Missing values and imputation in the report."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.drawing.plate import Panel
from oligoscope.printing.blocks import Block, Paragraph
from oligoscope.printing.chapters import BY, POPULATION
from oligoscope.printing.document_parts import Chapter, Draft, Limitation, Methods, Parts, Section, Threat
from oligoscope.questions.imputation.figure import draw_imputed_levels
from oligoscope.questions.imputation.question import IMPUTATION
from oligoscope.questions.imputation.table import tabulate_imputation
from oligoscope.questions.imputation.trace import draw_imputation_trace, has_trace
from oligoscope.questions.imputation.words import (
    completions,
    imputation_paragraph,
    missing_values,
    ways_of_imputing,
)
from oligoscope.results import analyses
from oligoscope.results.analyses import BASELINE
from oligoscope.results.results import Results
from oligoscope.study.vocabulary import variable_name


def imputation_section(draft: Draft) -> Iterator[Block]:
    """What was missing, what it was completed with, and whether the chains mixed."""
    results = draft.results
    sentence = imputation_paragraph(results)
    if sentence is None:
        return
    yield sentence
    for population, by in completions(results):
        # The table sets completed values beside those observed, which the baseline table of the same groups counts.
        if (population, by) == (POPULATION, BY) or results.find(
            analysis=BASELINE, population=population, outcome=by
        ):
            yield draft.table(tabulate_imputation, population, by)
    if not (_is_panel(results, POPULATION, BY) and (POPULATION, BY) in draft.asked(analyses.PREDICTORS)):
        for variable in _imputed(results):
            yield draft.figure(draw_imputed_levels, variable, POPULATION, BY)
    if has_trace(results):
        yield draft.figure(draw_imputation_trace)
    elif "imputation/trace" in results.series:
        yield Paragraph(_ONE_ROUND)


def imputed_panel(results: Results, population: str, by: str) -> Panel | None:
    """The levels of the one variable that was imputed, observed and completed; more would not fit on a plate."""
    if not _is_panel(results, population, by):
        return None
    (variable,) = _imputed(results)
    name = variable_name(variable)
    levels = draw_imputed_levels(results, variable, population, by)
    return Panel(
        levels, Text(f"{name.zh}：观察值与各插补数据集", f"{name.en}: observed values and imputations"), name
    )


def _is_panel(results: Results, population: str, by: str) -> bool:
    return (population, by) == (POPULATION, BY) and len(_imputed(results)) == 1


def _imputed(results: Results) -> list[str]:
    """Variables whose levels were imputed."""
    levels = results.series.get("imputation/levels")
    return [] if levels is None else list(levels["variable"].unique(maintain_order=True))


_ONE_ROUND = Text(
    "只有一个不完整变量，链式方程无需迭代，故无轨迹图。",
    "Only one variable was incomplete, so the chained equations needed no iterations and there are no traces to show.",
)
PARTS = Parts(
    (Section(imputation_section, Chapter("imputation", IMPUTATION.kind.printed, strobe=(12, 14))),),
    (Methods(ways_of_imputing),),
    (Limitation(Threat.MISSING_VALUES, missing_values),),
    imputed_panel,
)

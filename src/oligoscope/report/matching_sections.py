"""Sections of the report: missing values and imputation, matching, predictors."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.drawing.figure import Figure
from oligoscope.drawing.plate import Panel, draw_plate
from oligoscope.printing.blocks import Block, Heading, Numbering, Paragraph
from oligoscope.printing.comparison_names import in_sentence, variable_name
from oligoscope.printing.withheld_notice import withheld_notice
from oligoscope.questions.imputation.figure import draw_imputed_levels
from oligoscope.questions.imputation.table import tabulate_imputation
from oligoscope.questions.imputation.trace import draw_imputation_trace, has_trace
from oligoscope.questions.imputation.words import completions, imputation_paragraph
from oligoscope.questions.predictors.figure import draw_predictors
from oligoscope.questions.predictors.table import tabulate_predictors
from oligoscope.questions.predictors.words import predictors_paragraph
from oligoscope.results.analyses import BASELINE, PREDICTORS
from oligoscope.results.results import Results
from oligoscope.study.protocol import Protocol
from oligoscope.study.vocabulary import column_name

POPULATION, BY = "progressed", "pattern"  # what is completed and matched: the paper's question


def imputation_section(protocol: Protocol, results: Results, numbers: Numbering) -> Iterator[Block]:
    """What was missing, what it was completed with, and whether the chains mixed."""
    sentence = imputation_paragraph(results)
    if sentence is None:
        return
    yield Heading(Text("缺失值与插补", "Missing values and imputation"), "imputation")
    yield sentence
    for population, by in completions(results):
        # The table sets completed values beside those observed, which the baseline table of the same groups counts.
        if (population, by) != (POPULATION, BY) and not results.find(
            analysis=BASELINE, population=population, outcome=by
        ):
            continue
        yield numbers.table(tabulate_imputation, results, population, by)
    synthetic = protocol.study.synthetic
    for variable in _imputed(results):
        if (POPULATION, BY, variable) not in _beside_predictors(protocol, results):
            yield numbers.supplement(
                draw_imputed_levels, results, variable, POPULATION, BY, synthetic=synthetic
            )
    if has_trace(results):
        yield numbers.supplement(draw_imputation_trace, results, synthetic=synthetic)
    elif "imputation/trace" in results.series:
        yield Paragraph(_ONE_ROUND)


def _imputed(results: Results) -> list[str]:
    """Variables whose levels were imputed."""
    levels = results.series.get("imputation/levels")
    return [] if levels is None else list(levels["variable"].unique(maintain_order=True))


def _beside_predictors(protocol: Protocol, results: Results) -> list[tuple[str, str, str]]:
    """The one imputed variable that stands on a plate with the predictors of the same groups; more would not fit."""
    variables = _imputed(results)
    if len(variables) != 1 or (POPULATION, BY) not in _predicted(protocol, results):
        return []
    return [(POPULATION, BY, variables[0])]


def _predicted(protocol: Protocol, results: Results) -> list[tuple[str, str]]:
    """(population, by) of each analysis of predictors that was done, once."""
    return [
        p
        for p in protocol.asked("predictors")
        if results.find(analysis=PREDICTORS, population=p[0], outcome=p[1])
    ]


_ONE_ROUND = Text(
    "只有一个不完整变量，链式方程无需迭代，故无轨迹图。",
    "Only one variable was incomplete, so the chained equations needed no iterations and there are no traces to show.",
)


def predictors_section(protocol: Protocol, results: Results, numbers: Numbering) -> Iterator[Block]:
    """What goes with the pattern: table and forest."""
    asked = _predicted(protocol, results)
    if asked:
        yield Heading(Text("进展模式的影响因素", "Predictors of the pattern"), "predictors")
    for population, by in asked:
        found = results.find(analysis=PREDICTORS, population=population, outcome=by)
        if not any(e.level for e in found):
            yield from withheld_notice(found)
            continue
        sentence = predictors_paragraph(results, population, by)
        if sentence is not None:
            yield sentence
        yield numbers.figure(_predictors_figure, protocol, results, population, by)
        yield numbers.table(tabulate_predictors, results, population, by)


def _predictors_figure(protocol: Protocol, results: Results, population: str, by: str) -> Figure:
    """The forest, and below it the imputed variable by group where there is exactly one."""
    synthetic = protocol.study.synthetic
    imputed = [v for p, b, v in _beside_predictors(protocol, results) if (p, b) == (population, by)]
    if not imputed:
        return draw_predictors(results, population, by, synthetic=synthetic)
    forest = draw_predictors(results, population, by)
    levels = draw_imputed_levels(results, imputed[0], population, by)
    name = variable_name(imputed[0])
    panels = (
        Panel(forest, Text("比值比", "Odds ratios")),
        Panel(
            levels, Text(f"{name.zh}：观察值与各插补数据集", f"{name.en}: observed values and imputations")
        ),
    )
    title = Text(
        f"{forest.title.zh}，及{name.zh}的分布",
        f"{forest.title.en}, and {in_sentence(name).en} by {in_sentence(column_name(by)).en}",
    )
    return draw_plate(f"predictors_{population}_{by}", title, panels, synthetic=synthetic)

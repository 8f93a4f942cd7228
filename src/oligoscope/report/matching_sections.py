"""Sections of the report: missing values and imputation, matching, predictors."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.figures.forest import draw_predictors
from oligoscope.figures.imputation_trace import draw_imputation_trace, has_trace
from oligoscope.figures.imputed_levels import draw_imputed_levels
from oligoscope.figures.love_plot import draw_love_plot
from oligoscope.figures.score_overlap import draw_score_overlap
from oligoscope.report.blocks import Block, FigureBlock, Heading, Notice, Paragraph, TableBlock
from oligoscope.report.comparison_sentences import (
    imputation_paragraph,
    matching_paragraph,
    predictors_paragraph,
)
from oligoscope.report.gates import gate_sentences
from oligoscope.results import Estimate, Results
from oligoscope.study.protocol import Protocol
from oligoscope.study.vocabulary import Text
from oligoscope.study.withheld import reason
from oligoscope.tables.balance_table import tabulate_balance
from oligoscope.tables.imputation_table import tabulate_imputation
from oligoscope.tables.predictors_table import tabulate_predictors

POPULATION, BY = "progressed", "pattern"  # what is completed and matched: the paper's question


def withheld_notice(estimates: list[Estimate]) -> Iterator[Notice]:
    """Why an analysis gave nothing; no notice where no reason was stored."""
    for warning in dict.fromkeys(e.warning for e in estimates if e.value is None and e.warning):
        why = reason(warning)
        yield Notice("withheld", Text(f"本分析不给出：{why.zh}。", f"This analysis is not given: {why.en}."))


def imputation_section(
    protocol: Protocol, results: Results, tables: Iterator[int], figures: Iterator[int]
) -> Iterator[Block]:
    """What was missing, what it was completed with, and whether the chains mixed."""
    sentence = imputation_paragraph(results)
    if sentence is None:
        return
    yield Heading(Text("缺失值与插补", "Missing values and imputation"), "imputation")
    yield sentence
    yield TableBlock(tabulate_imputation(results, POPULATION, BY), next(tables))
    synthetic, levels = protocol.study.synthetic, results.series.get("imputation/levels")
    for variable in () if levels is None else levels["variable"].unique(maintain_order=True):
        yield FigureBlock(
            draw_imputed_levels(results, variable, POPULATION, BY, synthetic=synthetic), next(figures)
        )
    if has_trace(results):
        yield FigureBlock(draw_imputation_trace(results, synthetic=synthetic), next(figures))
    elif "imputation/trace" in results.series:
        yield Paragraph(_ONE_ROUND)


_ONE_ROUND = Text(
    "只有一个不完整变量，链式方程无需迭代，故无轨迹图。",
    "Only one variable was incomplete, so the chained equations needed no iterations and there are no traces to show.",
)


def matching_section(
    protocol: Protocol, results: Results, tables: Iterator[int], figures: Iterator[int]
) -> Iterator[Block]:
    """Pairs, balance and its gate, overlap of the scores."""
    found = results.find(analysis="matching")
    if not found:
        return
    yield Heading(Text("匹配", "Matching"), "matching")
    limit, synthetic = protocol.matching.balance_limit, protocol.study.synthetic
    sentence = matching_paragraph(results, limit)
    if sentence is not None:
        yield sentence
    yield from (Notice("gate", text) for text in gate_sentences(results))
    if not results.find(analysis="balance"):
        yield from withheld_notice(found)
        return
    yield TableBlock(tabulate_balance(results, limit), next(tables))
    yield FigureBlock(draw_love_plot(results, limit, synthetic=synthetic), next(figures))
    if "propensity/before" in results.series:
        yield FigureBlock(draw_score_overlap(results, synthetic=synthetic), next(figures))


def predictors_section(
    protocol: Protocol, results: Results, tables: Iterator[int], figures: Iterator[int]
) -> Iterator[Block]:
    """What goes with the pattern: table and forest."""
    asked = [(a.population, a.by) for a in protocol.analyses if a.kind == "predictors"]
    asked = [
        p for p in dict.fromkeys(asked) if results.find(analysis="predictors", population=p[0], outcome=p[1])
    ]
    if asked:
        yield Heading(Text("进展模式的影响因素", "Predictors of the pattern"), "predictors")
    for population, by in asked:
        found = results.find(analysis="predictors", population=population, outcome=by)
        if not any(e.variable for e in found):
            yield from withheld_notice(found)
            continue
        sentence = predictors_paragraph(results, population, by)
        if sentence is not None:
            yield sentence
        yield TableBlock(tabulate_predictors(results, population, by), next(tables))
        figure = draw_predictors(results, population, by, synthetic=protocol.study.synthetic)
        yield FigureBlock(figure, next(figures))

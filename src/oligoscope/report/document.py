"""The report of a study, section by section: which blocks, in which order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from oligoscope.figures.flow_chart import draw_flow_chart
from oligoscope.figures.reclassification import draw_reclassification
from oligoscope.figures.response_bars import draw_response_bars
from oligoscope.figures.spider_plot import draw_spider_plot
from oligoscope.figures.survival_curve import draw_survival_curve
from oligoscope.figures.swimmer import draw_swimmer
from oligoscope.figures.waterfall import draw_waterfall
from oligoscope.report.appendix import (
    IssueRows,
    issue_rows,
    tabulate_files,
    tabulate_inputs,
    tabulate_issue_counts,
    tabulate_issues,
    tabulate_settings,
    tabulate_withheld,
)
from oligoscope.report.blocks import Block, Document, FigureBlock, Heading, Notice, Paragraph, TableBlock
from oligoscope.report.cautions import DISCLAIMER, EXPLORATORY_P, cautions_for, cautions_for_one_group
from oligoscope.report.closing_sections import closing_sections
from oligoscope.report.comparison_sentences import follow_up_paragraph
from oligoscope.report.limitations import limitations_section
from oligoscope.report.management_section import management_section
from oligoscope.report.manuscript import (
    baseline_paragraph,
    flow_paragraph,
    response_paragraph,
    survival_paragraph,
    withheld_estimates,
)
from oligoscope.report.matching_sections import imputation_section, matching_section, predictors_section
from oligoscope.report.method_sentences import method_sentences
from oligoscope.report.published_section import published_section
from oligoscope.report.site_sections import organ_sets_section, sites_section, timing_section
from oligoscope.report.unbiased_sections import subgroups_section, unbiased_section, weighting_section
from oligoscope.results import Results
from oligoscope.study.protocol import Protocol
from oligoscope.study.vocabulary import Text, name_of
from oligoscope.tables.baseline_table import tabulate_baseline, tabulate_baseline_before_after
from oligoscope.tables.discordance_table import SERIES, tabulate_disagreements, tabulate_discordance
from oligoscope.tables.matched_notes import MATCHED
from oligoscope.tables.reclassification_table import tabulate_reclassification
from oligoscope.tables.response_table import responding_groups, tabulate_response_rate
from oligoscope.tables.survival_table import groups_of, outcomes_of, tabulate_survival

NOTHING: tuple[Mapping[str, Any], ...] = ()


def build_document(
    protocol: Protocol,
    results: Results,
    issues: IssueRows = NOTHING,
    run_info: Mapping[str, Any] | None = None,
) -> Document:
    """The whole report as a value.

    Args:
        protocol: The settings that ran.
        results: Every estimate and series; the only source of numbers.
        issues: Rows with the columns of issues.csv, or anything whose `frame()` has them.
        run_info: Facts of the run: version, python; `inputs`, checksum of each file read; `files`,
            names written beside the report; `failed_gates`, sentences (Text) of gates that failed.
    """
    run_info = run_info or {}
    tables, figures = count(1), count(1)
    blocks = (
        Notice("disclaimer", DISCLAIMER),
        *(Notice("gate", text) for text in run_info.get("failed_gates", ())),
        *_methods(protocol),
        *_flow(protocol, results, figures),
        *_baseline(protocol, results, tables),
        *imputation_section(protocol, results, tables, figures),
        *matching_section(protocol, results, tables, figures),
        *predictors_section(protocol, results, tables, figures),
        *sites_section(protocol, results, tables, figures),
        *timing_section(protocol, results, tables, figures),
        *_survival(protocol, results, tables, figures),
        *_responses(protocol, results, tables, figures),
        *_response_pictures(protocol, results, figures),
        *unbiased_section(protocol, results, tables, figures),
        *subgroups_section(protocol, results, figures),
        *weighting_section(results, tables),
        *organ_sets_section(protocol, results, figures),
        *_definitions(protocol, results, tables, figures),
        *_given_responses(results, tables),
        *management_section(results, tables),
        *published_section(protocol, results),
        *limitations_section(protocol, results),
        *_withheld(results),
        *_issues(issue_rows(issues)),
        *_run(protocol, run_info),
    )
    blocks = (*blocks, *closing_sections(blocks))
    title = Text(protocol.study.title.zh, protocol.study.title.en)
    opening, rest = _split(blocks)
    summary = Heading(Text("说明", "Before you read"), "about")
    return Document(title, (summary, *opening, *rest), protocol.study.synthetic)


def _split(blocks: Sequence[Block]) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    first = next(i for i, block in enumerate(blocks) if isinstance(block, Heading))
    return tuple(blocks[:first]), tuple(blocks[first:])


def _methods(protocol: Protocol) -> Iterator[Block]:
    yield Heading(Text("方法", "Methods"), "methods")
    for text in method_sentences(protocol):
        yield Paragraph(text)


def _flow(protocol: Protocol, results: Results, figures: Iterator[int]) -> Iterator[Block]:
    if results.get(analysis="flow", population="screened", statistic="n") is None:
        return
    yield Heading(Text("患者筛选", "Patients"), "patients")
    yield flow_paragraph(results)
    follow_up = follow_up_paragraph(results)
    if follow_up is not None:
        yield follow_up
    yield FigureBlock(draw_flow_chart(results, protocol), next(figures))


def _asked(protocol: Protocol, kind: str) -> list[tuple[str, str]]:
    """(population, by) of the analyses of one kind, each once, in the study file's order."""
    found = (a for a in protocol.analyses if a.kind == kind)
    return list(dict.fromkeys((":".join((a.population, *a.where.values())), a.by) for a in found))


def _baseline(protocol: Protocol, results: Results, tables: Iterator[int]) -> Iterator[Block]:
    asked = [
        pair
        for pair in _asked(protocol, "baseline")
        if results.find(analysis="baseline", population=pair[0], outcome=pair[1])
    ]
    if asked:
        yield Heading(Text("基线特征", "Baseline characteristics"), "baseline")
    for population, by in asked:
        sentence = baseline_paragraph(results, population, by)
        if sentence is not None:
            yield sentence
        matched = (MATCHED, by)
        if population == "progressed" and matched in asked:
            yield TableBlock(tabulate_baseline_before_after(results, population, MATCHED, by), next(tables))
        elif population != MATCHED or ("progressed", by) not in asked:
            yield TableBlock(tabulate_baseline(results, population, by), next(tables))


def _responses(
    protocol: Protocol, results: Results, tables: Iterator[int], figures: Iterator[int]
) -> Iterator[Block]:
    asked = _asked(protocol, "response_rate")
    asked = [(p, by) for p, by in asked if results.find(analysis="response_rate", population=p)]
    if asked:
        yield Heading(Text("疗效", "Response"), "response")
    for population, by in asked:
        table = tabulate_response_rate(results, population, by)
        groups = responding_groups(results, population, by)
        sentence = response_paragraph(results, population, groups)
        if sentence is not None:
            yield sentence
        yield TableBlock(table, next(tables))
        if len(groups) > 1:
            figure = draw_response_bars(results, population, by, synthetic=protocol.study.synthetic)
            yield FigureBlock(figure, next(figures))


def _survival(
    protocol: Protocol, results: Results, tables: Iterator[int], figures: Iterator[int]
) -> Iterator[Block]:
    asked = [pair for pair in _asked(protocol, "survival") if outcomes_of(results, *pair)]
    if asked:
        yield Heading(Text("生存结局", "Survival"), "survival")
    for population, by in asked:
        yield TableBlock(tabulate_survival(results, population, by), next(tables))
        is_compared = any(
            len(groups_of(results, population, by, o)) > 1 for o in outcomes_of(results, population, by)
        )
        if is_compared:
            yield Paragraph(EXPLORATORY_P)
        for outcome in outcomes_of(results, population, by):
            title = (
                _comparison_title(population, by, outcome)
                if is_compared
                else _title_of_one(population, outcome)
            )
            yield Heading(title, f"survival-{population}-{by}-{outcome}", 3)
            yield survival_paragraph(
                results, population, outcome, groups_of(results, population, by, outcome)
            )
            for caution in (
                cautions_for(population, by, outcome)
                if is_compared
                else cautions_for_one_group(population, outcome)
            ):
                yield Notice("caution", caution)
            figure = draw_survival_curve(results, population, by, outcome, synthetic=protocol.study.synthetic)
            yield FigureBlock(figure, next(figures))


def _comparison_title(population: str, by: str, outcome: str) -> Text:
    what, groups, people = name_of(outcome), name_of(by), name_of(population)
    return Text(
        f"{what.zh}（{people.zh}，按{groups.zh}）", f"{what.en} ({people.en.lower()}, by {groups.en.lower()})"
    )


def _title_of_one(population: str, outcome: str) -> Text:
    what, people = name_of(outcome), name_of(population)
    return Text(f"{what.zh}（{people.zh}）", f"{what.en} ({people.en.lower()})")


def _response_pictures(protocol: Protocol, results: Results, figures: Iterator[int]) -> Iterator[Block]:
    """Every patient's course, of all treated patients where there are any."""
    drawings = {"waterfall": draw_waterfall, "spider": draw_spider_plot, "swimmer": draw_swimmer}
    for name, draw in drawings.items():
        if f"{name}/treated" in results.series:
            yield FigureBlock(draw(results, "treated", synthetic=protocol.study.synthetic), next(figures))


def _definitions(
    protocol: Protocol, results: Results, tables: Iterator[int], figures: Iterator[int]
) -> Iterator[Block]:
    asked = [
        pair for pair in _asked(protocol, "reclassification") if results.find(analysis="reclassification")
    ]
    if asked:
        yield Heading(Text("各定义的比较", "Definitions side by side"), "definitions")
    chosen = {"pattern": protocol.progression.preset, "resistance": protocol.resistance.preset}
    for population, _ in asked:
        for outcome, preset in chosen.items():
            yield TableBlock(tabulate_reclassification(results, population, outcome, preset), next(tables))
            if results.find(
                analysis="reclassification", population=population, outcome=outcome, statistic="percent"
            ):
                synthetic = protocol.study.synthetic
                figure = draw_reclassification(results, population, outcome, preset, synthetic=synthetic)
                yield FigureBlock(figure, next(figures))


def _given_responses(results: Results, tables: Iterator[int]) -> Iterator[Block]:
    if not results.find(analysis="given_response"):
        return
    yield Heading(Text("原有评效与推导疗效", "Given and derived responses"), "given-responses")
    yield TableBlock(tabulate_discordance(results), next(tables))
    if SERIES in results.series and results.series[SERIES].height:
        yield TableBlock(tabulate_disagreements(results), is_folded=True)


def _withheld(results: Results) -> Iterator[Block]:
    estimates = withheld_estimates(results)
    if not estimates:
        return
    yield Heading(Text("未给出的结果", "What is withheld"), "withheld")
    yield Notice(
        "withheld",
        Text(
            "下列结果因数据不足或前提不成立而不给出，原因逐条列明。",
            "These numbers are not given, because the data do not support them; the reason stands beside each.",
        ),
    )
    yield TableBlock(tabulate_withheld(estimates))


def _issues(rows: list[dict[str, Any]]) -> Iterator[Block]:
    yield Heading(Text("数据问题", "Data issues"), "issues")
    if not rows:
        yield Paragraph(Text("未发现数据问题。", "No issue was found in the data."))
        return
    yield TableBlock(tabulate_issue_counts(rows))
    yield TableBlock(tabulate_issues(rows), is_folded=len(rows) > 20)


def _run(protocol: Protocol, run_info: Mapping[str, Any]) -> Iterator[Block]:
    yield Heading(Text("运行设置与文件", "Settings and files"), "run")
    yield TableBlock(tabulate_settings(protocol.model_dump(), run_info))
    if run_info.get("inputs"):
        yield TableBlock(tabulate_inputs(run_info["inputs"]))
    if run_info.get("files"):
        yield TableBlock(tabulate_files(run_info["files"]))

"""The report of a study, section by section: which blocks, in which order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from oligoscope.figures.flow_chart import draw_flow_chart
from oligoscope.figures.reclassification import draw_reclassification
from oligoscope.report.appendix import (
    IssueRows,
    issue_rows,
    tabulate_files,
    tabulate_inputs,
    tabulate_issue_counts,
    tabulate_issues,
    tabulate_settings,
)
from oligoscope.report.blocks import Block, Document, Heading, Notice, Numbering, Paragraph, TableBlock
from oligoscope.report.cautions import DISCLAIMER
from oligoscope.report.citations import with_citations
from oligoscope.report.closing_sections import closing_sections
from oligoscope.report.comparison_sentences import follow_up_paragraph
from oligoscope.report.course_sentences import definitions_paragraph
from oligoscope.report.limitations import limitations_section
from oligoscope.report.management_section import management_section
from oligoscope.report.manuscript import (
    baseline_paragraph,
    flow_paragraph,
)
from oligoscope.report.matching_sections import (
    imputation_section,
    matching_section,
    predictors_section,
    withheld_notice,
)
from oligoscope.report.method_sentences import method_sentences
from oligoscope.report.published_section import published_section
from oligoscope.report.response_sections import courses_section, response_section
from oligoscope.report.site_sections import organ_sets_section, sites_section, timing_section
from oligoscope.report.summary_section import summary_section
from oligoscope.report.survival_sections import survival_section
from oligoscope.report.unbiased_sections import subgroups_section, unbiased_section, weighting_section
from oligoscope.report.withheld_section import withheld_section
from oligoscope.results import Results
from oligoscope.study.protocol import Protocol
from oligoscope.study.vocabulary import Pattern, Text, name_of
from oligoscope.study.withheld import GATE, without_gate
from oligoscope.tables.baseline_table import tabulate_baseline, tabulate_baseline_before_after
from oligoscope.tables.discordance_table import SERIES, tabulate_disagreements, tabulate_discordance
from oligoscope.tables.matched_notes import MATCHED
from oligoscope.tables.reclassification_table import tabulate_reclassification

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
    results = _gate_said_once(results)
    numbers = Numbering()
    blocks = (
        Notice("disclaimer", DISCLAIMER),
        *(Notice("gate", text) for text in run_info.get("failed_gates", ())),
        *summary_section(results),
        *_methods(protocol, results),
        *_flow(protocol, results, numbers),
        *_baseline(protocol, results, numbers),
        *imputation_section(protocol, results, numbers),
        *matching_section(protocol, results, numbers),
        *predictors_section(protocol, results, numbers),
        *sites_section(protocol, results, numbers),
        *timing_section(protocol, results, numbers),
        *survival_section(protocol, results, numbers),
        *response_section(protocol, results, numbers),
        *unbiased_section(protocol, results, numbers),
        *subgroups_section(protocol, results, numbers),
        *weighting_section(results, numbers),
        *organ_sets_section(protocol, results, numbers),
        *courses_section(protocol, results, numbers),
        *_definitions(protocol, results, numbers),
        *_given_responses(results, numbers),
        *management_section(results, numbers),
        *published_section(protocol, results),
        *limitations_section(protocol, results),
        *withheld_section(results),
        *_issues(issue_rows(issues)),
        *_run(protocol, run_info),
    )
    blocks = with_citations(blocks)
    blocks = (*blocks, *closing_sections(blocks))
    title = Text(protocol.study.title.zh, protocol.study.title.en)
    opening, rest = _split(blocks)
    summary = Heading(Text("说明", "Before you read"), "about")
    return Document(title, (summary, *opening, *rest), protocol.study.synthetic)


def _gate_said_once(results: Results) -> Results:
    """Results whose numbers after matching do not each repeat the failed gate: sections, tables and figures say it."""
    own = tuple(
        e
        if e.analysis == "matching" or GATE not in e.warning
        else replace(e, warning=without_gate(e.warning))
        for e in results.estimates
    )
    return results if own == results.estimates else Results(own, results.series)


def _split(blocks: Sequence[Block]) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    first = next(i for i, block in enumerate(blocks) if isinstance(block, Heading))
    return tuple(blocks[:first]), tuple(blocks[first:])


def _methods(protocol: Protocol, results: Results) -> Iterator[Block]:
    yield Heading(Text("方法", "Methods"), "methods")
    for text in method_sentences(protocol, results):
        yield Paragraph(text)


def _flow(protocol: Protocol, results: Results, numbers: Numbering) -> Iterator[Block]:
    if results.get(analysis="flow", population="screened", statistic="n") is None:
        return
    yield Heading(Text("患者筛选", "Patients"), "patients")
    yield flow_paragraph(results)
    follow_up = follow_up_paragraph(results)
    if follow_up is not None:
        yield follow_up
    yield numbers.figure(draw_flow_chart(results, protocol))


def _baseline(protocol: Protocol, results: Results, numbers: Numbering) -> Iterator[Block]:
    asked = [
        pair
        for pair in protocol.asked("baseline")
        if any(e.group for e in results.find(analysis="baseline", population=pair[0], outcome=pair[1]))
    ]
    if asked:
        yield Heading(Text("基线特征", "Baseline characteristics"), "baseline")
    for population, by in asked:
        found = results.find(analysis="baseline", population=population, outcome=by)
        if all(e.value is None for e in found):
            yield from withheld_notice(found, name_of(population))
            continue
        sentence = baseline_paragraph(results, population, by)
        if sentence is not None:
            yield sentence
        if population == "progressed" and _has_baseline(results, MATCHED, by):
            yield numbers.table(tabulate_baseline_before_after(results, population, MATCHED, by))
        elif population != MATCHED or not _has_baseline(results, "progressed", by):
            yield numbers.table(tabulate_baseline(results, population, by))


def _has_baseline(results: Results, population: str, by: str) -> bool:
    found = results.find(analysis="baseline", population=population, outcome=by)
    return any(e.value is not None for e in found)


def _definitions(protocol: Protocol, results: Results, numbers: Numbering) -> Iterator[Block]:
    asked = [
        pair
        for pair in protocol.asked("reclassification")
        if any(e.group for e in results.find(analysis="reclassification", population=pair[0]))
    ]
    if asked:
        yield Heading(Text("各定义的比较", "Definitions side by side"), "definitions")
    chosen = {"pattern": protocol.progression.preset, "resistance": protocol.resistance.preset}
    for population, _ in asked:
        moved = definitions_paragraph(results, population, Pattern.OLIGO.value)
        if moved is not None:
            yield moved
        for outcome, preset in chosen.items():
            yield numbers.table(tabulate_reclassification(results, population, outcome, preset))
            if results.find(
                analysis="reclassification", population=population, outcome=outcome, statistic="percent"
            ):
                synthetic = protocol.study.synthetic
                figure = draw_reclassification(results, population, outcome, preset, synthetic=synthetic)
                yield numbers.figure(figure)


def _given_responses(results: Results, numbers: Numbering) -> Iterator[Block]:
    if not results.find(analysis="given_response"):
        return
    yield Heading(Text("原有评效与推导疗效", "Given and derived responses"), "given-responses")
    yield numbers.table(tabulate_discordance(results))
    if SERIES in results.series and results.series[SERIES].height:
        yield TableBlock(tabulate_disagreements(results), is_folded=True)


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

"""The report of a study, section by section: which blocks, in which order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from oligoscope.bilingual import Text
from oligoscope.printing.blocks import (
    Block,
    Document,
    Heading,
    Notice,
    Numbering,
    Paragraph,
    TableBlock,
)
from oligoscope.printing.cautions import DISCLAIMER
from oligoscope.printing.left_out import LeftOut
from oligoscope.questions.baseline.section import baseline_section
from oligoscope.questions.definitions.section import definitions_section
from oligoscope.questions.management.section import management_section
from oligoscope.questions.matching.section import matching_section
from oligoscope.questions.readers.section import given_responses_section
from oligoscope.questions.response.section import courses_section, response_section
from oligoscope.questions.subgroups.section import subgroups_section
from oligoscope.questions.survival.section import survival_section
from oligoscope.questions.weighting.section import weighting_section
from oligoscope.report.appendix import (
    IssueRows,
    issue_rows,
    tabulate_files,
    tabulate_inputs,
    tabulate_issue_counts,
    tabulate_issues,
    tabulate_settings,
)
from oligoscope.report.citations import with_citations
from oligoscope.report.closing_sections import closing_sections
from oligoscope.report.limitations import limitations_section
from oligoscope.report.matching_sections import imputation_section, predictors_section
from oligoscope.report.method_sentences import method_sentences
from oligoscope.report.patients_section import flow_section
from oligoscope.report.published.published_section import published_section
from oligoscope.report.site_sections import organ_sets_section, sites_section, timing_section
from oligoscope.report.summary_section import summary_section
from oligoscope.report.unbiased_sections import unbiased_section
from oligoscope.report.withheld_section import withheld_section
from oligoscope.results.analyses import MATCHING
from oligoscope.results.results import Results
from oligoscope.results.warnings import GATE, without_gate
from oligoscope.study.protocol import Protocol

NOTHING: tuple[Mapping[str, Any], ...] = ()
_NO_ISSUES_FILE = Text(
    "输出文件夹中没有可读的 issues.csv，此处无法列出数据问题。",
    "The output folder holds no issues.csv that can be read, so the issues in the data cannot be listed here.",
)


def build_document(
    protocol: Protocol,
    results: Results,
    issues: IssueRows | None = NOTHING,
    run_info: Mapping[str, Any] | None = None,
    left_out: LeftOut | None = None,
) -> Document:
    """The whole report as a value.

    Args:
        protocol: The settings that ran.
        results: Every estimate and series; the only source of numbers.
        issues: Rows with the columns of issues.csv, or anything whose `frame()` has them; None: they are not known.
        run_info: Facts of the run: version, python; `inputs`, checksum of each file read; `files`,
            names written beside the report; `failed_gates`, sentences (Text) of gates that failed.
        left_out: Takes the tables, figures and sections that fail; None lets them raise.
    """
    run_info = run_info or {}
    results = _gate_said_once(results)
    numbers = Numbering(left_out)
    blocks = tuple(_sections(protocol, results, issues, run_info, numbers))
    blocks = numbers.whole(_CITATIONS, blocks, with_citations)
    blocks = (
        *blocks,
        *numbers.section(_named("清单与缩略语", "Checklist and abbreviations"), closing_sections, blocks),
    )
    title = Text(protocol.study.title.zh, protocol.study.title.en)
    opening, rest = _split(blocks)
    about = (
        Heading(Text("说明", "Before you read"), "about"),
        Notice("disclaimer", DISCLAIMER),
        *(Notice("gate", text) for text in run_info.get("failed_gates", ())),
    )
    return Document(title, (*about, *opening, *rest), protocol.study.synthetic)


def _named(zh: str, en: str) -> Text:
    return Text(f"“{zh}”部分", f"the part “{en}”")


_CITATIONS = _named("正文中的图表编号", "Places of figures and tables in the text")


def _sections(
    protocol: Protocol,
    results: Results,
    issues: IssueRows | None,
    run_info: Mapping[str, Any],
    numbers: Numbering,
) -> Iterator[Block]:
    """Every section in its order; one that fails is named in its place."""
    p, r, n = protocol, results, numbers
    yield from n.section(_named("主要结果", "Key results"), summary_section, r)
    yield from n.section(_named("方法", "Methods"), _methods, p, r)
    yield from n.section(_named("患者筛选", "Patients"), flow_section, p, r, n)
    yield from n.section(_named("基线特征", "Baseline characteristics"), baseline_section, p, r, n)
    yield from n.section(_named("缺失值与插补", "Missing values and imputation"), imputation_section, p, r, n)
    yield from n.section(_named("倾向评分匹配", "Matching"), matching_section, p, r, n)
    yield from n.section(_named("影响因素", "Predictors"), predictors_section, p, r, n)
    yield from n.section(_named("进展部位", "Sites of progression"), sites_section, p, r, n)
    yield from n.section(_named("进展时间", "Time of progression"), timing_section, p, r, n)
    yield from n.section(_named("生存结局", "Survival"), survival_section, p, r, n)
    yield from n.section(_named("缓解率", "Response"), response_section, p, r, n)
    yield from n.section(_named("永恒时间偏倚", "Immortal time bias"), unbiased_section, p, r, n)
    yield from n.section(_named("亚组分析", "Subgroups"), subgroups_section, p, r, n)
    yield from n.section(_named("加权", "Weighting"), weighting_section, r, n)
    yield from n.section(_named("进展器官的组合", "Sets of organs"), organ_sets_section, p, r, n)
    yield from n.section(_named("每例患者的病程", "The course of every patient"), courses_section, p, r, n)
    yield from n.section(_named("各定义的比较", "Definitions side by side"), definitions_section, p, r, n)
    yield from n.section(_named("原有评效", "Given responses"), given_responses_section, r, n)
    yield from n.section(_named("处理观点", "Management"), management_section, r, n)
    yield from n.section(_named("与已发表结果的比较", "Published numbers"), published_section, p, r)
    yield from n.section(_named("局限性", "Limitations"), limitations_section, p, r)
    yield from n.section(_named("未给出的结果", "What is withheld"), withheld_section, r)
    yield from n.section(_named("数据问题", "Data issues"), _issues, issues)
    yield from n.section(_named("运行设置与文件", "Settings and files"), _run, p, run_info)


def _gate_said_once(results: Results) -> Results:
    """Results whose numbers after matching do not each repeat the failed gate: sections, tables and figures say it."""
    own = tuple(
        e if e.analysis == MATCHING or GATE not in e.warning else replace(e, warning=without_gate(e.warning))
        for e in results.estimates
    )
    return results if own == results.estimates else Results(own, results.series)


def _split(blocks: Sequence[Block]) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    first = next((i for i, block in enumerate(blocks) if isinstance(block, Heading)), len(blocks))
    return tuple(blocks[:first]), tuple(blocks[first:])


def _methods(protocol: Protocol, results: Results) -> Iterator[Block]:
    yield Heading(Text("方法", "Methods"), "methods")
    for text in method_sentences(protocol, results):
        yield Paragraph(text)


def _issues(issues: IssueRows | None) -> Iterator[Block]:
    yield Heading(Text("数据问题", "Data issues"), "issues")
    if issues is None:
        yield Notice("withheld", _NO_ISSUES_FILE)
        return
    rows = issue_rows(issues)
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

"""Checklists of reporting guidelines beside STROBE, filled with the places of this report; each where it applies.

The wording of the items is ours. TARGET (Cashin et al. 2025) is for studies that emulate a trial of interventions, so that it
is printed only where the groups that are compared are treatments.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from oligoscope.bilingual import Text, join_texts
from oligoscope.printing.blocks import Block, Depth, Heading, Paragraph, TableBlock
from oligoscope.printing.table import BLANK, Row, Table, left, row_of, words
from oligoscope.printing.team_notes import resistance_unknown
from oligoscope.report.target_trial import target_trial
from oligoscope.results.results import Results
from oligoscope.study.keys import in_sentence
from oligoscope.study.protocol import Protocol
from oligoscope.study.vocabulary import column_name, is_ours

AUTHORS = Text("须由作者填写", "For the authors to write")
COMPLETED = Text("其余由作者补充", "the rest is for the authors")
NO_RESULTS = Results()
NOT_APPLICABLE = Text("不适用：本研究未作此分析", "Not applicable: this study has no such analysis")
# Columns whose levels are treatments; those of the user's own may be.
TREATMENTS = ("line_regimen", "first_line_regimen", "local_after_progression", "beyond_progression")


class Asks(Enum):
    """Who answers an item, beside the chapters that it names."""

    REPORT = 0
    REPORT_AND_AUTHORS = 1  # the data answer a part of it only
    ONLY_WHERE_DONE = 2  # does not apply where none of the chapters is there


@dataclass(frozen=True, slots=True)
class Topic:
    """One item: what it asks, the chapters that answer it, and who answers the rest."""

    asks: Text
    chapters: tuple[str, ...] = ()
    by: Asks = Asks.REPORT


Sections = tuple[tuple[Text, tuple[Topic, ...]], ...]
_BOTH, _WHERE_DONE = Asks.REPORT_AND_AUTHORS, Asks.ONLY_WHERE_DONE

# The three aspects under which Yan and Peng 2019 put what journals ask of statistics.
STATISTICS: Sections = (
    (Text("研究设计", "Study design"), (
        Topic(Text("研究类型，前瞻性或回顾性", "Type of study, prospective or retrospective"), ("methods",), _BOTH),
        Topic(Text("研究对象的来源与入选、排除标准", "Source of the patients; inclusion and exclusion criteria"), ("methods", "patients"), _BOTH),
        Topic(Text("样本量及其依据", "Sample size and its basis"), ("patients",), _BOTH),
        Topic(Text("分组与结局的定义", "Definitions of groups and outcomes"), ("methods", "definitions")),
        Topic(Text("混杂的控制：匹配或加权及其均衡性", "Control of confounding: matching or weighting, and balance"), ("matching", "weighting"), _WHERE_DONE),
    )),
    (Text("统计分析", "Statistical analysis"), (
        Topic(Text("资料的描述方法", "How data are summarised"), ("baseline",), _WHERE_DONE),
        Topic(Text("各分析所用的统计方法及其前提", "The method of each analysis and what it assumes"), ("methods",)),
        Topic(Text("检验水准与单双侧", "Significance level; one- or two-sided tests"), ("methods",)),
        Topic(Text("缺失数据的处理", "Handling of missing data"), ("imputation",), _WHERE_DONE),
        Topic(Text("多因素模型的变量", "Variables of multivariable models"), ("predictors",), _WHERE_DONE),
        Topic(Text("多重比较", "Multiple comparisons"), ("survival", "limitations")),
        Topic(Text("亚组分析", "Subgroup analyses"), ("subgroups",), _WHERE_DONE),
        Topic(Text("敏感性分析", "Sensitivity analyses"), ("definitions", "unbiased", "weighting", "restricted_means"), _WHERE_DONE),
        Topic(Text("统计软件及其版本", "Software and version"), ("run",)),
    )),
    (Text("结果报告", "Reporting of results"), (
        Topic(Text("各阶段例数与随访", "Numbers at each stage, and follow-up"), ("patients",)),
        Topic(Text("基线特征", "Baseline characteristics"), ("baseline",), _WHERE_DONE),
        Topic(Text("缺失例数", "Numbers missing"), ("imputation", "baseline"), _WHERE_DONE),
        Topic(Text("效应估计值及其 95% 置信区间与确切的 P 值", "Effect estimates with 95% confidence intervals and exact P values"), ("primary", "survival", "unbiased", "response", "predictors")),
        Topic(Text("未给出的结果及原因", "Results that are not given, and why"), ("withheld",), _WHERE_DONE),
        Topic(Text("局限性与结果的解释", "Limitations, and interpretation of the results"), ("limitations",), _BOTH),
    )),
)  # fmt: skip
TARGET: Sections = (
    (Text("摘要", "Abstract"), (Topic(Text("说明为模拟目标试验的观察性研究", "The study named as an observational emulation of a target trial")),)),
    (Text("引言", "Introduction"), (
        Topic(Text("背景与因果问题", "Background and causal question")),
        Topic(Text("采用观察性数据模拟目标试验的理由", "Why a target trial is emulated with observational data")),
    )),
    (Text("方法", "Methods"), (
        Topic(Text("数据来源", "Data sources"), ("methods", "run"), _BOTH),
        Topic(Text("目标试验方案的各要素及其在数据中的对应", "Each component of the protocol of the target trial and how it was mapped to the data"), (), _BOTH),
        Topic(Text("入选标准", "Eligibility criteria"), ("methods", "patients")),
        Topic(Text("治疗策略", "Treatment strategies"), (), _BOTH),
        Topic(Text("分配，及为此校正的基线混杂因素", "Assignment, and the baseline confounders adjusted for"), ("matching", "weighting"), _BOTH),
        Topic(Text("时间零点与随访", "Time zero and follow-up"), ("methods", "patients"), _BOTH),
        Topic(Text("结局", "Outcomes"), ("methods",)),
        Topic(Text("因果对比与估计目标", "Causal contrasts and estimands"), ("weighting",), _BOTH),
        Topic(Text("识别假设", "Identifying assumptions"), ("limitations",), _BOTH),
        Topic(Text("数据分析计划", "Data analysis plan"), ("methods",)),
    )),
    (Text("结果", "Results"), (
        Topic(Text("参与者的选择", "Selection of participants"), ("patients",)),
        Topic(Text("基线资料", "Baseline data"), ("baseline",), _WHERE_DONE),
        Topic(Text("随访时间", "Length of follow-up"), ("patients",)),
        Topic(Text("缺失数据", "Missing data"), ("imputation", "baseline"), _WHERE_DONE),
        Topic(Text("结局事件", "Outcome events"), ("survival", "response")),
        Topic(Text("各因果对比的效应估计及其精度", "Effect estimates of each causal contrast, with precision"), ("survival", "weighting")),
        Topic(Text("对假设、设计与分析选择的敏感性", "Sensitivity to assumptions, design and analysis"), ("unbiased", "subgroups", "definitions", "restricted_means"), _WHERE_DONE),
    )),
    (Text("讨论", "Discussion"), (
        Topic(Text("结果的解释", "Interpretation"), (), _BOTH),
        Topic(Text("局限性", "Limitations"), ("limitations",), _BOTH),
    )),
    (Text("其他信息", "Other information"), (
        Topic(Text("伦理、注册与方案", "Ethics, registration and protocol")),
        Topic(Text("数据与代码的获取", "Availability of data and code"), ("run",), _BOTH),
        Topic(Text("资助与利益冲突", "Funding and conflicts of interest")),
    )),
)  # fmt: skip
_AFTER_YAN = Text(
    "依据：严若华与彭晓霞 2019。该文从研究设计、统计分析与结果报告三个方面归纳；条目为本软件的表述。",
    "After: Yan & Peng 2019. Its three aspects are study design, statistical analysis and reporting of results; the wording of the "
    "items is ours.",
)
_AFTER_CASHIN = Text(
    "依据：Cashin 等 2025（doi:10.1136/bmj-2025-087179；同时刊于 JAMA，doi:10.1001/jama.2025.13350）。该清单有 6 个部分、21 个条目；此处为其要点，条目为本软件的表述，投稿时请用原清单。",
    "After: Cashin et al. 2025 (doi:10.1136/bmj-2025-087179; and JAMA, doi:10.1001/jama.2025.13350). It has 21 items in 6 sections; these are its topics in our own words, and the original is "
    "to be used for submission.",
)
_TARGET_TITLE = Text(
    "TARGET 清单（模拟目标试验的观察性研究）",
    "TARGET checklist (observational studies emulating a target trial)",
)
_STATISTICS_TITLE = Text("医学期刊统计报告清单", "Checklist of statistical reporting for medical journals")


def checklist_sections(
    protocol: Protocol, places: Mapping[str, Text], results: Results = NO_RESULTS
) -> Iterator[Block]:
    """The Chinese journals' requirements, then TARGET or why it does not apply, and the primary comparison as a trial.

    Args:
        protocol: Which groups are compared.
        places: Of each chapter its name with its tables and figures.
        results: What was done.
    """
    yield Heading(_STATISTICS_TITLE, "statistics-checklist", depth=Depth.SUPPLEMENT)
    yield TableBlock(_tabulated("statistics_checklist", _STATISTICS_TITLE, STATISTICS, places, _AFTER_YAN))
    yield Heading(Text("TARGET 清单", "TARGET checklist"), "target", depth=Depth.SUPPLEMENT)
    treatments = compared_treatments(protocol)
    if treatments:
        yield TableBlock(_tabulated("target", _TARGET_TITLE, TARGET, places, _AFTER_CASHIN))
    yield Paragraph(_why(protocol, results, treatments))
    trial = target_trial(protocol, results)
    if trial is not None:
        yield TableBlock(trial)


def compared_treatments(protocol: Protocol) -> tuple[str, ...]:
    """The groupings of the study that are treatments, or may be: columns of the user's."""
    groupings = dict.fromkeys(a.by for a in protocol.analyses if a.by)
    return tuple(by for by in groupings if by in TREATMENTS or not is_ours(by))


def _why(protocol: Protocol, results: Results, treatments: tuple[str, ...]) -> Text:
    """Of which groupings TARGET is, or why it is of none."""
    if treatments:
        zh, en = _listed(treatments)
        return Text(
            f"TARGET 适用于按{zh}分组的比较，前提是各组为治疗或治疗策略；按进展模式与耐药类型的比较不是治疗的比较，不适用。",
            f"TARGET applies to the comparisons by {en}, where these groups are treatments or treatment strategies; comparisons by "
            "progression pattern and resistance type are not comparisons of treatments, and it does not apply to them.",
        )
    groupings = dict.fromkeys(a.by for a in protocol.analyses if a.by)
    unknown = {"resistance"} if resistance_unknown(results) else set()
    zh, en = _listed(tuple(by for by in groupings if by not in unknown))
    if not zh:
        return Text(
            "本研究没有组间比较，TARGET（Cashin 等 2025）不适用。",
            "This study compares no groups, so that TARGET (Cashin et al. 2025) does not apply.",
        )
    return Text(
        f"TARGET（Cashin 等 2025，doi:10.1136/bmj-2025-087179）用于以观察性数据模拟目标试验、比较治疗或治疗策略的研究。本研究的比较按{zh}分组；这些分组是患者或疾病进程的特征，"
        "不是治疗策略，故不适用。",
        "TARGET (Cashin et al. 2025, doi:10.1136/bmj-2025-087179) is for observational studies that emulate a target trial of treatments or treatment "
        f"strategies. The comparisons here are by {en}, groups that are features of patients or of the course of disease and no treatment strategies, so "
        "that it does not apply.",
    )


def _listed(columns: tuple[str, ...]) -> tuple[str, str]:
    names = [column_name(column) for column in columns]
    return "、".join(name.zh for name in names), " and ".join(in_sentence(name).en for name in names)


def _tabulated(name: str, title: Text, sections: Sections, places: Mapping[str, Text], source: Text) -> Table:
    rows = []
    for heading, topics in sections:
        rows.append(Row((words(heading), BLANK), is_heading=True))
        rows += [row_of(topic.asks, _where(topic, places)) for topic in topics]
    heads = left(Text("要求", "What it asks"), Text("本报告中的位置", "Where in this report"))
    return Table(name, title, heads, tuple(rows), (source,))


def _where(topic: Topic, places: Mapping[str, Text]) -> Text:
    here = [places[chapter] for chapter in topic.chapters if chapter in places]
    if not here:
        return NOT_APPLICABLE if topic.by is Asks.ONLY_WHERE_DONE else AUTHORS
    if topic.by is Asks.REPORT_AND_AUTHORS:
        here.append(COMPLETED)
    return join_texts(here, "；", "; ")

"""The end of a report: the STROBE checklist for cohort studies, filled with the places that chapters declare; other checklists; abbreviations.

The 22 items are those of von Elm et al. 2007 (version 4), in our own short words. What a report made from
data cannot hold (background, funding) is left to the authors, and said so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from oligoscope.bilingual import Text, join_texts
from oligoscope.printing.blocks import (
    Block,
    Depth,
    FigureBlock,
    Heading,
    Notice,
    Paragraph,
    TableBlock,
    sections_of,
)
from oligoscope.printing.document_parts import Chapter
from oligoscope.printing.table import Table, left, row_of, same
from oligoscope.report.checklists import AUTHORS, COMPLETED, checklist_sections
from oligoscope.report.citations import ShownNumbers, printed_numbers, shown_numbers
from oligoscope.report.labels import FIGURE, TABLE
from oligoscope.report.placing import SUPPLEMENTED
from oligoscope.results.results import Results
from oligoscope.study.dictionary.levels import RESPONSES
from oligoscope.study.protocol import Protocol


def closing_sections(
    blocks: Sequence[Block], chapters: Sequence[Chapter], protocol: Protocol, results: Results
) -> Iterator[Block]:
    """What can be written only when everything before it is known."""
    strobe = tabulate_strobe(blocks, chapters)
    yield Heading(Text("STROBE 清单", "STROBE checklist"), "strobe", depth=Depth.SUPPLEMENT)
    yield TableBlock(strobe)
    others = tuple(checklist_sections(protocol, _places(blocks), results))
    yield from others
    abbreviations = tabulate_abbreviations((*blocks, TableBlock(strobe), *others))
    if abbreviations is not None:
        yield Heading(Text("缩略语", "Abbreviations"), "abbreviations", depth=Depth.SUPPLEMENT)
        yield TableBlock(abbreviations)


@dataclass(frozen=True, slots=True)
class Item:
    """One item: its number and what it asks; chapters of the document name the items they answer."""

    number: int
    asks: Text
    also_authors: bool = False  # the data answer a part of it only


ITEMS = (
    Item(1, Text("标题与摘要：注明研究设计", "Title and abstract: the design named")),
    Item(2, Text("背景与理由", "Background and rationale")),
    Item(3, Text("研究目的与预设假设", "Objectives, hypotheses set beforehand"), also_authors=True),
    Item(4, Text("研究设计", "Study design")),
    Item(5, Text("场所、地点与日期", "Setting, locations and dates"), also_authors=True),
    Item(6, Text("参与者：纳入标准与随访；匹配标准", "Participants: eligibility, follow-up; matching criteria")),
    Item(7, Text("结局、暴露与混杂因素的定义", "Outcomes, exposures and confounders defined")),
    Item(8, Text("数据来源与测量方法", "Data sources and measurement"), also_authors=True),
    Item(9, Text("处理偏倚的措施", "Efforts to address bias")),
    Item(10, Text("样本量的来由", "How the study size was arrived at"), also_authors=True),
    Item(11, Text("定量变量的处理与分组", "Quantitative variables and their groupings")),
    Item(12, Text("统计方法：混杂、亚组、缺失、失访、敏感性分析", "Statistical methods: confounding, subgroups, missing data, loss to follow-up, sensitivity")),
    Item(13, Text("各阶段人数、未参与原因与流程图", "Numbers at each stage, reasons, flow diagram")),
    Item(14, Text("参与者特征、缺失数与随访时间", "Characteristics, missing data, follow-up time")),
    Item(15, Text("结局事件数", "Numbers of outcome events")),
    Item(16, Text("未校正与校正的估计及其精度", "Unadjusted and adjusted estimates with their precision")),
    Item(17, Text("其他分析：亚组、交互与敏感性", "Other analyses: subgroups, interactions, sensitivity")),
    Item(18, Text("主要结果概述", "Key results"), also_authors=True),
    Item(19, Text("局限性", "Limitations")),
    Item(20, Text("谨慎的总体解释", "Cautious overall interpretation"), also_authors=True),
    Item(21, Text("结果的外推性", "Generalisability"), also_authors=True),
    Item(22, Text("资助来源", "Funding")),
)  # fmt: skip


def tabulate_strobe(blocks: Iterable[Block], chapters: Sequence[Chapter]) -> Table:
    """The checklist, each item with the chapters, tables and figures of these blocks that answer it."""
    places = _places(blocks)
    return Table(
        "strobe",
        Text("STROBE 清单（队列研究）", "STROBE checklist (cohort studies)"),
        left(
            Text("条目", "Item"),
            Text("要求", "What it asks"),
            Text("本报告中的位置", "Where in this report"),
        ),
        tuple(row_of(same(str(i.number)), i.asks, _where(i, places, chapters)) for i in ITEMS),
        (
            Text(
                "依据：STROBE 声明（von Elm 等 2007）。", "After: the STROBE statement (von Elm et al. 2007)."
            ),
        ),
    )


def _places(blocks: Iterable[Block]) -> dict[str, Text]:
    """Chapter to its name with the tables and figures in it, those in the supplement too."""
    found: dict[str, tuple[Text, list[Block]]] = {}
    for head, inside in sections_of(blocks):
        found.setdefault(head.id.removesuffix(SUPPLEMENTED), (head.text, []))[1].extend(inside)
    return {chapter: _with(name, shown_numbers(inside)) for chapter, (name, inside) in found.items()}


def _with(name: Text, shown: ShownNumbers) -> Text:
    kinds = ((TABLE, shown.tables), (FIGURE, shown.figures))
    printed = printed_numbers((word, letter, n) for word, found in kinds for letter, n in found.items())
    return name if printed is None else Text(f"{name.zh}（{printed.zh}）", f"{name.en} ({printed.en})")


def _where(item: Item, places: dict[str, Text], chapters: Sequence[Chapter]) -> Text:
    answer = [c for c in chapters if item.number in c.strobe]
    answer += [c for c in chapters if item.number in c.strobe_also]
    here = [places[chapter.id] for chapter in answer if chapter.id in places]
    if not here:
        return AUTHORS
    if item.also_authors:
        here.append(COMPLETED)
    return join_texts(here, "；", "; ")


NAMES: dict[str, Text] = {
    **{level.word: level.full for level in RESPONSES if level.full is not None},
    "AIPW": Text("增广逆概率加权", "augmented inverse probability weighting"),
    "ATE": Text("平均处理效应（此处：加权到全部患者）", "average treatment effect (here: weighted to all patients)"),
    "ATT": Text("处理组平均处理效应（此处：加权到第一组）", "average effect in the treated (here: weighted to the first group)"),
    "CI": Text("置信区间", "confidence interval"),
    "CT": Text("计算机断层成像", "computed tomography"),
    "DCR": Text("疾病控制率", "disease control rate"),
    "DOR": Text("缓解持续时间", "duration of response"),
    "ECOG": Text("美国东部肿瘤协作组", "Eastern Cooperative Oncology Group"),
    "FMI": Text("缺失信息比例", "fraction of missing information"),
    "HR": Text("风险比", "hazard ratio"),
    "ICI": Text("免疫检查点抑制剂", "immune checkpoint inhibitor"),
    "IPTW": Text("逆概率加权", "inverse probability of treatment weighting"),
    "NR": Text("未达到", "not reached"),
    "NSCLC": Text("非小细胞肺癌", "non-small cell lung cancer"),
    "OR": Text("比值比", "odds ratio"),
    "ORR": Text("客观缓解率", "objective response rate"),
    "OS": Text("总生存期", "overall survival"),
    "PD-L1": Text("程序性死亡受体配体 1", "programmed death ligand 1"),
    "PFS2": Text("后线无进展生存期（自该线治疗开始）", "progression-free survival on the later line, from its start"),
    "PFS": Text("无进展生存期", "progression-free survival"),
    "PPS": Text("进展后生存期", "post-progression survival"),
    "PSM": Text("倾向评分匹配", "propensity score matching"),
    "RECIST": Text("实体瘤疗效评价标准", "Response Evaluation Criteria in Solid Tumours"),
    "RMST": Text("限制性平均生存时间", "restricted mean survival time"),
    "sHR": Text("亚分布风险比", "subdistribution hazard ratio"),
    "SMD": Text("标准化均数差", "standardised mean difference"),
    "STROBE": Text("加强观察性流行病学研究报告规范", "Strengthening the Reporting of Observational Studies in Epidemiology"),
    "TARGET": Text("模拟目标试验的观察性研究透明报告规范", "Transparent Reporting of Observational Studies Emulating a Target Trial"),
    "κ": Text("Cohen 一致性系数", "Cohen's coefficient of agreement"),
    "TPS": Text("肿瘤细胞阳性比例分数", "tumour proportion score"),
}  # fmt: skip
_WORD = re.compile(
    r"(?<![A-Za-z-])(" + "|".join(sorted(NAMES, key=len, reverse=True)) + r")(?![A-Za-z]|-[A-Za-z])"
)


def tabulate_abbreviations(blocks: Iterable[Block]) -> Table | None:
    """Only the abbreviations that these blocks use, in either language; None where none is used."""
    used = {name for text in _texts(blocks) for part in (text.zh, text.en) for name in _WORD.findall(part)}
    if not used:
        return None
    return Table(
        "abbreviations",
        Text("缩略语", "Abbreviations"),
        left(Text("缩略语", "Abbreviation"), Text("全称", "Full name")),
        tuple(row_of(same(name), NAMES[name]) for name in sorted(used)),
    )


def _texts(blocks: Iterable[Block]) -> Iterator[Text]:
    for block in blocks:
        match block:
            case Heading(text=text) | Paragraph(text=text) | Notice(text=text):
                yield text
            case TableBlock(table=table):
                yield from (table.title, *table.notes, *(c.text for c in table.columns))
                yield from (cell.text for row in table.rows for cell in row.cells)
            case FigureBlock(figure=figure):
                yield from (figure.title, figure.caption)

"""The abbreviations that a report uses, with their full names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from oligoscope.bilingual import Text
from oligoscope.printing.blocks import Block, FigureBlock, Heading, Notice, Paragraph, TableBlock
from oligoscope.printing.table import Table, left, row_of, same
from oligoscope.study.dictionary.levels import RESPONSES

NAMES: dict[str, Text] = {
    **{level.word: level.full for level in RESPONSES if level.full is not None},
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

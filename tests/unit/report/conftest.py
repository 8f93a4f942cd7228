"""A small document with one block of every kind, for the writers of Word and Excel."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from matplotlib.figure import Figure as Drawing

from oligoscope.bilingual import Language, Text
from oligoscope.drawing.figure import Figure
from oligoscope.printing.blocks import Document, FigureBlock, Heading, Notice, Paragraph, TableBlock
from oligoscope.printing.table import BLANK, Cell, Header, Row, Table, same, words
from oligoscope.results.analyses import Analysis
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic

MADE = Analysis("made", "虚构", "Made up")
KEYS: dict[str, Any] = {"analysis": MADE, "population": "progressed"}
ESTIMATES = (
    Estimate(**KEYS, group="oligo", variable="sex", level="male", statistic=Statistic.N, value=1163, n=2000),
    Estimate(**KEYS, group="oligo", variable="sex", level="male", statistic=Statistic.PERCENT, value=58.15),
    Estimate(**KEYS, variable="sex", statistic=Statistic.P_VALUE, value=0.0004321),
    Estimate(**KEYS, variable="sex", statistic=Statistic.SMD, value=-0.22675),
    Estimate(**KEYS, variable="rate", statistic=Statistic.SURVIVAL, value=0.4567, low=0.4, high=0.5),
    Estimate(**KEYS, statistic=Statistic.KAPPA, value=0.4567),
)
N, PERCENT, P, SMD, RATE, ALONE = (e.key for e in ESTIMATES)


def small_table() -> Table:
    """Words, a count with its share, P with a footnote, plain numbers, one of them a percentage."""
    return Table(
        "small",
        Text("按 *P* 排列的特征 [例(%)]", "Characteristics by *P* [n (%)]"),
        (
            Header(Text("特征", "Characteristic"), align="start"),
            Header(Text("寡进展", "Oligoprogression"), same("(n=2000)")),
            Header(same("*P*")),
            Header(same("SMD")),
        ),
        (
            Row((words(Text("性别", "Sex")), BLANK, BLANK, BLANK), is_heading=True),
            Row((words(Text("男", "Male")), Cell(Text("1163(58.2)", "1163 (58.2)"), N, (PERCENT,)),
                 Cell(same("<0.001"), P, mark="a"), Cell(same("−0.227"), SMD, mark="b")), indent=1),
            Row((words(same("=1+1")), words(same("12")), words(same("007")), Cell(same("45.7"), ALONE))),
            Row((words(same("http://x")), Cell(same("46 (40 to 50)"), RATE), BLANK, words(same("*P*")))),
        ),
        (Text("a：χ² 检验。", "a: chi-square test."), Text("SMD：标准化均数差。", "SMD: standardised mean difference.")),
    )  # fmt: skip


def wide_table() -> Table:
    """Too wide for an upright page at any size of its letters."""
    columns = tuple(Header(Text(f"第 {i} 列", f"Column {i}")) for i in range(16))
    cell = Cell(Text("12.3(11.0~14.5)", "12.3 (11.0 to 14.5)"))
    return Table(
        "wide", Text("宽表", "A wide table"), columns, (Row((words(Text("名", "Name")), *[cell] * 15)),)
    )


def long_table() -> Table:
    """More rows than a Word file prints of a list."""
    rows = tuple(Row((words(same(f"row {i}")), words(same(str(i))))) for i in range(100))
    columns = (Header(Text("行", "Row"), align="start"), Header(Text("数", "Number")))
    return Table("long", Text("长表", "A long list"), columns, rows)


def small_figure(width_mm: float = 90.0, height_mm: float = 60.0) -> Figure:
    def paint(_language: Language) -> Drawing:
        drawing = Drawing(figsize=(width_mm / 25.4, height_mm / 25.4))
        drawing.add_axes((0.1, 0.1, 0.8, 0.8)).plot([0, 1], [1, 0])
        return drawing

    return Figure(
        f"line_{width_mm:.0f}", Text("一条线", "A line"), Text("线：下降。", "The line falls."),
        Text("线从 1 降到 0（*P*）。", "The line falls from 1 to 0 (*P*)."), pl.DataFrame({"x": [0, 1]}), paint,
        width_mm=width_mm,
    )  # fmt: skip


@pytest.fixture
def small_results() -> Results:
    return Results(ESTIMATES)


@pytest.fixture
def small_document() -> Document:
    blocks = (
        Heading(Text("说明", "Before you read"), "about"),
        Notice("disclaimer", Text("本报告由软件生成。", "Made by software.")),
        Notice("gate", Text("SMD 超过限值。", "An SMD is above its limit.")),
        Heading(Text("结果", "Results"), "results"),
        Paragraph(Text("差异无统计学意义（*P*=0.432）。", "They did not differ (*P*=0.432).")),
        TableBlock(small_table(), 1),
        FigureBlock(small_figure(), 1),
        Notice("caution", Text("谨慎解读。", "Read with care.")),
        Heading(Text("宽表一节", "Wide"), "wide", 3),
        TableBlock(wide_table(), 2),
        Paragraph(Text("宽表之后的一句。", "A sentence after the wide table.")),
        FigureBlock(small_figure(190.0, 400.0), 2),
        Heading(Text("附录", "Appendix"), "appendix"),
        Notice("withheld", Text("未给出的结果。", "What is not given.")),
        TableBlock(long_table(), is_folded=True),
    )
    return Document(Text("合成研究", "A synthetic study"), blocks, synthetic=True)

"""The text names the figures and tables that show what it says."""

from __future__ import annotations

from dataclasses import replace

from oligoscope.bilingual import Text
from oligoscope.printing.blocks import Depth, FigureBlock, Heading, Notice, Paragraph, TableBlock
from oligoscope.report.citations import tables_by_number, with_citations
from unit.report.conftest import small_figure, small_table

KEYS = (("survival", "progressed", "os", "", "", "", "median"),)


def said(*blocks) -> list[Text]:
    return [b.text for b in with_citations(blocks) if isinstance(b, Paragraph)]


def test_the_first_result_under_a_heading_names_what_is_under_it():
    found = said(
        Heading(Text("甲", "A"), "a"),
        Paragraph(Text("说明。", "An explanation.")),
        Paragraph(Text("中位 9.5 个月。其余。", "Median was 9.5 months (95% CI 8.0 to NR). The rest."), KEYS),
        FigureBlock(small_figure(), 5),
        TableBlock(small_table(), 7),
        TableBlock(small_table(), 8),
        TableBlock(small_table()),
        Heading(Text("乙", "B"), "b", 3),
        Paragraph(Text("无图。", "Nothing here."), KEYS),
    )

    assert found == [
        Text("说明。", "An explanation."),
        Text(
            "中位 9.5 个月，见图5，表7~8。其余。",
            "Median was 9.5 months (95% CI 8.0 to NR; Fig. 5; Tables 7–8). The rest.",
        ),
        Text("无图。", "Nothing here."),
    ]


def test_the_supplement_is_named_with_its_letter():
    (found,) = said(
        Paragraph(Text("均衡。", "Balanced."), KEYS),
        FigureBlock(small_figure(), 1, Depth.SUPPLEMENT),
        FigureBlock(small_figure(), 2, Depth.SUPPLEMENT),
    )

    assert found == Text("均衡，见图S1~S2。", "Balanced (Figs. S1–S2).")


def test_a_table_that_a_text_calls_by_its_name_is_called_by_its_number():
    advice = Notice("gate", Text("见补充材料的均衡性表。", "See the table of balance (supplement)."))
    balance = TableBlock(replace(small_table(), id="balance"), 2, depth=Depth.SUPPLEMENT)

    named, _ = tables_by_number([advice, balance])
    unprinted = tables_by_number([advice])

    assert named == Notice("gate", Text("见补充材料的表S2。", "See Table S2 (supplement)."))
    assert unprinted == (advice,)

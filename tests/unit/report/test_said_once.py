"""A caution stands in full once in each part of the report and is named by its number after that."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from oligoscope.bilingual import LANGUAGES, Text
from oligoscope.printing.blocks import Depth, Document, Heading, Notice, Paragraph, TableBlock
from oligoscope.printing.cautions import IMMORTAL_TIME
from oligoscope.report.document import build_document
from oligoscope.report.html.html import write_html
from oligoscope.report.labels import COLON, notice_name
from oligoscope.report.said_once import cautions_by_number, said_once
from oligoscope.results.warnings import WarningCode
from unit.report.conftest import small_table

A, B = Text("甲。", "A."), Text("乙。", "B.")


def caution(text: Text, number: str | None = None) -> Notice:
    return Notice("caution", text, number)


def again(zh: str, en: str) -> Notice:
    return Notice("reference", Text(zh, en))


def test_in_full_once_in_each_part_then_by_its_number():
    paper, supplement = (Heading(Text("", ""), d.name, depth=d) for d in (Depth.PAPER, Depth.SUPPLEMENT))
    end = Paragraph(Text("完", "End"))

    found = said_once([
        caution(A), paper, caution(B), caution(A), end, caution(B), caution(A), end, supplement, caution(B), caution(B),
    ])  # fmt: skip

    assert found == (
        caution(A, "A1"), paper, caution(B, "1"), caution(A, "2"), end,
        again("注意事项 1、2 在此同样适用。", "Cautions 1 and 2 apply here too."), end, supplement, caution(B, "S1"),
        again("注意事项 S1 在此同样适用。", "Caution S1 applies here too."),
    )  # fmt: skip


def test_how_a_ratio_and_a_balance_were_judged_is_said_by_the_first_note_of_each_part():
    changes, missed = (
        WarningCode.NON_PROPORTIONAL.text,
        Text(
            "匹配后均衡性未达标（性别的 |SMD| 为 0.2，限值 0.1）",
            "balance was not achieved (|SMD| 0.2 for sex, limit 0.1)",
        ),
    )
    note = Text(
        f"A：{changes.zh}。B：{missed.zh}；{changes.zh}。", f"A: {changes.en}. B: {missed.en}; {changes.en}."
    )
    first = Text(
        f"A：{changes.zh}。B：{missed.zh}；风险比随时间改变。",
        f"A: {changes.en}. B: {missed.en}; the hazard ratio changes with time.",
    )
    later = Text(
        "A：风险比随时间改变。B：匹配后均衡性未达标；风险比随时间改变。",
        "A: the hazard ratio changes with time. B: balance was not achieved; the hazard ratio changes with time.",
    )
    table = TableBlock(replace(small_table(), notes=(note,)), 1)
    parts = [
        block
        for d in (Depth.PAPER, Depth.SUPPLEMENT)
        for block in (Heading(Text("", ""), d.name, depth=d), table, table)
    ]

    found = [b.table.notes for b in cautions_by_number(parts) if isinstance(b, TableBlock)]

    assert found == [(first,), (later,), (first,), (later,)]


def test_notes_and_legends_name_a_caution_by_its_number():
    short = WarningCode.GROUP_KNOWN_ONLY_AT_PROGRESSION.text
    note = Text(f"a：解读时注意：{short.zh}。", f"a: interpret with caution: {short.en}.")
    table = TableBlock(replace(small_table(), notes=(note,)), 1)
    heading = Heading(Text("", ""), "paper", depth=Depth.PAPER)

    *_, alone = cautions_by_number([heading, table])
    *_, named = cautions_by_number([heading, Notice("caution", IMMORTAL_TIME, "3"), table])

    assert alone == table
    assert isinstance(named, TableBlock)
    assert named.table.notes == (
        Text(
            "a：解读时注意：永恒时间偏倚，见注意事项 3。",
            "a: interpret with caution: immortal time bias, see Caution 3.",
        ),
    )


@pytest.fixture(scope="module")
def document(compared_results, made_protocol) -> Document:
    return build_document(made_protocol, compared_results)


def test_each_part_says_a_caution_once_and_numbers_them_as_they_come(document):
    for depth in document.depths():
        cautions = [b for b in document.part(depth).blocks if isinstance(b, Notice) and b.kind == "caution"]
        assert [text for text, n in Counter(b.text for b in cautions).items() if n > 1] == []
        assert [one.number for one in cautions] == [
            f"{depth.letter}{i}" for i, _ in enumerate(cautions, start=1)
        ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_caution_is_printed_with_its_number(document, language):
    part = document.part(Depth.ANSWER)
    page = write_html(part, language)
    first = next(b for b in part.blocks if isinstance(b, Notice) and b.kind == "caution")

    assert notice_name(first, language) == {"zh": "注意事项 A1", "en": "Caution A1"}[language]
    assert f"<p><strong>{notice_name(first, language)}{COLON[language]}</strong>" in page

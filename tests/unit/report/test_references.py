"""Sources have a number where a part of the report names them first, and the list is at its end."""

from __future__ import annotations

import re

from oligoscope.bilingual import Text
from oligoscope.printing.blocks import Depth, Heading, Paragraph, TableBlock
from oligoscope.printing.table import Cell, Header, Row, Table, same, words
from oligoscope.report.references import with_references
from oligoscope.study.dictionary.definitions import PROGRESSION_DEFINITIONS, RESISTANCE_DEFINITIONS
from oligoscope.study.dictionary.sources import SOURCES


def heading(depth: Depth) -> Heading:
    return Heading(same("Part"), f"part-{depth}", depth=depth)


def said(zh: str, en: str) -> Paragraph:
    return Paragraph(Text(zh, en))


def test_sources_are_numbered_as_they_come_and_listed_once():
    cell = Cell(Text("≤2 个部位（Chai 2021）", "≤2 sites (Chai 2021)"))
    table = TableBlock(
        Table(
            "t",
            same("T"),
            (Header(same("A")), Header(same("B"))),
            (Row((words(same("x")), cell)),),
            (Text("按 Huang 2025。", "After Huang 2025."),),
        )
    )
    blocks = with_references(
        (
            heading(Depth.ANSWER), said("（Huang 2025）", "(Huang 2025)"),
            heading(Depth.PAPER), said("（Eekhout 2017）；（Huang 等 2025）", "(Eekhout 2017); (Huang et al. 2025)"), table,
            heading(Depth.SUPPLEMENT), said("（Chai 2021）", "(Chai 2021)"), said("SCORE", "SCORE"),
        )
    )  # fmt: skip
    texts = [b.text for b in blocks if isinstance(b, Paragraph)]
    (shown,) = (b.table for b in blocks if isinstance(b, TableBlock))

    of_answer, line, *texts = texts
    assert of_answer == Text("（Huang 2025）", "(Huang 2025)")  # the answer has two pages and no list
    assert line == Text(
        "出处：Huang 2025，肿瘤药学 2025;15(5):618-629。",
        "Sources: Huang 2025, Anti-tumor Pharmacy 2025;15(5):618-629.",
    )
    assert texts[0] == Text(
        "（Eekhout 2017[1]）；（Huang 等 2025[2]）", "(Eekhout 2017[1]); (Huang et al. 2025[2])"
    )
    assert shown.rows[0].cells[1].text == Text("≤2 个部位（Chai 2021[3]）", "≤2 sites (Chai 2021[3])")
    assert shown.notes[0].en == "After Huang 2025."  # named before
    assert [b.text.en for b in blocks if isinstance(b, Heading)] == [
        "Part",
        "Part",
        "References",
        "Part",
        "References",
    ]
    listed = [t.en[:12] for t in texts if re.match(r"\d+\. ", t.en)]
    assert listed == ["1. Eekhout I", "2. Huang J, ", "3. Chai R, Y", "1. Chai R, Y"]
    assert [t.zh[:4] for t in texts if t.zh.startswith("[")] == ["[1] ", "[2] ", "[3] ", "[1] "]


def test_without_a_source_nothing_changes():
    blocks = (heading(Depth.PAPER), said("无", "None"))

    assert with_references(blocks) == blocks


def test_every_source_of_a_definition_that_names_a_year_has_an_entry():
    names = [name for source in SOURCES for name in source.names]
    definitions = (*PROGRESSION_DEFINITIONS.values(), *RESISTANCE_DEFINITIONS.values())
    cited = [
        m
        for d in definitions
        for m in re.findall(r"[A-Z][A-Za-z-]+ (?:19|20)\d\d", f"{d.printed.en} {d.methods.en}")
    ]

    assert cited
    assert [name for name in cited if name not in names] == []


def test_entries_follow_their_standards():
    for source in SOURCES:
        assert re.search(r"\[(J|C|R|DB/OL)\]", source.entry.zh), source.entry
        assert source.entry.zh.endswith(".")
        assert source.entry.en.endswith(".")
        assert "[J]" not in source.entry.en

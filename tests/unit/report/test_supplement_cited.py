"""Every numbered table and figure of the supplement is named in the paper, once."""

from __future__ import annotations

import re

import pytest

from oligoscope.bilingual import LANGUAGES, Text
from oligoscope.printing.blocks import Block, Depth, FigureBlock, Heading, Paragraph, TableBlock
from oligoscope.printing.table import Header, Row, Table, same, words
from oligoscope.report.document import LIMITATIONS, build_document
from oligoscope.report.placing import SUPPLEMENTED
from oligoscope.report.supplement_cited import with_supplement_cited
from unit.stored_results import stored


def table(number: int | None, depth: Depth = Depth.SUPPLEMENT) -> TableBlock:
    return TableBlock(
        Table("t", same("T"), (Header(same("H")),), (Row((words(same("1")),)),)), number, depth=depth
    )


def head(name: str, depth: Depth = Depth.PAPER, title: str = "Survival by type") -> Heading:
    return Heading(Text("标题", title), name, depth=depth)


def behind(name: str) -> Heading:
    return head(name + SUPPLEMENTED, Depth.SUPPLEMENT)


SAID = Paragraph(Text("生存更长。", "It was longer."))
ALONE = head("alone", Depth.SUPPLEMENT, "Survival with weights")


def paragraphs(*blocks: Block) -> list[str]:
    return [b.text.en for b in with_supplement_cited(blocks) if isinstance(b, Paragraph)]


def test_a_section_names_what_is_behind_it_at_the_end_of_its_last_sentence():
    found = with_supplement_cited(
        [head("a"), SAID, SAID, table(1, Depth.PAPER), behind("a"), table(3), table(4)]
    )

    assert [b.text for b in found if isinstance(b, Paragraph)] == [
        SAID.text,
        Text("生存更长。另见补充材料表S3~S4。", "It was longer. See also supplement, Tables S3–S4."),
    ]
    assert [type(b) for b in found] == [
        Heading,
        Paragraph,
        Paragraph,
        TableBlock,
        Heading,
        TableBlock,
        TableBlock,
    ]


def test_a_section_without_words_has_a_sentence_of_its_own():
    assert paragraphs(head("a"), table(1, Depth.PAPER), behind("a"), table(2)) == [
        "See also supplement, Table S2."
    ]


@pytest.mark.parametrize("said", ["Table S3", "Tables S1, S3", "Tables S2–S4", "Figs. S1–S2; Tables S1–S3"])
def test_what_a_sentence_names_already_is_not_named_again(said):
    method = Paragraph(same(f"Results: supplement, {said}."))

    assert paragraphs(head("methods"), method, head("a"), SAID, behind("a"), table(3)) == [
        method.text.en,
        SAID.text.en,
    ]


def test_a_figure_of_the_same_number_is_another_thing():
    assert (
        "Table S3" in paragraphs(head("a"), Paragraph(same("As seen (Fig. S3).")), behind("a"), table(3))[0]
    )


def test_chapters_of_the_supplement_alone_are_named_before_the_limitations():
    limits = head(LIMITATIONS.id)

    assert paragraphs(head("a"), SAID, limits, SAID, ALONE, table(5)) == [
        SAID.text.en,
        "The supplement also holds survival with weights (Table S5).",
        SAID.text.en,
    ]


@pytest.mark.parametrize(
    "blocks",
    [
        (),
        (SAID,),
        (head("a"), SAID),
        (head("a"), SAID, behind("a"), SAID, table(None)),  # of an appendix
        (ALONE, table(5)),  # there is no paper
    ],
)
def test_where_there_is_nothing_to_name_nothing_is_changed(blocks):
    assert with_supplement_cited(blocks) == blocks


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_paper_of_a_whole_report_names_all_of_its_supplement(made_protocol, language):
    document = build_document(made_protocol, stored())
    depth, said, numbered = Depth.ANSWER, "", set()
    for block in document.blocks:
        depth = block.depth if isinstance(block, Heading) else depth
        if isinstance(block, Paragraph) and depth is Depth.PAPER:
            said += block.text[language] + "\n"
        if isinstance(block, TableBlock | FigureBlock) and block.number and block.depth is Depth.SUPPLEMENT:
            numbered.add(("T" if isinstance(block, TableBlock) else "F", block.number))
    named = {
        ("T" if kind in {"Table", "表"} else "F", n)
        for kind, runs in re.findall(r"(Table|Fig|表|图)[s.]* ?((?:S\d+(?:[–~]S\d+)?(?:, |、)?)+)", said)
        for first, last in re.findall(r"S(\d+)(?:[–~]S(\d+))?", runs)
        for n in range(int(first), int(last or first) + 1)
    }

    assert len(numbered) > 20
    assert named == numbered

"""A long note stands in full once in each part of the report and is named by its table or figure after that."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from oligoscope.bilingual import LANGUAGES, Text
from oligoscope.printing.blocks import Depth, Document, FigureBlock, Heading, Notice, Paragraph, TableBlock
from oligoscope.report.document import build_document
from oligoscope.report.labels import joined_notes
from oligoscope.report.notes_once import LONG, notes_once
from unit.report.conftest import small_figure, small_table

SHORT = Text("短。", "A short note.")
METHOD = Text(
    "方法。",
    "The method is described in so many words that nobody reads it twice.".replace(
        "nobody reads", "no one reads"
    ),
)
CARE = Text("a：注意。", "a: to be read with care, because the groups are known only at the progression.")


def table(number: int, *notes: Text, depth: Depth = Depth.PAPER) -> TableBlock:
    return TableBlock(replace(small_table(), notes=notes), number, depth=depth)


def test_a_note_is_in_full_once_in_each_part_then_its_table_is_named():
    paper, supplement = (Heading(Text("", ""), d.name, depth=d) for d in (Depth.PAPER, Depth.SUPPLEMENT))
    again = table(1, METHOD, depth=Depth.SUPPLEMENT)

    found = notes_once(
        [paper, table(1, CARE, SHORT, METHOD), table(2, CARE, SHORT, METHOD), supplement, again]
    )

    assert found[1] == table(1, CARE, SHORT, METHOD)
    assert found[2] == table(
        2,
        Text("a：同表1注 a。", "a: as note a of Table 1."),
        SHORT,
        Text("其余注释同表1。", "Other notes as in Table 1."),
    )
    assert found[4] == again


def test_a_legend_is_in_full_once_then_its_figure_is_named():
    figure = replace(small_figure(), caption=METHOD)

    first, second = notes_once([FigureBlock(figure, 1), FigureBlock(figure, 2)])

    assert first == FigureBlock(figure, 1)
    assert isinstance(second, FigureBlock)
    assert second.figure.caption == Text("同图1。", "As in Fig. 1.")


@pytest.fixture(scope="module")
def document(compared_results, made_protocol) -> Document:
    return build_document(made_protocol, compared_results)


def paragraphs(document: Document) -> list[Text]:
    """All that is printed as a paragraph: sentences, notices, notes below tables, legends."""
    found = []
    for block in document.blocks:
        match block:
            case Paragraph(text=text) | Notice(text=text):
                found.append(text)
            case TableBlock(table=table):
                found += [*table.notes, joined_notes(table.notes)]
            case FigureBlock(figure=figure):
                found.append(figure.caption)
            case _:
                pass
    return found


def test_no_paragraph_of_twelve_words_is_printed_twice_in_one_part(document):
    for depth in document.depths():
        said = Counter(t.en for t in paragraphs(document.part(depth)) if len(t.en.split()) >= LONG)
        assert [
            text for text, n in said.items() if n > 1 + (text in {t.en for t in _alone(document.part(depth))})
        ] == []


def _alone(part: Document) -> list[Text]:
    """Notes that are the only one of their table, and so its whole paragraph, too."""
    return [b.table.notes[0] for b in part.blocks if isinstance(b, TableBlock) and len(b.table.notes) == 1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_named_is_there(document, language):
    for depth in document.depths():
        blocks = document.part(depth).blocks
        numbers = {b.shown_number for b in blocks if isinstance(b, TableBlock | FigureBlock)}
        named = [
            w.strip("。.")
            for t in paragraphs(document.part(depth))
            if (t.en.startswith("As in Fig. "))
            for w in [t.en.split()[-1]]
        ]
        assert set(named) <= numbers

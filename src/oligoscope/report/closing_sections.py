"""The end of a report: abbreviations used, and the STROBE checklist with its places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from oligoscope.bilingual import Text
from oligoscope.printing.blocks import Block, Heading, TableBlock
from oligoscope.printing.document_parts import Chapter
from oligoscope.report.abbreviations import tabulate_abbreviations
from oligoscope.report.strobe import tabulate_strobe


def closing_sections(blocks: Sequence[Block], chapters: Sequence[Chapter]) -> Iterator[Block]:
    """What can be written only when everything before it is known."""
    strobe = tabulate_strobe(blocks, chapters)
    yield Heading(Text("STROBE 清单", "STROBE checklist"), "strobe")
    yield TableBlock(strobe)
    abbreviations = tabulate_abbreviations((*blocks, TableBlock(strobe)))
    if abbreviations is not None:
        yield Heading(Text("缩略语", "Abbreviations"), "abbreviations")
        yield TableBlock(abbreviations)

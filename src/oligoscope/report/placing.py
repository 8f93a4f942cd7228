"""In which part of the report each table and figure is printed, and the words about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeGuard

from oligoscope.drawing.figure import Figure
from oligoscope.printing.blocks import Block, Depth, FigureBlock, Heading, Paragraph, Placing, TableBlock
from oligoscope.printing.document_parts import Chapter, Place
from oligoscope.printing.table import Table
from oligoscope.study.protocol import ReportSettings
from oligoscope.study.report_parts import FIGURES, TABLES, PartOfReport, kind_of

_PARTS: dict[PartOfReport, Depth] = {"paper": Depth.PAPER, "supplement": Depth.SUPPLEMENT}
SUPPLEMENTED = "-supplement"  # ends the name of a chapter whose other half is in the paper


class Places:
    """The parts of the report that tables and figures go to, in the order in which they are made.

    Args:
        settings: What study.yaml says of single tables and figures.
    """

    def __init__(self, settings: ReportSettings) -> None:
        self._settings = settings
        self._made: Counter[tuple[type, str]] = Counter()

    def of(self, chapter: Chapter) -> Placing:
        """The rule for the tables and figures of one chapter."""
        if chapter.place is Place.ANSWER:
            return lambda _shown: Depth.ANSWER
        return self._listed

    def _listed(self, shown: Figure | Table) -> Depth:
        kinds, settings = (
            (FIGURES, self._settings.figures)
            if isinstance(shown, Figure)
            else (TABLES, self._settings.tables)
        )
        asked = kind_of(shown.id, settings)
        if asked is not None:
            return _PARTS[settings[asked]]
        kind = kind_of(shown.id, kinds)
        if kind is None:
            return Depth.SUPPLEMENT
        self._made[type(shown), kind] += 1
        return Depth.PAPER if self._made[type(shown), kind] <= kinds[kind] else Depth.SUPPLEMENT


def divided(chapter: Chapter, blocks: Iterable[Block]) -> Mapping[Depth, list[Block]]:
    """The blocks of a chapter by the part of the report that they are printed in.

    A table or figure goes where it belongs. The words under a heading are with the first of its tables and figures in the
    paper; where all of them are in the supplement, so are the words and the heading. An introduction is never alone.
    """
    found: dict[Depth, list[Block]] = {}
    for under in _under_headings(blocks):
        shown = [b.depth for b in under if _is_numbered(b)]
        own = chapter.place.depth
        words = own if chapter.keeps_words else max(own, min(shown, default=own))
        for block in under:
            depth = block.depth if _is_numbered(block) else words
            placed = replace(block, depth=depth) if isinstance(block, Heading) else block
            found.setdefault(depth, []).append(placed)
    return _introduced(chapter, found)


def _introduced(chapter: Chapter, found: dict[Depth, list[Block]]) -> dict[Depth, list[Block]]:
    """With the introduction of the chapter where there is something to introduce."""
    own = chapter.place.depth
    alone = [Paragraph(chapter.introduction)] if chapter.introduction is not None else []
    if not alone or found.get(own) != alone or len(found) == 1:
        return found
    del found[own]
    first = min(found)
    return {**found, first: [*alone, *found[first]]}


def _is_numbered(block: Block) -> TypeGuard[FigureBlock | TableBlock]:
    return isinstance(block, FigureBlock) or (isinstance(block, TableBlock) and block.number is not None)


def _under_headings(blocks: Iterable[Block]) -> Iterator[list[Block]]:
    """Blocks cut before each heading of level 3."""
    part: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading) and part:
            yield part
            part = []
        part.append(block)
    if part:
        yield part


def under_their_heading(
    chapter: Chapter, depth: Depth, blocks: list[Block], parts: Mapping[Depth, object]
) -> Iterator[Block]:
    """The blocks of one part below the title of their chapter; its name says where the chapter is printed twice."""
    is_second = depth is Depth.SUPPLEMENT and Depth.PAPER in parts
    title = chapter.further if is_second and chapter.further is not None else chapter.title
    yield Heading(title, chapter.id + SUPPLEMENTED if is_second else chapter.id, depth=depth)
    yield from blocks

"""What a report is made of: blocks in order, each with its words in both languages; writers draw them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from oligoscope.figures.figure import Figure
from oligoscope.study.vocabulary import Text
from oligoscope.tables.table import Key, Table

NoticeKind = Literal["caution", "withheld", "disclaimer", "gate"]


@dataclass(frozen=True, slots=True)
class Heading:
    """Opens a section; `id` is what links lead to."""

    text: Text
    id: str
    level: Literal[2, 3] = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Whole sentences, with the keys of the estimates they state."""

    text: Text
    keys: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table under its number; without a number it is an appendix table."""

    table: Table
    number: int | None = None
    is_folded: bool = False  # long lists open on demand


@dataclass(frozen=True, slots=True)
class FigureBlock:
    """A figure above its number."""

    figure: Figure
    number: int


@dataclass(frozen=True, slots=True)
class Notice:
    """Sentences a reader must not miss."""

    kind: NoticeKind
    text: Text


Block = Heading | Paragraph | TableBlock | FigureBlock | Notice


@dataclass(frozen=True, slots=True)
class Document:
    """A report; `synthetic` marks every section of it."""

    title: Text
    blocks: tuple[Block, ...]
    synthetic: bool = False

    def sections(self) -> Iterator[tuple[Heading, tuple[Block, ...]]]:
        """Each heading of level 2 with the blocks up to the next one."""
        heading: Heading | None = None
        blocks: list[Block] = []
        for block in self.blocks:
            if isinstance(block, Heading) and block.level == 2:
                if heading is not None:
                    yield heading, tuple(blocks)
                heading, blocks = block, []
            else:
                blocks.append(block)
        if heading is not None:
            yield heading, tuple(blocks)

    def figures(self) -> Iterator[Figure]:
        """Every figure, in the order of their numbers."""
        yield from (block.figure for block in self.blocks if isinstance(block, FigureBlock))

    def printed_keys(self) -> Iterator[Key]:
        """Key of every estimate printed anywhere in the report."""
        for block in self.blocks:
            match block:
                case Paragraph(keys=keys):
                    yield from keys
                case TableBlock(table=table):
                    yield from table.printed_keys()
                case FigureBlock(figure=figure):
                    yield from (e.key for e in figure.estimates)
                case _:
                    pass

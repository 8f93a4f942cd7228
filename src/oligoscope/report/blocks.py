"""What a report is made of: blocks in order, each with its words in both languages; writers draw them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
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
    """A figure above its number; those of a supplement are numbered apart, S1, S2 and so on."""

    figure: Figure
    number: int
    is_supplement: bool = False

    @property
    def shown_number(self) -> str:
        """As it is printed and linked: `5` or `S1`."""
        return f"S{self.number}" if self.is_supplement else str(self.number)


@dataclass(frozen=True, slots=True)
class Notice:
    """Sentences a reader must not miss."""

    kind: NoticeKind
    text: Text


Block = Heading | Paragraph | TableBlock | FigureBlock | Notice


@dataclass(frozen=True)
class Numbering:
    """Gives the tables and figures of one document their numbers, in the order in which they come."""

    _tables: Iterator[int] = field(default_factory=lambda: count(1))
    _figures: Iterator[int] = field(default_factory=lambda: count(1))
    _supplement: Iterator[int] = field(default_factory=lambda: count(1))

    def table(self, table: Table) -> TableBlock:
        """The table with the next number."""
        return TableBlock(table, next(self._tables))

    def figure(self, figure: Figure) -> FigureBlock:
        """The figure with the next number."""
        return FigureBlock(figure, next(self._figures))

    def supplement(self, figure: Figure) -> FigureBlock:
        """A figure that shows how the work was done rather than what was found: S1, S2 and so on."""
        return FigureBlock(figure, next(self._supplement), is_supplement=True)


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

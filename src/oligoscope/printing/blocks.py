"""What a report is made of: blocks in order, each with its words in both languages; writers draw them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Literal, ParamSpec, TypeVar

from oligoscope.bilingual import Text
from oligoscope.drawing.figure import Figure
from oligoscope.printing.left_out import LeftOut, Part, named_after
from oligoscope.printing.table import Key, Table

NoticeKind = Literal["caution", "withheld", "disclaimer", "gate", "failed"]
P = ParamSpec("P")
Made = TypeVar("Made")
_TABLE, _FIGURE = Text("表", "a table"), Text("图", "a figure")


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
    """Gives the tables and figures of one document their numbers, in the order in which they come.

    Attributes:
        left_out: Takes the parts that fail, each of which becomes a notice in its place; None lets them raise.
    """

    left_out: LeftOut | None = None
    _tables: Iterator[int] = field(default_factory=lambda: count(1))
    _figures: Iterator[int] = field(default_factory=lambda: count(1))
    _supplement: Iterator[int] = field(default_factory=lambda: count(1))

    def table(self, make: Callable[P, Table], *args: P.args, **kwargs: P.kwargs) -> Block:
        """The table that `make` gives, with the next number."""
        found = self._made(_TABLE, make, *args, **kwargs)
        return failed(found) if isinstance(found, Part) else TableBlock(found, next(self._tables))

    def figure(self, make: Callable[P, Figure], *args: P.args, **kwargs: P.kwargs) -> Block:
        """The figure that `make` gives, with the next number."""
        return self._figure(self._made(_FIGURE, make, *args, **kwargs), is_supplement=False)

    def supplement(self, make: Callable[P, Figure], *args: P.args, **kwargs: P.kwargs) -> Block:
        """A figure that shows how the work was done rather than what was found: S1, S2 and so on."""
        return self._figure(self._made(_FIGURE, make, *args, **kwargs), is_supplement=True)

    def _figure(self, found: Figure | Part, *, is_supplement: bool) -> Block:
        if isinstance(found, Part):
            return failed(found)
        number = next(self._supplement if is_supplement else self._figures)
        return FigureBlock(found, number, is_supplement)

    def section(
        self, name: Text, make: Callable[P, Iterable[Block]], *args: P.args, **kwargs: P.kwargs
    ) -> Iterator[Block]:
        """The blocks of a section up to where it fails."""
        blocks: list[Block] = []
        found = self._made(name, lambda: blocks.extend(make(*args, **kwargs)))
        yield from blocks
        if isinstance(found, Part):
            yield failed(found)

    def whole(
        self, name: Text, blocks: tuple[Block, ...], make: Callable[[tuple[Block, ...]], tuple[Block, ...]]
    ) -> tuple[Block, ...]:
        """What `make` gives of all blocks; the blocks as they are where it fails."""
        found = self._made(name, make, blocks)
        return blocks if isinstance(found, Part) else found

    def _made(self, name: Text, make: Callable[P, Made], *args: P.args, **kwargs: P.kwargs) -> Made | Part:
        if self.left_out is None:
            return make(*args, **kwargs)
        label = named_after(name, make) if name in (_TABLE, _FIGURE) else name
        return self.left_out.made(label, make, *args, **kwargs)


def failed(part: Part) -> Notice:
    """The notice in place of a part that could not be made."""
    return Notice("failed", part.text)


def sections_of(blocks: Iterable[Block]) -> list[tuple[Heading, list[Block]]]:
    """Each heading of level 2 with the blocks up to the next one; what comes before the first is in none."""
    found: list[tuple[Heading, list[Block]]] = []
    for block in blocks:
        if isinstance(block, Heading) and block.level == 2:
            found.append((block, []))
        elif found:
            found[-1][1].append(block)
    return found


@dataclass(frozen=True, slots=True)
class Document:
    """A report; `synthetic` marks every section of it."""

    title: Text
    blocks: tuple[Block, ...]
    synthetic: bool = False

    def with_notices(self, notices: Iterable[Notice]) -> Document:
        """The same with these notices after the first notice of all."""
        first = next((i for i, block in enumerate(self.blocks, 1) if isinstance(block, Notice)), 0)
        return replace(self, blocks=(*self.blocks[:first], *notices, *self.blocks[first:]))

    def sections(self) -> list[tuple[Heading, list[Block]]]:
        """Each heading of level 2 with the blocks up to the next one."""
        return sections_of(self.blocks)

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

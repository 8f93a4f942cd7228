"""What a report is made of: blocks in order, each with its words in both languages; writers draw them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Literal, ParamSpec, TypeVar

from oligoscope.bilingual import Text
from oligoscope.drawing.figure import Figure
from oligoscope.printing.left_out import LeftOut, Part, named_after
from oligoscope.printing.table import Key, Table

NoticeKind = Literal["caution", "reference", "withheld", "disclaimer", "gate", "failed"]
P = ParamSpec("P")
Made = TypeVar("Made")
_TABLE, _FIGURE = Text("表", "a table"), Text("图", "a figure")


class Depth(IntEnum):
    """The three parts of a report, each complete in itself: how far a reader goes."""

    ANSWER = 1
    PAPER = 2
    SUPPLEMENT = 3

    @property
    def printed(self) -> Text:
        """Its name."""
        return _DEPTHS[self]

    @property
    def letter(self) -> str:
        """Before the numbers of its tables and figures."""
        return {Depth.ANSWER: "A", Depth.PAPER: "", Depth.SUPPLEMENT: "S"}[self]


_DEPTHS = {
    Depth.ANSWER: Text("结论速览", "The answer"),
    Depth.PAPER: Text("论文", "The paper"),
    Depth.SUPPLEMENT: Text("补充材料", "Supplement"),
}


@dataclass(frozen=True, slots=True)
class Heading:
    """Opens a section; `id` is what links lead to, `depth` the part of the report that it belongs to."""

    text: Text
    id: str
    level: Literal[2, 3] = 2
    depth: Depth = Depth.PAPER


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Whole sentences, with the keys of the estimates they state.

    Of a method `about` says whose results it makes: analyses, outcomes, statistics or variables of groups.
    """

    text: Text
    keys: tuple[Key, ...] = ()
    about: tuple[str, ...] = ()
    is_small: bool = False  # in the letters of notes, as a list of references is


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table under its number; without a number it is an appendix table."""

    table: Table
    number: int | None = None
    is_folded: bool = False  # long lists open on demand
    depth: Depth = Depth.PAPER

    @property
    def shown_number(self) -> str | None:
        """As it is printed and linked: `5` or `S1`; None for an appendix table."""
        return None if self.number is None else f"{self.depth.letter}{self.number}"


@dataclass(frozen=True, slots=True)
class FigureBlock:
    """A figure above its number; each part of the report has numbers of its own: 1, S1, A1."""

    figure: Figure
    number: int
    depth: Depth = Depth.PAPER

    @property
    def shown_number(self) -> str:
        """As it is printed and linked: `5` or `S1`."""
        return f"{self.depth.letter}{self.number}"


@dataclass(frozen=True, slots=True)
class Notice:
    """Sentences a reader must not miss; a caution has the number that it is referred to by."""

    kind: NoticeKind
    text: Text
    number: str | None = None


Block = Heading | Paragraph | TableBlock | FigureBlock | Notice


Placing = Callable[[Figure | Table], Depth]


def _in_the_paper(_shown: Figure | Table) -> Depth:
    return Depth.PAPER


@dataclass(frozen=True)
class Numbering:
    """Gives the tables and figures of one document their numbers, in the order in which they come.

    Attributes:
        left_out: Takes the parts that fail, each of which becomes a notice in its place; None lets them raise.
        placing: The part of the report that a table or figure is printed in.
    """

    left_out: LeftOut | None = None
    placing: Placing = _in_the_paper
    _given: Counter[tuple[type, Depth]] = field(default_factory=Counter)

    def placed_by(self, placing: Placing) -> Numbering:
        """The same numbers, with another rule for places."""
        return replace(self, placing=placing)

    def table(self, make: Callable[P, Table], *args: P.args, **kwargs: P.kwargs) -> Block:
        """The table that `make` gives, with the next number."""
        found = self._made(_TABLE, make, *args, **kwargs)
        if isinstance(found, Part):
            return failed(found)
        depth = self.placing(found)
        return TableBlock(found, self._next(Table, depth), depth=depth)

    def figure(self, make: Callable[P, Figure], *args: P.args, **kwargs: P.kwargs) -> Block:
        """The figure that `make` gives, with the next number."""
        found = self._made(_FIGURE, make, *args, **kwargs)
        if isinstance(found, Part):
            return failed(found)
        depth = self.placing(found)
        return FigureBlock(found, self._next(Figure, depth), depth)

    def _next(self, kind: type, depth: Depth) -> int:
        self._given[kind, depth] += 1
        return self._given[kind, depth]

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
        """The same with these notices below the first heading, after a disclaimer that is there."""
        second = self.blocks[1] if len(self.blocks) > 1 else None
        first = 2 if isinstance(second, Notice) and second.kind == "disclaimer" else 1
        return replace(self, blocks=(*self.blocks[:first], *notices, *self.blocks[first:]))

    def sections(self) -> list[tuple[Heading, list[Block]]]:
        """Each heading of level 2 with the blocks up to the next one."""
        return sections_of(self.blocks)

    def depths(self) -> tuple[Depth, ...]:
        """The parts of the report that it has, in order."""
        return tuple(sorted({heading.depth for heading, _ in self.sections()}))

    def part(self, depth: Depth) -> Document:
        """One part of the report as a document."""
        blocks = (b for head, found in self.sections() if head.depth is depth for b in (head, *found))
        return replace(self, blocks=tuple(blocks))

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

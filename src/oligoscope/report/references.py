"""The references of a document: the sources that its texts name, numbered as they come first, listed at its end."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from oligoscope.bilingual import LANGUAGES, Text
from oligoscope.printing.blocks import Block, Depth, FigureBlock, Heading, Notice, Paragraph, TableBlock
from oligoscope.printing.table import Cell, Row
from oligoscope.study.dictionary.sources import SOURCES, Source

TITLE = Text("参考文献", "References")
# The answer has two pages: its sources are one line at its end, without numbers.
_LISTED = (Depth.PAPER, Depth.SUPPLEMENT)


def with_references(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The same blocks; in the paper and in the supplement each source has its number where it is named first, and the list is at the end.

    At the end of the answer one line says where its sources are to be found.
    """
    found: list[Block] = []
    for depth, part in _parts(blocks):
        cited = _Cited()
        numbered = [cited.in_block(block) for block in part]
        if depth not in _LISTED:
            found += [*part, *_in_a_line(cited.sources)]
            continue
        found += numbered
        if cited.sources:
            mark = "" if depth is Depth.PAPER else f"-{depth.letter.lower()}"
            found += [Heading(TITLE, f"references{mark}", depth=depth), *_entries(cited.sources)]
    return tuple(found)


def _entries(sources: Iterable[Source]) -> Iterator[Paragraph]:
    for n, source in enumerate(sources, start=1):
        yield Paragraph(Text(f"[{n}] {source.entry.zh}", f"{n}. {source.entry.en}"), is_small=True)


def _in_a_line(sources: Sequence[Source]) -> Iterator[Paragraph]:
    if sources:
        zh = "；".join(f"{s.names[0]}，{s.place.zh}" for s in sources)
        en = "; ".join(f"{s.names[0]}, {s.place.en}" for s in sources)
        yield Paragraph(Text(f"出处：{zh}。", f"Sources: {en}."), is_small=True)


def _parts(blocks: Iterable[Block]) -> Iterator[tuple[Depth, list[Block]]]:
    """The blocks of each part of the report, in their order."""
    depth, part = Depth.ANSWER, list[Block]()
    for block in blocks:
        if isinstance(block, Heading) and block.depth is not depth:
            yield depth, part
            depth, part = block.depth, []
        part.append(block)
    yield depth, part


class _Cited:
    """The sources of one part, numbered in the order in which its texts name them."""

    def __init__(self) -> None:
        self.sources: list[Source] = []

    def in_block(self, block: Block) -> Block:
        """The same block with the numbers of sources that no text before it names."""
        match block:
            case Paragraph() | Notice():
                return _changed(block, block.text, self.text, lambda text: replace(block, text=text))
            case FigureBlock(figure=figure):
                return _changed(
                    block,
                    figure.caption,
                    self.text,
                    lambda text: replace(block, figure=replace(figure, caption=text)),
                )
            case TableBlock(table=table):
                rows = tuple(map(self._row, table.rows))
                notes = tuple(map(self.text, table.notes))
                if rows == table.rows and notes == table.notes:
                    return block
                return replace(block, table=replace(table, rows=rows, notes=notes))
            case _:
                return block

    def _row(self, row: Row) -> Row:
        return replace(row, cells=tuple(map(self._cell, row.cells)))

    def _cell(self, cell: Cell) -> Cell:
        text = self.text(cell.text)
        return cell if text == cell.text else replace(cell, text=text)

    def text(self, text: Text) -> Text:
        """With numbers behind the names of sources that are new."""
        for source in _named(text.en):
            if source in self.sources:
                continue
            self.sources.append(source)
            number = f"[{len(self.sources)}]"
            zh, en = (_marked(text[language], source, number) for language in LANGUAGES)
            text = Text(zh, en)
        return text


def _changed(block: Block, text: Text, of: Callable[[Text], Text], made: Callable[[Text], Block]) -> Block:
    new = of(text)
    return block if new == text else made(new)


def _named(text: str) -> list[Source]:
    """The sources that a text names, in the order in which it names them."""
    if _ANY_NAME.search(text) is None:  # most texts are numbers
        return []
    named = (source for source in SOURCES if any(name in text for name in source.names))
    places = ((m.start(), source) for source in named if (m := _PATTERNS[source].search(text)) is not None)
    return [source for _, source in sorted(places, key=lambda pair: pair[0])]


def _marked(text: str, source: Source, number: str) -> str:
    """With the number behind the first name."""
    return _PATTERNS[source].sub(lambda m: f"{m.group(0)}{number}", text, count=1)


def _pattern(source: Source) -> re.Pattern[str]:
    longest = sorted(source.names, key=len, reverse=True)
    return re.compile(f"(?<![A-Za-z])(?:{'|'.join(map(re.escape, longest))})(?![A-Za-z])")


_ANY_NAME = re.compile("|".join(re.escape(name) for source in SOURCES for name in source.names))
_PATTERNS = {source: _pattern(source) for source in SOURCES}

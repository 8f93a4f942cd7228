"""The paper names every table and figure of its supplement, as journals ask: at the end of their section, or of the results."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from oligoscope.bilingual import Text
from oligoscope.printing.blocks import Block, Depth, FigureBlock, Heading, Paragraph, TableBlock, sections_of
from oligoscope.printing.sentences import joined, listed
from oligoscope.report.citations import numbers_in_words
from oligoscope.report.method_places import LIMITATIONS_ID
from oligoscope.report.placing import SUPPLEMENTED
from oligoscope.study.keys import in_sentence

_CITED = re.compile(r"(Table|Fig)[s.]* ((?:S\d+(?:–S\d+)?(?:, )?)+)")
_RUN = re.compile(r"S(\d+)(?:–S(\d+))?")
_Shown = tuple[type, int]


def with_supplement_cited(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The same blocks, and in the paper the tables and figures of the supplement that no sentence names."""
    sections = sections_of(blocks)
    cited = set(_cited(block for head, inside in sections if head.depth is Depth.PAPER for block in inside))
    behind = {
        head.id.removesuffix(SUPPLEMENTED): (head, not_cited)
        for head, inside in sections
        if head.depth is Depth.SUPPLEMENT
        and (not_cited := [b for b in inside if _shown(b) not in {None, *cited}])
    }
    paper = [head.id for head, _ in sections if head.depth is Depth.PAPER]
    # What is before the limitations are results.
    results = paper[: paper.index(LIMITATIONS_ID)] if LIMITATIONS_ID in paper else paper
    if not results:
        return tuple(blocks)
    rest = {name: found for name, found in behind.items() if name not in paper}
    ends = {name: _of_section(found) for name, (_, found) in behind.items() if name in paper}
    others = {results[-1]: [Paragraph(_of_others(rest))]} if rest else {}
    before = blocks[: len(blocks) - sum(1 + len(inside) for _, inside in sections)]
    ended = (block for head, inside in sections for block in _ended(head, inside, ends, others))
    return (*before, *ended)


def _ended(
    head: Heading, inside: Sequence[Block], ends: Mapping[str, Text], others: Mapping[str, list[Paragraph]]
) -> Iterator[Block]:
    """A section; of the paper with its sentence at the end of its last paragraph, and with what comes after it."""
    yield head
    name = head.id if head.depth is Depth.PAPER else ""
    last = max((i for i, block in enumerate(inside) if isinstance(block, Paragraph)), default=None)
    for i, block in enumerate(inside):
        if i == last and name in ends and isinstance(block, Paragraph):
            yield replace(block, text=joined([block.text, ends[name]]))
        else:
            yield block
    if last is None and name in ends:
        yield Paragraph(ends[name])
    yield from others.get(name, ())


def _shown(block: Block) -> _Shown | None:
    """What is numbered: its kind and number; None of other blocks, and of tables of an appendix."""
    if isinstance(block, TableBlock | FigureBlock) and block.number is not None:
        return type(block), block.number
    return None


def _cited(blocks: Iterable[Block]) -> Iterator[_Shown]:
    """The tables and figures of the supplement that sentences name."""
    for block in blocks:
        if isinstance(block, Paragraph):
            for word, numbers in _CITED.findall(block.text.en):
                for first, last in _RUN.findall(numbers):
                    yield from (
                        (TableBlock if word == "Table" else FigureBlock, n)
                        for n in range(int(first), int(last or first) + 1)
                    )


def _of_section(found: Sequence[Block]) -> Text:
    where = _places(found)
    return Text(f"另见补充材料{where.zh}。", f"See also supplement, {where.en}.")


def _places(found: Sequence[Block]) -> Text:
    return numbers_in_words(found) or Text("", "")


def _of_others(sections: Mapping[str, tuple[Heading, Sequence[Block]]]) -> Text:
    named = [(in_sentence(head.text), _places(found)) for head, found in sections.values()]
    zh = listed([f"{name.zh}（{where.zh}）" for name, where in named], "zh")
    en = listed([f"{name.en} ({where.en})" for name, where in named], "en")
    return Text(f"补充材料另有：{zh}。", f"The supplement also holds {en}.")

"""Each long note of a table, and each legend of a figure, in full once in each part of the report; after that, where it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from oligoscope.bilingual import Text
from oligoscope.printing.blocks import Block, FigureBlock, Heading, TableBlock
from oligoscope.printing.sentences import listed

LONG = 12  # words of the English; a shorter note is shorter than to say where it is
_LETTERED = re.compile(r"([a-z]): (.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Said:
    """What a part of the report has said: notes without their letter, with table and letter; legends with their figure."""

    notes: dict[str, tuple[str, str]] = field(default_factory=dict)
    legends: dict[str, str] = field(default_factory=dict)


def notes_once(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The same blocks; a note or legend that the part of the report holds already is named by its table or figure."""
    return tuple(_named(blocks))


def _named(blocks: Iterable[Block]) -> Iterator[Block]:
    said, depth = _Said(), None
    for block in blocks:
        if isinstance(block, Heading) and block.depth is not depth:
            said, depth = _Said(), block.depth
        if isinstance(block, TableBlock):
            yield replace(block, table=replace(block.table, notes=tuple(_notes(block, said))))
        elif isinstance(block, FigureBlock):
            yield _figure(block, said)
        else:
            yield block


def _notes(block: TableBlock, said: _Said) -> Iterator[Text]:
    elsewhere: dict[str, None] = {}
    kept = 0
    for note in block.table.notes:
        found = _LETTERED.fullmatch(note.en)
        letter, words = found.groups() if found else ("", note.en)
        if len(words.split()) < LONG:
            kept += 1
            yield note
            continue
        where = said.notes.get(words)
        if where is None:
            if block.shown_number is not None:
                said.notes[words] = block.shown_number, letter
            kept += 1
            yield note
        elif letter:
            number, first = where
            kept += 1
            yield Text(f"{letter}：同表{number}注 {first}。", f"{letter}: as note {first} of Table {number}.")
        else:
            elsewhere[where[0]] = None
    if elsewhere:
        zh, en = (listed(sorted(elsewhere, key=_place), language) for language in ("zh", "en"))
        word = "Table" if len(elsewhere) == 1 else "Tables"
        rest = Text("其余注释", "Other notes") if kept else Text("注释", "Notes")
        yield Text(f"{rest.zh}同表{zh}。", f"{rest.en} as in {word} {en}.")


def _place(number: str) -> tuple[int, str]:
    """`S2` before `S10`."""
    return len(number), number


def _figure(block: FigureBlock, said: _Said) -> FigureBlock:
    legend = block.figure.caption
    if len(legend.en.split()) < LONG:
        return block
    first = said.legends.setdefault(legend.en, block.shown_number)
    if first == block.shown_number:
        return block
    same = Text(f"同图{first}。", f"As in Fig. {first}.")
    return replace(block, figure=replace(block.figure, caption=same))

"""Each caution in full once in each part of the report; where it applies again, its number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from oligoscope.bilingual import Text
from oligoscope.printing.blocks import Block, Depth, FigureBlock, Heading, Notice, TableBlock
from oligoscope.printing.cautions import IMMORTAL_TIME, RESISTANCE_BY_TIME
from oligoscope.printing.sentences import listed
from oligoscope.results.warnings import WarningCode


def said_once(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The same blocks; a caution that the part of the report has said before is named by its number.

    Each part numbers its cautions in the order in which they come first, with its letter before them, as its tables.
    """
    return tuple(_named(blocks))


def _named(blocks: Iterable[Block]) -> Iterator[Block]:
    numbers: dict[Depth, dict[Text, int]] = {depth: {} for depth in Depth}
    again: list[int] = []
    depth = Depth.ANSWER
    for block in blocks:
        if isinstance(block, Notice) and block.kind == "caution":
            mine = numbers[depth]
            if block.text in mine:
                again.append(mine[block.text])
                continue
            mine[block.text] = len(mine) + 1
            yield Notice("caution", block.text, f"{depth.letter}{mine[block.text]}")
            continue
        if again:
            yield _reference(again, depth)
            again = []
        if isinstance(block, Heading):
            depth = block.depth
        yield block
    if again:
        yield _reference(again, depth)


@dataclass(frozen=True, slots=True)
class _Short:
    """What notes and legends say in short of cautions that are printed in full: the words, and what names them."""

    words: Text
    name: Text
    caution: Text


_SHORT = (
    _Short(
        WarningCode.GROUP_KNOWN_ONLY_AT_PROGRESSION.text,
        Text("永恒时间偏倚", "immortal time bias"),
        IMMORTAL_TIME,
    ),
    _Short(WarningCode.TRUE_BY_CONSTRUCTION.text, Text("定义使然", "true by definition"), RESISTANCE_BY_TIME),
)


@dataclass(frozen=True, slots=True)
class _Long:
    """A warning with what it was judged by: its pattern in each language, and what is left when that has been said."""

    zh: re.Pattern[str]
    en: re.Pattern[str]
    short: Text


def _until_bracket(code: WarningCode) -> Text:
    return Text(code.text.zh.partition("（")[0], code.text.en.partition(" (")[0])


_CHANGES, _MISSED = _until_bracket(WarningCode.NON_PROPORTIONAL), _until_bracket(WarningCode.UNBALANCED)
_LONG = (
    _Long(
        re.compile(re.escape(WarningCode.NON_PROPORTIONAL.text.zh)),
        re.compile(re.escape(WarningCode.NON_PROPORTIONAL.text.en)),
        _CHANGES,
    ),
    _Long(
        re.compile(f"{_MISSED.zh}（[^（）]*）"),
        re.compile(rf"{_MISSED.en} \([^()]*\)", re.IGNORECASE),
        _MISSED,
    ),
)


def cautions_by_number(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The same blocks; notes and legends name a caution by its number where their part of the report prints it in full.

    How a changing ratio and a missed balance were judged is said by the first note or legend of each part.
    """
    numbers = {
        (depth, b.text): b.number for depth, b in _with_depth(blocks) if isinstance(b, Notice) and b.number
    }
    said = {depth: set[Text]() for depth in Depth}
    return tuple(_by_number(block, depth, numbers, said[depth]) for depth, block in _with_depth(blocks))


def _with_depth(blocks: Iterable[Block]) -> Iterator[tuple[Depth, Block]]:
    depth = Depth.ANSWER
    for block in blocks:
        depth = block.depth if isinstance(block, Heading) else depth
        yield depth, block


def _by_number(
    block: Block, depth: Depth, numbers: Mapping[tuple[Depth, Text], str | None], said: set[Text]
) -> Block:
    named = [
        (short, number) for short in _SHORT if (number := numbers.get((depth, short.caution))) is not None
    ]
    match block:
        case TableBlock(table=table):
            notes = tuple(_judged_once(_shortened(note, named), said) for note in table.notes)
            return block if notes == table.notes else replace(block, table=replace(table, notes=notes))
        case FigureBlock(figure=figure):
            caption = _judged_once(_shortened(figure.caption, named), said)
            return (
                block
                if caption == figure.caption
                else replace(block, figure=replace(figure, caption=caption))
            )
        case _:
            return block


def _shortened(text: Text, named: Iterable[tuple[_Short, str]]) -> Text:
    zh, en = text.zh, text.en
    for short, number in named:
        zh = zh.replace(short.words.zh, f"{short.name.zh}，见注意事项 {number}")
        en = en.replace(short.words.en, f"{short.name.en}, see Caution {number}")
    return Text(zh, en)


def _judged_once(text: Text, said: set[Text]) -> Text:
    """The first time with what it was judged by, later without."""
    for long in _LONG:
        is_said = long.short in said
        if long.en.search(text.en):
            said.add(long.short)
        text = Text(
            _but_first(long.zh, text.zh, long.short.zh, is_said=is_said),
            _but_first(long.en, text.en, long.short.en, is_said=is_said),
        )
    return text


def _but_first(pattern: re.Pattern[str], text: str, short: str, *, is_said: bool) -> str:
    first = None if is_said else pattern.search(text)
    end = 0 if first is None else first.end()
    return text[:end] + pattern.sub(short, text[end:])


def _reference(numbers: list[int], depth: Depth) -> Notice:
    names = [f"{depth.letter}{number}" for number in sorted(numbers)]
    zh, en = "、".join(names), listed(names, "en")
    word = "Caution" if len(names) == 1 else "Cautions"
    verb = "applies" if len(names) == 1 else "apply"
    return Notice("reference", Text(f"注意事项 {zh} 在此同样适用。", f"{word} {en} {verb} here too."))

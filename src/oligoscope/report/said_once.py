"""Each caution in full once in each part of the report; where it applies again, its number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from oligoscope.bilingual import Text
from oligoscope.printing.blocks import Block, Depth, Heading, Notice


def said_once(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The same blocks; a caution that the part of the report has said before is named by its number.

    Cautions are numbered through the whole report in the order in which they come first.
    """
    return tuple(_named(blocks))


def _named(blocks: Iterable[Block]) -> Iterator[Block]:
    numbers: dict[Text, int] = {}
    said: set[tuple[Depth, Text]] = set()
    again: list[int] = []
    depth = Depth.ANSWER
    for block in blocks:
        if isinstance(block, Notice) and block.kind == "caution":
            number = numbers.setdefault(block.text, len(numbers) + 1)
            if (depth, block.text) in said:
                again.append(number)
                continue
            said.add((depth, block.text))
            yield Notice("caution", block.text, number)
            continue
        if again:
            yield _reference(again)
            again = []
        if isinstance(block, Heading):
            depth = block.depth
        yield block
    if again:
        yield _reference(again)


def _reference(numbers: list[int]) -> Notice:
    listed = sorted(numbers)
    zh, en = "、".join(map(str, listed)), " and ".join(map(str, listed))
    word = "Caution" if len(listed) == 1 else "Cautions"
    verb = "applies" if len(listed) == 1 else "apply"
    return Notice("reference", Text(f"注意事项 {zh} 在此同样适用。", f"{word} {en} {verb} here too."))

"""Where the text names the figures and tables that show what it says, and how their numbers are printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from oligoscope.bilingual import Text
from oligoscope.printing.blocks import Block, Depth, FigureBlock, Heading, Notice, Paragraph, TableBlock
from oligoscope.report.labels import FIGURE, TABLE

TABLES = Text(TABLE.zh, "Tables ")
FIGURES = Text(FIGURE.zh, "Figs. ")


def with_citations(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The same blocks; the first result under each heading names the figures and tables under it.

    A result is a paragraph that states estimates. Of the first page, where all is in sight, nothing is named.
    """
    return tuple(block for part in _parts(blocks) for block in _cited_part(part))


def _cited_part(part: list[Block]) -> list[Block]:
    shown = (
        None
        if any(isinstance(b, Heading) and b.depth is Depth.ANSWER for b in part)
        else numbers_in_words(part, figures_first=True)
    )
    for i, block in enumerate(part):
        if shown is not None and isinstance(block, Paragraph) and block.keys:
            return [*part[:i], replace(block, text=_cited(block.text, shown)), *part[i + 1 :]]
    return part


def _parts(blocks: Sequence[Block]) -> list[list[Block]]:
    """Cut before every heading, of either level."""
    parts: list[list[Block]] = [[]]
    for block in blocks:
        if isinstance(block, Heading):
            parts.append([])
        parts[-1].append(block)
    return parts


def _cited(text: Text, shown: Text) -> Text:
    """The first sentence with the places before its full stop; English names them inside a bracket that ends there."""
    zh, stop, rest = text.zh.partition("。")
    end = _first_stop(text.en)
    first, others = text.en[:end], text.en[end:]
    english = f"{first[:-1]}; {shown.en})" if first.endswith(")") else f"{first} ({shown.en})"
    return Text(f"{zh}，见{shown.zh}{stop}{rest}", f"{english}{others}")


def _first_stop(text: str) -> int:
    """Where the first English sentence ends: a full stop before a space and a capital, or at the end."""
    for i, character in enumerate(text):
        after = text[i + 1 : i + 3]
        if character == "." and (not after or (after[0] == " " and after[1:2].isupper())):
            return i
    return len(text)


# What texts call a table before it has a number, and how its name begins.
_NAMED = (
    (Text("均衡性表", "the table of balance"), "balance"),
    (Text("基线特征表", "the table of baseline characteristics"), "baseline"),
)


def tables_by_number(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The same blocks; a table that a text calls by its name is called by its number, where the report prints it."""
    numbered = [b for b in blocks if isinstance(b, TableBlock) and b.shown_number is not None]
    found = {
        name: next((b.shown_number for b in numbered if b.table.id.startswith(kind)), None)
        for name, kind in _NAMED
    }
    named = [(name, Text(f"{TABLE.zh}{n}", f"{TABLE.en}{n}")) for name, n in found.items() if n is not None]
    return tuple(_by_number(block, named) for block in blocks)


def _by_number(block: Block, named: Sequence[tuple[Text, Text]]) -> Block:
    def changed(text: Text) -> Text:
        zh, en = text.zh, text.en
        for name, number in named:
            zh, en = zh.replace(name.zh, number.zh), en.replace(name.en, number.en)
        return text if (zh, en) == (text.zh, text.en) else Text(zh, en)

    match block:
        case Notice() | Paragraph():
            return replace(block, text=changed(block.text))
        case TableBlock(table=table):
            return replace(block, table=replace(table, notes=tuple(map(changed, table.notes))))
        case FigureBlock(figure=figure):
            caption = changed(figure.caption)
            return (
                block
                if caption == figure.caption
                else replace(block, figure=replace(figure, caption=caption))
            )
        case _:
            return block


@dataclass(frozen=True, slots=True)
class ShownNumbers:
    """Numbers of figures and of tables by the letter before them, in the order of the blocks."""

    figures: Mapping[str, Sequence[int]]
    tables: Mapping[str, Sequence[int]]


def shown_numbers(blocks: Iterable[Block]) -> ShownNumbers:
    """The numbers of these blocks; a table without a number is of an appendix and not named."""
    figures: dict[str, list[int]] = {}
    tables: dict[str, list[int]] = {}
    for block in blocks:
        if isinstance(block, FigureBlock):
            figures.setdefault(block.depth.letter, []).append(block.number)
        elif isinstance(block, TableBlock) and block.number is not None:
            tables.setdefault(block.depth.letter, []).append(block.number)
    return ShownNumbers(figures, tables)


def printed_numbers(kinds: Iterable[tuple[Text, str, Sequence[int]]]) -> Text | None:
    """`Fig. 5; Table 7–8` from (word, letter, numbers) of each kind; None where there are no numbers."""
    inside = [(word, letter, numbers) for word, letter, numbers in kinds if numbers]
    if not inside:
        return None
    zh = "，".join(f"{word.zh}{_runs(numbers, letter, '~', '、')}" for word, letter, numbers in inside)
    en = "; ".join(f"{word.en}{_runs(numbers, letter, '–', ', ')}" for word, letter, numbers in inside)
    return Text(zh, en)


def numbers_in_words(blocks: Iterable[Block], *, figures_first: bool = False) -> Text | None:
    """`Tables S3–S4; Fig. S2`: the numbers of these blocks; None where none has one."""
    shown = shown_numbers(blocks)
    kinds = [(TABLE, TABLES, shown.tables), (FIGURE, FIGURES, shown.figures)]
    return printed_numbers(
        (one if len(numbers) == 1 else many, letter, numbers)
        for one, many, found in (reversed(kinds) if figures_first else kinds)
        for letter, numbers in found.items()
    )


def _runs(numbers: Sequence[int], letter: str, to: str, between: str) -> str:
    """1, 2, 3, 5 as `1–3, 5`; of the supplement as `S1–S3, S5`."""
    runs: list[list[int]] = []
    for n in sorted(numbers):
        if runs and n == runs[-1][-1] + 1:
            runs[-1].append(n)
        else:
            runs.append([n])
    return between.join(
        f"{letter}{run[0]}" if len(run) == 1 else f"{letter}{run[0]}{to}{letter}{run[-1]}" for run in runs
    )

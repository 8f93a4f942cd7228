"""Where the text names the figures and tables that show what it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from oligoscope.bilingual import Text
from oligoscope.printing.blocks import Block, Heading, Paragraph
from oligoscope.report.labels import FIGURE, TABLE
from oligoscope.report.shown_numbers import printed_numbers, shown_numbers

TABLES = Text(TABLE.zh, "Tables ")
FIGURES = Text(FIGURE.zh, "Figs. ")


def with_citations(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The same blocks; the first result under each heading names the figures and tables under it.

    A result is a paragraph that states estimates.
    """
    return tuple(block for part in _parts(blocks) for block in _cited_part(part))


def _cited_part(part: list[Block]) -> list[Block]:
    shown = _shown(part)
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


def _shown(blocks: Sequence[Block]) -> Text | None:
    """`Fig. 5; Tables 7–8`, or nothing where nothing is numbered."""
    shown = shown_numbers(blocks)
    return printed_numbers(
        (one if len(numbers) == 1 else many, letter, numbers)
        for one, many, letter, numbers in (
            (FIGURE, FIGURES, "", shown.figures),
            (FIGURE, FIGURES, "S", shown.supplement),
            (TABLE, TABLES, "", shown.tables),
        )
    )


def _cited(text: Text, shown: Text) -> Text:
    """The first sentence with the places before its full stop."""
    zh, stop, rest = text.zh.partition("。")
    chinese = f"{zh}（{shown.zh}）{stop}{rest}" if stop else f"{zh}（{shown.zh}）"
    end = _first_stop(text.en)
    return Text(chinese, f"{text.en[:end]} ({shown.en}){text.en[end:]}")


def _first_stop(text: str) -> int:
    """Where the first English sentence ends: a full stop before a space and a capital, or at the end."""
    for i, character in enumerate(text):
        after = text[i + 1 : i + 3]
        if character == "." and (not after or (after[0] == " " and after[1:2].isupper())):
            return i
    return len(text)

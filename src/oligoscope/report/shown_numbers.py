"""The numbered figures and tables of a part of a report, and how their numbers are printed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from oligoscope.bilingual import Text
from oligoscope.printing.blocks import Block, FigureBlock, TableBlock


@dataclass(frozen=True, slots=True)
class ShownNumbers:
    """Numbers of one part, in the order of its blocks."""

    figures: tuple[int, ...]
    supplement: tuple[int, ...]
    tables: tuple[int, ...]


def shown_numbers(blocks: Iterable[Block]) -> ShownNumbers:
    """The numbers of these blocks; a table without a number is of an appendix and not named."""
    blocks = tuple(blocks)
    figures = [b for b in blocks if isinstance(b, FigureBlock)]
    return ShownNumbers(
        tuple(f.number for f in figures if not f.is_supplement),
        tuple(f.number for f in figures if f.is_supplement),
        tuple(b.number for b in blocks if isinstance(b, TableBlock) and b.number is not None),
    )


def printed_numbers(kinds: Iterable[tuple[Text, str, Sequence[int]]]) -> Text | None:
    """`Fig. 5; Table 7–8` from (word, letter, numbers) of each kind; None where there are no numbers."""
    inside = [(word, letter, numbers) for word, letter, numbers in kinds if numbers]
    if not inside:
        return None
    zh = "，".join(f"{word.zh}{_runs(numbers, letter, '~', '、')}" for word, letter, numbers in inside)
    en = "; ".join(f"{word.en}{_runs(numbers, letter, '–', ', ')}" for word, letter, numbers in inside)
    return Text(zh, en)


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

"""Where a method of the paper has its results: a sentence names the supplement where the paper itself prints none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from oligoscope.bilingual import Text
from oligoscope.cohort.variables import declared_levels
from oligoscope.printing.blocks import Block, Depth, FigureBlock, Heading, Paragraph, TableBlock
from oligoscope.report.citations import numbers_in_words
from oligoscope.study.keys import parts_of

LIMITATIONS_ID = "limitations"  # the id of their heading


def with_places_of_results(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The same blocks; a paragraph on a method whose results are in the supplement alone says in which of its tables or figures."""
    printed = list(_with_words(blocks))
    return tuple(_placed(block, printed) if isinstance(block, Paragraph) else block for block in blocks)


def _placed(block: Paragraph, printed: Sequence[tuple[Depth, Block, frozenset[str]]]) -> Paragraph:
    # Results that were saved name a level by its word alone.
    about = frozenset(block.about).union(*map(declared_levels, block.about))
    mine = [(depth, shown) for depth, shown, words in printed if about & words]
    if not about or any(depth is Depth.PAPER for depth, _ in mine):
        return block
    supplement = [shown for depth, shown in mine if depth is Depth.SUPPLEMENT]
    where = numbers_in_words([b for b in supplement if isinstance(b, TableBlock)]) or numbers_in_words(
        supplement
    )
    if where is None:
        return block
    return replace(
        block,
        text=Text(
            f"{block.text.zh}结果见补充材料{where.zh}。", f"{block.text.en} Results: supplement, {where.en}."
        ),
    )


def _with_words(blocks: Iterable[Block]) -> Iterator[tuple[Depth, Block, frozenset[str]]]:
    """Each block that prints numbers: its part, and what the numbers are of; limitations count models and print none of theirs."""
    depth, is_limiting = Depth.ANSWER, False
    for block in blocks:
        match block:
            case Heading():
                depth, is_limiting = block.depth, block.id == LIMITATIONS_ID
            case Paragraph(keys=keys) if keys and not is_limiting:
                yield depth, block, _words_of(keys)
            case TableBlock(table=table):
                yield depth, block, _words_of(table.printed_keys())
            case FigureBlock(figure=figure):
                yield depth, block, _words_of(e.key for e in figure.estimates)
            case _:
                pass


def _words_of(keys: Iterable[tuple[str, ...]]) -> frozenset[str]:
    """Analyses, outcomes and statistics of these numbers, and the levels of their groups."""
    found: set[str] = set()
    for analysis, _population, outcome, group, _variable, _level, statistic in keys:
        found |= {str(analysis), str(outcome), str(statistic), *map(str, parts_of(group))}
    return frozenset(found - {""})

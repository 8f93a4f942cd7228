"""Why an analysis gave nothing, as a notice in its place."""

from __future__ import annotations

from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.printing.blocks import Block, Notice
from oligoscope.results.results import Estimate
from oligoscope.results.warnings import join
from oligoscope.study.keys import in_sentence


def withheld_notice(estimates: list[Estimate], people: Text | None = None) -> Iterator[Notice]:
    """Why an analysis gave nothing (of these patients, where they are named), all reasons at once; none where none was stored."""
    why = join(*(e.warning for e in estimates if e.value is None and e.warning)).printed
    if why.en:
        if people is None:
            text = Text(f"本分析不给出：{why.zh}。", f"This analysis is not given: {why.en}.")
        else:
            text = Text(
                f"{people.zh}的分析不给出：{why.zh}。",
                f"The analysis of the {in_sentence(people).en} is not given: {why.en}.",
            )
        yield Notice("withheld", text)


def or_withheld(
    is_given: bool, blocks: Iterator[Block | None], found: list[Estimate], people: Text | None = None
) -> Iterator[Block | None]:
    """The blocks of an analysis where it gave something, else why it did not; a generator that is not used makes nothing."""
    yield from blocks if is_given else withheld_notice(found, people)

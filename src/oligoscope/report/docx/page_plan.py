"""How the blocks of a Word file share its pages: figures a little smaller, long tables over two pages, none of them half empty."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from oligoscope.bilingual import Language
from oligoscope.printing.blocks import Block, FigureBlock, Heading, Paragraph, TableBlock
from oligoscope.report.docx.faces import FACES
from oligoscope.report.docx.heights import Heights
from oligoscope.report.docx.pages import Pages, Placed


@dataclass(frozen=True, slots=True)
class _Way:
    """How far figures and tables may go.

    Attributes:
        most_empty: The part of a page that may stay free below what is kept whole on the next one.
        most_headings: How many headings at most a figure or table lets go first.
        is_for_first: What is decided is right for the first face, not for all.
    """

    most_empty: float
    most_headings: int
    is_for_first: bool = False


_WAYS = (
    _Way(0.2, 3), _Way(0.25, 2, is_for_first=True), _Way(0.2, 3, is_for_first=True), _Way(0.35, 2), _Way(0.15, 1),
)  # fmt: skip
_FULL_ENOUGH = 0.06  # as if one page were a little less than half empty
_TALLER = 1.02  # a table that only just fits may have a row on the next page
_OF_OTHER_FACES = 0.25  # how much their pages count: most computers have the first one
_MOST_LATE = 2  # pages


def plan_pages(
    blocks: Sequence[Block],
    turned: Sequence[bool],
    figure_mm: Callable[[FigureBlock, bool], float],
    language: Language,
    above: Sequence[tuple[str, str]] = (),
    *,
    is_short: bool = False,
) -> list[Placed]:
    """The blocks in the order in which they are written; a figure that would leave a page half empty lets what is below it go first.

    Of the ways that are tried it is the first by which pages are full enough, or else the one by which they are the fullest.

    Args:
        blocks: In the order of the document.
        turned: Whether each is on a landscape page.
        figure_mm: The height of a figure on an upright or a landscape page.
        language: zh or en.
        above: Style and text of what the first page begins with.
        is_short: The file is the answer alone.
    """
    first, *others = (Heights(face, language, figure_mm, is_short=is_short) for face in FACES)
    heights = [first, first.taller(_TALLER), *others]
    given = list(zip(blocks, turned, strict=True))
    best: tuple[float, list[Placed]] | None = None
    for way in _WAYS:
        pages = Pages(heights, way.most_empty, is_for_first=way.is_for_first)
        pages.begin(above)
        placed = _planned(given, pages, way.most_headings)
        as_reckoned, taller, *in_others = pages.emptiness
        emptiness = (as_reckoned + taller) / 2 + _OF_OTHER_FACES * sum(in_others)
        if best is None or emptiness < best[0]:
            best = emptiness, placed
        if best[0] <= _FULL_ENOUGH:
            break
    return [] if best is None else best[1]


def _planned(blocks: Sequence[tuple[Block, bool]], pages: Pages, most_headings: int) -> list[Placed]:
    """The blocks on these pages; a figure or table that waits is soon in its place, before so many headings."""
    waiting = list(blocks)
    placed: list[Placed] = []
    headings = 0  # that went before the figure or table that waits
    since: dict[int, tuple[int, ...]] = {}  # the pages on which each block was the first that waits
    while waiting:
        block, is_turned = waiting[0]
        first: list[int] = []
        if pages.would_be_empty(block, is_turned=is_turned):
            began = since.setdefault(id(block), pages.numbers)
            late = max(now - then for now, then in zip(pages.numbers, began, strict=True))
            first = _what_can_go_first(waiting, pages) if late <= _MOST_LATE else []
            headings += sum(isinstance(waiting[i][0], Heading) for i in first)
            first = first if headings <= most_headings else []
        if not first:
            headings = 0
        taken = [waiting[i] for i in first or [0]]
        waiting = [one for i, one in enumerate(waiting) if i not in (first or [0])]
        placed += [pages.place(one, is_turned=is_one_turned) for one, is_one_turned in taken]
    return placed


def _what_can_go_first(waiting: Sequence[tuple[Block, bool]], pages: Pages) -> list[int]:
    """Which of the blocks below a figure or table go before it: the next words, or before a figure a table, with headings over them.

    Figures that follow a figure wait as well, and so does a table that would go to the next page. Under a heading that waits only
    blocks of its own section go first, and so under one that goes first: no heading is over another that was not.
    """
    (of, is_turned), *others = waiting
    kinds, headings = {type(of)} - {FigureBlock}, list[int]()
    has_own = pages.has_headings  # a heading that waits or goes first has a block that waits
    for i, (block, is_one_turned) in enumerate(others, start=1):
        is_at_the_end = isinstance(block, Paragraph) and block.is_small
        if type(block) in kinds or is_at_the_end or is_one_turned != is_turned:
            return []
        if isinstance(block, FigureBlock):
            if not isinstance(of, FigureBlock):
                return []
            has_own = has_own or bool(headings)
        elif (
            isinstance(block, TableBlock)
            and not headings
            and pages.would_be_empty(block, is_turned=is_turned)
        ):
            kinds.add(TableBlock)
        elif not isinstance(block, Heading):
            return [*headings, i]
        elif has_own:
            return []
        else:
            headings.append(i)
    return []

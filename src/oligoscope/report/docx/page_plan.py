"""How the blocks of a Word file share its pages: figures a little smaller, long tables over two pages, none of them half empty."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from oligoscope.bilingual import Language
from oligoscope.printing.blocks import Block, FigureBlock, Heading, Paragraph, TableBlock
from oligoscope.report.docx.pages import Pages, Placed

_MOST_HEADINGS = 3  # that a figure lets go first: it stays near the words that name it


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

    Args:
        blocks: In the order of the document.
        turned: Whether each is on a landscape page.
        figure_mm: The height of a figure on an upright or a landscape page.
        language: zh or en.
        above: Style and text of what the first page begins with.
        is_short: The file is the answer alone.
    """
    pages = Pages(language, figure_mm, is_short=is_short)
    pages.begin(above)
    waiting = list(zip(blocks, turned, strict=True))
    placed: list[Placed] = []
    headings = 0  # that went before the figure or table that waits
    while waiting:
        block, is_turned = waiting[0]
        first: list[int] = []
        if pages.would_be_empty(block, is_turned=is_turned):
            first = _what_can_go_first(waiting, pages)
            headings += sum(isinstance(waiting[i][0], Heading) for i in first)
            first = first if headings <= _MOST_HEADINGS else []
        if not first:
            headings = 0
        taken = [waiting[i] for i in first or [0]]
        waiting = [one for i, one in enumerate(waiting) if i not in (first or [0])]
        placed += [pages.place(one, is_turned=is_one_turned) for one, is_one_turned in taken]
    return placed


def _what_can_go_first(waiting: Sequence[tuple[Block, bool]], pages: Pages) -> list[int]:
    """Which of the blocks below a figure or table go before it: the next words, or before a figure a table, with headings over them.

    Figures that follow a figure wait as well, and so does a table that would go to the next page. Under a heading that waits only
    blocks of its own section go first: it is never over another heading with nothing between.
    """
    (of, is_turned), *others = waiting
    kinds, headings = {type(of)} - {FigureBlock}, list[int]()
    for i, (block, is_one_turned) in enumerate(others, start=1):
        is_at_the_end = isinstance(block, Paragraph) and block.is_small
        if type(block) in kinds or is_at_the_end or is_one_turned != is_turned:
            return []
        if isinstance(block, FigureBlock):
            if headings or not isinstance(of, FigureBlock):
                return []
            continue
        if (
            isinstance(block, TableBlock)
            and not headings
            and pages.would_be_empty(block, is_turned=is_turned)
        ):
            kinds.add(TableBlock)
        elif not isinstance(block, Heading):
            return [*headings, i]
        elif pages.has_headings:
            return []
        else:
            headings.append(i)
    return []

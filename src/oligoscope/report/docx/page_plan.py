"""How the blocks of a Word file share its pages: figures a little smaller, long tables over two pages, none of them half empty.

Word decides where pages end. This is an estimate in the face that is named (Times, which other systems replace by one of
the same widths): an error of a line in each paragraph would be a page at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import ceil
from unicodedata import east_asian_width

from oligoscope.bilingual import Language, Text
from oligoscope.drawing.theme import TEXT_WIDTH_MM
from oligoscope.plain_text import plain
from oligoscope.printing.blocks import Block, Depth, FigureBlock, Heading, Notice, Paragraph, TableBlock
from oligoscope.report.docx.column_widths import (
    LANDSCAPE_MM,
    PADDING_MM,
    PORTRAIT_MM,
    lay_out,
    named_width_mm,
    stacked,
)
from oligoscope.report.docx.docx_styles import TEXT_HEIGHT_MM, Look, looks
from oligoscope.report.docx.docx_table import printed_rows
from oligoscope.report.labels import joined_notes, languages_of

SMALLEST_SCALE = 0.86  # of a figure; its letters of 7 pt are printed in 6 pt
_SCALE_OF_ANSWER = 0.78  # of the curve of the answer, which has two pages
_MOST_EMPTY = 0.2  # of a page, below what is kept whole on the next one
_PT = 25.4 / 72  # mm
_MOST_HEADINGS = 3  # that a figure lets go first: it stays near the words that name it
_FEWEST_PARTED = 12  # rows of a table that is parted by the foot of a page
_CERTAIN = 0.95  # of what is free on a page: where it ends is an estimate
_LINES_OF_NOTE = 3  # that stay with a figure
_LEAST_LINES = 2  # of a paragraph, at the foot of a page
# Height of a line over the size of its letters, of Times, and of the Chinese face of systems without SimSun.
_LATIN_LINE, _CHINESE_LINE = 1.15, 1.45
_RAGGED = 1.02  # the words of a line do not fill it to the end


@dataclass(frozen=True, slots=True)
class Placed:
    """A block in its place.

    Attributes:
        block: The block.
        is_turned: Its page is landscape.
        scale: Of a figure.
        is_whole: A table stays on one page.
    """

    block: Block
    is_turned: bool
    scale: float = 1.0
    is_whole: bool = True


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
    page = _Page(language, figure_mm, is_short=is_short)
    page.begin(above)
    waiting = list(zip(blocks, turned, strict=True))
    placed: list[Placed] = []
    headings = 0  # that went before the figure or table that waits
    while waiting:
        block, is_turned = waiting[0]
        first: list[int] = []
        if page.would_be_empty(block, is_turned=is_turned):
            first = _what_can_go_first(waiting, page)
            headings += sum(isinstance(waiting[i][0], Heading) for i in first)
            first = first if headings <= _MOST_HEADINGS else []
        if not first:
            headings = 0
        taken = [waiting[i] for i in first or [0]]
        waiting = [one for i, one in enumerate(waiting) if i not in (first or [0])]
        placed += [page.place(one, is_turned=is_one_turned) for one, is_one_turned in taken]
    return placed


def style_of(block: Paragraph) -> str:
    """The style of a paragraph: of a list of references it is small."""
    return "Reference" if block.is_small else "BodyText"


def _what_can_go_first(waiting: Sequence[tuple[Block, bool]], page: _Page) -> list[int]:
    """Which of the blocks below a figure or table go before it: the next words, or before a figure a table, with headings over them.

    A table that would go to the next page, too, waits as well. Under a heading that waits only blocks of its own section
    go first: it is never over another heading with nothing between.
    """
    (of, is_turned), *others = waiting
    kinds, headings = {type(of)}, list[int]()
    for i, (block, is_one_turned) in enumerate(others, start=1):
        is_at_the_end = isinstance(block, Paragraph) and block.is_small
        if (
            isinstance(block, FigureBlock)
            or type(block) in kinds
            or is_at_the_end
            or is_one_turned != is_turned
        ):
            return []
        if isinstance(block, TableBlock) and not headings and page.would_be_empty(block, is_turned=is_turned):
            kinds.add(TableBlock)
        elif not isinstance(block, Heading):
            return [*headings, i]
        elif page.headings:
            return []
        else:
            headings.append(i)
    return []


@dataclass(frozen=True, slots=True)
class _Piece:
    """Something on a page, in millimetres.

    Attributes:
        before: Space that its style keeps above it.
        height: Of its own.
        after: Space below it.
        line: Height of a line of words or a row, of which it may be parted by the foot of a page; 0 where it stays whole.
    """

    before: float
    height: float
    after: float
    line: float = 0.0


class _Page:
    """The page that is being filled, in millimetres."""

    def __init__(
        self, language: Language, figure_mm: Callable[[FigureBlock, bool], float], *, is_short: bool
    ) -> None:
        self.language: Language = language
        self.figure_mm = figure_mm
        self.looks: Mapping[str, Look] = {look.id: look for look in looks(language, is_short=is_short)}
        self.is_turned, self.used, self.space = (
            False,
            0.0,
            0.0,
        )  # the last is the space below what is there, part of `used`
        self.headings: list[_Piece] = []

    @property
    def height(self) -> float:
        return PORTRAIT_MM if self.is_turned else TEXT_HEIGHT_MM

    @property
    def width(self) -> float:
        return LANDSCAPE_MM if self.is_turned else PORTRAIT_MM

    @property
    def left(self) -> float:
        """What is free below the headings that wait for the block they stand over."""
        return self.height - self.used - self._needed([])

    def begin(self, above: Sequence[tuple[str, str]]) -> None:
        """The title, and what is under it."""
        self._put([self._text(style, text) for style, text in above])

    def place(self, block: Block, *, is_turned: bool) -> Placed:
        """Put a block below what is there, or on the next page."""
        if is_turned != self.is_turned:
            self.is_turned = is_turned
            self._turn_over()
        match block:
            case Heading():
                self.headings.append(self._text(f"Heading{block.level - 1}", block.text[self.language]))
            case FigureBlock():
                return Placed(block, is_turned, scale=self._place_figure(block))
            case TableBlock():
                return Placed(block, is_turned, is_whole=self._place_table(block))
            case Paragraph():
                self._flow(style_of(block), block.text[self.language])
            case Notice():
                self._flow(f"Notice{block.kind.capitalize()}", block.text[self.language])
        return Placed(block, is_turned)

    def would_be_empty(self, block: Block, *, is_turned: bool) -> bool:
        """Whether a figure, or a table of few rows, goes to the next page and leaves much of this one free."""
        if not isinstance(block, FigureBlock | TableBlock):
            return False
        if is_turned != self.is_turned or self.left <= _MOST_EMPTY * self.height:
            return False
        if isinstance(block, FigureBlock):
            return self._scale_here(block) < self._smallest(block)
        is_whole = block.depth is not Depth.ANSWER and len(printed_rows(block)) < _FEWEST_PARTED
        return (
            is_whole
            and self._needed(self._with_note(block, _piece_of(list(self._rows(block)))))
            > self.height - self.used
        )

    def _place_figure(self, block: FigureBlock) -> float:
        scale = self._scale_here(block)
        if scale < self._smallest(block):
            self._turn_over()
            scale = self._largest(block)
        picture = self._picture(self.figure_mm(block, self.is_turned) * scale)
        self._put(
            [picture, *self._titles("FigureCaption", block), *self._notes(block, (block.figure.caption,))]
        )
        return scale

    def _scale_here(self, block: FigureBlock) -> float:
        """The largest at which a figure fits on this page with its title."""
        needed = self._needed([self._picture(0.0), *self._titles("FigureCaption", block)])
        lines = _LINES_OF_NOTE * self._line("TableNote", block.figure.caption[self.language])
        room = _CERTAIN * (self.height - self.used - needed) - lines
        return min(self._largest(block), room / self.figure_mm(block, self.is_turned))

    def _picture(self, mm: float) -> _Piece:
        return _Piece(self.looks["Figure"].before * _PT, mm, 0.0)

    def _largest(self, block: FigureBlock) -> float:
        return _SCALE_OF_ANSWER if block.depth is Depth.ANSWER and not _is_in_its_own_size(block) else 1.0

    def _smallest(self, block: FigureBlock) -> float:
        return 1.0 if _is_in_its_own_size(block) else SMALLEST_SCALE

    def _place_table(self, block: TableBlock) -> bool:
        """Whether the table is kept whole."""
        rows = list(self._rows(block))
        all_rows, title = _piece_of(rows), self._titles("Caption", block)
        whole, some = self._with_note(block, all_rows), [*title, _piece_of(rows[:4])]
        fits = self._needed(whole) <= self.height - self.used
        is_short = self._needed(whole, is_at_top=True) <= self.height
        # The answer has two pages: its tables are short.
        may_turn = block.depth is Depth.ANSWER or len(rows) <= _FEWEST_PARTED
        may_turn = may_turn or self.left <= _MOST_EMPTY * self.height
        is_whole = fits or (is_short and may_turn)
        if self._needed(whole if is_whole else some) > self.height - self.used:
            self._turn_over()
        self._put([*title, all_rows, *self._notes(block, block.table.notes)])
        return is_whole

    def _with_note(self, block: TableBlock, all_rows: _Piece) -> list[_Piece]:
        """Its title, its rows and the lines of its note that stay with them."""
        notes = self._notes(block, block.table.notes)[:1]
        lines = (replace(one, height=min(one.height, _LEAST_LINES * one.line), after=0.0) for one in notes)
        return [*self._titles("Caption", block), all_rows, *lines]

    def _rows(self, block: TableBlock) -> Iterator[float]:
        """The height of the head and of each row."""
        layout = lay_out(block.table, self.language)
        line = layout.size_pt * 1.3 * _PT
        heads = (
            (header.lines(self.language), mm)
            for header, mm in zip(block.table.columns, layout.widths_mm, strict=True)
        )
        yield (
            max(sum(_lines(text, layout.size_pt, mm) for text in lines) for lines, mm in heads) * line
            + 2 * _PT
        )
        for row in printed_rows(block):
            n = 1
            for i, (cell, mm) in enumerate(zip(row.cells, layout.widths_mm, strict=False)):
                text, across = cell.text[self.language], self.width if row.runs_over else mm
                parts = stacked(text) if layout.is_stacked and i else (text,)
                n = max(n, sum(_lines(part, layout.size_pt, across) for part in parts if part))
            yield n * line + 2.4 * _PT

    def _titles(self, style: str, block: TableBlock | FigureBlock) -> list[_Piece]:
        title = block.table.title if isinstance(block, TableBlock) else block.figure.title
        return [self._text(style, title[one]) for one in languages_of(block, self.language)]

    def _notes(self, block: TableBlock | FigureBlock, notes: tuple[Text, ...]) -> list[_Piece]:
        note = joined_notes(notes)
        return [self._text("TableNote", note[one]) for one in languages_of(block, self.language) if note[one]]

    def _flow(self, style: str, text: str) -> None:
        """Words run over the foot of a page; two lines of them are needed on it."""
        piece = self._text(style, text)
        least = replace(piece, height=min(piece.height, self._line(style, text) * _LEAST_LINES), after=0.0)
        if self._needed([least]) > self.height - self.used:
            self._turn_over()
        self._put([piece])

    def _needed(self, pieces: Sequence[_Piece], *, is_at_top: bool = False) -> float:
        """The height of headings that wait and of pieces below what is there; of the space between two, the larger one is kept."""
        total, space = 0.0, self.height if is_at_top or not self.used else self.space
        for piece in (*self.headings, *pieces):
            total += max(piece.before - space, 0.0) + piece.height + piece.after
            space = piece.after
        return total

    def _put(self, pieces: Sequence[_Piece]) -> None:
        """Fill the page with headings that wait and with these, and the next one with what is beyond its foot."""
        for piece in (*self.headings, *pieces):
            top = self.used + max(piece.before - self.space, 0.0) * bool(self.used)
            below = piece.height
            if top + piece.height > self.height:
                below = piece.height - self._lines_above_foot(piece, self.height - top) * piece.line
                top = 0.0
            self.used, self.space = (top + below) % self.height + piece.after, piece.after
        self.headings = []

    def _lines_above_foot(self, piece: _Piece, room: float) -> int:
        """How many lines of a piece are on this page: at least two, as on the next one, or none."""
        if not piece.line:
            return 0
        most = round(piece.height / piece.line) - _LEAST_LINES
        lines = min(int(room / piece.line), most)
        return lines if lines >= _LEAST_LINES else 0

    def _turn_over(self) -> None:
        self.used = self.space = 0.0

    def _text(self, style: str, text: str) -> _Piece:
        look = self.looks[style]
        height = _lines(text, look.size, self.width) * self._line(style, text)
        line = 0.0 if look.keeps_next or look.bar else self._line(style, text)
        return _Piece(look.before * _PT, height, look.after * _PT, line)

    def _line(self, style: str, text: str = "") -> float:
        look = self.looks[style]
        if look.has_exact_lines:
            return look.size * look.lines * _PT
        high = _CHINESE_LINE if any(map(_is_chinese, set(text))) else _LATIN_LINE
        return look.size * high * look.lines * _PT


def _piece_of(rows: Sequence[float]) -> _Piece:
    """Rows of a table, which can be parted between any two."""
    return _Piece(0.0, sum(rows), 0.0, min(rows))


def _is_in_its_own_size(block: FigureBlock) -> bool:
    """Whether a picture is drawn as it is to be printed, no letter smaller."""
    return block.figure.width_mm == TEXT_WIDTH_MM


@cache
def _is_chinese(sign: str) -> bool:
    return east_asian_width(sign) in "WF"


def _lines(text: str, size_pt: float, mm: float) -> int:
    """Lines of a text in a column; words do not fill them to the end."""
    room = max(mm - 2 * PADDING_MM, size_pt * _PT)
    return max(1, ceil(named_width_mm(plain(text), size_pt) * _RAGGED / room))

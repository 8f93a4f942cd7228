"""How full the pages of a Word file are, in each face that a computer may have.

The pages are estimated in all faces, and what is decided is right for all of them. An error of a line in each paragraph would
be a page at the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from oligoscope.drawing.theme import TEXT_WIDTH_MM
from oligoscope.printing.blocks import Block, Depth, FigureBlock, Heading, Notice, Paragraph, TableBlock
from oligoscope.report.docx.column_widths import PORTRAIT_MM
from oligoscope.report.docx.docx_styles import TEXT_HEIGHT_MM
from oligoscope.report.docx.docx_table import printed_rows
from oligoscope.report.docx.heights import LEAST_LINES, Heights, Piece

SMALLEST_SCALE = 0.86  # of a figure; its letters of 7 pt are printed in 6 pt
_MUCH_FREE = 0.2  # of a page, below its last line
_FEWEST_PARTED = 12  # rows of a table that is parted by the foot of a page
_CERTAIN = 0.95  # of what is free on a page: where it ends is an estimate
_LINES_OF_NOTE = 3  # that stay with a figure


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


def style_of(block: Paragraph) -> str:
    """The style of a paragraph: of a list of references it is small."""
    return "Reference" if block.is_small else "BodyText"


class Pages:
    """The pages that are being filled, one in each face: they hold the same blocks, in the same order and size."""

    def __init__(self, heights: Sequence[Heights], most_empty: float, *, is_for_first: bool = False) -> None:
        """`most_empty` is the part of a page that may stay free below what is kept whole on the next one.

        What is decided is right for all faces, or where it `is_for_first` for the first one.
        """
        self._each = [Page(of_face, most_empty) for of_face in heights]
        self._deciding = self._each[:2] if is_for_first else self._each

    @property
    def numbers(self) -> tuple[int, ...]:
        """Which page is being filled, in each face."""
        return tuple(page.number for page in self._each)

    @property
    def emptiness(self) -> tuple[float, ...]:
        """How empty the pages before it are below their last lines, in each face: squares of the parts beyond `_MUCH_FREE`."""
        return tuple(page.emptiness for page in self._each)

    @property
    def has_headings(self) -> bool:
        """Whether some wait for the block they stand over."""
        return bool(self._each[0].headings)

    def begin(self, above: Sequence[tuple[str, str]]) -> None:
        """The title, and what is under it."""
        for page in self._each:
            page.begin(above)

    def would_be_empty(self, block: Block, *, is_turned: bool) -> bool:
        """Whether in a face a figure, or a table of few rows, goes to the next page and leaves much of this one free."""
        return any(page.would_be_empty(block, is_turned=is_turned) for page in self._deciding)

    def place(self, block: Block, *, is_turned: bool) -> Placed:
        """Put a block below what is there, or on the next page."""
        for page in self._each:
            page.turn(is_turned=is_turned)
        if isinstance(block, FigureBlock):
            # Where it fits here in both faces, the smaller of two sizes; on the next page it has its full size.
            scale = min(page.scale_of(block) for page in self._deciding)
            for page in self._each:
                page.put_figure(block, scale)
            return Placed(block, is_turned, scale=scale)
        if isinstance(block, TableBlock):
            is_whole = all(page.keeps_whole(block) for page in self._deciding)
            for page in self._each:
                page.put_table(block, is_whole=is_whole)
            return Placed(block, is_turned, is_whole=is_whole)
        for page in self._each:
            page.put_words(block)
        return Placed(block, is_turned)


class Page:
    """The page that is being filled, in millimetres."""

    def __init__(self, heights: Heights, most_empty: float) -> None:
        self.of, self.most_empty = heights, most_empty
        self.is_turned, self.used = False, 0.0
        self.space = 0.0  # below what is there, part of `used`
        self.headings: list[Piece] = []
        self.number = 1  # of the page
        self.emptiness = 0.0  # of those before it

    @property
    def height(self) -> float:
        return PORTRAIT_MM if self.is_turned else TEXT_HEIGHT_MM

    @property
    def left(self) -> float:
        """What is free below the headings that wait for the block they stand over."""
        return self.height - self.used - self._needed([])

    def begin(self, above: Sequence[tuple[str, str]]) -> None:
        """The title, and what is under it."""
        self._put([self.of.text(style, text, is_turned=False) for style, text in above])

    def turn(self, *, is_turned: bool) -> None:
        """A landscape page follows an upright one, or the other way round."""
        if is_turned != self.is_turned:
            self._turn_over()
            self.is_turned = is_turned

    def put_words(self, block: Block) -> None:
        """A heading waits for what it stands over; other words flow."""
        words: str = block.text[self.of.language] if isinstance(block, Heading | Paragraph | Notice) else ""
        match block:
            case Heading():
                self.headings.append(
                    self.of.text(f"Heading{block.level - 1}", words, is_turned=self.is_turned)
                )
            case Paragraph():
                self._flow(style_of(block), words)
            case Notice():
                self._flow(f"Notice{block.kind.capitalize()}", words)

    def would_be_empty(self, block: Block, *, is_turned: bool) -> bool:
        """Whether a figure, or a table of few rows, goes to the next page and leaves much of this one free."""
        if not isinstance(block, FigureBlock | TableBlock):
            return False
        if is_turned != self.is_turned or self.left <= self.most_empty * self.height:
            return False
        if isinstance(block, FigureBlock):
            return self._scale_here(block) < self._smallest(block)
        if block.depth is Depth.ANSWER or len(printed_rows(block)) >= _FEWEST_PARTED:
            return False
        return self._needed(self._with_note(block)) > self.height - self.used

    def scale_of(self, block: FigureBlock) -> float:
        """The size at which a figure is printed: on this page where it fits."""
        scale = self._scale_here(block)
        return scale if scale >= self._smallest(block) else 1.0

    def put_figure(self, block: FigureBlock, scale: float) -> None:
        """Put a figure on this page, or on the next one."""
        if self._scale_here(block) < min(scale, self._smallest(block)):
            self._turn_over()
        picture = self.of.picture(self.of.figure_mm(block, self.is_turned) * scale)
        self._put([picture, *self._titles(block), *self._notes(block)])

    def _scale_here(self, block: FigureBlock) -> float:
        """The largest at which a figure fits on this page with its title."""
        needed = self._needed([self.of.picture(0.0), *self._titles(block)])
        lines = _LINES_OF_NOTE * self.of.line("TableNote", block.figure.caption[self.of.language])
        room = _CERTAIN * (self.height - self.used - needed) - lines
        return min(1.0, room / self.of.figure_mm(block, self.is_turned))

    def _smallest(self, block: FigureBlock) -> float:
        # The answer has two pages: its pictures may be smaller.
        return 1.0 if _is_in_its_own_size(block) and block.depth is not Depth.ANSWER else SMALLEST_SCALE

    def keeps_whole(self, block: TableBlock) -> bool:
        """Whether a table is kept whole, on this page or on the next one."""
        whole = self._with_note(block)
        fits = self._needed(whole) <= self.height - self.used
        is_short = self._needed(whole, is_at_top=True) <= self.height
        # The answer has two pages: its tables are short.
        may_turn = block.depth is Depth.ANSWER or len(self.of.rows(block)) <= _FEWEST_PARTED
        may_turn = may_turn or self.left <= self.most_empty * self.height
        return fits or (is_short and may_turn)

    def put_table(self, block: TableBlock, *, is_whole: bool) -> None:
        """Put a table on this page, or begin it on the next one."""
        rows, titles = self.of.rows(block), self._titles(block)
        some = [*titles, _piece_of(rows[:4])]
        if self._needed(self._with_note(block) if is_whole else some) > self.height - self.used:
            self._turn_over()
        self._put([*titles, _piece_of(rows), *self._notes(block)])

    def _with_note(self, block: TableBlock) -> list[Piece]:
        """Its title, its rows and the lines of its note that stay with them."""
        notes = self._notes(block)[:1]
        lines = (replace(one, height=min(one.height, LEAST_LINES * one.line), after=0.0) for one in notes)
        return [*self._titles(block), _piece_of(self.of.rows(block)), *lines]

    def _titles(self, block: TableBlock | FigureBlock) -> list[Piece]:
        style = "Caption" if isinstance(block, TableBlock) else "FigureCaption"
        return self.of.titles(style, block, is_turned=self.is_turned)

    def _notes(self, block: TableBlock | FigureBlock) -> list[Piece]:
        return self.of.notes(block, is_turned=self.is_turned)

    def _flow(self, style: str, text: str) -> None:
        """Words run over the foot of a page; two lines of them are needed on it."""
        piece = self.of.text(style, text, is_turned=self.is_turned)
        lines = self.of.line(style, text) * LEAST_LINES
        least = replace(piece, height=min(piece.height, lines), after=0.0)
        if self._needed([least]) > self.height - self.used:
            self._turn_over()
        self._put([piece])

    def _needed(self, pieces: Sequence[Piece], *, is_at_top: bool = False) -> float:
        """The height of headings that wait and of pieces below what is there; of the space between two, the larger one is kept."""
        total, space = 0.0, self.height if is_at_top or not self.used else self.space
        for piece in (*self.headings, *pieces):
            total += max(piece.before - space, 0.0) + piece.height + piece.after
            space = piece.after
        return total

    def _put(self, pieces: Sequence[Piece]) -> None:
        """Fill the page with headings that wait and with these, and the next one with what is beyond its foot."""
        for piece in (*self.headings, *pieces):
            top = self.used + max(piece.before - self.space, 0.0) * bool(self.used)
            below = piece.height
            if top + piece.height > self.height:
                self.number += 1
                above = self._lines_above_foot(piece, self.height - top) * piece.line
                below = piece.height - above + (piece.head if above else 0.0)
                top = 0.0
            self.used, self.space = (top + below) % self.height + piece.after, piece.after
        self.headings = []

    def _lines_above_foot(self, piece: Piece, room: float) -> int:
        """How many lines of a piece are on this page: at least two, as on the next one, or none."""
        if not piece.line:
            return 0
        most = round(piece.height / piece.line) - LEAST_LINES
        lines = min(int(room / piece.line), most)
        return lines if lines >= LEAST_LINES else 0

    def _turn_over(self) -> None:
        """Leave the rest of this page free."""
        if self.used:
            self.number += 1
            self.emptiness += max(1.0 - self.used / self.height - _MUCH_FREE, 0.0) ** 2
        self.used = self.space = 0.0


def _piece_of(rows: Sequence[float]) -> Piece:
    """Rows of a table, which can be parted between any two; the first is its head."""
    return Piece(0.0, sum(rows), 0.0, min(rows), rows[0])


def _is_in_its_own_size(block: FigureBlock) -> bool:
    """Whether a picture is drawn as it is to be printed, no letter smaller."""
    return block.figure.width_mm == TEXT_WIDTH_MM

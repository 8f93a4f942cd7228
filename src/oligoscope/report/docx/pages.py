"""How full the pages of a Word file are, in each face that a computer may have.

Word decides where pages end, and the lines of its text hang on the face: a computer without Times takes one of the same widths
or a wider one (`FACES`), in which the same words have a quarter more lines. So the pages are estimated in both, and what is
decided is right for both. An error of a line in each paragraph would be a page at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import ceil
from unicodedata import east_asian_width

from oligoscope.bilingual import Language, Text
from oligoscope.drawing.theme import MM_PER_PT, TEXT_WIDTH_MM
from oligoscope.printing.blocks import Block, Depth, FigureBlock, Heading, Notice, Paragraph, TableBlock
from oligoscope.report.docx.column_widths import (
    LANDSCAPE_MM,
    PADDING_MM,
    PORTRAIT_MM,
    lay_out,
    stacked,
)
from oligoscope.report.docx.docx_styles import TEXT_HEIGHT_MM, Look, looks
from oligoscope.report.docx.docx_table import printed_rows
from oligoscope.report.docx.faces import FACES, Face, width_mm
from oligoscope.report.labels import joined_notes, languages_of

SMALLEST_SCALE = 0.86  # of a figure; its letters of 7 pt are printed in 6 pt
_SCALE_OF_ANSWER = 0.78  # of the curve of the answer, which has two pages
_MOST_EMPTY = 0.2  # of a page, below what is kept whole on the next one
_FEWEST_PARTED = 12  # rows of a table that is parted by the foot of a page
_CERTAIN = 0.95  # of what is free on a page: where it ends is an estimate
_LINES_OF_NOTE = 3  # that stay with a figure
_WIDEST_EM = 1.1  # more than any sign takes of a line, in any face
_LEAST_LINES = 2  # of a paragraph, at the foot of a page
_CHINESE_LINE = 1.45  # height over the size of its letters, of the face of systems without SimSun


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


class Pages:
    """The pages that are being filled, one in each face: they hold the same blocks, in the same order and size."""

    def __init__(
        self, language: Language, figure_mm: Callable[[FigureBlock, bool], float], *, is_short: bool
    ) -> None:
        self._each = [Page(face, language, figure_mm, is_short=is_short) for face in FACES]

    @property
    def numbers(self) -> tuple[int, ...]:
        """Which page is being filled, in each face."""
        return tuple(page.number for page in self._each)

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
        return any(page.would_be_empty(block, is_turned=is_turned) for page in self._each)

    def place(self, block: Block, *, is_turned: bool) -> Placed:
        """Put a block below what is there, or on the next page."""
        for page in self._each:
            page.turn(is_turned=is_turned)
        if isinstance(block, FigureBlock):
            # Where it fits here in both faces, the smaller of two sizes; on the next page it has its full size.
            scale = min(page.scale_of(block) for page in self._each)
            for page in self._each:
                page.put_figure(block, scale)
            return Placed(block, is_turned, scale=scale)
        if isinstance(block, TableBlock):
            rows = [page.rows(block) for page in self._each]
            each = list(zip(self._each, rows, strict=True))
            is_whole = all(page.keeps_whole(block, own) for page, own in each)
            for page, own in each:
                page.put_table(block, own, is_whole=is_whole)
            return Placed(block, is_turned, is_whole=is_whole)
        for page in self._each:
            page.put_words(block)
        return Placed(block, is_turned)


class Page:
    """The page that is being filled, in millimetres."""

    def __init__(
        self,
        face: Face,
        language: Language,
        figure_mm: Callable[[FigureBlock, bool], float],
        *,
        is_short: bool,
    ) -> None:
        self.face = face
        self.language: Language = language
        self.figure_mm = figure_mm
        self.looks: Mapping[str, Look] = {look.id: look for look in looks(language, is_short=is_short)}
        self.is_turned, self.used = False, 0.0
        self.space = 0.0  # below what is there, part of `used`
        self.headings: list[_Piece] = []
        self.number = 1  # of the page

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

    def turn(self, *, is_turned: bool) -> None:
        """A landscape page follows an upright one, or the other way round."""
        if is_turned != self.is_turned:
            self.is_turned = is_turned
            self._turn_over()

    def put_words(self, block: Block) -> None:
        """A heading waits for what it stands over; other words flow."""
        match block:
            case Heading():
                self.headings.append(self._text(f"Heading{block.level - 1}", block.text[self.language]))
            case Paragraph():
                self._flow(style_of(block), block.text[self.language])
            case Notice():
                self._flow(f"Notice{block.kind.capitalize()}", block.text[self.language])

    def would_be_empty(self, block: Block, *, is_turned: bool) -> bool:
        """Whether a figure, or a table of few rows, goes to the next page and leaves much of this one free."""
        if not isinstance(block, FigureBlock | TableBlock):
            return False
        if is_turned != self.is_turned or self.left <= _MOST_EMPTY * self.height:
            return False
        if isinstance(block, FigureBlock):
            return self._scale_here(block) < self._smallest(block)
        if block.depth is Depth.ANSWER or len(printed_rows(block)) >= _FEWEST_PARTED:
            return False
        return self._needed(self._with_note(block, _piece_of(self.rows(block)))) > self.height - self.used

    def scale_of(self, block: FigureBlock) -> float:
        """The size at which a figure is printed: on this page where it fits."""
        scale = self._scale_here(block)
        return scale if scale >= self._smallest(block) else self._largest(block)

    def put_figure(self, block: FigureBlock, scale: float) -> None:
        """Put a figure on this page, or on the next one."""
        if self._scale_here(block) < min(scale, self._smallest(block)):
            self._turn_over()
        picture = self._picture(self.figure_mm(block, self.is_turned) * scale)
        self._put(
            [picture, *self._titles("FigureCaption", block), *self._notes(block, (block.figure.caption,))]
        )

    def _scale_here(self, block: FigureBlock) -> float:
        """The largest at which a figure fits on this page with its title."""
        needed = self._needed([self._picture(0.0), *self._titles("FigureCaption", block)])
        lines = _LINES_OF_NOTE * self._line("TableNote", block.figure.caption[self.language])
        room = _CERTAIN * (self.height - self.used - needed) - lines
        return min(self._largest(block), room / self.figure_mm(block, self.is_turned))

    def _picture(self, mm: float) -> _Piece:
        return _Piece(self.looks["Figure"].before * MM_PER_PT, mm, 0.0)

    def _largest(self, block: FigureBlock) -> float:
        return _SCALE_OF_ANSWER if block.depth is Depth.ANSWER and not _is_in_its_own_size(block) else 1.0

    def _smallest(self, block: FigureBlock) -> float:
        return 1.0 if _is_in_its_own_size(block) else min(SMALLEST_SCALE, self._largest(block))

    def keeps_whole(self, block: TableBlock, rows: Sequence[float]) -> bool:
        """Whether a table of rows of these heights is kept whole, on this page or on the next one."""
        whole = self._with_note(block, _piece_of(rows))
        fits = self._needed(whole) <= self.height - self.used
        is_short = self._needed(whole, is_at_top=True) <= self.height
        # The answer has two pages: its tables are short.
        may_turn = block.depth is Depth.ANSWER or len(rows) <= _FEWEST_PARTED
        may_turn = may_turn or self.left <= _MOST_EMPTY * self.height
        return fits or (is_short and may_turn)

    def put_table(self, block: TableBlock, rows: Sequence[float], *, is_whole: bool) -> None:
        """Put a table on this page, or begin it on the next one."""
        all_rows, title = _piece_of(rows), self._titles("Caption", block)
        whole, some = self._with_note(block, all_rows), [*title, _piece_of(rows[:4])]
        if self._needed(whole if is_whole else some) > self.height - self.used:
            self._turn_over()
        self._put([*title, all_rows, *self._notes(block, block.table.notes)])

    def _with_note(self, block: TableBlock, all_rows: _Piece) -> list[_Piece]:
        """Its title, its rows and the lines of its note that stay with them."""
        notes = self._notes(block, block.table.notes)[:1]
        lines = (replace(one, height=min(one.height, _LEAST_LINES * one.line), after=0.0) for one in notes)
        return [*self._titles("Caption", block), all_rows, *lines]

    def rows(self, block: TableBlock) -> list[float]:
        """The height of the head and of each row of a table."""
        return list(self._rows(block))

    def _rows(self, block: TableBlock) -> Iterator[float]:
        layout = lay_out(block.table, self.language)
        line = layout.size_pt * 1.3 * MM_PER_PT
        heads = (
            (header.lines(self.language), mm)
            for header, mm in zip(block.table.columns, layout.widths_mm, strict=True)
        )
        yield (
            max(sum(self._lines(text, layout.size_pt, mm) for text in lines) for lines, mm in heads) * line
            + 2 * MM_PER_PT
        )
        for row in printed_rows(block):
            n, runs_over = 1, row.runs_over
            for i, (cell, mm) in enumerate(zip(row.cells, layout.widths_mm, strict=False)):
                text, across = cell.text[self.language], self.width if runs_over else mm
                parts = stacked(text) if layout.is_stacked and i else (text,)
                n = max(n, sum(self._lines(part, layout.size_pt, across) for part in parts if part))
            yield n * line + 2.4 * MM_PER_PT

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
                self.number += 1
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
        self.number += bool(self.used)
        self.used = self.space = 0.0

    def _text(self, style: str, text: str) -> _Piece:
        look = self.looks[style]
        height = self._lines(text, look.size, self.width) * self._line(style, text)
        line = 0.0 if look.keeps_next or look.bar else self._line(style, text)
        return _Piece(look.before * MM_PER_PT, height, look.after * MM_PER_PT, line)

    def _line(self, style: str, text: str = "") -> float:
        look = self.looks[style]
        if look.has_exact_lines:
            return look.size * look.lines * MM_PER_PT
        high = _CHINESE_LINE if any(map(_is_chinese, set(text))) else self.face.line
        return look.size * high * look.lines * MM_PER_PT

    def _lines(self, text: str, size_pt: float, mm: float) -> int:
        """Lines of a text in a column; words do not fill them to the end."""
        room = max(mm - 2 * PADDING_MM, size_pt * MM_PER_PT)
        if len(text) * _WIDEST_EM * size_pt * MM_PER_PT <= room:  # as most cells are
            return 1
        return max(1, ceil(width_mm(text, size_pt, self.face) * self.face.ragged / room))


def _piece_of(rows: Sequence[float]) -> _Piece:
    """Rows of a table, which can be parted between any two."""
    return _Piece(0.0, sum(rows), 0.0, min(rows))


def _is_in_its_own_size(block: FigureBlock) -> bool:
    """Whether a picture is drawn as it is to be printed, no letter smaller."""
    return block.figure.width_mm == TEXT_WIDTH_MM


@cache
def _is_chinese(sign: str) -> bool:
    return east_asian_width(sign) in "WF"

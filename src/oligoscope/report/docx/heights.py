"""How high what a Word file consists of is on a page, in one face.

Word decides where pages end, and the lines of its text hang on the face: a computer without Times takes one of the same widths
or a wider one (`FACES`), in which the same words have a quarter more lines.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass
from functools import cache
from math import ceil
from unicodedata import east_asian_width

from oligoscope.bilingual import Language
from oligoscope.drawing.theme import MM_PER_PT
from oligoscope.printing.blocks import FigureBlock, TableBlock
from oligoscope.report.docx.column_widths import LANDSCAPE_MM, PADDING_MM, PORTRAIT_MM, lay_out, stacked
from oligoscope.report.docx.docx_styles import Look, looks
from oligoscope.report.docx.docx_table import printed_rows
from oligoscope.report.docx.faces import Face, width_mm
from oligoscope.report.labels import joined_notes, languages_of

LEAST_LINES = 2  # of a paragraph, at the foot of a page
_WIDEST_EM = 1.1  # more than any sign takes of a line, in any face
_CHINESE_LINE = 1.45  # height over the size of its letters, of the face of systems without SimSun


@dataclass(frozen=True, slots=True)
class Piece:
    """Something on a page, in millimetres.

    Attributes:
        before: Space that its style keeps above it.
        height: Of its own.
        after: Space below it.
        line: Height of a line of words or a row, of which it may be parted by the foot of a page; 0 where it stays whole.
        head: Height of what the next page repeats, where it is parted.
    """

    before: float
    height: float
    after: float
    line: float = 0.0
    head: float = 0.0


class Heights:
    """The heights in one face and language; each is worked out once, however many plans are tried."""

    def __init__(
        self,
        face: Face,
        language: Language,
        figure_mm: Callable[[FigureBlock, bool], float],
        *,
        is_short: bool,
    ) -> None:
        """`figure_mm` gives the height of a figure on an upright or a landscape page; `is_short` is the file of the answer."""
        self.face, self._taller = face, 1.0
        self.language: Language = language
        self.figure_mm = figure_mm
        self._looks: Mapping[str, Look] = {look.id: look for look in looks(language, is_short=is_short)}
        self._texts: dict[tuple[str, str, bool], Piece] = {}
        self._tables: dict[int, list[float]] = {}
        self._text_lines: dict[tuple[str, str, bool], int] = {}
        self._table_lines: dict[int, tuple[TableBlock, float, list[int]]] = {}

    def taller(self, times: float) -> Heights:
        """The same with words and rows so many times taller than they are reckoned to be; how many lines they have is counted once."""
        other = copy(self)
        other._taller, other._texts, other._tables = times, {}, {}
        return other

    def text(self, style: str, text: str, *, is_turned: bool) -> Piece:
        """A paragraph."""
        key = style, text, is_turned
        if key not in self._texts:
            look, width = self._looks[style], LANDSCAPE_MM if is_turned else PORTRAIT_MM
            if key not in self._text_lines:
                self._text_lines[key] = self._lines(text, look.size, width)
            height = self._text_lines[key] * self.line(style, text)
            line = 0.0 if look.keeps_next or look.bar else self.line(style, text)
            self._texts[key] = Piece(look.before * MM_PER_PT, height, look.after * MM_PER_PT, line)
        return self._texts[key]

    def titles(self, style: str, block: TableBlock | FigureBlock, *, is_turned: bool) -> list[Piece]:
        """The title of a table or figure, in each of its languages."""
        title = block.table.title if isinstance(block, TableBlock) else block.figure.title
        return [
            self.text(style, title[one], is_turned=is_turned) for one in languages_of(block, self.language)
        ]

    def notes(self, block: TableBlock | FigureBlock, *, is_turned: bool) -> list[Piece]:
        """The notes below it."""
        notes = block.table.notes if isinstance(block, TableBlock) else (block.figure.caption,)
        note = joined_notes(notes)
        return [
            self.text("TableNote", note[one], is_turned=is_turned)
            for one in languages_of(block, self.language)
            if note[one]
        ]

    def picture(self, mm: float) -> Piece:
        """A picture of this height."""
        return Piece(self._looks["Figure"].before * MM_PER_PT, mm, 0.0)

    def rows(self, block: TableBlock) -> list[float]:
        """The height of the head and of each row of a table."""
        if id(block) not in self._tables:
            # By its place in memory, which no other block has while it is held.
            if id(block) not in self._table_lines:
                self._table_lines[id(block)] = block, *self._counted(block)
            _, size_pt, (head, *rows) = self._table_lines[id(block)]
            line = size_pt * 1.3 * MM_PER_PT * self._taller
            own = [head * line + 2 * MM_PER_PT, *(n * line + 2.4 * MM_PER_PT for n in rows)]
            self._tables[id(block)] = own
        return self._tables[id(block)]

    def _counted(self, block: TableBlock) -> tuple[float, list[int]]:
        """The size of the letters, and the lines of the head and of each row."""
        layout = lay_out(block.table, self.language)
        whole, size = LANDSCAPE_MM if layout.is_turned else PORTRAIT_MM, layout.size_pt
        heads = (
            (header.lines(self.language), mm)
            for header, mm in zip(block.table.columns, layout.widths_mm, strict=True)
        )
        counts = [max(sum(self._lines(text, size, mm) for text in lines) for lines, mm in heads)]
        for row in printed_rows(block):
            n, runs_over = 1, row.runs_over
            for i, (cell, mm) in enumerate(zip(row.cells, layout.widths_mm, strict=False)):
                text, across = cell.text[self.language], whole if runs_over else mm
                parts = stacked(text) if layout.is_stacked and i else (text,)
                n = max(n, sum(self._lines(part, size, across) for part in parts if part))
            counts.append(n)
        return size, counts

    def line(self, style: str, text: str = "") -> float:
        """The height of a line of these words."""
        look = self._looks[style]
        if look.has_exact_lines:
            return look.size * look.lines * MM_PER_PT * self._taller
        high = _CHINESE_LINE if any(map(_is_chinese, set(text))) else self.face.line
        return look.size * high * look.lines * MM_PER_PT * self._taller

    def _lines(self, text: str, size_pt: float, mm: float) -> int:
        """Lines of a text in a column; at the end of each, half a word stays free, of Chinese half a sign."""
        em = size_pt * MM_PER_PT
        room = max(mm - 2 * PADDING_MM, em)
        if len(text) * _WIDEST_EM * em <= room:  # as most cells are
            return 1
        width = width_mm(text, size_pt, self.face)
        if width <= room:
            return 1
        word = em if any(map(_is_chinese, set(text))) else width / (text.count(" ") + 1)
        return max(2, ceil(width / max(room - word / 2, room / 2)))


@cache
def _is_chinese(sign: str) -> bool:
    return east_asian_width(sign) in "WF"

"""How wide the columns of a printed table are, and whether it needs the page turned."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from oligoscope.bilingual import Language
from oligoscope.drawing.theme import MM_PER_PT, TEXT_WIDTH_MM
from oligoscope.printing.table import Header, Row, Table
from oligoscope.report.docx.faces import SAFE_TIMES, SAFE_WIDE, Face, em

PORTRAIT_MM, LANDSCAPE_MM = TEXT_WIDTH_MM, 261.0  # width of the text on A4
SIZES_PT = (9.0, 8.5, 8.0, 7.5, 7.0)  # tried in this order
PADDING_MM = 0.7  # at each side of a cell
_NAME_EM = 12.0  # names of rows are broken only beyond this
_MOST_LINES, _TEXT_EM = 6.0, 20.0  # a long text gets room for so many lines, up to this width
_LONGEST_NUMBER = 26  # characters; longer cells in a column of numbers may be broken
_CJK = r"\u3000-\u9fff\uff00-\uffef"
_HEAD_PIECE = re.compile(rf"[{_CJK}]{{1,5}}|[^\s{_CJK}]+")  # Chinese has no words to keep whole
_SHORT_WORD = 8  # letters; in a head it is not divided
_SPARE_EM = 0.2  # beside a number, because programs round widths
_BRACKETS = re.compile(r"(.*\S) ?(\([^()]*\)\w?)")  # with the letter of a footnote
_BREAK = re.compile(r"[\s/_.-]|(?<=[\u3000-\u9fff\uff00-\uffef])")  # where a line may end


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is placed on its page.

    Attributes:
        size_pt: Size of its letters.
        widths_mm: Width of each column.
        is_turned: Its page is landscape.
        is_stacked: Brackets go below the number before them.
    """

    size_pt: float
    widths_mm: tuple[float, ...]
    is_turned: bool = False
    is_stacked: bool = False


@lru_cache(maxsize=500)  # the pages are planned twice before they are written
def lay_out(table: Table, language: Language) -> Layout:
    """The largest letters at which no number is broken; first upright, then stacked, then turned.

    Numbers must fit in a wide face where they can, because a computer without Times takes another; that alone does not
    turn a page. A table too wide even for a turned page gets the smallest letters there, and breaks its cells.
    """
    needs = cache(lambda is_stacked, face: _needs(table, language, is_stacked, face))
    upright = [(False, is_stacked, size) for is_stacked in (False, True) for size in SIZES_PT[:-1]]
    turned = [(True, is_stacked, size) for is_stacked in (False, True) for size in SIZES_PT]
    for ways in (upright, turned):
        # What fits in Times alone is made as small as it may be, to come nearest to fitting in another face.
        tried = ((_fits_in_any_face, ways), (_fits_with_divided_heads, ways), (_fits_in_times, ways[::-1]))
        for fits, in_order in tried:
            for is_turned, is_stacked, size in in_order:
                room = LANDSCAPE_MM if is_turned else PORTRAIT_MM
                if fits(needs, is_stacked, size, room):
                    return Layout(size, _widths(needs, is_stacked, size, room), is_turned, is_stacked)
    return Layout(SIZES_PT[-1], _widths(needs, True, SIZES_PT[-1], LANDSCAPE_MM), True, True)


def _fits_in_any_face(needs: _NeedsIn, is_stacked: bool, size: float, room: float) -> bool:
    return sum(_mm(need.least, size) for need in needs(is_stacked, SAFE_WIDE)) <= room


def _fits_with_divided_heads(needs: _NeedsIn, is_stacked: bool, size: float, room: float) -> bool:
    """Its numbers in any face, all of it in Times."""
    pairs = zip(needs(is_stacked, SAFE_WIDE), needs(is_stacked, SAFE_TIMES), strict=True)
    both = sum(max(_mm(wide.number, size), _mm(times.least, size)) for wide, times in pairs)
    wide = sum(_mm(need.cell, size) for need in needs(is_stacked, SAFE_WIDE))
    return max(both, wide) <= room


def _fits_in_times(needs: _NeedsIn, is_stacked: bool, size: float, room: float) -> bool:
    return sum(_mm(need.least, size) for need in needs(is_stacked, SAFE_TIMES)) <= room


def _widths(needs: _NeedsIn, is_stacked: bool, size: float, room: float) -> tuple[float, ...]:
    """What there is goes first to single numbers, then to whole cells, then to the words of heads, then to whole lines.

    In a wide face; where all of the table fits in Times, no column gets less than it needs there.
    """
    wide = needs(is_stacked, SAFE_WIDE)
    in_times = [_mm(need.least, size) for need in needs(is_stacked, SAFE_TIMES)]
    numbers = [_mm(need.number, size) for need in wide]
    cells = [_mm(need.cell, size) for need in wide]
    widths = numbers
    for least in (numbers, cells):
        both = [max(pair) for pair in zip(least, in_times, strict=True)]
        if sum(both) <= room:
            widths = both
    if sum(widths) > room:
        return tuple(room * width / sum(widths) for width in widths)
    for wish in ("cell", "least", "most"):
        wanted = [
            max(_mm(getattr(need, wish), size) - width, 0.0) for need, width in zip(wide, widths, strict=True)
        ]
        share = min(1.0, (room - sum(widths)) / sum(wanted)) if sum(wanted) > 0 else 0.0
        widths = [width + share * more for width, more in zip(widths, wanted, strict=True)]
    return tuple(room * width / sum(widths) for width in widths)


def stacked(text: str) -> tuple[str, str]:
    """`9.3 (7.7 to 11.0)` as two lines; a text without brackets at its end is one, and a blank."""
    found = _BRACKETS.fullmatch(text)
    return (text, "") if found is None else (found[1], found[2])


@dataclass(frozen=True, slots=True)
class _Need:
    """Widths that a column wants, in em, each at least the one before it.

    Attributes:
        number: Of its longest number or word, which would be broken inside.
        cell: Of its longest cell that is not to be broken.
        least: That, and the longest word of its head.
        most: Its longest line.
    """

    number: float
    cell: float
    least: float
    most: float


# What the columns of one table want, by whether brackets are below their numbers, in a face.
_NeedsIn = Callable[[bool, Face], list[_Need]]


def _needs(table: Table, language: Language, is_stacked: bool, face: Face) -> list[_Need]:
    """What each column wants in a face."""
    rows = [row for row in table.rows if not row.runs_over]
    return [_need(table.columns[i], rows, i, language, is_stacked, face) for i in range(len(table.columns))]


def _need(
    header: Header, rows: list[Row], column: int, language: Language, is_stacked: bool, face: Face
) -> _Need:
    head = header.lines(language)
    lines: set[str] = set()  # many cells of a column are the same
    pieces: set[str] = set()
    for row in rows:
        cell = row.cells[column]
        text = cell.text[language] + cell.mark
        if column == 0:
            shown = ["　" * row.indent + text]
        else:
            shown = list(stacked(text)) if is_stacked else [text]
        new = [line for line in shown if line not in lines]
        lines.update(new)
        is_number = header.align == "center" and len(text) <= _LONGEST_NUMBER
        pieces.update(new if is_number else (piece for line in new for piece in _BREAK.split(line)))

    def widest(texts: Iterable[str]) -> float:
        return max((em(text, face) for text in texts), default=0.0)

    short = face.bold * widest(word for word in head[0].split() if len(word) <= _SHORT_WORD)
    number = max(short, widest(piece for line in pieces for piece in line.split())) + _SPARE_EM
    most = max(widest(lines), widest(head))
    cell = max(number, widest(pieces))
    if column == 0:
        cell = max(cell, min(most, _NAME_EM))
    if header.align == "start":
        cell = max(cell, min(most / _MOST_LINES, _TEXT_EM))
    least = max(
        cell, widest(_HEAD_PIECE.findall(" ".join(head))), face.bold * widest(_HEAD_PIECE.findall(head[0]))
    )
    return _Need(number, cell, least, max(least, most))


def _mm(width_em: float, size_pt: float) -> float:
    return width_em * size_pt * MM_PER_PT + 2 * PADDING_MM

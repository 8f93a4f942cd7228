"""How wide the columns of a printed table are, and whether it needs the page turned."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from unicodedata import east_asian_width

from oligoscope.bilingual import Language
from oligoscope.drawing.theme import TEXT_WIDTH_MM
from oligoscope.plain_text import plain
from oligoscope.printing.table import Header, Row, Table

PORTRAIT_MM, LANDSCAPE_MM = TEXT_WIDTH_MM, 261.0  # width of the text on A4
SIZES_PT = (9.0, 8.5, 8.0, 7.5, 7.0)  # tried in this order
PADDING_MM = 0.7  # at each side of a cell
_PT = 25.4 / 72  # mm
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
                    return Layout(size, _widths(needs(is_stacked, _WIDE), size, room), is_turned, is_stacked)
    return Layout(SIZES_PT[-1], _widths(needs(True, _WIDE), SIZES_PT[-1], LANDSCAPE_MM), True, True)


def _fits_in_any_face(needs: _NeedsIn, is_stacked: bool, size: float, room: float) -> bool:
    return sum(_mm(need.least, size) for need in needs(is_stacked, _WIDE)) <= room


def _fits_with_divided_heads(needs: _NeedsIn, is_stacked: bool, size: float, room: float) -> bool:
    """Its numbers in any face, all of it in Times."""
    wide = sum(_mm(need.cell, size) for need in needs(is_stacked, _WIDE))
    return wide <= room and _fits_in_times(needs, is_stacked, size, room)


def _fits_in_times(needs: _NeedsIn, is_stacked: bool, size: float, room: float) -> bool:
    return sum(_mm(need.least, size) for need in needs(is_stacked, _TIMES)) <= room


def _widths(needs: list[_Need], size: float, room: float) -> tuple[float, ...]:
    """What there is goes first to single numbers, then to whole cells, then to the words of heads, then to whole lines."""
    widths = [_mm(need.number, size) for need in needs]
    if sum(widths) > room:
        return tuple(room * width / sum(widths) for width in widths)
    for wish in ("cell", "least", "most"):
        wanted = [_mm(getattr(need, wish), size) - width for need, width in zip(needs, widths, strict=True)]
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
_NeedsIn = Callable[[bool, "_Face"], list[_Need]]


def _needs(table: Table, language: Language, is_stacked: bool, face: _Face) -> list[_Need]:
    """What each column wants in a face."""
    rows = [row for row in table.rows if not row.runs_over]
    return [_need(table.columns[i], rows, i, language, is_stacked, face) for i in range(len(table.columns))]


def _need(
    header: Header, rows: list[Row], column: int, language: Language, is_stacked: bool, face: _Face
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
        return max((_em(text, face) for text in texts), default=0.0)

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


def _mm(em: float, size_pt: float) -> float:
    return em * size_pt * _PT + 2 * PADDING_MM


class _Widths(dict[str, float]):
    """The width of each sign that was met."""

    def __init__(self, width: Callable[[str], float]) -> None:
        super().__init__()
        self._width = width

    def __missing__(self, sign: str) -> float:
        found = self[sign] = self._width(sign)
        return found


@dataclass(frozen=True, eq=False)
class _Face:
    """How wide the signs of a face are, in em.

    Attributes:
        signs: The width of these; of signs in no entry, that of capitals or of other signs.
        capital: Of other capitals.
        other: Of what else there is.
        bold: How much wider bold letters are.
    """

    signs: Mapping[str, float]
    capital: float
    other: float
    bold: float = 1.0

    @cached_property
    def widths(self) -> dict[str, float]:
        """Of the signs that were met."""
        return _Widths(self._width)

    def _width(self, sign: str) -> float:
        """The width of one sign; Chinese ones are a full square."""
        if east_asian_width(sign) in "WF":
            return 1.0
        return self.signs.get(sign, self.capital if sign.isupper() else self.other)


def _face(widths: Mapping[str, float], capital: float, other: float, bold: float = 1.0) -> _Face:
    return _Face({sign: width for signs, width in widths.items() for sign in signs}, capital, other, bold)


# The face that is named, a little on the safe side; and the widest that systems without it take (DejaVu Serif).
_TIMES = _face({" .,;:()[]'/|ijlt\u2009\u202f\u00a0": 0.33, "%MW": 0.93, "<>=≥≤±−~+χκ": 0.58}, 0.7, 0.515)
_WIDE = _face(
    {
        " .,;:()[]'/|ijltfIJ!-\u2009\u202f\u00a0": 0.39, "rsz": 0.53, "%mMW": 1.02, "<>=≥≤±−~+×w": 0.86, "0123456789": 0.64,
    },
    0.83, 0.63, 1.12,
)  # fmt: skip
# Widths of the face that is named, in em (Adobe's metrics of Times-Roman; other faces of that width have the same).
_BY_WIDTH = {
    0.28: "i j l t ; : /", 0.33: "( ) [ ] f r I - '", 0.39: "s J", 0.44: "a c e z", 0.56: "S P F < > = ≥ ≤ ± − ~ + ×",
    0.61: "E L T Z", 0.67: "B C R", 0.72: "w", 0.78: "m", 0.9: "M W %",
}  # fmt: skip
_RUNNING = _face(
    {" .,\u2009\u202f\u00a0": 0.25} | {signs.replace(" ", ""): em for em, signs in _BY_WIDTH.items()},
    0.72,
    0.5,
    1.05,
)


@lru_cache(maxsize=40_000)
def _em(text: str, face: _Face) -> float:
    """Width of a line in a face."""
    return sum(map(face.widths.__getitem__, plain(text)))


def width_mm(text: str, size_pt: float) -> float:
    """Width of a line in the widest face that a system takes."""
    return _em(text, _WIDE) * size_pt * _PT


def named_width_mm(text: str, size_pt: float) -> float:
    """Width of a line in the face that is named."""
    return _em(text, _RUNNING) * size_pt * _PT

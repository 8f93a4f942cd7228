"""How wide the columns of a printed table are, and whether it needs the page turned."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import east_asian_width

from oligoscope.bilingual import Language
from oligoscope.plain_text import plain
from oligoscope.printing.table import Table

PORTRAIT_MM, LANDSCAPE_MM = 174.0, 261.0  # width of the text on A4
SIZES_PT = (9.0, 8.5, 8.0, 7.5, 7.0)  # tried in this order
PADDING_MM = 0.7  # at each side of a cell
_PT = 25.4 / 72  # mm
_NAME_EM = 12.0  # names of rows are broken only beyond this
_MOST_LINES, _TEXT_EM = 6.0, 20.0  # a long text gets room for so many lines, up to this width
_LONGEST_NUMBER = 26  # characters; longer cells in a column of numbers may be broken
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


def lay_out(table: Table, language: Language) -> Layout:
    """The largest letters at which no number is broken; first upright, then stacked, then turned.

    A table too wide even for a turned page gets the smallest letters there, and breaks its cells.
    """
    for is_turned, is_stacked, sizes in (
        (False, False, SIZES_PT[:-1]),
        (False, True, SIZES_PT[:-1]),
        (True, False, SIZES_PT),
        (True, True, SIZES_PT),
    ):
        needs, room = _needs(table, language, is_stacked), LANDSCAPE_MM if is_turned else PORTRAIT_MM
        for size in sizes:
            least, most = _in_mm(needs, size)
            if sum(least) <= room:
                return Layout(size, _shared_out(least, most, room), is_turned, is_stacked)
    least, _ = _in_mm(needs, SIZES_PT[-1])
    return Layout(SIZES_PT[-1], tuple(LANDSCAPE_MM * x / sum(least) for x in least), True, True)


def stacked(text: str) -> tuple[str, str]:
    """`9.3 (7.7 to 11.0)` as two lines; a text without brackets at its end is one, and a blank."""
    found = _BRACKETS.fullmatch(text)
    return (text, "") if found is None else (found[1], found[2])


def _needs(table: Table, language: Language, is_stacked: bool) -> list[tuple[float, float]]:
    """Width of the longest unbreakable piece, and of the longest line, of each column, in em."""
    pieces: list[list[str]] = [[] for _ in table.columns]
    lines: list[list[str]] = [[] for _ in table.columns]
    for i, header in enumerate(table.columns):
        lines[i] += header.lines(language)
        pieces[i] += " ".join(header.lines(language)).split()
    for row in table.rows:
        if row.runs_over:
            continue
        for i, cell in enumerate(row.cells):
            text = cell.text[language] + cell.mark
            if i == 0:
                shown = ["　" * row.indent + text]
            else:
                shown = list(stacked(text)) if is_stacked else [text]
            lines[i] += shown
            is_number = table.columns[i].align == "center" and len(text) <= _LONGEST_NUMBER
            pieces[i] += shown if is_number else [piece for line in shown for piece in _BREAK.split(line)]
    least = [max(map(_em, column), default=0.0) for column in pieces]
    most = [max(map(_em, column), default=0.0) for column in lines]
    least[0] = max(least[0], min(most[0], _NAME_EM))
    for i, header in enumerate(table.columns):
        if header.align == "start":
            least[i] = max(least[i], min(most[i] / _MOST_LINES, _TEXT_EM))
    return list(zip(least, most, strict=True))


def _in_mm(needs: list[tuple[float, float]], size_pt: float) -> tuple[list[float], list[float]]:
    def mm(em: float) -> float:
        return em * size_pt * _PT + 2 * PADDING_MM

    return [mm(least) for least, _ in needs], [mm(most) for _, most in needs]


def _shared_out(least: list[float], most: list[float], room: float) -> tuple[float, ...]:
    """What is left over goes where lines are still broken; then to all in proportion."""
    wanted = [b - a for a, b in zip(least, most, strict=True)]
    left = room - sum(least)
    if sum(wanted) > left:
        return tuple(a + left * w / sum(wanted) for a, w in zip(least, wanted, strict=True))
    return tuple(room * b / sum(most) for b in most)


@lru_cache(maxsize=20_000)
def _em(text: str) -> float:
    """Width of a line in the serif face of the tables, a little on the safe side."""
    return 1.03 * sum(_character_em(c) for c in plain(text))


def _character_em(character: str) -> float:
    """Chinese signs are a full square; the rest as in Times."""
    if east_asian_width(character) in "WF":
        return 1.0
    if character in " .,;:()[]'/|ijlt\u2009\u202f":
        return 0.32
    if character in "%MW":
        return 0.9
    return 0.68 if character.isupper() else 0.56 if character in "<>=≥≤±−~+χκ" else 0.5

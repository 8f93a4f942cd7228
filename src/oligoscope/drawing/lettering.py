"""Lines of text: broken to a width, and on a sheet with the letters between asterisks in italics.

Chinese is broken between characters, Latin between words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from oligoscope.drawing.sheet import Sheet
from oligoscope.drawing.theme import MM_PER_PT, TEXT_PT, cut_to_pt, text_width_pt
from oligoscope.plain_text import plain


def width_mm(text: str, size_pt: float = TEXT_PT) -> float:
    """Width of one line, its italic marks left out."""
    return text_width_pt(plain(text), size_pt) * MM_PER_PT


def fitted(text: str, most_mm: float, size_pt: float = TEXT_PT) -> str:
    """The text, cut where it would be wider than `most_mm`; the tables print it whole."""
    return text if width_mm(text, size_pt) <= most_mm else cut_to_pt(text, most_mm / MM_PER_PT, size_pt)


def write_line(
    sheet: Sheet,
    x: float,
    y: float,
    text: str,
    align: Literal["left", "right", "center"] = "left",
    **more: object,
) -> None:
    """Write one line at `x` mm from the left, its middle at `y` mm from the top; `*P*` is set in italics."""
    size = float(str(more.get("size", TEXT_PT)))
    x -= {"left": 0.0, "right": 1.0, "center": 0.5}[align] * width_mm(text, size)
    sheet.write(x, y, text, **more)


# A short bracket such as (n=163), a marked letter and a run of Latin letters or digits are cut only where one alone is too
# wide for a line.
_PIECES = re.compile(r"\*[A-Za-z]\*|[(（][^()（）]{1,32}[)）]|[A-Za-z0-9.,:;%/+±≥≤<>=~–'\-()]+|\s+|.")
_NOT_FIRST = "，。、；：！？）》」』%％·)”’"
_NOT_LAST = "（《「『(“‘"


def break_lines(text: str, width_pt: float) -> list[str]:
    """Lines of at most `width_pt`; a single piece wider than that is cut where the line is full."""
    lines, line = [], ""
    for whole in _bound_pieces(text):
        for piece in _cut_pieces(whole, width_pt):
            if line and text_width_pt(plain(line + piece).rstrip()) > width_pt:
                lines.append(line.rstrip())
                line = piece.lstrip()
            else:
                line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


def broken(text: str, most_mm: float, most_lines: int) -> list[str]:
    """Lines of at most `most_mm`; of more than `most_lines` the last is cut with a sign."""
    lines = break_lines(text, most_mm / MM_PER_PT)
    if len(lines) <= most_lines:
        return lines
    return [*lines[: most_lines - 1], fitted(f"{lines[most_lines - 1]}…", most_mm)]


def _cut_pieces(piece: str, width_pt: float) -> Iterator[str]:
    """The piece, in parts that fill a line each where it is wider than one; no line begins with a closing sign."""
    if text_width_pt(piece.rstrip()) <= width_pt:
        yield piece
        return
    part = ""
    for sign in piece:
        if part and text_width_pt(part + sign) > width_pt:
            stays = len(part) - 1 if sign in _NOT_FIRST and len(part) > 1 else len(part)
            yield part[:stays]
            part = part[stays:]
        part += sign
    yield part


def _bound_pieces(text: str) -> list[str]:
    """Pieces with the punctuation that must not begin or end a line bound to its neighbour."""
    bound: list[str] = []
    for piece in _PIECES.findall(text):
        stays = bound and (piece[0] in _NOT_FIRST or bound[-1][-1] in _NOT_LAST)
        if stays:
            bound[-1] += piece
        else:
            bound.append(piece)
    return bound


def spread(wanted: Sequence[float], step: float, low: float, high: float) -> list[float]:
    """Places near those wanted (ascending), at least `step` apart, between `low` and `high` where they fit.

    Neighbours that would touch are moved apart together, around the mean of the places they wanted
    (pool adjacent violators), so that none moves further than needed.
    """
    blocks: list[list[float]] = []  # [number of places, sum of (wanted - offset)]
    for i, place in enumerate(wanted):
        blocks.append([1.0, place - i * step])
        while len(blocks) > 1 and blocks[-2][1] / blocks[-2][0] >= blocks[-1][1] / blocks[-1][0]:
            n, total = blocks.pop()
            blocks[-1][0] += n
            blocks[-1][1] += total
    starts = [total / n for n, total in blocks for _ in range(int(n))]
    last = high - (len(wanted) - 1) * step
    return [min(max(start, low), max(low, last)) + i * step for i, start in enumerate(starts)]

"""Break text into lines of a given width, in Chinese between characters, in Latin between words."""

from __future__ import annotations

import re

from oligoscope.drawing.theme import TEXT_PT, text_width_pt

# A short bracket such as (n=163) and a run of Latin letters or digits are never cut.
_PIECES = re.compile(r"[(（][^()（）]{1,32}[)）]|[A-Za-z0-9.,:;%/+±≥≤<>=~–'\-()]+|\s+|.")
_NOT_FIRST = "，。、；：！？）》」』%％·)”’"
_NOT_LAST = "（《「『(“‘"


def break_lines(text: str, width_pt: float, size_pt: float = TEXT_PT) -> list[str]:
    """Lines of at most `width_pt`; a single piece wider than that keeps a line to itself."""
    lines, line = [], ""
    for piece in _bound_pieces(text):
        if line and text_width_pt((line + piece).rstrip(), size_pt) > width_pt:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


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

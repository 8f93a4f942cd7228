"""Texts and sets of patients as plain values."""

from __future__ import annotations

import base64
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from oligoscope.bilingual import Text
from oligoscope.plain_text import plain, spans

Marked: TypeAlias = "str | list[list[str | bool]]"
Mask = NDArray[np.bool_]


def marked(text: str) -> Marked:
    """A text; where letters of it are set in italics, its pieces with whether they are."""
    pieces = spans(text)
    if not any(italic for _, italic in pieces):
        return "".join(piece for piece, _ in pieces)
    return [[piece, italic] for piece, italic in pieces]


def both(text: Text) -> list[str]:
    """A text in Chinese and in English."""
    return [plain(text.zh), plain(text.en)]


def bits(mask: Mask) -> str:
    """Who is in a set: a bit a patient, the first the lowest of the first byte, in base64."""
    return base64.b64encode(np.packbits(mask, bitorder="little").tobytes()).decode()

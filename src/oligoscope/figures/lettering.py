"""Lines of text on a sheet, with the letters between asterisks in italics."""

from __future__ import annotations

import re
from typing import Literal

from oligoscope.figures.sheet import Sheet
from oligoscope.figures.theme import TEXT_PT, text_width_pt

MM_PER_PT = 25.4 / 72
_ITALIC = re.compile(r"\*([A-Za-z])\*")


def width_mm(text: str, size_pt: float = TEXT_PT) -> float:
    """Width of one line, its italic marks left out."""
    return text_width_pt(_ITALIC.sub(r"\1", text), size_pt) * MM_PER_PT


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
    for i, piece in enumerate(_ITALIC.split(text)):
        if not piece:
            continue
        sheet.write(x, y, f"$\\mathit{{{piece}}}$" if i % 2 else piece, **more)
        x += width_mm(piece, size) + (0.2 if i % 2 else 0.0)

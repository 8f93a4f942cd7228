"""Numbers that stay on one line: spaces inside them that no line ends at, and where tables have room for that."""

from __future__ import annotations

import re

from oligoscope.plain_text import plain
from oligoscope.report.docx.column_widths import PADDING_MM
from oligoscope.report.docx.faces import width_mm

_KEPT = "\u00a0"
_UNITS = r"(?:months?|weeks?|days?|years?|mm|patients?|pairs?|个月|个|例|对|岁|周|天|年|月)"
# Spaces inside a number with its limits, its unit or its sign, and after the word that a number belongs to.
_INSIDE = re.compile(
    rf"(?<=[\d%]) (?=to [\d<−])|(?<=[\d%] to) (?=[\d<−])|(?<=%) (?=CI\b)|(?<=CI) (?=[\d<−])|(?<=\d) (?={_UNITS})"
    r"|(?<=[<=>≤≥≈]) (?=[\d−])| (?=[<=>≤≥≈] ?[\d−])|(?<=\bFig\.) (?=[A-Z]?\d)|(?<=\bTable) (?=[A-Z]?\d)"
    r"|(?<=\bFigs\.) (?=[A-Z]?\d)|(?<=\bTables) (?=[A-Z]?\d)|(?<=[图表]) (?=[A-Z]?\d)"
)


def unbroken(text: str) -> str:
    """The text with spaces that do not end a line inside `9.3 months (95% CI 7.7 to 11.0)`, `P < 0.001` and the like."""
    return _INSIDE.sub(_KEPT, text)


def unbroken_in(text: str, column_mm: float, size_pt: float) -> str:
    """The same in a cell; as it is where the column has no room for its longest piece, which would be broken inside."""
    kept = unbroken(text)
    longest = max((width_mm(plain(piece), size_pt) for piece in re.split(r"[ \n]", kept)), default=0.0)
    return kept if longest + 2 * PADDING_MM <= column_mm else text


# Where a long word of a head may be divided; the hyphen shows only at the end of a line.
_DIVISION = re.compile(
    r"(?<=[Oo]ligo)(?=progress)|(?<=[Pp]ro)(?=gression)|(?<=[Rr]esis)(?=tance)|(?<=[Uu]n)(?=class|confirm)"
)


def divided_in(text: str, column_mm: float, size_pt: float) -> str:
    """The head of a column; a word for which it has no room may be divided where a dictionary divides it."""
    longest = max((width_mm(plain(word), size_pt) for word in text.split()), default=0.0)
    bold = 1.12
    return text if bold * longest + 2 * PADDING_MM <= column_mm else _DIVISION.sub("\u00ad", text)

"""Two lengths written in one cell: 12×8, 12*8mm, 1.2 x 0.8 cm."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NUMBER = r"\d+(?:[.,]\d*)?|[.,]\d+"
_UNIT = r"(?:mm|cm|毫米|厘米|公分)?\.?"
_SIGN = "[x×*✕\u2a2f\u2573\u0445\uff58]"  # the letter, the sign, and what scans and keyboards make of it
_TWO = re.compile(
    rf"(?P<a>{_NUMBER})\s*(?P<ua>{_UNIT})\s*{_SIGN}\s*(?P<b>{_NUMBER})\s*(?P<ub>{_UNIT})",
    re.ASCII | re.IGNORECASE,
)
_BEGINS = re.compile(rf"(?:{_NUMBER})\s*(?:mm|cm)?\s*{_SIGN}\s*\d.*", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TwoLengths:
    """Two numbers as written, each with its unit; a unit that is written once is that of both."""

    first: tuple[str, str]
    second: tuple[str, str]


def two_lengths(text: str) -> TwoLengths | None:
    """The two lengths of a cell; None where it does not consist of two."""
    match = _TWO.fullmatch(text.strip())
    if match is None:
        return None
    a, b = match["ua"], match["ub"]
    return TwoLengths((match["a"], a or b), (match["b"], b or a))


def is_more_lengths(text: str) -> bool:
    """Whether a cell begins with two lengths and says more than these."""
    return _BEGINS.fullmatch(text.strip()) is not None and two_lengths(text) is None

"""Where a cell is, as spreadsheets write it, and what cannot be changed in a file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from oligoscope.bilingual import Text

_ADDRESS: Final = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """A cell by its numbers, which begin with 1."""

    row: int
    column: int

    def __str__(self) -> str:
        letters, n = "", self.column
        while n:
            n, rest = divmod(n - 1, 26)
            letters = chr(65 + rest) + letters
        return f"{letters}{self.row}"


def address_of(text: str) -> Address | None:
    """`D41` as numbers; None where it is no address."""
    found = _ADDRESS.fullmatch(text.replace("$", "").upper())
    if found is None:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return Address(int(found[2]), column)


class NotEditableError(Exception):
    """A cell that cannot be changed here, with the reason in both languages."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text

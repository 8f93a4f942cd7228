"""Merged and hidden cells of a workbook, found in the text of its sheet without a walk over the cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl.utils import range_boundaries

from oligoscope.intake.files.shape import Filled, Merge

_END_OF_ROWS = re.compile(rb"</(?:\w+:)?sheetData>|<(?:\w+:)?sheetData\s*/>")
_START_OF_ROWS = re.compile(rb"<(?:\w+:)?sheetData\b")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})\"")
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\s[^>]*?\bhidden=\"(?:1|true)\"")
_HIDDEN_COLUMNS = re.compile(rb"<(?:\w+:)?col\s[^>]*?\bhidden=\"(?:1|true)\"[^>]*>")
_FIRST, _LAST = re.compile(rb"\bmin=\"(\d+)\""), re.compile(rb"\bmax=\"(\d+)\"")


@dataclass(frozen=True, slots=True)
class Merged:
    """What a workbook says of the cells of a sheet.

    Attributes:
        blocks: Its merged cells.
        hidden_rows, hidden_columns: How many it hides.
        is_workbook: Whether every cell has a column of its own, as cells of text files do not.
    """

    blocks: tuple[Merge, ...] = ()
    hidden_rows: int = 0
    hidden_columns: int = 0
    is_workbook: bool = False


NOTHING_MERGED = Merged()


def merged_in(xml: bytes) -> Merged:
    """Merged and hidden cells of a sheet of Open XML."""
    found = _END_OF_ROWS.search(xml, max(0, xml.rfind(b"sheetData") - 100))
    after = xml[found.end() :] if found else b""
    blocks = tuple(_merge(ref.decode()) for ref in _MERGED.findall(after))
    begin = _START_OF_ROWS.search(xml)
    columns = _HIDDEN_COLUMNS.findall(xml, 0, begin.start() if begin else 0)
    return Merged(
        tuple(block for block in blocks if block != _merge_of_one(block)),
        hidden_rows=len(_HIDDEN_ROW.findall(xml)) if b"hidden=" in xml else 0,
        hidden_columns=sum(_n_columns(column) for column in columns),
        is_workbook=True,
    )


def _merge(ref: str) -> Merge:
    left, top, right, bottom = (int(n or 0) for n in range_boundaries(ref))
    return Merge(min(top, bottom), min(left, right), max(top, bottom), max(left, right))


def _merge_of_one(block: Merge) -> Merge:
    return Merge(block.top, block.left, block.top, block.left)


def _n_columns(column: bytes) -> int:
    first, last = _FIRST.search(column), _LAST.search(column)
    n = int(last[1]) - int(first[1]) + 1 if first and last else 1
    return n if n < 1000 else 0  # all columns to the edge of the sheet are hidden where there is nothing


def fill_merged(
    numbers: Sequence[int], body: list[Any], names: Sequence[str], blocks: Sequence[Merge]
) -> tuple[Filled, ...]:
    """Write the value of each block that is merged over several rows into the blank cells below it, in place.

    A block over several columns too is filled in its first: whether the value is meant for the others is not known.
    """
    tall = [block for block in blocks if block.bottom > block.top and block.left <= len(names)]
    if not tall or not numbers:
        return ()
    at = {number: i for i, number in enumerate(numbers)}
    found: dict[str, Filled] = {}
    for block in sorted(tall, key=lambda b: (b.top, b.left)):
        column = block.left - 1
        top = at.get(block.top)
        value = None if top is None else body[top][column]
        if top is None or not value or not names[column]:
            continue
        for number in range(block.top + 1, min(block.bottom, numbers[-1]) + 1):
            i = at.get(number)
            if i is None or body[i][column]:
                continue
            body[i] = [*body[i][:column], value, *body[i][column + 1 :]]
            old = found.get(names[column])
            found[names[column]] = Filled(
                names[column],
                old.row if old else number,
                old.value if old else value,
                (old.n if old else 0) + 1,
            )
    return tuple(found.values())


def across(
    blocks: Sequence[Merge], numbers: Sequence[int], body: Sequence[Any], *, layout_end: int
) -> tuple[tuple[int, str], ...]:
    """Merged cells over several columns in rows of data, with their value; those that fill the row alone are titles or notes."""
    at = {number: i for i, number in enumerate(numbers)} if blocks else {}
    found = []
    for block in blocks:
        i = at.get(block.top)
        if block.right == block.left or block.top <= layout_end or i is None or block.left > len(body[i]):
            continue
        value = body[i][block.left - 1]
        others = [c for c in body[i][: block.left - 1] + body[i][block.right :] if c and not c.isspace()]
        if value and others:
            found.append((block.top, value))
    return tuple(found)

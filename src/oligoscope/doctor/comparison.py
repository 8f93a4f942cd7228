"""Two tables cell by cell: numbers to the digits that another computer gives too, words exactly."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from math import isclose
from pathlib import Path

from oligoscope.bilingual import Count, Text

RELATIVE = 1e-6  # processors and versions of BLAS differ in the last digits of what is iterated
ABSOLUTE = 1e-9
_KEYS = 6  # cells that say which row it is


def differences(stored: Path, now: Path) -> Iterator[Text]:
    """Each cell of the table that differs from the stored one, with its place and both values.

    Args:
        stored: The shipped table.
        now: The table made now, of the same name.
    """
    name = stored.name
    if not now.is_file():
        yield Text(f"{name} 未能生成", f"{name} was not made")
        return
    if not stored.is_file():
        yield Text(f"随程序附带的 {name} 缺失", f"the stored {name} is missing")
        return
    (head, *before), (head_now, *after) = _rows(stored), _rows(now)
    if head != head_now:
        yield Text(f"{name} 的列与存档不同", f"{name} has other columns than the stored one")
        return
    if len(before) != len(after):
        yield Text(
            f"{name}：存档 {len(before)} 行，现为 {len(after)} 行",
            f"{name}: {Count(len(before)):row|rows} stored, {len(after)} now",
        )
    for number, (one, other) in enumerate(zip(before, after, strict=False), 2):
        yield from _cells(name, number, head, one, other)


def _cells(name: str, number: int, head: list[str], stored: list[str], now: list[str]) -> Iterator[Text]:
    which = ", ".join(cell for cell in stored[:_KEYS] if cell)
    for column, one, other in zip(head, stored, now, strict=False):
        if not is_same(one, other):
            yield Text(
                f"{name} 第 {number} 行（{which}）{column}：存档为 {one or '空'}，现为 {other or '空'}",
                f"{name} row {number} ({which}) {column}: {one or 'blank'} stored, {other or 'blank'} now",
            )


def is_same(one: str, other: str) -> bool:
    """Whether two cells hold the same word, or the same number to `RELATIVE`."""
    if one == other:
        return True
    try:
        return isclose(float(one), float(other), rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    except ValueError:
        return False


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file)) or [[]]

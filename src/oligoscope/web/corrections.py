"""Corrections of cells: corrections.csv beside study.yaml lists each, and STUDY/originals keeps every file as it was uploaded.

The originals are in a folder of their own inside the study: tables are read from `data` or from the study's own folder, and
`check` and `map` do not look into folders within these.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from oligoscope.web.studies import CORRECTIONS

ORIGINALS: Final = "originals"
WRITTEN: Final = (
    "written.json"  # in the folder of originals: the digest of each file as it was last written here
)
HEAD: Final = ("when", "file", "sheet", "cell", "before", "after", "what")
_FORMULA: Final = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")


@dataclass(frozen=True, slots=True)
class Correction:
    """One line of the list.

    Attributes:
        n: Its place there, from 1.
        when: ISO date and time.
        file, sheet, cell: Where; no sheet of a text file.
        before, after: What the cell held and holds; blank where it is empty.
        what: correction; undo N, of an earlier line; new file, where the user put another one in its place.
    """

    n: int
    when: str
    file: str
    sheet: str
    cell: str
    before: str
    after: str
    what: str = "correction"

    @property
    def undoes(self) -> int | None:
        """The line that it takes back."""
        number = self.what.removeprefix("undo ")
        return int(number) if self.what.startswith("undo ") and number.isdigit() else None


def corrections_of(folder: Path) -> list[Correction]:
    """All lines of the list, in their order."""
    try:
        text = (folder / CORRECTIONS).read_text(encoding="utf-8-sig")
    except OSError:
        return []
    rows = list(csv.reader(io.StringIO(text, newline="")))[1:]
    return [Correction(n, *map(_unguarded, row)) for n, row in enumerate(rows, 1) if len(row) == len(HEAD)]


def in_force(corrections: Iterable[Correction]) -> list[Correction]:
    """Those that hold: not taken back, and of the file that is there now."""
    found: dict[int, Correction] = {}
    for one in corrections:
        if one.what == "new file":
            found = {n: held for n, held in found.items() if held.file != one.file}
        elif one.undoes is not None:
            found.pop(one.undoes, None)
        else:
            found[one.n] = one
    return list(found.values())


def as_text(corrections: Iterable[Correction]) -> bytes:
    """The list as it is written: UTF-8 by whose mark Excel knows it, and no cell a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEAD)
    for one in corrections:
        writer.writerow([guarded(getattr(one, name)) for name in HEAD])
    return out.getvalue().encode("utf-8-sig")


def guarded(text: str) -> str:
    """A text that a spreadsheet would take for a formula, with an apostrophe before it."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def _unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text

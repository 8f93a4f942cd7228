"""Where the header of a sheet is: found from the words of the dictionary and from the cells below."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from oligoscope.intake.files.cells import clean
from oligoscope.intake.files.header_words import PATIENT, HeaderWords, are_units
from oligoscope.intake.files.scan_headers import is_day, is_number
from oligoscope.intake.files.shape import Merge
from oligoscope.study.dictionary.words import plain

Cells = Sequence[str | None]
Row = tuple[int, Cells]
HEAD = 40  # rows that are looked at for the header
_TITLES = 12  # rows above a header


@dataclass(frozen=True, slots=True)
class Wanted:
    """What study.yaml states of a sheet, and the headers it names.

    Attributes:
        header_rows: The rows of the header, in order; none: it is looked for.
        units_row: The row of units; 0: there is none; None: it is looked for.
        dates_row: The row with the date of each column of a scan.
        ignored_rows: Rows that are not data.
        last_row: The last row of data.
        words: Known headers.
    """

    header_rows: tuple[int, ...] = ()
    units_row: int | None = None
    dates_row: int | None = None
    ignored_rows: frozenset[int] = frozenset()
    last_row: int | None = None
    words: HeaderWords = field(default_factory=HeaderWords)

    @property
    def rows_needed(self) -> int:
        """The last row that has to be seen before the header is known."""
        return max((0, *self.header_rows, self.units_row or 0, self.dates_row or 0))


@dataclass(frozen=True, slots=True)
class Layout:
    """Rows of the head by their place in it.

    Attributes:
        header: The rows of the header.
        units: The row of units.
        names: The header of each column.
    """

    header: tuple[int, ...]
    units: int | None
    names: tuple[str | None, ...]


def find_layout(head: Sequence[Row], wanted: Wanted, merges: Sequence[Merge]) -> Layout:
    """The header of a sheet whose first rows are `head` (blank rows left out): what is stated, else what is certain.

    Without a certain sign of something else it is the first row.
    """
    rows = [cells for _, cells in head]
    numbers = [number for number, _ in head]
    if wanted.header_rows:
        header = tuple(i for i, number in enumerate(numbers) if number in wanted.header_rows)
        header = header or (0,)
    else:
        header = _header(head, wanted, merges)
    spread = [_spread(rows[i], numbers[i], merges, rows[header[-1]], last=i == header[-1]) for i in header]
    names = _joined(spread, wanted.words)
    units: int | None = None
    after = header[-1] + 1
    if wanted.units_row:
        units = next((i for i, number in enumerate(numbers) if number == wanted.units_row), None)
    elif wanted.units_row is None and after < len(rows):
        patient = next((at for at, name in wanted.words.columns(names).items() if name == PATIENT), 0)
        units = after if are_units(rows[after][: len(names)], patient) else None
    return Layout(header, units, names)


def _header(head: Sequence[Row], wanted: Wanted, merges: Sequence[Merge]) -> tuple[int, ...]:
    rows = [cells for _, cells in head]
    at = _main_row(rows, wanted.words)
    header = (at,)
    is_below = at > 0 and head[at - 1][0] == head[at][0] - 1
    if is_below and (_are_parents(head, at - 1, merges) or _are_children(head, at - 1, merges, wanted.words)):
        header = (at - 1, at)
    below = at + 1
    if below == len(head) or head[below][0] != head[at][0] + 1 or len(header) > 1:
        return header
    is_header = _are_children(head, at, merges, wanted.words) or _are_codes(
        rows[at], rows[below], wanted.words
    )
    return (at, below) if is_header else header


def _main_row(rows: Sequence[Cells], words: HeaderWords) -> int:
    """The first row, or one below that has the known headers, or the first that is as wide as the data."""
    known = [len(words.columns(cells)) for cells in rows[:_TITLES]]
    best = known.index(max(known))
    width = median(_n_filled(cells) for cells in rows[1:]) if len(rows) > 1 else 0
    if known[0] >= 2 and known[best] <= 2 * known[0]:
        return 0
    if best > 0 and known[best] >= 2 and known[best] > 2 * known[0]:
        patient = next((i for i, name in words.columns(rows[best]).items() if name == PATIENT), None)
        beside = patient is not None and all(_is_blank(_at(cells, patient)) for cells in rows[:best])
        if (
            beside
            or _is_narrow(rows[0], width)
            or (known[best] >= 3 and 2 * known[best] >= _n_filled(rows[best]))
        ):
            return best
    at = 0
    while (
        at + 1 < len(rows)
        and at < _TITLES
        and known[min(at, len(known) - 1)] == 0
        and _is_narrow(rows[at], width)
    ):
        at += 1
    return at if _may_be_header(rows[at], width) else 0


def _is_narrow(cells: Cells, width: float) -> bool:
    """Whether a row has so few words beside a table of this width that it must be a title."""
    return width >= 3 and _n_filled(cells) <= max(1, width // 4)


def _may_be_header(cells: Cells, width: float) -> bool:
    filled = [cell for cell in cells if not _is_blank(cell)]
    numbers = sum(is_number(cell or "") for cell in filled)
    return 2 * len(filled) >= width and not numbers and len({plain(c or "") for c in filled}) > 1


def _are_parents(head: Sequence[Row], at: int, merges: Sequence[Merge]) -> bool:
    """Whether a row above the header names groups of its columns: by merged cells, by dates, or to tell equal names apart."""
    (number, cells), below = head[at], head[at + 1][1]
    words = [cell for cell in cells if cell and not cell.isspace()]
    if len(words) >= 2 and sum(is_day(word) for word in words) >= 2:
        return True
    width = max((i + 1 for i, cell in enumerate(below) if not _is_blank(cell)), default=0)
    wide = [m for m in merges if m.top <= number <= m.bottom and m.right > m.left]
    if any(m.right - m.left + 1 < width for m in wide) and len(words) >= 2:
        return True
    names = Counter(plain(cell or "") for cell in below if not _is_blank(cell))
    return len(words) >= 2 and max(names.values(), default=0) > 1


def _are_children(head: Sequence[Row], at: int, merges: Sequence[Merge], words: HeaderWords) -> bool:
    """Whether the row below a header names the columns inside its groups."""
    (number, above), below = head[at], head[at + 1][1]
    filled = [i for i, cell in enumerate(below) if not _is_blank(cell)]
    if not filled or _n_filled(above) < 2 or any(is_number(below[i] or "") for i in filled):
        return False
    groups = [m for m in merges if m.top == m.bottom == number and m.right > m.left]
    if groups:
        inside = [i for i in filled if any(m.left <= i + 1 <= m.right for m in groups)]
        only = [i for i in filled if i not in inside and not _is_blank(_at(above, i))]
        return len(inside) >= 2 and not any(is_day(below[i] or "") for i in filled) and not only
    # Without merged cells: what is blank above has a name below, and what has none below is named above.
    width = max(len(above), len(below))
    blank_above = [i for i in range(width) if _is_blank(_at(above, i))]
    blank_below = [i for i in range(width) if _is_blank(_at(below, i))]
    patient = next((i for i, name in words.columns(above).items() if name == PATIENT), 0)
    if not blank_above or patient not in blank_below or len(filled) < 2:
        return False
    if any(is_day(below[i] or "") for i in filled):
        return False
    return all(not _is_blank(_at(below, i)) for i in blank_above) and _groups_are_whole(above, below)


def _groups_are_whole(above: Cells, below: Cells) -> bool:
    """Every name that has blank cells to its right has a name below each of them and below itself."""
    for i in range(1, len(below)):
        if _is_blank(_at(above, i)) and (
            _is_blank(_at(below, i - 1)) or (i == 1 and _is_blank(_at(above, 0)))
        ):
            return False
    return True


def _are_codes(above: Cells, below: Cells, words: HeaderWords) -> bool:
    """Whether the row below a header is a header, too: the names of the columns once more, in another language or code."""
    known = words.columns(below)
    if len(known) < 2 or 2 * len(known) < _n_filled(below):
        return False
    named = words.columns(above)
    same = sum(named.get(at) == name for at, name in known.items())
    return same >= 2 and 2 * same >= len(known)


def _spread(
    cells: Cells, number: int, merges: Sequence[Merge], bottom: Cells, *, last: bool
) -> list[str | None]:
    """A row of the header, with the name of a group over each of its columns."""
    row = [None if _is_blank(cell) else cell for cell in cells]
    across = [m for m in merges if m.top <= number <= m.bottom and m.right > m.left]
    row += [None] * (max([len(bottom), *(m.right for m in across)]) - len(row)) if not last else []
    for m in across if not last else ():
        if m.left <= len(row) and m.top == number:
            named = [i for i in range(m.left - 1, m.right) if not _is_blank(_at(bottom, i))] or [m.left - 1]
            value, row[m.left - 1] = row[m.left - 1], None
            for i in named:
                row[i] = value
    if not last and not across:
        for i in range(1, len(row)):
            if row[i] is None and not _is_blank(_at(bottom, i)) and not is_day(row[i - 1] or ""):
                row[i] = row[i - 1]
    return row


def _joined(rows: Sequence[Sequence[str | None]], words: HeaderWords) -> tuple[str | None, ...]:
    """The name of each column: the lowest where it is known and no other column has it, else all of them."""
    if len(rows) == 1:
        return tuple(rows[0])
    width = max(len(row) for row in rows)
    lowest = Counter(plain(cell) for cell in rows[-1] if cell)
    names: list[str | None] = []
    for i in range(width):
        parts = list(dict.fromkeys(p for p in (clean(_at(row, i) or "") for row in rows) if p))
        own = _at(rows[-1], i)
        if own and words.known(own) is not None and lowest[plain(own)] == 1:
            parts = [own]
        names.append(" / ".join(parts) or None)
    return tuple(names)


def _at(cells: Cells, i: int) -> str | None:
    return cells[i] if i < len(cells) else None


def _is_blank(cell: str | None) -> bool:
    return not cell or cell.isspace()


def _n_filled(cells: Cells) -> int:
    return sum(not _is_blank(cell) for cell in cells)

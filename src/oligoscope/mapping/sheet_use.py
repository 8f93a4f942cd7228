"""What a person says of a sheet, which tables it holds and which rows are none of data, as lines of `data:`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from oligoscope.mapping.answers import NOTHING_MEANT
from oligoscope.mapping.previews import Place, Reading, SheetUse
from oligoscope.study.schemas import TABLES

Path = tuple[str, ...]


@dataclass(frozen=True)
class SheetSaid:
    """What a person says of one sheet.

    Attributes:
        place: Its file and title.
        tables: That it holds; none: it is left out.
        header_row: The rows of its header; none: found from the cells.
        ignored_rows: Rows that are not data.
    """

    place: Place
    tables: tuple[str, ...]
    header_row: tuple[int, ...] = ()
    ignored_rows: tuple[int, ...] = ()

    @property
    def rows(self) -> dict[str, Any]:
        """The settings of its rows."""
        stated = {"header_row": list(self.header_row), "ignored_rows": list(self.ignored_rows)}
        return {key: value for key, value in stated.items() if value}


@dataclass
class Changes:
    """Lines of a mapping that change; None removes one.

    Attributes:
        data: By the keys under `data`.
        answers: By the question's id.
    """

    data: dict[Path, Any] = field(default_factory=dict)
    answers: dict[str, str | None] = field(default_factory=dict)


def changes_of(said: SheetSaid, before: Reading, after: Reading, answers: Mapping[str, str]) -> Changes:
    """The lines that follow from what is said.

    Args:
        said: Of one sheet.
        before: The files as they were read.
        after: The files with the rows of this sheet as they are said.
        answers: Of the mapping, by the question's id.
    """
    was = before.use(answers)
    known = was.tables.get(said.place, ())
    wanted = said.tables
    if not wanted and not known and said.header_row:
        wanted = after.use(answers).tables.get(said.place, ())  # the true header says what it is
    changes = Changes()
    for table in wanted:
        if table not in known:
            _place(changes, table, (said.place,), before)
        else:
            _place(changes, table, _places_of(table, was), before)
        for key in ("header_row", "ignored_rows"):
            changes.data[table, key] = said.rows.get(key)
        if answers.get(f"table.{table}") == NOTHING_MEANT:
            changes.answers[f"table.{table}"] = None
    for table in (name for name in known if name not in wanted):
        rest = tuple(place for place in _places_of(table, was) if place != said.place)
        changes.data[table,] = None
        if rest:
            _place(changes, table, rest, before)
        else:
            changes.answers[f"table.{table}"] = NOTHING_MEANT
    return changes


def _places_of(table: str, use: SheetUse) -> tuple[Place, ...]:
    return tuple(place for place, tables in use.tables.items() if table in tables)


def _place(changes: Changes, table: str, places: Sequence[Place], reading: Reading) -> None:
    """The files and sheets of a table."""
    assert table in TABLES
    titles = [title for file, title in places if title is not None and len(reading.read[file]) > 1]
    changes.data[table, "files"] = list(dict.fromkeys(file for file, _ in places))
    one = titles[0] if len(titles) == 1 else titles or None
    changes.data[table, "sheet"] = one
    source = reading.data.get(table) or {}
    if source.get("where") or source.get("dictionary"):  # of an export of REDCap
        for key in ("where", "dictionary", "columns"):
            changes.data[table, key] = source.get(key)

"""A table as the user's files hold it: every cell as text, every row with its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.intake.files.declared import Declared
from oligoscope.intake.files.shape import Shape
from oligoscope.intake.issues import NOTHING, Issue
from oligoscope.study.protocol import TableSource

SOURCE = "__source"  # file, or "file [sheet]"
ROW = "__row"  # row there, header = row 1
EXCESS = "__excess"  # cells beyond the header, which shift a row
CONFLICT = "__conflict"  # the joined file contradicts itself about this row's patient
INTERNAL = (SOURCE, ROW, EXCESS, CONFLICT)
_HEADER = "__header:"  # before a column's name: the header that each of its cells was under


def header_column(name: str) -> str:
    """The column that holds the header of each cell of a column made from several."""
    return _HEADER + name


@dataclass(frozen=True)
class RawTable:
    """Cells as text.

    Attributes:
        name: patients, lesions, …
        frame: One String column a header, and SOURCE, ROW, EXCESS; joined columns are named "1:HEADER",
            with "1:__source" and "1:__row" beside them.
        headers: The headers of each source, without joined files.
        repeated: Headers that occur twice in a source.
        day_zero: Of each workbook sheet, the day that its serial dates count from.
        problems: What was wrong in reading.
        shapes: How each sheet was read: header, titles, units, filled cells.
        units: Of each source with a row of units or formats under the header, its cells by header.
        days: Of each source with a row of dates of scans that the study names, its cells by header.
        declared: Of each source with a dictionary of its own, what that says; of joined files with the prefix of their headers.
        mapping: Which column is which of ours, where the standard of the files decides this and not study.yaml.
    """

    name: str
    frame: pl.DataFrame = field(
        default_factory=lambda: pl.DataFrame(schema={SOURCE: pl.String, ROW: pl.Int32, EXCESS: pl.String})
    )
    headers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    repeated: dict[str, tuple[str, ...]] = field(default_factory=dict)
    day_zero: dict[str, datetime] = field(default_factory=dict)
    problems: tuple[Issue, ...] = ()
    shapes: tuple[Shape, ...] = ()
    units: dict[str, Mapping[str, str]] = field(default_factory=dict)
    days: dict[str, Mapping[str, str]] = field(default_factory=dict)
    declared: dict[str, Declared] = field(default_factory=dict)
    mapping: TableSource | None = None

    def with_problems(self, *issues: Issue) -> RawTable:
        """The same with more findings."""
        return replace(self, problems=(*self.problems, *issues))

    @property
    def labels(self) -> dict[str, str]:
        """The names in words that the files give their columns, by header."""
        return {header: label for known in self.declared.values() for header, label in known.labels.items()}

    def in_words(self, header: str, codes: tuple[str, ...]) -> tuple[str, ...]:
        """These and the words of those that are codes of the column."""
        words = (word for known in self.declared.values() for _, word in known.words_of(header, codes))
        return tuple(dict.fromkeys((*codes, *words)))

    @property
    def columns(self) -> tuple[str, ...]:
        """Headers of the main files, in order of appearance."""
        return tuple(dict.fromkeys(header for headers in self.headers.values() for header in headers))


def table_of(
    name: str, source: str, frame: pl.DataFrame, mapping: TableSource, problems: Iterable[Issue]
) -> RawTable:
    """A table of one source, with the mapping that its standard decides."""
    headers = tuple(c for c in frame.columns if not c.startswith("__"))
    return RawTable(name, frame, headers={source: headers}, problems=tuple(problems), mapping=mapping)


def row_issues(
    rule: str,
    table: str,
    rows: pl.DataFrame,
    column: str = "",
    *,
    patient: str,
    value: str | None = None,
    expected: Text = NOTHING,
) -> list[Issue]:
    """One finding a row; `patient` and `value` are columns of `rows`, which has SOURCE and ROW."""
    return [
        Issue(
            rule=rule, table=table, source=row[SOURCE], row=row[ROW], column=column,
            value=None if value is None else row[value], expected=expected, patient_id=row[patient],
        )
        for row in rows.iter_rows(named=True)
    ]  # fmt: skip

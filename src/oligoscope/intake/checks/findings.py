"""Findings while they are gathered: what is wrong where, and which rows and patients must be left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.intake.issues import NOTHING, Issue

INDEX = "__index"  # row of a table in its order
BAD = "__bad"  # the row cannot be used
_LISTED = 10  # rows named in one finding; each of the others has its own

Leaves = Literal["row", "patient", "nothing"]
Frames = dict[str, pl.DataFrame]  # a study's tables by name
Expected = Text | Callable[[dict[str, Any]], Text]  # the same for all rows, or derived from each


@dataclass(frozen=True, slots=True)
class RowRule:
    """A rule that one row can break, whatever the other rows hold.

    Attributes:
        rule: Its id.
        table: Of which table.
        column: The cell that is shown.
        holds: Where it is broken.
        expected: What the cell should hold.
        leaves: What must be left out because of it.
    """

    rule: str
    table: str
    column: str
    holds: pl.Expr
    expected: Expected = NOTHING
    leaves: Leaves = "nothing"


@dataclass
class Findings:
    """Gathers issues while a study's tables are checked.

    Attributes:
        issues: What was found.
        rows: Of each table, the rows that must be left out.
        repeats: Of each table, the rows that repeat another one and are not needed.
        patients: Patients who must be left out with all rows.
        names: Of each table, our columns under their names in the user's files.
    """

    issues: list[Issue] = field(default_factory=list)
    rows: dict[str, set[int]] = field(default_factory=dict)
    repeats: dict[str, set[int]] = field(default_factory=dict)
    patients: set[str] = field(default_factory=set)
    names: dict[str, dict[str, str]] = field(default_factory=dict)

    def flag(
        self,
        rule: str,
        table: str,
        rows: pl.DataFrame,
        column: str = "",
        *,
        value: str | None = None,
        expected: Expected = NOTHING,
        leaves: Leaves = "nothing",
    ) -> None:
        """Record one finding a row.

        Args:
            rule: Its id.
            table: Where it was found.
            rows: The rows, with source, source_row, patient_id and INDEX.
            column: The cell that is shown.
            value: The column of `rows` with what is shown as written; without it, `column`.
            expected: What the cell should hold.
            leaves: What must be left out because of it.
        """
        name, written = self.names.get(table, {}).get(column, column), value or column
        for row in rows.iter_rows(named=True):
            text = expected if isinstance(expected, Text) else expected(row)
            self.issues.append(
                Issue(
                    rule=rule, table=table, source=row["source"] or "", row=row["source_row"], column=name,
                    value=shown(row[written]) if written else None, expected=text, patient_id=row["patient_id"],
                )
            )  # fmt: skip
        if leaves != "nothing":
            self.rows.setdefault(table, set()).update(rows[INDEX].to_list())
        if leaves == "patient":
            self.patients.update(rows["patient_id"].drop_nulls().to_list())

    def check(self, rules: Iterable[RowRule], frames: Frames) -> None:
        """Record what breaks these rules, in the rows that may be used before any of them is applied."""
        rules = list(rules)
        good = {name: self.good(name, frames[name]) for name in {r.table for r in rules} & frames.keys()}
        for r in rules:
            if r.table in good:
                rows = good[r.table].filter(r.holds)
                self.flag(r.rule, r.table, rows, r.column, expected=r.expected, leaves=r.leaves)

    def good(self, table: str, frame: pl.DataFrame) -> pl.DataFrame:
        """The rows that may still be used, each once."""
        no_row = not self.rows.get(table) and not self.repeats.get(table)
        if no_row and frame[BAD].any(ignore_nulls=False) is False:
            return frame
        return frame.filter(~self._is_lost(table) & ~_among(self.repeats.get(table)))

    def lost(self, table: str, frame: pl.DataFrame) -> pl.DataFrame:
        """The rows that must be left out."""
        return frame.filter(self._is_lost(table))

    def _is_lost(self, table: str) -> pl.Expr:
        return pl.col(BAD) | _among(self.rows.get(table))


# Unlike a table of labels, where the first rule that holds wins, each check gives a finding for every row that breaks
# its rule; later checks do not see the rows that it leaves out.
Check = Callable[[Frames, Findings], None]


def rows_listed(key: str | list[str]) -> pl.Expr:
    """For each row, the numbers of all rows with the same key, of which the first ten are named."""
    listed = pl.col("source_row").sort().head(_LISTED).cast(pl.String).str.join(", ")
    return pl.when(pl.len() > _LISTED).then(pl.format("{}, …", listed)).otherwise(listed).over(key)


def _among(indices: set[int] | None) -> pl.Expr:
    return pl.col(INDEX).is_in(pl.Series(sorted(indices or ()), dtype=pl.Int64).implode())


def shown(value: Any) -> str | None:
    """A typed value as the user would write it."""
    if value is None:
        return None
    return f"{value:g}" if isinstance(value, float) else str(value)


def days_before_start(row: dict[str, Any], column: str = "assessed_day") -> Text:
    """How long before treatment start a row is dated."""
    days = -row[column]
    if days == 0:
        return Text("治疗开始当日", "on the day of treatment start")
    return Text(f"治疗前 {days} 天", f"{days} {'day' if days == 1 else 'days'} before treatment start")

"""Patients as a condition on columns of the files written: printed as it is computed.

A condition is `column operator word`, several of them joined by `and`, such lines by `or`. Cells are compared as
written in the file; a blank cell fulfils a condition only where the operator names blanks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.study.cell_lists import divided

PATIENTS_FILE = "patients.csv"
NO_LABEL = Text("", "")
_PLAIN = re.compile(r"[\w.]+")
_NUMBERS = {
    ">=": pl.Expr.ge, "<=": pl.Expr.le, ">": pl.Expr.gt, "<": pl.Expr.lt, "> or blank": pl.Expr.gt,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Term:
    """One condition.

    Attributes:
        column: The column it reads.
        operator: in, not in, has, >=, <=, >, <, "> or blank", is blank, is not blank.
        words: What the cell is compared with; `has` looks among words divided by ";".
        since: Another column; both hold dates, and the days from it to `column` are compared.
        file: Where the columns are.
        label: The same in words for readers.
    """

    column: str
    operator: str
    words: tuple[str, ...] = ()
    since: str = ""
    file: str = PATIENTS_FILE
    label: Text = NO_LABEL

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """(file, column) of every column it reads."""
        return tuple((self.file, name) for name in (self.column, self.since) if name)

    def text(self) -> str:
        """As it is printed; the file is named where it is not patients.csv."""
        name = f"({self.column} - {self.since})" if self.since else _quoted(self.column)
        place = name if self.file == PATIENTS_FILE else f"[{self.file}] {name}"
        match self.operator, self.words:
            case (("in" | "not in"), (word,)):
                return f"{place} {'==' if self.operator == 'in' else '!='} {_quoted(word)}"
            case (("in" | "not in"), words):
                return f"{place} {self.operator} [{', '.join(map(_quoted, words))}]"
            case "> or blank", (word,):
                return f"({place} > {word} or {place} is blank)"
            case operator, words:
                return " ".join((place, operator, *map(_quoted, words)))

    def to_expr(self) -> pl.Expr:
        """True or false for each row of the joined columns (`column_name`), never null."""
        cell = pl.col(joined_name(self.file, self.column))
        match self.operator:
            case "is blank":
                return cell.is_null()
            case "is not blank":
                return cell.is_not_null()
            case "in":
                return cell.is_in(self.words).fill_null(value=False)
            case "not in":
                return ~cell.is_in(self.words).fill_null(value=False)
            case "has":
                return divided(cell).list.contains(self.words[0]).fill_null(value=False)
        found = _NUMBERS[self.operator](self._number(cell), float(self.words[0]))
        return found.fill_null(value=self.operator.endswith("blank"))

    def _number(self, cell: pl.Expr) -> pl.Expr:
        if not self.since:
            return cell.cast(pl.Float64, strict=False)
        start = pl.col(joined_name(self.file, self.since))
        days = cell.str.to_date(strict=False) - start.str.to_date(strict=False)
        return days.dt.total_days().cast(pl.Float64)


@dataclass(frozen=True, slots=True)
class Selection:
    """Patients for whom all terms of at least one of the ways hold.

    Attributes:
        ways: Each a conjunction of terms; one empty way: every patient.
        matched: Only those in matched_pairs.csv, imputation by imputation.
    """

    ways: tuple[tuple[Term, ...], ...] = ((),)
    matched: bool = False
    _hash: int = field(init=False, repr=False, compare=False, default=0)

    def __hash__(self) -> int:
        """Of all terms, made once: the page of numbers asks for it twenty thousand times, which would take 0.1 s."""
        if not self._hash:
            object.__setattr__(self, "_hash", hash((self.ways, self.matched)))
        return self._hash

    def __reduce__(self) -> tuple[type[Selection], tuple[tuple[tuple[Term, ...], ...], bool]]:
        """As it is sent to another process, where texts have other hashes."""
        return Selection, (self.ways, self.matched)

    def and_(self, *terms: Term) -> Selection:
        """Those of these patients for whom the terms hold, too."""
        added = tuple(way + tuple(t for t in terms if t not in way) for way in self.ways)
        return Selection(added, self.matched)

    def either(self, choices: Iterable[tuple[Term, ...]]) -> Selection:
        """Those for whom one of the choices holds, too."""
        return Selection(tuple(way + choice for way in self.ways for choice in choices), self.matched)

    @property
    def shared(self) -> tuple[Term, ...]:
        """Terms that are in every way."""
        if len(self.ways) == 1:
            return self.ways[0]
        return tuple(t for t in self.ways[0] if all(t in way for way in self.ways))

    def terms(self) -> tuple[Term, ...]:
        """Every term once."""
        return tuple(dict.fromkeys(t for way in self.ways for t in way))

    def text(self) -> str:
        """The condition as it is printed; blank where every patient of the file is meant."""
        shared = self.shared
        others = [" and ".join(t.text() for t in way if t not in shared) for way in self.ways]
        choice = f"({' or '.join(f'({o})' for o in others)})" if any(others) else ""
        return " and ".join(part for part in (*(t.text() for t in shared), choice) if part)

    def words(self) -> Text:
        """The same as a list of names in each language."""
        shared = self.shared
        own = [t.label for t in shared]
        others = [[t.label for t in way if t not in shared] for way in self.ways]
        if any(others):
            zh = " 或 ".join("且".join(t.zh for t in other) for other in others)
            en = " or ".join(" and ".join(t.en for t in other) for other in others)
            own.append(Text(zh, en))
        return Text("；".join(t.zh for t in own if t.zh), "; ".join(t.en for t in own if t.en))


NO_PATIENT = Selection(())


def joined_name(file: str, column: str) -> str:
    """Name of a file's column where all files are joined."""
    return f"{file}/{column}"


def _quoted(word: str) -> str:
    return word if _PLAIN.fullmatch(word) else f'"{word}"'

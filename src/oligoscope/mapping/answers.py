"""What an answer means: the lines of `data:` that follow from it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal, Protocol

from oligoscope.intake.checks.values import Elsewhere, Fault, Partial, parser
from oligoscope.intake.files.column_reading import Reading
from oligoscope.intake.files.columns import find_header
from oligoscope.intake.files.wide_plan import stated_plan
from oligoscope.intake.sdtm.sdtm_results import USUAL_TESTS
from oligoscope.study.dictionary.place_reading import OWN, read_stated
from oligoscope.study.dictionary.units import unit_named
from oligoscope.study.dictionary.variable import Variable
from oligoscope.study.dictionary.words import level_reader, plain
from oligoscope.study.protocol import SdtmTest, WideSource

NOTHING_MEANT = "-"  # the answer "none of it": a word is missing, a column is not ours
ALL = "all"  # the answer "all of these files or sheets are parts of the table"
Tree = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Edit:
    """A line of `data:`, or of another section that a mapping may state.

    Attributes:
        path: Its keys.
        value: A word, or a list of words; words are added to a list that is there.
        section: Of study.yaml.
    """

    path: tuple[str, ...]
    value: str | tuple[str, ...]
    section: Literal["data", "response"] = "data"


class Takes(Protocol):
    """What a question does with its answer."""

    def edits(self, answer: str) -> tuple[Edit, ...] | None:
        """The lines that follow from the answer; None where it is not understood."""
        ...


@dataclass(frozen=True, slots=True)
class TakesWord:
    """A word of a column: one of our levels or a value, or `-` for a missing one."""

    table: str
    column: Variable
    word: str

    def edits(self, answer: str) -> tuple[Edit, ...] | None:
        """The word under `levels`."""
        ours = self.ours(answer)
        if ours is None:
            return None
        return (Edit((self.table, "levels", self.column.name, ours), (self.word,)),)

    def ours(self, answer: str) -> str | None:
        """Our word for the answer, blank for a missing one; None where it is not understood."""
        return "" if answer == NOTHING_MEANT else self._value(answer)

    def _value(self, answer: str) -> str | None:
        if self.column.levels and (level := level_reader(self.column)(answer)) is not None:
            return level
        value = parser(self.column, Reading())(answer)
        if value is None or isinstance(value, Fault | Partial):
            return None
        if isinstance(value, Elsewhere):
            return value.value
        if isinstance(value, bool):
            return "yes" if value else "no"
        return value.isoformat() if isinstance(value, date) else str(value)


_PART = re.compile(r"(?:^|[;,；，、|\s])\s*(?P<code>-?\d{1,2})\s*[=＝:：]\s*")


@dataclass(frozen=True, slots=True)
class TakesCodes:
    """The codes of a column, each with what it means: `1=target, 2=non_target, 9=-`."""

    table: str
    column: Variable
    codes: tuple[str, ...]

    def edits(self, answer: str) -> tuple[Edit, ...] | None:
        """Each code under `levels`; not understood unless every code is there once."""
        parts = list(_PART.finditer(answer))
        ends = [part.start() for part in parts[1:]] + [len(answer)]
        said = [
            (part["code"], answer[part.end() : end].strip(" \t;,；，、|"))
            for part, end in zip(parts, ends, strict=False)
        ]
        if sorted(code for code, _ in said) != sorted(self.codes):
            return None
        found: list[Edit] = []
        for code, word in said:
            ours = TakesWord(self.table, self.column, code).ours(word) if word else None
            if ours is None:
                return None
            found.append(Edit((self.table, "levels", self.column.name, ours), (code,)))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class TakesPlace:
    """A word of a place: an organ, a node with its station, `own`, or `-` for no place."""

    columns: tuple[tuple[str, str], ...]  # table and column that have it
    word: str

    def edits(self, answer: str) -> tuple[Edit, ...] | None:
        """The word under `places`."""
        if answer == NOTHING_MEANT:
            return tuple(Edit((table, "levels", column, ""), (self.word,)) for table, column in self.columns)
        if answer != OWN and read_stated(answer) is None:
            return None
        return (Edit(("places", self.word), answer),)


@dataclass(frozen=True, slots=True)
class TakesHeader:
    """One of our columns: the header it is read from, or `-` for none."""

    table: str
    column: str
    headers: tuple[str, ...]

    def edits(self, answer: str) -> tuple[Edit, ...] | None:
        """The header under `columns`."""
        if answer == NOTHING_MEANT:
            return ()
        header = find_header(self.headers, answer)
        return None if header is None else (Edit((self.table, "columns", self.column), header),)


@dataclass(frozen=True, slots=True)
class TakesColumn:
    """A header of theirs: which of our columns it is, or `-` for none."""

    table: str
    header: str
    columns: tuple[Variable, ...]

    def edits(self, answer: str) -> tuple[Edit, ...] | None:
        """The header under `columns`."""
        if answer == NOTHING_MEANT:
            return ()
        form = plain(answer)
        units = [c.unit.word if c.unit else "" for c in self.columns]
        for column, unit in zip(self.columns, units, strict=True):
            names = {plain(column.name)}
            if len({c.label for c in self.columns}) == len(self.columns):
                names |= {plain(column.label.zh), plain(column.label.en)}
            if form in names or (unit_named(answer) == unit and units.count(unit) == 1):
                return (Edit((self.table, "columns", column.name), self.header),)
        return None


@dataclass(frozen=True, slots=True)
class TakesChoice:
    """One word of a few, for one or several settings."""

    paths: tuple[tuple[str, ...], ...]
    words: tuple[str, ...]

    def edits(self, answer: str) -> tuple[Edit, ...] | None:
        """The word at every path."""
        word = next((w for w in self.words if plain(w) == plain(answer)), None)
        return None if word is None else tuple(Edit(path, word) for path in self.paths)


@dataclass(frozen=True, slots=True)
class TakesScale:
    """Whether the numbers below 1 of a column of per cent are parts of 1 (fraction) or per cent."""

    table: str
    column: str
    words: tuple[str, ...]

    def edits(self, answer: str) -> tuple[Edit, ...] | None:
        """The unit of the column; where only these numbers are parts of 1, what each is in per cent."""
        if plain(answer) == "percent":
            return (Edit((self.table, "units", self.column), "percent"),)
        if plain(answer) != "fraction":
            return None
        return tuple(
            Edit((self.table, "levels", self.column, f"{(100 * Decimal(word)).normalize():f}"), (word,))
            for word in self.words
        )


@dataclass(frozen=True, slots=True)
class TakesSpelling:
    """Whether numbers in two spellings are the same: `same` or `different`."""

    column: str
    numbers: tuple[tuple[str, str, str], ...]  # table, the number there, the number in its own table

    def edits(self, answer: str) -> tuple[Edit, ...] | None:
        """Each number under `levels` of the table that writes it otherwise."""
        if plain(answer) == "different":
            return ()
        if plain(answer) != "same":
            return None
        return tuple(
            Edit((table, "levels", self.column, known), (number,)) for table, number, known in self.numbers
        )


@dataclass(frozen=True, slots=True)
class TakesReader:
    """The reader whose readings count."""

    readers: tuple[str, ...]

    def edits(self, answer: str) -> tuple[Edit, ...] | None:
        """The reader under `response`."""
        found = next((reader for reader in self.readers if plain(reader) == plain(answer)), None)
        return None if found is None else (Edit(("reader",), found, "response"),)


@dataclass(frozen=True, slots=True)
class TakesTest:
    """A code of SDTM: the kind of test, or `-` for none that is read."""

    code: str
    tests: tuple[SdtmTest, ...]

    def edits(self, answer: str) -> tuple[Edit, ...] | None:
        """The code under `sdtm.tests`, beside CDISC's own, which a list there replaces."""
        if answer == NOTHING_MEANT:
            return ()
        for test in self.tests:
            if plain(test) == plain(answer):
                return (Edit(("sdtm", "tests", test), (*USUAL_TESTS[test], self.code)),)
        return None


@dataclass(frozen=True, slots=True)
class TakesWide:
    """Headers of sizes and of dates of the scans, `-` where there are no columns of scans."""

    table: str
    headers: tuple[str, ...]

    def edits(self, answer: str) -> tuple[Edit, ...] | None:
        """The patterns under `wide`."""
        if answer == NOTHING_MEANT:
            return (Edit((self.table, "wide"), "false"),)
        value, _, dates = (part.strip() for part in answer.partition(";"))
        in_row = re.fullmatch(r"(?:row |第 ?)?(\d+)(?: ?行)?", dates, re.ASCII)
        if "*" not in value or not (dates == "header" or in_row or "*" in dates):
            return None
        if in_row:
            stated, more = WideSource(value=(value,)), Edit((self.table, "wide", "dates_in"), in_row[1])
        elif dates == "header":
            stated, more = (
                WideSource(value=(value,), dates_in="header"),
                Edit((self.table, "wide", "dates_in"), dates),
            )
        else:
            stated, more = (
                WideSource(value=(value,), date=(dates,)),
                Edit((self.table, "wide", "date"), (dates,)),
            )
        if stated_plan(stated, self.headers, {}).problems:
            return None
        return (Edit((self.table, "wide", "value"), (value,)), more)


@dataclass(frozen=True)
class TakesSheet:
    """The sheet of a table, or `-` for none.

    Attributes:
        table: Ours.
        sheets: As shown, or ALL: files and title.
        also: Other tables that are in the same sheets.
        columns: Of ALL: our columns that the title of the sheet or the name of the file holds.
        more: As shown: the other lines of a sheet.
    """

    table: str
    sheets: Mapping[str, tuple[tuple[str, ...], str | None]]
    also: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, tuple[Edit, ...]] = field(default_factory=dict)

    def edits(self, answer: str) -> tuple[Edit, ...] | None:
        """The file and the sheet of the table."""
        if answer == NOTHING_MEANT:
            return ()
        found = next((shown for shown in self.sheets if plain(shown) == plain(answer)), None)
        if found is None:
            return None
        tables = (self.table, *self.also)
        named = self.columns if plain(answer) == ALL else {}
        of_tables = tuple(
            edit
            for table in tables
            for edit in (
                *edits_of_sheet(table, *self.sheets[found]),
                *(Edit((table, "columns", ours), theirs) for ours, theirs in named.items()),
            )
        )
        return (*of_tables, *self.more.get(found, ()))


def edits_of_sheet(table: str, files: tuple[str, ...], sheet: str | None) -> tuple[Edit, ...]:
    """The lines that say where a table is."""
    named = () if sheet is None else (Edit((table, "sheet"), sheet),)
    return (Edit((table, "files"), files), *named)


@dataclass(frozen=True, slots=True)
class TakesDay:
    """A day that belongs into study.yaml, or `-` for none; nothing of `data:`."""

    def edits(self, answer: str) -> tuple[Edit, ...] | None:
        """Nothing, where the answer is a day."""
        if answer == NOTHING_MEANT:
            return ()
        try:
            date.fromisoformat(answer)
        except ValueError:
            return None
        return ()


def with_edits(tree: Tree, edits: tuple[Edit, ...]) -> Tree:
    """The tree with more lines; what it states already stays."""
    changed = deepcopy(tree)
    for edit in edits:
        group = changed
        for key in edit.path[:-1]:
            if not isinstance(group.get(key), dict):
                group[key] = {}
            group = group[key]
        last = edit.path[-1]
        if isinstance(edit.value, tuple):
            there = group.get(last, [])
            there = [there] if isinstance(there, str) else list(there)
            group[last] = [*there, *(word for word in edit.value if word not in there)]
        else:
            group.setdefault(last, edit.value)
    return changed

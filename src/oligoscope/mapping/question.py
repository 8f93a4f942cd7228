"""A question about a user's files and what was taken; what several kinds of questions need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from oligoscope.bilingual import Text
from oligoscope.intake.files.columns import Matches
from oligoscope.intake.files.raw_table import RawTable
from oligoscope.intake.issues import NOTHING, Issue, Issues, Word
from oligoscope.mapping.answers import Takes
from oligoscope.study.dictionary.variable import Variable

Confidence = Literal["certain", "likely", "asked"]


@dataclass(frozen=True, slots=True)
class Taken:
    """One thing of the user's files and what it was taken for.

    Attributes:
        what: A table, a domain of SDTM, a column, the shape of a sheet, the order of dates, or a unit.
        table: Ours.
        theirs: The sheet or the header, as the user wrote it.
        ours: Our name for it; blank for the shape of a sheet, which `seen` describes.
        n: Rows, or cells that are not blank.
        confidence: certain: by its name or as stated; likely: by its cells, check it; asked: open.
        samples: A few cells, and what they were read as.
        seen: Of the shape of a sheet, what was seen.
    """

    what: Literal["table", "domain", "column", "shape", "dates", "unit"]
    table: str
    theirs: str
    ours: str
    n: int | None
    confidence: Confidence
    samples: tuple[str, ...] = ()
    seen: Text = NOTHING


@dataclass(frozen=True)
class Question:
    """What is not certain and not guessed.

    Attributes:
        id: Under which the answer is kept.
        text: The question, with how often and where first.
        answers: What may be answered.
        proposals: The likeliest answers, the first is the one of the Enter key; none: it must be typed.
        takes: What the answer means.
        n: Cells that it is about, where they are counted.
        where: The first of them.
    """

    id: str
    text: Text
    answers: Text
    proposals: tuple[str, ...]
    takes: Takes
    n: int | None = None
    where: Text = NOTHING


@dataclass(frozen=True)
class Seen:
    """The study as the check reads it.

    Attributes:
        issues: What it found.
        raw: The tables as read.
        matches: Their columns.
        stated: The settings of each table.
        answers: What was answered already, by the question's id.
    """

    issues: Issues
    raw: Mapping[str, RawTable] = field(default_factory=dict)
    matches: Mapping[str, Matches] = field(default_factory=dict)
    stated: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)

    def found(self, *rules: str) -> list[Issue]:
        """The findings of these rules."""
        return [issue for issue in self.issues if issue.rule in rules]

    def found_of_study(self, *rules: str) -> list[Issue]:
        """Those of tables of which study.yaml says how they are read, and not the standard of their files."""
        return [issue for issue in self.found(*rules) if not self.is_of_standard(issue.table)]

    def is_of_standard(self, table: str) -> bool:
        """Whether the standard of the files (SDTM) says which column is which."""
        return table in self.raw and self.raw[table].mapping is not None


def found_column(issue: Issue, matches: Mapping[str, Matches]) -> Variable | None:
    """Our column that a finding is about, which names it as the user does."""
    of_table = matches.get(issue.table)
    if of_table is None:
        return None
    return next((m.column for m in of_table.found if issue.column in {m.shown, m.column.name}), None)


def names_of(columns: Iterable[Variable]) -> Text:
    """Our columns with their names, as answers list them."""
    listed = list(columns)
    return Text(
        "、".join(f"{c.name}（{c.label.zh}）" for c in listed),
        ", ".join(f"{c.name} ({c.label.en})" for c in listed),
    )


def by_column(issues: Iterable[Issue]) -> list[Issue]:
    """The first finding of each column of a table."""
    return list({(i.table, i.column): i for i in reversed(list(issues))}.values())[::-1]


def at(word: Word) -> Text:
    """How often a word occurs and where first."""
    return at_first(word.n, word.first)


def place_of(first: Issue) -> Text:
    """The sheet and row of a finding."""
    if first.row is None:
        return Text(first.source, first.source)
    return Text(f"{first.source} 第 {first.row} 行", f"{first.source}, row {first.row}")


def at_first(n: int, first: Issue) -> Text:
    """How often and where first."""
    row = "" if first.row is None else f"第 {first.row} 行"
    row_en = "" if first.row is None else f", row {first.row}"
    return Text(f"{n} 处，首见 {first.source} {row}".strip(), f"{n} of them, first in {first.source}{row_en}")

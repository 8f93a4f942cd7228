"""What is wrong with the data: each finding with its place, all of them as one message or one table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from pathlib import Path

import polars as pl

from oligoscope.bilingual import Language, Text
from oligoscope.intake.identifier_forms import quoted
from oligoscope.intake.rule import Grade, in_number
from oligoscope.intake.rules import RULES
from oligoscope.plain_text import MESSAGE_LINES, one_line

_quoted = lru_cache(maxsize=65_536)(quoted)  # a word may be in a million cells
GRADES: tuple[Grade, ...] = ("error", "quarantine", "warning")
SHOWN = 10  # words printed for one rule; issues.csv holds all of them
_LONGEST_NAME, _LONGEST_CELL, _LONGEST_SENTENCE = (
    200,
    80,
    800,
)  # characters printed; issues.csv holds all of them
NOTHING = Text("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One finding.

    Attributes:
        rule: Its id in `rules.RULES`, which holds the grade.
        table: patients, lesions, …
        source: The file, or "file [sheet]".
        row: Row there, header = row 1; None for a finding about the whole file.
        column: Its name in the user's file.
        value: The cell as the user wrote it, shortened, and masked where it has the form of an identifier.
        expected: What the cell should hold.
        patient_id: The patient of the row.
        path: Of a file that cannot be read, where it lies; in no output.
    """

    rule: str
    table: str
    source: str = ""
    row: int | None = None
    column: str = ""
    value: str | None = None
    expected: Text = NOTHING
    patient_id: str | None = None
    path: Path | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Findings are printed, saved and shown: a cell is quoted so that it is found again, no more."""
        if self.value is not None:
            object.__setattr__(self, "value", _quoted(self.value))

    @property
    def grade(self) -> Grade:
        """The grade of its rule."""
        return RULES[self.rule].grade


@dataclass(frozen=True)
class Issues:
    """All findings of a study, errors first, those of one rule together."""

    items: tuple[Issue, ...] = ()

    @classmethod
    def of(cls, items: Iterable[Issue]) -> Issues:
        """Ordered by grade, then rule, then place."""
        order = {rule: i for i, rule in enumerate(sorted(RULES, key=lambda r: GRADES.index(RULES[r].grade)))}

        def place(issue: Issue) -> tuple[int, str, str, int, str]:
            row = -1 if issue.row is None else issue.row
            return (
                order[issue.rule],
                issue.table,
                issue.source,
                row,
                issue.column,
            )

        return cls(tuple(sorted(_once_a_file(dict.fromkeys(items)), key=place)))

    def __iter__(self) -> Iterator[Issue]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    @property
    def errors(self) -> tuple[Issue, ...]:
        """What blocks the study."""
        return self._graded("error")

    @property
    def quarantined(self) -> tuple[Issue, ...]:
        """What must be left out."""
        return self._graded("quarantine")

    @property
    def warnings(self) -> tuple[Issue, ...]:
        """What is kept and listed."""
        return self._graded("warning")

    def _graded(self, grade: Grade) -> tuple[Issue, ...]:
        return tuple(issue for issue in self.items if issue.grade == grade)

    def frame(self) -> pl.DataFrame:
        """One row a finding: what issues.csv holds."""
        rows = [
            (
                i.grade,
                i.table,
                i.source,
                i.row,
                i.patient_id,
                i.column,
                i.value,
                i.rule,
                i.expected.zh,
                i.expected.en,
            )
            for i in self.items
        ]
        return pl.DataFrame(rows, schema=_SCHEMA, orient="row")

    def message(self, language: Language, shown: int = SHOWN) -> str:
        """For people: one paragraph a rule and file, one line a word with its count and first row, and what to do; 95 lines at most."""
        groups = [list(group) for _, group in groupby(self.items, key=lambda i: (i.rule, i.table, i.source))]
        lines: list[str] = []
        for n, group in enumerate(groups):
            # A blank line before it, and the line that says what is left out.
            found = _paragraph(group, language, shown)
            if len(lines) + len(found) + 3 > MESSAGE_LINES:
                return "\n".join([*lines, "", _and_more(groups[n:])[language]])
            lines += ["", *found] if lines else found
        return "\n".join(lines)


# About a file as a whole: the same for every table that is in it.
_OF_FILES = frozenset({"file_unreadable", "encoding_assumed"})


def _once_a_file(items: Iterable[Issue]) -> Iterator[Issue]:
    """The findings; one about a file that several tables share only under the first of these."""
    seen: set[tuple[object, ...]] = set()
    for issue in items:
        key = (issue.rule, issue.source, issue.row, issue.column, issue.value, issue.expected)
        if issue.rule not in _OF_FILES or key not in seen:
            seen.add(key)
            yield issue


_SCHEMA = {
    name: pl.Int64 if name == "row" else pl.String
    for name in (
        "grade", "table", "source", "row", "patient_id", "column", "value", "rule", "expected_zh", "expected_en",
    )
}  # fmt: skip
_GRADE_NAMES: dict[Grade, Text] = {
    "error": Text("错误", "error"),
    "quarantine": Text("须剔除", "must be left out"),
    "warning": Text("警告", "warning"),
}


def _and_more(groups: list[list[Issue]]) -> Text:
    kinds, n = len(groups), sum(map(len, groups))
    return Text(
        f"……另有 {kinds} 类共 {n} 处，全部见 issues.csv。",
        in_number(
            f"… and {n} more finding(s) of {kinds} [kind|kinds], all in issues.csv.",
            max(n, kinds),
        ),
    )


def _paragraph(issues: list[Issue], language: Language, shown: int) -> list[str]:
    rule = RULES[issues[0].rule]
    n = len(issues)
    finding = rule.finding[language]
    # Before the name of the source is inserted, which may contain brackets.
    heading = (in_number(finding, n) if language == "en" else finding).format(
        source=one_line(issues[0].source, _LONGEST_NAME), n=n
    )
    lines = [f"[{_GRADE_NAMES[rule.grade][language]}] {heading}"]
    words = by_word(issues)
    lines += _aligned([_cells(word, language) for word in words[:shown]])
    if len(words) > shown:
        rest = sum(word.n for word in words[shown:])
        lines.append(
            "  " + Text(f"……另有 {rest} 处，见 issues.csv", f"… and {rest} more in issues.csv")[language]
        )
    return [*lines, rule.remedy[language]]


@dataclass(frozen=True, slots=True)
class Word:
    """Findings of one rule that say the same of the same word.

    Attributes:
        first: The first of them.
        n: How many cells hold it.
    """

    first: Issue
    n: int


def by_word(issues: Iterable[Issue]) -> list[Word]:
    """Each different word of a column with what is expected of it, the most frequent first."""
    first: dict[tuple[str, ...], Issue] = {}
    counts: Counter[tuple[str, ...]] = Counter()
    for issue in issues:
        key = (issue.rule, issue.table, issue.column, issue.value or "", issue.expected.zh, issue.expected.en)
        first.setdefault(key, issue)
        counts[key] += 1
    words = [Word(issue, counts[key]) for key, issue in first.items()]
    return sorted(words, key=lambda word: -word.n)


def _cells(word: Word, language: Language) -> tuple[str, ...]:
    issue = word.first
    row = "" if issue.row is None else Text(f"第 {issue.row} 行", f"row {issue.row}")[language]
    if word.n > 1 and row:
        row = Text(f"{row}起", f"from {row}")[language]
    patient_id = one_line((issue.patient_id or "") if word.n == 1 else "", _LONGEST_CELL)
    times = "" if word.n == 1 else Text(f"{word.n} 处", f"{word.n} times")[language]
    patient = Text(f"患者 {patient_id}", f"patient {patient_id}")[language] if patient_id else ""
    column = one_line(issue.column, _LONGEST_NAME)
    value = None if issue.value is None else one_line(issue.value, _LONGEST_CELL)
    written = column if value is None else f"{column} = {value}".removeprefix(" = ")
    expected = one_line(issue.expected[language], _LONGEST_SENTENCE)
    return (
        row,
        patient,
        written,
        times,
        f"({expected})" if expected and language == "en" else expected and f"（{expected}）",
    )


def _aligned(rows: list[tuple[str, ...]]) -> list[str]:
    """Columns of equal width; a column that is blank in every row is left out."""
    columns = [column for column in zip(*rows, strict=True) if any(column)]
    widths = [max(map(len, column)) for column in columns]
    return [
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in zip(*columns, strict=True)
    ]

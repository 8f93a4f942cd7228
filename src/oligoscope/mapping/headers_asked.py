"""Required columns whose header is not known, or of which several headers may be meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from oligoscope.bilingual import Text
from oligoscope.intake.files.cells import clean
from oligoscope.intake.files.columns import Matches
from oligoscope.intake.files.header_words import PATIENT, may_be_patient
from oligoscope.intake.files.raw_table import INTERNAL, RawTable
from oligoscope.intake.issues import Issue
from oligoscope.mapping.answers import TakesHeader
from oligoscope.mapping.question import Question, Seen, by_column, found_column
from oligoscope.study.dictionary.headers import headers_of, nearest_columns
from oligoscope.study.dictionary.variable import Variable
from oligoscope.study.dictionary.words import level_reader
from oligoscope.study.schemas import TABLES

_MANY_WORDS = 10  # different words of a column that are no level of it
_NONE_OF_IT = Text("；- 表示都不是", "; - for none")


def lacking(seen: Seen) -> Iterator[Question]:
    """Which header is a required column? Not asked of a table whose columns of scans are asked about first."""
    wide = {issue.table for issue in seen.found_of_study("wide_unclear")}
    known = [
        i
        for i in seen.found_of_study("column_missing")
        if i.table not in wide and i.column in {c.name for c in TABLES[i.table].columns}
    ]
    yield from (_lacking(issue, seen.raw, seen.matches) for issue in by_column(known))


def ambiguous(seen: Seen) -> Iterator[Question]:
    """Which of several headers is the column?"""
    yield from (_ambiguous(issue, seen.raw) for issue in by_column(seen.found_of_study("column_ambiguous")))


def misread(seen: Seen) -> Iterator[Question]:
    """Which header is a column of levels most of whose different words are none, where another header's words are?"""
    for (table, _), columns in misread_columns(seen).items():
        column, issue, others = columns
        yield Question(
            header_question(table, column),
            Text(
                f"“{issue.column}”的词多不是“{column.label.zh}”（如“{issue.value}”）；哪一列是？",
                f"Most words of “{issue.column}” are no {column.label.en} (as “{issue.value}”); which column is it?",
            ),
            Text(
                "、".join(others) + "；- 表示仍是此列，逐词回答",
                ", ".join(others) + "; - if it is this one, to be answered word by word",
            ),
            others,
            TakesHeader(table, column.name, others),
        )


def misread_columns(seen: Seen) -> dict[tuple[str, str], tuple[Variable, Issue, tuple[str, ...]]]:
    """Of each table and column of theirs that is asked about as a whole: our column, its first finding, the other headers."""
    there: dict[tuple[str, str], list[Issue]] = {}
    for issue in seen.found("value_unreadable", "value_ignored"):
        there.setdefault((issue.table, issue.column), []).append(issue)
    found: dict[tuple[str, str], tuple[Variable, Issue, tuple[str, ...]]] = {}
    for key, issues in there.items():
        column = found_column(issues[0], seen.matches)
        if column is None or column.kind != "level" or len({i.value for i in issues}) < _MANY_WORDS:
            continue
        table = seen.raw[key[0]]
        used = {h for match in seen.matches[key[0]].found for h in match.headers}
        others = tuple(
            h
            for h in table.headers.get(issues[0].source, ())
            if h not in used and h not in INTERNAL and _are_levels(table, h, column)
        )
        if others:
            found[key] = (column, issues[0], others)
    return found


def header_question(table: str, column: Variable) -> str:
    """The id of the question which header a column is."""
    return f"{table}.{column.name}.header"


def _lacking(issue: Issue, raw: Mapping[str, RawTable], matches: Mapping[str, Matches]) -> Question:
    """Which header is a required column?"""
    used = {h for m in matches[issue.table].found for h in m.headers}
    rest = tuple(h for h in raw[issue.table].columns if h not in used)
    column = next(c for c in TABLES[issue.table].columns if c.name == issue.column)
    near = nearest_columns(rest, [column])
    numbers = [h for h in rest if column.name == PATIENT and may_be_patient(h)]
    return Question(
        f"{issue.table}.{column.name}",
        Text(
            f"{issue.source} 的哪一列是“{column.label.zh}”（{column.name}）？",
            f"Which column of {issue.source} is {column.label.en} ({column.name})?",
        ),
        Text("、".join(rest) + _NONE_OF_IT.zh, ", ".join(rest) + _NONE_OF_IT.en),
        (
            *numbers,
            *(
                h
                for h in rest
                if h not in numbers
                and (near.get(h) or (column.levels and _are_levels(raw[issue.table], h, column)))
            ),
        ),
        TakesHeader(issue.table, column.name, rest),
    )


def _are_levels(table: RawTable, header: str, column: Variable) -> bool:
    """Whether at least half of the different words of a column are levels of ours."""
    if not column.levels or header not in table.frame.columns:
        return False
    words = [word for cell in table.frame[header].unique().drop_nulls().to_list() if (word := clean(cell))]
    read = level_reader(column)
    return bool(words) and 2 * sum(read(word) is not None for word in words) >= len(words)


def _ambiguous(issue: Issue, raw: Mapping[str, RawTable]) -> Question:
    """Which of several headers is the column?"""
    there = raw[issue.table].headers.get(issue.source, ())
    column = next(c for c in TABLES[issue.table].columns if issue.column in headers_of(there, c))
    names = headers_of(there, column)
    return Question(
        f"{issue.table}.{column.name}",
        Text(
            f"{issue.source} 中 {'、'.join(names)} 都可能是“{column.label.zh}”，采用哪一列？",
            f"In {issue.source} each of {', '.join(names)} may be {column.label.en}; which is meant?",
        ),
        Text("、".join(names) + _NONE_OF_IT.zh, ", ".join(names) + _NONE_OF_IT.en),
        names,
        TakesHeader(issue.table, column.name, names),
    )

"""The draft of a study's mapping: the files are read as the study would read them, and what is not certain is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from oligoscope.bilingual import Text
from oligoscope.intake.checks.column_readings import with_readings
from oligoscope.intake.checks.written_dates import needs_order
from oligoscope.intake.files.cells import clean
from oligoscope.intake.files.columns import Match, Matches, match_columns
from oligoscope.intake.files.raw_table import RawTable
from oligoscope.intake.identifier_forms import quoted
from oligoscope.intake.issues import Issue, Issues
from oligoscope.intake.readers import read_tables
from oligoscope.intake.validation import validate_tables
from oligoscope.mapping.answers import NOTHING_MEANT, Tree, edits_of_sheet, with_edits
from oligoscope.mapping.columns import column_questions
from oligoscope.mapping.files_found import FolderContent
from oligoscope.mapping.questions import Question, Taken, questions_of
from oligoscope.mapping.sheets import Assigned, assign
from oligoscope.study.dictionary.words import level_reader
from oligoscope.study.protocol import Protocol, TableSource
from oligoscope.study.schemas import TABLES
from oligoscope.study.short_forms import with_preset

_ROUNDS = 8  # an answer may open a question about what it made readable
_SAMPLES = 6


@dataclass(frozen=True)
class Draft:
    """What a study's files are taken for, and what has to be asked.

    Attributes:
        data: The tree of `data:`, with every answer.
        taken: What was taken for what.
        asked: Every question that came up, answered or not, in order.
        refused: Answers that were not understood, by the question's id.
        unread: Files that cannot be read, with the reason.
        issues: What the check finds with this mapping; empty where no patients were found.
    """

    data: Tree
    taken: tuple[Taken, ...]
    asked: tuple[Question, ...]
    refused: Mapping[str, str]
    unread: Mapping[str, Text]
    issues: Issues = field(default_factory=Issues)

    def open(self, answers: Mapping[str, str]) -> tuple[Question, ...]:
        """The questions without an answer that was understood."""
        return tuple(q for q in self.asked if q.id not in answers or q.id in self.refused)


def draft_of(
    content: FolderContent, folder: Path, settings: Mapping[str, Any], answers: Mapping[str, str]
) -> Draft:
    """Read the files by what is stated and certain, and ask for the rest.

    Args:
        content: The sheets of the folder; of a study that states its tables, none.
        folder: Of the files.
        settings: The study in long form; its `data` is kept as it is.
        answers: By the question's id.
    """
    data: Tree = dict(settings.get("data") or {})
    asked: dict[str, Question] = {}
    refused: dict[str, str] = {}
    assigned: tuple[Assigned, ...] = ()
    view = _View(Issues())
    if not data.get("sdtm"):
        given = {name for name in TABLES if (data.get(name) or {}).get("files")}
        denied = {name for name in TABLES if answers.get(f"table.{name}") == NOTHING_MEANT}
        stated = frozenset(given | denied)
        assigned, questions = assign(content.sheets, stated)
        for one in assigned:
            for sheet in one.sheets:
                title = sheet.sheet if _n_sheets(content, sheet.file) > 1 else None
                data = with_edits(data, edits_of_sheet(one.table, (sheet.file,), title))
        data = _answered(data, questions, answers, asked, refused)
    for _ in range(_ROUNDS):
        found = _view(data, folder, settings)
        if found is None:
            break
        view = found
        changed = _answered(data, _questions(view), answers, asked, refused)
        if changed == data:
            break
        data = changed
    taken = sorted((*_tables(assigned), *_columns(view)), key=lambda one: list(TABLES).index(one.table))
    return Draft(data, tuple(taken), tuple(asked.values()), refused, content.unread, view.issues)


@dataclass(frozen=True)
class _View:
    """The study as one mapping reads it."""

    issues: Issues
    raw: Mapping[str, RawTable] = field(default_factory=dict)
    matches: Mapping[str, Matches] = field(default_factory=dict)


def _view(data: Tree, folder: Path, settings: Mapping[str, Any]) -> _View | None:
    """The tables by this mapping; None where there are no patients."""
    try:
        protocol = Protocol.model_validate(
            with_preset({**settings, "study": settings.get("study") or {}, "data": data})
        )
    except ValidationError:
        return None
    raw = read_tables(protocol, folder)
    matches = {name: _matched(table, protocol) for name, table in raw.items()}
    _, issues = validate_tables(raw, protocol)
    return _View(issues, raw, matches)


def _matched(raw: RawTable, protocol: Protocol) -> Matches:
    source: TableSource = raw.mapping or getattr(protocol.data, raw.name) or TableSource(files=())
    found = match_columns(raw, TABLES[raw.name], source)
    return with_readings(raw, found, source, protocol, lambda header: raw.frame[header].unique())


def _questions(view: _View) -> Iterator[Question]:
    left_out = {issue.column for issue in view.issues if issue.rule == "identifier_left_out"}
    yield from questions_of(view.issues, view.raw, view.matches)
    # A header may be the answer to a question about a column that is lacking.
    waiting = {i.table for i in view.issues if i.rule in {"column_missing", "column_ambiguous"}}
    raw = {name: table for name, table in view.raw.items() if name not in waiting}
    yield from column_questions(raw, view.raw, view.matches, left_out)


def _answered(
    data: Tree,
    questions: Any,
    answers: Mapping[str, str],
    asked: dict[str, Question],
    refused: dict[str, str],
) -> Tree:
    """The tree with the answers to these questions."""
    for question in questions:
        asked.setdefault(question.id, question)
        answer = answers.get(question.id)
        if answer is None:
            continue
        edits = question.takes.edits(answer)
        if edits is None:
            refused[question.id] = answer
        else:
            data = with_edits(data, edits)
    return data


def _n_sheets(content: FolderContent, file: str) -> int:
    return sum(sheet.file == file for sheet in content.sheets)


# ---- what was taken for what ----------------------------------------------------------------------


def _tables(assigned: tuple[Assigned, ...]) -> Iterator[Taken]:
    for one in assigned:
        for sheet in one.sheets:
            yield Taken("table", one.table, sheet.shown, one.table, sheet.n, one.confidence)


def _columns(view: _View) -> Iterator[Taken]:
    for name, table in view.raw.items():
        for issue in view.issues:
            if issue.table == name and issue.rule in _SEEN:
                yield Taken(
                    _SEEN[issue.rule], name, issue.source, "", None, "likely", _first(issue), issue.expected
                )
        for match in view.matches[name].found:
            if match.constant is None:
                yield _column(name, table, match)


_SEEN: dict[str, Any] = {
    "sheet_shape": "shape", "cells_filled": "shape", "date_order_taken": "dates", "unit_converted": "unit",
}  # fmt: skip


def _first(issue: Issue) -> tuple[str, ...]:
    return tuple(part for part in (issue.column, issue.value) if part)


def _column(table: str, raw: RawTable, match: Match) -> Taken:
    texts = [c for h in match.headers for c in raw.frame[h].drop_nulls().to_list() if clean(c) is not None]
    column = match.column
    samples: tuple[str, ...] = ()
    # The number of a patient and the day of birth belong to no further file.
    if column.kind != "id" and column.name != "birth_date":
        words = list(dict.fromkeys(clean(text) or "" for text in texts))[:_SAMPLES]
        read = level_reader(column) if column.levels else None
        samples = tuple(
            quoted(word) + (f" = {level}" if read and (level := read(word)) and level != word else "")
            for word in words
        )
    if column.kind == "date" and match.reading.date_order and any(map(needs_order, texts)):
        samples = (f"{match.reading.date_order}", *samples)
    return Taken("column", table, match.shown, column.name, len(texts), "certain", samples)

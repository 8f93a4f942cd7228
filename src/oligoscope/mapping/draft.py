"""The draft of a study's mapping: the files are read as the study would read them, and what is not certain is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from oligoscope.bilingual import Text
from oligoscope.intake.checks.column_readings import with_readings
from oligoscope.intake.checks.written_dates import needs_order
from oligoscope.intake.files.cells import clean
from oligoscope.intake.files.columns import Match, Matches, match_columns
from oligoscope.intake.files.header_words import PATIENT
from oligoscope.intake.files.raw_table import RawTable
from oligoscope.intake.identifier_forms import quoted
from oligoscope.intake.issues import Issue, Issues
from oligoscope.intake.readers import read_tables
from oligoscope.intake.sdtm.sdtm import TABLE_OF
from oligoscope.intake.validation import validate_tables
from oligoscope.mapping.answers import NOTHING_MEANT, Edit, Tree, edits_of_sheet, with_edits
from oligoscope.mapping.columns import column_questions
from oligoscope.mapping.files_found import FolderContent
from oligoscope.mapping.question import Question, Seen, Taken
from oligoscope.mapping.questions import questions_of
from oligoscope.mapping.sheets import Assigned, assign, sheets_stated, without_second
from oligoscope.mapping.tables_seen import tables_seen
from oligoscope.study.dictionary.words import level_reader
from oligoscope.study.protocol import SHEET_TITLE, Protocol, TableSource
from oligoscope.study.schemas import PATIENTS, TABLES, TREATMENTS
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
        response: The tree of `response:`: the reader whose readings count, or that responses are as given.
        tables: Each table as it is read, for pages.
    """

    data: Tree
    taken: tuple[Taken, ...]
    asked: tuple[Question, ...]
    refused: Mapping[str, str]
    unread: Mapping[str, Text]
    issues: Issues = field(default_factory=Issues)
    response: Tree = field(default_factory=dict)
    tables: tuple[dict[str, Any], ...] = ()

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
    work = Work.of(folder, settings, answers)
    assigned = found_tables(content, work)
    seen = Seen(Issues())
    for _ in range(_ROUNDS):
        found = work.seen()
        if found is None:
            break
        seen = found
        if not work.answered(_questions(seen)):
            break
    hidden = _titles_hidden(seen)
    taken = sorted(
        (*_tables(assigned), *_domains(content, work.data), *_columns(seen)),
        key=lambda one: list(TABLES).index(one.table),
    )
    return Draft(
        work.data,
        tuple(dict.fromkeys(replace(one, theirs=_without(one.theirs, hidden)) for one in taken)),
        tuple(
            replace(q, text=Text(_without(q.text.zh, hidden), _without(q.text.en, hidden)))
            for q in work.asked.values()
        ),
        work.refused,
        content.unread,
        seen.issues,
        work.stated["response"],
        tuple(tables_seen(seen)),
    )


@dataclass
class Work:
    """The draft while it is made.

    Attributes:
        folder: Of the files.
        settings: The study in long form.
        answers: By the question's id.
        stated: Of each section that a mapping may state, what the study and the answers say.
        asked: Every question that came up.
        refused: Answers that were not understood.
    """

    folder: Path
    settings: Mapping[str, Any]
    answers: Mapping[str, str]
    stated: dict[str, Tree]
    asked: dict[str, Question] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, folder: Path, settings: Mapping[str, Any], answers: Mapping[str, str]) -> Work:
        """The draft before anything was read."""
        stated = {name: dict(settings.get(name) or {}) for name in ("data", "response")}
        return cls(folder, settings, answers, stated)

    @property
    def data(self) -> Tree:
        return self.stated["data"]

    def add(self, *edits: Edit) -> None:
        """More lines of each section; those about tables of SDTM are lines of `sdtm`."""
        for edit in edits:
            own = _of_sdtm(edit) if edit.path[0] in TABLES and self._is_of_sdtm(edit.path[0]) else edit
            tree = with_edits(self.stated[edit.section], (own,))
            if edit.path[0] == TREATMENTS.name and own is edit and edit.section == "data":
                tree[TREATMENTS.name].setdefault("files", [])  # its first line is in the sheet of patients
            self.stated[edit.section] = tree

    def _is_of_sdtm(self, table: str) -> bool:
        return self.data.get("sdtm") is not None and not (self.data.get(table) or {}).get("files")

    def answered(self, questions: Iterable[Question]) -> bool:
        """Whether the answers to these questions state anything new."""
        before = dict(self.stated)
        for question in questions:
            self.asked.setdefault(question.id, question)
            answer = self.answers.get(question.id)
            if answer is None:
                continue
            edits = question.takes.edits(answer)
            if edits is None:
                self.refused[question.id] = answer
            else:
                self.add(*edits)
        return self.stated != before

    def seen(self) -> Seen | None:
        """The tables by what is stated now; None where there are no patients."""
        tree = {**self.settings, "study": self.settings.get("study") or {}, "data": self.data}
        if self.stated["response"]:
            tree["response"] = self.stated["response"]
        try:
            protocol = Protocol.model_validate(with_preset(tree))
        except ValidationError:
            return None
        raw = read_tables(protocol, self.folder)
        matches = {name: _matched(table, protocol) for name, table in raw.items()}
        _, issues = validate_tables(raw, protocol)
        stated = {name: source for name in TABLES if isinstance(source := self.data.get(name), dict)}
        return Seen(issues, raw, matches, stated, self.answers)


def _of_sdtm(edit: Edit) -> Edit:
    return replace(edit, path=("sdtm", *edit.path[1:]))


def found_tables(content: FolderContent, work: Work) -> tuple[Assigned, ...]:
    """State the sheet of each table that is certain, ask for the others; or state that the files are SDTM."""
    if work.data.get("sdtm") is not None:
        return ()
    if content.domains:
        work.add(Edit(("sdtm", "folder"), "."))
        if not {"tu", "tr"} <= content.domains.keys():
            work.add(Edit(("source",), "assessments", "response"))
        return ()
    given = {name for name in TABLES if (work.data.get(name) or {}).get("files")}
    denied = {name for name in TABLES if work.answers.get(f"table.{name}") == NOTHING_MEANT}
    known = [
        sheets_stated(name, content.sheets, _listed(stated["files"]), _listed(stated.get("sheet")))
        for name in given
        if isinstance(stated := work.data[name], dict)
    ]
    assigned, questions = assign(content.sheets, frozenset(given | denied), known)
    assigned = without_second(assigned, {name: _files(work.data[name]) for name in given})
    for one in assigned:
        for sheet in one.sheets:
            title = sheet.sheet if _n_sheets(content, sheet.file) > 1 else None
            rows = () if sheet.instrument is None else sheet.instrument.edits(one.table)
            work.add(*edits_of_sheet(one.table, (sheet.file,), title), *rows)
    work.answered(questions)
    return assigned


def _files(source: Any) -> tuple[str, ...]:
    """The files that a table states, in either form."""
    return _listed(source.get("files") if isinstance(source, dict) else source)


def _listed(words: Any) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(map(str, words or ()))


def _titles_hidden(seen: Seen) -> frozenset[str]:
    """The titles of sheets, in brackets, that are numbers of patients: these belong to no further file."""
    return frozenset(
        source[source.rindex(" [") :]
        for name, table in seen.raw.items()
        if SHEET_TITLE in _listed((seen.stated.get(name) or {}).get("columns", {}).get(PATIENT))
        for source in table.headers
        if source.endswith("]")
    )


def _without(text: str, hidden: frozenset[str]) -> str:
    for title in hidden:
        text = text.replace(title, " […]")
    return text


def _matched(raw: RawTable, protocol: Protocol) -> Matches:
    source: TableSource = raw.mapping or getattr(protocol.data, raw.name) or TableSource(files=())
    found = match_columns(raw, TABLES[raw.name], source)
    return with_readings(raw, found, source, protocol, lambda header: raw.frame[header].unique())


def _questions(seen: Seen) -> Iterator[Question]:
    left_out = {issue.column for issue in seen.found("identifier_left_out")}
    yield from questions_of(seen)
    # A header may be the answer to a question about a column that is lacking.
    waiting = {i.table for i in seen.found("column_missing", "column_ambiguous")}
    raw = {
        name: table
        for name, table in seen.raw.items()
        if name not in waiting and not seen.is_of_standard(name)
    }
    yield from column_questions(raw, seen.raw, seen.matches, left_out)


def _n_sheets(content: FolderContent, file: str) -> int:
    return len({sheet.sheet for sheet in content.sheets if sheet.file == file})


# ---- what was taken for what ----------------------------------------------------------------------


def _tables(assigned: tuple[Assigned, ...]) -> Iterator[Taken]:
    for one in assigned:
        for sheet in one.sheets:
            yield Taken("table", one.table, sheet.shown, one.table, sheet.n, one.confidence)


def _domains(content: FolderContent, data: Tree) -> Iterator[Taken]:
    """The domains of SDTM and the table that is made of each."""
    if data.get("sdtm") is not None:
        for domain, file in content.domains.items():
            table = TABLE_OF.get(domain, PATIENTS.name)
            yield Taken("domain", table, file, table, None, "certain", (f"SDTM {domain.upper()}",))


def _columns(view: Seen) -> Iterator[Taken]:
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

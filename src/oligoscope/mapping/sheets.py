"""Which sheet of which file is which table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from oligoscope.bilingual import Text
from oligoscope.intake.files.long_rows import header_of
from oligoscope.intake.files.scan_headers import scan_header
from oligoscope.intake.files.sheet_wanted import fitness
from oligoscope.mapping.answers import ALL, TakesSheet
from oligoscope.mapping.files_found import FoundSheet
from oligoscope.mapping.question import Confidence, Question
from oligoscope.study.dictionary.sheet_titles import SHEET_TITLES
from oligoscope.study.dictionary.words import plain
from oligoscope.study.protocol import TableSource
from oligoscope.study.schemas import COHORT, LESIONS, MEASUREMENTS, PATIENTS, TABLES, TableSpec

_LINKS = {"patient_id", "lesion_id", "reader"}  # columns that several tables share
_FEWEST = 2  # columns of its own that a table must have in a sheet that is not called after it


@dataclass(frozen=True)
class Assigned:
    """A table and its sheets.

    Attributes:
        table: Ours.
        sheets: Where it is.
        confidence: certain: by its title and headers; likely: by its headers alone.
    """

    table: str
    sheets: tuple[FoundSheet, ...]
    confidence: Confidence


def assign(
    sheets: Sequence[FoundSheet], stated: frozenset[str]
) -> tuple[tuple[Assigned, ...], tuple[Question, ...]]:
    """The sheet of each table that is not stated, and a question where several may be meant.

    A sheet of other people fits no table and is left alone; one sheet may serve several tables.
    """
    found: list[Assigned] = []
    questions: list[Question] = []
    open_tables = [table for table in TABLES.values() if table.name not in stated]
    for table in open_tables:
        called = _called(table, sheets)
        if len({sheet.file for sheet in called}) > 1:
            questions.append(_which(table, called))
        elif called:
            whole = not fitness(called[0].headers, table, TableSource(files=())).lacking
            found.append(Assigned(table.name, called[:1], "certain" if whole else "likely"))
    settled = {one.table for one in found} | {str(q.id).removeprefix("table.") for q in questions}
    for table in (t for t in open_tables if t.name not in settled):
        best = _best(table, sheets, found)
        if len(best) > 1:
            questions.append(_which(table, best))
        elif best:
            found.append(Assigned(table.name, best, "likely"))
    return tuple(found), tuple(questions)


def _called(table: TableSpec, sheets: Sequence[FoundSheet]) -> tuple[FoundSheet, ...]:
    """The sheets that are called after a table and have a column of it, the surest title first."""
    names = (table.name, table.label.zh, table.label.en, *SHEET_TITLES.get(table.name, ()))
    ranks = {plain(name): rank for rank, name in reversed(list(enumerate(names)))}
    called = [(ranks[plain(s.title)], s) for s in sheets if plain(s.title) in ranks and _known(table, s)]
    return tuple(sheet for _, sheet in sorted(called, key=lambda one: one[0]))


def _known(table: TableSpec, sheet: FoundSheet) -> int:
    return fitness(sheet.headers, table, TableSource(files=())).known


def _best(
    table: TableSpec, sheets: Sequence[FoundSheet], found: Sequence[Assigned]
) -> tuple[FoundSheet, ...]:
    """The sheets with most columns of the table that no other table has there; none where they are too few."""
    scored = [(own, s) for s in sheets if (own := _own(table, s, found)) is not None and own >= _FEWEST]
    most = max((own for own, _ in scored), default=0)
    return tuple(s for own, s in scored if own == most)


def _own(table: TableSpec, sheet: FoundSheet, found: Sequence[Assigned]) -> int | None:
    """How many headers are the table's alone; None where a column that it needs is missing."""
    source = TableSource(files=())
    fit = fitness(sheet.headers, table, source)
    scans = sum(scan_header(h) is not None for h in sheet.headers)
    # The names of lesions may be in the headers of scans.
    in_headers = (
        {"lesion_id", "role"}
        if scans >= _FEWEST and table.name in {LESIONS.name, MEASUREMENTS.name}
        else set()
    )
    if set(fit.lacking) - in_headers:
        return None
    taken = {
        header_of(sheet.headers, a.table, c.name, source)
        for a in found
        if sheet in a.sheets
        for c in TABLES[a.table].columns
    }
    # A cohort may hold every column of patients; what makes it one are labels and times.
    shared = _LINKS | ({c.name for c in PATIENTS.columns} if table == COHORT else set())
    own = {
        header_of(sheet.headers, table.name, c.name, source) for c in table.columns if c.name not in shared
    }
    n = len(own - taken - {None})
    return n + scans if table.name == MEASUREMENTS.name or in_headers else n


def _which(table: TableSpec, sheets: Sequence[FoundSheet]) -> Question:
    places: dict[str, tuple[tuple[str, ...], str | None]] = {s.shown: ((s.file,), s.sheet) for s in sheets}
    if len({(s.headers, s.sheet) for s in sheets}) == 1:  # parts of one table
        places[ALL] = (tuple(s.file for s in sheets), sheets[0].sheet)
    label = table.label
    return Question(
        f"table.{table.name}",
        Text(f"哪张表是“{label.zh}”（{table.name}）？", f"Which sheet holds {label.en} ({table.name})?"),
        Text("、".join(places) + "；- 表示没有", ", ".join(places) + "; - for none"),
        (),
        TakesSheet(table.name, places),
    )

"""Which sheet of which file is which table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from oligoscope.bilingual import Text
from oligoscope.intake.files.header_words import PATIENT, may_be_patient
from oligoscope.intake.files.long_rows import header_of
from oligoscope.intake.files.scan_headers import scan_header
from oligoscope.intake.files.sheet_choice import Fitness
from oligoscope.intake.files.sheet_wanted import fitness
from oligoscope.mapping.answers import ALL, TakesSheet
from oligoscope.mapping.files_found import FoundSheet
from oligoscope.mapping.question import Confidence, Question
from oligoscope.study.dictionary.sheet_titles import SHEET_TITLES
from oligoscope.study.dictionary.words import plain
from oligoscope.study.protocol import TableSource
from oligoscope.study.schemas import COHORT, LESIONS, MEASUREMENTS, PATIENTS, PROGRESSIONS, TABLES, TableSpec

_WITHIN_COHORT = {PATIENTS.name, PROGRESSIONS.name}  # whose columns a cohort has, too
_LINKS = {"patient_id", "lesion_id", "reader"}  # columns that several tables share
_MANY = 4  # columns of a table that a sheet must have where the patient's number has an unknown name
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


def without_second(found: Sequence[Assigned], stated: Mapping[str, Sequence[str]]) -> tuple[Assigned, ...]:
    """A file of a classified cohort holds its patients and progressions, unless there are lesions: it is no second table of them.

    Args:
        found: The sheet of each table that is not stated.
        stated: The files of each that is.
    """
    files = {one.table: {sheet.file for sheet in one.sheets} for one in found}
    files |= {table: set(names) for table, names in stated.items()}
    cohort = files.get(COHORT.name)
    if cohort is None or {LESIONS.name, MEASUREMENTS.name} & files.keys():
        return tuple(found)
    return tuple(one for one in found if one.table not in _WITHIN_COHORT or files[one.table] != cohort)


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
    scans = sum(map(_is_scan, sheet.headers))
    # The names of lesions may be in the headers of scans.
    in_headers = (
        {"lesion_id", "role"}
        if scans >= _FEWEST and table.name in {LESIONS.name, MEASUREMENTS.name}
        else set()
    )
    if set(fit.lacking) - in_headers - _without_patient(sheet, fit):
        return None
    within = _within(sheet, found)
    taken = {
        header_of(sheet.headers, a.table, c.name, source)
        for a in found
        if sheet in a.sheets and not (table == COHORT and a.table in within)
        for c in TABLES[a.table].columns
    }
    # A cohort may hold every column of patients; what makes it one are labels and times.
    shared = _LINKS | ({c.name for c in PATIENTS.columns} if table == COHORT else set())
    own = {
        header_of(sheet.headers, table.name, c.name, source) for c in table.columns if c.name not in shared
    }
    n = len(own - taken - {None})
    return n + scans if table.name == MEASUREMENTS.name or in_headers else n


def _within(sheet: FoundSheet, found: Sequence[Assigned]) -> set[str]:
    """The tables that a cohort replaces: where a sheet has labels or times of it, and there are no lesions."""
    has_lesions = any(one.table in {LESIONS.name, MEASUREMENTS.name} for one in found)
    theirs = {c.name for name in _WITHIN_COHORT for c in TABLES[name].columns}
    source = TableSource(files=())
    only = (c.name for c in COHORT.columns if c.name not in theirs)
    has_own = any(header_of(sheet.headers, COHORT.name, name, source) for name in only)
    return _WITHIN_COHORT if has_own and not has_lesions else set()


def _is_scan(header: str) -> bool:
    """Whether a header names a scan and what its cells hold: PDL1 and bl_org name none."""
    found = scan_header(header)
    return found is not None and (found.role == "value" or found.role in _MEASURED)


_MEASURED = {column.name for column in MEASUREMENTS.columns}


def _without_patient(sheet: FoundSheet, fit: Fitness) -> set[str]:
    """The patient's number, where a sheet has many columns of a table and a header that may be it: which one is asked."""
    may_be = any(map(may_be_patient, sheet.headers))
    return {PATIENT} if may_be and fit.known >= _MANY else set()


def _which(table: TableSpec, sheets: Sequence[FoundSheet]) -> Question:
    places: dict[str, tuple[tuple[str, ...], str | None]] = {s.shown: ((s.file,), s.sheet) for s in sheets}
    if len({(s.headers, s.sheet, s.instrument) for s in sheets}) == 1:  # parts of one table
        places[ALL] = (tuple(s.file for s in sheets), sheets[0].sheet)
    label = table.label
    return Question(
        f"table.{table.name}",
        Text(f"哪张表是“{label.zh}”（{table.name}）？", f"Which sheet holds {label.en} ({table.name})?"),
        Text("、".join(places) + "；- 表示没有", ", ".join(places) + "; - for none"),
        (),
        TakesSheet(
            table.name, places, {s.shown: s.instrument.edits(table.name) for s in sheets if s.instrument}
        ),
    )

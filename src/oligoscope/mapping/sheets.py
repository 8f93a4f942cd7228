"""Which sheet of which file is which table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from oligoscope.bilingual import Text
from oligoscope.intake.files.long_rows import header_of
from oligoscope.intake.files.scan_headers import scan_header
from oligoscope.intake.files.sheet_wanted import fitness
from oligoscope.mapping.answers import TakesSheet
from oligoscope.mapping.files_found import FoundSheet
from oligoscope.mapping.questions import Confidence, Question
from oligoscope.study.dictionary.sheet_titles import SHEET_TITLES
from oligoscope.study.dictionary.words import plain
from oligoscope.study.protocol import TableSource
from oligoscope.study.schemas import LESIONS, MEASUREMENTS, PATIENTS, TABLES, TableSpec

_NEEDED = (PATIENTS.name, LESIONS.name, MEASUREMENTS.name)
_LINKS = {"patient_id", "lesion_id", "reader"}  # columns that several tables share
_FEWEST = 2  # columns of its own that a table must have in a sheet that is not called after it


@dataclass(frozen=True)
class Assigned:
    """A table and its sheets.

    Attributes:
        table: Ours.
        sheets: Of equal headers; each its own file.
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
    found = list(_by_title(sheets, stated))
    questions: list[Question] = []
    for table in (t for t in TABLES.values() if t.name not in stated | {a.table for a in found}):
        best = _best(table, sheets, found)
        if not best:
            continue
        if len(best) == 1 or _are_parts(best):
            found.append(Assigned(table.name, best, "likely"))
        else:
            questions.append(_which(table, best))
    return tuple(found), tuple(questions)


def _by_title(sheets: Sequence[FoundSheet], stated: frozenset[str]) -> Iterator[Assigned]:
    """The tables after which a sheet is called that also fits."""
    for table in (t for t in TABLES.values() if t.name not in stated):
        names = [
            plain(n) for n in (table.name, table.label.zh, table.label.en, *SHEET_TITLES.get(table.name, ()))
        ]
        called = [(names.index(plain(t)), s) for s in sheets for t in s.titles if plain(t) in names]
        called = [(rank, s) for rank, s in called if _known(table, s) >= _FEWEST]
        first = min((rank for rank, _ in called), default=None)
        best = tuple(s for rank, s in called if rank == first)
        if best and (len(best) == 1 or _are_parts(best)):
            whole = not fitness(best[0].headers, table, TableSource(files=())).lacking
            yield Assigned(table.name, best, "certain" if whole else "likely")


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
    own = {
        header_of(sheet.headers, table.name, c.name, source) for c in table.columns if c.name not in _LINKS
    }
    n = len(own - taken - {None})
    return n + scans if table.name == MEASUREMENTS.name or in_headers else n


def _are_parts(sheets: Sequence[FoundSheet]) -> bool:
    """Whether the sheets are one table in several files: of equal headers and title."""
    return len({(s.headers, s.sheet) for s in sheets}) == 1


def _which(table: TableSpec, sheets: Sequence[FoundSheet]) -> Question:
    places = {s.shown: (s.file, s.sheet) for s in sheets}
    label = table.label
    return Question(
        f"table.{table.name}",
        Text(f"哪张表是“{label.zh}”（{table.name}）？", f"Which sheet holds {label.en} ({table.name})?"),
        Text("、".join(places) + "；- 表示没有", ", ".join(places) + "; - for none"),
        tuple(places),
        TakesSheet(table.name, places),
    )

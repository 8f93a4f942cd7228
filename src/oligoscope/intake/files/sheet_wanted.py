"""What the study says of the sheet of a table, and how well the headers of a sheet fit it."""

from __future__ import annotations

from collections.abc import Sequence

from oligoscope.intake.files.columns import all_listed, listed
from oligoscope.intake.files.header_words import PATIENT, HeaderWords
from oligoscope.intake.files.layout import Wanted
from oligoscope.intake.files.long_rows import header_of
from oligoscope.intake.files.scan_headers import scan_header
from oligoscope.intake.files.sheet_choice import Fitness
from oligoscope.study.dictionary.words import plain
from oligoscope.study.protocol import FILE_NAME, SHEET_TITLE, TableSource, WideSource
from oligoscope.study.schemas import MEASUREMENTS, TableSpec, day_name


def wanted_of(table: TableSpec, source: TableSource) -> Wanted:
    """The rows that study.yaml names, and the headers that it maps."""
    del table
    wide = source.wide if isinstance(source.wide, WideSource) else WideSource()
    mapped = [*all_listed(source.columns), *source.where]
    patient = listed(source.columns.get(PATIENT, ()))
    return Wanted(
        source.header_row,
        source.units_row,
        wide.dates_in if isinstance(wide.dates_in, int) else None,
        frozenset(source.ignored_rows),
        source.last_row,
        HeaderWords(frozenset(map(plain, mapped)), frozenset(map(plain, patient))),
    )


def fitness(headers: Sequence[str], table: TableSpec, source: TableSource) -> Fitness:
    """How many columns of a table a sheet has, and which required ones it lacks; columns of scans may have its dates."""
    named = {SHEET_TITLE, FILE_NAME}
    given = {
        *source.constants,
        *(name for join in source.join for name in join.columns),
        *(name for name, theirs in source.columns.items() if named & set(listed(theirs))),
    }
    found = {c.name for c in table.columns if header_of(headers, table.name, c.name, source) is not None}
    lacking = [c.name for c in table.columns if c.required and c.name not in found | given]
    days = [name for name in lacking if any(plain(h) == plain(day_name(name)) for h in headers)]
    if table.name == MEASUREMENTS.name and "assessed_on" in lacking and source.wide:
        scans = [h for h in headers if scan_header(h) is not None]
        days += ["assessed_on"] if len(scans) >= 2 else []
    return Fitness(len(found), tuple(name for name in lacking if name not in days))

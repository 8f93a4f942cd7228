"""Raw tables to validated tables, and a finding for everything that was wrong."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from oligoscope.intake.checks.cohort_rules import with_patients
from oligoscope.intake.checks.column_readings import with_readings
from oligoscope.intake.checks.columns_absent import find_absent
from oligoscope.intake.checks.findings import Findings
from oligoscope.intake.checks.identifiers import without_identifiers
from oligoscope.intake.checks.partial_dates import settle_partial_dates
from oligoscope.intake.checks.place_columns import PlaceWords
from oligoscope.intake.checks.study_patterns import find_patterns
from oligoscope.intake.checks.table_checks import check_tables, find_left_out, validated_tables
from oligoscope.intake.checks.two_diameters import settle_two_diameters
from oligoscope.intake.checks.typed_table import TypedTable, type_table
from oligoscope.intake.checks.whole_study import (
    find_followed_to_contact,
    find_fractions,
    find_missing_tables,
    find_no_follow_up,
    find_repeated_patients,
    find_without_rows,
    is_per_cent,
)
from oligoscope.intake.files.cells import clean_series
from oligoscope.intake.files.columns import Matches, match_columns
from oligoscope.intake.files.raw_table import RawTable
from oligoscope.intake.files.shape import once_of_alike
from oligoscope.intake.identifier_forms import counted
from oligoscope.intake.issues import Issue, Issues
from oligoscope.study.column_checks import columns_named
from oligoscope.study.protocol import Protocol, TableSource
from oligoscope.study.schemas import DATE_PROGRESSIONS, HOLD_PATIENTS, PATIENTS, TABLES, StudyTables, empty


def validate_tables(raw: dict[str, RawTable], protocol: Protocol) -> tuple[StudyTables, Issues]:
    """Type every table and check it by the rules of docs/data.md.

    Args:
        raw: The tables as read (`read_tables`).
        protocol: The study.

    Returns:
        The tables without the rows and patients that must be left out, and all findings. Where there are
        errors the tables are empty: nothing can be derived.
    """
    findings = Findings()
    matches = {name: matches_of(t, protocol) for name, t in raw.items()}
    findings.issues += [i for t in raw.values() for i in once_of_alike(t.problems)]
    findings.issues += [i for m in matches.values() for i in m.issues]
    findings.issues += find_missing_tables(protocol)
    findings.issues += find_without_rows(
        t for t in raw.values() if t.frame.height == 0 and not any(i.grade == "error" for i in t.problems)
    )
    findings.issues += find_absent(raw, matches, protocol)
    for name in HOLD_PATIENTS:
        if name in raw:
            findings.issues += _fractions(raw[name], matches[name], protocol)
    typed = settle_two_diameters(settle_partial_dates(_typed(raw, matches, protocol, findings), findings))
    typed = with_patients(typed, findings)
    if "patients" in typed:
        findings.issues += find_repeated_patients(
            typed["patients"].frame, findings.names["patients"]["patient_id"]
        )
    if any(issue.grade == "error" for issue in findings.issues):
        return StudyTables(empty(PATIENTS)), Issues.of(findings.issues)
    frames = check_tables(typed, protocol, findings)
    find_patterns(typed, protocol, findings)
    issues = Issues.of([*findings.issues, *find_left_out(frames, findings)])
    if issues.errors:
        # Where the chosen reader is in no row, one error is enough: the finding of each patient is left out.
        return StudyTables(empty(PATIENTS)), Issues.of(i for i in issues if i.rule != "reader_left_out")
    tables = validated_tables(frames, typed, findings)
    sources = tables.patients["source"].drop_nulls().unique().sort()
    if tables.patients.height:
        followed = tables.whole.is_followed
        found = [
            *find_no_follow_up(", ".join(sources), is_followed=followed),
            *_followed_to_contact(typed),
        ]
        issues = Issues.of([*issues, *found])
    return tables, issues


def _followed_to_contact(typed: dict[str, TypedTable]) -> Iterator[Issue]:
    dated = ("progressed_on", "progressed_day")
    read = {name: typed[name].frame for name in DATE_PROGRESSIONS if name in typed}
    n = {
        name: frame.select(pl.any_horizontal(pl.col(*dated).is_not_null()).sum()).item()
        for name, frame in read.items()
    }
    sources = sorted({source for frame in read.values() for source in frame["source"].drop_nulls().unique()})
    with_rows = {name for name, table in typed.items() if table.frame.height}
    given = typed["cohort"].given if "cohort" in typed else ()
    yield from find_followed_to_contact(
        with_rows, typed["patients"].frame.height, n, given, ", ".join(sources)
    )


def matches_of(raw: RawTable, protocol: Protocol) -> Matches:
    """The columns of a table that are read: without those of direct identifiers."""
    table, source = TABLES[raw.name], source_of(raw, protocol)
    found = match_columns(raw, table, source, columns_named(protocol))

    def cells(header: str) -> pl.DataFrame:
        return counted(raw.frame.get_column(header).to_frame().lazy())

    found = without_identifiers(raw, found, table, source, protocol, cells)
    return with_readings(raw, found, source, protocol, lambda header: raw.frame[header].unique())


def source_of(table: RawTable, protocol: Protocol) -> TableSource:
    """The names of the table's columns: its own mapping, else that of study.yaml."""
    return table.mapping or getattr(protocol.data, table.name) or TableSource(files=())


def _fractions(raw: RawTable, matches: Matches, protocol: Protocol) -> Iterator[Issue]:
    """Columns of percentages that may be fractions, where study.yaml does not state it."""
    for match in (m for m in matches.found if is_per_cent(m.column)):
        cells = [clean_series(raw.frame[header]) for header in match.headers]
        if cells and raw.frame.height:
            yield from find_fractions(
                raw.name, match, pl.concat(cells), source_of(raw, protocol), raw.frame[match.source][0] or ""
            )


def _typed(
    raw: dict[str, RawTable], matches: dict[str, Matches], protocol: Protocol, findings: Findings
) -> dict[str, TypedTable]:
    """The tables without an error, typed."""
    broken = {issue.table for issue in findings.issues if issue.grade == "error"}
    return {
        name: type_table(
            table, TABLES[name], source, matches[name], findings,
            PlaceWords.of(protocol.data.places, source, TABLES[name]),
        )
        for name, table in raw.items()
        if name not in broken
        for source in (source_of(table, protocol),)
    }  # fmt: skip

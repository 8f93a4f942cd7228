"""Opening a study whose tables are typed parquet: the findings that need the whole study.

Missing columns, repeated patients, several readers; and the rows of each partition.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import polars as pl
from polars.selectors import by_name

from oligoscope.intake.checks.cohort_rules import with_patients
from oligoscope.intake.checks.column_readings import with_readings
from oligoscope.intake.checks.columns_absent import find_absent
from oligoscope.intake.checks.findings import Findings
from oligoscope.intake.checks.identifiers import without_identifiers
from oligoscope.intake.checks.partial_dates import settle_partial_dates
from oligoscope.intake.checks.study_patterns import (
    MEASUREMENT_COLUMNS,
    PATIENT_COLUMNS,
    find_not_sought,
    find_patterns,
)
from oligoscope.intake.checks.timing import anchor_issue
from oligoscope.intake.checks.two_diameters import settle_two_diameters
from oligoscope.intake.checks.typed_table import TypedTable, typed_table
from oligoscope.intake.checks.values import Fault, Partial, parser
from oligoscope.intake.checks.whole_study import (
    find_followed_to_contact,
    find_fractions,
    find_missing_tables,
    find_no_follow_up,
    find_reader_not_chosen,
    find_repeated_patients,
    find_without_rows,
    is_per_cent,
)
from oligoscope.intake.files.cells import clean
from oligoscope.intake.files.columns import Match, Matches, match_columns
from oligoscope.intake.files.first_line import find_unread_regimen
from oligoscope.intake.files.formats import PARQUET
from oligoscope.intake.files.guard import native
from oligoscope.intake.files.parquet_sheet import is_cell, reading, scanned
from oligoscope.intake.files.parquet_structure import NOT_PARQUET, check_parquet
from oligoscope.intake.files.patient_units import BY_PATIENT
from oligoscope.intake.files.raw_table import SOURCE, RawTable
from oligoscope.intake.files.sheet import UnreadableError, size_of_file, unread_column
from oligoscope.intake.identifier_forms import added_up, counted
from oligoscope.intake.issues import Issue, Issues
from oligoscope.intake.parquet.parquet_columns import clean_words, type_columns
from oligoscope.intake.parquet.parquet_places import find_places
from oligoscope.intake.parquet.parquet_slices import (
    FIRST_ROW,
    PartitionOrder,
    Slice,
    count_rows,
    find_slices,
    read_slice,
)
from oligoscope.intake.parquet.parquet_tables import ParquetPart
from oligoscope.study.column_checks import columns_named
from oligoscope.study.protocol import LimitSettings, Protocol, TableSource
from oligoscope.study.schemas import (
    DATE_PROGRESSIONS,
    FOLLOWED,
    HOLD_PATIENTS,
    PATIENTS,
    READ_TABLES,
    TABLES,
    StudyTables,
    WholeStudy,
    empty,
)

Files = tuple[tuple[Path, str], ...]  # their paths, and their names in the study


def is_typed_parquet(protocol: Protocol) -> bool:
    """Whether every table of the study is parquet, without sheets, filters or joined files."""
    sources = [s for name in TABLES if (s := getattr(protocol.data, name)) is not None]
    if protocol.data.sdtm is not None or protocol.data.genie is not None:
        return False
    return all(
        not (s.sheet or s.where or s.join or s.query or BY_PATIENT in s.units.values())
        and all(PARQUET.is_named(name) for name in s.files)
        for s in sources
    )


@dataclass(frozen=True)
class ParquetStudy:
    """A study's parquet files, opened but not read.

    Attributes:
        protocol: The study.
        files: Of each table, the files and their names in the study.
        matches: Of each table, which of its columns are ours.
        readers: Of each table, every reader named in it.
        n_patients: Rows of the patients table.
        issues: Findings about the whole; with errors among them nothing can be read.
    """

    protocol: Protocol
    files: dict[str, Files]
    matches: dict[str, Matches]
    readers: dict[str, tuple[str, ...]]
    n_patients: int
    issues: Issues

    @property
    def whole(self) -> WholeStudy:
        """What is true of the study as a whole."""
        with_rows = frozenset(
            n for n, files in self.files.items() if any(count_rows(*file) for file in files)
        )
        readers = dict.fromkeys(READ_TABLES, ()) | self.readers
        gave_response = self._holds(DATE_PROGRESSIONS, ("best_response",))
        return WholeStudy(with_rows, readers, self._holds(HOLD_PATIENTS, FOLLOWED), gave_response)

    def _holds(self, tables: tuple[str, ...], columns: tuple[str, ...]) -> bool:
        """Whether any cell of these columns has a value."""
        return any(
            _holds_a_value(*file, match)
            for table in tables
            if table in self.files
            for match in self.matches[table].found
            if match.column.name in columns and match.headers
            for file in self.files[table]
        )

    def parts(self, size: int | None, scratch: Path) -> list[ParquetPart]:
        """Partitions of `size` whole patients in the order of their identifiers; None is one partition."""
        table = who_is_in(self.files)
        ids = _ids(self.files[table], self.matches[table])
        order = PartitionOrder(ids, size or max(1, len(ids)))
        slices = {
            name: _sliced(files, self.matches[name], order, scratch) for name, files in self.files.items()
        }
        return [
            ParquetPart(
                self.protocol, {name: tuple(parts[i]) for name, parts in slices.items()}, self.matches
            )
            for i in range(order.count)
        ]

    def read(self) -> tuple[StudyTables, Issues, int]:
        """All of it at once: the tables, every finding, and how many patients were left out."""
        if self.issues.errors:
            return StudyTables(empty(PATIENTS)), self.issues, 0
        part = self.parts(None, Path())[0].read()
        issues = Issues.of([*self.issues, *part.issues, *anchor_issue(part.n_anchored)])
        return part.tables, issues, part.n_left_out


def who_is_in(tables: Iterable[str]) -> str:
    """The table whose rows are the patients: patients, or the cohort where there is no such table."""
    return next(name for name in (*HOLD_PATIENTS, "") if name in (*tables, ""))


def _n_filled(path: Path, name: str, header: str) -> int:
    """How many cells of a column are not blank."""
    with reading(path, name) as file:
        if header not in file.collect_schema().names():
            return 0
        return int(file.select(pl.col(header).is_not_null().sum()).collect(engine="streaming").item())


def _holds_a_value(path: Path, name: str, match: Match) -> bool:
    """Whether a column has a cell that is a value; of words, those that can be read."""
    header = match.headers[0]
    with reading(path, name) as file:
        kind = file.collect_schema().get(header)
    if kind != pl.String:
        return _n_filled(path, name, header) > 0
    read = parser(match.column, match.reading)
    with reading(path, name) as file:
        words = file.select(pl.col(header).unique()).collect(engine="streaming").to_series()
    values = (read(word) for text in words.drop_nulls() if (word := clean(text)) is not None)
    known = (value.day if isinstance(value, Partial) else value for value in values)
    return any(value is not None and not isinstance(value, Fault) for value in known)


def open_parquet(protocol: Protocol, folder: Path) -> ParquetStudy:
    """Open the files of a study: their columns, numbers of rows, patients and readers."""
    sources = {n: s for n in TABLES if (s := getattr(protocol.data, n)) is not None}
    raw = {name: _raw(name, source, folder, protocol.limits) for name, source in sources.items()}
    matches = {name: _matches(raw[name], source, protocol, folder) for name, source in sources.items()}
    files = {
        name: tuple((folder / file, file) for file in source.files if file in raw[name].headers)
        for name, source in sources.items()
    }
    rows = {name: sum(count_rows(*file) for file in found) for name, found in files.items()}
    issues = [*chain(*(t.problems for t in raw.values())), *chain(*(m.issues for m in matches.values()))]
    issues += find_missing_tables(protocol)
    issues += find_absent(raw, matches, protocol)
    issues += find_unread_regimen(raw, protocol)
    issues += find_without_rows(
        t for name, t in raw.items() if rows[name] == 0 and not any(i.grade == "error" for i in t.problems)
    )
    readers: dict[str, tuple[str, ...]] = {}
    if not any(issue.grade == "error" for issue in issues):
        table = who_is_in(files)
        issues += _patients_twice(files[table], matches[table])
        for name in (n for n in HOLD_PATIENTS if n in files):
            issues += _fractions(name, files[name], matches[name], sources[name])
        for name, found_files in files.items():
            issues += find_places(
                found_files, TABLES[name], sources[name], matches[name], protocol.data.places
            )
        readers = {n: _readers(files[n], matches[n]) for n in READ_TABLES if n in files}
        for name, found in readers.items():
            issues += find_reader_not_chosen(name, found, protocol.response.reader, files[name][0][1])
    n_patients = rows.get(who_is_in(rows), 0)
    source = ", ".join(name for _, name in files.get(who_is_in(rows), ()))
    not_sought = list(find_not_sought(n_patients, source))
    if not not_sought and not any(issue.grade == "error" for issue in issues):
        issues += _patterns(files, matches, sources, protocol)
    study = ParquetStudy(protocol, files, matches, readers, n_patients, Issues.of(issues))
    if study.issues.errors:
        return study
    followed = find_no_follow_up(source, is_followed=study.whole.is_followed)
    return replace(
        study, issues=Issues.of([*study.issues, *not_sought, *followed, *_followed_to_contact(study, rows)])
    )


def _followed_to_contact(study: ParquetStudy, rows: Mapping[str, int]) -> Iterator[Issue]:
    read = [name for name in DATE_PROGRESSIONS if name in study.files]
    n = {
        name: sum(_n_filled(*file, header) for file in study.files[name])
        for name in read
        if (
            header := _header(study.matches[name], "progressed_on")
            or _header(study.matches[name], "progressed_day")
        )
    }
    sources = sorted({name for table in read for _, name in study.files[table]})
    given = {m.column.name for m in study.matches["cohort"].found} if "cohort" in read else ()
    with_rows = {name for name, count in rows.items() if count}
    yield from find_followed_to_contact(with_rows, study.n_patients, n, given, ", ".join(sources))


def _matches(raw: RawTable, source: TableSource, protocol: Protocol, folder: Path) -> Matches:
    """The columns of a table that are read: without those of direct identifiers."""
    table = TABLES[raw.name]

    def cells(header: str) -> pl.DataFrame:
        found = []
        for file in (file for file, headers in raw.headers.items() if header in headers):
            with reading(folder / file, file) as scan:
                # A day is no identifier, and one beyond the calendar has no text.
                if not scan.collect_schema()[header].is_temporal():
                    found.append(counted(scan.select(by_name(header))))
        return added_up(*found)

    found = without_identifiers(
        raw, match_columns(raw, table, source, columns_named(protocol)), table, source, protocol, cells
    )

    def words(header: str) -> pl.Series:
        there = [file for file, headers in raw.headers.items() if header in headers]
        different = [w for file in there if (w := _words_to_read(folder / file, file, header)) is not None]
        return pl.concat(different).unique() if different else pl.Series([], dtype=pl.String)

    return with_readings(raw, found, source, protocol, words)


def _raw(name: str, source: TableSource, folder: Path, limits: LimitSettings) -> RawTable:
    """Only the headers; a file that is not parquet, or a column that cannot be cells, is a finding."""
    headers: dict[str, tuple[str, ...]] = {}
    problems: list[Issue] = []
    for file in source.files:
        try:
            schema = _schema_of(folder / file, limits)
        except UnreadableError as error:
            problems.append(error.issue(name, file, folder / file))
            continue
        headers[file] = tuple(column for column, kind in schema.items() if is_cell(kind))
        problems += [
            unread_column(name, file, column, str(kind))
            for column, kind in schema.items()
            if not is_cell(kind)
        ]
    return RawTable(name, headers=headers, problems=tuple(problems))


def _schema_of(path: Path, limits: LimitSettings) -> pl.Schema:
    check_parquet(path, size_of_file(path), limits, ("parquet_rows", limits.parquet_rows))
    with native(NOT_PARQUET):
        return scanned(path).collect_schema()


def _patterns(
    files: dict[str, Files], matches: dict[str, Matches], sources: dict[str, TableSource], protocol: Protocol
) -> list[Issue]:
    """Findings that only all patients together show, from the few columns that they need."""
    aside, findings, typed = Findings(), Findings(), dict[str, TypedTable]()
    for name, columns in ((who_is_in(files), PATIENT_COLUMNS), ("measurements", MEASUREMENT_COLUMNS)):
        if name not in files:
            continue
        few = replace(
            matches[name], found=tuple(m for m in matches[name].found if m.column.name in columns), extra=()
        )
        headers = list(dict.fromkeys(chain(*(m.headers for m in few.found))))
        pieces = [_few_columns(path, file, headers) for path, file in files[name]]
        frame = type_columns(
            pl.concat(pieces, how="diagonal_relaxed"), TABLES[name], sources[name], few, aside
        )
        typed[name] = typed_table(TABLES[name], frame, few, findings)
    find_patterns(
        with_patients(settle_two_diameters(settle_partial_dates(typed, aside)), findings), protocol, findings
    )
    return findings.issues


def _few_columns(path: Path, name: str, headers: list[str]) -> pl.DataFrame:
    with reading(path, name) as file:
        there = file.collect_schema().names()
    rows = read_slice(Slice(path, name, 0, count_rows(path, name)), [h for h in headers if h in there])
    lacking = [pl.lit(None).alias(h) for h in headers if h not in there]
    return rows.with_columns(*lacking, pl.lit(name).alias(SOURCE))


def _header(matches: Matches, column: str) -> str | None:
    return next((m.headers[0] for m in matches.found if m.column.name == column and m.headers), None)


def _ids(files: Files, matches: Matches) -> pl.Series:
    header = _header(matches, "patient_id")
    found = []
    for path, name in files:
        with reading(path, name) as file:
            found.append(file.select(pl.col(header or "").cast(pl.String)).collect().to_series())
    return clean_words(pl.concat(found))


def _patients_twice(files: Files, matches: Matches) -> Iterator[Issue]:
    ids = _ids(files, matches)
    if ids.drop_nulls().n_unique() == len(ids) - ids.null_count():
        return
    places = [
        pl.DataFrame({"source_row": range(FIRST_ROW, FIRST_ROW + count_rows(path, name))}).with_columns(
            source=pl.lit(name)
        )
        for path, name in files
    ]
    patients = pl.concat(places).with_columns(ids.alias("patient_id"))
    yield from find_repeated_patients(patients, _header(matches, "patient_id") or "patient_id")


def _fractions(table: str, files: Files, matches: Matches, source: TableSource) -> Iterator[Issue]:
    """Columns of percentages that may be fractions, where study.yaml does not state it."""
    for match in (m for m in matches.found if is_per_cent(m.column) and len(m.headers) == 1):
        found = {
            name: words for path, name in files if (words := _words(path, name, match.headers[0])) is not None
        }
        if found:
            yield from find_fractions(table, match, pl.concat(found.values()), source, next(iter(found)))


def _readers(files: Files, matches: Matches) -> tuple[str, ...]:
    header = _header(matches, "reader")
    found = {m.constant for m in matches.found if m.column.name == "reader" and m.constant is not None}
    for path, name in files:
        names = None if header is None else _words(path, name, header)
        if names is not None:
            found |= set(clean_words(names).drop_nulls())
    return tuple(sorted(found))


def _words(path: Path, name: str, header: str) -> pl.Series | None:
    """Every different word of a column; None where the file does not have it."""
    with reading(path, name) as file:
        if header not in file.collect_schema().names():
            return None
        words = file.select(pl.col(header).cast(pl.String).unique())
        return words.collect(engine="streaming").to_series()


def _words_to_read(path: Path, name: str, header: str) -> pl.Series | None:
    """The different cells of a column of text or numbers; a column of days says itself how it is read."""
    with reading(path, name) as file:
        kind = file.collect_schema()[header]
        if kind.is_temporal() or kind == pl.Boolean:
            return None
        different = file.select(pl.col(header).unique()).collect(engine="streaming").to_series()
        words = different.cast(pl.String)
        return words.str.strip_suffix(".0").unique() if kind.is_numeric() else words.unique()


def _sliced(files: Files, matches: Matches, order: PartitionOrder, scratch: Path) -> list[list[Slice]]:
    """The slices of every file of a table, partition by partition."""
    header = _header(matches, "patient_id")
    by_file = [find_slices(path, name, header, order, scratch) for path, name in files]
    return [list(chain(*slices)) for slices in zip(*by_file, strict=True)]

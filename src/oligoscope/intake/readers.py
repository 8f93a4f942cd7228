"""Files to raw tables: every cell as text with its place; what cannot be read is a finding, not an exception."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from oligoscope.bilingual import Text
from oligoscope.intake.files.columns import all_listed
from oligoscope.intake.files.csv_reader import read_csv
from oligoscope.intake.files.database import read_query
from oligoscope.intake.files.dataset_json import read_dataset_json
from oligoscope.intake.files.example_rows import without_examples
from oligoscope.intake.files.first_line import with_first_line
from oligoscope.intake.files.formats import (
    CSV,
    DATASET_JSON,
    DTA,
    OLD_EXCEL,
    PARQUET,
    SAS7BDAT,
    SAV,
    XLSX,
    XPT,
    Format,
)  # fmt: skip
from oligoscope.intake.files.formats_refused import refuse_other_formats
from oligoscope.intake.files.gene_columns import with_driver_genes
from oligoscope.intake.files.joining import add_joined
from oligoscope.intake.files.layout import Wanted
from oligoscope.intake.files.own_rows import own_rows
from oligoscope.intake.files.parquet_sheet import read_parquet_sheet
from oligoscope.intake.files.patient_units import with_patient_units
from oligoscope.intake.files.raw_table import RawTable
from oligoscope.intake.files.redcap import RedcapField, one_row_a_record, read_dictionary, with_dictionary
from oligoscope.intake.files.redcap_rows import EVENT, header_called, of_instrument
from oligoscope.intake.files.row_filter import keep_where, without_notes
from oligoscope.intake.files.shape import shape_issues
from oligoscope.intake.files.sheet import Sheet, UnreadableError, read_bytes, sheet_issues, table_of_sheets
from oligoscope.intake.files.sheet_choice import Fit
from oligoscope.intake.files.sheet_names import with_names
from oligoscope.intake.files.sheet_wanted import fitness, wanted_of
from oligoscope.intake.files.statistics_files import (
    SAS,
    SAS_TRANSPORT,
    SPSS,
    STATA,
    Program,
    read_statistics_file,
)  # fmt: skip
from oligoscope.intake.files.xls_reader import XlsWorkbook
from oligoscope.intake.files.xlsx_reader import XlsxWorkbook
from oligoscope.intake.genie import read_genie
from oligoscope.intake.issues import Issue
from oligoscope.intake.sdtm.sdtm import read_sdtm
from oligoscope.study.database_url import file_of_address
from oligoscope.study.dictionary.sheet_titles import SHEET_TITLES
from oligoscope.study.dictionary.words import plain
from oligoscope.study.protocol import ALL_SHEETS, JoinSource, LimitSettings, Protocol, TableSource
from oligoscope.study.schemas import HOLD_PATIENTS, MEASUREMENTS, PATIENTS, TABLES, TableSpec
from oligoscope.study.template.words import sheet_title

_Workbook = XlsxWorkbook | XlsWorkbook
_NOTHING: Mapping[str | None, TableSource] = {}


def read_tables(protocol: Protocol, folder: Path) -> dict[str, RawTable]:
    """Read every table that the study names.

    Args:
        protocol: The study; `data` says which files.
        folder: The folder of the files (`study_file.data_folder`, or the one given by --data).

    Returns:
        A raw table for each one named; one that could not be read has no rows, and the reason in `problems`.
    """
    files = _Files(folder, protocol.limits)
    sources = {name: getattr(protocol.data, name) for name in TABLES}
    given = {name: source for name, source in sources.items() if source}
    tables = {name: _rows_of(TABLES[name], source, files) for name, source in given.items()}
    tables = own_rows(tables, given)
    tables |= {name: with_driver_genes(tables[name], given[name]) for name in HOLD_PATIENTS if name in tables}
    if MEASUREMENTS.name in tables:
        measured = with_patient_units(tables[MEASUREMENTS.name], given[MEASUREMENTS.name])
        tables[MEASUREMENTS.name] = measured
    tables = with_first_line(tables, given, protocol)
    # A table that the study names besides its SDTM domains, or data sets of GENIE, replaces theirs.
    return (
        read_sdtm(protocol, folder)
        | read_genie(protocol, folder)
        | tables
        | {name: _with_joined(tables[name], TABLES[name], source, files) for name, source in given.items()}
    )


def is_named_as_data(name: str) -> bool:
    """Whether a file has the name of a format that is read, or is refused with what to do."""
    return OLD_EXCEL.is_named(name) or any(reader.format.is_named(name) for reader in READERS)


def sheets_of_file(
    folder: Path, name: str, limits: LimitSettings, stated: Mapping[str | None, TableSource] = _NOTHING
) -> dict[str | None, Sheet]:
    """Every sheet of a file that is not empty, by its title; the title of a file with one table is None.

    Args:
        folder: Of the file.
        name: Of the file.
        limits: How large it may be.
        stated: What the study states of a sheet's rows, by its title; None: of every sheet.

    Raises:
        UnreadableError: The file cannot be read.
    """
    files = _Files(folder, limits)
    usual = TableSource(files=(name,))
    found: dict[str | None, Sheet] = {}
    book = files.workbook(name)
    if book is None:
        source = stated.get(None, usual)
        return {None: files.sheet(name, None, PATIENTS, source.encoding, source)}
    for title in book.titles:
        with suppress(UnreadableError):
            found[title] = files.sheet(
                name, title, PATIENTS, None, stated.get(title, stated.get(None, usual))
            )
    return found


def headers_of_file(folder: Path, name: str, limits: LimitSettings) -> dict[str | None, tuple[str, ...]]:
    """The headers of every sheet of a file that is not empty, by its title; the title of a file with one table is None.

    Raises:
        UnreadableError: The file cannot be read.
    """
    files, source = _Files(folder, limits), TableSource(files=(name,))
    book = files.workbook(name)
    if book is None:
        return {None: files.sheet(name, None, PATIENTS, None, source).headers}
    found: dict[str | None, tuple[str, ...]] = {}
    for title in book.titles:
        with suppress(UnreadableError):
            found[title] = book.headers(title, wanted_of(PATIENTS, source))
    return found


def _rows_of(table: TableSpec, source: TableSource, files: _Files) -> RawTable:
    """The rows of data of a table's files."""
    sheets: list[Sheet] = []
    problems: list[Issue] = []
    fields = None
    if source.dictionary is not None:
        try:
            fields = read_dictionary(files.bytes_of(source.dictionary), files.limits)
        except UnreadableError as error:
            problems.append(error.issue(table.name, source.dictionary, files.path(source.dictionary)))
    named = [source.sheet] if isinstance(source.sheet, str) else list(source.sheet or ())
    for name in source.files:
        try:
            for title in files.titles(name, named, table, source):
                sheet = files.sheet(name, title, table, source.encoding, source)
                sheet = with_names(sheet, name, files.title_of(sheet, name), table, source)
                sheets.append(sheet if fields is None else with_dictionary(sheet, fields))
        except UnreadableError as error:
            problems.append(error.issue(table.name, name, files.path(name)))
    if source.query is not None:
        name = f"query of {table.name}"
        try:
            sheets.append(files.query(source.query, source.database or "").named(name))
        except UnreadableError as error:
            database = file_of_address(source.database or "")
            path = None if database is None else files.path(database)
            problems.append(error.issue(table.name, name, path))
    raw = table_of_sheets(table.name, sheets).with_problems(*problems, *sheet_issues(table, sheets))
    raw = of_instrument(keep_where(raw, source.where), source.where, all_listed(source.columns))
    if table is PATIENTS and (record := _record(raw, fields)) is not None:
        raw = one_row_a_record(raw, record)
    return without_notes(without_examples(raw, source), gaps=not source.where)


def _record(raw: RawTable, fields: tuple[RedcapField, ...] | None) -> str | None:
    """The field of the patient's number, the first of a project of REDCap; None where the file is no export of it."""
    if fields:
        return fields[0].name
    return raw.columns[0] if header_called(raw.frame.columns, EVENT) is not None else None


def _with_joined(raw: RawTable, table: TableSpec, source: TableSource, files: _Files) -> RawTable:
    for i, join in enumerate(source.join, 1):
        try:
            sheet = files.sheet(join.file, join.sheet, table, source.encoding, _as_table(join))
        except UnreadableError as error:
            raw = raw.with_problems(error.issue(table.name, join.file, files.path(join.file)))
        else:
            raw = add_joined(raw, sheet, join, i, source)
            raw = raw.with_problems(*shape_issues(table.name, sheet.shape))
    return raw


def _as_table(join: JoinSource) -> TableSource:
    """The headers that a joined file must have, as a table's."""
    return TableSource(files=(join.file,), columns={**join.columns, "patient_id": join.key}, where=join.where)


@dataclass(frozen=True, slots=True)
class _File:
    """A file as a reader gets it.

    Attributes:
        path: Where it lies.
        name: As the study names it.
        raw: Its bytes.
        encoding: As the study states it, of text files.
        sheet: The one that the study names.
        titles: Names of the table, for a workbook that holds one sheet a table.
        limits: How large it may be.
        shape: What the study states of its rows, and the headers it may have.
        fit: How well the headers of a sheet fit the table.
        book: The file as a workbook, opened once.
    """

    path: Path
    name: str
    raw: bytes
    encoding: str | None
    sheet: str | None
    titles: tuple[str, ...]
    limits: LimitSettings
    shape: Wanted
    fit: Fit
    book: Callable[[type[_Workbook]], _Workbook]


@dataclass(frozen=True, slots=True)
class Reader:
    """A format of files and what reads them.

    Attributes:
        format: Known by its first bytes, or by the name where these may be any.
        read: The file as a sheet; UnreadableError where it cannot be read.
        has_sheets: Whether a file holds several, of which the study may name one.
    """

    format: Format
    read: Callable[[_File], Sheet]
    has_sheets: bool = False

    def knows(self, file: _File) -> bool:
        """Whether the file is of its format."""
        return self.format.is_content(file.raw) if self.format.begins else self.format.is_named(file.name)


def _workbook(file: _File) -> Sheet:
    return _sheet_of(file.book(XlsxWorkbook), file)


def _parquet(file: _File) -> Sheet:
    return read_parquet_sheet(file.path, file.name, file.limits)


def _csv(file: _File) -> Sheet:
    refuse_other_formats(file.name, file.raw)
    return read_csv(file.raw, file.encoding, file.limits, file.shape).named(file.name)


def _old_workbook(file: _File) -> Sheet:
    return _sheet_of(file.book(XlsWorkbook), file)


def _sheet_of(book: _Workbook, file: _File) -> Sheet:
    title, sheet = book.sheet(file.sheet, file.titles, file.shape, file.fit)
    return sheet.named(f"{file.name} [{title}]")


def _statistics(program: Program) -> Callable[[_File], Sheet]:
    return lambda file: read_statistics_file(file.raw, program, file.encoding, file.limits).named(file.name)


def _dataset_json(file: _File) -> Sheet:
    return read_dataset_json(file.raw, file.limits).named(file.name)


# The first that knows a file reads it; the last one also reads what no other knows.
READERS = (
    Reader(XLSX, _workbook, has_sheets=True),
    Reader(OLD_EXCEL, _old_workbook, has_sheets=True),
    Reader(PARQUET, _parquet),
    Reader(SAV, _statistics(SPSS)),
    Reader(DTA, _statistics(STATA)),
    Reader(SAS7BDAT, _statistics(SAS)),
    Reader(XPT, _statistics(SAS_TRANSPORT)),
    Reader(DATASET_JSON, _dataset_json),
    Reader(CSV, _csv),
)


@dataclass
class _Files:
    """The files of a study, each read once, even if several tables are made from it."""

    folder: Path
    limits: LimitSettings
    _bytes: dict[str, bytes] = field(default_factory=dict)
    _sheets: dict[tuple[str, str | None, Wanted], Sheet] = field(default_factory=dict)
    _books: dict[str, _Workbook] = field(default_factory=dict)

    def path(self, name: str) -> Path:
        return self.folder / name

    def bytes_of(self, name: str) -> bytes:
        if name not in self._bytes:
            self._bytes[name] = read_bytes(self.folder / name, self.limits)
        return self._bytes[name]

    def book(self, name: str, kind: type[_Workbook]) -> _Workbook:
        if name not in self._books:
            self._books[name] = kind.opened(self.bytes_of(name), self.limits)
        return self._books[name]

    def workbook(self, name: str) -> _Workbook | None:
        """The file as a workbook; None where it is none."""
        kinds: dict[Format, type[_Workbook]] = {XLSX: XlsxWorkbook, OLD_EXCEL: XlsWorkbook}
        kind = next((book for form, book in kinds.items() if form.is_content(self.bytes_of(name))), None)
        return None if kind is None else self.book(name, kind)

    def titles(
        self, name: str, named: Sequence[str], table: TableSpec, source: TableSource
    ) -> Sequence[str | None]:
        """The sheets of a file that are read: those that the study names, all that are alike, or the one that is found.

        Of several files, each has some of the sheets that are named.
        """
        book = self.workbook(name) if named else None
        if not named or (book is None and list(named) == [ALL_SHEETS]):
            return (None,)
        if book is None:
            return named
        there = {plain(title) for title in book.titles}
        if list(named) == [ALL_SHEETS] and plain(ALL_SHEETS) not in there:
            shape = wanted_of(table, source)
            found = book.sheets_alike(shape, lambda headers: fitness(headers, table, source))
            if not found:
                lists = ", ".join(book.titles)
                raise UnreadableError(Text(
                    f"没有一个工作表含有该表所需的全部列（现有：{lists}）。",
                    f"none of its sheets has every column that the table needs (its sheets are: {lists})",
                ))  # fmt: skip
            return found
        elsewhere = {plain(t) for other in source.files if other != name for t in self._titles_of(other)}
        own = [title for title in named if plain(title) in there or plain(title) not in elsewhere]
        return own if own and len(source.files) > 1 else named

    def _titles_of(self, name: str) -> tuple[str, ...]:
        try:
            book = self.workbook(name)
        except UnreadableError:
            return ()
        return () if book is None else book.titles

    def title_of(self, sheet: Sheet, name: str) -> str | None:
        """The title of a sheet that was read from a workbook."""
        return None if sheet.source == name else sheet.source.removeprefix(f"{name} [").removesuffix("]")

    def query(self, query: str, address: str) -> Sheet:
        return read_query(query, address, self.folder, self.limits)

    def sheet(
        self, name: str, wanted: str | None, table: TableSpec, encoding: str | None, source: TableSource
    ) -> Sheet:
        raw = self.bytes_of(name)
        titles = (
            table.name,
            table.label.zh,
            table.label.en,
            sheet_title(table, "both"),
            *SHEET_TITLES.get(table.name, ()),
        )
        shape = wanted_of(table, source)
        file = _File(
            self.folder / name, name, raw, encoding, wanted, titles, self.limits, shape,
            lambda headers: fitness(headers, table, source), lambda kind: self.book(name, kind),
        )  # fmt: skip
        reader = next((reader for reader in READERS if reader.knows(file)), READERS[-1])
        if reader.has_sheets:
            return reader.read(file)
        if wanted is not None:
            raise UnreadableError(Text("不是工作簿，没有工作表。", "it is not a workbook and has no sheets"))
        key = (name, encoding, shape)
        if key not in self._sheets:
            self._sheets[key] = reader.read(file)
        return self._sheets[key]

"""Files beside the study's own that no table reads, and sheets with columns of the study that no table reads."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from oligoscope.bilingual import Text
from oligoscope.intake.files.example_rows import without_examples
from oligoscope.intake.files.formats import is_of_any_program
from oligoscope.intake.files.header_words import known_header
from oligoscope.intake.files.raw_table import RawTable
from oligoscope.intake.files.sheet import UnreadableError, table_of_sheets
from oligoscope.intake.issues import Issue
from oligoscope.intake.readers import headers_of_file, is_named_as_data, sheets_of_file
from oligoscope.study.file_bytes import MB
from oligoscope.study.protocol import Protocol, TableSource
from oligoscope.study.schemas import PATIENTS, TABLES
from oligoscope.study.study_file import KEPT_NAMES

_LARGEST = 20 * MB  # of a file that is looked into
_PATIENT = "patient_id"
_FEWEST = 2  # columns of the study that a sheet of its patients has
_LABELS = {column.name: column.label for table in TABLES.values() for column in table.columns}


def find_unread(
    protocol: Protocol, folder: Path, inputs: Mapping[str, Path], raw: Mapping[str, RawTable]
) -> Iterator[Issue]:
    """One finding for each file of the folder that no table reads, and each sheet with the study's columns.

    A study of a standard (SDTM, GENIE) names the files that it needs, and has others beside them.

    Args:
        protocol: The study.
        folder: Of its files; folders within it are not looked into.
        inputs: The files that are read, by name.
        raw: The tables as read from files; of parquet none.
    """
    if protocol.data.sdtm is not None or protocol.data.genie is not None or not folder.is_dir():
        return
    sources = {source for table in raw.values() for source in table.headers}
    read = {path.resolve() for path in inputs.values()}
    for path in sorted(folder.iterdir()):
        # Excel keeps a file ~$NAME while NAME is open.
        hidden = path.name.startswith((".", "~$")) or path.name in KEPT_NAMES
        if not hidden and path.is_file() and is_named_as_data(path.name) and path.resolve() not in read:
            yield from _file(path, protocol)
    for name in dict.fromkeys(_workbooks(protocol, sources)):
        for title, headers in _headers(folder / name, protocol).items():
            source = f"{name} [{title}]"
            ours = _ours(headers)
            if title is None or source in sources or _PATIENT not in ours or len(ours) < _FEWEST:
                continue
            if _has_rows(folder, name, title, protocol):
                yield _issue(source, ours)


def _workbooks(protocol: Protocol, sources: Collection[str]) -> Iterator[str]:
    """The workbooks from which tables are read; not those joined to a table, whose sheets have other columns."""
    tables = [source for name in TABLES if (source := getattr(protocol.data, name)) is not None]
    joined = {join.file for table in tables for join in table.join}
    for table in tables:
        for name in table.files:
            if name not in joined and any(source.startswith(f"{name} [") for source in sources):
                yield name


def _file(path: Path, protocol: Protocol) -> Iterator[Issue]:
    sheets = _headers(path, protocol)
    ours = [name for headers in sheets.values() for name in _ours(headers)]
    if not ours and is_of_any_program(path.name):
        return
    yield _issue(path.name, list(dict.fromkeys(ours)))


def _headers(path: Path, protocol: Protocol) -> Mapping[str | None, tuple[str, ...]]:
    try:
        if path.stat().st_size > _LARGEST:
            return {}
        return headers_of_file(path.parent, path.name, protocol.limits)
    except (UnreadableError, OSError):
        return {}


def _has_rows(folder: Path, name: str, title: str, protocol: Protocol) -> bool:
    """Whether a sheet has rows of data, and not only the examples of a form that was left blank."""
    try:
        sheet = sheets_of_file(folder, name, protocol.limits)[title]
    except (UnreadableError, KeyError):
        return False
    raw = table_of_sheets(PATIENTS.name, [sheet])
    return without_examples(raw, TableSource(files=(name,))).frame.height > 0


def _ours(headers: Collection[str]) -> list[str]:
    """Our columns that some headers are, without doubt."""
    found = (known_header(header) for header in headers)
    return list(dict.fromkeys(name for name in found if name in _LABELS))


def _issue(source: str, ours: list[str]) -> Issue:
    shown = [_LABELS[name] for name in ours if name != _PATIENT]
    zh = f"；其中有本研究的列：{'、'.join(label.zh for label in shown)}" if shown else ""
    en = f"; it has columns of this study: {', '.join(label.en for label in shown)}" if shown else ""
    expected = Text(f"没有一个表读入它{zh}", f"no table reads it{en}")
    return Issue(rule="file_not_read", table="patients", source=source, expected=expected)

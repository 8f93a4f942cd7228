"""Every sheet of every readable file of a folder, with its headers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from oligoscope.bilingual import Text
from oligoscope.intake.files.example_rows import without_examples
from oligoscope.intake.files.header_words import known_header
from oligoscope.intake.files.sheet import Sheet, UnreadableError, table_of_sheets
from oligoscope.intake.readers import is_named_as_data, sheets_of_file
from oligoscope.intake.sdtm.sdtm_domains import SUBJECT, Domains, domain_files
from oligoscope.mapping.redcap_found import Instrument, dictionaries, instruments
from oligoscope.study.protocol import LimitSettings, SdtmSource, TableSource
from oligoscope.study.schemas import PATIENTS
from oligoscope.study.study_file import KEPT_NAMES


@dataclass(frozen=True, slots=True)
class FoundSheet:
    """One sheet of a file.

    Attributes:
        file: Its name in the folder.
        sheet: The title; None where the file holds one table.
        headers: Of its columns.
        n: Rows of data.
        instrument: Of an export of REDCap, whose rows these are.
    """

    file: str
    sheet: str | None
    headers: tuple[str, ...]
    n: int
    instrument: Instrument | None = None

    @property
    def shown(self) -> str:
        """As findings name it: the file, or `file [sheet]`; of an export of REDCap with the instrument."""
        name = self.file if self.sheet is None else f"{self.file} [{self.sheet}]"
        return f"{name} ({self.instrument.name})" if self.instrument and self.instrument.name else name

    @property
    def title(self) -> str:
        """What may say which table it is: the instrument, the sheet's title, else the name of the file."""
        if self.instrument is not None and self.instrument.name:
            return self.instrument.title
        return Path(self.file).stem if self.sheet is None else self.sheet


@dataclass(frozen=True)
class FolderContent:
    """What a folder holds.

    Attributes:
        sheets: Of its files; of SDTM none.
        unread: Files that cannot be read, with the reason.
        domains: Of SDTM: the file of each domain that is read; empty where the files are none.
    """

    sheets: tuple[FoundSheet, ...]
    unread: dict[str, Text]
    domains: Mapping[str, str] = field(default_factory=dict)


SheetsOf = Callable[[Path, str, LimitSettings], Mapping[str | None, Sheet]]


def content_of(folder: Path, limits: LimitSettings, sheets_of: SheetsOf = sheets_of_file) -> FolderContent:
    """Read the headers of every file of a known format in a folder; folders within it are not looked into.

    Args:
        folder: Of the files.
        limits: How large each may be.
        sheets_of: Reads a file.
    """
    if domains := _sdtm(folder, limits):
        return FolderContent((), {}, domains)
    sheets: list[FoundSheet] = []
    unread: dict[str, Text] = {}
    names = list(names_of_data(folder))
    known = dictionaries(folder, names, limits)
    for name in (name for name in names if name not in known):
        try:
            found = sheets_of(folder, name, limits)
        except UnreadableError as error:
            unread[name] = error.text
            continue
        for title, sheet in found.items():
            if title is not None and not _has_rows(sheet):
                continue  # a sheet of a form that was left blank
            parts = list(instruments(sheet, known)) if title is None else []
            sheets += [
                FoundSheet(name, title, _in_words(s), s.frame.height, one)
                for one, s in parts or [(None, sheet)]
            ]
    return FolderContent(tuple(sheets), unread)


def _sdtm(folder: Path, limits: LimitSettings) -> dict[str, str]:
    """The domains of SDTM: DM with USUBJID and its domain's name, and lesions (TU, TR) or responses (RS)."""
    settings = SdtmSource()
    files = domain_files(settings, folder)
    if "dm" not in files or not ({"tu", "tr"} <= files.keys() or "rs" in files):
        return {}
    try:
        sheet = Domains(settings, folder, limits).sheet("dm")
    except UnreadableError:
        return {}
    is_dm = {SUBJECT, "RFSTDTC"} <= set(sheet.headers) or {SUBJECT, "DOMAIN"} <= set(sheet.headers)
    return {domain: path.name for domain, path in files.items()} if is_dm else {}


def _has_rows(sheet: Sheet) -> bool:
    """Whether a sheet has rows of data, and not only examples."""
    raw = table_of_sheets(PATIENTS.name, [sheet])
    return without_examples(raw, TableSource(files=())).frame.height > 0


def _in_words(sheet: Sheet) -> tuple[str, ...]:
    """The headers; where the name of a variable says nothing (v1), its label."""
    labels = sheet.declared.labels
    return tuple(h if known_header(h) else labels.get(h, h) for h in sheet.headers)


def names_of_data(folder: Path) -> Iterator[str]:
    """The files of a folder that are named as data, in order."""
    for path in sorted(folder.iterdir()):
        # Excel keeps a file ~$NAME while NAME is open.
        hidden = path.name.startswith((".", "~$")) or path.name in KEPT_NAMES
        if path.is_file() and not hidden and is_named_as_data(path.name):
            yield path.name

"""The domain files of a study: found by the domain's name, read as cells with their places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.intake.checks.whole_study import find_reader_not_chosen
from oligoscope.intake.files.cells import clean_series
from oligoscope.intake.files.columns import find_header
from oligoscope.intake.files.csv_reader import read_csv
from oligoscope.intake.files.dataset_json import read_dataset_json
from oligoscope.intake.files.formats import CSV, DATASET_JSON, OF_DOMAINS, XPT
from oligoscope.intake.files.parquet_sheet import read_parquet_sheet, sheet_of_texts
from oligoscope.intake.files.row_filter import holds
from oligoscope.intake.files.sheet import USUAL, Sheet, UnreadableError, read_bytes
from oligoscope.intake.issues import Issue
from oligoscope.intake.sdtm.sdtm_xpt import read_xpt
from oligoscope.study.protocol import LimitSettings, SdtmSource

SUBJECT = "USUBJID"
DOMAINS = ("dm", "tu", "tr", "rs", "ds", "dd", "ex")


def domain_files(settings: SdtmSource, folder: Path) -> dict[str, Path]:
    """The file of each domain that is named or found; two files of one domain are refused by `Domains`."""
    place = folder / settings.folder
    found = {domain: place / name for domain, name in settings.files.items()}
    for domain in DOMAINS:
        if domain not in found and (candidates := _candidates(place, domain)):
            found[domain] = candidates[0]
    return found


def _candidates(place: Path, domain: str) -> list[Path]:
    names: list[Path] = []
    with suppress(OSError, ValueError):  # no such folder, or one that may not be read
        names = sorted(path for path in place.iterdir() if path.stem.casefold() == domain)
    return [p for p in names if any(kind.is_named(p) for kind in OF_DOMAINS)]


@dataclass
class Domains:
    """The domains of a study, each read once.

    Attributes:
        settings: Which files, and which of their rows.
        folder: The data folder.
        limits: How large each may be.
    """

    settings: SdtmSource
    folder: Path
    limits: LimitSettings = USUAL
    _sheets: dict[Path, Sheet] = field(default_factory=dict)

    def name_of(self, domain: str) -> str:
        """The name of a domain's file, or of the domain where there is none."""
        path = self.path_of(domain)
        return self.settings.files.get(domain, domain if path is None else path.name)

    def path_of(self, domain: str) -> Path | None:
        """Where a domain's file lies; None where there is none."""
        return domain_files(self.settings, self.folder).get(domain)

    def has(self, domain: str) -> bool:
        """Whether the study has a file of this domain."""
        return domain in domain_files(self.settings, self.folder)

    def sheet(self, domain: str) -> Sheet:
        """The rows of a domain, as `where` asks.

        Raises:
            UnreadableError: No file, two files, or one that cannot be read.
        """
        return _kept(self.whole(domain), self.settings.where.get(domain, {}))

    def whole(self, domain: str) -> Sheet:
        """All rows of a domain.

        Raises:
            UnreadableError: No file, two files, or one that cannot be read.
        """
        place = self.folder / self.settings.folder
        path = self.path_of(domain)
        if path is None:
            raise UnreadableError(_no_domain(domain, place))
        rivals = [] if domain in self.settings.files else _candidates(place, domain)
        if len(rivals) > 1:
            raise UnreadableError(_two_files(domain, [p.name for p in rivals]))
        return _upper(self.file(path))

    def file(self, path: Path) -> Sheet:
        """All cells of a file as text; blank cells are null.

        Raises:
            UnreadableError: It is not there or cannot be read.
        """
        if path not in self._sheets:
            sheet = _read(path, self.settings.encoding, self.limits)
            # In a csv a word may mean a blank cell; other files have blanks of their own.
            blank = ("", *(self.settings.missing if CSV.is_named(path) else ()))
            texts = (pl.col(name).str.strip_chars() for name in sheet.headers)
            cells = [pl.when(~text.is_in(blank)).then(text) for text in texts]
            self._sheets[path] = replace(
                sheet, frame=_in_order(sheet.frame.with_columns(cells), sheet.headers)
            )
        return self._sheets[path]


def _in_order(frame: pl.DataFrame, headers: Sequence[str]) -> pl.DataFrame:
    """Rows by subject and then by all they hold: where the first of several counts, it is the same in any order."""
    names = sorted(headers, key=lambda name: (name.upper() != SUBJECT, name.upper()))
    return frame.sort(names, maintain_order=True) if names else frame


def _upper(sheet: Sheet) -> Sheet:
    """Variables in capitals: SAS does not distinguish their case."""
    names = {header: header.upper() for header in sheet.headers}
    if len(set(names.values())) < len(names):
        return sheet
    return replace(sheet, headers=tuple(names.values()), frame=sheet.frame.rename(names))


def _kept(sheet: Sheet, where: Mapping[str, tuple[str, ...]]) -> Sheet:
    frame = sheet.frame
    for name, words in where.items():
        header = find_header(sheet.headers, name)
        if header is None:
            raise UnreadableError(
                Text(f"没有 where 所写的列 {name}。", f"it has no column {name}, which `where` names")
            )
        frame = frame.filter(holds(frame[header], words))
    return replace(sheet, frame=frame)


def _read(path: Path, encoding: str | None, limits: LimitSettings) -> Sheet:
    if CSV.is_named(path):
        return read_csv(read_bytes(path, limits), encoding, limits).named(path.name)
    if XPT.is_named(path):
        return sheet_of_texts(path.name, read_xpt(read_bytes(path, limits), limits))
    if DATASET_JSON.is_named(path):
        return read_dataset_json(read_bytes(path, limits), limits).named(path.name)
    return read_parquet_sheet(path, path.name, limits)


def _no_domain(domain: str, place: Path) -> Text:
    names = ", ".join(f"{domain}{kind.suffixes[0]}" for kind in OF_DOMAINS)
    return Text(
        f"在 {place} 中找不到 {domain} 域的文件（{names}）；也可在 data.sdtm.files 中写明。",
        f"there is no file of the domain {domain} in {place} ({names}); or name it under data.sdtm.files",
    )


def _two_files(domain: str, names: list[str]) -> Text:
    listed = ", ".join(names)
    return Text(
        f"{domain} 域有多个文件（{listed}）；请在 data.sdtm.files 写明采用哪一个。",
        f"the domain {domain} has several files ({listed}); name one of them under data.sdtm.files",
    )


def of_reader(sheet: Sheet, domain: str, reader: str | None, table: str) -> tuple[Sheet, list[Issue]]:
    """The rows of one reader, with the column READER: the evaluator's identifier (--EVALID), or the evaluator (--EVAL).

    Lesions of different readers are different lesions, even under one name. A domain that names no reader is
    used for any. Several readers with none chosen, or without the chosen one, are a finding, and every row is kept.
    """
    named = [h for name in ("EVALID", "EVAL") if (h := find_header(sheet.headers, domain + name)) is not None]
    cells = [clean_series(sheet.frame[header]) for header in named]
    blank = pl.Series([None] * sheet.frame.height, dtype=pl.String)
    readers = pl.select(pl.coalesce([*cells, blank])).to_series().alias("READER")
    frame = sheet.frame.with_columns(readers)
    issues = list(
        find_reader_not_chosen(table, readers.drop_nulls().unique().sort().to_list(), reader, sheet.source)
    )
    if reader is not None and readers.is_not_null().any() and not issues:
        frame = frame.filter(pl.col("READER") == reader)
    return replace(sheet, frame=frame), issues

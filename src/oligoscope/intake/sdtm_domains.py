"""The domain files of a study: found by the domain's name, read as cells with their places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from oligoscope.intake.csv_reader import read_csv
from oligoscope.intake.headers import find_header
from oligoscope.intake.raw_table import EXCESS, ROW, SOURCE
from oligoscope.intake.row_filter import holds
from oligoscope.intake.sdtm_xpt import read_xpt
from oligoscope.intake.sheet import Sheet, UnreadableError, read_bytes
from oligoscope.study.protocol import SdtmSource
from oligoscope.study.vocabulary import Text

SUBJECT = "USUBJID"
DOMAINS = ("dm", "tu", "tr", "rs", "ds", "dd", "ex")
FORMATS = (".parquet", ".xpt", ".csv")


def domain_files(settings: SdtmSource, folder: Path) -> dict[str, Path]:
    """The file of each domain that is named or there; a name that two files have is left to `Domains`."""
    place = folder / settings.folder
    found = {domain: place / name for domain, name in settings.files.items()}
    for domain in DOMAINS:
        if domain not in found and (candidates := _candidates(place, domain)):
            found[domain] = candidates[0]
    return found


def _candidates(place: Path, domain: str) -> list[Path]:
    if not place.is_dir():
        return []
    names = sorted(p for p in place.iterdir() if p.stem.casefold() == domain)
    return [p for p in names if p.suffix.casefold() in FORMATS]


@dataclass
class Domains:
    """The domains of a study, each read once.

    Attributes:
        settings: Which files, and which of their rows.
        folder: The data folder.
    """

    settings: SdtmSource
    folder: Path
    _sheets: dict[Path, Sheet] = field(default_factory=dict)

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
        path = domain_files(self.settings, self.folder).get(domain)
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
            sheet = _read(path)
            cells = [pl.col(name).str.strip_chars().replace("", None) for name in sheet.headers]
            self._sheets[path] = replace(sheet, frame=sheet.frame.with_columns(cells))
        return self._sheets[path]


def _upper(sheet: Sheet) -> Sheet:
    """SAS does not tell variables apart by case; here they are in capitals."""
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


def _read(path: Path) -> Sheet:
    raw = read_bytes(path)
    kind = path.suffix.casefold()
    if kind == ".csv":
        return read_csv(raw).named(path.name)
    return _sheet(path.name, read_xpt(raw) if kind == ".xpt" else _read_parquet(path))


def _read_parquet(path: Path) -> pl.DataFrame:
    try:
        frame = pl.read_parquet(path)
        return frame.select(_as_text(pl.col(name), dtype) for name, dtype in frame.schema.items())
    except (pl.exceptions.PolarsError, OSError):
        raise UnreadableError(Text("不是完好的 parquet 文件。", "it is not a sound parquet file")) from None


def _as_text(cells: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Numbers in their shortest form (36.7, 5), dates as ISO."""
    if dtype.is_float():
        whole = cells == cells.round(0)
        short = pl.when(whole & (cells.abs() < 1e15)).then(cells.cast(pl.Int64, strict=False).cast(pl.String))
        return short.otherwise(pl.when(cells.is_finite()).then(cells.cast(pl.String)))
    return cells.cast(pl.String)


def _sheet(name: str, frame: pl.DataFrame) -> Sheet:
    """Rows are numbered as in a csv of the same data: the names of the variables are row 1."""
    placed = frame.with_columns(
        pl.lit(name).alias(SOURCE),
        pl.int_range(2, pl.len() + 2, dtype=pl.Int32).alias(ROW),
        pl.lit(None, pl.String).alias(EXCESS),
    )
    return Sheet(name, tuple(frame.columns), (), placed)


def _no_domain(domain: str, place: Path) -> Text:
    names = ", ".join(f"{domain}{suffix}" for suffix in FORMATS)
    return Text(
        f"找不到 {domain} 域的文件（在 {place} 中查找 {names}；也可写在 data.sdtm.files）。",
        f"there is no file of the domain {domain} (looked in {place} for {names}; or name it under data.sdtm.files)",
    )


def _two_files(domain: str, names: list[str]) -> Text:
    listed = ", ".join(names)
    return Text(
        f"{domain} 域有多个文件（{listed}）；请在 data.sdtm.files 写明用哪个。",
        f"the domain {domain} has several files ({listed}); say under data.sdtm.files which one is meant",
    )

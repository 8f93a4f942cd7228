"""The formats of the files that are read: the suffixes of their names and their first bytes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Format:
    """A format of files.

    Attributes:
        suffixes: Of their names, in small letters; the first is the usual one.
        begins: The first bytes of each; empty where they may be any.
    """

    suffixes: tuple[str, ...]
    begins: bytes = b""

    def is_named(self, name: str | Path) -> bool:
        """Whether the name of a file has the suffix of the format."""
        return Path(name).suffix.casefold() in self.suffixes

    def is_content(self, raw: bytes) -> bool:
        """Whether these bytes begin as the format does."""
        return bool(self.begins) and raw.startswith(self.begins)


CSV = Format((".csv", ".txt", ".tsv", ".tab"))
XLSX = Format((".xlsx", ".xlsm"), b"PK\x03\x04")
OLD_EXCEL = Format((".xls",), b"\xd0\xcf\x11\xe0")  # and every workbook with a password
PARQUET = Format((".parquet",), b"PAR1")
XPT = Format((".xpt", ".xport"), b"HEADER RECORD*******LIB")
SAV = Format((".sav", ".zsav"), b"$FL")
DTA = Format((".dta",))  # two ways to begin
SAS7BDAT = Format((".sas7bdat",), bytes(12) + b"\xc2\xea\x81\x60")
DATASET_JSON = Format((".json", ".ndjson"))
EVERY = (CSV, XLSX, OLD_EXCEL, PARQUET, XPT, SAV, DTA, SAS7BDAT, DATASET_JSON)
OF_DOMAINS = (PARQUET, XPT, CSV, DATASET_JSON)  # of SDTM; the first that is there is read


def is_of_any_program(name: str) -> bool:
    """Whether a file of this name may be a note or the settings of a program, and its content must say that it is data."""
    return name.casefold().endswith((".txt", ".json", ".ndjson"))

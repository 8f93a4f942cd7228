"""Small studies written as text: a table a string, cells parted by |."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from oligoscope.intake.issues import Issues
from oligoscope.intake.readers import read_tables
from oligoscope.intake.validation import validate_tables
from oligoscope.study.protocol import Protocol
from oligoscope.study.schemas import StudyTables

PATIENTS = """
    patient_id | treatment_started_on | died_on
    P1         | 2020-01-10           |
    P2         | 2020-02-10           | 2021-01-01
"""
LESIONS = """
    patient_id | lesion_id | role   | organ
    P1         | L1        | target | lung
    P2         | L1        | target | liver
"""
MEASUREMENTS = """
    patient_id | lesion_id | assessed_on | diameter_mm
    P1         | L1        | 2020-01-01  | 50
    P1         | L1        | 2020-03-01  | 30
    P2         | L1        | 2020-02-01  | 41.0
    P2         | L1        | 2020-04-01  | 28.7
"""


def rows_of(text: str) -> list[list[str]]:
    """The cells of a table written as text."""
    return [
        [cell.strip() for cell in line.split("|")] for line in text.strip("\n").splitlines() if line.strip()
    ]


def write_csv(path: Path, text: str, encoding: str = "utf-8", delimiter: str = ",") -> None:
    """A table written as text to a csv file."""
    with path.open("w", encoding=encoding, newline="") as out:
        csv.writer(out, delimiter=delimiter).writerows(rows_of(text))


def write_xlsx(path: Path, sheets: dict[str, list[list[Any]]]) -> None:
    """Cells to a workbook."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)


@dataclass(frozen=True)
class Checked:
    """A study read and validated."""

    tables: StudyTables
    issues: Issues

    def found(self, rule: str) -> list[tuple[str, int | None, str, str | None]]:
        """Source, row, column and value of each finding of one rule."""
        return [(i.source, i.row, i.column, i.value) for i in self.issues if i.rule == rule]

    @property
    def rules(self) -> set[str]:
        """The rules that were broken."""
        return {issue.rule for issue in self.issues}

    def column(self, table: str, name: str) -> list[Any]:
        """The values of one column."""
        frame: pl.DataFrame = getattr(self.tables, table)
        return frame[name].to_list()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A sound study of two patients, as csv files."""
    for name, text in (("patients", PATIENTS), ("lesions", LESIONS), ("measurements", MEASUREMENTS)):
        write_csv(tmp_path / f"{name}.csv", text)
    return tmp_path


@pytest.fixture
def check(folder: Path) -> Callable[..., Checked]:
    """Replace tables of the sound study (text), change their sources (dict), read and validate."""

    def run(
        *, sources: dict[str, Any] | None = None, settings: dict[str, Any] | None = None, **texts: str
    ) -> Checked:
        for name, text in texts.items():
            write_csv(folder / f"{name}.csv", text)
        names = [
            "patients",
            "lesions",
            "measurements",
            *(n for n in texts if n in {"treatments", "assessments", "progressions"}),
        ]
        data: dict[str, Any] = {name: {"files": [f"{name}.csv"]} for name in names}
        for name, source in (sources or {}).items():
            data[name] = None if source is None else {**data.get(name, {}), **source}
        protocol = Protocol.model_validate({"study": {}, "data": data, **(settings or {})})
        return Checked(*validate_tables(read_tables(protocol, folder), protocol))

    return run


@pytest.fixture
def workbook(folder: Path) -> Callable[..., bytes]:
    """Write cells to a workbook in the study's folder; gives its bytes."""

    def write(name: str, sheets: dict[str, list[list[Any]]]) -> bytes:
        write_xlsx(folder / name, sheets)
        return (folder / name).read_bytes()

    return write


@pytest.fixture
def rows() -> Callable[[str], list[list[str]]]:
    """The cells of a table written as text."""
    return rows_of

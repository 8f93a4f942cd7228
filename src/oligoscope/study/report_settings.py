"""Settings of the documents, of the user's own names, and of how large a file may be."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from oligoscope.bilingual import OwnText
from oligoscope.study.keys import OwnColumn
from oligoscope.study.report_parts import PartOfReport
from oligoscope.study.setting_model import Bilingual, Settings


class ReportSettings(Settings):
    """How the documents are written; no number of results.csv depends on it."""

    # The smallest count of patients that a report to be passed on prints; none: every count is printed.
    small_cells: Annotated[int, Field(ge=2, le=100)] | None = None
    # What patients are called in documents: numbers made for the study, or those of the data.
    patient_numbers: Literal["study", "own"] = "study"
    # Where single tables and figures, or all of a kind, are printed in place of the list of `report_parts`.
    figures: dict[str, PartOfReport] = {}
    tables: dict[str, PartOfReport] = {}


class Label(Settings):
    """The names of one column of the user's, as tables, figures and text print them."""

    zh: Annotated[str, Field(min_length=1)] | None = None  # as it is written in the data where none is given
    en: Annotated[str, Field(min_length=1)] | None = None
    unit: str = ""  # of its numbers: printed after the name, and the unit of results.csv
    levels: dict[str, Bilingual] = {}  # their word: its names

    def of(self, column: str) -> OwnColumn:
        """The column as a key of results that knows these names."""
        plain = column.replace("_", " ")
        levels = {word: OwnText(name.zh, name.en) for word, name in self.levels.items()}
        return OwnColumn.of(column, OwnText(self.zh or plain, self.en or plain), levels, self.unit)


class LimitSettings(Settings):
    """How large a file of data may be; looked at before memory is spent on it."""

    file_mb: Annotated[int, Field(ge=1)] = 200  # of a file read whole, in millions of bytes
    unpacked_mb: Annotated[int, Field(ge=1)] = 200  # of a workbook once unpacked
    rows: Annotated[int, Field(ge=1)] = 2_000_000  # of a file read cell by cell
    parquet_rows: Annotated[int, Field(ge=1)] = 500_000_000  # of a parquet file read in typed columns
    columns: Annotated[int, Field(ge=1)] = 2_000
    cells: Annotated[int, Field(ge=1)] = 30_000_000  # rows by columns of a file read cell by cell
    cell_length: Annotated[int, Field(ge=1)] = 131_072  # characters
    name_length: Annotated[int, Field(ge=1)] = 500  # characters of the name of a column

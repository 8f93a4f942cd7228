"""Settings of the documents and of the user's own names."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from oligoscope.bilingual import OwnText
from oligoscope.study.bilingual_setting import Bilingual
from oligoscope.study.keys import OwnColumn
from oligoscope.study.report_parts import PartOfReport
from oligoscope.study.settings_base import Settings


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

"""What is true of all cells of a column, so that one of them can be read: its unit, the order of its dates, whether it decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# excel: the number by which Excel counts days from 1900; excel_1904: from 1904, as Excel for Mac did
DateOrder = Literal["day_first", "month_first", "year_first", "excel", "excel_1904"]
PartialRule = Literal["first", "middle", "last", "missing"]
TwoDiameters = Literal["recist", "longest", "shortest"]


@dataclass(frozen=True, slots=True)
class Reading:
    """How the cells of a column are read.

    Attributes:
        unit: Of its numbers where the cell has none: mm, cm, fraction, percent; None is the unit of our column.
        date_order: Of dates such as 04/03/2020; None: not known.
        is_declared: The study states the order, so that years of two digits can be read.
        partial: Which day is taken for a date known to the month or the year; None: it cannot be read.
        decimal_comma: 12,5 is twelve and a half.
        two_diameters: Which of two diameters in one cell counts; None: the cell cannot be read.
        mixed_scale: Numbers below 1 are mixed with larger ones in a column of per cent, and may be fractions.
        whole_ids: Every identifier ends in `.0`, which a program appended.
        only_named_missing: Only the words that the study names mean a blank cell, as the standard of the files decides.
        decides: The study reads the column: a cell that cannot be read excludes its row.
    """

    unit: str | None = None
    date_order: DateOrder | None = None
    is_declared: bool = False
    partial: PartialRule | None = None
    decimal_comma: bool = False
    two_diameters: TwoDiameters | None = None
    mixed_scale: bool = False
    whole_ids: bool = False
    decides: bool = False
    only_named_missing: bool = False


AS_USUAL = Reading()

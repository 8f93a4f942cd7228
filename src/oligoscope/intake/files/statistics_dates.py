"""Numbers that SPSS, Stata and SAS show as dates: seconds, milliseconds, days or months since a day of their own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

import polars as pl

_FIRST_DAY, _LAST_DAY = -719_162, 2_932_896  # 0001-01-01 and 9999-12-31, from 1970-01-01


@dataclass(frozen=True, slots=True)
class Dates:
    """How numbers are dates.

    Attributes:
        unit: Seconds of one unit; None: a unit is a month.
        zero: Days from 1970-01-01 to the day of the number 0.
        shows: What the format shows of them.
        format: Its name.
    """

    unit: float | None
    zero: int
    shows: Literal["day", "time", "month"]
    format: str


def _since(day: date) -> int:
    return (day - date(1970, 1, 1)).days


_SPSS, _1960 = _since(date(1582, 10, 14)), _since(date(1960, 1, 1))
_SECOND, _DAY = 1.0, 86_400.0
# IBM SPSS Statistics command syntax reference, variable types and formats.
_SPSS_DAYS = re.compile(r"([AEJS]?DATE)\d*", re.ASCII | re.IGNORECASE)
_SPSS_TIMES = re.compile(r"(DATETIME|YMDHMS)[\d.]*", re.ASCII | re.IGNORECASE)
_SPSS_MONTHS = re.compile(r"MOYR\d*", re.ASCII | re.IGNORECASE)
# SAS formats and informats: reference, formats of dates and times.
_SAS_DAYS = re.compile(
    r"(DATE|DDMMYY[BCDNPS]?|MMDDYY[BCDNPS]?|YYMMDD[BCDNPS]?|E8601DA|B8601DA|IS8601DA|WEEKDATE|WEEKDATX|WORDDATE|WORDDATX|JULIAN|"
    r"NLDATE|MINGUO|EURDFDD|EURDFDE)[\d.]*",
    re.ASCII | re.IGNORECASE,
)
_SAS_TIMES = re.compile(
    r"(DATETIME|E8601DT|B8601DT|IS8601DT|DATEAMPM|DTDATE|NLDATM|MDYAMPM)[\d.]*", re.ASCII | re.IGNORECASE
)
_SAS_MONTHS = re.compile(r"(MONYY|YYMM[CDNPS]?|MMYY[CDNPS]?)[\d.]*", re.ASCII | re.IGNORECASE)


def dates_of_spss(shown: str) -> Dates | None:
    """Seconds since 14 October 1582."""
    if _SPSS_DAYS.fullmatch(shown):
        return Dates(_SECOND, _SPSS, "day", shown)
    if _SPSS_TIMES.fullmatch(shown):
        return Dates(_SECOND, _SPSS, "time", shown)
    return Dates(_SECOND, _SPSS, "month", shown) if _SPSS_MONTHS.fullmatch(shown) else None


def dates_of_sas(shown: str) -> Dates | None:
    """Days, or seconds, since 1 January 1960."""
    if _SAS_DAYS.fullmatch(shown):
        return Dates(_DAY, _1960, "day", shown)
    if _SAS_TIMES.fullmatch(shown):
        return Dates(_SECOND, _1960, "time", shown)
    return Dates(_DAY, _1960, "month", shown) if _SAS_MONTHS.fullmatch(shown) else None


def dates_of_stata(shown: str) -> Dates | None:
    """Days, milliseconds or months since January 1960."""
    kind = shown.removeprefix("%").lstrip("-0123456789")
    if kind.startswith(("td", "d")):
        return Dates(_DAY, _1960, "day", shown)
    if kind.startswith(("tc", "tC")):
        return Dates(0.001, _1960, "time", shown)
    return Dates(None, _1960, "month", shown) if kind.startswith("tm") else None


def date_texts(numbers: pl.Series, dates: Dates) -> pl.Series:
    """ISO days, with the time of day where it is not midnight; a month as 2021-03.

    A number of no day in the years 1 to 9999 is shown with its format, so that it cannot be read as another date.
    """
    cell = pl.col(numbers.name)
    if dates.unit is None:
        months = cell.floor()
        inside = months.is_between(-1959 * 12, 8039 * 12 + 11)
        number = pl.when(inside).then(months).cast(pl.Int64)
        text = pl.format("{}-{}", _padded(number.floordiv(12) + 1960, 4), _padded(number % 12 + 1, 2))
    else:
        seconds = cell * dates.unit
        inside = (seconds / _DAY + dates.zero).is_between(_FIRST_DAY, _LAST_DAY + 1, closed="left")
        rounded = pl.when(inside).then((seconds + 0.5).floor()).cast(pl.Int64)
        day = (rounded.floordiv(86_400) + dates.zero).cast(pl.Int32).cast(pl.Date)
        time_of_day = rounded % 86_400
        text = day.cast(pl.String)
        if dates.shows == "month":
            text = text.str.slice(0, 7)
        elif dates.shows == "time":
            hours, minutes = _padded(time_of_day.floordiv(3600), 2), _padded(time_of_day % 3600 // 60, 2)
            with_time = pl.format("{} {}:{}:{}", text, hours, minutes, _padded(time_of_day % 60, 2))
            text = pl.when(time_of_day == 0).then(text).otherwise(with_time)
    other = pl.when(cell.is_not_null()).then(pl.format("{} ({})", cell, pl.lit(dates.format)))
    return (
        numbers.to_frame().select(pl.when(inside).then(text).otherwise(other).alias(numbers.name)).to_series()
    )


def _padded(number: pl.Expr, width: int) -> pl.Expr:
    return number.cast(pl.String).str.zfill(width)

"""Dates known to the month, the year or a third of a month: the days they may be, and the day that a rule takes."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from oligoscope.intake.files.column_reading import PartialRule


@dataclass(frozen=True, slots=True)
class Period:
    """The days a partial date may be."""

    first: date
    last: date


def month_of(year: int, month: int) -> Period:
    """All days of a month."""
    return Period(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))


def year_of(year: int) -> Period:
    """All days of a year."""
    return Period(date(year, 1, 1), date(year, 12, 31))


def day_of(span: Period, rule: PartialRule) -> date | None:
    """The day chosen by a rule: the middle of a month is its 15th, of a year 1 July."""
    if rule == "first":
        return span.first
    if rule == "last":
        return span.last
    if rule == "missing":
        return None
    if span == month_of(span.first.year, span.first.month):
        return span.first.replace(day=15)
    if span == year_of(span.first.year):
        return date(span.first.year, 7, 1)
    return span.first + timedelta(days=(span.last - span.first).days // 2)

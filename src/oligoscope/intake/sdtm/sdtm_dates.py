"""Dates known to the month or the year (`2021-03`, `2021`): one declared rule, and every use of it listed."""

from __future__ import annotations

import re
from datetime import date

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.intake.files.column_reading import PartialRule
from oligoscope.intake.files.raw_table import ROW, SOURCE
from oligoscope.intake.issues import Issue
from oligoscope.intake.period import Period, day_of, month_of, year_of

# ISO 8601 as SDTM writes it: parts unknown at the end are left out, or are a "-" (`2021---15`, `2021-03--`).
_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:--?)?|-{1,3}(?:\d{2})?-?)?(?:T.*)?", re.ASCII)


def period(text: str) -> Period | None:
    """The month or year that a partial date names; None for a whole date and for what is no date."""
    match = _PARTIAL.fullmatch(text.strip())
    if match is None:
        return None
    year, month = int(match[1]), int(match[2] or 0)
    if year < 1 or month > 12 or (match[2] and month < 1):
        return None
    return month_of(year, month) if month else year_of(year)


def complete_dates(
    frame: pl.DataFrame, column: str, rule: PartialRule, table: str, by_study_day: pl.Series | None = None
) -> tuple[pl.DataFrame, list[Issue]]:
    """The frame with every partial date of a column replaced by a day, and a finding for each.

    The time of day is cut off.

    Args:
        frame: Cells as text, with USUBJID, SOURCE and ROW.
        column: A --DTC variable.
        rule: Which day is used for a month or a year.
        table: The table it is read into.
        by_study_day: The date of the row's own study day (--DY), which is used where it lies in the month or
            year that is written.
    """
    frame = frame.with_columns(pl.col(column).str.replace(r"^(\d{4}-\d\d-\d\d)T.*$", "$1"))
    words = frame[column].unique().drop_nulls().to_list()
    spans = {word: span for word in words if (span := period(word)) is not None}
    if not spans:
        return frame, []
    cells = frame[column].to_list()
    issues: list[Issue] = []
    for index in frame[column].is_in(list(spans)).fill_null(value=False).arg_true().to_list():
        word = cells[index]
        recorded = None if by_study_day is None else by_study_day[index]
        inside = recorded is not None and spans[word].first <= recorded <= spans[word].last
        day = recorded if inside else day_of(spans[word], rule)
        cells[index] = None if day is None else day.isoformat()
        issues.append(
            Issue(
                rule="partial_date", table=table, source=frame[SOURCE][index], row=frame[ROW][index], column=column,
                value=word, expected=_taken(day, by_study_day=inside), patient_id=frame["USUBJID"][index],
            )
        )  # fmt: skip
    return frame.with_columns(pl.Series(column, cells, dtype=pl.String)), issues


def _taken(day: date | None, *, by_study_day: bool) -> Text:
    if day is None:
        return Text("视为缺失", "taken as missing")
    if by_study_day:
        return Text(f"按研究日取 {day.isoformat()}", f"taken as {day.isoformat()}, by the study day")
    return Text(f"取 {day.isoformat()}", f"taken as {day.isoformat()}")


def study_day_dates(frame: pl.DataFrame, column: str | None, starts: pl.DataFrame) -> pl.Series:
    """The date of each row's study day: day 1 is the reference start (DM.RFSTDTC), and there is no day 0.

    Args:
        frame: Rows with USUBJID.
        column: The --DY variable; None where there is none.
        starts: USUBJID and start, a Date.
    """
    if column is None:
        return pl.Series([None] * frame.height, dtype=pl.Date)
    rows = frame.select(
        "USUBJID", pl.col(column).cast(pl.Float64, strict=False).cast(pl.Int64, strict=False).alias("day")
    )
    rows = rows.join(starts, on="USUBJID", how="left", maintain_order="left")
    after = pl.col("day") - pl.when(pl.col("day") > 0).then(1).otherwise(0)
    return rows.select((pl.col("start") + pl.duration(days=after)).cast(pl.Date).alias("date")).to_series()


def whole_days(cells: pl.Series) -> pl.Series:
    """Whole dates of a column as Date; everything else is null."""
    return cells.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)

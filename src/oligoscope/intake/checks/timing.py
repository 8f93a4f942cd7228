"""Dates and days: every `X_on` gets its `X_day` from treatment start, and the reverse."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from oligoscope.bilingual import Count, Text
from oligoscope.intake.checks.findings import Findings
from oligoscope.intake.checks.typed_table import TypedTable
from oligoscope.intake.issues import Issue
from oligoscope.study.anchor import ANCHOR
from oligoscope.study.schemas import COHORT, day_name

_IN_COHORT = {column.name for column in COHORT.columns}
START = "__start"


def treatment_starts(typed: dict[str, TypedTable], findings: Findings) -> pl.DataFrame:
    """patient_id, START and whether it is the anchor, a row per patient.

    ANCHOR is the start of a patient without a start date for whom any table gives days: calendar months need a calendar.
    """
    patients = typed["patients"].frame.filter(pl.col("patient_id").is_not_null())
    # Times need no date of a start: whoever is in a cohort that a team has classified was treated.
    in_cohort = (
        typed["cohort"].frame["patient_id"].drop_nulls()
        if "cohort" in typed
        else pl.Series([], dtype=pl.String)
    )
    timed = pl.concat([_patients_with_days(typed), in_cohort]).unique()
    lacking = pl.col("treatment_started_on").is_null() & pl.col("patient_id").is_in(timed.implode())
    starts = patients.select(
        "patient_id",
        pl.when(lacking).then(pl.lit(ANCHOR)).otherwise(pl.col("treatment_started_on")).alias(START),
        lacking.alias("anchored"),
        pl.col("patient_id").is_in(in_cohort.implode()).alias("in_cohort"),
    )
    findings.issues += anchor_issue(int(starts["anchored"].sum()))
    return starts


def anchor_issue(n_anchored: int) -> Iterator[Issue]:
    """The finding that patients are counted from the anchor date, with their number."""
    if n_anchored:
        text = Text(f"{n_anchored} 名患者", f"{Count(n_anchored):patient|patients}")
        yield Issue(rule="days_from_anchor", table="patients", expected=text)


def add_times(typed: TypedTable, starts: pl.DataFrame, findings: Findings) -> pl.DataFrame:
    """The frame with both forms of every date; a date and a day that disagree are a finding."""
    frame = typed.frame.join(starts.unique("patient_id"), on="patient_id", how="left", maintain_order="left")
    if typed.table.name == "patients":
        frame = frame.with_columns(pl.col(START).alias("treatment_started_on"))
    for column in (c.name for c in typed.table.columns if c.kind == "date" and c.name.endswith("_on")):
        day = day_name(column)
        if column != "treatment_started_on":
            frame = _refuse_dates(frame, column, typed, findings)
        if day in typed.days:
            frame = _both_forms(frame, column, day, typed, findings)
        frame = frame.with_columns((pl.col(column) - pl.col(START)).dt.total_days().cast(pl.Int32).alias(day))
    return frame.drop(START, "anchored", "in_cohort")


def _refuse_dates(frame: pl.DataFrame, column: str, typed: TypedTable, findings: Findings) -> pl.DataFrame:
    """Dates of patients without a start: beside times that a team gives they are not needed, and are not used."""
    dated = frame.filter(pl.col("anchored") & pl.col(column).is_not_null())
    findings.flag(
        "date_without_start", typed.table.name, dated.filter(~pl.col("in_cohort")),
        column, expected=Text("应为天数", "must be days"), leaves="patient",
    )  # fmt: skip
    beside = dated.filter(pl.col("in_cohort"))
    # The patients of a cohort are made of its rows: one finding is enough.
    if typed.table.name == "cohort" or column not in _IN_COHORT:
        findings.flag("date_unused", typed.table.name, beside, column)
    unused = pl.col("anchored") & pl.col("in_cohort")
    return frame.with_columns(pl.when(~unused).then(pl.col(column)).alias(column)) if beside.height else frame


def _both_forms(
    frame: pl.DataFrame, column: str, day: str, typed: TypedTable, findings: Findings
) -> pl.DataFrame:
    from_day = pl.col(START) + pl.duration(days=pl.col(day))
    differ = frame.filter(pl.col(column) != from_day.cast(pl.Date))
    findings.flag(
        "date_and_day_disagree", typed.table.name, differ, day, expected=Text("应与日期一致", "must agree with the date"),
        leaves="patient" if typed.table.name == "patients" else "row",
    )  # fmt: skip
    return frame.with_columns(pl.coalesce(pl.col(column), from_day.cast(pl.Date)).alias(column))


def _patients_with_days(typed: dict[str, TypedTable]) -> pl.Series:
    ids = [
        table.frame.filter(pl.any_horizontal([pl.col(day).is_not_null() for day in sorted(table.days)]))[
            "patient_id"
        ]
        for table in typed.values()
        if table.days
    ]
    return pl.concat(ids).drop_nulls().unique() if ids else pl.Series("patient_id", [], dtype=pl.String)

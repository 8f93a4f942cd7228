"""Dates known to the month or the year: the day that the study's rule takes, moved where other dates would forbid it, and said."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.intake.checks.findings import Findings
from oligoscope.intake.checks.typed_table import EARLIEST, LATEST, WRITTEN, TypedTable
from oligoscope.intake.issues import Issue

_FROM, _TO, _DAY = "__from", "__to", "__taken"
_NOT_BEFORE_START = (
    "last_dose_on",
    "clinical_progression_on",
    "last_known_alive_on",
    "progressed_on",
    "died_on",
)
_ORDER = (
    "birth_date",
    "treatment_started_on",
    "started_on",
    "assessed_on",
    "last_dose_on",
    "ended_on",
    "progressed_on",
    "clinical_progression_on",
    "last_known_alive_on",
    "died_on",
)
_ALIVE_ON = tuple(name for name in _ORDER if name not in {"birth_date", "died_on"})


def settle_partial_dates(typed: dict[str, TypedTable], findings: Findings) -> dict[str, TypedTable]:
    """Tables whose partial dates are days, one finding each.

    The day is the one that the rule of the study takes, else the nearest day of the month or year with which no whole
    date of the patient is contradicted: no event before treatment start, nothing after death, no end before its start.
    Where no day of the period fits, the rule's is kept and the contradiction is found later.
    """
    todo = [
        (name, table)
        for name in _ORDER
        for table, t in typed.items()
        if WRITTEN + name in t.frame.columns and "patient_id" in t.frame.columns
    ]
    for name, table in todo:
        typed = typed | {table: _settled(typed, table, name, findings)}
    return typed


def _settled(typed: dict[str, TypedTable], table: str, name: str, findings: Findings) -> TypedTable:
    this = typed[table]
    frame = _with_limits(this.frame, typed, table, name)
    day, first, last = pl.col(name), pl.col(EARLIEST + name), pl.col(LATEST + name)
    early = (day < pl.col(_FROM)) & (pl.col(_FROM) <= last)
    late = (day > pl.col(_TO)) & (pl.col(_TO) >= first)
    moved = pl.when(early).then(pl.col(_FROM)).when(late).then(pl.col(_TO)).otherwise(day)
    frame = frame.with_columns(
        pl.when(pl.col(WRITTEN + name).is_null()).then(day).otherwise(moved).alias(_DAY)
    )
    shown = findings.names.get(table, {}).get(name, name)
    for row in frame.filter(pl.col(WRITTEN + name).is_not_null()).iter_rows(named=True):
        findings.issues.append(Issue(
            rule="partial_date", table=table, source=row["source"] or "", row=row["source_row"], column=shown,
            value=row[WRITTEN + name], expected=_taken(row[_DAY], is_moved=row[_DAY] != row[name]), patient_id=row["patient_id"],
        ))  # fmt: skip
    settled = this.frame.with_columns(frame[_DAY].alias(name)).drop(
        WRITTEN + name, EARLIEST + name, LATEST + name
    )
    return replace(this, frame=settled)


def _taken(day: object, *, is_moved: bool) -> Text:
    if day is None:
        return Text("视为缺失", "taken as missing")
    if is_moved:
        return Text(
            f"取 {day}，与该患者的其他日期相容", f"taken as {day}, to agree with the patient's other dates"
        )
    return Text(f"取 {day}", f"taken as {day}")


def _with_limits(frame: pl.DataFrame, typed: dict[str, TypedTable], table: str, name: str) -> pl.DataFrame:
    """The frame, row by row, with the first and last day that the patient's other dates allow."""
    starts, deaths, alive = _of_patients(typed, table, name)
    joined = frame
    for values in (starts, deaths, alive):
        joined = joined.join(values, on="patient_id", how="left", maintain_order="left")
    nothing = pl.lit(None, pl.Date)
    if name == "died_on":
        low, high = pl.max_horizontal("__start", "__alive"), nothing
    elif name == "treatment_started_on":
        low, high = nothing, pl.min_horizontal("__first", "__death")
    elif name == "ended_on" or (table == "treatments" and name == "progressed_on"):
        low, high = pl.col("started_on"), pl.col("__death")
    elif name in _NOT_BEFORE_START:
        low, high = pl.col("__start"), pl.col("__death")
    else:
        low, high = nothing, pl.col("__death") if name != "birth_date" else nothing
    return joined.with_columns(low.alias(_FROM), high.alias(_TO))


def _of_patients(
    typed: dict[str, TypedTable], table: str, name: str
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Of each patient the treatment start, the death, and the first and last day of what happened after the start."""
    patients = _whole(typed["patients"].frame) if "patients" in typed else pl.DataFrame()
    keyed = patients.filter(pl.col("patient_id").is_not_null()).unique("patient_id", keep="first")
    starts = keyed.select("patient_id", pl.col("treatment_started_on").alias("__start"))
    deaths = keyed.select("patient_id", pl.col("died_on").alias("__death"))
    days: list[pl.DataFrame] = []
    for t in typed.values():
        own = _whole(t.frame)
        for column in (c for c in _ALIVE_ON if c in own.columns and (t.table.name, c) != (table, name)):
            after = column in _NOT_BEFORE_START
            day = pl.col(column)
            days.append(own.select(
                "patient_id", day.alias("__alive"), (day if after else pl.lit(None, pl.Date)).alias("__first"),
            ))  # fmt: skip
    known = pl.concat(days).filter(pl.col("patient_id").is_not_null() & pl.col("__alive").is_not_null())
    alive = known.group_by("patient_id").agg(pl.col("__alive").max(), pl.col("__first").min())
    return starts, deaths, alive


def _whole(frame: pl.DataFrame) -> pl.DataFrame:
    """The dates that are known to the day, or settled; the others are null."""
    partial = [c.removeprefix(WRITTEN) for c in frame.columns if c.startswith(WRITTEN)]
    return frame.with_columns(
        pl.when(pl.col(WRITTEN + name).is_null()).then(pl.col(name)).alias(name) for name in partial
    )

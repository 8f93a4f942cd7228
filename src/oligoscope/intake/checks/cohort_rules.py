"""A cohort that a team has classified: the patients it holds, and times that contradict each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import polars as pl

from oligoscope.bilingual import Count, Text
from oligoscope.intake.checks.findings import BAD, INDEX, Findings, RowRule
from oligoscope.intake.checks.typed_table import TypedTable
from oligoscope.study.dictionary.classified import time_name
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.given_times import DAYS_IN, gave_progression, given_days, given_event, rounding_days
from oligoscope.study.schemas import COHORT, PATIENTS, typed_schema


def with_patients(typed: dict[str, TypedTable], findings: Findings) -> dict[str, TypedTable]:
    """The tables with the patients that a cohort holds: all of them, or the columns that the patients table lacks."""
    if "cohort" not in typed:
        return typed
    cohort = typed["cohort"]
    given = cohort.given - {c.name for c in COHORT.columns} | cohort.given & set(typed_schema(PATIENTS))
    findings.names.setdefault("patients", {})
    findings.names["patients"] = findings.names["cohort"] | findings.names["patients"]
    if "patients" not in typed:
        extra = sorted(set(cohort.frame.columns) - set(typed_schema(COHORT)) - {INDEX, BAD})
        frame = cohort.frame.select(*typed_schema(PATIENTS), *extra, INDEX, BAD)
        return {
            "patients": TypedTable(PATIENTS, frame, cohort.days & set(typed_schema(PATIENTS)), given),
            **typed,
        }
    patients = typed["patients"]
    more = sorted(given - patients.given)
    rows = cohort.frame.select("patient_id", *more).unique("patient_id", keep="first")
    frame = patients.frame.drop(c for c in more if c in patients.frame.columns)
    frame = frame.join(rows, on="patient_id", how="left", maintain_order="left")
    order = [c for c in patients.frame.columns if c in frame.columns]
    frame = frame.select(*order, *(c for c in more if c not in order)).select(
        *(c for c in patients.frame.columns), *(c for c in more if c not in patients.frame.columns)
    )
    days = patients.days | (cohort.days & set(more))
    return typed | {"patients": replace(patients, frame=frame, days=days, given=patients.given | given)}


def _unit(row: dict[str, Any], outcome: Outcome) -> str:
    """A time as it is written, with its unit."""
    unit = next(u for u in DAYS_IN if row[time_name(outcome, u)] is not None)
    return f"{row[time_name(outcome, unit)]:g} {unit}"


def _beside(*outcomes: Outcome) -> Callable[[dict[str, Any]], Text]:
    """The times that were compared."""

    def expected(row: dict[str, Any]) -> Text:
        listed = ", ".join(f"{o.upper()} {_unit(row, o)}" for o in outcomes)
        return Text(f"所给：{listed}", f"given: {listed}")

    return expected


def _without_event(outcome: Outcome) -> RowRule:
    lacking = given_days(outcome).is_not_null() & given_event(outcome).is_null()
    if outcome == Outcome.PFS:  # who progressed had the event
        lacking &= ~gave_progression().fill_null(value=False)
    if outcome == Outcome.PPS:  # ends as overall survival does
        lacking &= given_event(Outcome.OS).is_null()
    text = Text("有时间而未写明是否发生事件", "there is a time, and not whether it ended in the event")
    return RowRule("time_without_event", "cohort", outcome.event, lacking, text)


_PFS, _OS, _PPS = (given_days(o) for o in (Outcome.PFS, Outcome.OS, Outcome.PPS))
_PROGRESSED = gave_progression().fill_null(value=False)
_START, _DEATH, _ALIVE = (pl.col(c) for c in ("treatment_started_on", "died_on", "last_known_alive_on"))
_BY_DATES = (pl.coalesce(_DEATH, _ALIVE) - _START).dt.total_days()
_PFS_BY_DATES = (pl.col("progressed_on") - _START).dt.total_days()
COHORT_RULES = (
    RowRule(
        "progression_after_survival", "cohort", Outcome.PFS.event,
        (_PFS > _OS + rounding_days(Outcome.PFS, Outcome.OS)).fill_null(value=False), _beside(Outcome.PFS, Outcome.OS), "patient",
    ),
    RowRule(
        "censored_before_progression", "cohort", Outcome.PFS.event, _PROGRESSED & (given_event(Outcome.PFS) == 0),
        Text("该行写明患者已进展", "the row says that the patient progressed"), "patient",
    ),
    RowRule(
        "times_do_not_add_up", "cohort", Outcome.PPS.event,
        ((_OS - _PFS - _PPS).abs() > rounding_days(Outcome.PFS, Outcome.OS, Outcome.PPS)).fill_null(value=False) & _PROGRESSED,
        _beside(Outcome.PFS, Outcome.OS, Outcome.PPS),
    ),
    RowRule(
        "death_not_counted", "cohort", Outcome.PFS.event,
        (given_event(Outcome.PFS) == 0) & (given_event(Outcome.OS) == 1) & ((_OS - _PFS).abs() <= rounding_days(Outcome.PFS, Outcome.OS)),
        _beside(Outcome.PFS, Outcome.OS),
    ),
    RowRule(
        "times_and_dates_differ", "cohort", Outcome.OS.event,
        ((_OS - _BY_DATES).abs() > rounding_days(Outcome.OS) + 1).fill_null(value=False),
        lambda row: Text(f"按日期为 {_dated(row)} 天，所给 {_unit(row, Outcome.OS)}", f"{Count(_dated(row)):day|days} by the dates, given {_unit(row, Outcome.OS)}"),
    ),
    RowRule(
        "times_and_dates_differ", "cohort", "progressed_on",
        ((_PFS - _PFS_BY_DATES).abs() > rounding_days(Outcome.PFS) + 1).fill_null(value=False) & _PROGRESSED,
        lambda row: Text(
            f"按日期为 {row['progressed_day']} 天，所给 {_unit(row, Outcome.PFS)}",
            f"{Count(row['progressed_day']):day|days} by the dates, given {_unit(row, Outcome.PFS)}",
        ),
    ),
    RowRule(
        "death_and_event_differ", "cohort", Outcome.OS.event, (given_event(Outcome.OS) == 0) & _DEATH.is_not_null(),
        lambda row: Text(f"死亡日期为 {row['died_on']}", f"there is a date of death, {row['died_on']}"), "patient",
    ),
    *(_without_event(outcome) for outcome in Outcome),
)  # fmt: skip


def _dated(row: dict[str, Any]) -> int:
    return ((row["died_on"] or row["last_known_alive_on"]) - row["treatment_started_on"]).days

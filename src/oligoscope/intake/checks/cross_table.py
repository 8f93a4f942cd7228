"""Rules between tables: unknown patients, dates in an impossible order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl

from oligoscope.bilingual import Count, Text
from oligoscope.intake.checks.findings import Findings, Frames, Leaves, RowRule, days_before_start
from oligoscope.intake.checks.lesion_rules import BASELINE_DAYS
from oligoscope.intake.checks.near_identifiers import pairs
from oligoscope.intake.identifier_forms import quoted
from oligoscope.study.anchor import ANCHOR

APART_DAYS, YEAR, NEXT_SCAN_DAYS = 180, 365, 90
DATED = (
    ("measurements", "assessed_on"),
    ("assessments", "assessed_on"),
    ("progressions", "progressed_on"),
    ("cohort", "progressed_on"),
)
_START, _DEATH = Text("治疗开始", "treatment start"), Text("死亡", "death")
_LIMITS = {
    "treatment_started_on": _START,
    "start": _START,
    "started_on": Text("该治疗开始", "the start of this treatment"),
    "died_on": _DEATH,
    "died": _DEATH,
}


def _not_after(rule: str, table: str, column: str, limit: str, leaves: Leaves) -> RowRule:
    what = _LIMITS[limit]
    return RowRule(
        rule, table, column, pl.col(column) > pl.col(limit),
        lambda row: Text(f"不能晚于{what.zh} {row[limit]}", f"cannot be after {what.en} on {row[limit]}"), leaves,
    )  # fmt: skip


def _not_before(rule: str, table: str, column: str, limit: str, leaves: Leaves) -> RowRule:
    what = _LIMITS[limit]
    return RowRule(
        rule, table, column, pl.col(column) < pl.col(limit),
        lambda row: Text(f"不能早于{what.zh} {row[limit]}", f"cannot be before {what.en} on {row[limit]}"), leaves,
    )  # fmt: skip


_BIRTH = _not_after("birth_after_start", "patients", "birth_date", "treatment_started_on", "patient")
_BORN, _STARTED = pl.col("birth_date"), pl.col("treatment_started_on")
# Of other tables than that of the patients, with start and died, the dates of the row's patient.
DATE_RULES = (
    replace(_BIRTH, holds=(_STARTED != ANCHOR) & (_BORN >= _STARTED)),
    _not_after("start_after_death", "patients", "treatment_started_on", "died_on", "patient"),
    _not_after("alive_after_death", "patients", "last_dose_on", "died_on", "patient"),
    _not_after("alive_after_death", "patients", "clinical_progression_on", "died_on", "patient"),
    _not_after("alive_after_death", "patients", "last_known_alive_on", "died_on", "patient"),
    _not_before("progression_before_start", "patients", "clinical_progression_on", "treatment_started_on", "patient"),
    _not_after("row_after_death", "measurements", "assessed_on", "died", "row"),
    _not_after("row_after_death", "assessments", "assessed_on", "died", "row"),
    _not_after("row_after_death", "treatments", "started_on", "died", "row"),
    _not_after("row_after_death", "treatments", "ended_on", "died", "row"),
    _not_after("row_after_death", "treatments", "progressed_on", "died", "row"),
    _not_after("row_after_death", "progressions", "progressed_on", "died", "patient"),
    _not_before("progression_before_start", "progressions", "progressed_on", "start", "patient"),
    _not_after("row_after_death", "cohort", "progressed_on", "died", "patient"),
    _not_before("progression_before_start", "cohort", "progressed_on", "start", "patient"),
    _not_before("treatment_out_of_order", "treatments", "ended_on", "started_on", "row"),
    _not_before("progression_before_start", "treatments", "progressed_on", "started_on", "row"),
)  # fmt: skip
# Responses and later lines before treatment start.
ORDER_RULES = (
    RowRule("assessment_before_start", "assessments", "assessed_on", pl.col("assessed_day") <= 0, days_before_start),
    RowRule(
        "line_before_start", "treatments", "started_on", (pl.col("line") > 1) & (pl.col("started_day") <= 0),
        lambda row: _line_too_early(row["line"], days_before_start(row, "started_day")),
    ),
)  # fmt: skip


def _line_too_early(line: int, days: Text) -> Text:
    return Text(f"第 {line} 线，{days.zh}", f"line {line}, {days.en}")


def find_unknown_patients(frames: Frames, findings: Findings) -> None:
    """Rows of patients who are not in the patients table."""
    known = frames["patients"]["patient_id"].drop_nulls().unique()
    is_known = pl.col("patient_id").is_in(known.implode())
    others = {name: frame for name, frame in frames.items() if name != "patients"}
    for name, frame in others.items():
        unknown = frame.filter(pl.col("patient_id").is_not_null() & ~is_known)
        near = pairs(unknown["patient_id"].unique().to_list(), known.to_list())
        findings.flag(
            "unknown_patient", name, unknown, "patient_id",
            expected=lambda row, near=near: _unknown(near[row["patient_id"]]), leaves="row",
        )  # fmt: skip


def _unknown(near: tuple[str, ...]) -> Text:
    zh, en = "患者表中没有此编号", "is not in the patients table"
    if not near:
        return Text(zh, en)
    listed = ", ".join(quoted(name) for name in near)
    return Text(f"{zh}，而有写法相近的 {listed}", f"{en}, which has {listed}; is it the same patient?")


def check_dates(frames: Frames, findings: Findings) -> None:
    """Dates of patients, and of their other rows, in an order that is possible."""
    patients = frames["patients"].select(
        "patient_id", pl.col("treatment_started_on").alias("start"), pl.col("died_on").alias("died")
    ).unique("patient_id")  # fmt: skip
    # A cohort may hold columns of the user's with these names.
    dated = {
        name: frame.drop("start", "died", strict=False).join(
            patients, on="patient_id", how="left", maintain_order="left"
        )
        for name, frame in frames.items()
        if name != "patients"
    }
    findings.check(DATE_RULES, {"patients": frames["patients"], **dated})


def check_cutoff(frames: Frames, findings: Findings, cutoff: date | None) -> None:
    """Starts and rows after the data cutoff, none of which count; rows once per patient and table."""
    if cutoff is None:
        return
    start = pl.col("treatment_started_on")
    patients = findings.good("patients", frames["patients"])
    findings.flag(
        "start_after_cutoff", "patients", patients.filter(start > cutoff), "treatment_started_on",
        expected=Text(f"数据截止日为 {cutoff}", f"the cutoff is {cutoff}"),
    )  # fmt: skip
    started = patients.filter(start <= cutoff).select("patient_id")
    for name, column in DATED:
        if name in frames:
            rows = findings.good(name, frames[name]).filter(pl.col(column) > cutoff)
            rows = rows.join(started, on="patient_id", how="semi", maintain_order="left")
            once = rows.with_columns(pl.len().over("patient_id").alias("n_rows")).unique(
                "patient_id", keep="first", maintain_order=True
            )
            findings.flag(
                "row_after_cutoff", name, once, column,
                expected=lambda row: Text(f"数据截止日为 {cutoff}，其后共 {row['n_rows']} 行", f"the cutoff is {cutoff}; rows after it: {row['n_rows']}"),
            )  # fmt: skip


def find_far_dates(frames: Frames, findings: Findings) -> None:
    """Scan dates with a year that is probably wrong."""
    for name in ("measurements", "assessments"):
        if name in frames:
            rows = findings.good(name, frames[name])
            apart = far_dates(rows, "patient_id")
            first = rows.join(apart, on=["patient_id", "assessed_day"], how="inner", maintain_order="left")
            findings.flag(
                "date_stands_apart", name, first.unique(["patient_id", "assessed_day"], keep="first", maintain_order=True),
                "assessed_on", expected=lambda row: Text(f"距最近的检查 {row['gap']} 天", f"{Count(row['gap']):day|days} from the nearest scan"),
            )  # fmt: skip


def far_dates(rows: pl.DataFrame, patient: str) -> pl.DataFrame:
    """A patient's first or last scan date that is half a year from the others and would fit a year later or earlier.

    Args:
        rows: With assessed_day.
        patient: The column of the patient.

    Returns:
        The patient, assessed_day and gap, days to the nearest scan.
    """
    dates = rows.select(patient, "assessed_day").drop_nulls().unique().sort(patient, "assessed_day")
    day, before, after = (pl.col(n) for n in ("assessed_day", "before", "after"))
    same = [pl.col(patient) == pl.col(patient).shift(step) for step in (1, -1)]
    dates = dates.with_columns(
        before=pl.when(same[0]).then(day.shift(1)), after=pl.when(same[1]).then(day.shift(-1))
    )
    late = after.is_null() & (day - before >= APART_DAYS)
    early = before.is_null() & (after - day >= APART_DAYS)
    # Moved by a year, the date must lie between a month before the start and the next scan after the others.
    fits_late = late & (day - YEAR >= -BASELINE_DAYS) & (day - YEAR <= before + NEXT_SCAN_DAYS)
    fits_early = early & (day < -BASELINE_DAYS) & (day + YEAR >= -BASELINE_DAYS)
    fits = (fits_late | fits_early).fill_null(value=False)
    return dates.filter(fits).select(patient, "assessed_day", gap=pl.coalesce(day - before, after - day))


def check_follow_up(frames: Frames, findings: Findings) -> None:
    """Day last known alive against later records; scans of patients without a treatment start."""
    patients = findings.good("patients", frames["patients"])
    scans = [
        findings.good(name, frames[name]).select("patient_id", "assessed_on")
        for name in ("measurements", "assessments")
        if name in frames
    ]
    doses = [patients.select("patient_id", pl.col("last_dose_on").alias("assessed_on"))]
    last = (
        pl.concat([*scans, *doses])
        .group_by("patient_id")
        .agg(pl.col("assessed_on").max().alias("last_record"))
    )
    followed = patients.join(last, on="patient_id", how="left", maintain_order="left")
    outdated = followed.filter(pl.col("last_known_alive_on") < pl.col("last_record"))
    findings.flag(
        "alive_before_assessment", "patients", outdated, "last_known_alive_on",
        expected=lambda row: Text(f"{row['last_record']} 仍有记录", f"there is a record on {row['last_record']}"),
    )  # fmt: skip
    scanned = pl.concat(scans)["patient_id"].unique() if scans else pl.Series([], dtype=pl.String)
    lacking = patients.filter(_STARTED.is_null() & pl.col("patient_id").is_in(scanned.implode()))
    findings.flag("start_unknown", "patients", lacking, "treatment_started_on")

"""Rules between tables: unknown patients, dates in an impossible order."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.intake.checks.findings import Findings, Frames, Leaves, Shown, days_before_start
from oligoscope.intake.checks.lesion_rules import BASELINE_DAYS
from oligoscope.intake.checks.timing import ANCHOR

APART_DAYS, YEAR, NEXT_SCAN_DAYS = 180, 365, 90
_DATED = (("measurements", "assessed_on"), ("assessments", "assessed_on"), ("progressions", "progressed_on"))
# (table, date that cannot come after death)
_NOT_AFTER_DEATH = (
    ("measurements", "assessed_on"),
    ("assessments", "assessed_on"),
    ("treatments", "started_on"),
    ("treatments", "ended_on"),
    ("treatments", "progressed_on"),
    ("progressions", "progressed_on"),
)


def find_unknown_patients(frames: Frames, shown: Shown, findings: Findings) -> None:
    """Rows of patients who are not in the patients table."""
    known = frames["patients"]["patient_id"].drop_nulls().unique()
    expected = Text("患者表中没有此编号", "is not in the patients table")
    for name, frame in frames.items():
        if name == "patients":
            continue
        unknown = frame.filter(
            pl.col("patient_id").is_not_null() & ~pl.col("patient_id").is_in(known.implode())
        )
        findings.flag(
            "unknown_patient", name, unknown, shown[name].get("patient_id", "patient_id"), value="patient_id",
            expected=expected, leaves="row",
        )  # fmt: skip


def check_patient_dates(frames: Frames, shown: Shown, findings: Findings) -> None:
    """Birth < start <= death, and nothing after death."""
    rows = findings.good("patients", frames["patients"])
    names = shown["patients"]
    start, died = pl.col("treatment_started_on"), pl.col("died_on")
    dated = rows.filter(start != ANCHOR)
    _late(
        findings,
        "birth_after_start",
        dated.filter(pl.col("birth_date") >= start),
        "birth_date",
        "treatment_started_on",
        names,
    )
    _late(findings, "start_after_death", rows.filter(start > died), "treatment_started_on", "died_on", names)
    for column in ("last_dose_on", "clinical_progression_on", "last_known_alive_on"):
        _late(findings, "alive_after_death", rows.filter(pl.col(column) > died), column, "died_on", names)
    column = "clinical_progression_on"
    before = rows.filter(pl.col(column) < start)
    findings.flag(
        "progression_before_start", "patients", before, names.get(column, column), value=column,
        expected=_not("before", "早于", "treatment_started_on"), leaves="patient",
    )  # fmt: skip


def _line_too_early(row: dict[str, Any]) -> Text:
    line, days = row["line"], -row["started_day"]
    if days == 0:
        return Text(f"第 {line} 线，治疗开始当日", f"line {line}, on the day of treatment start")
    before = days_before_start(days)
    return Text(f"第 {line} 线，{before.zh}", f"line {line}, {before.en}")


def check_row_dates(frames: Frames, shown: Shown, findings: Findings) -> None:
    """Rows of the other tables against the patient's start and death."""
    patients = frames["patients"].select(
        "patient_id", pl.col("treatment_started_on").alias("start"), pl.col("died_on").alias("died")
    ).unique("patient_id")  # fmt: skip
    dated = {
        name: findings.good(name, frame).join(patients, on="patient_id", how="left", maintain_order="left")
        for name, frame in frames.items()
        if name != "patients"
    }
    for name, column in _NOT_AFTER_DEATH:
        if name in dated:
            late = dated[name].filter(pl.col(column) > pl.col("died"))
            who: Leaves = "patient" if name == "progressions" else "row"
            findings.flag(
                "row_after_death", name, late, shown[name].get(column, column), value=column,
                expected=_not("after", "晚于", "died"), leaves=who,
            )  # fmt: skip
    _progressions(dated, shown, findings)
    _treatments(dated, shown, findings)


def check_cutoff(frames: Frames, shown: Shown, findings: Findings, cutoff: date | None) -> None:
    """Starts and rows after the data cutoff, none of which count; rows once per patient and table."""
    if cutoff is None:
        return
    column = "treatment_started_on"
    patients = findings.good("patients", frames["patients"])
    late = patients.filter(pl.col(column) > cutoff)
    findings.flag(
        "start_after_cutoff", "patients", late, shown["patients"].get(column, column), value=column,
        expected=Text(f"数据截止日为 {cutoff}", f"the cutoff is {cutoff}"),
    )  # fmt: skip
    started = patients.filter(pl.col(column) <= cutoff).select("patient_id")
    for name, column in _DATED:
        if name in frames:
            rows = findings.good(name, frames[name]).filter(pl.col(column) > cutoff)
            rows = rows.join(started, on="patient_id", how="semi", maintain_order="left")
            once = rows.with_columns(pl.len().over("patient_id").alias("n_rows")).unique(
                "patient_id", keep="first", maintain_order=True
            )
            findings.flag(
                "row_after_cutoff", name, once, shown[name].get(column, column), value=column,
                expected=lambda row: Text(f"数据截止日为 {cutoff}，其后共 {row['n_rows']} 行", f"the cutoff is {cutoff}; rows after it: {row['n_rows']}"),
            )  # fmt: skip


def check_order(frames: Frames, shown: Shown, findings: Findings) -> None:
    """Responses and later lines before treatment start; scan dates with a year that is probably wrong."""
    if "assessments" in frames:
        early = findings.good("assessments", frames["assessments"]).filter(pl.col("assessed_day") <= 0)
        findings.flag(
            "assessment_before_start", "assessments", early, shown["assessments"].get("assessed_on", "assessed_on"),
            value="assessed_on", expected=_days_before,
        )  # fmt: skip
    if "treatments" in frames:
        lines = findings.good("treatments", frames["treatments"])
        early = lines.filter((pl.col("line") > 1) & (pl.col("started_day") <= 0))
        findings.flag(
            "line_before_start", "treatments", early, shown["treatments"].get("started_on", "started_on"),
            value="started_on", expected=_line_too_early,
        )  # fmt: skip
    for name in ("measurements", "assessments"):
        if name in frames:
            rows = findings.good(name, frames[name])
            apart = far_dates(rows, "patient_id")
            first = rows.join(apart, on=["patient_id", "assessed_day"], how="inner", maintain_order="left")
            findings.flag(
                "date_stands_apart", name, first.unique(["patient_id", "assessed_day"], keep="first", maintain_order=True),
                shown[name].get("assessed_on", "assessed_on"), value="assessed_on",
                expected=lambda row: Text(f"距最近的检查 {row['gap']} 天", f"{row['gap']} days from the nearest scan"),
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


def _days_before(row: dict[str, Any]) -> Text:
    if row["assessed_day"] == 0:
        return Text("治疗开始当日", "on the day of treatment start")
    return days_before_start(-row["assessed_day"])


def _progressions(dated: Frames, shown: Shown, findings: Findings) -> None:
    if "progressions" in dated:
        early = dated["progressions"].filter(pl.col("progressed_on") < pl.col("start"))
        findings.flag(
            "progression_before_start", "progressions", early, shown["progressions"].get("progressed_on", ""),
            value="progressed_on", expected=_not("before", "早于", "start"), leaves="patient",
        )  # fmt: skip


def _treatments(dated: Frames, shown: Shown, findings: Findings) -> None:
    if "treatments" not in dated:
        return
    rows, names = dated["treatments"], shown["treatments"]
    ended = rows.filter(pl.col("ended_on") < pl.col("started_on"))
    findings.flag(
        "treatment_out_of_order", "treatments", ended, names.get("ended_on", "ended_on"), value="ended_on",
        expected=_not("before", "早于", "started_on"), leaves="row",
    )  # fmt: skip
    early = rows.filter(pl.col("progressed_on") < pl.col("started_on"))
    findings.flag(
        "progression_before_start", "treatments", early, names.get("progressed_on", "progressed_on"),
        value="progressed_on", expected=_not("before", "早于", "started_on"), leaves="row",
    )  # fmt: skip


def check_follow_up(frames: Frames, shown: Shown, findings: Findings) -> None:
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
    column = "last_known_alive_on"
    outdated = followed.filter(pl.col(column) < pl.col("last_record"))
    findings.flag(
        "alive_before_assessment", "patients", outdated, shown["patients"].get(column, column), value=column,
        expected=lambda row: Text(f"{row['last_record']} 仍有记录", f"there is a record on {row['last_record']}"),
    )  # fmt: skip
    scanned = pl.concat(scans)["patient_id"].unique() if scans else pl.Series([], dtype=pl.String)
    lacking = patients.filter(
        pl.col("treatment_started_on").is_null() & pl.col("patient_id").is_in(scanned.implode())
    )
    findings.flag(
        "start_unknown",
        "patients",
        lacking,
        shown["patients"].get("treatment_started_on", "treatment_started_on"),
    )


def _late(
    findings: Findings, rule: str, rows: pl.DataFrame, column: str, limit: str, names: dict[str, str]
) -> None:
    findings.flag(
        rule, "patients", rows, names.get(column, column), value=column,
        expected=_not("after", "晚于", limit), leaves="patient",
    )  # fmt: skip


_LIMITS = {
    "treatment_started_on": Text("治疗开始", "treatment start"),
    "start": Text("治疗开始", "treatment start"),
    "started_on": Text("该治疗开始", "the start of this treatment"),
    "died_on": Text("死亡", "death"),
    "died": Text("死亡", "death"),
}


def _not(en: str, zh: str, limit: str) -> Any:
    what = _LIMITS[limit]
    return lambda row: Text(f"不能{zh}{what.zh} {row[limit]}", f"cannot be {en} {what.en} on {row[limit]}")

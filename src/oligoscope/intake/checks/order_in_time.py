"""Scans beside treatment start, and lines of treatment beside each other."""

from __future__ import annotations

import polars as pl

from oligoscope.bilingual import Count, Text
from oligoscope.intake.checks.findings import Findings, Frames

BASELINES, BASELINE_SPAN_DAYS = 3, 60  # a baseline may be scanned twice; no one waits for two months between


def check_order(frames: Frames, findings: Findings) -> None:
    """Patients whose scans are all before the start, and lines that start before the line before them."""
    if "measurements" in frames:
        days = all_before_start(findings.good("measurements", frames["measurements"]), "patient_id")
        patients = findings.good("patients", frames["patients"])
        found = patients.join(days, on="patient_id", how="inner", maintain_order="left")
        findings.flag(
            "start_after_scans", "patients", found, "treatment_started_on",
            expected=lambda row: Text(
                f"{row['n']} 次检查均在此前，首次早 {-row['first']} 天", f"{Count(row['n']):scan|scans} before it, the first by {Count(-row['first']):day|days}"
            ),
        )  # fmt: skip
    if "treatments" in frames:
        rows = findings.good("treatments", frames["treatments"])
        lines = lines_out_of_order(rows, "patient_id")
        found = rows.join(lines, on=["patient_id", "line", "started_day"], how="inner", maintain_order="left")
        findings.flag(
            "lines_out_of_order", "treatments", found, "started_on",
            expected=lambda row: Text(
                f"第 {row['line_before']} 线始于其后 {row['later']} 天", f"line {row['line_before']} starts {Count(row['later']):day|days} after it"
            ),
        )  # fmt: skip


def all_before_start(rows: pl.DataFrame, patient: str) -> pl.DataFrame:
    """Patients with scans over a long time of which none is after treatment start: patient, first and last day, n."""
    day = pl.col("assessed_day")
    # Few patients have so early a scan: only their rows are looked at.
    long_before = rows.filter(day < -BASELINE_SPAN_DAYS).select(patient).unique()
    rows = (
        rows.join(long_before, on=patient, how="semi", maintain_order="left")
        if long_before.height
        else rows.clear()
    )
    early = rows.join(
        rows.filter(day > 0).select(patient).unique(), on=patient, how="anti", maintain_order="left"
    )
    days = early.group_by(patient).agg(first=day.min(), last=day.max(), n=day.n_unique())
    return days.filter((pl.col("n") >= BASELINES) & (pl.col("last") - pl.col("first") > BASELINE_SPAN_DAYS))


def lines_out_of_order(rows: pl.DataFrame, patient: str) -> pl.DataFrame:
    """Lines that start before the line before them: patient, line, started_day, line_before, later (days)."""
    known = rows.filter(pl.col("line").is_not_null() & pl.col("started_day").is_not_null())
    lines = known.group_by(patient, "line").agg(pl.col("started_day").min()).sort(patient, "line")
    same = pl.col(patient) == pl.col(patient).shift(1)
    lines = lines.with_columns(
        line_before=pl.when(same).then(pl.col("line").shift(1)),
        later=pl.when(same).then(pl.col("started_day").shift(1) - pl.col("started_day")),
    )
    return lines.filter(pl.col("later") > 0)

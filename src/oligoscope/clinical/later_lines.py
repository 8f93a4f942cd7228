"""What happened after the first line: later systemic lines, treatment beyond progression, local treatment.

PFS2 starts with a later line. Where lesions were measured on it they are read anew: the last scan
before the line is the new baseline, lesions known by then are followed as targets (if they were measured)
or non-targets, and the nadir starts anew. Where none were, the line's own progression date counts.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from oligoscope.clinical.progression import first_progressions
from oligoscope.clinical.responses import derive_responses
from oligoscope.study.dictionary.terms import Response
from oligoscope.study.protocol import ResponseSettings
from oligoscope.study.schemas import StudyTables


def derive_later_line(tables: StudyTables, line: int, settings: ResponseSettings) -> pl.DataFrame:
    """Start of a later line and its progression, by patient.

    Args:
        tables: The study's tables.
        line: 2 for PFS2.
        settings: How responses are read.

    Returns:
        Columns p, line_start_day, line_regimen, line_progressed_day, line_last_day (last adequate scan on
        it; null without scans), all in days from the first treatment.
    """
    patients = tables.patients.select("patient_id").with_row_index("p")
    # One dated before the first treatment, or on the same day, is no later line (a finding).
    lines = tables.treatments.filter((pl.col("line") == line) & (pl.col("started_day") > 0))
    lines = (
        lines.join(patients, on="patient_id", how="inner")
        .sort("p", "started_day")
        .group_by("p", maintain_order=True)
        .agg(
            pl.col("patient_id").first(),
            pl.col("started_day").first().alias("line_start_day"),
            pl.col("regimen").first().alias("line_regimen"),
            pl.col("progressed_day").min().alias("stated_day"),
        )
    )
    on_line = _on_line(tables, lines, settings)
    progressed = (
        pl.when(pl.col("line_last_day").is_not_null())
        .then(pl.col("scanned_day"))
        .otherwise(pl.col("stated_day"))
    )
    return lines.join(on_line, on="patient_id", how="left").select(
        "p", "line_start_day", "line_regimen", progressed.alias("line_progressed_day"), "line_last_day"
    )


def _on_line(tables: StudyTables, lines: pl.DataFrame, settings: ResponseSettings) -> pl.DataFrame:
    """Progression and last adequate scan of the patients whose lesions were measured on the line."""
    again = _rebased(tables, lines)
    points = derive_responses(again, settings).points
    starts = again.patients.select("patient_id", "line_start_day").with_row_index("p")
    first = first_progressions(points).select("p", "progressed_day")
    adequate = points.filter(pl.col("overall_response") != Response.NE)
    last = adequate.group_by("p").agg(pl.col("declared_day").max().alias("last_day"))
    return (
        starts.join(last, on="p", how="inner")
        .join(first, on="p", how="left")
        .select(
            "patient_id",
            (pl.col("progressed_day") + pl.col("line_start_day")).alias("scanned_day"),
            (pl.col("last_day") + pl.col("line_start_day")).alias("line_last_day"),
        )
    )


def _rebased(tables: StudyTables, lines: pl.DataFrame) -> StudyTables:
    """The same lesions counted from the start of the line."""
    starts = lines.select("patient_id", "line_start_day")
    rows = tables.measurements.join(starts, on="patient_id", how="inner", maintain_order="left")
    on_line = rows.filter(pl.col("assessed_day") > pl.col("line_start_day"))["patient_id"].unique()
    rows = rows.filter(pl.col("patient_id").is_in(on_line.implode()))
    seen = rows.filter(
        (pl.col("assessed_day") <= pl.col("line_start_day")) & (pl.col("state") != "not_evaluated")
    )
    known = seen.group_by("patient_id", "lesion_id").agg(
        pl.lit(True).alias("known"), pl.col("diameter_um").is_not_null().any().alias("sized")
    )
    lesions = tables.lesions.join(known, on=["patient_id", "lesion_id"], how="left", maintain_order="left")
    # A lesion new on the first line is part of the disease this line starts from.
    role = (
        pl.when((pl.col("role") == "new") & pl.col("known").fill_null(False))
        .then(pl.when(pl.col("sized")).then(pl.lit("target")).otherwise(pl.lit("non_target")))
        .otherwise(pl.col("role"))
    )
    lesions = lesions.with_columns(role=role).drop("known", "sized")
    patients = tables.patients.join(starts, on="patient_id", how="inner", maintain_order="left")
    patients = patients.filter(pl.col("patient_id").is_in(on_line.implode()))
    shifted = rows.with_columns(assessed_day=pl.col("assessed_day") - pl.col("line_start_day")).drop(
        "line_start_day"
    )
    lesions = lesions.filter(pl.col("patient_id").is_in(on_line.implode()))
    return replace(tables, patients=patients, lesions=lesions, measurements=shifted, part_of=tables.whole)


def derive_treatment_after_progression(tables: StudyTables, patients: pl.DataFrame) -> pl.DataFrame:
    """Add beyond_progression and local_after_progression (yes, no; blank without progression or treatments).

    Beyond progression: the first line went on for at least one day after the first progression (its end,
    or the last dose). Local: radiotherapy, surgery or ablation that started on or after it.
    """
    if "treatments" not in tables.whole.with_rows:
        nothing = pl.lit(None, pl.String)
        return patients.with_columns(beyond_progression=nothing, local_after_progression=nothing)
    # The treatments have a progressed_day of their own: that of their line.
    first = patients.select("patient_id", pl.col("progressed_day").alias("first_progressed_day"))
    rows = tables.treatments.join(first, on="patient_id", how="inner")
    after = pl.col("progressed_day")
    found = rows.group_by("patient_id").agg(
        pl.col("ended_day").filter(pl.col("line") == 1).max().alias("first_line_end_day"),
        (pl.col("modality").is_not_null() & (pl.col("started_day") >= pl.col("first_progressed_day")))
        .any()
        .alias("local"),
    )
    patients = patients.join(found, on="patient_id", how="left", maintain_order="left")
    went_on = pl.coalesce("first_line_end_day", "last_dose_day") > after
    progressed = after.is_not_null()
    return patients.with_columns(
        beyond_progression=pl.when(progressed).then(_yes_no(went_on)),
        local_after_progression=pl.when(progressed).then(_yes_no(pl.col("local").fill_null(False))),
    ).drop("first_line_end_day", "local")


def _yes_no(condition: pl.Expr) -> pl.Expr:
    return pl.when(condition).then(pl.lit("yes")).when(~condition).then(pl.lit("no"))

"""Time points in their written form: millimetres, dates, and the given response beside the derived one."""

from __future__ import annotations

import polars as pl

from oligoscope.clinical.columns import with_blanks
from oligoscope.clinical.responses import given_responses
from oligoscope.study.dictionary.criteria import CRITERIA
from oligoscope.study.scan_key import scan_key
from oligoscope.study.schemas import StudyTables

_OF_LESIONS = {
    "complete_sum_um": pl.Int64,
    "nadir_um": pl.Int64,
    "baseline_um": pl.Int64,
    "target_response": pl.String,
    "non_target_response": pl.String,
    "new_lesion": pl.Boolean,
    "irecist_response": pl.String,
    "cause": pl.String,
}


def response_rows(points: pl.DataFrame, tables: StudyTables, reader: str | None) -> pl.DataFrame:
    """One row an assessment: the columns of responses.csv."""
    patients = tables.patients.select("patient_id", "treatment_started_on").with_row_index("p")
    rows = with_blanks(points, _OF_LESIONS).join(patients, on="p", how="left", maintain_order="left")
    rows = rows.join(_given_at(points, tables, reader), on=["p", "k"], how="left")
    start = pl.col("treatment_started_on")
    return rows.sort(scan_key("p", "k")).select(
        "patient_id",
        pl.lit(reader, pl.String).alias("reader"),
        (start + pl.duration(days="first_day")).alias("assessed_on"),
        pl.col("first_day").alias("assessed_day"),
        _mm("complete_sum_um").alias("sum_mm"),
        _mm("nadir_um").alias("nadir_mm"),
        _mm("baseline_um").alias("baseline_mm"),
        "target_response",
        "non_target_response",
        "new_lesion",
        "overall_response",
        "irecist_response",
        "given_response",
        (start + pl.duration(days="declared_day")).alias("declared_on"),
        "cause",
    )


def as_criteria_say(responses: pl.DataFrame, criteria: str) -> pl.DataFrame:
    """Overall responses in the words of the study's criteria, as they are written for people.

    Best response and endpoints count an iUPD that was resolved as not evaluated and every response from the
    progression on as PD; `overall_response` is given in that form, which is not what the scan showed.

    Args:
        responses: From `response_rows`.
        criteria: A name of `CRITERIA`.
    """
    if not CRITERIA[criteria].confirms_progression:
        return responses
    return responses.with_columns(overall_response=pl.coalesce("irecist_response", "overall_response"))


def _mm(column: str) -> pl.Expr:
    # Rounded because division by a constant is done as a multiplication, which misses 26.4.
    return (pl.col(column) / 1000).round(3)


def _given_at(points: pl.DataFrame, tables: StudyTables, reader: str | None) -> pl.DataFrame:
    """Given responses at the time point whose scans span their date: columns p, k, given_response.

    Where several readers gave responses and none is chosen, there is nothing to compare with.
    """
    if reader is None and len(tables.whole.readers["assessments"]) > 1:
        return pl.DataFrame(schema={"p": pl.UInt32, "k": pl.Int32, "given_response": pl.String})
    given = given_responses(tables, reader).select(
        "p", day=pl.col("first_day"), given_response=pl.col("overall_response")
    )
    spans = points.select("p", "k", "first_day", "last_day").sort("first_day")
    found = given.sort("day").join_asof(
        spans, left_on="day", right_on="first_day", by="p", check_sortedness=False
    )
    return (
        found.filter(pl.col("day") <= pl.col("last_day"))
        .select("p", "k", "given_response")
        .unique(["p", "k"], keep="last")
    )

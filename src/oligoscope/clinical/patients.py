"""Records to patients: one row a patient with response, pattern, resistance, endpoints, and why."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from oligoscope.clinical.best_response import derive_best_response
from oligoscope.clinical.covariates import derive_covariates
from oligoscope.clinical.endpoints import derive_endpoints
from oligoscope.clinical.lesion_values import index_lesions
from oligoscope.clinical.progression import (
    classify,
    count_progression,
    first_progressions,
    lesions_at_progression,
)
from oligoscope.clinical.progression_rules import resolve
from oligoscope.clinical.read_progressions import counts_as_read, first_as_read
from oligoscope.clinical.reasons import explain
from oligoscope.clinical.resistance import derive_resistance
from oligoscope.clinical.responses import derive_responses, given_responses
from oligoscope.study.protocol import Protocol
from oligoscope.study.schemas import StudyTables
from oligoscope.study.vocabulary import Response


@dataclass(frozen=True)
class Derived:
    """What the clinical rules make of the records.

    Attributes:
        patients: One row a patient: the patient columns, derived covariates and every label.
        responses: One row an assessment (`RESPONSES_OUT` and declared_on).
        reasons: Why each label is what it is (`REASONS_OUT`).
        lesions_at_progression: Every lesion of the progressed patients at the first progression.
    """

    patients: pl.DataFrame
    responses: pl.DataFrame
    reasons: pl.DataFrame
    lesions_at_progression: pl.DataFrame


def derive_patients(tables: StudyTables, protocol: Protocol) -> Derived:
    """Apply RECIST 1.1 and the study's definitions to every patient at once.

    Patient-local: the rows of one patient never change another's labels.

    Raises:
        DataError: Measurements of several readers and none chosen.
    """
    covariates = derive_covariates(tables, index_lesions(tables))
    from_lesions = protocol.response.source == "lesions" and not tables.lesions.is_empty()
    frames = derive_responses(tables, protocol.response)
    points = frames.points if from_lesions else given_responses(tables, protocol.response.reader)
    points = points.join(covariates.select("p", "new_therapy_day"), on="p", how="left", maintain_order="left")
    best = derive_best_response(points, covariates.height, protocol.response)
    first = first_progressions(points)
    at_progression = lesions_at_progression(frames, first, protocol.progression.lesion_reference)
    counts = count_progression(at_progression, protocol.progression.node_counting)
    counts = pl.concat([counts, counts_as_read(tables)], how="diagonal_relaxed")
    first = pl.concat([first, first_as_read(tables)], how="diagonal_relaxed").unique("p", keep="first")
    counts = classify(counts, resolve(protocol.progression))
    first = first.join(_confirmed(points, first, protocol.response.confirmation_days), on="p", how="left")
    patients = _labels(covariates, best, first, counts, tables, protocol)
    patients = derive_endpoints(patients, points, protocol.endpoints, protocol.study.data_cutoff)
    patients = derive_resistance(patients, protocol.resistance.preset)
    responses = _responses(points, tables, protocol.response.reader)
    return Derived(patients, responses, explain(patients, tables), _named(at_progression, covariates))


def _confirmed(points: pl.DataFrame, first: pl.DataFrame, days: int) -> pl.DataFrame:
    """Whether a later scan, at least so many days after the first progression, was PD again."""
    later = points.join(first.select("p", "progressed_day"), on="p", how="inner")
    again = (pl.col("overall_response") == Response.PD) & (
        pl.col("declared_day") - pl.col("progressed_day") >= days
    )
    return later.group_by("p").agg(again.any().alias("progression_confirmed"))


def _labels(
    covariates: pl.DataFrame,
    best: pl.DataFrame,
    first: pl.DataFrame,
    counts: pl.DataFrame,
    tables: StudyTables,
    protocol: Protocol,
) -> pl.DataFrame:
    """Best response, first progression and pattern beside the covariates."""
    reported = "confirmed_response" if protocol.response.confirmation else "best_response"
    day = "confirmed_first_response_day" if protocol.response.confirmation else "first_response_day"
    read = tables.progressions.select("patient_id", read_best=pl.col("best_response"))
    patients = (
        covariates.join(best, on="p", how="left")
        .join(read, on="patient_id", how="left")
        .with_columns(
            best_response=pl.coalesce("best_response", "read_best"),
            confirmed_response=pl.coalesce("confirmed_response", "read_best"),
        )
        .join(first.rename({"progressed_day": "imaging_day"}), on="p", how="left")
        .join(counts, on="p", how="left", suffix="_read")
    )
    clinical = protocol.endpoints.clinical_progression == "event"
    clinical_day = pl.col("clinical_progression_day") if clinical else pl.lit(None, pl.Int32)
    clinical_first = (clinical_day < pl.col("imaging_day").fill_null(2**30)).fill_null(False)
    cutoff = protocol.study.data_cutoff
    patients = patients.with_columns(
        progressed_day=pl.min_horizontal("imaging_day", clinical_day),
        clinical_first=clinical_first,
        response_day=pl.col(day),
    )
    if cutoff is not None:
        seen = pl.col("treatment_started_on") + pl.duration(days="progressed_day") <= cutoff
        patients = patients.with_columns(
            progressed_day=pl.when(seen.fill_null(True)).then(pl.col("progressed_day"))
        )
    has = pl.col("progressed_day").is_not_null()
    imaged = has & ~clinical_first
    detail = [c for c in counts.columns if c != "p"]
    patients = patients.with_columns(
        *(pl.when(imaged).then(pl.col(c)).alias(c) for c in detail),
        progression_basis=pl.when(has & clinical_first)
        .then(pl.lit("clinical"))
        .when(has)
        .then(pl.lit("imaging")),
        progressed=pl.when(has).then(pl.lit("yes")).otherwise(pl.lit("no")),
        progressed_on=_date("progressed_day"),
        first_response_on=_date("first_response_day"),
        best_response_on=_date("best_response_day"),
        reported_response=pl.col(reported),
    )
    queried = pl.when(pl.col("cr_then_pr")).then(pl.lit("cr_then_pr"))
    return patients.with_columns(
        flags=pl.concat_str("pattern_flags", queried, separator=";", ignore_nulls=True)
    )


def _date(day: str) -> pl.Expr:
    return pl.col("treatment_started_on") + pl.duration(days=pl.col(day))


def _responses(points: pl.DataFrame, tables: StudyTables, reader: str | None) -> pl.DataFrame:
    """The written form of the time points, in millimetres and dates."""
    patients = tables.patients.select("patient_id", "treatment_started_on").with_row_index("p")
    for name in ("complete_sum_um", "nadir_um", "baseline_um"):
        if name not in points.columns:
            points = points.with_columns(pl.lit(None, pl.Int64).alias(name))
    for name in ("target_response", "non_target_response", "cause"):
        if name not in points.columns:
            points = points.with_columns(pl.lit(None, pl.String).alias(name))
    new = pl.col("new_lesion") if "new_lesion" in points.columns else pl.lit(None, pl.Boolean)
    rows = points.join(patients, on="p", how="left", maintain_order="left")
    rows = rows.join(_given_at(points, tables, reader), on=["p", "k"], how="left")
    return rows.sort("p", "k").select(
        "patient_id",
        pl.lit(reader, pl.String).alias("reader"),
        (pl.col("treatment_started_on") + pl.duration(days="first_day")).alias("assessed_on"),
        pl.col("first_day").alias("assessed_day"),
        (pl.col("complete_sum_um") / 1000).round(3).alias("sum_mm"),
        (pl.col("nadir_um") / 1000).round(3).alias("nadir_mm"),
        (pl.col("baseline_um") / 1000).round(3).alias("baseline_mm"),
        "target_response",
        "non_target_response",
        new.alias("new_lesion"),
        "overall_response",
        pl.lit(None, pl.String).alias("irecist_response"),
        "given_response",
        (pl.col("treatment_started_on") + pl.duration(days="declared_day")).alias("declared_on"),
        "cause",
    )


def _given_at(points: pl.DataFrame, tables: StudyTables, reader: str | None) -> pl.DataFrame:
    """Given responses at the time point whose scans span their date: columns p, k, given_response.

    Where several readers gave responses and none is chosen, there is nothing to compare with.
    """
    readers = tables.assessments["reader"].drop_nulls().unique()
    if reader is None and len(readers) > 1:
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


def _named(lesions: pl.DataFrame, covariates: pl.DataFrame) -> pl.DataFrame:
    return lesions.join(covariates.select("p", "patient_id"), on="p", how="left", maintain_order="left")

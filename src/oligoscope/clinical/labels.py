"""Best response, first progression and pattern beside the covariates: the labels of each patient."""

from __future__ import annotations

from datetime import date

import polars as pl

from oligoscope.clinical.columns import join_flags
from oligoscope.study.dictionary.terms import Response
from oligoscope.study.protocol import Protocol
from oligoscope.study.schemas import OF_RESPONSES, StudyTables


def label_patients(
    covariates: pl.DataFrame,
    best: pl.DataFrame,
    first: pl.DataFrame,
    days: pl.DataFrame,
    counts: pl.DataFrame,
    tables: StudyTables,
    protocol: Protocol,
) -> pl.DataFrame:
    """Join what was derived, patient by patient.

    Args:
        covariates: From `derive_covariates`.
        best: From `derive_best_response`.
        first: First progression by imaging: p, k, progressed_day, cause, progression_confirmed.
        days: From `progression_days`.
        counts: Counts at it with pattern, pattern_rule, pattern_flags.
        tables: The study's tables (best responses a team has read already).
        protocol: Which best response is reported; whether clinical progression counts; the cut-off.
    """
    patients = _with_best(covariates, best, tables, protocol)
    patients = patients.join(first.rename({"progressed_day": "imaging_day"}), on="p", how="left")
    patients = patients.join(counts, on="p", how="left", suffix="_read")
    patients = patients.join(days, on="p", how="left", maintain_order="left")
    has = pl.col("progressed_day").is_not_null()
    imaged = has & ~pl.col("clinical_first")
    detail = [c for c in counts.columns if c != "p"]
    patients = patients.with_columns(
        *(pl.when(imaged).then(pl.col(c)).alias(c) for c in detail),
        progression_basis=pl.when(imaged).then(pl.lit("imaging")).when(has).then(pl.lit("clinical")),
        progressed=pl.when(has).then(pl.lit("yes")).otherwise(pl.lit("no")),
        progressed_on=_date("progressed_day"),
        first_response_on=_date("first_response_day"),
        best_response_on=_date("best_response_day"),
    )
    queried = pl.when(pl.col("cr_then_pr")).then(pl.lit("cr_then_pr"))
    return patients.with_columns(flags=join_flags("pattern_flags", queried))


def _with_best(
    covariates: pl.DataFrame, best: pl.DataFrame, tables: StudyTables, protocol: Protocol
) -> pl.DataFrame:
    """Derived best responses; where there are none, the one a team has read; else NE once treatment started."""
    read = tables.progressions.select("patient_id", read_best=pl.col("best_response"))
    patients = covariates.join(best, on="p", how="left").join(read, on="patient_id", how="left")
    recorded = pl.lit(_responses_are_recorded(tables)) & started(protocol.study.data_cutoff)
    # Never assessed is inevaluable (RECIST 1.1 table 3; 4.6): blank and NE mean the same.
    never = pl.when(recorded).then(pl.lit(Response.NE.value))
    patients = patients.with_columns(
        best_response=pl.coalesce("best_response", "read_best", never),
        confirmed_response=pl.coalesce("confirmed_response", "read_best", never),
        # Of a response that a team has read it is not known on which scan, unless it is the progression.
        best_response_day=pl.when(
            pl.col("best_response").is_not_null()
            | pl.col("read_best").is_null()
            | (pl.col("read_best") == "PD")
        ).then(pl.col("best_response_day")),
    )
    confirmation = protocol.response.confirmation
    reported = "confirmed_response" if confirmation else "best_response"
    day = "confirmed_first_response_day" if confirmation else "first_response_day"
    return patients.with_columns(reported_response=pl.col(reported), response_day=pl.col(day))


def _responses_are_recorded(tables: StudyTables) -> bool:
    """Whether the study records responses at all; a team that read only progressions gives none."""
    read = "best_response" in tables.given.get("progressions", frozenset()) and tables.whole.gave_response
    return read or not tables.whole.with_rows.isdisjoint(OF_RESPONSES)


def started(cutoff: date | None) -> pl.Expr:
    """Whether treatment started, by the data cut-off."""
    start = pl.col("treatment_started_on")
    return start.is_not_null() if cutoff is None else (start <= cutoff).fill_null(value=False)


def progression_days(covariates: pl.DataFrame, first: pl.DataFrame, protocol: Protocol) -> pl.DataFrame:
    """The first progression, by imaging or (if it counts) clinical, up to the data cut-off.

    Args:
        covariates: From `derive_covariates`.
        first: First progression by imaging: p, progressed_day.
        protocol: Whether clinical progression counts; the cut-off.

    Returns:
        A row a patient: p, progressed_day, clinical_first, clinical_day (where it counts and was seen by
        the cut-off).
    """
    counts = protocol.endpoints.clinical_progression == "event"
    clinical = pl.col("clinical_progression_day") if counts else pl.lit(None, pl.Int32)
    imaging = pl.col("imaging_day")
    patients = covariates.select("p", "treatment_started_on", clinical.alias("clinical_day")).join(
        first.select("p", pl.col("progressed_day").alias("imaging_day")), on="p", how="left"
    )
    cutoff = protocol.study.data_cutoff
    if cutoff is not None:
        last = (pl.lit(cutoff) - pl.col("treatment_started_on")).dt.total_days()
        patients = patients.with_columns(
            pl.when((pl.col(day) <= last).fill_null(value=True)).then(pl.col(day)).alias(day)
            for day in ("imaging_day", "clinical_day")
        )
    return patients.select(
        "p",
        pl.min_horizontal("imaging_day", "clinical_day").alias("progressed_day"),
        (pl.col("clinical_day") < imaging.fill_null(2**30)).fill_null(value=False).alias("clinical_first"),
        "clinical_day",
    )


def _date(day: str) -> pl.Expr:
    return pl.col("treatment_started_on") + pl.duration(days=pl.col(day))

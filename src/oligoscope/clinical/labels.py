"""Best response, first progression and pattern beside the covariates: the labels of each patient."""

from __future__ import annotations

import polars as pl

from oligoscope.clinical.flags import join_flags
from oligoscope.study.protocol import Protocol
from oligoscope.study.schemas import StudyTables


def label_patients(
    covariates: pl.DataFrame,
    best: pl.DataFrame,
    first: pl.DataFrame,
    counts: pl.DataFrame,
    tables: StudyTables,
    protocol: Protocol,
) -> pl.DataFrame:
    """Join what was derived, patient by patient.

    Args:
        covariates: From `derive_covariates`.
        best: From `derive_best_response`.
        first: First progression by imaging: p, k, progressed_day, cause, progression_confirmed.
        counts: Counts at it with pattern, pattern_rule, pattern_flags.
        tables: The study's tables (best responses a team has read already).
        protocol: Which best response is reported; whether clinical progression counts; the cut-off.
    """
    patients = _with_best(covariates, best, tables, protocol.response.confirmation)
    patients = patients.join(first.rename({"progressed_day": "imaging_day"}), on="p", how="left")
    patients = patients.join(counts, on="p", how="left", suffix="_read")
    patients = _with_progression_day(patients, protocol)
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
    covariates: pl.DataFrame, best: pl.DataFrame, tables: StudyTables, confirmation: bool
) -> pl.DataFrame:
    """Derived best responses; where there are none, the one a team has read."""
    read = tables.progressions.select("patient_id", read_best=pl.col("best_response"))
    patients = covariates.join(best, on="p", how="left").join(read, on="patient_id", how="left")
    patients = patients.with_columns(
        best_response=pl.coalesce("best_response", "read_best"),
        confirmed_response=pl.coalesce("confirmed_response", "read_best"),
    )
    reported = "confirmed_response" if confirmation else "best_response"
    day = "confirmed_first_response_day" if confirmation else "first_response_day"
    return patients.with_columns(reported_response=pl.col(reported), response_day=pl.col(day))


def _with_progression_day(patients: pl.DataFrame, protocol: Protocol) -> pl.DataFrame:
    """The first progression, by imaging or (if it counts) clinical, up to the data cut-off."""
    counts = protocol.endpoints.clinical_progression == "event"
    clinical = pl.col("clinical_progression_day") if counts else pl.lit(None, pl.Int32)
    first = (clinical < pl.col("imaging_day").fill_null(2**30)).fill_null(False)
    patients = patients.with_columns(
        progressed_day=pl.min_horizontal("imaging_day", clinical), clinical_first=first
    )
    cutoff = protocol.study.data_cutoff
    if cutoff is None:
        return patients
    seen = pl.col("treatment_started_on") + pl.duration(days="progressed_day") <= cutoff
    return patients.with_columns(progressed_day=pl.when(seen.fill_null(True)).then(pl.col("progressed_day")))


def _date(day: str) -> pl.Expr:
    return pl.col("treatment_started_on") + pl.duration(days=pl.col(day))

"""Derived tables in the form in which they are written: which columns, in which order."""

from __future__ import annotations

import io
from typing import Literal

import polars as pl

from oligoscope.clinical.management import derive_management
from oligoscope.clinical.patients import Derived
from oligoscope.clinical.response_rows import as_criteria_say
from oligoscope.cohort.select import Cohort
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.protocol import Protocol
from oligoscope.study.schemas import PATIENTS_OUT, REASONS_OUT, RESPONSES_OUT

FileFormat = Literal["csv", "parquet"]

MORE_OF_PATIENTS = (
    "ibest_response", "iprogressed_day", "iprogression_confirmed", "pfs2_ema_days", "pfs2_ema_event",
    "pfs_lower_days", "n_assessments", "assessment_interval_days",
    "site_relation", "same_organs", "new_organs", "all_baseline_organs", "beyond_progression", "local_after_progression", "patterns_disagree",
    "line_regimen",
    "age_years", "age_60", "sex", "smoking", "ecog", "histology", "stage", "pd_l1", "driver_gene", "brain_metastasis",
    "n_target_lesions", "n_baseline_organs", "n_baseline_lesions", "first_line_regimen",
    "ecog_at_progression", "months_to_progression", "n_progressing_organs",
    "entry_days", *(outcome.entry for outcome in Outcome),
)  # fmt: skip


def written_tables(derived: Derived, cohort: Cohort, protocol: Protocol) -> dict[str, pl.DataFrame]:
    """What is written of the patients, one table a file.

    Args:
        derived: What the clinical rules made of the records.
        cohort: The derived patients with their population (`select_cohort`).
        protocol: The study.
    """
    patients = cohort.patients
    lacking = [pl.lit(None, pl.String).alias(name) for name in PATIENTS_OUT if name not in patients.columns]
    more = [c for c in MORE_OF_PATIENTS if c in patients.columns]
    return {
        "patients": patients.with_columns(lacking).select(*PATIENTS_OUT, *more),
        "responses": as_criteria_say(derived.responses, protocol.response.criteria).select(
            *RESPONSES_OUT, "declared_on", "cause"
        ),
        "reasons": derived.reasons.select(*REASONS_OUT),
        "sites": derived.site_progressions.select("patient_id", "organ", "progressed_day"),
        "definitions": derived.definitions,
        "management": derive_management(cohort.population("progressed"), protocol.response.criteria),
    }


def as_parquet(frame: pl.DataFrame) -> bytes:
    """One partition's rows."""
    text = io.BytesIO()
    frame.write_parquet(text, compression="zstd")
    return text.getvalue()

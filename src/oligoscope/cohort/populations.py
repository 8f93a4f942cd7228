"""Whether a cohort holds the patients that an analysis needs."""

from __future__ import annotations

import polars as pl

from oligoscope.results.warnings import WarningCode

PROGRESSED_ONLY = WarningCode.ONLY_PROGRESSED_PATIENTS()


def needs_treated(patients: pl.DataFrame) -> bool:
    """Whether the population holds no patient without progression, so that these analyses mean nothing."""
    return bool((patients["progressed"] == "yes").all())

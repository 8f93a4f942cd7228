"""What is known of a patient on the day of the first progression, and not before."""

from __future__ import annotations

import polars as pl

from oligoscope.study.cell_lists import divided
from oligoscope.study.months import DAYS_PER_MONTH


def derive_at_progression(patients: pl.DataFrame) -> pl.DataFrame:
    """Add months_to_progression and n_progressing_organs; blank for patients who have not progressed.

    Months are days from treatment start to the first progression over 30.4375, or as a team gives them. Organs are those of the
    lesions that progressed, each once; blank where no lesion shows which.
    """
    progressed = (pl.col("progressed") == "yes").fill_null(value=False)
    # Rounded because a division by a constant is done in another way in a table of one row.
    months = (pl.col("progressed_day").cast(pl.Float64) / DAYS_PER_MONTH).round(9)
    organs = divided(pl.col("progressing_organs")).list.n_unique().cast(pl.Int32)
    return patients.with_columns(
        months_to_progression=pl.when(progressed).then(months),
        n_progressing_organs=pl.when(progressed & (organs > 0)).then(organs),
    )

"""New lesions: which rows count as unequivocally new, looking back from later scans.

An equivocal lesion that is later confirmed was progression at the scan that first showed it; a
lesion first seen on FDG-PET counts at once if a PET at baseline was negative there or CT confirms a
new site, and back to the PET once CT shows it later (Eisenhauer 2009, 4.3.5; domain sources in
docs/rule-book.md). A suspicion that vanished before the confirmation does not count.
"""

from __future__ import annotations

import polars as pl


def confirmed_new(values: pl.DataFrame) -> pl.DataFrame:
    """The rows (one a lesion and time point) at which a lesion counts as new.

    Args:
        values: Lesion values with `k`.

    Returns:
        The same columns, only those rows, and `backdated` where a later scan confirmed it.
    """
    new = values.filter(pl.col("role") == "new")
    negative_before = (pl.col("fdg_negative") & (pl.col("k") == 0)).any().over("lesion")
    sure = pl.col("sure") | (pl.col("fdg_positive") & negative_before)
    # A lesion merged into another has not disappeared.
    seen = pl.col("sure") | pl.col("suspected") | pl.col("merged_into").is_not_null()
    gone = pl.col("cleared") & ~seen
    verdict = pl.when(sure).then(True).when(gone).then(False)
    return (
        new.with_columns(verdict=verdict, sure=sure)
        .sort("lesion", "day")
        .with_columns(pl.col("verdict").backward_fill().over("lesion"))
        .filter(
            pl.col("verdict").fill_null(False) & (pl.col("sure") | pl.col("suspected")) & (pl.col("k") > 0)
        )
        .with_columns(backdated=~pl.col("sure"))
        .drop("verdict")
    )

"""The columns of a variable in a model: its levels against the reference, or its number as it is."""

from __future__ import annotations

import numpy as np
import polars as pl

from oligoscope.cohort.variables import as_levels
from oligoscope.study.keys import PER_UNIT, Comparison

# Ordered from least to most: the first level is the reference. For the others (yes/no, male/female, ≥60/<60,
# squamous/adenocarcinoma) it is the last.
FIRST_IS_REFERENCE = ("pd_l1", "stage", "ecog")


def columns_of_levels(
    values: pl.Series, name: str, levels: tuple[str, ...] | None
) -> list[tuple[str, np.ndarray]]:
    """Each column of a variable with its level, as a model holds it.

    Args:
        values: The variable, shape (n,), known of every patient.
        name: Of the variable.
        levels: Its levels in their order; None where it is measured, and is one column per unit.
    """
    if levels is None:
        return [(PER_UNIT, values.cast(pl.Float64).to_numpy())]
    words = as_levels(values)
    first_is_reference = name in FIRST_IS_REFERENCE
    reference = levels[0] if first_is_reference else levels[-1]
    others = levels[1:] if first_is_reference else levels[:-1]
    return [(Comparison.of(level, reference), (words == level).to_numpy().astype(float)) for level in others]

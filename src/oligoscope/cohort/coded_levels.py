"""Levels as whole numbers, for counting: as fast for a million patients as for a hundred."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from oligoscope.cohort.variables import as_levels


def codes_of(values: pl.Series, levels: Sequence[str]) -> NDArray[np.int64]:
    """The place of each value in `levels`, shape (n,); -1 where it is missing.

    Raises:
        polars.exceptions.InvalidOperationError: A value is not among the levels.
    """
    places = as_levels(values).cast(_enum(tuple(levels))).to_physical()
    if places.null_count():
        places = places.cast(pl.Int64).fill_null(-1)
    return places.to_numpy().astype(np.int64)


@cache
def _enum(levels: tuple[str, ...]) -> pl.Enum:
    """Making one takes longer than using it on a few hundred patients."""
    return pl.Enum(levels)

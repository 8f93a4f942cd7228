"""Levels as whole numbers, for counting: as fast for a million patients as for a hundred."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from oligoscope.analysis.variables import as_levels


def codes_of(values: pl.Series, levels: Sequence[str]) -> NDArray[np.int64]:
    """The place of each value in `levels`, shape (n,); -1 where it is missing.

    Raises:
        polars.exceptions.InvalidOperationError: A value is not among the levels.
    """
    words = as_levels(values)
    places = words.cast(pl.Enum(levels)).to_physical().to_numpy()
    return np.nan_to_num(places, nan=-1).astype(np.int64)

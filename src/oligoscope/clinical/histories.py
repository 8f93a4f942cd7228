"""What came before, row by row, within a patient or a lesion whose rows are contiguous and in order of time.

The usual window expressions visit every group by itself; these run once over the whole column, which
is what makes a million histories affordable. Each group's values are shifted below those of the group
before it, so that a running minimum starts anew at every group.
"""

from __future__ import annotations

import polars as pl

_APART = 2**31  # above any length in micrometres; times the number of groups it fits 64 bits


def lowest_before(value: pl.Expr, group: str) -> pl.Expr:
    """The smallest value of the rows of the group before this one; null where there is none.

    Args:
        value: Whole numbers from 0 to 2**31 - 2, or null.
        group: Column whose equal values are contiguous.
    """
    number = pl.col(group).rle_id().cast(pl.Int64)
    shifted = value.cast(pl.Int64).fill_null(_APART - 1) - number * _APART
    lowest = shifted.cum_min().shift(1) + number * _APART
    # The row before is of another group: then the sum is above every value.
    return pl.when(lowest < _APART - 1).then(lowest)


def last_was(this: pl.Expr, other: pl.Expr, group: str) -> pl.Expr:
    """Whether, of two kinds of rows, the latest in the group up to this row was of the first kind."""
    number = pl.col(group).rle_id().cast(pl.Int64) * 2
    latest = pl.when(this).then(number + 1).when(other).then(number).forward_fill()
    return (latest == number + 1).fill_null(value=False)

"""One whole number for a lesion (or patient) and a day (or time point): quicker to sort and to compare than two columns."""

from __future__ import annotations

import polars as pl

NO_DAY = 2**19  # in place of a blank; no day is so late
_DAYS = 2**20


def scan_key(of: str | pl.Expr, at: str | pl.Expr = "day") -> pl.Expr:
    """The key of both, in the order of the first, then of the second."""
    first, second = (pl.col(one) if isinstance(one, str) else one for one in (of, at))
    return first.cast(pl.Int64) * _DAYS + second

"""Flags of a patient as one cell: words joined by ";", null where there is none."""

from __future__ import annotations

import polars as pl


def join_flags(*flags: pl.Expr | str) -> pl.Expr:
    """Join what is not null and not blank."""
    blank_as_null = [(pl.col(f) if isinstance(f, str) else f).replace("", None) for f in flags]
    return pl.concat_str(blank_as_null, separator=";", ignore_nulls=True).replace("", None)

"""Columns that a table may lack, rows counted, and several words in one cell."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl


def with_blanks(frame: pl.DataFrame, kinds: Mapping[str, type[pl.DataType]]) -> pl.DataFrame:
    """The frame with a blank column of its type for each of these that it lacks."""
    return frame.with_columns(
        pl.lit(None, kind).alias(n) for n, kind in kinds.items() if n not in frame.columns
    )


def number_of(where: pl.Expr, name: str) -> pl.Expr:
    """How many rows of a group hold."""
    return where.sum().cast(pl.Int32).alias(name)


def join_flags(*flags: pl.Expr | str) -> pl.Expr:
    """Join by ";" what is not null and not blank; null where nothing is."""
    blank_as_null = [(pl.col(f) if isinstance(f, str) else f).replace("", None) for f in flags]
    return pl.concat_str(blank_as_null, separator=";", ignore_nulls=True).replace("", None)

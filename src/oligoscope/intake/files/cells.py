"""Cells as clean text: on one line, in plain letters and digits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

import polars as pl

from oligoscope.plain_text import without_removed

_LINE_ENDS = re.compile("[\t\n\r\x85\u2028\u2029]+")


def clean(text: str) -> str | None:
    """A cell's text in its plain form, on one line; blank is None.

    Full-width digits and letters become plain ones; invisible and control characters are removed.
    """
    if text.isascii() and text.isprintable():  # nearly every cell: nothing to take out
        return text.strip() or None
    seen = without_removed(unicodedata.normalize("NFKC", without_removed(text)))
    return _LINE_ENDS.sub(" ", seen).strip() or None


def map_unique(series: pl.Series, function: Callable[[str], Any], dtype: type[pl.DataType]) -> pl.Series:
    """`function` of every cell, called once for each different text; blank cells stay blank."""
    texts = series.unique().drop_nulls().to_list()
    found = [function(text) for text in texts]
    if dtype == series.dtype and found == texts:  # as often: every cell is its own value
        return series
    values = pl.Series(found, dtype=dtype)
    return series.replace_strict(pl.Series(texts, dtype=pl.String), values, default=None, return_dtype=dtype)


def clean_series(series: pl.Series) -> pl.Series:
    """Every cell in its plain form."""
    return map_unique(series, clean, pl.String)

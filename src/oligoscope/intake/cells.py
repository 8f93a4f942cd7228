"""How words are compared: width, case, spaces and underscores do not matter."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

import polars as pl

_BLANKS = re.compile(r"\s+|_|\ufeff")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff]")


def clean(text: str) -> str | None:
    """A cell's text in its plain form (full-width digits and letters become plain ones); blank is None."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).strip() or None


def plain(text: str) -> str:
    """The form in which two words are compared."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text)).casefold()


def map_unique(series: pl.Series, function: Callable[[str], Any], dtype: type[pl.DataType]) -> pl.Series:
    """`function` of every cell, called once for each different text; blank stays blank."""
    texts = series.unique().drop_nulls().to_list()
    values = pl.Series([function(text) for text in texts], dtype=dtype)
    return series.replace_strict(pl.Series(texts, dtype=pl.String), values, default=None, return_dtype=dtype)


def clean_series(series: pl.Series) -> pl.Series:
    """Every cell in its plain form."""
    return map_unique(series, clean, pl.String)

"""Our csv files: no text in them begins a formula where a spreadsheet opens them, and they are read back as they were.

A text that a spreadsheet would take for a formula (it begins with = + @, a tab or the end of a line, or with a - and is
no plain number) is written with an apostrophe before it, and so is one that begins so after apostrophes; `as_written` takes one
apostrophe off again, so that every text comes back. Reference: OWASP, CSV Injection.
"""

from __future__ import annotations

import io
import re
from typing import TypeVar

import polars as pl

_SIGNS = "[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]"  # the last four: = + - @ of full width
_BEGINS_A_FORMULA = f"^'*{_SIGNS}"
_NUMBER = r"^-?\d+(\.\d+)?([eE][+-]?\d+)?%?$"
_GUARDED = f"^'+{_SIGNS}"

AnyFrame = TypeVar("AnyFrame", pl.DataFrame, pl.LazyFrame)


def without_formulas(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with an apostrophe before every text, and every name of a column, that would begin a formula."""
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    begun = frame.select(pl.col(texts).str.contains(_BEGINS_A_FORMULA).any()).row(0) if texts else ()
    if any(begun):
        guarded = [_guarded_text(name) for name, any_ in zip(texts, begun, strict=True) if any_]
        frame = frame.with_columns(guarded)
    if not any(re.match(_BEGINS_A_FORMULA, name) for name in frame.columns):
        return frame
    names = pl.Series(frame.columns, dtype=pl.String).to_frame("name").select(_guarded_text("name"))["name"]
    return frame.rename(dict(zip(frame.columns, names, strict=True)))


def as_written(frame: AnyFrame) -> AnyFrame:
    """The frame that `without_formulas` was given, from what was read of its csv file."""
    texts = [name for name, kind in frame.collect_schema().items() if kind == pl.String]
    frame = frame.with_columns(map(_unguarded_text, texts))
    names = [name[1:] if _is_guarded(name) else name for name in frame.collect_schema().names()]
    before = frame.collect_schema().names()
    return frame if names == before else frame.rename(dict(zip(before, names, strict=True)))


def as_csv(frame: pl.DataFrame, *, header: bool = True, mark: bool = False) -> bytes:
    """UTF-8, blank texts as missing cells, no text a formula; `mark` is the byte-order mark by which Excel knows UTF-8."""
    text = io.BytesIO()
    blank = pl.col(pl.String).replace("", None)
    without_formulas(frame.with_columns(blank)).write_csv(text, include_header=header, include_bom=mark)
    return text.getvalue()


def _guarded_text(name: str) -> pl.Expr:
    words = pl.col(name)
    is_formula = words.str.contains(_BEGINS_A_FORMULA) & ~words.str.contains(_NUMBER)
    return pl.when(is_formula).then(pl.concat_str(pl.lit("'"), words)).otherwise(words).alias(name)


def _unguarded_text(name: str) -> pl.Expr:
    words = pl.col(name)
    return pl.when(words.str.contains(_GUARDED)).then(words.str.slice(1)).otherwise(words).alias(name)


def _is_guarded(name: str) -> bool:
    return re.match(_GUARDED, name) is not None

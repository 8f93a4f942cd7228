"""The one order of rows and columns inside: by patient and content, whatever their order in the files.

Draws of random numbers, ties and sums of fractions follow the rows. Every table is therefore put into this order
where its cells have been read, before any rule sees it; nothing after this place can depend on how a file was sorted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from oligoscope.study.schemas import TableSpec, typed_schema

_IDS = {"patient_id", "lesion_id"}
_PLACE = {"source", "source_row"}  # where a row was read: not what it holds
_DIGITS = 20


def in_order(table: TableSpec, frame: pl.DataFrame) -> pl.DataFrame:
    """The same rows by patient, then by the table's key, then by all else they hold; covariates by name.

    Numbers within patients' and lesions' identifiers are compared as numbers: P2 is before P10. Rows that hold the
    same stay in the order of the files, which only their source_row can tell.

    Args:
        table: Its `key` decides first.
        frame: With at least the columns of `typed_schema`.
    """
    schema = list(typed_schema(table))
    frame = frame.select(*schema, *sorted(set(frame.columns) - set(schema)))
    keys = [_rank(frame[name]) if name in _IDS else frame[name] for name in table.key]
    if not _are_sorted(keys):
        order = _sorted_by(keys)
        frame = frame[order]
        keys = [key.gather(order) for key in keys]
    return _ties_by_content(frame, keys)


def natural_order(ids: pl.Series) -> pl.Series:
    """Each identifier once, without blanks, numbers within them compared as numbers, else by code point."""
    names = ids.unique().drop_nulls()
    # Every run of digits with as many zeros before it as make it _DIGITS long.
    padded = names.str.replace_all(r"([0-9]+)", f"{'0' * _DIGITS}$1").str.replace_all(
        rf"[0-9]*([0-9]{{{_DIGITS}}})", "$1"
    )
    return names.gather(_sorted_by([padded, names]))


def _is_natural(ids: pl.Series) -> bool:
    """Whether these rise, and differ in the digits of numbers of one length alone, so that no number is to be compared."""
    if ids.is_empty() or ids.null_count():
        return False
    form = "".join("[0-9]" if sign in "0123456789" else re.escape(sign) for sign in ids[0])
    rises = (ids > ids.shift(1)).slice(1).all()
    return bool(rises and ids.str.contains(f"^{form}$").all())


def _are_sorted(keys: Sequence[pl.Series]) -> bool:
    """Whether the rows are in this order already, which is much quicker to see than to sort; not if a key is blank."""
    columns = pl.DataFrame([key.alias(str(i)) for i, key in enumerate(keys)])
    follows = pl.lit(value=True)
    for name in reversed(columns.columns):
        key, before = pl.col(name), pl.col(name).shift(1)
        follows = (key > before) | ((key == before) & follows)
    return bool(columns.select(follows.slice(1).all(ignore_nulls=False).fill_null(value=False)).item())


def _rank(ids: pl.Series) -> pl.Series:
    """The place of each identifier in their order; rows of one patient are mostly together, and looked up once."""
    starts = ids.ne_missing(ids.shift(1)).to_frame("first").select(
        pl.col("first") | (pl.int_range(pl.len()) == 0)
    ).to_series()  # fmt: skip
    runs = ids.filter(starts)
    if _is_natural(runs):
        places = pl.int_range(len(runs), dtype=pl.UInt32, eager=True)
    else:
        names = natural_order(runs)
        order = pl.int_range(len(names), dtype=pl.UInt32, eager=True)
        places = runs.replace_strict(names, order, default=None, return_dtype=pl.UInt32)
    return places.gather(starts.cast(pl.UInt32).cum_sum() - 1).alias(ids.name)


def _sorted_by(keys: Sequence[pl.Series]) -> pl.Series:
    columns = pl.DataFrame([key.alias(str(i)) for i, key in enumerate(keys)])
    return columns.select(pl.arg_sort_by(columns.columns, maintain_order=True)).to_series()


def _ties_by_content(frame: pl.DataFrame, keys: Sequence[pl.Series]) -> pl.DataFrame:
    """Rows of one key, which are together already, by the rest of what they hold."""
    columns = pl.DataFrame([key.alias(str(i)) for i, key in enumerate(keys)])
    same = columns.select(pl.all_horizontal(pl.all().eq_missing(pl.all().shift(1)))).to_series()
    same = same & (pl.int_range(len(same), eager=True) > 0)
    tied = (same | same.shift(-1, fill_value=False)).arg_true()
    if tied.is_empty():
        return frame
    content = [frame[c].gather(tied) for c in frame.columns if c not in _PLACE]
    order = _sorted_by([*(key.gather(tied) for key in keys), *content])
    everything = pl.int_range(frame.height, eager=True).scatter(tied, tied.gather(order))
    return frame[everything]

"""A parquet file whose cells are read as the text of any other file: numbers in their shortest form, days as ISO."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl
from polars.selectors import by_name

from oligoscope.bilingual import Text
from oligoscope.intake.files.raw_table import EXCESS, ROW, SOURCE
from oligoscope.intake.files.sheet import Sheet, UnreadableError


def read_parquet_sheet(path: Path, name: str) -> Sheet:
    """Every column that can be a cell; `Sheet.unread` names the others with their types.

    Raises:
        UnreadableError: The file is not a valid parquet file.
    """
    with reading(""):
        frame = pl.read_parquet(path)
        kept = {column: kind for column, kind in frame.schema.items() if is_cell(kind)}
        texts = frame.select(_as_text(by_name(column), kind) for column, kind in kept.items())
    unread = tuple((column, str(kind)) for column, kind in frame.schema.items() if column not in kept)
    return sheet_of_texts(name, texts, unread)


def sheet_of_texts(name: str, frame: pl.DataFrame, unread: tuple[tuple[str, str], ...] = ()) -> Sheet:
    """Rows are numbered as in a csv of the same data: the names of the columns are row 1."""
    placed = frame.with_columns(
        pl.lit(name).alias(SOURCE),
        pl.int_range(2, pl.len() + 2, dtype=pl.Int32).alias(ROW),
        pl.lit(None, pl.String).alias(EXCESS),
    )
    return Sheet(name, tuple(frame.columns), (), placed, unread=unread)


def is_cell(kind: pl.DataType) -> bool:
    """Whether values of a type fit into one cell: a list, a structure, bytes or a duration do not."""
    plain = (pl.String, pl.Boolean, pl.Categorical, pl.Enum, pl.Date, pl.Datetime, pl.Null)
    return kind.is_numeric() or isinstance(kind, plain)


def days_of(values: pl.Series) -> pl.Series:
    """The day of each date or time, in its own time zone."""
    return values.dt.date() if isinstance(values.dtype, pl.Datetime) else values.cast(pl.Date)


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Read a parquet file inside this: damaged bytes become an UnreadableError, which begins with the name if one is given.

    Raises:
        UnreadableError: The file is not a valid parquet file.
    """
    try:
        yield
    except (pl.exceptions.PolarsError, OSError):
        raise _not_valid(name) from None
    except BaseException as error:
        # On damaged bytes the reader may raise an exception of its own that is no Exception.
        if type(error).__name__ == "PanicException":
            raise _not_valid(name) from None
        raise


def _not_valid(name: str) -> UnreadableError:
    text = Text("不是有效的 parquet 文件。", "it is not a valid parquet file")
    return UnreadableError(Text(f"{name}：{text.zh}", f"{name}: {text.en}.") if name else text)


def _as_text(cells: pl.Expr, kind: pl.DataType) -> pl.Expr:
    if isinstance(kind, pl.Datetime):
        return cells.dt.date().cast(pl.String)
    if kind == pl.Float32:  # 28.7 is written 28.7, not 28.700000762939453
        cells, kind = cells.cast(pl.Float64).round(4), pl.Float64()
    if kind.is_float():
        whole = cells == cells.round(0)
        short = pl.when(whole & (cells.abs() < 1e15)).then(cells.cast(pl.Int64, strict=False).cast(pl.String))
        return short.otherwise(pl.when(cells.is_finite()).then(cells.cast(pl.String)))
    return cells.cast(pl.String)

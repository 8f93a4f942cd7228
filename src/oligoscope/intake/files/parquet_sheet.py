"""A parquet file whose cells are read as the text of any other file: numbers in their shortest form, days as ISO."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl
from polars.selectors import by_name

from oligoscope.bilingual import Text
from oligoscope.intake.files.guard import native
from oligoscope.intake.files.parquet_structure import NOT_PARQUET, check_parquet
from oligoscope.intake.files.raw_table import EXCESS, ROW, SOURCE
from oligoscope.intake.files.sheet import (
    USUAL,
    Sheet,
    UnreadableError,
    beyond,
    check_cells,
    must_fit,
    size_of_file,
)
from oligoscope.study.file_bytes import NoSuchFileError, is_file
from oligoscope.study.protocol import LimitSettings

_FIRST_DAY, _LAST_DAY = -719_162, 2_932_896  # 0001-01-01 and 9999-12-31, from 1970-01-01


def read_parquet_sheet(path: Path, name: str, limits: LimitSettings = USUAL) -> Sheet:
    """Every column that can be a cell; `Sheet.unread` names the others with their types.

    Raises:
        UnreadableError: The file is not a valid parquet file, or larger than the limits allow.
    """
    size = size_of_file(path)
    must_fit(size, limits)
    check_parquet(path, size, limits, ("rows", limits.rows))
    with native(NOT_PARQUET):
        schema = scanned(path).collect_schema()
        kept = {column: kind for column, kind in schema.items() if is_cell(kind)}
        frame = scanned(path).select(by_name(column) for column in kept).collect()
        texts = frame.select(_as_text(by_name(column), kind) for column, kind in kept.items())
        if (n := texts.height * texts.width) > limits.cells:
            raise beyond("cells", limits.cells, Text(f"共 {n:,} 个单元格", f"it has {n:,} cells"))
        check_cells(texts, limits)
    unread = tuple((column, str(kind)) for column, kind in schema.items() if column not in kept)
    return sheet_of_texts(name, texts, unread)


def scanned(path: Path) -> pl.LazyFrame:
    """The file, of which nothing is read yet; its name is a name, whatever signs are in it."""
    return pl.scan_parquet(path, glob=False, hive_partitioning=False)


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
    """The day of each date or time, in its own time zone; the last second of a day is a midnight that was rounded."""
    if not isinstance(values.dtype, pl.Datetime):
        return values.cast(pl.Date)
    return pl.select(_day_of_time(pl.lit(values))).to_series().alias(values.name)


def _day_of_time(times: pl.Expr) -> pl.Expr:
    last_second = (times.dt.hour() == 23) & (times.dt.minute() == 59) & (times.dt.second() == 59)
    return times.dt.date() + pl.duration(days=last_second.fill_null(value=False).cast(pl.Int32))


def is_on_calendar(days: pl.Expr) -> pl.Expr:
    """Whether a day is in the years 1 to 9999; of others neither the text nor a Python date can be made."""
    return days.cast(pl.Int32).is_between(_FIRST_DAY, _LAST_DAY)


def day_texts(cells: pl.Expr, kind: pl.DataType) -> pl.Expr:
    """Dates or times as ISO days; a day that no calendar has as its distance from 1970-01-01."""
    days = _day_of_time(cells) if isinstance(kind, pl.Datetime) else cells
    name = cells.meta.output_name()
    inside = is_on_calendar(days)
    iso = pl.when(inside).then(days).cast(pl.String)
    return (
        pl.when(inside)
        .then(iso)
        .otherwise(pl.format("{} days from 1970-01-01", days.cast(pl.Int32)))
        .alias(name)
    )


@contextmanager
def reading(path: Path, name: str) -> Iterator[pl.LazyFrame]:
    """Read a parquet file inside this: damaged bytes become an UnreadableError, which begins with the name in the study.

    Raises:
        UnreadableError: The file is not a valid parquet file, or no longer there.
    """
    try:
        with native(NOT_PARQUET):
            yield scanned(path)
    except UnreadableError as error:
        text = error.text if is_file(path) else NoSuchFileError(path).text
        raise UnreadableError(Text(f"{name}：{text.zh}", f"{name}: {text.en}.")) from error


def _as_text(cells: pl.Expr, kind: pl.DataType) -> pl.Expr:
    if isinstance(kind, pl.Date | pl.Datetime):
        return day_texts(cells, kind)
    if kind == pl.Float32:  # 28.7 is written 28.7, not 28.700000762939453
        cells, kind = cells.cast(pl.Float64).round(4), pl.Float64()
    if kind.is_float():
        whole = cells == cells.round(0)
        short = pl.when(whole & (cells.abs() < 1e15)).then(cells.cast(pl.Int64, strict=False).cast(pl.String))
        return short.otherwise(pl.when(cells.is_finite()).then(cells.cast(pl.String)))
    return cells.cast(pl.String)

"""The rows of a query as a sheet: read through SQLAlchemy, which the extra [sql] brings, and never written."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.intake.files.guard import guarded
from oligoscope.intake.files.sheet import (
    USUAL,
    Cells,
    Sheet,
    UnreadableError,
    beyond,
    sheet_of_rows,
    size_of_file,
)
from oligoscope.intake.files.statistics_files import number_texts
from oligoscope.intake.files.xlsx_reader import date_text
from oligoscope.study.database_url import PASSWORD_VARIABLE, file_of_address
from oligoscope.study.protocol import LimitSettings

_EXTRA = Text(
    "读取数据库需要附加组件：pip install 'oligoscope[sql]'（其他数据库另需其驱动程序）。",
    "a database is read with an extra: pip install 'oligoscope[sql]' (databases other than SQLite and PostgreSQL need their driver, too)",
)
_FAILED = Text("数据库无法读取。", "the database cannot be read")
_BATCH = 10_000  # rows fetched at a time
_LONGEST = 200  # characters of what the database says


def read_query(query: str, address: str, folder: Path, limits: LimitSettings = USUAL) -> Sheet:
    """Every column of a query as text; rows are numbered from 1, in the order of their cells.

    A query without an order gives its rows in any; ordered by their cells they are the same in every run.

    Args:
        query: One SELECT.
        address: Of the database, without a password; a file is seen from the data folder.
        folder: The data folder.
        limits: How large the answer may be.

    Raises:
        UnreadableError: The extra is not installed, the database or the query cannot be used, or there is too much.
    """
    try:
        import sqlalchemy  # noqa: PLC0415  # an extra
        from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415
    except ImportError:
        raise UnreadableError(_EXTRA) from None
    secret = os.environ.get(PASSWORD_VARIABLE, "")
    with guarded(_FAILED):
        try:
            engine = sqlalchemy.create_engine(
                _url(sqlalchemy, address, folder, secret), poolclass=sqlalchemy.NullPool
            )
            options: dict[str, Any] = {"stream_results": True, "max_row_buffer": _BATCH}
            if engine.dialect.name == "postgresql":
                options["postgresql_readonly"] = True
            with engine.connect().execution_options(**options) as connection:
                answer = connection.execute(sqlalchemy.text(query))
                names, rows = list(answer.keys()), list(_rows(answer, limits))
        except ImportError:
            raise UnreadableError(_EXTRA) from None
        except SQLAlchemyError as error:
            raise UnreadableError(_said(error, secret)) from None
    rows.sort(key=lambda row: [("" if cell is None else cell) for cell in row])
    return sheet_of_rows([(0, names), *enumerate(rows, 1)], limits=limits)


def _url(sqlalchemy: Any, address: str, folder: Path, secret: str) -> Any:
    """The address as SQLAlchemy takes it: a file that must exist, opened only to be read; a server with the password."""
    file = file_of_address(address)
    if file is None:
        url = sqlalchemy.engine.make_url(address)
        return url.set(password=secret) if secret else url
    path = folder / file
    size_of_file(path)
    return sqlalchemy.engine.URL.create(
        "sqlite", database=path.resolve().as_uri(), query={"mode": "ro", "uri": "true"}
    )


def _rows(answer: Any, limits: LimitSettings) -> Iterator[Cells]:
    n = 0
    for batch in answer.partitions(_BATCH):
        n += len(batch)
        if n > limits.rows:
            raise beyond(
                "rows",
                limits.rows,
                Text(f"超过 {limits.rows:,} 行", f"it has more than {limits.rows:,} rows"),
            )
        for row in batch:
            yield _texts(row)


def _texts(row: Sequence[Any]) -> list[str | None]:
    return [None if cell is None else _text(cell) for cell in row]


def _text(cell: Any) -> str | None:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return number_texts(pl.Series([cell], dtype=pl.Float64))[0]
    if isinstance(cell, Decimal):
        return f"{cell.normalize():f}" if cell.is_finite() else None
    if isinstance(cell, datetime | date | time):
        return date_text(cell)
    if isinstance(cell, bytes | memoryview):
        raise UnreadableError(
            Text(
                "查询结果含二进制列，请在 select 中去掉。",
                "a column of the query holds bytes; leave it out of the select",
            )
        )
    return str(cell)


def _said(error: Exception, secret: str) -> Text:
    """The first line of what the database says, without the password."""
    lines = str(getattr(error, "orig", None) or error).strip().splitlines()
    line = (lines[0] if lines else type(error).__name__)[:_LONGEST]
    if secret:
        line = line.replace(secret, "***")
    return Text(f"数据库或查询无法使用：{line}", f"the database or the query cannot be used: {line}")

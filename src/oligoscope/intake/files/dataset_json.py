"""CDISC Dataset-JSON 1.1, one object or a line for each row (NDJSON), to cells as text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.intake.files.declared import Declared
from oligoscope.intake.files.guard import guarded
from oligoscope.intake.files.raw_table import EXCESS, ROW, SOURCE
from oligoscope.intake.files.sheet import USUAL, Sheet, UnreadableError, beyond, check_cells, check_headers
from oligoscope.intake.files.statistics_dates import date_texts, dates_of_sas
from oligoscope.intake.files.statistics_files import number_texts
from oligoscope.study.protocol import LimitSettings

_BROKEN = Text("不是完好的 JSON 文件。", "it is not sound JSON")
_OTHER = Text(
    "不是 CDISC Dataset-JSON：缺少 columns 或 rows。请导出为 Dataset-JSON、csv 或 xlsx。",
    "it is no CDISC Dataset-JSON, which has `columns` and `rows`; export it as that, or as csv or xlsx",
)
_NUMBERS = frozenset({"integer", "float", "double", "decimal"})


def read_dataset_json(raw: bytes, limits: LimitSettings = USUAL) -> Sheet:
    """Every variable as text, its label as its name in words; rows are numbered from 1.

    Raises:
        UnreadableError: Not JSON, not a data set, a row of another width, or more than the limits allow.

    References:
        CDISC Dataset-JSON 1.1.
    """
    with guarded(_BROKEN):
        text = raw.decode("utf-8-sig")
        about, rows = _parts(text)
        columns = about.get("columns") if isinstance(about, dict) else None
        if not isinstance(columns, list) or not all(
            isinstance(c, dict) and isinstance(c.get("name"), str) for c in columns
        ):
            raise UnreadableError(_OTHER)
        names = [c["name"] for c in columns]
        if not names or len(set(names)) < len(names):
            raise UnreadableError(_OTHER)
        check_headers(names, limits)
        body = _body(rows, len(names), limits)
        cells = list(zip(*body, strict=True)) if body else [()] * len(names)
        read = {c["name"]: _texts(c, list(values)) for c, values in zip(columns, cells, strict=True)}
        frame = pl.DataFrame(read).with_columns(
            pl.lit("").alias(SOURCE), pl.int_range(1, len(body) + 1, dtype=pl.Int32, eager=True).alias(ROW),
            pl.lit(None, pl.String).alias(EXCESS),
        )  # fmt: skip
        check_cells(frame, limits)
    labels = {c["name"]: c["label"] for c in columns if isinstance(c.get("label"), str) and c["label"]}
    return Sheet("", tuple(names), (), frame, declared=Declared(labels))


def _parts(text: str) -> tuple[Any, Iterator[Any] | Sequence[Any]]:
    """What is said of the data set, and its rows: of one object, or of the first line and the others."""
    first, _, rest = text.lstrip().partition("\n")
    try:
        about = json.loads(first)
    except json.JSONDecodeError:
        about = json.loads(text)
        rest = ""
    if isinstance(about, dict) and "rows" in about and not rest.strip():
        rows = about["rows"]
        if not isinstance(rows, list):
            raise UnreadableError(_OTHER)
        return about, rows
    if isinstance(about, dict) and "columns" in about:
        return about, (json.loads(line) for line in rest.splitlines() if line.strip())
    raise UnreadableError(_OTHER)


def _body(rows: Iterator[Any] | Sequence[Any], width: int, limits: LimitSettings) -> list[list[Any]]:
    body: list[list[Any]] = []
    most = min(limits.rows, limits.cells // width)
    for number, row in enumerate(rows, 1):
        if number > most:
            setting, limit = ("rows", limits.rows) if number > limits.rows else ("cells", limits.cells)
            raise beyond(setting, limit, Text(f"超过 {most:,} 行", f"it has more than {most:,} rows"))
        if not isinstance(row, list) or len(row) != width:
            raise UnreadableError(Text(
                f"第 {number} 行应有 {width} 个值。", f"row {number} must have {width} values",
            ))  # fmt: skip
        body.append(row)
    return body


def _texts(column: Mapping[str, Any], cells: list[Any]) -> pl.Series:
    """A variable as text; a date that is kept as a number of SAS as an ISO day."""
    name = column["name"]
    dates = dates_of_sas(str(column.get("displayFormat") or ""))
    numeric = column.get("targetDataType") == "integer" or column.get("dataType") in _NUMBERS
    if dates is not None and numeric and all(c is None or _is_number(c) for c in cells):
        return date_texts(pl.Series(name, cells, dtype=pl.Float64), dates)
    return pl.Series(name, [_text(cell) for cell in cells], dtype=pl.String)


def _is_number(cell: Any) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _text(cell: Any) -> str | None:
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int):
        return str(cell)
    if isinstance(cell, float):
        return number_texts(pl.Series([cell], dtype=pl.Float64))[0]
    return cell if isinstance(cell, str) else json.dumps(cell, ensure_ascii=False)

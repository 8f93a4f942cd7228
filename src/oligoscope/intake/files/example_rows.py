"""Rows that show how a sheet is filled in, known by the patient's number, are not read."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.intake.files.columns import find_column, find_header, listed
from oligoscope.intake.files.raw_table import ROW, SOURCE, RawTable
from oligoscope.intake.issues import Issue
from oligoscope.study.protocol import TableSource
from oligoscope.study.schemas import TABLES

# 示例-1, EXAMPLE 2, 示例/EXAMPLE-1
_EXAMPLE = r"(?i)^\s*(示例|example)(\s*/\s*(示例|example))?\s*[-–_ ]?\s*\d{0,3}\s*$"


def without_examples(raw: RawTable, source: TableSource) -> RawTable:
    """Without the rows whose patient's number says that they are examples, each of which is named."""
    headers = _patient_headers(raw, source)
    if raw.frame.is_empty() or not headers:
        return raw
    hit = pl.any_horizontal(
        pl.col(header).str.contains(_EXAMPLE).fill_null(value=False) for header in headers
    )
    found = raw.frame.filter(hit)
    if found.is_empty():
        return raw
    expected = Text("是示例，不是患者", "is an example and no patient")
    issues = [
        Issue(
            rule="row_is_example", table=raw.name, source=row[SOURCE], row=row[ROW], column=headers[0],
            value=next((row[header] for header in headers if row[header]), None), expected=expected,
        )
        for row in found.iter_rows(named=True)
    ]  # fmt: skip
    return replace(raw, frame=raw.frame.filter(~hit)).with_problems(*issues)


def _patient_headers(raw: RawTable, source: TableSource) -> list[str]:
    named = source.columns.get("patient_id")
    if named is not None:
        return [h for name in listed(named) if (h := find_header(raw.columns, name)) is not None]
    found = find_column(raw.columns, TABLES[raw.name].column("patient_id"))
    return [] if found is None else [found]

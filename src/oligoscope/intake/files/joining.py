"""Columns of one more file, added to a table's rows by the patient's number."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.intake.files.cells import clean_series
from oligoscope.intake.files.columns import all_listed, find_column, find_header, missing_column
from oligoscope.intake.files.raw_table import CONFLICT, ROW, SOURCE, RawTable, row_issues
from oligoscope.intake.files.row_filter import holds
from oligoscope.intake.files.sheet import Sheet
from oligoscope.study.protocol import JoinSource, TableSource
from oligoscope.study.schemas import TABLES

_KEY = "__key"


def add_joined(raw: RawTable, sheet: Sheet, join: JoinSource, number: int, source: TableSource) -> RawTable:
    """The same rows with the columns of the join, named "<number>:HEADER", and the place of each.

    A patient with contradicting rows in the joined file gets none of them and is marked CONFLICT.
    """
    wanted = all_listed(join.columns)
    found = {name: find_header(sheet.headers, name) for name in (join.key, *wanted, *join.where)}
    lacking = [
        missing_column(raw.name, sheet.source, n, sheet.headers) for n, h in found.items() if h is None
    ]
    own_key = _patient_header(raw, source)
    if lacking or own_key is None:
        return raw.with_problems(*lacking)
    headers = {name: header for name, header in found.items() if header is not None}
    rows = _rows(sheet, headers, join, wanted)
    once, conflicts = _one_a_patient(rows)
    own = raw.frame.with_columns(clean_series(raw.frame[own_key]).alias(_KEY))
    joined = own.join(
        once.rename({c: f"{number}:{c}" for c in once.columns if c != _KEY}),
        on=_KEY,
        how="left",
        maintain_order="left",
    )
    marked = pl.col(_KEY).is_in(conflicts[_KEY].implode()) if conflicts.height else pl.lit(value=False)
    if CONFLICT in joined.columns:
        marked = marked | pl.col(CONFLICT)
    expected = Text("每名患者应只有一行", "must be one row per patient")
    unknown = once.filter(~pl.col(_KEY).is_in(own[_KEY].drop_nulls().unique().implode()))
    issues = [
        *row_issues("join_conflict", raw.name, conflicts, patient=_KEY, expected=expected),
        *row_issues("join_unknown_patient", raw.name, unknown, patient=_KEY),
    ]
    zero = {} if sheet.day_zero is None else {sheet.source: sheet.day_zero}
    frame = joined.with_columns(marked.fill_null(value=False).alias(CONFLICT)).drop(_KEY)
    declared = (
        {sheet.source: sheet.declared.prefixed(f"{number}:"), **raw.declared}
        if sheet.declared.words
        else raw.declared
    )
    return replace(raw, frame=frame, day_zero=raw.day_zero | zero, declared=declared).with_problems(*issues)


def _patient_header(raw: RawTable, source: TableSource) -> str | None:
    mapped = source.columns.get("patient_id")
    if isinstance(mapped, str):
        return find_header(raw.columns, mapped)
    return find_column(raw.columns, TABLES[raw.name].column("patient_id"))


def _rows(sheet: Sheet, headers: dict[str, str], join: JoinSource, wanted: list[str]) -> pl.DataFrame:
    frame = sheet.frame
    for name, words in join.where.items():
        frame = frame.filter(holds(frame[headers[name]], words))
    columns = list(dict.fromkeys(headers[name] for name in wanted))
    return frame.select(
        clean_series(frame[headers[join.key]]).alias(_KEY),
        SOURCE,
        ROW,
        *(clean_series(frame[c]).alias(c) for c in columns),
    ).filter(pl.col(_KEY).is_not_null())


def _one_a_patient(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The first of each patient's rows, and the rows of patients whose rows differ."""
    content = [c for c in rows.columns if c not in {_KEY, SOURCE, ROW}]
    differ = pl.struct(content).n_unique().over(_KEY) > 1 if content else pl.lit(value=False)
    rows = rows.with_columns(differ.alias("differ"))
    once = rows.filter(~pl.col("differ")).unique(_KEY, keep="first", maintain_order=True).drop("differ")
    return once, rows.filter("differ").drop("differ")

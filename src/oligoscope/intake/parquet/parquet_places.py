"""Findings about the words of places in parquet: from each different row of those columns, over the whole study."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path

import polars as pl
from polars.selectors import by_name

from oligoscope.intake.checks.findings import Findings
from oligoscope.intake.checks.place_columns import N_ROWS, PlaceWords, place_columns, with_places
from oligoscope.intake.files.columns import Matches
from oligoscope.intake.files.parquet_sheet import reading
from oligoscope.intake.files.raw_table import ROW, SOURCE
from oligoscope.intake.issues import Issue
from oligoscope.intake.parquet.parquet_columns import type_columns
from oligoscope.intake.parquet.parquet_slices import FIRST_ROW
from oligoscope.study.protocol import TableSource
from oligoscope.study.schemas import TableSpec, empty

_BESIDE = ("is_node", "is_primary", "diffuse_kind", "diffuse")  # what an organ's word may contradict


def find_places(
    files: tuple[tuple[Path, str], ...],
    table: TableSpec,
    source: TableSource,
    matches: Matches,
    places: Mapping[str, str],
) -> Iterator[Issue]:
    """The findings that the same columns of a csv file would have, each word once with its number of rows.

    Args:
        files: The table's files and their names in the study.
        table, source, matches: How the study describes them.
        places: `data.places`.
    """
    shown = {match.column.name: match.shown for match in matches.found}
    columns = {column.name for column in place_columns(table, empty(table), shown)}
    if not columns:
        return
    found = tuple(m for m in matches.found if m.column.name in columns or m.column.name in _BESIDE)
    headers = list(dict.fromkeys(chain(*(match.headers for match in found))))
    if not headers:
        return
    pieces = [_different(path, name, headers) for path, name in files]
    rows = pl.concat(pieces, how="diagonal_relaxed").sort(SOURCE, ROW, maintain_order=True)
    lacking = [pl.lit(None).alias(header) for header in headers if header not in rows.columns]
    typed = type_columns(rows.with_columns(*lacking), table, source, Matches(found, (), ()), Findings())
    findings = Findings()
    named = {match.column.name: match.shown for match in found}
    counted = typed.with_columns(rows[N_ROWS])
    with_places(counted, table, named, PlaceWords.of(places, source, table), findings)
    yield from findings.issues


def _different(path: Path, name: str, headers: list[str]) -> pl.DataFrame:
    """The different rows of some columns of a file, with the first place of each and how often it occurs."""
    with reading(path, name) as file:
        there = [header for header in headers if header in file.collect_schema().names()]
        rows = file.select(by_name(*there)).with_row_index(ROW, FIRST_ROW)
        grouped = rows.group_by(there).agg(pl.col(ROW).min().cast(pl.Int32), pl.len().alias(N_ROWS))
        found = grouped.collect(engine="streaming")
    return found.with_columns(pl.lit(name).alias(SOURCE))

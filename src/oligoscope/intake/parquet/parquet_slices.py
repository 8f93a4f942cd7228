"""Which rows of a parquet file belong to each partition of patients.

Partitions hold patients in the order of their identifiers (`natural_order`). A file whose rows follow that order
(patient by patient, or only partition by partition) is read in place: a partition is one range of rows. Any other file is first divided, once,
into pieces in a scratch folder, one per partition. Only the column of patient numbers is read for this, a
batch of rows at a time, so that memory does not grow with the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl

from oligoscope.intake.checks.row_order import natural_order
from oligoscope.intake.files.formats import PARQUET
from oligoscope.intake.files.parquet_sheet import reading
from oligoscope.intake.files.raw_table import ROW
from oligoscope.intake.parquet.parquet_columns import clean_words

BATCH_ROWS = 4_000_000
FIRST_ROW = 2  # as in a csv file, where row 1 is the header


@dataclass(frozen=True, slots=True)
class Slice:
    """Rows of one file.

    Attributes:
        path: The file, or a piece of it in the scratch folder.
        source: Its name in the study.
        offset, length: Which rows.
        numbered: It is a piece, which has a column of row numbers.
    """

    path: Path
    source: str
    offset: int
    length: int
    numbered: bool = False


def count_rows(path: Path, source: str) -> int:
    """The number of rows, read from the file's footer."""
    with reading(path, source) as file:
        return int(file.select(pl.len()).collect().item())


def read_slice(piece: Slice, headers: list[str]) -> pl.DataFrame:
    """Some columns of some rows, and ROW."""
    with reading(piece.path, piece.source) as file:
        rows = file.slice(piece.offset, piece.length)
        found = rows.select(*headers, *([ROW] if piece.numbered else ())).collect()
    if piece.numbered:
        return found
    first = piece.offset + FIRST_ROW
    return found.with_columns(pl.int_range(first, first + found.height, dtype=pl.Int32).alias(ROW))


class PartitionOrder:
    """The partition of each patient: `size` patients each, in the order of their identifiers."""

    def __init__(self, ids: pl.Series, size: int) -> None:
        self.size = size
        self.count = max(1, -(-len(ids) // size))
        names = natural_order(ids)
        self._parts = pl.DataFrame({"patient_id": names, "part": np.arange(len(names)) // size})

    def of(self, ids: pl.Series, before: int = 0) -> np.ndarray:
        """The partition of each row; a row of no known patient has that of the row before it (the first `before`)."""
        found = pl.DataFrame({"patient_id": ids}).join(
            self._parts, on="patient_id", how="left", maintain_order="left"
        )
        return found["part"].forward_fill().fill_null(before).to_numpy()


def find_slices(
    path: Path, source: str, header: str | None, order: PartitionOrder, scratch: Path
) -> list[list[Slice]]:
    """The slices of one file, partition by partition.

    Args:
        path: The file.
        source: Its name in the study.
        header: Its column of patient numbers.
        order: The partitions.
        scratch: Folder for pieces, where the file has to be divided.
    """
    n_rows = count_rows(path, source)
    if order.count == 1 or header is None:
        return [[Slice(path, source, 0, n_rows if part == 0 else 0)] for part in range(order.count)]
    starts, parts = _runs(path, source, header, n_rows, order)
    if (np.diff(parts) < 0).any():
        return _divide_file(path, source, header, n_rows, order, scratch)
    edges = np.searchsorted(parts, np.arange(order.count + 1))
    rows = np.append(starts, n_rows)[edges]
    rows[0] = 0
    return [[Slice(path, source, int(a), int(b - a))] for a, b in pairwise(rows)]


def _runs(
    path: Path, source: str, header: str, n_rows: int, order: PartitionOrder
) -> tuple[np.ndarray, np.ndarray]:
    """First row and partition of every run of rows of one patient."""
    starts, parts, last = [np.empty(0, np.int64)], [np.empty(0, np.int64)], 0
    for offset, ids in _batches(path, source, header, n_rows):
        first = ids.ne_missing(ids.shift(1)).to_numpy().copy()
        first[:1] = True
        rows = np.flatnonzero(first)
        found = order.of(clean_words(ids.gather(rows)), last)
        starts.append(rows + offset)
        parts.append(found)
        last = int(found[-1])
    return np.concatenate(starts), np.concatenate(parts)


def _batches(path: Path, source: str, header: str, n_rows: int) -> Iterator[tuple[int, pl.Series]]:
    for offset in range(0, n_rows, BATCH_ROWS):
        with reading(path, source) as file:
            frame = file.slice(offset, BATCH_ROWS).select(header).collect()
        yield offset, frame.to_series()


def _divide_file(
    path: Path, source: str, header: str, n_rows: int, order: PartitionOrder, scratch: Path
) -> list[list[Slice]]:
    """Write the rows of each partition to its own pieces, in their order."""
    pieces: list[list[Slice]] = [[] for _ in range(order.count)]
    name = f"{path.stem}-{len(list(scratch.iterdir())):06d}"
    last = 0
    for batch, offset in enumerate(range(0, n_rows, BATCH_ROWS)):
        with reading(path, source) as file:
            rows = file.slice(offset, BATCH_ROWS).collect()
        number = pl.int_range(offset + FIRST_ROW, offset + FIRST_ROW + rows.height, dtype=pl.Int32).alias(ROW)
        parts = order.of(clean_words(rows[header]), last)
        last = int(parts[-1])
        for key, piece in (
            rows.with_columns(number, pl.Series("__part", parts))
            .partition_by("__part", as_dict=True, include_key=False)
            .items()
        ):
            target = scratch / f"{name}-{batch:04d}-{key[0]:06d}{PARQUET.suffixes[0]}"
            piece.write_parquet(target, compression="lz4")
            pieces[int(key[0])].append(Slice(target, source, 0, piece.height, numbered=True))
    # A partition without rows in this file needs the columns, too.
    return [found or [Slice(path, source, 0, 0)] for found in pieces]

"""One partition of whole patients, from its records to the bytes that are written; the same on every engine."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any
from typing import Protocol as Shape

import polars as pl

from oligoscope.clinical.patients import derive_patients
from oligoscope.cohort.select import Flow, select_cohort
from oligoscope.csv_files import as_csv
from oligoscope.engines.contradictions import find_contradictions
from oligoscope.engines.written_tables import FileFormat, as_parquet, written_tables
from oligoscope.intake.issues import Issue
from oligoscope.intake.parquet.parquet_tables import PartTables
from oligoscope.study.protocol import Protocol
from oligoscope.study.schemas import TABLES, StudyTables, WholeStudy


class Part(Shape):
    """Where the records of a partition come from; it can be sent to another process."""

    def read(self) -> PartTables:
        """The records, validated."""
        ...


@dataclass(frozen=True)
class FramePart:
    """Records that were read and validated already."""

    tables: StudyTables
    n_left_out: int = 0

    def read(self) -> PartTables:
        """Nothing is left to do."""
        return PartTables(self.tables, (), self.n_left_out, 0)


@dataclass(frozen=True)
class Task:
    """What one worker needs to derive one partition."""

    number: int
    part: Part
    protocol: Protocol
    whole: WholeStudy
    file_format: FileFormat = "csv"


@dataclass(frozen=True)
class PartResult:
    """The result of one partition.

    Attributes:
        number: Which one, from 0.
        files: Table by table, the bytes to be written; only partition 0 has the header.
        flow: Who left, at which rule.
        issues: What validation found in it.
        n_anchored: Patients counted from the anchor date.
        seconds: Wall time of reading (with validation), deriving, and writing.
    """

    number: int
    files: dict[str, bytes]
    flow: Flow
    issues: tuple[Issue, ...]
    n_anchored: int
    seconds: tuple[float, float, float]


def derive_partition(task: Task) -> PartResult:
    """Read, derive, select; one partition."""
    began = time.perf_counter()
    read = task.part.read()
    was_read = time.perf_counter()
    derived = derive_patients(replace(read.tables, part_of=task.whole), task.protocol)
    cohort = select_cohort(derived.patients, task.protocol, read.n_left_out)
    tables = written_tables(derived, cohort, task.protocol)
    was_derived = time.perf_counter()
    if task.file_format == "csv":
        files = {name: as_csv(frame, header=task.number == 0) for name, frame in tables.items()}
    else:
        files = {name: as_parquet(frame) for name, frame in tables.items()}
    seconds = (was_read - began, was_derived - was_read, time.perf_counter() - was_derived)
    # Of records that were read and validated already they were found before; a finding is listed once.
    issues = (*read.issues, *find_contradictions(read.tables, derived, task.protocol))
    return PartResult(task.number, files, cohort.flow, issues, read.n_anchored, seconds)


def partition_tables(tables: StudyTables, size: int | None, n_left_out: int = 0) -> list[FramePart]:
    """Partitions of `size` whole patients in the order of the patients table; None is one partition."""
    n = tables.patients.height
    if size is None or n <= size:
        return [FramePart(tables, n_left_out)]
    parts = tables.patients.select("patient_id", (pl.int_range(pl.len()) // size).alias("__part"))
    pieces = {name: _pieces(getattr(tables, name), parts) for name in TABLES}
    found: list[FramePart] = []
    for i in range(-(-n // size)):
        frames: dict[str, Any] = {t: rows.get(i, getattr(tables, t).clear()) for t, rows in pieces.items()}
        found.append(FramePart(StudyTables(**frames, given=tables.given), n_left_out if i == 0 else 0))
    return found


def _pieces(frame: pl.DataFrame, parts: pl.DataFrame) -> dict[int, pl.DataFrame]:
    placed = frame.join(parts, on="patient_id", how="inner", maintain_order="left")
    return {
        int(key[0]): rows
        for key, rows in placed.partition_by("__part", as_dict=True, include_key=False).items()
    }

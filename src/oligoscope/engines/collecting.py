"""Results of partitions to files, in order, one partition in memory at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from oligoscope.cohort.select import Flow, FlowStep
from oligoscope.engines.partitions import PartResult
from oligoscope.engines.written_tables import FileFormat
from oligoscope.errors import DataError
from oligoscope.intake.checks.timing import anchor_issue
from oligoscope.intake.issues import Issue, Issues


@dataclass(frozen=True)
class Collected:
    """The result of all partitions, apart from the files.

    Attributes:
        flow: The account of all patients.
        issues: Everything validation found.
        seconds: Reading, deriving, writing, summed over partitions (which overlap in time).
    """

    flow: Flow
    issues: Issues
    seconds: tuple[float, float, float]


def collect(
    results: Iterable[PartResult],
    folder: Path,
    file_format: FileFormat = "csv",
    done: Callable[[int], None] = lambda _count: None,
    found_before: Iterable[Issue] = (),
) -> Collected:
    """Write the files of every partition one after the other.

    Args:
        results: In the order of the partitions.
        folder: Where the files go.
        file_format: csv is appended to; parquet is put together at the end.
        done: Called with the number of partitions written so far.
        found_before: Issues of the whole.
    """
    flows: list[Flow] = []
    issues: list[Issue] = list(found_before)
    seconds, n_anchored = [0.0, 0.0, 0.0], 0
    names: list[str] = []
    for expected, result in enumerate(results):
        if result.number != expected:
            raise DataError(
                f"Partition {expected} is missing: the engine returned partition {result.number}."
            )
        names = list(result.files)
        for name, rows in result.files.items():
            _append(folder, name, rows, file_format, result.number)
        flows.append(result.flow)
        issues += result.issues
        n_anchored += result.n_anchored
        seconds = [a + b for a, b in zip(seconds, result.seconds, strict=True)]
        done(expected + 1)
    if file_format == "parquet":
        for name in names:
            _put_together(folder, name)
    issues += anchor_issue(n_anchored)
    return Collected(add_flows(flows), Issues.of(issues), (seconds[0], seconds[1], seconds[2]))


def add_flows(flows: Sequence[Flow]) -> Flow:
    """The account of all partitions, of which each has every step, also those by which none of its patients left."""
    patterns = ((name, sum(dict(f.patterns)[name] for f in flows)) for name, _ in flows[0].patterns)
    steps = zip(*(f.every_step for f in flows), strict=True)
    sizes = {f"n_{name}": sum(f.sizes[name] for f in flows) for name in flows[0].sizes}
    return Flow(**sizes, patterns=tuple(patterns), every_step=tuple(map(_sum, steps)))


def _sum(steps: Sequence[FlowStep]) -> FlowStep:
    names = ("n_before", "n_excluded", "n_not_assessable", "n_died", "n_death_known")
    return replace(steps[0], **{name: sum(getattr(s, name) for s in steps) for name in names})


def _append(folder: Path, name: str, rows: bytes, file_format: FileFormat, number: int) -> None:
    if file_format == "csv":
        with (folder / f"{name}.csv").open("ab") as file:
            file.write(rows)
    else:
        (folder / f"{name}.{number:06d}.part").write_bytes(rows)


def _put_together(folder: Path, name: str) -> None:
    pieces = sorted(folder.glob(f"{name}.*.part"))
    pl.concat([pl.scan_parquet(piece) for piece in pieces]).sink_parquet(folder / f"{name}.parquet")
    for piece in pieces:
        piece.unlink()

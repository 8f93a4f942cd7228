"""Derive a study in partitions, on the engine that is asked for."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from oligoscope.engines.collecting import Collected, collect
from oligoscope.engines.partitions import Part, PartResult, Task, derive_partition
from oligoscope.engines.spark import derive_on_spark, spark_master
from oligoscope.engines.written_tables import FileFormat
from oligoscope.intake.issues import Issue
from oligoscope.study.protocol import Protocol
from oligoscope.study.schemas import WholeStudy

# Partitions in this process: polars uses every core, and two at a time fill the gaps it leaves; memory grows with it.
AT_ONCE = 2


@dataclass(frozen=True)
class How:
    """How a study is derived; none of it changes a byte of what is written.

    Attributes:
        engine: polars in this process, or an existing Spark.
        partition_patients: Patients in a partition; memory grows with it.
        master: URL of Spark's master; None is the environment's.
        file_format: Of the tables written.
    """

    engine: Literal["polars", "spark"] = "polars"
    partition_patients: int = 20_000
    master: str | None = None
    file_format: FileFormat = "csv"


def derive_into(
    folder: Path,
    parts: Sequence[Part],
    protocol: Protocol,
    whole: WholeStudy,
    how: How,
    progress: Callable[[str], None],
    found_before: Iterable[Issue] = (),
) -> Collected:
    """Derive every partition and write the tables into a folder.

    Args:
        folder: Empty; its files are complete only when this returns.
        parts: The study's partitions, in order.
        protocol: The study.
        whole: What is true of the study and may not show in a partition.
        how: The engine and the form of the files.
        progress: Called with "derive i/n" as partition i is written.
        found_before: Issues that are not of one partition.
    """
    tasks = [Task(i, part, protocol, whole, how.file_format) for i, part in enumerate(parts)]
    if how.engine == "spark":
        results = derive_on_spark(tasks, spark_master(how.master))
    else:
        results = derive_here(tasks)
    progress(f"derive 0/{len(tasks)}")
    return collect(
        results, folder, how.file_format, lambda done: progress(f"derive {done}/{len(tasks)}"), found_before
    )


def derive_here(tasks: Iterable[Task], at_once: int = AT_ONCE) -> Iterator[PartResult]:
    """Results in the order of the tasks; no more than `at_once` partitions are held."""
    waiting: deque[Future[PartResult]] = deque()
    with ThreadPoolExecutor(at_once) as threads:
        try:
            for task in tasks:
                if len(waiting) >= at_once:
                    yield waiting.popleft().result()
                waiting.append(threads.submit(derive_partition, task))
            while waiting:
                yield waiting.popleft().result()
        finally:
            threads.shutdown(cancel_futures=True)

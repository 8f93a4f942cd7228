"""Partitions on an existing Apache Spark: one Spark partition for each partition of the study, derived by the same code.

A task is sent pickled (where its records are, or the records themselves) to any free worker,
which returns the bytes to be written. Results are kept on the workers' disks until all are done,
then fetched in the order of the partitions. Spark repeats the work of a lost worker elsewhere.
The workers need Oligoscope in their Python and, for parquet tables, the same paths.
"""

# ruff: noqa: PLC0415  pyspark is an extra: it is imported where it is used

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from oligoscope.engines.partitions import PartResult, Task, derive_partition
from oligoscope.errors import UsageError

if TYPE_CHECKING:
    from pyspark import SparkContext  # pyright: ignore[reportMissingImports]  the extra [spark]

DEFAULT_MASTER = "local[2]"


def spark_master(named: str | None) -> str:
    """The master's URL: as named, else from SPARK_MASTER or MASTER in the environment, else this machine."""
    return named or os.environ.get("SPARK_MASTER") or os.environ.get("MASTER") or DEFAULT_MASTER


def derive_on_spark(tasks: Iterable[Task], master: str) -> Iterator[PartResult]:
    """Results in the order of the tasks; one at a time is held here.

    Raises:
        UsageError: pyspark is not installed, or no Spark answers at this master.
    """
    packed = [pickle.dumps(task) for task in tasks]
    with _context(master) as context:
        from pyspark import StorageLevel  # pyright: ignore[reportMissingImports]  the extra [spark]

        # Single tasks: with a worker only a partition or two are lost.
        results = context.parallelize(packed, len(packed)).map(_derive).persist(StorageLevel.DISK_ONLY)
        results.count()  # all of them, on all workers
        for result in results.toLocalIterator(prefetchPartitions=True):
            yield pickle.loads(result)


def _derive(packed: bytes) -> bytes:
    """On a worker."""
    return pickle.dumps(derive_partition(pickle.loads(packed)))


@contextmanager
def _context(master: str) -> Iterator[SparkContext]:
    try:
        from pyspark import SparkConf, SparkContext  # pyright: ignore[reportMissingImports]  the extra [spark]
    except ImportError:
        raise UsageError(
            '--engine spark needs pyspark, which is not installed. Install it:  pip install "oligoscope[spark]"',
            zh='--engine spark 需要 pyspark，尚未安装。安装：pip install "oligoscope[spark]"',
        ) from None
    # Workers on this machine run the same Python as this process; elsewhere PYSPARK_PYTHON names it.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    settings: dict[str, Any] = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
        "spark.task.maxFailures": "8",  # a worker that dies loses its tasks
    }
    conf = SparkConf().setMaster(master).setAppName("oligoscope")
    for name, value in settings.items():
        conf.setIfMissing(name, value)
    try:
        context = SparkContext.getOrCreate(conf)
    except Exception as error:
        raise UsageError(
            f"Spark cannot be reached at {master}: {error}", zh=f"无法连接 {master} 的 Spark：{error}"
        ) from None
    try:
        yield context
    finally:
        context.stop()

"""Partitions in this process: polars uses every core, and two partitions at a time fill the gaps it leaves."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from oligoscope.engines.partitions import PartResult, Task, derive_partition

AT_ONCE = 2  # memory grows with it; more than two gain little, as polars itself is parallel


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

"""Limits of the process that are known before the work and would end it without a word."""

from __future__ import annotations

import os
import threading

from oligoscope.errors import SystemRefusal
from oligoscope.system.refusals import as_refusal

if os.name != "nt":
    import resource

# Of addresses, not of memory used: below, libraries fail to load or abort the process, which nothing can catch.
LEAST_ADDRESSES = 1536 << 20  # bytes
LEAST_FILES = 32  # open at once; below, a table that is there counts as one that cannot be read


def must_fit() -> None:
    """Refuse where no thread can start, or too little memory or too few files may be used.

    Raises:
        SystemRefusal: Which limit, and what is needed.
    """
    allowed = _allowed("RLIMIT_AS")
    if allowed is not None and allowed < LEAST_ADDRESSES:
        least, mb = LEAST_ADDRESSES >> 20, allowed >> 20
        raise SystemRefusal(
            f"This process may use {mb} MB of memory (ulimit -v); at least {least} MB are needed. Raise the limit and try again.",
            zh=f"本进程只许使用 {mb} MB 内存（ulimit -v），至少需要 {least} MB。请提高该限制后重试。",
        )
    files = _allowed("RLIMIT_NOFILE")
    if files is not None and files < LEAST_FILES:
        raise SystemRefusal(
            f"This process may open {files} files at once (ulimit -n); at least {LEAST_FILES} are needed. Raise the limit and try again.",
            zh=f"本进程只许同时打开 {files} 个文件（ulimit -n），至少需要 {LEAST_FILES} 个。请提高该限制后重试。",
        )
    try:
        thread = threading.Thread(target=_nothing)
        thread.start()
        thread.join()
    except RuntimeError as error:
        raise as_refusal(error) or error from None


def _nothing() -> None:
    return None


def _allowed(limit: str) -> int | None:
    """The present value of a limit; None where there is none."""
    if os.name == "nt":
        return None
    allowed, _ = resource.getrlimit(getattr(resource, limit))
    return None if allowed == resource.RLIM_INFINITY else allowed

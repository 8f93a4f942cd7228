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


def must_fit() -> None:
    """Refuse where no thread can start or too little memory may be used.

    Raises:
        SystemRefusal: Which limit, and what is needed.
    """
    allowed = _addresses_allowed()
    if allowed is not None and allowed < LEAST_ADDRESSES:
        least, mb = LEAST_ADDRESSES >> 20, allowed >> 20
        raise SystemRefusal(
            f"This process may use {mb} MB of memory (ulimit -v); at least {least} MB are needed. Raise the limit and try again.",
            zh=f"本进程只许使用 {mb} MB 内存（ulimit -v），至少需要 {least} MB。请提高该限制后重试。",
        )
    try:
        thread = threading.Thread(target=_nothing)
        thread.start()
        thread.join()
    except RuntimeError as error:
        raise as_refusal(error) or error from None


def _nothing() -> None:
    return None


def _addresses_allowed() -> int | None:
    """Bytes; None where there is no limit."""
    if os.name == "nt":
        return None
    allowed, _ = resource.getrlimit(resource.RLIMIT_AS)
    return None if allowed == resource.RLIM_INFINITY else allowed

"""What of a journal's style is read while something is made: made again only where one of these has changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Reads = dict[str, str]  # what was read, and what it was, as text
_reads: ContextVar[Reads | None] = ContextVar("style_reads", default=None)


@contextmanager
def style_reads() -> Iterator[Reads]:
    """Gather what is read of the style inside this: `marks.decimal_mark`, `en.percent_space`, `italics.P`."""
    found: Reads = {}
    token = _reads.set(found)
    try:
        yield found
    finally:
        _reads.reset(token)


def reads_gathered() -> Reads | None:
    """Where what is read now is to be noted; None where it is not asked for."""
    return _reads.get()

"""How often memory is searched for objects that only hold each other."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_NEW_OBJECTS, _YOUNG, _OLD = 200_000, 50, 10


@contextmanager
def few_collections() -> Iterator[None]:
    """Search seldom: what a command has read stays until its end, and most of the searches find nothing."""
    before = gc.get_threshold()
    gc.set_threshold(_NEW_OBJECTS, _YOUNG, _OLD)
    try:
        yield
    finally:
        # All that is there counts as searched: else the usual thresholds search it at once, 0.3 s of a demo.
        gc.freeze()
        gc.unfreeze()
        gc.set_threshold(*before)

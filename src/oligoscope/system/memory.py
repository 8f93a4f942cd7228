"""How often memory is searched for objects that only hold each other."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# A picture is some 15,000 objects that hold each other. Where they wait longer, memory that was never used takes the place of
# theirs: with 200,000 and 50 a demo grows to 830 MB instead of 510, and the system's share of its time by a quarter.
_NEW_OBJECTS, _YOUNG, _OLD = 20_000, 5, 10


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

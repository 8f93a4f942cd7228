"""How often memory is searched for objects that only hold each other."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# A picture is some 15,000 objects that hold each other. Where they wait longer, memory that was never used takes the place of
# theirs: with 200,000 and 50 a demo grows to 780 MB instead of 480, and asks the system for new memory 100,000 times more (0.2 s).
# After 20 searches of what is new, all that a demo has read would be searched once more (0.07 s), for 50 objects.
_NEW_OBJECTS, _YOUNG, _OLD = 20_000, 50, 10


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


@contextmanager
def loading() -> Iterator[None]:
    """Load modules without a search, which would find nothing (0.1 s of a command), and leave what they hold out of later ones.

    A search writes to every object that it goes through: a copy of this process then has memory of its own for it.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()

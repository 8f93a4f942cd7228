"""Calls of the `survival` library: what it raises for data without an answer becomes one kind of error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from oligoscope.errors import NotEnoughData
from oligoscope.stats.doubts import Doubt


@contextmanager
def answering(what: str, reason: Doubt = Doubt.NO_ANSWER) -> Iterator[None]:
    """Raise NotEnoughData where the library finds a matrix without inverse or panics.

    Args:
        what: What is then missing, as in "no log-rank test".
        reason: Why it is missing.
    """
    try:
        yield
    except (RuntimeError, ValueError, ArithmeticError, np.linalg.LinAlgError) as error:
        raise _unanswered(what, reason) from error
    except BaseException as error:
        # A panic of compiled code is no Exception; pyo3 exports no name to catch it by.
        if type(error).__name__ != "PanicException":
            raise
        raise _unanswered(what, reason) from error


def _unanswered(what: str, reason: Doubt) -> NotEnoughData:
    return NotEnoughData(f"These follow-up times do not determine the model: {what}.", reason)

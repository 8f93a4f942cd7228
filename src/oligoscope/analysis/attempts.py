"""A model that has no answer is a number without value and with its reason; it never ends the run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from oligoscope.errors import DataError, NotEnoughData

T = TypeVar("T")
NO_ANSWER = "no_answer"
# What arithmetic and the libraries below stats/ can raise for data that are sound but do not determine a model.
_OF_ARITHMETIC = (DataError, np.linalg.LinAlgError, ArithmeticError)


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """Why a method gave nothing, as `warning` of results.csv holds it."""

    warning: str


def attempt(method: Callable[[], T], reason: str = "") -> T | NoAnswer:
    """What a method gives, or why these patients have no answer to it.

    Args:
        method: The call of a fit or a test.
        reason: The word of `study/withheld.py` where the method gives none of its own.
    """
    try:
        return method()
    except NotEnoughData as error:
        return NoAnswer(error.warning or reason or NO_ANSWER)
    except _OF_ARITHMETIC:
        return NoAnswer(reason or NO_ANSWER)

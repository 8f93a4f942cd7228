"""A model that has no answer is a number without value and with its reason; it never ends the run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from math import inf
from typing import Any, Protocol, TypeVar

import numpy as np

from oligoscope.errors import DataError, NotEnoughData
from oligoscope.results.methods import Method, MethodPart
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Kind, Statistic
from oligoscope.results.warnings import NO_WARNING, WarningCode, Warnings, join, of_error
from oligoscope.stats.comparison.test_result import GroupTest

T = TypeVar("T")
NO_ANSWER = WarningCode.NO_ANSWER()
# What arithmetic and the libraries below stats/ can raise for data that are sound but do not determine a model.
_OF_ARITHMETIC = (DataError, np.linalg.LinAlgError, ArithmeticError)


# Limits of a ratio so many times apart show that these patients do not determine it.
WIDEST_LIMITS = 1e6
UNDETERMINED = WarningCode.UNDETERMINED()


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """Why a method gave nothing, as `warning` of results.csv holds it."""

    warning: Warnings


def attempt(method: Callable[[], T], reason: Warnings = NO_WARNING) -> T | NoAnswer:
    """What a method gives, or why these patients have no answer to it.

    Args:
        method: The call of a fit or a test.
        reason: The warning where the method gives none of its own.
    """
    try:
        return method()
    except NotEnoughData as error:
        return NoAnswer(of_error(error.warning) or reason or NO_ANSWER)
    except _OF_ARITHMETIC:
        return NoAnswer(reason or NO_ANSWER)


def rows_of_test(
    keys: dict[str, Any], test: Callable[[], GroupTest], withheld: Warnings = NO_WARNING
) -> Iterator[dict[str, Any]]:
    """The P of a test, and its statistic where it has one; or why there is none.

    Args:
        keys: Of the rows.
        test: Its call.
        withheld: Why it is not done; blank where it is.
    """
    found = NoAnswer(withheld) if withheld else attempt(test, WarningCode.TOO_FEW_PATIENTS())
    if isinstance(found, NoAnswer):
        yield {**keys, "statistic": Statistic.P_VALUE, "warning": found.warning}
        return
    method = Method(MethodPart(found.name.value))
    yield {**keys, "statistic": Statistic.P_VALUE, "value": found.p_value, "method": method}
    if found.statistic is not None:
        yield {**keys, "statistic": Statistic.TEST_STATISTIC, "value": found.statistic, "method": method}
    if found.deviate is not None:
        yield {**keys, "statistic": Statistic.Z_STATISTIC, "value": found.deviate, "method": method}


def p_of(test: _WithP | NoAnswer) -> dict[str, Any]:
    """The P of a test, or why there is none, as fields of an estimate."""
    return {"warning": test.warning} if isinstance(test, NoAnswer) else {"value": test.p_value}


class _WithP(Protocol):
    @property
    def p_value(self) -> float: ...


def is_undetermined(low: float, high: float) -> bool:
    """Whether the limits of a ratio are so far apart that it is undetermined."""
    return not (0 < low and high <= WIDEST_LIMITS * low)


def withhold_undetermined(estimates: Iterable[Estimate]) -> list[Estimate]:
    """The same, without the hazard and odds ratios that their limits do not determine."""
    return [_withheld(e) if _is_undetermined(e) else e for e in estimates]


def _is_undetermined(e: Estimate) -> bool:
    if e.statistic.kind is not Kind.RATIO or e.value is None or e.low is None:
        return False
    return is_undetermined(e.low, inf if e.high is None else e.high)


def _withheld(e: Estimate) -> Estimate:
    return replace(e, value=None, low=None, high=None, warning=join(e.warning, UNDETERMINED))

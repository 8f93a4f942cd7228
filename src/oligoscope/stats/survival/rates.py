"""Events over the time at risk, with exact limits."""

from __future__ import annotations

from dataclasses import dataclass

from scipy import special

from oligoscope.errors import DataError
from oligoscope.stats.arrays import check_level


@dataclass(frozen=True, slots=True)
class Rate:
    """Events in one unit of time at risk, and its limits."""

    value: float
    low: float
    high: float


def rate(events: int, time: float, level: float = 0.95) -> Rate:
    """A rate with the exact limits of a Poisson count (R: `poisson.test(events, time)`).

    Args:
        events: How many, >= 0.
        time: Sum of the times at risk, above 0.
        level: Confidence level.

    Raises:
        DataError: A negative count, or no time.

    References:
        Garwood 1936.
    """
    check_level(level)
    if events < 0 or not time > 0:
        raise DataError(
            f"A rate needs 0 events or more and a time above 0; it was given {events} in {time:g}."
        )
    tail = (1 - level) / 2
    low = 0.0 if events == 0 else float(special.gammaincinv(events, tail))
    high = float(special.gammainccinv(events + 1, tail))
    return Rate(events / time, low / time, high / time)

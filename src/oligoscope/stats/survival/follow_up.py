"""Follow-up times and events, checked before any time-to-event method."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oligoscope.errors import DataError, NotEnoughData
from oligoscope.stats.arrays import Floats, check_length, check_numbers, refuse, refuse_unless_binary
from oligoscope.stats.doubts import Doubt

BEFORE_START = -1.0  # months; any time before 0


@dataclass(frozen=True, slots=True, eq=False)
class FollowUp:
    """Follow-up of n patients: months, shape (n,); events as 0 or 1, shape (n,)."""

    months: Floats
    events: NDArray[np.int32]

    @property
    def n_events(self) -> int:
        """How many follow-ups ended in the event."""
        return int(self.events.sum())


def check_follow_up(months: ArrayLike, died: ArrayLike) -> FollowUp:
    """Follow-up as arrays.

    Raises:
        NotEnoughData: No patient.
        DataError: Lengths differ; a time is missing, infinite or negative; an event is missing or is
            neither True/False nor 0/1 (1 = censored, 2 = dead is refused, not guessed).
    """
    times = check_numbers(months, "follow-up time")
    if times.size == 0:
        raise NotEnoughData("There is no patient to follow up.", Doubt.NO_PATIENTS)
    # The library accepts negative times without a warning.
    refuse(times < 0, times, "follow-up time", "is negative", "Time is counted from the start: it is >= 0.")
    return FollowUp(times, _check_events(np.asarray(died), times.size))


def check_entry(entry: ArrayLike | None, seen: FollowUp) -> Floats | None:
    """When each patient came under observation, in months, shape (n,); None where all were from the start.

    An entry of 0 is returned as one before the start: these patients are at risk at time 0, too, as without entries.

    Raises:
        DataError: Lengths differ; an entry is missing, negative, or not before the end of follow-up (0 and 0 may be).
    """
    if entry is None:
        return None
    begun = check_length(entry, seen.months.size, "entry")
    problem = "is negative or not before the end of follow-up"
    late = (begun >= seen.months) & (begun > 0)
    refuse((begun < 0) | late, begun, "entry", problem, "Expected 0 <= entry < months.")
    return np.where(begun == 0, BEFORE_START, begun)


def _check_events(died: NDArray[Any], n: int) -> NDArray[np.int32]:
    if died.shape != (n,):
        raise DataError(f"There are {n} follow-up times but {died.size} events; give one to a patient.")
    refuse_unless_binary(died, "event", "Code the event 1 (or True), a censoring 0 (or False).")
    return died.astype(np.int32)

"""Follow-up cut into episodes: at a time, at a change of state, at a landmark. (entry, months] is at risk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oligoscope.errors import DataError, NotEnoughData, UsageError
from oligoscope.stats.arrays import Floats, Ints, as_numbers, frozen
from oligoscope.stats.survival.follow_up import FollowUp, check_entry, check_follow_up


@dataclass(frozen=True, slots=True, eq=False)
class Episodes:
    """Follow-up of n patients as m episodes, in the patients' order; arrays of length m, read-only.

    Attributes:
        patient: Whose it is: the row of what was given.
        entry: When it begins, exclusive.
        months: When it ends, inclusive.
        died: Whether it ended in the event.
        state: The period (0, 1, …), or whether the state had changed (0 before, 1 after).
        n_without_time: Patients with follow-up of 0 months, who are at risk at no time and left out.
    """

    patient: Ints
    entry: Floats
    months: Floats
    died: NDArray[np.bool_]
    state: Ints
    n_without_time: int


@dataclass(frozen=True, slots=True, eq=False)
class Landmark:
    """Who is still under observation, free of the event, after a landmark, and their follow-up from there.

    Attributes:
        kept: Shape (n,) of what was given.
        months: Since the landmark, of those kept.
        died: Of those kept.
        at: The landmark, in months.
        n_died_before: Left out: the event came by then.
        n_censored_before: Left out: follow-up ended by then.
        entry: When those kept came under observation, since the landmark; None where all were from the start.
    """

    kept: NDArray[np.bool_]
    months: Floats
    died: NDArray[np.bool_]
    at: float
    n_died_before: int
    n_censored_before: int
    entry: Floats | None = None


def split_at(
    months: ArrayLike, died: ArrayLike, cuts: Sequence[float], *, entry: ArrayLike | None = None
) -> Episodes:
    """Cut the follow-up of all patients at the same times (R: `survSplit`); `state` is the period, from 0.

    An event at a cut belongs to the period that ends there.

    Args:
        months: Follow-up of each patient, shape (n,), finite, >= 0.
        died: True where follow-up ended in the event, shape (n,).
        cuts: In months, above 0, ascending.
        entry: Delayed entry, as of `cox`: no episode is before it.

    Raises:
        DataError: As `check_follow_up`.
        NotEnoughData: No patient.
        UsageError: The cuts are not above 0 and ascending.
    """
    seen = check_follow_up(months, died)
    edges = np.concatenate([[0.0], np.asarray(cuts, dtype=np.float64), [np.inf]])
    if not np.all(np.diff(edges) > 0):
        raise UsageError(f"The cuts are {list(cuts)}; expected months above 0, ascending.")
    begun = _begun(entry, seen)
    patient, state = np.nonzero((seen.months[:, None] > edges[:-1]) & (begun[:, None] < edges[1:]))
    end = np.minimum(seen.months[patient], edges[1:][state])
    begin = np.maximum(edges[state], begun[patient])
    return _episodes(seen.months, seen.events, patient, begin, end, state)


def split_at_change(
    months: ArrayLike, died: ArrayLike, changed_at: ArrayLike, *, entry: ArrayLike | None = None
) -> Episodes:
    """Cut each patient's follow-up where their own state changed (R: `tmerge` with `tdc`); `state` is 0, then 1.

    A change at 0 or before holds throughout. A change at the end of follow-up or later is never at risk: an
    event at that very time belongs to the state before.

    Args:
        months: Follow-up of each patient, shape (n,), finite, >= 0.
        died: True where follow-up ended in the event, shape (n,).
        changed_at: When, in months; NaN where never, shape (n,).
        entry: Delayed entry, as of `cox`: no episode is before it.

    Raises:
        DataError: As `check_follow_up`; or lengths differ.
        NotEnoughData: No patient.
    """
    seen = check_follow_up(months, died)
    change = as_numbers(changed_at, "time of change")
    if change.shape != seen.months.shape:
        raise DataError(f"There are {seen.months.size} patients but {change.size} times of change.")
    change = np.clip(np.where(np.isnan(change), np.inf, change), 0.0, seen.months)
    begun = _begun(entry, seen)
    begin = np.column_stack([begun, np.maximum(change, begun)])
    end = np.column_stack([change, seen.months])
    patient, state = np.nonzero(end > begin)
    return _episodes(seen.months, seen.events, patient, begin[patient, state], end[patient, state], state)


def _begun(entry: ArrayLike | None, seen: FollowUp) -> Floats:
    """When each patient came under observation."""
    begun = check_entry(entry, seen)
    return np.zeros_like(seen.months) if begun is None else np.maximum(begun, 0.0)


def start_at_landmark(
    months: ArrayLike, died: ArrayLike, at: float, *, entry: ArrayLike | None = None
) -> Landmark:
    """Keep those followed beyond a landmark without the event, and count their time from it.

    Patients whose event or last follow-up is at the landmark itself are left out. The groups compared must be known by then.

    Args:
        months: Follow-up of each patient, shape (n,), finite, >= 0.
        died: True where follow-up ended in the event, shape (n,).
        at: The landmark, in months, >= 0.
        entry: Delayed entry, as of `cox`; who enters after the landmark is at risk from then on.

    Raises:
        DataError: As `check_follow_up`.
        NotEnoughData: No patient is left at the landmark.
        UsageError: The landmark is negative.

    References:
        Anderson, Cain & Gelber 1983.
    """
    if not at >= 0:
        raise UsageError(f"The landmark is {at} months; expected 0 or more.")
    seen = check_follow_up(months, died)
    begun = check_entry(entry, seen)
    kept = seen.months > at
    if not kept.any():
        raise NotEnoughData(f"No patient is under observation beyond the landmark of {at:g} months.")
    event = seen.events == 1
    return Landmark(
        kept=frozen(kept, np.bool_),
        months=frozen(seen.months[kept] - at),
        died=frozen(event[kept], np.bool_),
        at=float(at),
        n_died_before=int((event & ~kept).sum()),
        n_censored_before=int((~event & ~kept).sum()),
        entry=None if begun is None else frozen(np.maximum(begun[kept] - at, 0.0)),
    )


def _episodes(
    months: Floats, events: NDArray[np.int32], patient: Ints, entry: Floats, end: Floats, state: Ints
) -> Episodes:
    return Episodes(
        patient=frozen(patient, np.int64),
        entry=frozen(entry),
        months=frozen(end),
        died=frozen((events[patient] == 1) & (end == months[patient]), np.bool_),
        state=frozen(state, np.int64),
        n_without_time=int((months == 0).sum()),
    )

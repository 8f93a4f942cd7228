"""The Nelson-Aalen cumulative hazard of each patient: the form in which survival enters an imputation model."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from oligoscope.stats.arrays import Floats, frozen
from oligoscope.stats.survival.follow_up import check_entry, check_follow_up

Ties = Literal["nelson-aalen", "efron"]


def nelson_aalen(
    months: ArrayLike, died: ArrayLike, ties: Ties = "nelson-aalen", *, entry: ArrayLike | None = None
) -> Floats:
    """Cumulative hazard up to and including each patient's own follow-up time, shape (n,), read-only.

    Put into an imputation model together with the event indicator, in place of the time or its logarithm.

    Args:
        months: Follow-up of each patient, shape (n,), finite, >= 0.
        died: True where follow-up ended in the event, shape (n,).
        ties: "nelson-aalen" adds d/n at a time with d events among n at risk (R: `survfit(...)$cumhaz`);
            "efron" adds 1/n + 1/(n - 1) + ... (R: `mice::nelsonaalen`). Without ties they are the same.
        entry: Delayed entry: at risk from then on (entry < t <= months), shape (n,).

    Raises:
        DataError: Lengths differ, a time is negative or missing, an event is not 0 or 1.
        NotEnoughData: No patient.

    References:
        White & Royston, Stat Med 2009, 28:1982; Nelson 1972; Aalen 1978.
    """
    seen = check_follow_up(months, died)
    begun = check_entry(entry, seen)
    times, place, n_at_time = np.unique(seen.months, return_inverse=True, return_counts=True)
    n_at_risk = np.cumsum(n_at_time[::-1])[::-1]
    if begun is not None:
        n_at_risk = n_at_risk - (begun.size - np.searchsorted(np.sort(begun), times, side="left"))
    n_events = np.bincount(place, weights=seen.events, minlength=n_at_time.size).astype(np.int64)
    if ties == "efron":
        first = np.repeat(np.cumsum(n_events) - n_events, n_events)
        gone = np.arange(n_events.sum()) - first
        terms = 1 / (np.repeat(n_at_risk, n_events) - gone)
        steps = np.bincount(np.repeat(np.arange(n_events.size), n_events), terms, n_events.size)
    else:
        steps = n_events / n_at_risk
    return frozen(np.cumsum(steps)[place])

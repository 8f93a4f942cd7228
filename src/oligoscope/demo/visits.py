"""When patients were scanned: on the planned days, a few days off, and on the day of a progression between them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from oligoscope.demo.draws import Bools, Floats, Ints, rank_within
from oligoscope.demo.schedule import scan_days, scans_until

SHORTEST_GAP = 5  # days between two scans
SCAN_AFTER_PROGRESSION = 0.55  # share with one more scan, four to eight weeks after the progression


@dataclass(frozen=True)
class Visits:
    """Scan visits, sorted by patient and number; 0 is the baseline.

    Attributes:
        patient: Row of the patient, shape (visits,).
        number: 0, 1, …; `last` is the progression or the last scan, one more may follow.
        day: Days from treatment start.
        last: Number of the last planned visit, shape (patients,).
        has_after: A scan follows the progression, shape (patients,).
        offset: Index of each patient's baseline visit, shape (patients,).
    """

    patient: Ints
    number: Ints
    day: Ints
    last: Ints
    has_after: Bools
    offset: Ints


def draw_visits(rng: np.random.Generator, course: pl.DataFrame) -> Visits:
    """The scans of every patient, so that the last planned one falls on `last_scan_day`."""
    end_scan, end = course["last_scan_day"].to_numpy(), course["end_day"].to_numpy()
    last = scans_until(end_scan)
    after = end_scan + rng.integers(30, 57, len(end))
    wanted = rng.random(len(end)) < SCAN_AFTER_PROGRESSION
    has_after = (course["progressed_day"].to_numpy() > 0) & wanted & (after < end)
    n_visits = last + 1 + has_after
    patient = np.repeat(np.arange(len(end)), n_visits)
    number = rank_within(patient)
    planned = scan_days(rng, np.clip(number, 1, np.maximum(last[patient], 1)))
    day = np.minimum(planned, end_scan[patient] - SHORTEST_GAP * (last[patient] - number))
    day = np.where(number == last[patient], end_scan[patient], day)
    day = np.where(number > last[patient], after[patient], day)
    day = np.where(number == 0, -rng.integers(1, 22, len(patient)), day)
    return Visits(patient, number, day, last, has_after, np.cumsum(n_visits) - n_visits)


def fraction_to(visit: Ints, target: Ints) -> Floats:
    """How far a visit is on the way from the baseline (0) to visit `target` (1), at most 1."""
    return np.minimum(visit / np.maximum(target, 1), 1.0)

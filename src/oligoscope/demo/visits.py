"""When patients were scanned: every six weeks in the first year, every ten weeks later, a few days off."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from oligoscope.demo.draws import Bools, Floats, Ints, rank_within

# Planned days: the paper names no schedule; this is the usual one with chemo-immunotherapy.
SCHEDULE = np.cumsum([0] + [42] * 9 + [70] * 40)
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
    last = np.where(end_scan > 0, np.maximum(_nearest(end_scan), 1), 0)
    after = end_scan + rng.integers(30, 57, len(end))
    wanted = rng.random(len(end)) < SCAN_AFTER_PROGRESSION
    has_after = (course["progressed_day"].to_numpy() > 0) & wanted & (after < end)
    n_visits = last + 1 + has_after
    patient = np.repeat(np.arange(len(end)), n_visits)
    number = rank_within(patient)
    # The plan is stretched to the last scan, so that gaps stay even; a few days of chance are added.
    stretch = end_scan / np.maximum(SCHEDULE[last], 1)
    chance = rng.integers(-3, 4, len(patient)).clip(-_slack(last)[patient], _slack(last)[patient])
    day = np.round(SCHEDULE[np.minimum(number, last[patient])] * stretch[patient]).astype(np.int64) + chance
    day = np.where(number == last[patient], end_scan[patient], day)
    day = np.where(number > last[patient], after[patient], day)
    day = np.where(number == 0, -rng.integers(1, 22, len(patient)), day)
    return Visits(patient, number, day, last, has_after, np.cumsum(n_visits) - n_visits)


def _slack(last: Ints) -> Ints:
    """Days a visit may move: less where the first two scans are close already."""
    return np.where(last <= 2, 2, 3)


def _nearest(day: Ints) -> Ints:
    """Number of the planned visit nearest to a day."""
    middles = (SCHEDULE[1:] + SCHEDULE[:-1]) / 2
    return np.searchsorted(middles, day.astype(float), side="right")


def fraction_to(visit: Ints, target: Ints) -> Floats:
    """How far a visit is on the way from the baseline (0) to visit `target` (1), at most 1."""
    return np.minimum(visit / np.maximum(target, 1), 1.0)

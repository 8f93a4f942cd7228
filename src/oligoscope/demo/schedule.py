"""When scans are planned, and on which days progressions are found: near planned scans, seldom between them."""

from __future__ import annotations

import numpy as np

from oligoscope.demo.draws import Floats, Ints

# Assumptions; the paper names no schedule. As in trials of chemo-immunotherapy: every six weeks for half a year,
# every nine weeks to the end of the first year, then every twelve.
INTERVALS = np.array([42] * 4 + [63] * 3 + [84] * 30)
PLANNED = np.concatenate([[0], np.cumsum(INTERVALS)])  # days; 0 is the baseline
SPREAD = 0.1  # standard deviation of the day of a scan, as a part of the interval before it
BETWEEN = 0.15  # share of progressions found between planned scans, on a scan for symptoms
CLOSEST = 21  # days after a planned scan before which another one is that scan, done late

EARLIEST_PROGRESSION = 30  # days: a scan for symptoms at four weeks
BEFORE_SIX_MONTHS, AFTER_SIX_MONTHS = 180, 186  # days: no patient progresses on the anniversary itself


def found_days(smooth: Floats) -> Floats:
    """Days on which progressions are found that would otherwise come at the smooth times.

    Each interval between planned scans keeps its progressions and their order; most move to the scan in it. The same
    map holds for all patients, so that ratios of hazards, which depend on the order of times alone, stay as they are.
    """
    return np.interp(smooth, _SMOOTH, _FOUND)


def smooth_days(found: Floats) -> Floats:
    """The smooth times of progressions found on these days: the inverse of `found_days`."""
    return np.interp(found, _FOUND, _SMOOTH)


def scan_days(rng: np.random.Generator, number: Ints) -> Ints:
    """Days of planned scans (1, 2, …) as they were done."""
    chance = rng.standard_normal(len(number)).clip(-2.5, 2.5) * SPREAD * INTERVALS[number - 1]
    return PLANNED[number] + np.round(chance).astype(np.int64)


def scans_until(day: Ints) -> Ints:
    """Number of the scan done on a day after the planned ones before it; 0 on day 0."""
    return np.where(day > 0, np.searchsorted(PLANNED[1:] + CLOSEST, day, side="right") + 1, 0)


def _map() -> tuple[Floats, Floats]:
    """Smooth times and, for each, the day on which it is found."""
    days = np.arange(EARLIEST_PROGRESSION, PLANNED[-2], 0.25)
    borders = np.concatenate(
        [[EARLIEST_PROGRESSION], PLANNED[1:-1] + np.minimum(INTERVALS[:-1], INTERVALS[1:]) / 2]
    )
    on_anniversary = (days >= BEFORE_SIX_MONTHS) & (days < AFTER_SIX_MONTHS)
    found = np.zeros(len(days))
    for planned, interval, start, end in zip(PLANNED[1:], INTERVALS, borders, borders[1:], strict=False):
        inside = (days >= start) & (days < end) & ~on_anniversary
        at_scan = np.exp(-0.5 * ((days - planned) / (SPREAD * interval)) ** 2) * inside
        found += (end - start) * ((1 - BETWEEN) * at_scan / at_scan.sum() + BETWEEN * inside / inside.sum())
    return EARLIEST_PROGRESSION + np.cumsum(found) - found, days


_SMOOTH, _FOUND = _map()

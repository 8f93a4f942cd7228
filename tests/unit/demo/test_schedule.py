"""Scans follow the plan, and progressions are found at them."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from oligoscope.demo import schedule
from oligoscope.demo.cohort import SyntheticCohort, make_cohort
from oligoscope.demo.schedule import PLANNED, found_days, scans_until, smooth_days
from oligoscope.stats.survival.cox import cox

DAYS = np.arange(schedule.EARLIEST_PROGRESSION, 2000.0)


@pytest.fixture(scope="module")
def cohort() -> SyntheticCohort:
    return make_cohort(20250408)


def from_plan(day: np.ndarray) -> np.ndarray:
    """Days to the nearest planned scan after the baseline."""
    return np.abs(np.asarray(day)[:, None] - PLANNED[1:]).min(axis=1)


def after_start(cohort: SyntheticCohort, table: pl.DataFrame, on: str) -> np.ndarray:
    starts = cohort.tables["patients"].select("patient_id", "treatment_started_on")
    rows = table.drop_nulls(on).join(starts, on="patient_id", maintain_order="left")
    return (rows[on] - rows["treatment_started_on"]).dt.total_days().to_numpy()


def test_the_plan_is_six_then_nine_then_twelve_weeks():
    assert list(PLANNED[:11] // 7) == [0, 6, 12, 18, 24, 33, 42, 51, 63, 75, 87]


def test_the_day_on_which_it_is_found_keeps_the_order_and_can_be_turned_back():
    found = found_days(DAYS)

    assert (np.diff(found) > 0).all()
    assert smooth_days(found) == pytest.approx(DAYS, abs=0.5)
    assert np.abs(found - DAYS).max() < 42  # half of the longest interval


def test_no_progression_is_found_on_the_anniversary_of_six_months():
    found = found_days(np.arange(30, 400, 0.01))

    assert not ((found > schedule.BEFORE_SIX_MONTHS) & (found < schedule.AFTER_SIX_MONTHS - 0.5)).any()


def test_ratios_of_hazards_stay_as_they_are():
    """They depend on the order of the times alone."""
    rng = np.random.default_rng(1)
    days = 30 + np.r_[rng.exponential(100, 200), rng.exponential(200, 200)].clip(max=1900)
    design, event = np.repeat([1.0, 0.0], 200), np.ones(400, dtype=bool)

    smooth, found = cox(days, event, design), cox(found_days(days), event, design)

    assert found.hazard_ratios == pytest.approx(smooth.hazard_ratios)


def test_a_scan_done_within_three_weeks_of_the_planned_day_is_that_scan():
    assert list(scans_until(np.array([0, 30, 42, 62, 70, 84, 168, 190, 231]))) == [0, 1, 1, 1, 2, 2, 4, 5, 5]


def test_the_curve_of_progression_falls_at_the_scans(cohort: SyntheticCohort):
    """Six of seven progressions within ten days of a planned scan, whose days are two in five of the first year."""
    off = from_plan(after_start(cohort, cohort.truth, "progressed_on"))

    assert (off <= 10).mean() == pytest.approx(0.86, abs=0.02)
    assert (off > 10).any()


def test_patients_are_scanned_as_planned_a_few_days_off(cohort: SyntheticCohort):
    scans = cohort.tables["measurements"].select("patient_id", "assessed_on").unique(maintain_order=True)
    before = scans.join(cohort.truth, on="patient_id", maintain_order="left").filter(
        pl.col("progressed_on").is_null() | (pl.col("assessed_on") < pl.col("progressed_on"))
    )
    day = after_start(cohort, before, "assessed_on")
    first_year = day[(day > 0) & (day < 365)]

    assert np.quantile(from_plan(first_year), [0.5, 0.9, 1]) == pytest.approx([3, 8, 16], abs=1)


def test_one_in_six_or_seven_first_events_is_a_death_between_scans(cohort: SyntheticCohort):
    treated = cohort.truth.filter(pl.col("excluded") == "").join(cohort.tables["patients"], on="patient_id")
    n_progressed = treated["progressed_on"].count()
    n_died = treated.filter(pl.col("progressed_on").is_null())["died_on"].count()

    assert n_died / (n_progressed + n_died) == pytest.approx(0.155, abs=0.02)

"""Who is compared from a landmark after progression: patients alive and followed beyond its day (Anderson 1983; Dafni 2011)."""

from __future__ import annotations

import polars as pl
import pytest

from oligoscope.questions.landmark.after_progression import compare_after_progression
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic, landmark_after
from oligoscope.results.warnings import WarningCode
from oligoscope.study.months import DAYS_PER_MONTH
from oligoscope.study.protocol import AnalysisSettings

OLIGO, SYSTEMIC = "oligoprogression", "systemic"
WINDOW = 28
# Pattern, days from progression to the end of follow-up, whether it was death.
PATIENTS = [
    (OLIGO, 27, True),  # dead before the day
    (OLIGO, 28, True),  # dead on the day
    (OLIGO, 29, True),
    (OLIGO, 400, False),
    (SYSTEMIC, 28, False),  # last seen on the day
    (SYSTEMIC, 5, True),
    (SYSTEMIC, 58, True),
    (SYSTEMIC, 88, True),
    (None, 300, True),  # without a pattern: in no group
    (OLIGO, None, None),  # not followed after progression
]


def patients(*rows: tuple, entered: tuple[int | None, ...] = ()) -> pl.DataFrame:
    columns = {
        "patient_id": [f"P{i}" for i in range(len(rows))],
        "pattern": [r[0] for r in rows],
        "pps_days": [r[1] for r in rows],
        "pps_event": [None if r[2] is None else int(r[2]) for r in rows],
    }
    own = {"pps_entry_days": list(entered)} if entered else {}
    return pl.DataFrame(columns | own, schema_overrides={"pattern": pl.String})


def asked(**settings) -> AnalysisSettings:
    return AnalysisSettings(kind="landmark_after_progression", minimum_events=1, **settings)


def numbers(found: list[Estimate], statistic: Statistic) -> dict[str, float | None]:
    return {e.group: e.value for e in found if e.statistic == statistic}


def test_the_dead_and_those_last_seen_by_the_day_are_left_out_and_counted():
    found, _ = compare_after_progression(patients(*PATIENTS), asked(), WINDOW)

    assert numbers(found, Statistic.N_DIED_BEFORE) == {OLIGO: 2, SYSTEMIC: 1}
    assert numbers(found, Statistic.N_CENSORED_BEFORE) == {OLIGO: 0, SYSTEMIC: 1}
    assert numbers(found, Statistic.N) == {OLIGO: 2, SYSTEMIC: 2}
    assert numbers(found, Statistic.EVENTS) == {OLIGO: 1, SYSTEMIC: 2}


def test_time_is_counted_from_the_landmark():
    """Systemic: deaths 30 and 60 days after it; the curve stays at a half between them, so that the median is their middle."""
    found, _ = compare_after_progression(patients(*PATIENTS), asked(), WINDOW)

    assert numbers(found, Statistic.MEDIAN)[SYSTEMIC] == pytest.approx(45 / DAYS_PER_MONTH)


@pytest.mark.parametrize(
    ("settings", "window", "day"),
    [({}, 28, 28), ({}, 42, 42), ({"landmark_days": 60}, 28, 60), ({"landmark_days": 0}, 28, 0)],
)
def test_the_landmark_is_the_window_of_the_scans_unless_days_are_set(settings, window, day):
    found, _ = compare_after_progression(patients(*PATIENTS), asked(**settings), window)

    assert {e.variable for e in found} == {landmark_after(day)}


def test_a_patient_who_entered_after_the_landmark_is_at_risk_from_then_on():
    """The death 10 days after the landmark has only the other in its risk set: they entered 20 days after it."""
    rows = [(OLIGO, 38, True), (OLIGO, 128, True), (SYSTEMIC, 90, True), (SYSTEMIC, 300, False)]
    late = patients(*rows, entered=(0, 48, 0, 0))

    _, series = compare_after_progression(late, asked(), WINDOW)

    steps = series["landmark_after_progression/progressed/pattern"].filter(pl.col("group") == OLIGO)
    assert steps["n_at_risk"].to_list()[:2] == [1, 1]
    assert steps["survival"].to_list()[1] == 0.0


def test_with_one_group_left_at_the_landmark_nothing_is_compared():
    rows = [(OLIGO, 20, True), (OLIGO, 28, True), (SYSTEMIC, 90, True), (SYSTEMIC, 300, False)]

    found, series = compare_after_progression(patients(*rows), asked(), WINDOW)

    (ratio,) = [e for e in found if e.statistic == Statistic.HAZARD_RATIO]
    assert (ratio.value, ratio.warning) == (None, WarningCode.TOO_FEW_EVENTS(minimum=1))
    assert numbers(found, Statistic.N)[OLIGO] == 0
    assert all(frame.is_empty() for frame in series.values())


def test_a_group_smaller_than_the_study_allows_is_counted_and_not_described():
    found, _ = compare_after_progression(patients(*PATIENTS), asked(), WINDOW, minimum_group=3)

    assert numbers(found, Statistic.MEDIAN) == {OLIGO: None, SYSTEMIC: None}
    (ratio,) = [e for e in found if e.statistic == Statistic.HAZARD_RATIO]
    assert ratio.warning == WarningCode.TOO_FEW_IN_GROUP(minimum=3)

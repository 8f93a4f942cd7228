"""Landmark and time-dependent comparisons on patients small enough to follow by hand."""

from __future__ import annotations

import polars as pl
import pytest

from oligoscope.questions.landmark.numbers import compare_at_landmarks, fit_time_dependent, start_stop
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import WarningCode
from oligoscope.study.months import DAYS_PER_MONTH
from oligoscope.study.protocol import AnalysisSettings

SETTINGS = AnalysisSettings(kind="landmark", population="treated")


def people(*rows: tuple) -> pl.DataFrame:
    """Patients as (progressed month or None, pattern, months to the end, died)."""
    days = [
        (None if r[0] is None else round(r[0] * DAYS_PER_MONTH), r[1], round(r[2] * DAYS_PER_MONTH), r[3])
        for r in rows
    ]
    return pl.DataFrame(
        {
            "patient_id": [f"P{i}" for i in range(len(days))],
            "progressed_day": [d[0] for d in days],
            "pattern": [d[1] for d in days],
            "os_days": [d[2] for d in days],
            "os_event": [int(d[3]) for d in days],
            "progressed": ["no" if d[0] is None else "yes" for d in days],
        },
        schema_overrides={"progressed_day": pl.Int32, "pattern": pl.String},
    )


def test_a_landmark_groups_by_what_was_known_then_and_leaves_out_the_dead():
    patients = people(
        (1, "systemic", 2, True),  # dead before 3 months
        (2, "oligoprogression", 10, True),
        (5, "systemic", 12, True),  # has not progressed at 3 months, has at 6
        (None, None, 20, False),
    )

    found, _ = compare_at_landmarks(patients, SETTINGS)

    n = {(e.variable, e.group): e.value for e in found if e.statistic == Statistic.N}
    assert n["landmark_3_months", "no_progression"] == 2
    assert n["landmark_3_months", "oligoprogression"] == 1
    assert n["landmark_3_months", "systemic"] == 0
    assert n["landmark_6_months", "systemic"] == 1


def test_with_progressed_patients_alone_both_are_withheld_with_the_reason():
    patients = people((1, "systemic", 2, True), (2, "oligoprogression", 10, True))

    landmark, series = compare_at_landmarks(patients, SETTINGS)
    model = fit_time_dependent(patients, SETTINGS)

    assert [e.warning for e in landmark] == [WarningCode.ONLY_PROGRESSED_PATIENTS()]
    assert series == {}
    assert [(e.value, e.warning) for e in model] == [(None, WarningCode.ONLY_PROGRESSED_PATIENTS())]


def test_where_no_patient_was_followed_the_model_is_withheld():
    patients = people((None, None, 0, False), (1, "systemic", 0, False))

    found = fit_time_dependent(patients, SETTINGS)

    ratios = [e for e in found if e.statistic == Statistic.HAZARD_RATIO]
    assert [e.value for e in ratios] == [None] * 3
    assert all(e.warning.startswith("too_few_events") for e in ratios)


def test_time_before_progression_belongs_to_the_state_without_it():
    """Therneau's start-stop rows: time before progression counts in the group before it, never in the later one."""
    rows = start_stop(
        people(
            (2, "oligoprogression", 10, True),
            (None, None, 7, False),
            (3, None, 9, True),  # progression of unknown pattern: leaves there, alive
            (4, "systemic", 4, True),  # dies the day of progression: after it
        )
    ).sort("patient_id", "start")

    table = [
        (r["patient_id"], r["state"], round(r["start"], 1), round(r["stop"], 1), r["event"])
        for r in rows.to_dicts()
    ]
    assert table == [
        ("P0", "no_progression", 0.0, 2.0, 0),
        ("P0", "oligoprogression", 2.0, 10.0, 1),
        ("P1", "no_progression", 0.0, 7.0, 0),
        ("P2", "no_progression", 0.0, 3.0, 0),
        ("P3", "no_progression", 0.0, 4.0, 0),
        ("P3", "systemic", 4.0, 4.0, 1),
    ]


def test_immortal_time_vanishes_where_the_pattern_does_not_matter():
    """Same hazard in every state, oligoprogression later by chance: compared from the start it looks
    protective, time-dependent it does not."""
    import numpy as np

    from oligoscope.stats.survival.cox import cox

    rng = np.random.default_rng(7)
    n = 4000
    death = rng.exponential(12, n)
    change = np.where(rng.random(n) < 0.5, rng.exponential(3, n), rng.exponential(9, n) + 2)
    late = rng.random(n) < change / 12
    rows = [
        (c, "oligoprogression" if o else "systemic", d, True) if c < d else (None, None, d, True)
        for c, o, d in zip(change, late, death, strict=True)
    ]
    patients = people(*rows)
    progressed = patients.filter(pl.col("progressed") == "yes")
    naive = cox(
        progressed["os_days"].to_numpy() / 30,
        progressed["os_event"].to_numpy(),
        (progressed["pattern"] == "oligoprogression").to_numpy().astype(float),
    ).hazard_ratios[0]
    fair = next(
        e for e in fit_time_dependent(patients, SETTINGS)
        if e.group == "oligoprogression vs systemic" and e.statistic == Statistic.HAZARD_RATIO
    )  # fmt: skip

    assert naive < 0.8
    assert fair.low is not None
    assert fair.high is not None
    assert fair.low < 1 < fair.high
    assert fair.value == pytest.approx(1, abs=0.12)

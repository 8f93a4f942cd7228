"""Patients of the landmarks and of the time-dependent model."""

from __future__ import annotations

from typing import Any

import pytest

from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.keys import Comparison
from unit.eight_patients import OLIGO, made_from

AT_3: dict[str, Any] = {"outcome": Outcome.OS, "variable": "landmark_3_months"}
NONE = "no_progression"


@pytest.mark.parametrize(
    ("group", "patients"),
    [
        (OLIGO, "P1 P2"),
        ("systemic", "P5"),
        (NONE, "P3 P7"),
        (Comparison.of(OLIGO, NONE), "P1 P2 P3 P7"),
    ],
)
def test_a_state_is_what_had_happened_until_the_landmark(group, patients):
    """Month 3 is day 91.3: P3 progressed later, P4 had died, and of P6 no pattern is known."""
    found, names = made_from("landmark", "treated", **AT_3, group=group)

    assert names(found.patients) == patients


def test_a_death_counts_in_the_state_the_patient_was_in():
    everyone = "P1 P2 P3 P4 P5 P6 P7"
    after, names = made_from(
        "time_dependent", "treated", outcome=Outcome.OS, group=OLIGO, statistic=Statistic.EVENTS
    )
    before, _ = made_from(
        "time_dependent", "treated", outcome=Outcome.OS, group=NONE, statistic=Statistic.EVENTS
    )

    assert (names(after.counted), names(after.patients)) == ("P1 P2", everyone)
    assert names(before.counted) == "P7"

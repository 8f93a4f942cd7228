"""Patients of the illness-death model."""

from __future__ import annotations

import pytest

from oligoscope.results.statistics import Statistic
from unit.eight_patients import OLIGO, made_from

NONE = "no_progression"


@pytest.mark.parametrize(
    ("outcome", "group", "at_risk", "counted"),
    [
        (OLIGO, NONE, "P1 P2 P3 P4 P5 P6 P7", "P1 P2 P3"),
        ("systemic", NONE, "P1 P2 P3 P4 P5 P6 P7", "P4 P5"),
        ("death", NONE, "P1 P2 P3 P4 P5 P6 P7", "P7"),
        ("progression_without_pattern", NONE, "P1 P2 P3 P4 P5 P6 P7", "P6"),
    ],
)
def test_a_transition_counts_those_who_made_it(outcome, group, at_risk, counted):
    found, names = made_from(
        "illness_death", "treated", outcome=outcome, group=group, statistic=Statistic.EVENTS
    )

    assert names(found.patients) == at_risk
    assert names(found.counted) == counted


def test_after_a_progression_those_are_at_risk_who_had_it():
    found, names = made_from("illness_death", "treated", outcome="death", group=OLIGO, statistic=Statistic.N)

    assert names(found.counted) == "P1 P2 P3"

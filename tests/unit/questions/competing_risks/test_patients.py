"""Patients of the competing risks."""

from __future__ import annotations

import pytest

from oligoscope.results.statistics import Statistic
from unit.eight_patients import OLIGO, made_from


@pytest.mark.parametrize(
    ("cause", "counted"),
    [
        (OLIGO, "P1 P2 P3"),
        ("systemic", "P4 P5"),
        ("death_without_progression", "P7"),
        ("progression_without_pattern", "P6"),
    ],
)
def test_an_event_counts_by_what_it_was(cause, counted):
    found, names = made_from("competing_risks", "treated", group=cause, statistic=Statistic.EVENTS)

    assert names(found.counted) == counted
    assert names(found.patients) == "P1 P2 P3 P4 P5 P6 P7"


def test_a_comparison_has_those_whose_variable_is_known():
    found, names = made_from("competing_risks", "treated", variable="ecog", statistic=Statistic.P_VALUE_GRAY)

    assert names(found.patients) == "P1 P2 P4 P5 P6 P7"

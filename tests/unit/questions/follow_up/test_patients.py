"""Patients of the follow-up."""

from __future__ import annotations

from oligoscope.results.statistics import Statistic
from unit.eight_patients import made_from


def test_all_patients_with_a_time_of_observation():
    found, names = made_from("follow_up", "treated", statistic=Statistic.MEDIAN)

    assert names(found.patients) == "P1 P2 P3 P4 P5 P6 P7"

"""Patients of the weighting."""

from __future__ import annotations

from oligoscope.results.made_from import Reason
from unit.eight_patients import BOTH, OLIGO, made_from


def test_an_effective_sample_size_is_of_those_who_were_weighted():
    found, names = made_from("weighting", group=OLIGO, variable="ate", statistic="effective_n")

    assert names(found.patients) == "P1 P2 P3"
    assert found.reasons == (Reason.WEIGHTED,)


def test_a_comparison_is_of_those_with_a_time():
    found, names = made_from("weighting", outcome="pps", group=BOTH, statistic="hazard_ratio")
    nothing, _ = made_from("weighting", statistic="hazard_ratio", by="sex")

    assert names(found.patients) == "P1 P2 P3 P4 P5"
    assert names(nothing.patients) == "P1 P2 P3 P4 P5 P6"

"""Patients of the weighting."""

from __future__ import annotations

from oligoscope.results.made_from import Reason
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.outcomes import Outcome
from unit.eight_patients import BOTH, OLIGO, made_from


def test_an_effective_sample_size_is_of_those_who_were_weighted():
    found, names = made_from("weighting", group=OLIGO, variable="ate", statistic=Statistic.EFFECTIVE_N)

    assert names(found.patients) == "P1 P2 P3"
    assert found.reasons == (Reason.WEIGHTED,)


def test_a_comparison_is_of_those_with_a_time():
    found, names = made_from("weighting", outcome=Outcome.PPS, group=BOTH, statistic=Statistic.HAZARD_RATIO)
    nothing, _ = made_from("weighting", statistic=Statistic.HAZARD_RATIO, by="sex")

    assert names(found.patients) == "P1 P2 P3 P4 P5"
    assert names(nothing.patients) == "P1 P2 P3 P4 P5 P6"

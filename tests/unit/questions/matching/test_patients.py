"""Patients of the matching and of its balance."""

from __future__ import annotations

from oligoscope.results.made_from import Reason
from oligoscope.results.statistics import Statistic
from unit.eight_patients import made_from


def test_matched_are_those_in_the_pairs():
    found, names = made_from("matching", "matched", statistic=Statistic.N_PAIRS)

    assert names(found.patients) == "P1 P2 P4 P5"
    assert found.reasons == (Reason.NO_N, Reason.MEAN)


def test_the_pairs_of_another_choice_are_not_written():
    found, _ = made_from(
        "matching", "matched", variable="next_better_choice", statistic=Statistic.LARGEST_SMD
    )

    assert found.patients is None
    assert found.reasons == (Reason.OTHER_MATCHING,)


def test_balance_is_of_all_patients_with_a_group_before_and_of_the_pairs_after():
    before, names = made_from("balance", "matched", variable="sex", statistic=Statistic.SMD_BEFORE)
    after, _ = made_from("balance", "matched", variable="sex", statistic=Statistic.SMD_AFTER)

    assert names(before.patients) == "P1 P2 P3 P4 P5"
    assert names(after.patients) == "P1 P2 P4 P5"

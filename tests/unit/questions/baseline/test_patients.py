"""Patients of the baseline table."""

from __future__ import annotations

from typing import Any

from oligoscope.results.made_from import Reason
from oligoscope.results.methods import read_method
from oligoscope.results.statistics import Statistic
from unit.eight_patients import BOTH, OLIGO, made_from

OF: dict[str, Any] = {"outcome": "pattern", "group": OLIGO}


def test_a_count_has_those_counted_and_those_it_is_out_of():
    found, names = made_from("baseline", **OF, variable="sex", level="male", statistic=Statistic.PERCENT)

    assert names(found.counted) == "P1 P3"
    assert names(found.patients) == "P1 P2 P3"


def test_a_level_is_out_of_those_in_whom_the_variable_is_known():
    found, names = made_from("baseline", **OF, variable="ecog", level="0")
    missing, _ = made_from("baseline", **OF, variable="ecog", statistic=Statistic.MISSING)

    assert names(found.patients) == "P1 P2"
    assert names(missing.counted) == "P3"


def test_a_comparison_has_the_patients_of_both_groups():
    found, names = made_from(
        "baseline", outcome="pattern", group=BOTH, variable="ecog", statistic=Statistic.P_VALUE
    )

    assert names(found.patients) == "P1 P2 P4 P5"
    assert found.counted is None


def test_matched_patients_are_those_of_each_imputation():
    found, names = made_from("baseline", "matched", **OF)

    assert names(found.patients) == "P1 P2"
    assert found.reasons == (Reason.MEAN,)


def test_sums_of_weights_name_those_whose_weights_they_are():
    found, names = made_from(
        "baseline",
        "matched",
        **OF,
        variable="sex",
        level="male",
        method=read_method("weights of the matching"),
    )

    assert names(found.counted) == "P1"
    assert found.reasons == (Reason.MEAN, Reason.MATCHING_WEIGHTS)


def test_imputed_values_are_not_guessed():
    """A level of an imputed variable after matching: those of n are known, those counted are not."""
    drawn: dict[str, Any] = {"imputed": frozenset({"ecog"})}

    found, _ = made_from("baseline", "matched", **OF, variable="ecog", level="0", **drawn)
    before, _ = made_from("baseline", **OF, variable="ecog", level="0", **drawn)

    assert found.counted is None
    assert found.reasons == (Reason.MEAN, Reason.IMPUTED)
    assert before.counted is not None

"""Patients of the predictors."""

from __future__ import annotations

from oligoscope.results.statistics import Statistic
from unit.eight_patients import made_from


def test_the_model_has_all_patients_with_a_group():
    found, names = made_from(
        "predictors", outcome="pattern", variable="ecog", statistic=Statistic.ODDS_RATIO_UNIVARIABLE
    )

    assert names(found.patients) == "P1 P2 P3 P4 P5"

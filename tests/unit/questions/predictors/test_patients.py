"""Patients of the predictors."""

from __future__ import annotations

from unit.eight_patients import made_from


def test_the_model_has_everybody_with_a_group():
    found, names = made_from(
        "predictors", outcome="pattern", variable="ecog", statistic="odds_ratio_univariable"
    )

    assert names(found.patients) == "P1 P2 P3 P4 P5"

"""Patients of the imputation."""

from __future__ import annotations

from oligoscope.results.made_from import Reason
from oligoscope.results.statistics import Statistic
from unit.eight_patients import made_from


def test_every_patient_with_a_group_is_completed():
    found, names = made_from("imputation", variable="ecog", statistic=Statistic.PERCENT_MISSING)

    assert names(found.counted) == "P3"
    assert names(found.patients) == "P1 P2 P3 P4 P5"


def test_a_level_holds_values_that_were_drawn():
    found, names = made_from("imputation", variable="ecog", level="0", group="male", by="sex")

    assert names(found.patients) == "P1 P3 P4 P6"
    assert found.reasons == (Reason.IMPUTED,)

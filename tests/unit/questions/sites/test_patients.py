"""Patients of the sites of progression."""

from __future__ import annotations

from typing import Any

from unit.eight_patients import made_from

OF: dict[str, Any] = {"outcome": "pattern", "group": "all"}


def test_an_organ_counts_where_it_is_one_of_those_in_which_a_patient_progressed():
    found, names = made_from("sites", **OF, variable="organ", level="bone")

    assert names(found.counted) == "P1"
    assert names(found.patients) == "P1 P2 P3 P4 P5"


def test_the_same_organ_is_out_of_those_who_had_it_at_baseline():
    found, names = made_from("sites", **OF, variable="same_organ", level="lung")

    assert names(found.counted) == "P1 P5"
    assert names(found.patients) == "P1 P2 P4 P5"


def test_a_relation_is_a_level_of_its_column():
    found, _ = made_from("sites", **OF, variable="site_relation", level="new")

    assert found.counted is not None
    assert found.counted.text().endswith("site_relation == new")

"""Conditions that questions share."""

from __future__ import annotations

import pytest

from oligoscope.bilingual import OwnText
from oligoscope.cohort.patient_terms import days_of, is_level, of_groups, patients_of
from oligoscope.study.keys import Comparison, Level, OwnColumn, Patients
from oligoscope.study.months import DAYS_PER_MONTH
from unit.eight_patients import files

ARM = OwnColumn.of("arm", OwnText("试验组", "Study arm"), {"A": OwnText("甲", "First")})


def test_a_part_of_a_population_has_the_levels_that_make_it():
    men = patients_of(Patients.of("progressed", {"sex": "male"}))

    assert men.text() == "population == progressed and sex == male"
    assert files().find([men])[men].ids == ("P1", "P3", "P4", "P6")


def test_matched_patients_are_progressed_and_in_pairs():
    found = patients_of(Patients.of("matched", {"sex": "male"}))

    assert found.matched
    assert found.text() == "population == progressed and sex == male"


def test_a_population_of_another_name_is_refused():
    with pytest.raises(KeyError):
        patients_of("unheard_of")


def test_labels_name_columns_and_levels_as_study_yaml_does():
    assert is_level(ARM, "A").label.en == "Study arm: First"
    assert is_level("best_response", "PR").label.en == "Best overall response: Partial response (PR)"
    both = of_groups(ARM, Comparison.of(Level.of(ARM, "A", "arm=A"), Level.of(ARM, "vs B")))
    assert both.label.zh == "试验组：甲、vs B"
    assert both.words == ("A", "vs B")


def test_a_month_is_as_long_as_in_the_numbers():
    assert days_of(1) == str(DAYS_PER_MONTH)

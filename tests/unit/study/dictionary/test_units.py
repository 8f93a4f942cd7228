"""One list of the words of units serves headers and cells."""

from dataclasses import replace

import pytest

from oligoscope.study.dictionary.headers import header_unit
from oligoscope.study.dictionary.units import UNITS, unit_named, unit_words
from oligoscope.study.dictionary.variable import Measure
from oligoscope.study.schemas import MEASUREMENTS, PATIENTS

DIAMETER = MEASUREMENTS.column("diameter_mm")


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.word)
def test_a_word_behind_a_number_says_the_same_behind_a_header(unit):
    cells = unit_words(replace(DIAMETER, unit=Measure(unit.of)))
    read = {word: (header_unit(f"x ({word})"), header_unit(f"x, {word}")) for word in unit.written}

    assert read == {word: (unit.word, unit.word) for word in unit.written if "/" not in word} | {
        # A sign of division parts a header: of `y/o` without brackets nothing is left.
        word: (unit.word, None)
        for word in unit.written
        if "/" in word
    }
    assert {cells[word] for word in unit.written} == {unit.factor}


def test_no_word_is_of_two_units():
    words = [word for unit in UNITS for word in unit.written | unit.in_headers]

    assert sorted(words) == sorted(set(words))


def test_a_year_is_a_unit_of_a_header_and_no_age_of_a_cell():
    assert unit_named("年") == "years"
    assert "年" not in unit_words(PATIENTS.column("age_years"))

"""Patients of the management."""

from __future__ import annotations

import polars as pl
import pytest

from oligoscope.questions.management.levels import COLUMNS, LEVELS
from unit.eight_patients import made_from


@pytest.mark.parametrize("variable", COLUMNS)
def test_a_level_counts_where_it_is_one_of_the_words_of_the_cell(variable):
    first, second = list(LEVELS[variable])[:2]
    cells = pl.DataFrame({"patient_id": ["P1", "P2"], COLUMNS[variable]: [f"{first};{second}", first]})

    found, names = made_from(
        "management", variable=variable, level=second, other_files={"management.csv": cells}
    )

    assert names(found.counted) == "P1"
    assert names(found.patients) == "P1 P2 P3 P4 P5 P6"

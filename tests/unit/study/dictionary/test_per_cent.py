"""One declaration of the classes of PD-L1 serves single cells and whole columns."""

from decimal import Decimal

import polars as pl
import pytest

from oligoscope.study.dictionary.per_cent import PD_L1_CLASSES, class_of_per_cent, classes_of_per_cent
from oligoscope.study.schemas import PATIENTS


@pytest.mark.parametrize(
    ("tps", "expected"),
    [("-0.1", None), ("0", "<1%"), ("0.99", "<1%"), ("1", "1-49%"), ("49.9", "1-49%"), ("50", ">=50%"), ("100", ">=50%"), ("100.1", None)],
)  # fmt: skip
def test_a_cell_and_a_column_have_the_same_class(tps, expected):
    column = pl.DataFrame({"tps": [float(tps)]}).select(classes_of_per_cent(pl.col("tps"))).to_series()

    assert [class_of_per_cent(Decimal(tps)), *column] == [expected, expected]


def test_an_unknown_score_has_no_class():
    column = pl.DataFrame({"tps": [None]}, schema={"tps": pl.Float64})

    assert column.select(classes_of_per_cent(pl.col("tps"))).to_series().to_list() == [None]


def test_the_classes_are_the_levels_of_the_column():
    assert tuple(name for _, name in PD_L1_CLASSES) == PATIENTS.column("pd_l1").words

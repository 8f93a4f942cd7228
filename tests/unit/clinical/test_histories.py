"""Running values over whole columns are those of a window over every group."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from oligoscope.clinical.histories import last_was, lowest_before

SIZES = st.one_of(st.none(), st.integers(0, 5_000_000), st.just(0))
HISTORIES = st.lists(st.lists(SIZES, min_size=1, max_size=6), max_size=8)
KINDS = st.lists(st.lists(st.sampled_from(["this", "other", "neither"]), min_size=1, max_size=6), max_size=8)


def grouped(histories: list[list[object]], dtype: type[pl.DataType]) -> pl.DataFrame:
    rows = [(group, value) for group, values in enumerate(histories) for value in values]
    return pl.DataFrame(rows, schema={"group": pl.UInt32, "value": dtype}, orient="row")


@given(HISTORIES)
def test_the_lowest_before_is_that_of_a_window(histories: list[list[object]]):
    frame = grouped(histories, pl.Int64)

    found = frame.select(
        quick=lowest_before(pl.col("value"), "group"),
        window=pl.col("value").cum_min().forward_fill().shift(1).over("group"),
    )

    assert found["quick"].to_list() == found["window"].to_list()


@given(KINDS)
def test_which_kind_was_last_is_known_row_by_row(histories: list[list[object]]):
    frame = grouped(histories, pl.String)
    expected = []
    for kinds in histories:
        last = None
        for kind in kinds:
            last = last if kind == "neither" else kind
            expected.append(last == "this")

    found = frame.select(
        last_was(pl.col("value") == "this", pl.col("value") == "other", "group").alias("last")
    )

    assert found["last"].to_list() == expected

"""Several words in one cell: what is joined is read back, whatever the words are."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oligoscope.study.cell_lists import divided, joined, words_in
from unit.hostile import WORDS

_words = st.lists(st.text(st.sampled_from(";\\ab；, 肺"), min_size=1) | st.sampled_from(WORDS), max_size=4)


@given(_words)
def test_words_joined_in_a_cell_are_read_back(words):
    cells = pl.DataFrame({"words": [words]}, schema={"words": pl.List(pl.String)}).select(
        cell=joined(pl.col("words"))
    )

    assert cells.select(divided(pl.col("cell"))).item().to_list() == words
    assert list(words_in(cells.item())) == words


@pytest.mark.parametrize(
    ("cell", "words"),
    [("", ()), ("lung", ("lung",)), ("bone;lung", ("bone", "lung")), (";lung;;", ("lung",)), (r"bone\;;lung", ("bone;", "lung")), ("C:\\x", ("C:\\x",)), ("a\\", ("a\\",))],
)  # fmt: skip
def test_a_cell_of_plain_words_reads_as_it_is_written(cell, words):
    assert words_in(cell) == words
    assert tuple(pl.select(divided(pl.lit(cell))).item().to_list()) == words


def test_a_missing_cell_has_no_words():
    frame = pl.DataFrame({"cell": [None]}, schema={"cell": pl.String})

    assert frame.select(divided(pl.col("cell"))).item() is None

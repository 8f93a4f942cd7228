"""Tables as csv: what Excel would take for a formula is text."""

from __future__ import annotations

import polars as pl

from oligoscope.engines.written_tables import as_csv
from unit.hostile import WORDS


def test_no_cell_of_a_csv_meant_for_excel_begins_a_formula():
    raw = as_csv(pl.DataFrame({"value": WORDS, "row": range(len(WORDS))}), for_excel=True)
    read = pl.read_csv(raw, infer_schema=False)["value"].to_list()

    assert not [word for word in read if word and word[0] in "=+-@\t\r"]
    assert [word.removeprefix("'") for word in read] == list(WORDS)


def test_numbers_stay_numbers_and_other_csv_files_hold_the_words_as_they_are():
    numbers = ["-8", "+3", "-1.5%"]

    assert (
        pl.read_csv(as_csv(pl.DataFrame({"a": numbers}), for_excel=True), infer_schema=False)["a"].to_list()
        == numbers
    )
    assert pl.read_csv(as_csv(pl.DataFrame({"a": WORDS})), infer_schema=False)["a"].to_list() == list(WORDS)

"""Our csv files: what a spreadsheet would take for a formula is text, and is read back as it was."""

from __future__ import annotations

import io
import re

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from oligoscope.csv_files import as_csv, as_written, without_formulas
from unit.hostile import WORDS

QUOTED = ("'=1", "''+1", "'-8", "'a", "'", "-", "+", "\uff1d1+1", "\r=1", "\n=1")


def read(raw: bytes) -> pl.DataFrame:
    return as_written(pl.read_csv(raw, infer_schema=False))


def test_no_cell_begins_a_formula_and_every_word_comes_back():
    words = [*WORDS, *QUOTED]
    raw = as_csv(pl.DataFrame({"value": words, "row": range(len(words))}))

    cells = pl.read_csv(raw, infer_schema=False)["value"].to_list()
    assert not [word for word in cells if word and word[0] in "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"]
    assert read(raw)["value"].to_list() == words


def test_every_csv_file_is_written_so(repository):
    """A new writer of a file for people takes `as_csv` or `without_formulas`; those named here hold no word of the user's."""
    source = repository / "src" / "oligoscope"
    written = {
        path.relative_to(source).as_posix()
        for path in source.rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"\b(write_csv|sink_csv)\(", line)
        and "without_formulas(" not in line
        and "def " not in line
    }

    # The last writes no file: the text is hashed.
    assert written == {"demo/cohort.py", "report/numbers/numbers_page.py", "report/drawn_from.py"}


def test_names_of_columns_begin_no_formula_either():
    frame = pl.DataFrame({"=1+1": ["a"], "-": ["b"], "'+x": ["c"]})

    assert without_formulas(frame).columns == ["'=1+1", "'-", "''+x"]
    assert as_written(without_formulas(frame)).equals(frame)
    assert as_written(without_formulas(frame).lazy()).collect().equals(frame)


def test_numbers_stay_numbers():
    numbers = ["-8", "-1.5%", "-1e-05"]

    assert pl.read_csv(as_csv(pl.DataFrame({"a": numbers})), infer_schema=False)["a"].to_list() == numbers


@given(st.lists(st.text(st.sampled_from("'=+-@\t\r\n8.a \uff1d\","), min_size=1), min_size=1))
def test_any_text_comes_back(texts):
    frame = pl.DataFrame({"a": texts, "row": range(len(texts))})

    text = io.BytesIO()
    without_formulas(frame).write_csv(text)
    assert read(text.getvalue())["a"].to_list() == texts

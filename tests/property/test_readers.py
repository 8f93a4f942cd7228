"""Every reader of files: what was written is read, cell for cell, and no bytes whatever raise anything but the reader's refusal.

The workbooks are written by XlsxWriter and the transport files by `fuzz.sdtm_files`, not by what reads them.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from fuzz.sdtm_files import write_xpt
from oligoscope.errors import OligoscopeError
from oligoscope.intake.files.csv_reader import read_csv
from oligoscope.intake.files.parquet_sheet import read_parquet_sheet
from oligoscope.intake.files.sheet import Sheet, UnreadableError
from oligoscope.intake.files.xlsx_reader import XlsxWorkbook
from oligoscope.intake.sdtm.sdtm_xpt import read_xpt
from oligoscope.questions.registry import KINDS
from oligoscope.study.study_file import read_study_file

Rows = list[list[str]]
# Letters of many scripts, signs that mean something to a format, marks that follow a letter; no control characters.
SIGNS = st.characters(
    exclude_categories=("Cc", "Cs", "Cn", "Co", "Zl", "Zp"), exclude_characters="\ufeff\ufffe\uffff"
)
WORDS = st.text(st.one_of(st.sampled_from("aA1 ,;\t\"'=+-@&<>_x器官é|\\"), SIGNS), max_size=12)
HEADERS = (
    st.text(st.one_of(st.sampled_from("aA1_器é"), SIGNS), min_size=1, max_size=8).map(str.strip).filter(bool)
)


@st.composite
def tables(draw: st.DrawFn, cells: st.SearchStrategy[str] = WORDS) -> Rows:
    """A header and rows of equal width; no row is blank, for blank rows are dropped."""
    headers = draw(st.lists(HEADERS, min_size=1, max_size=5, unique=True))
    assume(not headers[0].lower().startswith("sep="))
    rows = draw(st.lists(st.lists(cells, min_size=len(headers), max_size=len(headers)), max_size=6))
    return [headers, *(row for row in rows if any(cell and not cell.isspace() for cell in row))]


def _read(sheet: Sheet) -> Rows:
    rows = sheet.frame.select(sheet.headers).rows()
    return [list(sheet.headers), *([cell or "" for cell in row] for row in rows)]


def _csv(rows: Rows, delimiter: str, encoding: str, ends: str) -> bytes:
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator=ends).writerows(rows)
    return target.getvalue().encode(encoding)


def _xlsx(rows: list[list[Any]]) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        day, sheet = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_worksheet("patients")
        for i, row in enumerate(rows):
            for j, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(i, j, cell)
                elif isinstance(cell, date):
                    sheet.write_datetime(i, j, datetime(cell.year, cell.month, cell.day), day)
                else:
                    sheet.write_number(i, j, cell)
    return target.getvalue()


def _parquet(frame: pl.DataFrame) -> bytes:
    target = io.BytesIO()
    frame.write_parquet(target)
    return target.getvalue()


def _read_parquet(raw: bytes) -> Sheet:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.parquet"
        path.write_bytes(raw)
        return read_parquet_sheet(path, "t.parquet")


def _read_xlsx(raw: bytes) -> Sheet:
    return XlsxWorkbook.opened(raw).sheet(None, ("patients",))[1]


@given(
    rows=tables(),
    delimiter=st.sampled_from(",;\t"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]),
    ends=st.sampled_from(["\r\n", "\n"]),
)
def test_a_text_file_is_read_as_it_was_written(rows, delimiter, encoding, ends):
    raw = _csv(rows, delimiter, encoding, ends)

    assert _read(read_csv(raw, encoding if encoding == "gb18030" else None)) == rows


@given(rows=tables())
@settings(max_examples=50)
@example(rows=[["a"], ["_x0041_"]])
@example(rows=[["a"], ["=1+1"]])
def test_text_in_a_workbook_is_read_as_it_was_written(rows):
    assert _read(_read_xlsx(_xlsx([list(row) for row in rows]))) == rows


@given(
    numbers=st.lists(
        st.one_of(
            st.integers(-(10**9), 10**9),
            st.floats(allow_nan=False, allow_infinity=False, min_value=-1e9, max_value=1e9),
        ),
        min_size=1,
    )
)
@settings(max_examples=50)
def test_a_number_in_a_workbook_or_in_parquet_is_the_same_number(numbers):
    book = _read_xlsx(_xlsx([["n"], *([n] for n in numbers)])).frame["n"]
    file = _read_parquet(_parquet(pl.DataFrame({"n": [float(n) for n in numbers]}))).frame["n"]

    for number, in_book, in_file in zip(numbers, book, file, strict=True):
        # A workbook holds 16 or 17 digits, as its writer gives them.
        assert float(Decimal(in_book)) == pytest.approx(float(number), rel=1e-15)
        assert float(in_file) == float(number)


@given(days=st.lists(st.dates(date(1901, 1, 1), date(2200, 1, 1)), min_size=1, max_size=8))
@settings(max_examples=50)
def test_a_day_in_a_workbook_or_in_parquet_is_the_same_day(days):
    written = [day.isoformat() for day in days]

    assert _read_xlsx(_xlsx([["d"], *([day] for day in days)])).frame["d"].to_list() == written
    assert _read_parquet(_parquet(pl.DataFrame({"d": days}))).frame["d"].to_list() == written


@given(rows=tables())
def test_text_in_parquet_is_read_as_it_was_written(rows):
    frame = pl.DataFrame(rows[1:], schema=dict.fromkeys(rows[0], pl.String), orient="row")

    assert _read(_read_parquet(_parquet(frame))) == rows


NAMES = st.lists(st.from_regex(r"[A-Z][A-Z0-9]{0,7}", fullmatch=True), min_size=1, max_size=5, unique=True)


@given(names=NAMES, data=st.data())
def test_a_transport_file_is_read_as_it_was_written(names, data):
    words = (
        st.text(SIGNS, max_size=12)
        .map(str.strip)
        .filter(lambda word: not word.isascii() or word[:1].isalpha())
    )
    numbers = st.integers(-(10**11), 10**11).map(lambda n: f"{n / 8:.12g}")
    kinds = [data.draw(st.sampled_from((words, numbers))) for _ in names]
    rows = data.draw(st.lists(st.tuples(*kinds), min_size=1, max_size=6))
    # Blanks that only fill the last record are no rows; a column of numbers alone is numeric.
    assume(all(any(row) for row in rows[-1:]))

    read = read_xpt(write_xpt("T", [names, *map(list, rows)]))

    assert read.columns == names
    for written, found in zip(rows, read.rows(), strict=True):
        for before, after in zip(written, found, strict=True):
            assert (after or "") == before or float(after) == float(before)


# Damaged bytes.


@cache
def _whole_files() -> dict[str, bytes]:
    rows = [["patient_id", "age_years", "born_on"], *([f"P{i}", str(i), "2020-01-02"] for i in range(30))]
    frame = pl.DataFrame(rows[1:], schema=rows[0], orient="row").with_columns(
        pl.col("age_years").cast(pl.Int64)
    )
    study = "study: {title: A, seed: 1, data_cutoff: 2025-01-01}\ndata: {patients: p.csv}\neligibility:\n - {id: a, keep: 'age_years > 3 and (sex == male)'}\nanalyses: [{kind: baseline, variables: [sex]}]\n"
    return {
        "csv": _csv(rows, ",", "utf-8", "\n"), "xlsx": _xlsx([list(row) for row in rows]), "parquet": _parquet(frame),
        "xpt": write_xpt("DM", [["A", "B", "C"], *rows[1:]]), "yaml": study.encode(),
    }  # fmt: skip


def _read_yaml(raw: bytes) -> object:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "study.yaml").write_bytes(raw)
        return read_study_file(Path(folder), KINDS)


READ: dict[str, Callable[[bytes], object]] = {
    "csv": read_csv, "xlsx": _read_xlsx, "parquet": _read_parquet, "xpt": read_xpt, "yaml": _read_yaml,
}  # fmt: skip
BEGINS = {
    "csv": (b"", b"\xff\xfe", b"\xef\xbb\xbf"),
    "xlsx": (b"PK\x03\x04", b""),
    "parquet": (b"PAR1", b""),
    "xpt": (b"", b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!"),
    "yaml": (b"", b"study: ", b"- "),
}


def _refused_or_read(kind: str, raw: bytes) -> None:
    refusal = None
    try:
        READ[kind](raw)
    except OligoscopeError as error:
        refusal = error
    if isinstance(refusal, UnreadableError):
        assert refusal.text.zh
        assert refusal.text.en
    elif refusal is not None:
        assert kind == "yaml", refusal
        assert str(refusal)


@pytest.mark.parametrize("kind", list(READ))
def test_random_bytes_are_read_or_refused(kind):
    @given(begin=st.sampled_from(BEGINS[kind]), noise=st.binary(max_size=400))
    def check(begin, noise):
        _refused_or_read(kind, begin + noise)

    check()


@pytest.mark.slow
@pytest.mark.parametrize("kind", list(READ))
def test_a_file_of_which_some_bytes_changed_is_read_or_refused(kind):
    whole = _whole_files()[kind]

    @given(
        changes=st.lists(st.tuples(st.integers(0, len(whole) - 1), st.integers(0, 255)), max_size=6),
        keep=st.one_of(st.just(len(whole)), st.integers(0, len(whole))),
    )
    @settings(max_examples=200)
    def check(changes, keep):
        raw = bytearray(whole)
        for at, value in changes:
            raw[at] = value
        _refused_or_read(kind, bytes(raw[:keep]))

    check()

"""Damaged files of every format: read, or refused in words; never an error of a library, never a line of its own."""

from __future__ import annotations

import io
import os
import random
import struct
import zipfile
from datetime import date

import polars as pl
import pytest

from oligoscope.bilingual import Text
from oligoscope.errors import UsageError
from oligoscope.intake.files.csv_reader import read_csv
from oligoscope.intake.files.guard import NO_MEMORY, guarded, native
from oligoscope.intake.files.parquet_sheet import read_parquet_sheet
from oligoscope.intake.files.parquet_structure import check_parquet
from oligoscope.intake.files.sheet import USUAL, Sheet, UnreadableError
from oligoscope.intake.files.xlsx_reader import XlsxWorkbook
from unit.intake.files.damaged import (
    READ,
    SHEET,
    WHOLE,
    read_parquet_bytes,
    spoiled,
    with_part,
    with_sheet,
)

REASON = Text("不是", "it is none")


def is_read(kind: str, raw: bytes) -> bool:
    """Whether it is read; a refusal has its words in both languages, and any other error fails the test."""
    texts: list[Text] = []
    try:
        READ[kind](raw)
    except UnreadableError as error:
        texts.append(error.text)
    assert all(text.zh and text.en for text in texts)
    return not texts


def refusal(kind: str, raw: bytes) -> str:
    with pytest.raises(UnreadableError) as caught:
        READ[kind](raw)
    assert caught.value.text.zh
    return str(caught.value)


@pytest.mark.parametrize("kind", list(READ))
def test_a_damaged_file_is_read_or_refused(kind, capfd):
    draw = random.Random(20250408)
    assert is_read(kind, WHOLE[kind])

    for _ in range(100):
        is_read(kind, spoiled(WHOLE[kind], draw))

    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("kind", list(READ))
@pytest.mark.parametrize(
    "raw",
    [b"\0" * 100, b"\xff" * 1000, b"PK\x03\x04", b"PAR1PAR1PAR1", b"%PDF-1.7 ...", bytes(range(256)) * 3],
)
def test_bytes_of_another_kind_are_refused(kind, raw):
    assert not is_read(kind, raw) or kind == "csv"


@pytest.mark.parametrize("kind", ["xlsx", "parquet", "xpt"])
def test_a_file_cut_anywhere_is_read_or_refused(kind):
    raw = WHOLE[kind]

    for length in range(0, len(raw), max(1, len(raw) // 40)):
        # A transport file says nowhere how many rows it has.
        assert not is_read(kind, raw[:length]) or kind == "xpt"


# ---- workbooks --------------------------------------------------------------------------------------


DAMAGED_SHEETS = {
    "a text that is not there": (r't="s"><v>\d+</v>', 't="s"><v>99999</v>'),
    "a text before the first": (r't="s"><v>\d+</v>', 't="s"><v>-1</v>'),
    "a text whose number is a word": (r't="s"><v>\d+</v>', 't="s"><v>x</v>'),
    "a style that is not there": (r'r="B2"', 'r="B2" s="99999"'),
    "a style that is a word": (r'r="B2"', 'r="B2" s="x"'),
    "a row number of a hundred millions": (r'<row r="2"', '<row r="100000000"'),
    "a row number of 30 digits": (r'<row r="2"', f'<row r="{"9" * 30}"'),
    "a row number that is none": (r'<row r="2"', '<row r="x"'),
    "a row number of nothing": (r'<row r="2"', '<row r="0"'),
    "a row that was there before": (r'<row r="3"', '<row r="2"'),
    "a cell of another row": (r'r="A3"', 'r="A7"'),
    "a cell that was there before": (r'r="B3"', 'r="A3"'),
    "a cell beyond the last column": (r'r="D3"', 'r="ZZZZ3"'),
    "a cell between the last column and ZZZ": (r'r="D3"', 'r="XFE3"'),
    "a number of 5,000 digits": (r"<v>21\.5</v>", f"<v>{'9' * 5000}</v>"),
    "a date that is none": (r'r="B2"', 'r="B2" t="d"'),
    "a truth that is a word": (r'r="B2"', 'r="B2" t="b"'),
    "no end": (r"</sheetData>", ""),
    "a document type": (r"<worksheet", '<!DOCTYPE a [<!ENTITY b "c">]><worksheet'),
    "an entity that is not declared": (r"<v>21\.5</v>", "<v>&a;</v>"),
}


@pytest.mark.parametrize("damage", DAMAGED_SHEETS.values(), ids=DAMAGED_SHEETS)
def test_a_damaged_sheet_is_refused(damage):
    assert "save" in refusal("xlsx", with_sheet(*damage))


def test_the_row_before_the_damage_is_named():
    assert "patients is damaged after row 4" in refusal("xlsx", with_sheet(r'<row r="5"', '<row r="4"'))


@pytest.mark.parametrize(
    "part", [SHEET, "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml", "[Content_Types].xml"]
)
@pytest.mark.parametrize("content", [b"", b"<a/>", b"\0" * 50, b"<", b"<workbook>" * 500])
def test_a_part_that_holds_something_else_is_refused_or_not_needed(part, content):
    is_read("xlsx", with_part(WHOLE["xlsx"], part, lambda _: content))


def test_gaps_between_rows_and_cells_cost_nothing():
    raw = with_sheet(
        r"</sheetData>",
        '<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>P9</t></is></c></row></sheetData>',
    )

    _, sheet = XlsxWorkbook.opened(raw).sheet(None, ("patients",))

    assert sheet.frame["patient_id"].to_list()[-1] == "P9"
    assert sheet.frame["__row"].to_list()[-1] == 1_048_576


@pytest.mark.parametrize(
    "bomb",
    [b" " * 30_000_000, b"<row/>" * 4_000_000, b"<a>" * 10_000_000],
    ids=["spaces", "rows", "elements"],
)
def test_a_small_file_that_unpacks_to_much_is_refused_before_it_is_unpacked(bomb):
    raw = with_part(
        WHOLE["xlsx"], SHEET, lambda content: content.replace(b"<sheetData>", b"<sheetData>" + bomb)
    )

    assert len(raw) < 300_000
    assert "times its size" in refusal("xlsx", raw)


def test_a_workbook_with_a_password_on_its_parts_is_refused():
    raw = bytearray(WHOLE["xlsx"])
    at = raw.index(b"PK\x01\x02")
    while at >= 0:
        raw[at + 8] |= 1
        at = raw.find(b"PK\x01\x02", at + 4)

    assert "password" in refusal("xlsx", bytes(raw))


def test_an_archive_of_something_else_is_refused():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a.txt", "a")

    assert "not a valid xlsx workbook" in refusal("xlsx", target.getvalue())


# ---- parquet ----------------------------------------------------------------------------------------


def _broken_page(raw: bytes) -> bytes:
    """A number in the header of a page that stands for a list of more values than any memory holds."""
    found = bytearray(raw)
    found[found.index(b"\x15", 4) + 2] = 0xDC
    return bytes(found)


def test_a_page_that_names_more_than_any_memory_holds_is_refused():
    assert "parquet" in refusal("parquet", _broken_page(WHOLE["parquet"]))


@pytest.mark.parametrize("at", range(4, 400, 7))
def test_a_byte_of_a_page_or_its_header_never_ends_the_program(at):
    raw = bytearray(WHOLE["parquet"])
    raw[at] = 0xDC

    is_read("parquet", bytes(raw))


def test_a_parquet_file_of_other_writers_settings_is_read():
    frame = pl.DataFrame({
        "patient_id": ["a", None] * 500,
        "genes": [["x", "y"], []] * 500,
        "nested": [{"a": 1, "b": [1, 2]}, {"a": None, "b": None}] * 500,
        "on": [date(2020, 1, 1), None] * 500,
    })  # fmt: skip
    for compression in ("uncompressed", "snappy", "zstd", "gzip", "lz4"):
        for height in (0, 1, 1000):
            for statistics in (True, False):
                target = io.BytesIO()
                frame.head(height).write_parquet(
                    target,
                    compression=compression,
                    statistics=statistics,
                    row_group_size=300,
                    data_page_size=500,
                )
                sheet = read_parquet_bytes(target.getvalue())
                assert isinstance(sheet, Sheet)
                assert sheet.frame.height == height
                assert [name for name, _ in sheet.unread] == ["genes", "nested"]


def test_a_small_parquet_file_of_many_rows_is_refused_before_it_is_unpacked(tmp_path):
    path = tmp_path / "t.parquet"
    pl.select(pl.repeat("P1", 20_000_000).alias("a"), pl.repeat(1.5, 20_000_000).alias("b")).write_parquet(
        path
    )
    size = path.stat().st_size

    assert size < 1_000_000
    with pytest.raises(UnreadableError, match="times its size"):
        check_parquet(path, size, USUAL, ("parquet_rows", USUAL.parquet_rows))


@pytest.mark.parametrize("name", ["a[1].parquet", "b*.parquet", "c?.parquet", "day=1.parquet", "{d}.parquet"])
def test_signs_in_the_name_of_a_parquet_file_are_signs(tmp_path, name):
    (tmp_path / "b1.parquet").write_bytes(b"another")
    (tmp_path / name).write_bytes(WHOLE["parquet"])

    assert read_parquet_sheet(tmp_path / name, name).frame.height == 40


def test_integers_of_any_width_are_the_same_cells(tmp_path):
    path = tmp_path / "t.parquet"
    for dtype in (pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32, pl.UInt64):
        pl.DataFrame({"n": pl.Series([0, 7, 120], dtype=dtype)}).write_parquet(path)
        assert read_parquet_sheet(path, "t").frame["n"].to_list() == ["0", "7", "120"]


# ---- transport files --------------------------------------------------------------------------------


@pytest.mark.parametrize("start", [1, 9_999, 2**31 - 1, -1, -(2**31)])
def test_a_variable_that_begins_outside_its_row_is_refused(start):
    raw = bytearray(WHOLE["xpt"])
    first = raw.index(b"NAMESTR") - 20 + 80
    raw[first + 84 : first + 88] = struct.pack(">l", start)

    assert "SAS transport file" in refusal("xpt", bytes(raw))


@pytest.mark.parametrize("width", [0, -1, 32_767, 8])
def test_a_variable_of_an_impossible_width_is_refused(width):
    raw = bytearray(WHOLE["xpt"])
    first = raw.index(b"NAMESTR") - 20 + 80
    raw[first + 4 : first + 6] = struct.pack(">h", width)

    assert "SAS transport file" in refusal("xpt", bytes(raw))


# ---- text -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_mark_is_recognised_and_can_be_named(encoding):
    raw = "patient_id,sex\nP1,male\n".encode(encoding)

    assert f"encoding: {encoding}" in refusal("csv", raw)
    assert read_csv(raw, encoding).headers == ("patient_id", "sex")


def test_ends_of_lines_may_be_mixed():
    assert read_csv(b"a,b\r\n1,2\n3,4\r5,6\r\n").frame["b"].to_list() == ["2", "4", "6"]


def test_a_quote_that_is_never_closed_in_a_long_file_is_named():
    raw = b'a,b\n1,2\n"3,4\n' + b"5,6\n" * 200_000

    assert 'a quote (") before line' in refusal("csv", raw)


def test_blank_lines_are_counted_and_not_kept():
    raw = b"a\n1\n" + b"\n" * (USUAL.rows + 10)

    assert "2,000,001 rows" in refusal("csv", raw)


def test_the_first_word_that_depends_on_the_encoding_may_be_far_down():
    raw = b"a,b\n" + b"1,2\n" * 20_000 + "甲,Ⅳ\n".encode("gb18030")

    sheet = read_csv(raw)

    assert sheet.assumed is not None
    assert (sheet.assumed.word, sheet.assumed.row) == ("甲", 20_002)


# ---- the guard --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "error", [ValueError, IndexError, RecursionError, OSError, MemoryError, AssertionError, EOFError]
)
def test_whatever_a_library_raises_is_a_refusal(error):
    with pytest.raises(UnreadableError) as caught, guarded(REASON):
        raise error

    assert caught.value.text == (NO_MEMORY if error is MemoryError else REASON)
    assert isinstance(caught.value.__cause__, error)


def test_a_system_without_threads_is_no_fault_of_the_file():
    with pytest.raises(UsageError, match="start a thread"), guarded(REASON):
        raise RuntimeError("can't start new thread")


def test_a_first_line_of_very_many_columns_is_not_cut_into_cells():
    assert "its first line has about 100,001 columns" in refusal("csv", b"a," * 100_000)


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_what_the_user_or_the_system_stops_stays_stopped(error):
    with pytest.raises(error), guarded(REASON):
        raise error


def test_what_native_code_writes_is_not_shown_and_standard_error_comes_back(capfd):
    def panic() -> None:
        with native(REASON):
            os.write(2, b"thread panicked")
            raise ValueError

    with pytest.raises(UnreadableError):
        panic()
    os.write(2, b"after")

    assert capfd.readouterr().err == "after"


def test_a_refusal_can_be_sent_to_another_process():
    import pickle

    found = pickle.loads(pickle.dumps(UnreadableError(REASON)))

    assert (found.text, str(found)) == (REASON, "it is none")

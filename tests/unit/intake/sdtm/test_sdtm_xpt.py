"""SAS transport files: tr.xpt was written by pyreadstat 1.3.7; R 4.2's foreign::read.xport reads the same from it."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from oligoscope.intake.files.sheet import UnreadableError
from oligoscope.intake.sdtm.sdtm_xpt import LIBRARY, LIBRARY_8, MEMBER, RECORD, read_xpt

FILE = Path(__file__).parent / "data" / "tr.xpt"


def test_cells_are_those_that_another_program_wrote():
    assert read_xpt(FILE.read_bytes()).rows() == [
        ("P1", "LDIAM", "36.7", "36.7", "1"),
        ("P1", "TUMSTATE", "PRESENT", None, "2"),
        ("患者二", "LDIAM", "0", "0", "3"),
        ("P3", "LDIAM", None, "-118.625", "0.1"),
        (None, "SUMDIAM", "1e3", "1234567.891", "5e-07"),
    ]


def _file(rows: list[bytes], *, kind: int, width: int) -> bytes:
    """A transport file of one variable."""
    name = struct.pack(
        ">hhhh8s40s8shhh2s8shhl52s",
        kind,
        0,
        width,
        1,
        b"X" + b" " * 7,
        b"",
        b"",
        0,
        0,
        0,
        b"",
        b"",
        0,
        0,
        0,
        b"",
    )
    head = LIBRARY.ljust(RECORD) + b" " * (2 * RECORD)
    member = MEMBER + b"0" * 26 + b"0140" + b"  "
    names = b"HEADER RECORD*******NAMESTR HEADER RECORD!!!!!!!" + b"000000" + b"0001" + b"0" * 20 + b"  "
    observations = (b"HEADER RECORD*******OBS     HEADER RECORD!!!!!!!" + b"0" * 30).ljust(RECORD)
    body = b"".join(rows)
    filled = body + b" " * (-len(body) % RECORD)
    return (
        head
        + member
        + b" " * (3 * RECORD)
        + names
        + name
        + b" " * (-len(name) % RECORD)
        + observations
        + filled
    )


@pytest.mark.parametrize(
    ("number", "read"),
    [
        ("4110000000000000", "1"),
        ("C276A00000000000", "-118.625"),  # the worked example of IBM's hexadecimal floating point
        ("0000000000000000", "0"),
        ("2E00000000000000", None),  # . is missing
        ("4100000000000000", None),  # .A is missing too
        ("5F00000000000000", None),
        ("4224B33333333333", "36.7"),
    ],
)
def test_numbers_are_ibm_floating_point(number, read):
    assert read_xpt(_file([bytes.fromhex(number)], kind=1, width=8))["X"].to_list() == [read]


def test_short_numbers_end_in_zeros():
    assert read_xpt(_file([bytes.fromhex("C276A0")], kind=1, width=3))["X"].to_list() == ["-118.625"]


def test_blanks_that_fill_the_last_record_are_no_rows():
    assert read_xpt(_file([b"a   ", b"    ", b"b   "], kind=2, width=4))["X"].to_list() == ["a", None, "b"]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (LIBRARY_8.ljust(RECORD), "version 8"),
        (b"PK\x03\x04", "not a valid SAS transport file"),
        (FILE.read_bytes()[:400], "not a valid SAS transport file"),
        (FILE.read_bytes() * 2, "several data sets"),
    ],
)
def test_what_is_no_sound_file_is_said(raw, said):
    with pytest.raises(UnreadableError, match=said):
        read_xpt(raw)

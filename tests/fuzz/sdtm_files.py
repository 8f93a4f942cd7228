"""A few patients in SDTM domains, and a writer of SAS transport files (version 5, SAS technical note TS-140)."""

from __future__ import annotations

import struct
from collections.abc import Sequence

RECORD = 80


def _domains() -> dict[str, list[list[str]]]:
    dm = [["USUBJID", "SEX", "AGE", "AGEU", "ARM", "RFSTDTC", "RFXSTDTC"]]
    tu = [["USUBJID", "TULNKID", "TUTESTCD", "TUSTRESC", "TULOC", "TUDTC"]]
    tr = [["USUBJID", "TRLNKID", "TRTESTCD", "TRSTRESC", "TRSTRESN", "TRSTRESU", "TRDTC"]]
    for i in range(1, 13):
        patient, start = f"P{i:02}", f"2020-01-{10 + i % 9}"
        dm.append([patient, "M" if i % 2 else "F", str(50 + i), "YEARS", "Drug", start, start])
        for lesion, place, kind in (
            ("T01", "LUNG", "TARGET"),
            ("T02", "LIVER", "TARGET"),
            ("NT01", "BONE", "NON-TARGET"),
        ):
            tu.append([patient, lesion, "TUMIDENT", kind, place, "2020-01-02"])
            for n, day in enumerate(("2020-01-02", "2020-03-01", "2020-05-01")):
                size = str(20 + i + (n * (i - 5) if lesion == "T01" else 0))
                of_target = (
                    ["LDIAM", size, size, "mm"] if kind == "TARGET" else ["TUMSTATE", "PRESENT", "", ""]
                )
                tr.append([patient, lesion, *of_target, day])
    return {"dm": dm, "tu": tu, "tr": tr}


DOMAINS = _domains()


def write_xpt(name: str, rows: Sequence[Sequence[str]], encoding: str = "utf-8") -> bytes:
    """Rows of text (the first names the variables) as a transport file; a column of numbers only is numeric."""
    header, body = rows[0], rows[1:]
    is_number = [all(_is_number(row[i]) for row in body) for i in range(len(header))]
    widths = [
        8 if is_number[i] else max([1, *(len(row[i].encode(encoding)) for row in body)])
        for i in range(len(header))
    ]
    starts = [sum(widths[:i]) for i in range(len(header))]
    described = b"".join(
        struct.pack(
            ">hhhh8s40s8shhh2s8shhl52s",
            1 if is_number[i] else 2, 0, widths[i], i + 1, word.encode("ascii").ljust(8), b"".ljust(40),
            b"".ljust(8), 0, 0, 0, b"", b"".ljust(8), 0, 0, starts[i], b"",
        )
        for i, word in enumerate(header)
    )  # fmt: skip
    data = b"".join(
        ibm_number(float(cell)) if is_number[i] else cell.encode(encoding).ljust(widths[i])
        for row in body
        for i, cell in enumerate(row)
    )
    zeros = b"0" * 30
    return b"".join(
        (
            (b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!" + zeros).ljust(RECORD),
            b"SAS     SAS     SASLIB  9.4".ljust(RECORD),
            b"26NOV26:00:00:00".ljust(RECORD),
            (b"HEADER RECORD*******MEMBER  HEADER RECORD!!!!!!!" + b"0" * 17 + b"1600000000140").ljust(RECORD),
            (b"HEADER RECORD*******DSCRPTR HEADER RECORD!!!!!!!" + zeros).ljust(RECORD),
            (b"SAS     " + name.upper().encode().ljust(8) + b"SASDATA 9.4").ljust(RECORD),
            b"26NOV26:00:00:00".ljust(RECORD),
            (b"HEADER RECORD*******NAMESTR HEADER RECORD!!!!!!!" + b"000000" + f"{len(header):04}".encode() + b"0" * 20).ljust(RECORD),
            described + b" " * (-len(described) % RECORD),
            (b"HEADER RECORD*******OBS     HEADER RECORD!!!!!!!" + zeros).ljust(RECORD),
            data + b" " * (-len(data) % RECORD),
        )
    )  # fmt: skip


def ibm_number(value: float) -> bytes:
    """IBM floating point of eight bytes: sign, exponent of 16 biased by 64, a fraction of 56 bits."""
    if value == 0:
        return bytes(8)
    sign, value, exponent = (0x80 if value < 0 else 0), abs(value), 64
    while value >= 1:
        value, exponent = value / 16, exponent + 1
    while value < 1 / 16:
        value, exponent = value * 16, exponent - 1
    return bytes([sign | exponent]) + round(value * 2**56).to_bytes(7, "big")


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True

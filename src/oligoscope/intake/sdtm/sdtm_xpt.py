"""SAS transport files, version 5, the form in which SDTM domains are submitted, to cells as text.

The layout is SAS technical note TS-140: headers in records of 80 bytes, one description of 140 bytes a
variable, then rows of fixed width. Numbers are IBM floating point; SDTM holds its dates as ISO text, so
formats and labels carry nothing that is needed here.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
import polars as pl

from oligoscope.bilingual import Text
from oligoscope.intake.files.encodings import likeliest
from oligoscope.intake.files.guard import guarded
from oligoscope.intake.files.sheet import USUAL, UnreadableError, beyond, check_cells, check_headers
from oligoscope.study.protocol import LimitSettings

RECORD = 80
LIBRARY = b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!"
LIBRARY_8 = b"HEADER RECORD*******LIBV8   HEADER RECORD!!!!!!!"
MEMBER = b"HEADER RECORD*******MEMBER  HEADER RECORD!!!!!!!"
NAMES = b"HEADER RECORD*******NAMESTR HEADER RECORD!!!!!!!"
ROWS = b"HEADER RECORD*******OBS     HEADER RECORD!!!!!!!"
MISSING = frozenset(b"._ABCDEFGHIJKLMNOPQRSTUVWXYZ")  # first byte of a missing number; the others are zero


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable: the place of its bytes in a row."""

    name: str
    is_number: bool
    start: int
    width: int


def read_xpt(raw: bytes, limits: LimitSettings = USUAL) -> pl.DataFrame:
    """Every variable as a String column, blank as null, numbers in their shortest form.

    Raises:
        UnreadableError: Version 8, several data sets in one file, not a valid transport file, or more than the limits allow.
    """
    if raw.startswith(LIBRARY_8):
        raise UnreadableError(Text(
            "SAS 传输文件第 8 版；请另存为第 5 版、csv 或 parquet。", "it is a SAS transport file of version 8; save it as version 5, csv or parquet",
        ))  # fmt: skip
    if not raw.startswith(LIBRARY):
        raise UnreadableError(_BROKEN)
    if raw.count(MEMBER) > 1:
        raise UnreadableError(
            Text(
                "文件含多个数据集；请每个域保存为一个文件。",
                "it holds several data sets; save each domain in its own file",
            )
        )
    with guarded(_BROKEN):
        variables, begin = _variables(raw)
        check_headers([v.name for v in variables], limits)
        rows = _rows(raw[begin:], variables)
        if len(rows) > limits.rows:
            raise beyond("rows", limits.rows, Text(f"共 {len(rows):,} 行", f"it has {len(rows):,} rows"))
        if (n := len(rows) * len(variables)) > limits.cells:
            raise beyond("cells", limits.cells, Text(f"共 {n:,} 个单元格", f"it has {n:,} cells"))
        columns = {v.name: _numbers(rows, v) if v.is_number else _texts(rows, v) for v in variables}
        frame = pl.DataFrame(columns)
        check_cells(frame, limits)
        return frame


_BROKEN = Text("不是有效的 SAS 传输文件（xpt）。", "it is not a valid SAS transport file (xpt)")


def _variables(raw: bytes) -> tuple[list[Variable], int]:
    """The variables of the data set, and where its rows begin.

    Raises:
        UnreadableError: A variable lies outside the row, over another one, or has a name twice.
    """
    member, names, rows = raw.index(MEMBER), raw.index(NAMES), raw.index(ROWS)
    size, n = int(raw[member + 74 : member + 78]), int(raw[names + 54 : names + 58])
    first = names + RECORD
    found = [_variable(raw[first + i * size : first + (i + 1) * size]) for i in range(n)]
    if not found or len({v.name for v in found}) < len(found) or not _side_by_side(found):
        raise UnreadableError(_BROKEN)
    return found, rows + RECORD


def _side_by_side(variables: list[Variable]) -> bool:
    """Whether the variables fill a row without gap: each begins where the one before it ends."""
    end = 0
    for variable in sorted(variables, key=lambda v: v.start):
        longest = 8 if variable.is_number else 2**15
        if variable.start != end or not 1 <= variable.width <= longest or not variable.name:
            return False
        end += variable.width
    return True


def _variable(description: bytes) -> Variable:
    kind, _, width, _, name = struct.unpack(">hhhh8s", description[:16])
    (start,) = struct.unpack(">l", description[84:88])
    return Variable(name.decode("ascii").strip(), kind == 1, start, width)


def _rows(body: bytes, variables: list[Variable]) -> np.ndarray:
    """Bytes of the rows, shape (n, width); blanks that only fill the last record are no rows.

    Raises:
        UnreadableError: The last row is not whole: the file was cut.
    """
    width = sum(v.width for v in variables)
    n = len(body) // width
    if body[n * width :].strip(b" \0"):
        raise UnreadableError(_BROKEN)
    while n and len(body) - (n - 1) * width <= RECORD and not body[(n - 1) * width : n * width].strip(b" "):
        n -= 1
    return np.frombuffer(body, dtype=np.uint8, count=n * width).reshape(n, width)


def _texts(rows: np.ndarray, variable: Variable) -> pl.Series:
    cells = np.ascontiguousarray(rows[:, variable.start : variable.start + variable.width])
    words, place = np.unique(cells.view(f"S{variable.width}").ravel(), return_inverse=True)
    texts = pl.Series([_decoded(word.rstrip()) for word in words.tolist()], dtype=pl.String)
    return texts.gather(pl.Series(place, dtype=pl.UInt32)).alias(variable.name)


def _decoded(word: bytes) -> str | None:
    for encoding in ("utf-8", likeliest(word)):
        try:
            return word.decode(encoding) or None
        except UnicodeDecodeError:
            continue
    return word.decode("latin-1")


def _numbers(rows: np.ndarray, variable: Variable) -> pl.Series:
    """IBM floating point: sign, exponent of 16 biased by 64, a fraction of 56 bits; short ones end in zeros."""
    cells = np.zeros((len(rows), 8), dtype=np.uint8)
    cells[:, : variable.width] = rows[:, variable.start : variable.start + variable.width]
    bits = cells.view(">u8").ravel().astype(np.uint64)
    missing = np.isin(cells[:, 0], list(MISSING)) & ~cells[:, 1:].any(axis=1)
    fraction = (bits & np.uint64(2**56 - 1)).astype(np.float64) / 2.0**56
    exponent = (cells[:, 0] & 0x7F).astype(np.int64) - 64
    values = np.where(cells[:, 0] & 0x80, -1.0, 1.0) * fraction * 16.0**exponent
    texts = [
        None if is_missing else f"{value:.12g}"
        for value, is_missing in zip(values.tolist(), missing.tolist(), strict=True)
    ]
    return pl.Series(variable.name, texts, dtype=pl.String)

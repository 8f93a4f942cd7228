"""Files of SPSS, Stata and SAS: cells as text, words in place of codes, declared missing values as blank cells.

pyreadstat reads them in a process of its own (`statistics_worker`). Dates are made here from their numbers, because one
number that no calendar has would end the reading of the whole file there.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.intake.files import statistics_worker
from oligoscope.intake.files.declared import Declared
from oligoscope.intake.files.encodings import NAMES, likeliest, other_than
from oligoscope.intake.files.guard import guarded
from oligoscope.intake.files.raw_table import EXCESS, ROW, SOURCE
from oligoscope.intake.files.sheet import (
    USUAL,
    Assumed,
    Sheet,
    UnreadableError,
    beyond,
    check_cells,
    check_headers,
)
from oligoscope.intake.files.statistics_dates import (
    Dates,
    date_texts,
    dates_of_sas,
    dates_of_spss,
    dates_of_stata,
)
from oligoscope.plain_text import without_removed
from oligoscope.study.file_bytes import MB
from oligoscope.study.protocol import LimitSettings

_AS_BYTES = "ISO-8859-1"  # every byte is one character of it
_SECONDS, _SECONDS_A_MB = 60, 5  # after which a file is not read on: some 50 times what a sound one takes


@dataclass(frozen=True, slots=True)
class Program:
    """A program and how its files are read.

    Attributes:
        name: As messages name it.
        function: Of pyreadstat.
        dates: Of the format of a variable, how its numbers are days.
        declares_encoding: Whether a file says in which encoding its text is.
        has_user_missing: Whether several kinds of missing values are distinguished.
    """

    name: str
    function: str
    dates: Callable[[str], Dates | None]
    declares_encoding: Callable[[bytes], bool]
    has_user_missing: bool = True


# Record 7 of subtype 20, the name of the encoding; files of SPSS 15 and earlier lack it.
_ENCODING = re.compile(rb"\x07\0\0\0\x14\0\0\0\x01\0\0\0|\0\0\0\x07\0\0\0\x14\0\0\0\x01")
# Since release 118 (Stata 14) text is UTF-8; before, it is in whatever the computer used.
_RELEASE = re.compile(rb"<stata_dta><header><release>(\d{3})")


def _is_unicode_dta(raw: bytes) -> bool:
    found = _RELEASE.match(raw[:40])
    return found is not None and int(found[1]) >= 118


SPSS = Program("SPSS", "read_sav", dates_of_spss, lambda raw: _ENCODING.search(raw) is not None)
STATA = Program("Stata", "read_dta", dates_of_stata, _is_unicode_dta)
SAS = Program("SAS", "read_sas7bdat", dates_of_sas, lambda _: True)
SAS_TRANSPORT = Program("SAS", "read_xport", dates_of_sas, lambda _: False, has_user_missing=False)


def read_statistics_file(
    raw: bytes, program: Program, encoding: str | None = None, limits: LimitSettings = USUAL
) -> Sheet:
    """Cells as text: numbers in their shortest form, dates as ISO days, codes as their words.

    Args:
        raw: The file.
        program: Which wrote it.
        encoding: Of its text, as the study states it; without it, the one the file declares, else UTF-8 where all text
            is, else GB18030 or Windows-1252 as is likelier, which `Sheet.assumed` says.
        limits: How large it may be.

    Returns:
        The sheet, its rows numbered from 1 as these programs do; `Sheet.declared` holds labels, words and missing codes.

    Raises:
        UnreadableError: It is damaged, not in this encoding, or larger than the limits allow.
    """
    broken = _broken(program, encoding)
    with guarded(broken):
        known = encoding is not None or program.declares_encoding(raw)
        found = _found(raw, program, (encoding,) if known else ("UTF-8", _AS_BYTES), limits, broken)
        taken = None
        if not known and found["encoding"] == _AS_BYTES:
            taken = likeliest(_text_bytes(found))
            found = _found(raw, program, (NAMES[taken], NAMES[other_than(taken)]), limits, broken)
            taken = taken if found["encoding"] == NAMES[taken] else other_than(taken)
        columns = [_Column(at, found) for at in range(len(found["columns"]))]
        names = [column.name for column in columns]
        if not names or not all(names) or len(set(names)) < len(names):
            raise UnreadableError(broken)
        read = {column.name: column.texts(program) for column in columns}
        n = len(found["cells"][0])
        frame = pl.DataFrame(read).with_columns(
            pl.lit("").alias(SOURCE),
            pl.int_range(1, n + 1, dtype=pl.Int32, eager=True).alias(ROW),
            pl.lit(None, pl.String).alias(EXCESS),
        )
        check_cells(frame, limits)
        declared = Declared(
            {c.name: c.label for c in columns if c.label},
            {c.name: c.words for c in columns if c.words},
            {c.name: c.missing for c in columns if c.missing},
        )
        sheet = Sheet("", tuple(names), (), frame, declared=declared)
        return sheet if taken is None else replace(sheet, assumed=_assumed(frame, declared, taken))


def _found(
    raw: bytes, program: Program, encodings: Sequence[str | None], limits: LimitSettings, broken: Text
) -> dict[str, Any]:
    """What the worker answers in the first of the encodings in which all text is, within the limits.

    Raises:
        UnreadableError: Nothing, because it failed, ended or did not come to an end; or there is too much.
    """
    asked = {
        "function": program.function,
        "encodings": list(encodings),
        "user_missing": program.has_user_missing,
        **{name: getattr(limits, name) for name in ("columns", "rows", "cells")},
    }
    command = [sys.executable, "-P", str(statistics_worker.__file__), json.dumps(asked)]
    seconds = _SECONDS + _SECONDS_A_MB * len(raw) // MB
    answer = subprocess.run(
        command, input=raw, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=seconds, check=False
    )
    found = json.loads(answer.stdout) if answer.returncode == 0 else {"failed": f"status {answer.returncode}"}
    if "failed" in found:
        raise UnreadableError(broken)
    check_headers(found["columns"], limits)
    width = max(1, len(found["columns"]))
    most = min(limits.rows, limits.cells // width)
    if found["cells"] and (n := len(found["cells"][0])) > most:
        setting, limit = ("rows", limits.rows) if n > limits.rows else ("cells", limits.cells)
        what = Text(
            f"{width:,} 列，超过 {most:,} 行", f"it has {width:,} columns and more than {most:,} rows"
        )
        raise beyond(setting, limit, what)
    return found


def _text_bytes(found: dict[str, Any]) -> bytes:
    """All text of a file that was read byte by byte: names, labels, words and cells."""
    cells = (cell for column in found["cells"] for cell in column if isinstance(cell, str))
    words = (word for known in found["words"].values() for _, word in known)
    return "\n".join((*found["columns"], *found["labels"], *map(str, words), *cells)).encode(
        _AS_BYTES, "replace"
    )


def _assumed(frame: pl.DataFrame, declared: Declared, taken: str) -> Assumed | None:
    """The first word that depends on the encoding, and the same in the other one; None where all is ASCII."""
    other = other_than(taken)
    for row, word in _all_words(frame, declared):
        if not word.isascii():
            otherwise = word[:40].encode(taken, "replace").decode(other, "replace")
            return Assumed(NAMES[taken], word[:40], NAMES[other], otherwise, row)
    return None


def _all_words(frame: pl.DataFrame, declared: Declared) -> Iterator[tuple[int, str]]:
    yield from ((0, label) for label in declared.labels.values())
    yield from ((0, word) for known in declared.words.values() for word in known.values())
    for name in (c for c in frame.columns if c not in {SOURCE, ROW, EXCESS}):
        other = frame.filter(pl.col(name).str.contains(r"[^\x00-\x7f]"))
        yield from zip(other[ROW][:1], other[name][:1], strict=True)


class _Column:
    """The cells of one variable, and what is said of them."""

    def __init__(self, at: int, found: dict[str, Any]) -> None:
        name = found["columns"][at]
        self.name = without_removed(name).strip()
        self.label = _label(found["labels"][at])
        self.is_text = found["types"].get(name) == "string"
        self.is_single = found["types"].get(name) == "float"
        self.format: str = found["formats"].get(name) or ""
        self.ranges: Sequence[tuple[Any, Any]] = found["ranges"].get(name) or ()
        self.words = {
            code: label
            for value, word in found["words"].get(name) or ()
            if (label := _label(word)) and (code := self._code(value)) != label
        }
        self.missing: dict[str, int] = {}
        self._cells: list[Any] = found["cells"][at]

    def texts(self, program: Program) -> pl.Series:
        """The cells as text, in words where there are words."""
        known, left_out = self._known()
        self.missing = {self._shown(code): n for code, n in sorted(left_out.items())}
        if self.is_text:
            cells = pl.Series(self.name, [c if c is None else str(c) for c in known], dtype=pl.String)
        else:
            numbers = pl.Series(self.name, known, dtype=pl.Float64)
            dates = program.dates(self.format)
            cells = (
                number_texts(numbers, single=self.is_single) if dates is None else date_texts(numbers, dates)
            )
        if not self.words:
            return cells
        bare = cells.str.strip_chars_end() if self.is_text else cells
        return bare.replace(list(self.words), list(self.words.values()))

    def _known(self) -> tuple[list[Any], Counter[str]]:
        """The cells without those that are declared missing, and how many of each code these are."""
        left_out: Counter[str] = Counter()
        known: list[Any] = []
        for cell in self._cells:
            if cell is None:
                known.append(None)
            elif isinstance(cell, str) and not self.is_text:  # .a to .z
                left_out[f".{cell}"] += 1
                known.append(None)
            elif any(low <= cell <= high for low, high in self.ranges):
                left_out[self._code(cell)] += 1
                known.append(None)
            else:
                known.append(cell)
        return known, left_out

    def _code(self, value: Any) -> str:
        if isinstance(value, str):
            return value.rstrip() if self.is_text else f".{value}"
        return number_texts(pl.Series([value], dtype=pl.Float64), single=self.is_single)[0] or ""

    def _shown(self, code: str) -> str:
        return f"{code} ({self.words[code]})" if code in self.words else code


def number_texts(numbers: pl.Series, *, single: bool = False) -> pl.Series:
    """Numbers in their shortest form: 1, not 1.0, and 28.7, not 28.700000762939453, of numbers of single precision."""
    cells = pl.col(numbers.name)
    whole = (cells == cells.round(0)) & (cells.abs() < 1e15)
    other = (cells.cast(pl.Float32) if single else cells).cast(pl.String)
    return (
        numbers.to_frame()
        .select(
            pl.when(whole)
            .then(cells.cast(pl.Int64, strict=False).cast(pl.String))
            .when(cells.is_finite())
            .then(other)
        )
        .to_series()
        .alias(numbers.name)
    )


def _label(text: Any) -> str:
    return without_removed(str(text)).strip() if text is not None else ""


def _broken(program: Program, encoding: str | None) -> Text:
    if encoding is None:
        return Text(
            f"不是完好的 {program.name} 文件。请重新保存。",
            f"it is not a sound {program.name} file; save it again",
        )
    return Text(
        f"不是完好的 {program.name} 文件，或其文字不是 {encoding} 编码（study.yaml 的 encoding 所写）。",
        f"it is not a sound {program.name} file, or its text is not in {encoding}, which `encoding` in study.yaml names",
    )

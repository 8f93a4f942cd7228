"""Text files of cells: encoding and delimiter are found from the content."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from oligoscope.bilingual import Text
from oligoscope.intake.files.encodings import NAMES, likeliest, other_than
from oligoscope.intake.files.guard import guarded
from oligoscope.intake.files.layout import Wanted
from oligoscope.intake.files.sheet import USUAL, Assumed, Cells, Sheet, UnreadableError, beyond, sheet_of_rows
from oligoscope.study.protocol import LimitSettings

DELIMITERS = (",", ";", "\t")
_MANY = 20  # times the limit of columns: a header may have commas in quotes, and blank cells at its end
_HEADER = 1_000_000  # characters of the header that are looked at for the delimiter


def read_csv(
    raw: bytes, encoding: str | None = None, limits: LimitSettings = USUAL, shape: Wanted | None = None
) -> Sheet:
    """Read cells as text: UTF-8 with or without mark, UTF-16 with mark, else GB18030 or Windows-1252 as is likelier.

    Args:
        raw: The file.
        encoding: The one the study gives; without it, `Sheet.assumed` tells whether one was assumed.
        limits: How large it may be.
        shape: What the study states of its rows, and the headers it may have; without it the first row is the header.

    Raises:
        UnreadableError: No such encoding, an unclosed quote, nothing in it, or more than the limits allow.
    """
    with guarded(_NO_TEXT):
        text, taken = decode(raw, encoding)
        delimiter = delimiter_of(text)
        skipped = 0
        if re.match(r"sep=.\r?\n", text):  # Excel's own note of the delimiter
            delimiter, text, skipped = text[4], text.split("\n", 1)[1], 1
        _check_first_line(text, delimiter, limits)
        with _cells_up_to(max(limits.cell_length, limits.name_length)):
            sheet = sheet_of_rows(_rows(text, delimiter, 1 + skipped, limits), limits=limits, wanted=shape)
        return (
            replace(sheet, assumed=_assumed(raw, text, taken)) if taken in NAMES and not encoding else sheet
        )


def _check_first_line(text: str, delimiter: str, limits: LimitSettings) -> None:
    """Refuse a first line of very many columns before it is cut into cells; fewer are counted as cells."""
    end = text.find("\n")
    n = text.count(delimiter, 0, len(text) if end < 0 else end) + 1
    if n > _MANY * limits.columns:
        raise beyond(
            "columns", limits.columns, Text(f"第一行约有 {n:,} 列", f"its first line has about {n:,} columns")
        )


def _rows(text: str, delimiter: str, first: int, limits: LimitSettings) -> Iterator[tuple[int, Cells]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        yield from enumerate(reader, first)
    except csv.Error as error:
        raise UnreadableError(_broken(reader.line_num, error, limits)) from None


@contextmanager
def _cells_up_to(length: int) -> Iterator[None]:
    """The longest cell that the csv library reads, which it holds for the whole program."""
    before = csv.field_size_limit(min(length, 2**31 - 1))
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _assumed(raw: bytes, text: str, taken: str) -> Assumed:
    """The first word that depends on the encoding, as it was read and as it would be in the other one."""
    found, byte = re.search(r"[^\x00-\x7f]", text), re.search(rb"[\x80-\xff]", raw)
    at, first = (0 if match is None else match.start() for match in (found, byte))
    start, end = _word_around(text, at)
    begin, other = max(0, first - 40), other_than(taken)
    before = raw[begin:first].decode("ascii")
    near = before + raw[first : first + 40].decode(other, "replace")
    otherwise = near[slice(*_word_around(near, len(before)))]
    return Assumed(NAMES[taken], text[start:end], NAMES[other], otherwise, text.count("\n", 0, at) + 1)


def _word_around(text: str, at: int) -> tuple[int, int]:
    """The piece of a cell around a place, at most 20 characters on either side."""
    ends = re.compile(r'[,;\t\r\n"]')
    start = max((m.end() for m in ends.finditer(text, max(0, at - 20), at)), default=max(0, at - 20))
    found = ends.search(text, at, at + 20)
    return start, found.start() if found else min(len(text), at + 20)


def decode(raw: bytes, wanted: str | None) -> tuple[str, str]:
    """The text and its encoding.

    Raises:
        UnreadableError: It is no text.
    """
    if wanted is not None:
        try:
            text = raw.decode(wanted).removeprefix("\ufeff")
        except UnicodeError:
            raise UnreadableError(
                Text(
                    f"不是 {wanted} 编码（study.yaml 的 encoding 所写）。",
                    f"it is not in {wanted}, which `encoding` in study.yaml names",
                )
            ) from None
        if "\0" in text:
            raise _no_text(raw)
        return text, wanted
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if raw.startswith(mark):
            return _decoded(raw, (encoding,))
    return _decoded(raw, ("utf-8", likeliest(raw)))


def _decoded(raw: bytes, encodings: tuple[str, ...]) -> tuple[str, str]:
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, encoding
    raise _no_text(raw)


_NO_TEXT = Text(
    "不是 UTF-8 或 GB18030 编码的文本。请另存为 CSV UTF-8，或在 study.yaml 写明 encoding。",
    "it is not text in UTF-8 or GB18030; save it as CSV UTF-8, or give its `encoding` in study.yaml",
)


def _no_text(raw: bytes) -> UnreadableError:
    """The refusal of what is no text; text in UTF-16 without mark is recognised by its zeros."""
    start = raw[:400]
    for zeros, other, name in (
        (start[1::2], start[::2], "utf-16-le"),
        (start[::2], start[1::2], "utf-16-be"),
    ):
        if zeros.count(0) * 2 > len(zeros) and not other.count(0):
            return UnreadableError(Text(
                f"似为没有标记的 UTF-16 文本。请另存为 CSV UTF-8，或在 study.yaml 写明 encoding: {name}。",
                f"it seems to be text in UTF-16 without mark; save it as CSV UTF-8, or give `encoding: {name}` in study.yaml",
            ))  # fmt: skip
    return UnreadableError(_NO_TEXT)


def delimiter_of(text: str) -> str:
    """The most frequent of them in the header, outside quotes."""
    begin = len(text) - len(text.lstrip())
    begin = max(text.rfind("\n", 0, begin), text.rfind("\r", 0, begin)) + 1
    header = text[begin : begin + _HEADER].split("\n", 1)[0].split("\r", 1)[0]
    bare = re.sub(r'"[^"]*"', "", header)
    return max(DELIMITERS, key=bare.count)


def _broken(line: int, error: csv.Error, limits: LimitSettings) -> Text:
    if "field larger" in str(error):
        n = limits.cell_length
        return Text(
            f"第 {line} 行之前有引号没有闭合，或单元格超过 {n:,} 个字符（study.yaml 的 limits.cell_length）。",
            f'a quote (") before line {line} is never closed, or a cell has more than {n:,} characters '
            "(limits.cell_length in study.yaml)",
        )
    if "unexpected end" in str(error):
        return Text(f"第 {line} 行之前有引号没有闭合。", f'a quote (") before line {line} is never closed')
    return Text(f"第 {line} 行的引号有误。", f'line {line} has a stray quote (")')

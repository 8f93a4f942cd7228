"""Text files of cells: encoding and delimiter are found from the content."""

from __future__ import annotations

import codecs
import csv
import io
import re
from dataclasses import replace

from oligoscope.bilingual import Text
from oligoscope.intake.files.sheet import Assumed, Sheet, UnreadableError, sheet_of_rows

ASSUMED = "gb18030"  # what Chinese Excel writes
DELIMITERS = (",", ";", "\t")


def read_csv(raw: bytes, encoding: str | None = None) -> Sheet:
    """Read cells as text: UTF-8 with or without mark, UTF-16 with mark, else GB18030 (Chinese Excel).

    Args:
        raw: The file.
        encoding: The one the study gives; without it, `Sheet.assumed` tells whether GB18030 was assumed.

    Raises:
        UnreadableError: No such encoding, an unclosed quote, or nothing in it.
    """
    text, taken = _decode(raw, encoding)
    delimiter = _delimiter(text)
    skipped = 0
    if re.match(r"sep=.\r?\n", text):  # Excel's own note of the delimiter
        delimiter, text, skipped = text[4], text.split("\n", 1)[1], 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows = list(reader)
    except csv.Error as error:
        raise UnreadableError(_broken(reader.line_num, error)) from None
    sheet = sheet_of_rows(enumerate(rows, 1 + skipped))
    return sheet if taken != ASSUMED else replace(sheet, assumed=_assumed(raw, text))


def _assumed(raw: bytes, text: str) -> Assumed:
    """The first word that depends on the encoding, as it was read and as it would be in Western European text."""
    at = next(i for i, c in enumerate(text) if not c.isascii())
    start, end = _word_around(text, at)
    first = next(i for i, byte in enumerate(raw) if byte > 0x7F)
    other = raw.decode("cp1252", "replace")
    western = other[slice(*_word_around(other, first))]
    return Assumed(ASSUMED.upper(), text[start:end], western, text.count("\n", 0, at) + 1)


def _word_around(text: str, at: int) -> tuple[int, int]:
    """The piece of a cell around a place, at most 20 characters on either side."""
    ends = re.compile(r'[,;\t\r\n"]')
    start = max((m.end() for m in ends.finditer(text, max(0, at - 20), at)), default=max(0, at - 20))
    found = ends.search(text, at, at + 20)
    return start, found.start() if found else min(len(text), at + 20)


def _decode(raw: bytes, wanted: str | None) -> tuple[str, str]:
    """The text and its encoding."""
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
            raise _no_text()
        return text, wanted
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if raw.startswith(mark):
            return _decoded(raw, (encoding,))
    return _decoded(raw, ("utf-8", ASSUMED))


def _decoded(raw: bytes, encodings: tuple[str, ...]) -> tuple[str, str]:
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, encoding
    raise _no_text()


def _no_text() -> UnreadableError:
    return UnreadableError(Text(
        "不是 UTF-8 或 GB18030 编码的文本。请另存为 CSV UTF-8，或在 study.yaml 写明 encoding。",
        "it is not text in UTF-8 or GB18030; save it as CSV UTF-8, or give its `encoding` in study.yaml",
    ))  # fmt: skip


def _delimiter(text: str) -> str:
    """The most frequent of them in the header, outside quotes."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", header)
    return max(DELIMITERS, key=bare.count)


def _broken(line: int, error: csv.Error) -> Text:
    if "field larger" in str(error) or "unexpected end" in str(error):
        return Text(f"第 {line} 行之前有引号没有闭合。", f'a quote (") before line {line} is never closed')
    return Text(f"第 {line} 行的引号有误。", f'line {line} has a stray quote (")')

"""Text files of cells: encoding and delimiter are found, never asked for."""

from __future__ import annotations

import codecs
import csv
import io
import re

from oligoscope.intake.sheet import Sheet, UnreadableError, sheet_of_rows
from oligoscope.study.vocabulary import Text

DELIMITERS = (",", ";", "\t")


def read_csv(raw: bytes) -> Sheet:
    """Read cells as text: UTF-8 with or without mark, UTF-16 with mark, else GB18030 (Chinese Excel).

    Raises:
        UnreadableError: No such encoding, an unclosed quote, or nothing in it.
    """
    text = _decode(raw)
    delimiter = _delimiter(text)
    skipped = 0
    if re.match(r"sep=.\r?\n", text):  # Excel's own note of the delimiter
        delimiter, text, skipped = text[4], text.split("\n", 1)[1], 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows = list(reader)
    except csv.Error as error:
        raise UnreadableError(_broken(reader.line_num, error)) from None
    return sheet_of_rows(enumerate(rows, 1 + skipped))


def _decode(raw: bytes) -> str:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if raw.startswith(mark):
            return _decoded(raw, (encoding,))
    return _decoded(raw, ("utf-8", "gb18030"))


def _decoded(raw: bytes, encodings: tuple[str, ...]) -> str:
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnreadableError(Text(
        "不是 UTF-8 或 GB18030 编码的文本。请另存为 CSV UTF-8。",
        "it is not text in UTF-8 or GB18030; save it as CSV UTF-8",
    ))  # fmt: skip


def _delimiter(text: str) -> str:
    """The one that parts the header most often; quoted text does not count."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", header)
    return max(DELIMITERS, key=bare.count)


def _broken(line: int, error: csv.Error) -> Text:
    if "field larger" in str(error) or "unexpected end" in str(error):
        return Text(f"第 {line} 行之前有引号没有闭合。", f'a quote (") before line {line} is never closed')
    return Text(f"第 {line} 行的引号有误。", f'line {line} has a stray quote (")')

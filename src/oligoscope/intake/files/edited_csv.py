"""New values for single cells of a text file: its encoding, its separator and every other character stay."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from oligoscope.bilingual import Text
from oligoscope.intake.files.csv_reader import decode, delimiter_of
from oligoscope.intake.files.edited_cells import Address, NotEditableError
from oligoscope.study.dictionary.words import plain

_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_SHIFTED = Text(
    "该行的引号有误，请在原文件中更正。",
    "the quotes of that row are not right; correct it in the file itself",
)


@dataclass(frozen=True, slots=True)
class _Field:
    """One cell of the text: where it is, and what it holds."""

    begin: int
    end: int
    value: str


@dataclass(frozen=True)
class TextCells:
    """The cells of a text file that is open for correction."""

    text: str
    encoding: str
    mark: bytes
    delimiter: str
    records: Sequence[Sequence[_Field]]
    first: int  # the number of the first record

    @classmethod
    def of(cls, raw: bytes, encoding: str | None = None) -> TextCells:
        """Find every cell.

        Raises:
            UnreadableError: It is no text.
        """
        text, taken = decode(raw, encoding)
        mark = next((m for m in _MARKS if raw.startswith(m)), b"")
        note = re.match(r"sep=(.)\r?\n", text)
        delimiter = note[1] if note else delimiter_of(text)
        begin = note.end() if note else 0
        records = tuple(_records(text, delimiter, begin))
        return cls(text, _MARKS.get(mark, taken), mark, delimiter, records, 2 if note else 1)

    def value(self, at: Address) -> str | None:
        """What a cell holds; None where the row has no such cell."""
        found = self._field(at)
        return None if found is None else found.value

    def address(self, row: int, column: str, value: str | None) -> Address | None:
        """The cell of a row under a header; of several columns of that name the one that holds the value."""
        wanted, own = plain(column), self._record(row)
        for record in self.records[: max(0, row - self.first)]:
            places = [i for i, one in enumerate(record) if plain(one.value.strip()) == wanted]
            if places:
                same = [
                    i for i in places if i < len(own) and plain(own[i].value.strip()) == plain(value or "")
                ]
                return Address(row, (same or places)[0] + 1)
        return None

    def edited(self, changes: Mapping[Address, str]) -> bytes:
        """The file with new values.

        Raises:
            NotEditableError: There is no such cell, or the encoding has no sign for a new value.
        """
        pieces: list[str] = []
        at = 0
        for address, new in sorted(changes.items()):
            found = self._field(address)
            if found is None or not self._is_read_so(address.row):
                raise NotEditableError(_SHIFTED)
            pieces += [self.text[at : found.begin], self._written(new)]
            at = found.end
        text = "".join([*pieces, self.text[at:]])
        try:
            return self.mark + text.encode(self.encoding)
        except UnicodeEncodeError as error:
            sign = text[error.start]
            raise NotEditableError(Text(
                f"文件的编码 {self.encoding} 中没有“{sign}”。请在 Excel 中另存为 CSV UTF-8 后重新上传。",
                f"the encoding of the file ({self.encoding}) has no “{sign}”; save it as CSV UTF-8 in Excel and upload it again",
            )) from None  # fmt: skip

    def _written(self, value: str) -> str:
        needs = self.delimiter in value or any(sign in value for sign in '"\r\n') or value != value.strip()
        return '"' + value.replace('"', '""') + '"' if needs else value

    def _record(self, row: int) -> Sequence[_Field]:
        at = row - self.first
        return self.records[at] if 0 <= at < len(self.records) else ()

    def _field(self, at: Address) -> _Field | None:
        own = self._record(at.row)
        return own[at.column - 1] if at.column <= len(own) else None

    def _is_read_so(self, row: int) -> bool:
        """Whether the reader of text files cuts the row into the same cells."""
        own = self._record(row)
        line = self.text[own[0].begin : own[-1].end]
        try:
            read = next(csv.reader(line.splitlines(keepends=True), delimiter=self.delimiter, strict=True), [])
        except csv.Error:
            return False
        return read == [one.value for one in own]


def _records(text: str, delimiter: str, begin: int) -> Iterator[Sequence[_Field]]:
    """The cells of each row, as csv files are written: in quotes where they hold the separator or a line's end."""
    sign = re.escape(delimiter)
    cell = re.compile(rf'(?:"((?:[^"]|"")*)"|([^{sign}\r\n]*))({sign}|\r\n|\r|\n|\Z)')
    own: list[_Field] = []
    at = begin
    while at < len(text) or own:
        found = cell.match(text, at)
        if found is None:  # a quote in the middle of a cell, or one that is never closed
            end = next((i for i in range(at, len(text)) if text[i] in "\r\n"), len(text))
            own.append(_Field(at, end, text[at:end]))
            yield own
            own, at = [], end + (2 if text[end : end + 2] == "\r\n" else 1)
            continue
        quoted = found[1]
        value = found[2] if quoted is None else quoted.replace('""', '"')
        own.append(_Field(found.start(), found.start(3), value))
        at = found.end()
        if found[3] != delimiter:
            yield own
            own = []

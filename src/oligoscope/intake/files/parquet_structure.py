"""What a parquet file says of itself, checked before its reader believes it.

The reader is native code: a number of pages, rows or bytes that damaged bytes make up is taken for true, and memory of
that size asked for, which ends the whole program. Here every number of the footer and of the headers of pages must agree
with the others and with the size of the file. The layout is Apache Parquet's (parquet.thrift, in Thrift's compact protocol).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from oligoscope.bilingual import Text
from oligoscope.intake.files.formats import PARQUET
from oligoscope.intake.files.guard import guarded
from oligoscope.intake.files.sheet import UnreadableError, beyond, check_headers
from oligoscope.study.file_bytes import MB, refused_by_system
from oligoscope.study.protocol import LimitSettings

NOT_PARQUET = Text("不是有效的 parquet 文件，或已损坏。", "it is not a valid parquet file, or it is damaged")
MAGIC = PARQUET.begins  # also the last bytes
PACKED = 200  # times; a parquet file of real records unpacks to 5 to 40 times its size
ALWAYS = 200 * MB  # bytes that it may unpack to, however small it is
_DEPTH = 40  # of structures in structures, and of columns in columns
_HEADER = 4096  # bytes in which nearly every header of a page ends
_DATA, _INDEX, _DICTIONARY, _DATA_2 = range(4)  # types of pages
_Struct = dict[int, Any]  # fields by their number in parquet.thrift


class DamagedError(Exception):
    """The numbers of the file do not agree."""


def check_parquet(path: Path, size: int, limits: LimitSettings, most_rows: tuple[str, int]) -> None:
    """Refuse a file whose numbers do not agree, or that is larger than the limits.

    Args:
        path: The file.
        size: Its bytes.
        limits: How many columns, and how long their names may be.
        most_rows: The limit of rows that applies: its name among the limits, and its value.

    Raises:
        UnreadableError: It is damaged, or more than the limits allow.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise UnreadableError(refused_by_system(error).text) from None
    with file, guarded(NOT_PARQUET):
        footer, begin = _footer(file, size)
        names = _names(footer[2])
        check_headers(names, limits)
        rows = _at_least_none(footer[3])
        setting, most = most_rows
        if rows > most:
            raise beyond(setting, most, Text(f"共 {rows:,} 行", f"it has {rows:,} rows"))
        groups = footer[4]
        _must(sum(group[3] for group in groups) == rows)
        pages = sum(_check_group(file, group, begin) for group in groups)
    unpacked = max(pages, rows * len(names) * 8)
    if unpacked > max(ALWAYS, PACKED * size):
        mb = unpacked / MB
        raise UnreadableError(Text(
            f"解压后为 {mb:,.0f} MB，是文件的 {unpacked // size:,} 倍，不是正常的数据文件。",
            f"it unpacks to {mb:,.0f} MB, {unpacked // size:,} times its size, as no usual file of data does",
        ))  # fmt: skip


def _must(condition: bool) -> None:
    if not condition:
        raise DamagedError


def _at_least_none(number: int) -> int:
    _must(number >= 0)
    return number


def _footer(file: BinaryIO, size: int) -> tuple[_Struct, int]:
    """The description of the file, and where it begins."""
    _must(size >= 12 and file.read(4) == MAGIC)
    file.seek(size - 8)
    end = file.read(8)
    length = int.from_bytes(end[:4], "little")
    _must(end[4:] == MAGIC and length <= size - 12)
    begin = size - 8 - length
    file.seek(begin)
    return _Compact(file.read(length)).struct(), begin


def _names(schema: list[_Struct]) -> list[str]:
    """The names of the columns; a column of columns has one."""
    names: list[str] = []
    left = [1]  # of each open group, how many are still to come in it
    for element in schema:
        while left and not left[-1]:
            left.pop()
        _must(bool(left) and len(left) <= _DEPTH)
        left[-1] -= 1
        name, n = element[4].decode(), element.get(5, 0)
        _must(0 <= n < len(schema))
        if len(left) == 2:
            names.append(name)
        if n or len(left) == 1:
            left.append(n)
    _must(not any(left))
    return names


def _check_group(file: BinaryIO, group: _Struct, end: int) -> int:
    """Check the pages of a group of rows, and say how many bytes they unpack to."""
    rows, unpacked = _at_least_none(group[3]), 0
    for chunk in group[1]:
        _must(1 not in chunk)  # its pages are in another file
        column = chunk[3]
        pages = _Pages(0, 0)
        for page in _pages(file, column, end):
            pages = pages.with_page(page)
        # A column of lists has more values than rows, and at least one of each.
        _must(
            pages.values == column[5]
            and (pages.values == rows or (len(column[3]) > 1 and pages.values >= rows))
        )
        unpacked += pages.unpacked
    return unpacked


@dataclass(frozen=True, slots=True)
class _Pages:
    """What the pages of one column of a group hold together."""

    values: int
    unpacked: int

    def with_page(self, page: _Struct) -> _Pages:
        kind, unpacked = page[1], _at_least_none(page[2])
        values = 0
        if kind == _DATA:
            values = _at_least_none(page[5][1])
        elif kind == _DATA_2:
            header = page[8]
            values = _at_least_none(header[1])
            _must(0 <= header[2] <= values and 0 <= header[3] <= values)
            _must(header[5] >= 0 and header[6] >= 0 and header[5] + header[6] <= min(page[3], unpacked))
        elif kind == _DICTIONARY:
            _must(0 <= page[7][1] <= unpacked)  # each of its values takes a byte or more
        else:
            _must(kind == _INDEX)
        return _Pages(self.values + values, self.unpacked + unpacked)


def _pages(file: BinaryIO, column: _Struct, end: int) -> Iterator[_Struct]:
    """The header of each page of one column; what is between them is left, or compared with its check sum."""
    if not column[7]:  # no rows, no pages
        return
    at = min(offset for offset in (column[9], column.get(11, 0)) if offset > 0)
    last = at + _at_least_none(column[7])
    _must(len(MAGIC) <= at <= last <= end)
    while at < last:
        header, length = _page_header(file, at, last)
        size = _at_least_none(header[3])
        at += length + size
        _must(at <= last)
        if 4 in header:
            file.seek(at - size)
            _must(zlib.crc32(file.read(size)) == header[4] & 0xFFFFFFFF)
        if column[4] == 0:  # not compressed
            _must(header[2] == size)
        yield header


def _page_header(file: BinaryIO, at: int, last: int) -> tuple[_Struct, int]:
    most = _HEADER
    while True:
        file.seek(at)
        compact = _Compact(file.read(min(most, last - at)))
        try:
            return compact.struct(), compact.at
        except IndexError:
            if most >= last - at:
                raise
            most *= 16


class _Compact:
    """Thrift's compact protocol: only what can be in the bytes that are there is read."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def struct(self, depth: int = 0) -> _Struct:
        """Its fields by number.

        Raises:
            IndexError: The bytes end before it does.
        """
        _must(depth < _DEPTH)
        found: _Struct = {}
        number, data = 0, self.data
        while head := data[self.at]:
            self.at += 1
            number = number + (head >> 4) if head >> 4 else self.integer()
            kind = head & 15
            found[number] = kind == 1 if kind in {1, 2} else self._value(kind, depth)
        self.at += 1
        return found

    def varint(self) -> int:
        """A number without sign, of at most 64 bits."""
        value = shift = 0
        while True:
            byte = self.data[self.at]
            self.at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                _must(value < 1 << 64)
                return value
            shift += 7
            _must(shift < 70)

    def integer(self) -> int:
        """A number with sign."""
        value = self.varint()
        return (value >> 1) ^ -(value & 1)

    def _value(self, kind: int, depth: int) -> Any:
        if kind in {4, 5, 6}:
            return self.integer()
        if kind == 8:
            return self._bytes(self.varint())
        if kind == 12:
            return self.struct(depth + 1)
        if kind in {9, 10}:
            return self._list(depth)
        if kind in {1, 2, 3}:  # a byte, or a boolean of a list
            return self._bytes(1)
        _must(kind == 7)
        return self._bytes(8)

    def _bytes(self, n: int) -> bytes:
        at = self.at
        if n > len(self.data) - at:
            raise IndexError(n)
        self.at = at + n
        return self.data[at : at + n]

    def _list(self, depth: int) -> list[Any]:
        _must(depth < _DEPTH)
        head = self.data[self.at]
        self.at += 1
        n, kind = head >> 4, head & 15
        if n == 15:
            n = self.varint()
        if n > len(self.data) - self.at:  # each takes a byte or more
            raise IndexError(n)
        return [self._value(kind, depth + 1) for _ in range(n)]

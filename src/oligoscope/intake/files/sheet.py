"""One sheet of cells as read from a file, before its columns are identified."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.errors import OligoscopeError
from oligoscope.intake.files.raw_table import EXCESS, ROW, SOURCE
from oligoscope.intake.issues import Issue
from oligoscope.plain_text import without_forbidden
from oligoscope.study.schemas import TableSpec

Cells = Sequence[str | None]


class UnreadableError(OligoscopeError):
    """A file that cannot be read; `text` is the reason in both languages."""

    exit_code = 3

    def __init__(self, text: Text) -> None:
        super().__init__(text.en, zh=text.zh)
        self.text = text

    def issue(self, table: str, source: str) -> Issue:
        """The finding that a file of a table cannot be read."""
        return Issue(rule="file_unreadable", table=table, source=source, expected=self.text)


@dataclass(frozen=True, slots=True)
class Assumed:
    """The encoding assumed for a file that does not declare one.

    Attributes:
        encoding: The one assumed.
        word: The first word that depends on it, as it was read.
        western: The same bytes in Windows-1252.
        row: The line of the word.
    """

    encoding: str
    word: str
    western: str
    row: int


@dataclass(frozen=True)
class Sheet:
    """The cells of one file or sheet, as text.

    Attributes:
        source: The name shown to the user.
        headers: Non-blank headers, in order; a repeated one is listed once.
        repeated: Headers of more than one column; the first column is kept.
        frame: One String column a header, and SOURCE, ROW, EXCESS.
        day_zero: Of a workbook, the day that serial dates count from.
        assumed: The encoding, where the file is not in UTF-8 and the study does not give one.
        cleaned: Headers from which control characters were removed, as they are now.
        unread: Columns of a parquet file that cannot be cells, with their types.
    """

    source: str
    headers: tuple[str, ...]
    repeated: tuple[str, ...]
    frame: pl.DataFrame
    day_zero: datetime | None = None
    assumed: Assumed | None = None
    cleaned: tuple[str, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()

    def named(self, source: str) -> Sheet:
        """The same under the name shown to the user."""
        return replace(self, source=source, frame=self.frame.with_columns(pl.lit(source).alias(SOURCE)))


def sheet_of_rows(rows: Iterable[tuple[int, Cells]], day_zero: datetime | None = None) -> Sheet:
    """Cells with their row numbers to a sheet: the first row that is not blank is the header.

    Blank rows are dropped and the others keep their numbers.

    Raises:
        UnreadableError: There is no header.
    """
    filled = ((number, cells) for number, cells in rows if any(c and not c.isspace() for c in cells))
    _, header = next(filled, (0, None))
    if header is None:
        raise UnreadableError(Text("文件没有任何内容。", "it has no content"))
    written = [(name or "").strip().removeprefix("\ufeff") for name in header]
    names = [without_forbidden(name).strip() for name in written]
    cleaned = tuple(name for name, old in zip(names, written, strict=True) if name != old)
    width = max((i + 1 for i, name in enumerate(names) if name), default=0)
    numbers, body, excess = _body(filled, width)
    columns = list(zip(*body, strict=True)) if body else [()] * width
    kept: dict[str, Cells] = {}
    for name, column in zip(names[:width], columns, strict=True):
        if name and name not in kept:
            kept[name] = column
    data = {
        **{name: pl.Series(name, list(cells), dtype=pl.String) for name, cells in kept.items()},
        SOURCE: pl.Series(SOURCE, [""] * len(numbers), dtype=pl.String),
        ROW: pl.Series(ROW, numbers, dtype=pl.Int32),
        EXCESS: pl.Series(EXCESS, excess, dtype=pl.String),
    }
    repeated = tuple(name for name in kept if names.count(name) > 1)
    return Sheet("", tuple(kept), repeated, pl.DataFrame(data), day_zero, cleaned=cleaned)


def _body(filled: Iterable[tuple[int, Cells]], width: int) -> tuple[list[int], list[Cells], list[str | None]]:
    """Row numbers, cells cut or padded to the width of the header, and the cells beyond it."""
    numbers: list[int] = []
    body: list[Cells] = []
    excess: list[str | None] = []
    for number, cells in filled:
        numbers.append(number)
        if len(cells) == width:
            body.append(cells)
            excess.append(None)
            continue
        body.append([*cells[:width], *[None] * (width - len(cells))])
        beyond = [c for c in cells[width:] if c and not c.isspace()]
        excess.append(", ".join(beyond) or None)
    return numbers, body, excess


def no_such_file(path: Path) -> UnreadableError:
    """The reason that there is no file of this name; where its folder lies is no part of a finding, which is passed on."""
    folder = path.parent.name or "."
    return UnreadableError(
        Text(f"文件夹 {folder} 中找不到该文件。", f"there is no such file in the folder {folder}")
    )


def read_bytes(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        UnreadableError: There are none, with the reason for the user.
    """
    if path.is_dir():
        raise UnreadableError(Text("这是文件夹，不是文件。", "it is a folder, not a file"))
    try:
        raw = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise no_such_file(path) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UnreadableError(
            Text(f"系统拒绝读取：{reason}。", f"the system refuses to read it: {reason}")
        ) from None
    if not raw:
        raise UnreadableError(Text("文件为空（0 字节）。", "it is empty (0 bytes)"))
    return raw


def sheet_issues(table: TableSpec, sheets: Iterable[Sheet]) -> Iterator[Issue]:
    """The encoding assumed, headers with control characters, columns that cannot be cells."""
    for sheet in sheets:
        name, source = table.name, sheet.source
        if (taken := sheet.assumed) is not None:
            expected = Text(
                f"按 {taken.encoding} 读入；按 Windows-1252 则为“{taken.western}”",
                f"read as {taken.encoding}; in Windows-1252 it is “{taken.western}”",
            )
            yield Issue(
                rule="encoding_assumed", table=name, source=source, row=taken.row, value=taken.word, expected=expected
            )  # fmt: skip
        for header in sheet.cleaned:
            yield Issue(rule="control_character", table=name, source=source, row=1, column=header)
        for header, kind in sheet.unread:
            yield unread_column(table.name, sheet.source, header, kind)


def unread_column(table: str, source: str, header: str, kind: str) -> Issue:
    """The finding that a column of a parquet file was left out because of its type."""
    expected = Text(f"类型为 {kind}，不是数字、文字或日期", f"its type is {kind}, not a number, text or date")
    return Issue(rule="column_ignored", table=table, source=source, row=1, column=header, expected=expected)

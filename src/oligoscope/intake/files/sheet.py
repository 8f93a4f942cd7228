"""One sheet of cells as read from a file, before its columns are identified."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl

from oligoscope.bilingual import Text
from oligoscope.errors import OligoscopeError
from oligoscope.intake.files.data_rows import Taken, by_header, unnamed_beyond, unnamed_column
from oligoscope.intake.files.declared import NOTHING_DECLARED, Declared
from oligoscope.intake.files.layout import HEAD, Layout, Wanted, find_layout
from oligoscope.intake.files.merged_cells import NOTHING_MERGED, Merged, across, fill_merged
from oligoscope.intake.files.raw_table import EXCESS, ROW, SOURCE, RawTable
from oligoscope.intake.files.redcap_rows import distinct_names
from oligoscope.intake.files.shape import FIRST_ROW, Shape, Unnamed, shape_issues
from oligoscope.intake.issues import Issue
from oligoscope.plain_text import without_removed
from oligoscope.study.file_bytes import MB, RefusedFileError, bytes_of, size_of
from oligoscope.study.protocol import LimitSettings
from oligoscope.study.schemas import TableSpec

Cells = Sequence[str | None]
USUAL = LimitSettings()


class UnreadableError(OligoscopeError):
    """A file that cannot be read; `text` is the reason in both languages."""

    exit_code = 3

    def __init__(self, text: Text) -> None:
        super().__init__(text.en, zh=text.zh)
        self.text = text

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.text,)

    def issue(self, table: str, source: str, path: Path | None) -> Issue:
        """The finding that a file of a table cannot be read; `path` is None where there is no single file."""
        return Issue(rule="file_unreadable", table=table, source=source, expected=self.text, path=path)


@dataclass(frozen=True, slots=True)
class Assumed:
    """The encoding assumed for a file that does not declare one.

    Attributes:
        encoding: The one assumed.
        word: The first word that depends on it, as it was read.
        other: The one that the text would be in, if not in this.
        otherwise: The same bytes read in the other.
        row: The line of the word.
    """

    encoding: str
    word: str
    other: str
    otherwise: str
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
        cleaned: Headers from which control or invisible characters were removed, as they are now.
        unread: Columns of a parquet file that cannot be cells, with their types.
        shape: What was taken for what.
        units: The row of units or formats under the header, by header: `mm/dd/yyyy`, `cm`, `M/F`.
        days: The row of dates of scans that the study names, by header.
        declared: What the file states of its columns.
        head: The first rows as they are written, blank ones left out, of a file read cell by cell.
    """

    source: str
    headers: tuple[str, ...]
    repeated: tuple[str, ...]
    frame: pl.DataFrame
    day_zero: datetime | None = None
    assumed: Assumed | None = None
    cleaned: tuple[str, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()
    shape: Shape = FIRST_ROW
    units: Mapping[str, str] = field(default_factory=dict)
    days: Mapping[str, str] = field(default_factory=dict)
    declared: Declared = NOTHING_DECLARED
    head: tuple[tuple[int, Cells], ...] = ()

    def named(self, source: str) -> Sheet:
        """The same under the name shown to the user."""
        frame = self.frame.with_columns(pl.lit(source).alias(SOURCE))
        return replace(self, source=source, frame=frame, shape=self.shape.named(source))


def beyond(setting: str, limit: int, what: Text) -> UnreadableError:
    """The refusal of a file that is larger than a limit of study.yaml; `what` it has too much of."""
    return UnreadableError(
        Text(
            f"{what.zh}，超过上限 {limit:,}（study.yaml 的 limits.{setting}）。若文件无误，请调高该上限。",
            f"{what.en}, and the limit is {limit:,} (limits.{setting} in study.yaml); if the file is right, raise it",
        )
    )


def check_headers(names: Sequence[str], limits: LimitSettings) -> None:
    """Refuse a file of too many columns, or with a name that is too long.

    Raises:
        UnreadableError: It has more columns, or a longer name, than the limits allow.
    """
    n = len(names)
    if n > limits.columns:
        raise beyond("columns", limits.columns, Text(f"共 {n:,} 列", f"it has {n:,} columns"))
    longest = max(names, key=len, default="")
    if (n := len(longest)) > limits.name_length:
        what = Text(
            f"列名“{longest[:20]}……”有 {n:,} 个字符",
            f"the column name “{longest[:20]}…” has {n:,} characters",
        )
        raise beyond("name_length", limits.name_length, what)


def sheet_of_rows(
    rows: Iterable[tuple[int, Cells]],
    day_zero: datetime | None = None,
    limits: LimitSettings = USUAL,
    wanted: Wanted | None = None,
    merged: Merged = NOTHING_MERGED,
) -> Sheet:
    """Cells with their row numbers to a sheet.

    Blank rows are dropped and the others keep their numbers.

    Args:
        rows: Row numbers with cells, in order.
        day_zero: Of a workbook, the day that serial dates count from.
        limits: How large it may be.
        wanted: What the study states of the sheet, and the headers it may have; without it the first row that is not
            blank is the header.
        merged: Merged and hidden cells of a workbook.

    Raises:
        UnreadableError: There is no header, or more than the limits allow.
    """
    filled = _filled(rows, limits)
    head = list(islice(filled, 1 if wanted is None else HEAD))
    if not head:
        raise UnreadableError(Text("文件没有任何内容。", "it has no content"))
    layout = Layout((0,), None, tuple(head[0][1]))
    if wanted is not None:
        while head[-1][0] < wanted.rows_needed and (row := next(filled, None)) is not None:
            head.append(row)
        layout = find_layout(head, wanted, merged.blocks)
    names, cleaned = _names(layout.names)
    names, labels = distinct_names(names)
    width = max((i + 1 for i, name in enumerate(names) if name), default=0)
    check_headers(names[:width], limits)
    taken = Taken(head, layout, wanted or Wanted())
    numbers, body, excess = _body(taken.data(filled), width, limits)
    columns_filled = fill_merged(numbers, body, names[:width], merged.blocks)
    columns = list(zip(*body, strict=True)) if body else [()] * width
    kept: dict[str, Cells] = {}
    for name, column in zip(names[:width], columns, strict=True):
        if name and name not in kept:
            kept[name] = column
    unnamed: list[Unnamed] = []
    if wanted is not None:
        unnamed = [
            found
            for i, name in enumerate(names[:width])
            if not name and (found := unnamed_column(i, numbers, columns[i])) is not None
        ]
        if merged.is_workbook:  # a cell of a workbook has its own column, and cannot be shifted
            unnamed += unnamed_beyond(width, numbers, excess)
            excess = [None] * len(numbers)
    data = {
        **{name: pl.Series(name, list(cells), dtype=pl.String) for name, cells in kept.items()},
        SOURCE: pl.Series(SOURCE, [""] * len(numbers), dtype=pl.String),
        ROW: pl.Series(ROW, numbers, dtype=pl.Int32),
        EXCESS: pl.Series(EXCESS, excess, dtype=pl.String),
    }
    frame = pl.DataFrame(data)
    check_cells(frame, limits)
    times = Counter(names)
    repeated = tuple(name for name in kept if times[name] > 1)
    shape = Shape(
        header_rows=tuple(head[i][0] for i in layout.header),
        units_row=None if layout.units is None else head[layout.units][0],
        left_out=tuple(taken.left_out),
        merged=columns_filled,
        merged_across=across(merged.blocks, numbers, body, layout_end=head[layout.header[-1]][0]),
        unnamed=tuple(unnamed),
        hidden_rows=merged.hidden_rows,
        hidden_columns=merged.hidden_columns,
        stated=_stated(wanted),
    )
    units = {} if layout.units is None else by_header(names, head[layout.units][1])
    return Sheet(
        "",
        tuple(kept),
        repeated,
        frame,
        day_zero,
        cleaned=cleaned,
        shape=shape,
        units=units,
        days=taken.days(names),
        declared=Declared(labels) if labels else NOTHING_DECLARED,
        head=tuple(head),
    )


def _names(cells: Cells) -> tuple[list[str], tuple[str, ...]]:
    """Headers without characters that no document can hold, and those that had some."""
    written = [(name or "").strip().removeprefix("\ufeff") for name in cells]
    names = [without_removed(name).strip() for name in written]
    return names, tuple(name for name, old in zip(names, written, strict=True) if name != old)


def _stated(wanted: Wanted | None) -> frozenset[str]:
    if wanted is None:
        return frozenset()
    stated = {"header_row": bool(wanted.header_rows), "units_row": wanted.units_row is not None}
    return frozenset(name for name, is_stated in stated.items() if is_stated)


def check_cells(frame: pl.DataFrame, limits: LimitSettings) -> None:
    """Refuse a cell of text that is longer than the limits allow.

    Raises:
        UnreadableError: There is one.
    """
    cells = pl.col(pl.String)
    if _most(frame, cells.str.len_bytes()) <= limits.cell_length:  # known without a look at the characters
        return
    if (n := _most(frame, cells.str.len_chars())) > limits.cell_length:
        what = Text(f"有单元格长达 {n:,} 个字符", f"a cell has {n:,} characters")
        raise beyond("cell_length", limits.cell_length, what)


def _most(frame: pl.DataFrame, lengths: pl.Expr) -> int:
    found = frame.select(lengths.max())
    return max((n for n in (found.row(0) if found.height else ()) if n is not None), default=0)


def _filled(rows: Iterable[tuple[int, Cells]], limits: LimitSettings) -> Iterator[tuple[int, Cells]]:
    """The rows that are not blank; blank ones count, too."""
    last = limits.rows + 1  # the header is a row of the file, not of the table
    for number, cells in rows:
        if number > last:
            raise beyond("rows", limits.rows, Text(f"超过 {last:,} 行", f"it has more than {last:,} rows"))
        # The first cell alone decides for nearly every row.
        if (cells and cells[0] and not cells[0].isspace()) or any(c and not c.isspace() for c in cells):
            yield number, cells


def _body(
    filled: Iterable[tuple[int, Cells]], width: int, limits: LimitSettings
) -> tuple[list[int], list[Cells], list[str | None]]:
    """Row numbers, cells cut or padded to the width of the header, and the cells beyond it."""
    numbers: list[int] = []
    body: list[Cells] = []
    excess: list[str | None] = []
    most = limits.cells // max(width, 1)
    for number, cells in filled:
        numbers.append(number)
        if len(body) >= most:
            what = Text(
                f"{width:,} 列，超过 {most:,} 行", f"it has {width:,} columns and more than {most:,} rows"
            )
            raise beyond("cells", limits.cells, what)
        if len(cells) == width:
            body.append(cells)
            excess.append(None)
            continue
        body.append([*cells[:width], *[None] * (width - len(cells))])
        further = [c for c in cells[width:] if c and not c.isspace()]
        excess.append(", ".join(further) or None)
    return numbers, body, excess


def size_of_file(path: Path) -> int:
    """How many bytes a file has; only a file on a disk has a size.

    Raises:
        UnreadableError: There is none, it is a folder, a pipe or a device, or it is empty.
    """
    try:
        size = size_of(path)
    except RefusedFileError as error:
        raise UnreadableError(error.text) from None
    if not size:
        raise UnreadableError(Text("文件为空（0 字节）。", "it is empty (0 bytes)"))
    return size


def read_bytes(path: Path, limits: LimitSettings = USUAL) -> bytes:
    """The bytes of a file.

    Raises:
        UnreadableError: There are none, or more than the limits allow, with the reason for the user.
    """
    must_fit(size_of_file(path), limits)
    try:
        return bytes_of(path, limits.file_mb * MB)
    except RefusedFileError as error:
        raise UnreadableError(error.text) from None


def must_fit(size: int, limits: LimitSettings) -> None:
    """Refuse a file of too many bytes.

    Raises:
        UnreadableError: It has more than the limits allow.
    """
    if size > limits.file_mb * MB:
        mb = size / MB
        raise beyond("file_mb", limits.file_mb, Text(f"文件有 {mb:,.1f} MB", f"it has {mb:,.1f} MB"))


def table_of_sheets(name: str, sheets: Sequence[Sheet]) -> RawTable:
    """The rows of all sheets of a table, one after the other."""
    if not sheets:
        return RawTable(name)
    return RawTable(
        name,
        pl.concat([sheet.frame for sheet in sheets], how="diagonal"),
        headers={sheet.source: sheet.headers for sheet in sheets},
        repeated={sheet.source: sheet.repeated for sheet in sheets if sheet.repeated},
        day_zero={sheet.source: sheet.day_zero for sheet in sheets if sheet.day_zero is not None},
        shapes=tuple(sheet.shape for sheet in sheets),
        units={sheet.source: sheet.units for sheet in sheets if sheet.units},
        days={sheet.source: sheet.days for sheet in sheets if sheet.days},
        declared={s.source: s.declared for s in sheets if s.declared is not NOTHING_DECLARED},
    )


def sheet_issues(table: TableSpec, sheets: Iterable[Sheet]) -> Iterator[Issue]:
    """The encoding assumed, headers with control or invisible characters, columns that cannot be cells."""
    for sheet in sheets:
        name, source = table.name, sheet.source
        if (taken := sheet.assumed) is not None:
            expected = Text(
                f"按 {taken.encoding} 读入；按 {taken.other} 则为“{taken.otherwise}”",
                f"read as {taken.encoding}; in {taken.other} it is “{taken.otherwise}”",
            )
            yield Issue(
                rule="encoding_assumed", table=name, source=source, row=taken.row, value=taken.word, expected=expected
            )  # fmt: skip
        for header in sheet.cleaned:
            row = sheet.shape.header_rows[-1]
            yield Issue(rule="control_character", table=name, source=source, row=row, column=header)
        yield from shape_issues(name, sheet.shape)
        yield from sheet.declared.issues(name, source)
        for header, kind in sheet.unread:
            yield unread_column(table.name, sheet.source, header, kind)


def unread_column(table: str, source: str, header: str, kind: str) -> Issue:
    """The finding that a column of a parquet file was left out because of its type."""
    expected = Text(f"类型为 {kind}，不是数字、文字或日期", f"its type is {kind}, not a number, text or date")
    return Issue(rule="column_ignored", table=table, source=source, row=1, column=header, expected=expected)

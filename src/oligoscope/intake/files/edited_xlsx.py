"""New values for single cells of a workbook: only those cells are written anew, in the format that they have.

The rest of the file is copied byte for byte. Saving the workbook by openpyxl would drop the results of all formulas, which
then read as empty, and charts, pictures and pivot tables with them.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from xml.etree import ElementTree
from xml.parsers import expat
from xml.sax.saxutils import escape

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, to_excel

from oligoscope.bilingual import Text
from oligoscope.intake.files.edited_cells import Address, NotEditableError, address_of
from oligoscope.intake.files.sheet import USUAL
from oligoscope.intake.files.xlsx_package import check_package
from oligoscope.plain_text import without_forbidden
from oligoscope.study.protocol import LimitSettings

_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,15})?")
_DAY = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
_FORMULA = Text(
    "该单元格是公式，请在 Excel 中更正后重新上传。",
    "the cell holds a formula; correct it in Excel and upload the file again",
)
_NO_ROW = Text("工作表中没有这一行。", "the sheet has no such row")
_NO_SHEET = Text("工作簿中没有这张工作表。", "the workbook has no such sheet")


def has_formulas(raw: bytes, limits: LimitSettings = USUAL) -> bool:
    """Whether a sheet of a workbook holds formulas, whose results are those of the last time Excel saved it."""
    return check_package(raw, limits)


def edited_xlsx(
    raw: bytes, changes: Mapping[str, Mapping[Address, str]], limits: LimitSettings = USUAL
) -> bytes:
    """The workbook with new values.

    Args:
        raw: The file.
        changes: New values by the title of the sheet and the cell; a blank one empties the cell.
        limits: How large it may be.

    Raises:
        UnreadableError: It is no workbook that would be read.
        NotEditableError: A cell cannot be changed.
    """
    check_package(raw, limits)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w") as new:
        sheets = _sheet_parts(old)
        if missing := changes.keys() - sheets.keys():
            raise NotEditableError(Text(f"{min(missing)}：{_NO_SHEET.zh}", f"{min(missing)}: {_NO_SHEET.en}"))
        how = _Formats.of(old)
        by_part = {sheets[title]: own for title, own in changes.items()}
        for info in old.infolist():
            content = old.read(info)
            if info.filename in by_part:
                content = _edited_sheet(content, by_part[info.filename], how)
            new.writestr(info, content, compress_type=info.compress_type)
    return out.getvalue()


def _sheet_parts(package: zipfile.ZipFile) -> dict[str, str]:
    """The part of each sheet by its title."""
    targets: dict[str, str] = {}
    for one in ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels")):
        target = one.get("Target", "")
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        targets[one.get("Id", "")] = path
    found: dict[str, str] = {}
    for one in ElementTree.fromstring(package.read("xl/workbook.xml")).iter():
        if _local(one.tag) == "sheet":
            ids = [value for name, value in one.attrib.items() if _local(name) == "id" and name != "id"]
            found[one.get("name", "")] = targets.get(ids[0] if ids else "", "")
    return found


def _local(name: str) -> str:
    return name.rpartition("}")[2]


@dataclass(frozen=True)
class _Formats:
    """Which styles of cells show dates, or keep numbers as text; and the day that dates count from."""

    dates: frozenset[int]
    texts: frozenset[int]
    is_1904: bool

    @classmethod
    def of(cls, package: zipfile.ZipFile) -> _Formats:
        book = ElementTree.fromstring(package.read("xl/workbook.xml"))
        flag = next((e.get("date1904", "0") for e in book.iter() if _local(e.tag) == "workbookPr"), "0")
        codes = dict(BUILTIN_FORMATS)
        styles: list[int] = []
        if "xl/styles.xml" in package.namelist():
            tree = ElementTree.fromstring(package.read("xl/styles.xml"))
            for one in tree.iter():
                if _local(one.tag) == "numFmt":
                    codes[int(one.get("numFmtId", "0"))] = one.get("formatCode", "")
            cells = next((e for e in tree.iter() if _local(e.tag) == "cellXfs"), ())
            styles = [int(e.get("numFmtId", "0")) for e in cells]
        shown = {i: codes.get(n, "") for i, n in enumerate(styles)}
        return cls(
            frozenset(i for i, code in shown.items() if code and is_date_format(code)),
            frozenset(i for i, code in shown.items() if code == "@"),
            flag in {"1", "true"},
        )

    def content(self, style: str, value: str) -> tuple[str, str]:
        """The type of a cell and its content as XML, without prefixes: `{p}` is put where they go."""
        at = int(style) if style.isdigit() else 0
        day = _DAY.fullmatch(value)
        if not value:
            return "", ""
        if at in self.dates and day is not None and (serial := self._serial(day)) is not None:
            return "", f"<{{p}}v>{serial}</{{p}}v>"
        if at not in self.texts and _NUMBER.fullmatch(value):
            return "", f"<{{p}}v>{value}</{{p}}v>"
        shown = escape(without_forbidden(value)).replace("{", "{{").replace("}", "}}")
        return ' t="inlineStr"', f'<{{p}}is><{{p}}t xml:space="preserve">{shown}</{{p}}t></{{p}}is>'

    def _serial(self, day: re.Match[str]) -> int | None:
        try:
            written = date(*(int(part) for part in day.groups()))
        except ValueError:
            return None
        epoch = CALENDAR_MAC_1904 if self.is_1904 else CALENDAR_WINDOWS_1900
        return int(to_excel(datetime(written.year, written.month, written.day), epoch))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class _Splice:
    """Bytes of a part that are replaced; of none where something is put in between."""

    begin: int
    end: int
    content: bytes


@dataclass
class _Walk:
    """One walk through a sheet, noting where each wanted cell is, or would be."""

    xml: bytes
    wanted: Mapping[Address, str]
    formats: _Formats
    found: list[_Splice] = field(default_factory=list)
    done: set[Address] = field(default_factory=set)
    row: int = 0
    column: int = 0
    open_cell: tuple[Address, int, str, dict[str, str]] | None = None
    has_formula: bool = False

    def run(self) -> list[_Splice]:
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.Parse(self.xml, True)
        if self.wanted.keys() - self.done:
            raise NotEditableError(_NO_ROW)
        return self.found

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        prefix, _, local = name.rpartition(":")
        if local == "row":
            self.row = int(attributes.get("r", self.row + 1))
            self.column = 0
        elif local == "c" and self.row:
            given = address_of(attributes.get("r", ""))
            at = given or Address(self.row, self.column + 1)
            self.row, self.column = at.row, at.column
            self._put_before(at, prefix)
            if at in self.wanted:
                self.open_cell = (at, self.parser.CurrentByteIndex, prefix, attributes)
                self.has_formula = False
        elif local == "f" and self.open_cell is not None:
            self.has_formula = True

    def _end(self, name: str) -> None:
        prefix, _, local = name.rpartition(":")
        if local == "c" and self.open_cell is not None:
            at, begin, cell_prefix, attributes = self.open_cell
            self.open_cell = None
            if self.has_formula:
                raise NotEditableError(Text(f"{at}：{_FORMULA.zh}", f"{at}: {_FORMULA.en}"))
            self.found.append(
                _Splice(begin, self._after(begin), self._cell(at, cell_prefix, attributes.get("s", "")))
            )
            self.done.add(at)
        elif local == "row":
            left = self._left_in_row(None)
            if left:
                self._put_at_end(left, prefix)

    def _after(self, begin: int) -> int:
        """The byte after the element that ends here: its closing tag, or the tag itself where it is empty."""
        return self.xml.index(b">", max(begin, self.parser.CurrentByteIndex)) + 1

    def _left_in_row(self, before: int | None) -> list[Address]:
        return sorted(
            a for a in self.wanted
            if a.row == self.row and a not in self.done and (before is None or a.column < before)
        )  # fmt: skip

    def _put_before(self, at: Address, prefix: str) -> None:
        for new in self._left_in_row(at.column):
            here = self.parser.CurrentByteIndex
            self.found.append(_Splice(here, here, self._cell(new, prefix, "")))
            self.done.add(new)

    def _put_at_end(self, left: list[Address], prefix: str) -> None:
        here = self.parser.CurrentByteIndex
        cells = b"".join(self._cell(a, prefix, "") for a in left)
        self.done.update(left)
        if self.xml[here : here + 2] == b"</":
            self.found.append(_Splice(here, here, cells))
            return
        end = self._after(here)  # <row r="5"/>
        close = f"</{prefix}:row>" if prefix else "</row>"
        self.found.append(_Splice(end - 2, end, b">" + cells + close.encode()))

    def _cell(self, at: Address, prefix: str, style: str) -> bytes:
        p = f"{prefix}:" if prefix else ""
        kind, content = self.formats.content(style, self.wanted[at])
        styled = f' s="{int(style)}"' if style.isdigit() else ""
        return f'<{p}c r="{at}"{styled}{kind}>{content.format(p=p)}</{p}c>'.encode()


def _edited_sheet(xml: bytes, wanted: Mapping[Address, str], formats: _Formats) -> bytes:
    if not xml.lstrip(b"\xef\xbb\xbf").startswith(b"<") or re.search(
        rb'encoding=["\'](?!utf-?8)', xml[:200], re.IGNORECASE
    ):
        raise NotEditableError(Text("工作表的编码不是 UTF-8。", "the sheet is not in UTF-8"))
    splices = _Walk(xml, wanted, formats).run()
    return b"".join(_joined(xml, splices))


def _joined(xml: bytes, splices: list[_Splice]) -> Iterator[bytes]:
    at = 0
    for one in splices:
        yield xml[at : one.begin]
        yield one.content
        at = one.end
    yield xml[at:]

"""The archive that a workbook is: looked at before anything of it is unpacked into memory."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

from oligoscope.bilingual import Text
from oligoscope.intake.files.sheet import UnreadableError, beyond
from oligoscope.study.file_bytes import MB
from oligoscope.study.protocol import LimitSettings

NOT_A_WORKBOOK = Text(
    "不是有效的 xlsx 工作簿。请重新保存。", "it is not a valid xlsx workbook; save it again"
)
PACKED = 100  # times; workbooks of people's unpack to 5 to 20 times their size
ALWAYS = 10 * MB  # bytes that a workbook may unpack to, however small it is
_PARTS = 10_000
_CHUNK = 1 << 20
_SHEETS = "xl/worksheets/"

# ISO/IEC 29500: the names of a Strict workbook, and those of a Transitional one.
_STRICT = b"http://purl.oclc.org/ooxml/"
_USUAL = b"http://schemas.openxmlformats.org/"
_NAMESPACES = tuple(
    (_STRICT + strict, _USUAL + usual)
    for strict, usual in (
        (b"spreadsheetml/main", b"spreadsheetml/2006/main"),
        (b"drawingml/main", b"drawingml/2006/main"),
        (b"officeDocument/relationships", b"officeDocument/2006/relationships"),
        (b"officeDocument/extendedProperties", b"officeDocument/2006/extended-properties"),
        (b"officeDocument/customProperties", b"officeDocument/2006/custom-properties"),
        (b"officeDocument/docPropsVTypes", b"officeDocument/2006/docPropsVTypes"),
    )
)


_LONG_TAG = re.compile(rb"<[A-Za-z][^<>]{20000}")


def check_package(raw: bytes, limits: LimitSettings) -> bool:
    """Refuse what is no plain workbook of a reasonable size; True where a sheet holds a formula.

    Raises:
        UnreadableError: It unpacks to too much, has a password, or holds a document type (no workbook does).
    """
    with zipfile.ZipFile(io.BytesIO(raw)) as parts:
        infos = parts.infolist()
        if len(infos) > _PARTS:
            raise UnreadableError(NOT_A_WORKBOOK)
        if any(info.flag_bits & 1 for info in infos):
            raise UnreadableError(
                Text("工作簿有密码。请另存为不加密的 xlsx。", "it has a password; save it without one")
            )
        _check_size(sum(info.file_size for info in infos), len(raw), limits)
        found = [_signs_of(parts, info) for info in infos if info.filename.endswith((".xml", ".rels"))]
    return any(found)


def _check_size(unpacked: int, packed: int, limits: LimitSettings) -> None:
    mb = unpacked / MB
    if unpacked > max(ALWAYS, PACKED * packed):
        raise UnreadableError(Text(
            f"解压后为 {mb:,.0f} MB，是文件的 {unpacked // max(packed, 1):,} 倍，不是正常的工作簿。请重新保存。",
            f"it unpacks to {mb:,.0f} MB, {unpacked // max(packed, 1):,} times its size, as no usual workbook does; save it again",
        ))  # fmt: skip
    if mb > limits.unpacked_mb:
        what = Text(f"解压后为 {mb:,.0f} MB", f"it unpacks to {mb:,.0f} MB")
        raise beyond("unpacked_mb", limits.unpacked_mb, what)


def _signs_of(parts: zipfile.ZipFile, info: zipfile.ZipInfo) -> bool:
    """Whether a part is a sheet with a formula.

    Raises:
        UnreadableError: It has a document type, which may make text grow without end, or fetch another file; or, beside
            the cells, an element of attributes without end, for which openpyxl takes the square of their number.
    """
    has_formula, is_sheet = False, info.filename.startswith(_SHEETS)
    for piece in _pieces(parts, info):
        if b"<!DOCTYPE" in piece or b"<!ENTITY" in piece:
            raise UnreadableError(NOT_A_WORKBOOK)
        if not is_sheet and _LONG_TAG.search(piece):
            raise UnreadableError(NOT_A_WORKBOOK)
        has_formula = has_formula or b"<f>" in piece or b"<f " in piece
    return has_formula and is_sheet


def _pieces(parts: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part, a piece at a time; each begins with the end of the one before it."""
    end = b""
    with parts.open(info) as part:
        while chunk := part.read(_CHUNK):
            yield end + chunk
            end = chunk[-9:]


def transitional(raw: bytes) -> bytes:
    """A Strict Open XML workbook with the namespaces of a Transitional one, the only ones openpyxl knows."""
    with zipfile.ZipFile(io.BytesIO(raw)) as parts:
        if _STRICT not in parts.read("xl/workbook.xml"):
            return raw
        renamed = io.BytesIO()
        with zipfile.ZipFile(renamed, "w", zipfile.ZIP_DEFLATED) as out:
            for info in parts.infolist():
                content = parts.read(info)
                is_xml = info.filename.endswith((".xml", ".rels"))
                out.writestr(info.filename, _renamed(content) if is_xml else content)
        return renamed.getvalue()


def _renamed(xml: bytes) -> bytes:
    for strict, usual in _NAMESPACES:
        xml = xml.replace(strict, usual)
    return xml

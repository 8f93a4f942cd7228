"""What a file that was sent really is: looked at before it counts as data, without unpacking it."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Final

from oligoscope.bilingual import Text
from oligoscope.web.file_names import MACRO

MB: Final = 1_000_000
UNPACKED: Final = 200 * MB  # bytes that a workbook may unpack to
_TIMES, _ALWAYS, _PARTS = 100, 10 * MB, 10_000
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
# The directory of an old workbook names the storage of its macros in UTF-16.
_MACROS: Final = "_VBA_PROJECT".encode("utf-16-le")
_BEGINS: Final = {
    ".xlsx": (_ZIP, _OLE),  # with a password it is of the old kind; its reader says so
    ".parquet": (b"PAR1",),
    ".sav": (b"$FL",),
    ".zsav": (b"$FL",),
}
_EMPTY = Text("文件为空（0 字节）。", "The file is empty (0 bytes).")
_OTHER = Text(
    "内容与扩展名不符，文件可能已损坏。请用原程序重新保存。",
    "The content is not what the name says; the file may be damaged. Save it again in the program that made it.",
)
_PROGRAM = Text("这是程序，不是数据。", "This is a program and no data.")


def refused_content(path: Path, name: str) -> Text | None:
    """Why a file is not taken by its content; None where it is.

    Args:
        path: Of the file, complete.
        name: As it will be called, which says the format.
    """
    suffix = Path(name).suffix.casefold()
    with path.open("rb") as file:
        begin = file.read(8)
    if not begin:
        return _EMPTY
    if begin.startswith((b"MZ", b"\x7fELF")):
        return _PROGRAM
    if suffix in _BEGINS and not begin.startswith(_BEGINS[suffix]):
        return _OTHER
    if begin.startswith(_ZIP):
        return _refused_package(path)
    if begin.startswith(_OLE) and _holds(path, _MACROS):
        return MACRO
    return None


def _refused_package(path: Path) -> Text | None:
    try:
        with zipfile.ZipFile(path) as parts:
            infos = parts.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return _OTHER
    names = {info.filename.casefold() for info in infos}
    if any(name.endswith(("vbaproject.bin", "xl/workbook.bin")) or "macrosheets/" in name for name in names):
        return MACRO
    if "xl/workbook.xml" not in names:
        return _OTHER
    unpacked, packed = sum(info.file_size for info in infos), path.stat().st_size
    if len(infos) > _PARTS or unpacked > max(_ALWAYS, _TIMES * packed) or unpacked > UNPACKED:
        return _bomb(unpacked)
    return None


def _bomb(unpacked: int) -> Text:
    return Text(
        f"解压后为 {unpacked / MB:,.0f} MB，超过上限（{UNPACKED / MB:,.0f} MB，或文件的 {_TIMES} 倍）。请删去不用的工作表，或另存为 csv。",
        f"It unpacks to {unpacked / MB:,.0f} MB, beyond the limit ({UNPACKED / MB:,.0f} MB, or {_TIMES} times its size). Delete sheets that are not needed, or save it as csv.",
    )


def _holds(path: Path, word: bytes) -> bool:
    end = b""
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            if word in end + chunk:
                return True
            end = chunk[-len(word) :]
    return False

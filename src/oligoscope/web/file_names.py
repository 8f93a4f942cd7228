"""Which names a file may have here, and which kinds of file are taken."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePath
from typing import Final

from oligoscope.bilingual import Text

_LONGEST: Final = 120  # characters of a name
_BYTES: Final = 240  # of a name on a disk
_DEVICES: Final = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)( *\..*)?")
_SIGNS: Final = frozenset('<>:"/\\|?*')  # that name a path, or none that Windows writes
# Of these formats are the files that the program reads.
READ: Final = (
    ".xlsx", ".xls", ".csv", ".tsv", ".txt", ".tab", ".sav", ".zsav", ".dta", ".sas7bdat", ".xpt", ".xport", ".parquet",
    ".json", ".ndjson",
)  # fmt: skip
_SETTINGS: Final = frozenset({"study_numbers.csv"})
_MACROS: Final = frozenset({".xlsm", ".xlsb", ".xltm", ".xlam", ".xltx", ".xla", ".xlt"})
_PACKED: Final = frozenset({".zip", ".rar", ".7z", ".gz", ".tar", ".bz2", ".xz"})

_BAD_NAME = Text(
    "文件名不能使用：名称中有路径符号、控制字符，或以点开头，或过长。请重命名后再放入。",
    "This name cannot be used: it has signs of a path or control characters, begins with a dot, or is too long. Rename the file and drop it again.",
)
_DEVICE = Text(
    "该名称是 Windows 的设备名，不能用作文件名。请重命名后再放入。",
    "This name is that of a device of Windows. Rename the file and drop it again.",
)
_OWN = Text(
    "设置文件（study.yaml、mapping.yaml、study_numbers.csv）由本程序写出，不作为数据放入。",
    "Files of settings (study.yaml, mapping.yaml, study_numbers.csv) are written by the program and are no data.",
)
MACRO = Text(
    "不接受可含宏的工作簿。请在 Excel 中“另存为”→“Excel 工作簿 (*.xlsx)”，再放入该 xlsx。",
    "Workbooks that may hold macros are not taken. In Excel: Save As, Excel Workbook (*.xlsx); then drop the xlsx.",
)
_ARCHIVE = Text(
    "不接受压缩包。请先解压，再放入其中的数据文件。",
    "Archives are not taken. Unpack it and drop the files of data that are in it.",
)
_UNKNOWN = Text(
    "不认识该格式。可放入 xlsx、xls、csv、txt、sav、dta、sas7bdat、xpt、parquet、Dataset-JSON。",
    "This format is not known. Taken are xlsx, xls, csv, txt, sav, dta, sas7bdat, xpt, parquet and Dataset-JSON.",
)


def cleaned(name: str) -> str:
    """The name in the form in which it is stored: composed, without spaces around it."""
    return unicodedata.normalize("NFC", name).strip()


def refused_name(name: str) -> Text | None:
    """Why a file of this name is not taken; None where it is.

    Args:
        name: As `cleaned` gives it.
    """
    if (
        not name
        or len(name) > _LONGEST
        or len(name.encode("utf-8", "surrogatepass")) > _BYTES
        or name.startswith((".", "~$"))
        or name.endswith((".", " "))
        or _SIGNS & set(name)
        or any(unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} for sign in name)
    ):
        return _BAD_NAME
    if _DEVICES.fullmatch(name):
        return _DEVICE
    suffix = PurePath(name).suffix.casefold()
    if name.casefold() in _SETTINGS or suffix in {".yaml", ".yml"}:
        return _OWN
    if suffix in _MACROS:
        return MACRO
    if suffix in _PACKED:
        return _ARCHIVE
    return None if suffix in READ else _UNKNOWN

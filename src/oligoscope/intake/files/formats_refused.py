"""Files that only have the name of a format."""

from __future__ import annotations

from oligoscope.bilingual import Text
from oligoscope.intake.files.formats import OLD_EXCEL, SAS7BDAT, SAV, XLSX, XPT
from oligoscope.intake.files.sheet import UnreadableError
from oligoscope.intake.files.xlsx_package import NOT_A_WORKBOOK

# Formats known by their first bytes: a file that only has the name of one is none.
_BY_CONTENT = {XLSX: NOT_A_WORKBOOK} | {
    kind: Text(f"不是完好的 {name} 文件。请重新保存。", f"it is not a sound {name} file; save it again")
    for kind, name in ((SAV, "SPSS"), (SAS7BDAT, "SAS"), (XPT, "SAS"))
}


def refuse_other_formats(name: str, raw: bytes) -> None:
    """Refuse text that is named as a workbook or a file of a statistics program.

    Raises:
        UnreadableError: It is.
    """
    for kind, text in _BY_CONTENT.items():
        if kind.is_named(name):
            raise UnreadableError(text)
    if OLD_EXCEL.is_named(name) and raw.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise UnreadableError(Text(
            "名为 xls，其实是网页（HTML 或 XML）。请在 Excel 中打开并另存为 xlsx。",
            "it is named xls and is a web page (HTML or XML); open it in Excel and save it as xlsx",
        ))  # fmt: skip

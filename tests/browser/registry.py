"""A small registry as a hospital keeps it: three patients, lesions and scans, with words that need a question."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

Rows = Sequence[Sequence[Any]]
PATIENTS: Rows = (
    ("Registry of the lung clinic",),
    ("Pt ID", "Gender", "Age", "Smoker", "Histo", "Stage", "C1D1", "Date of death", "Last FU"),
    ("", "M/F", "years", "Y/N", "", "", "", "", ""),
    ("A01", "M", 61, "Y", "SCC", "IV", "2020-01-10", "2021-06-01", "2021-06-01"),
    ("A02", "F", 55, "N", "Adeno", "IIIC", "2020-02-10", "", "2022-06-01"),
    ("A03", "M", 70, "Y", "SCC", "IV", "2020-03-10", "", "2022-06-01"),
    ("Total", 3),
)
LESIONS: Rows = (
    ("Pt ID", "Lesion No", "T/NT/New", "Site"),
    ("A01", "1", "T", "RUL"),
    ("A01", "2", "T", "left chest thing"),
    ("A02", "1", "T", "Liver"),
    ("A03", "1", "T", "Lung"),
)
SCANS: Rows = (
    ("Pt ID", "Lesion No", "Scan date", "Size (mm)"),
    ("A01", "1", "2020-01-02", 50), ("A01", "1", "2020-03-02", 30), ("A01", "2", "2020-01-02", 20), ("A01", "2", "2020-03-02", 20),
    ("A02", "1", "2020-02-02", 40), ("A02", "1", "2020-04-02", 60), ("A03", "1", "2020-03-02", 30), ("A03", "1", "2020-05-02", 30),
)  # fmt: skip


def workbook(**sheets: Rows) -> bytes:
    """A workbook of these sheets; without any, the registry."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in (sheets or {"Demographics": PATIENTS, "Lesions": LESIONS, "Scans": SCANS}).items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()

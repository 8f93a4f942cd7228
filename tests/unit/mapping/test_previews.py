"""What a page shows of each sheet, and what follows from what a person says of one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from oligoscope.mapping.previews import Reading, previews_of
from oligoscope.mapping.sheet_use import SheetSaid, changes_of
from oligoscope.study.template.book import template_workbook

PATIENTS = (
    ("Registry",),
    ("Pt ID", "C1D1", "Gender"),
    ("", "yyyy-mm-dd", "M/F"),
    ("A01", "2020-01-10", "M"),
    ("A02", "2020-02-10", "F"),
    ("Total", 2, None),
)
LESIONS = (("Pt ID", "Lesion No", "T/NT/New", "Site"), ("A01", "1", "T", "lung"))
SCANS = (("Pt ID", "Lesion No", "Scan date", "Size (mm)"), ("A01", "1", "2020-01-02", 50))


def book(place: Path, **sheets: Sequence[Sequence[Any]]) -> None:
    made = Workbook()
    made.remove(made.worksheets[0])
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    made.save(place)


def test_each_row_is_called_what_it_was_taken_for(tmp_path: Path):
    book(tmp_path / "a.xlsx", Demographics=PATIENTS, Lesions=LESIONS, Other=(("Item", "Price"), ("tea", 2)))
    (found,) = previews_of(tmp_path, {}, {})
    first, second, third = found["sheets"]

    assert [(row["row"], row["kind"]) for row in first["rows"]] == [
        (1, "title"), (2, "header"), (3, "units"), (4, "data"), (5, "data"), (6, "note"),
    ]  # fmt: skip
    assert first["left_out"] == [{"row": 6, "kind": "note", "text": "Total"}]
    assert (first["tables"], second["tables"], third["tables"]) == (["patients"], ["lesions"], [])
    assert first["letters"] == ["A", "B", "C"]
    assert first["n"] == 2


def test_a_sheet_that_is_left_out_is_not_asked_about_again(tmp_path: Path):
    book(tmp_path / "a.xlsx", Demographics=PATIENTS, Lesions=LESIONS, Scans=SCANS)
    reading = Reading(tmp_path, {})
    changes = changes_of(SheetSaid(("a.xlsx", "Scans"), ()), reading, reading, {})

    assert changes.data == {("measurements",): None}
    assert changes.answers == {"table.measurements": "-"}
    left = reading.use({"table.measurements": "-"})
    assert ("a.xlsx", "Scans") not in left.tables


def test_the_row_of_the_header_is_stated_with_the_place_of_the_table(tmp_path: Path):
    book(tmp_path / "a.xlsx", Demographics=PATIENTS, Lesions=LESIONS)
    place = ("a.xlsx", "Demographics")
    said = SheetSaid(place, ("patients",), (2,), (5,))
    before, after = Reading(tmp_path, {}), Reading(tmp_path, {}, rows={place: said.rows})
    changes = changes_of(said, before, after, {})

    assert changes.data == {
        ("patients", "files"): ["a.xlsx"], ("patients", "sheet"): "Demographics",
        ("patients", "header_row"): [2], ("patients", "ignored_rows"): [5],
    }  # fmt: skip


def test_a_sheet_of_another_header_says_by_it_what_it_is(tmp_path: Path):
    """A header so far down is not looked for, so that the first row is taken for it."""
    above = [(f"item {n}", "tea", "box") for n in range(14)]
    rows = (*above, *PATIENTS[1:2], *PATIENTS[3:5])
    book(tmp_path / "a.xlsx", Sheet1=rows)
    place = ("a.xlsx", "Sheet1")
    said = SheetSaid(place, (), (15,))
    before, after = Reading(tmp_path, {}), Reading(tmp_path, {}, rows={place: said.rows})

    assert changes_of(said, before, after, {}).data[("patients", "header_row")] == [15]


def test_a_template_left_blank_has_no_table(tmp_path: Path):
    (tmp_path / "t.xlsx").write_bytes(template_workbook("both"))
    (found,) = previews_of(tmp_path, {}, {})

    assert [sheet["tables"] for sheet in found["sheets"] if sheet["tables"]] == []
    assert any(row["kind"] == "example" for sheet in found["sheets"] for row in sheet["rows"])

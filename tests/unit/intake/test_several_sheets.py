"""A table in several sheets of a workbook: those named, or every one that is alike; the title as a column."""

from __future__ import annotations

import pytest

from unit.intake.conftest import write_xlsx
from unit.intake.test_sheets_of_people import LESIONS, MEASUREMENTS, PATIENTS, tables_of


def visits() -> dict[str, list[list[object]]]:
    """The measurements with a sheet for each day of a scan."""
    days = sorted({row[2] for row in MEASUREMENTS[1:]})
    return {
        f"V{i}": [MEASUREMENTS[0], *(r for r in MEASUREMENTS if r[2] == day)] for i, day in enumerate(days)
    }


def sheets_by(column: int, name: str) -> dict[str, list[list[object]]]:
    """The measurements with a sheet for each word of a column, which is its title only."""

    def without(row):
        return [c for i, c in enumerate(row) if i != column]

    words = sorted({row[column] for row in MEASUREMENTS[1:]})
    return {
        name.format(word): [
            without(MEASUREMENTS[0]),
            *(without(r) for r in MEASUREMENTS if r[column] == word),
        ]
        for word in words
    }


def rows(tables):
    return sorted(tables.measurements.drop("source", "source_row").rows(), key=str)


@pytest.fixture
def whole(tmp_path):
    write_xlsx(tmp_path / "a.xlsx", {"patients": PATIENTS, "lesions": LESIONS, "measurements": MEASUREMENTS})
    return rows(tables_of(tmp_path, patients="a.xlsx", lesions="a.xlsx", measurements="a.xlsx")[0])


@pytest.mark.parametrize(
    ("sheets", "stated"),
    [
        (visits(), {"sheet": ["V0", "V1", "V2", "V3"]}),
        (visits(), {"sheet": "all"}),
        (sheets_by(0, "{}"), {"sheet": "all", "columns": {"patient_id": "[sheet]"}}),
        (sheets_by(2, "CT {}"), {"sheet": "all", "columns": {"assessed_on": "[sheet]"}}),
    ],
    ids=["named", "all", "patients", "days"],
)  # fmt: skip
def test_a_table_in_several_sheets_is_the_table_in_one(tmp_path, whole, sheets, stated):
    write_xlsx(tmp_path / "d.xlsx", {"patients": PATIENTS, "lesions": LESIONS, **sheets})

    tables, issues = tables_of(
        tmp_path, patients="d.xlsx", lesions="d.xlsx", measurements={"files": "d.xlsx", **stated}
    )

    assert rows(tables) == whole
    assert not issues.errors
    assert not issues.quarantined


def test_a_sheet_that_is_not_there_is_an_error(tmp_path):
    write_xlsx(tmp_path / "d.xlsx", {"patients": PATIENTS, "lesions": LESIONS, **visits()})

    _, issues = tables_of(
        tmp_path, patients="d.xlsx", lesions="d.xlsx", measurements={"files": "d.xlsx", "sheet": ["V0", "V9"]}
    )

    assert [(i.rule, "V9" in i.expected.en) for i in issues.errors] == [("file_unreadable", True)]


def test_each_file_has_some_of_the_sheets(tmp_path, whole):
    first, second = dict(list(visits().items())[:2]), dict(list(visits().items())[2:])
    write_xlsx(tmp_path / "d.xlsx", {"patients": PATIENTS, "lesions": LESIONS, **first})
    write_xlsx(tmp_path / "e.xlsx", second)

    tables, _ = tables_of(
        tmp_path, patients="d.xlsx", lesions="d.xlsx",
        measurements={"files": ["d.xlsx", "e.xlsx"], "sheet": ["V0", "V1", "V2", "V3"]},
    )  # fmt: skip

    assert rows(tables) == whole

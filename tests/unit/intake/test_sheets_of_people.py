"""Whole studies from sheets as people keep them: the labels are those of the clean tables."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from oligoscope.intake.files.sheet import UnreadableError
from oligoscope.intake.files.sheet_choice import Fitness, choose_sheet
from oligoscope.intake.readers import read_tables
from oligoscope.intake.validation import validate_tables
from oligoscope.study.protocol import Protocol
from oligoscope.study.short_forms import in_long_form
from unit.intake.conftest import write_xlsx

PATIENTS = [
    ["患者编号", "性别", "治疗开始日期", "末次存活日期"],
    ["P1", "男", "2020-01-10", "2020-09-01"],
    ["P2", "女", "2020-02-10", "2020-09-01"],
]
LESIONS = [
    ["患者编号", "病灶编号", "病灶类别", "器官"],
    ["P1", "1", "靶病灶", "肺"],
    ["P1", "2", "非靶病灶", "肝"],
    ["P2", "1", "靶病灶", "骨"],
]
MEASUREMENTS = [
    ["患者编号", "病灶编号", "评估日期", "径线", "状态"],
    ["P1", "1", "2020-01-01", "30", None], ["P1", "1", "2020-03-01", "20", None], ["P1", "2", "2020-01-01", None, "存在"],
    ["P1", "2", "2020-03-01", None, "消失"], ["P2", "1", "2020-02-01", "41.0", None], ["P2", "1", "2020-04-01", "28.7", None],
]  # fmt: skip
WIDE = [
    ["患者编号", "病灶编号", "病灶类别", "器官", "评效0", "评效1", "日期0", "日期1"],
    ["P1", "1", "靶病灶", "肺", 30, 20, "2020-01-01", "2020-03-01"], ["P1", "2", "非靶病灶", "肝", "存在", "消失", "2020-01-01", "2020-03-01"],
    ["P2", "1", "靶病灶", "骨", 41.0, 28.7, "2020-02-01", "2020-04-01"],
]  # fmt: skip


def protocol(**data: Any) -> Protocol:
    return Protocol.model_validate(in_long_form({"study": {}, "data": data}))


def tables_of(folder: Path, **data: Any):
    study = protocol(**data)
    return validate_tables(read_tables(study, folder), study)


@pytest.fixture
def clean(tmp_path):
    folder = tmp_path / "clean"
    folder.mkdir()
    write_xlsx(folder / "d.xlsx", {"patients": PATIENTS, "lesions": LESIONS, "measurements": MEASUREMENTS})
    tables, issues = tables_of(folder, patients="d.xlsx", lesions="d.xlsx", measurements="d.xlsx")
    assert not len(issues)
    return tables


def same(found: pl.DataFrame, clean: pl.DataFrame) -> bool:
    key = [c for c in ("patient_id", "lesion_id", "assessed_on") if c in clean.columns]
    left, right = (f.drop("source", "source_row").sort(key) for f in (found, clean))
    return left.select(sorted(left.columns)).equals(right.select(sorted(right.columns)))


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_a_wide_sheet_gives_the_tables_of_the_long_one(tmp_path, clean, suffix):
    write_xlsx(tmp_path / "p.xlsx", {"Sheet1": PATIENTS})
    if suffix == "xlsx":
        write_xlsx(tmp_path / "w.xlsx", {"Sheet1": WIDE})
    else:
        with (tmp_path / "w.csv").open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows(WIDE)

    tables, issues = tables_of(tmp_path, patients="p.xlsx", lesions=f"w.{suffix}", measurements=f"w.{suffix}")

    for name in ("patients", "lesions", "measurements"):
        assert same(getattr(tables, name), getattr(clean, name)), name
    assert {i.rule for i in issues} == {"sheet_shape"}


def test_titles_units_merged_cells_and_totals_of_a_workbook(tmp_path, clean):
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "患者基本信息"
    for row in [
        ["肺癌登记表"],
        [],
        PATIENTS[0],
        [None, "男/女", "yyyy-mm-dd", "yyyy-mm-dd"],
        *PATIENTS[1:],
        ["合计", "2 例"],
        [],
        ["制表人：张"],
    ]:
        sheet.append(row)
    sheet.merge_cells("A1:D1")
    sheet.row_dimensions[5].hidden = True
    sheet.column_dimensions["B"].hidden = True
    lesions = book.create_sheet("病灶信息")
    for row in LESIONS:
        lesions.append(row)
    lesions["A3"] = None
    lesions.merge_cells("A2:A3")
    scans = book.create_sheet("影像测量")
    for row in MEASUREMENTS:
        scans.append(row)
    book.create_sheet("Sheet3")
    book.save(tmp_path / "d.xlsx")

    tables, issues = tables_of(tmp_path, patients="d.xlsx", lesions="d.xlsx", measurements="d.xlsx")

    for name in ("patients", "lesions", "measurements"):
        assert same(getattr(tables, name), getattr(clean, name)), name
    assert tables.patients["source_row"].to_list() == [5, 6]
    assert {(i.rule, i.table, i.row) for i in issues} == {
        ("cells_filled", "lesions", 3), ("row_is_a_note", "patients", 7), ("row_is_a_note", "patients", 9),
        ("sheet_shape", "patients", 3), ("sheet_shape", "patients", 4), ("sheet_shape", "patients", None),
    }  # fmt: skip
    hidden = next(i for i in issues if i.rule == "sheet_shape" and i.row is None)
    assert hidden.expected.en == "1 hidden row(s) and 1 hidden column(s) are read as the others"


def test_the_sheet_that_fits_is_taken_and_said(tmp_path, clean):
    write_xlsx(tmp_path / "d.xlsx", {"A": PATIENTS, "B": LESIONS, "C": MEASUREMENTS, "D": [["说明"], ["x"]]})

    tables, issues = tables_of(
        tmp_path, patients={"files": "d.xlsx", "sheet": "A"}, lesions="d.xlsx", measurements="d.xlsx"
    )

    assert same(tables.lesions, clean.lesions)
    assert same(tables.measurements, clean.measurements)
    assert [i.expected.en for i in issues] == [
        "4 headers of the sheet B are those of the table", "5 headers of the sheet C are those of the table",
    ]  # fmt: skip


def _fit(known: dict[str, Fitness]):
    return lambda headers: known[headers[0]]


@pytest.mark.parametrize(
    ("known", "taken"),
    [
        ({"A": Fitness(5), "B": Fitness(3)}, "A"),
        ({"A": Fitness(5), "B": Fitness(4)}, None),
        ({"A": Fitness(3, ("role",)), "B": Fitness(2)}, "B"),
        ({"A": Fitness(1), "B": Fitness(0)}, None),
        ({"A": Fitness(3, ("role",)), "B": Fitness(2, ("role",))}, None),
    ],
)
def test_the_fit_of_headers_decides_only_where_it_is_clear(known: dict[str, Fitness], taken: str | None):
    def choose():
        return choose_sheet(list(known), None, ("lesions",), lambda title: (title,), _fit(known))

    if taken is not None:
        assert choose().title == taken
    else:
        with pytest.raises(UnreadableError, match=f"A: {known['A'].known} columns?"):
            choose()


def test_an_empty_sheet_is_none_to_choose_from():
    def headers(title: str) -> tuple[str, ...]:
        if title != "B":
            raise UnreadableError(choose_sheet(["x"], None, (), lambda _: (), None).why)
        return ("a",)

    assert choose_sheet(["A", "B", "C"], None, ("patients",), headers, lambda _: Fitness(0)).title == "B"


@pytest.mark.parametrize("title", ["患者基本信息", "Demographics", "基线资料", "Patient_Data", "PTS"])
def test_usual_titles_of_sheets_are_known(tmp_path, title):
    write_xlsx(tmp_path / "d.xlsx", {"other": [["x", "y"], ["1", "2"]], title: PATIENTS})

    raw = read_tables(protocol(patients="d.xlsx"), tmp_path)["patients"]

    assert list(raw.headers) == [f"d.xlsx [{title}]"]


@pytest.mark.parametrize(
    ("wide", "said"),
    [
        ({"value": ["评效"]}, "lacks the sign * for the scan"),
        ({"value": ["评效*"], "date": ["日期*"], "dates_in": "header"}, "dates are stated under `date`, too"),
        ({"date": ["日期*"]}, None),
        ({"dates_in": 2}, "lacks `value`"),
        ({"value": ["评效*"], "columns": {"modalty": "方式*"}}, "did you mean modality?"),
        ({"value": ["评效*"], "columns": {"modality": "方式"}}, "lacks the sign *"),
        ({"value": "评效*", "date": "日期*"}, None),
        (False, None),
    ],
)
def test_a_mapping_of_scans_is_checked_before_files_are_read(wide: Any, said: str | None):
    from oligoscope.study.mapping_checks import check_mapping

    data = {"measurements": {"files": ["m.csv"], "wide": wide}}
    faults = list(check_mapping(in_long_form({"study": {}, "data": data})["data"]))

    assert [said is not None and said in text.en for _, text in faults] == ([True] if said else [])


def test_patients_have_no_columns_of_scans():
    from oligoscope.study.mapping_checks import check_mapping

    ((path, text),) = check_mapping({"patients": {"files": ["p.csv"], "wide": {"value": ["a*"]}}})

    assert path == ("data", "patients", "wide")
    assert "only measurements and lesions" in text.en


def test_a_wide_workbook_of_forty_patients_is_the_long_one(shared_path):
    """A third party's wide table, beside the long one it was made from."""
    wide, long = shared_path("faults", "wide_lesions"), shared_path("faults", "messy_en_workbook_truth")
    names = {"patients": "patients.csv", "lesions": "lesions.xlsx", "measurements": "lesions.xlsx"}

    found = read_tables(protocol(**names), wide)["measurements"].frame
    truth = read_tables(protocol(measurements="measurements.csv", patients="patients.csv"), long)[
        "measurements"
    ].frame

    columns = ["patient_id", "lesion_id", "assessed_on", "diameter_mm", "state"]
    sized = pl.col("state").is_in(["measured", ""])
    expected = truth.select(columns).with_columns(
        pl.when(sized).then(None).otherwise("state").alias("state"),
        pl.when(pl.col("diameter_mm") != "").then("diameter_mm").alias("diameter_mm"),
    )  # fmt: skip
    assert found.select(columns).rows() == expected.rows()


@pytest.mark.parametrize(
    ("folder", "n"),
    [("footnote_rows", 6), ("total_row_becomes_patient", 40), ("strict_xlsx", 3), ("redcap_ok", 40)],
)
def test_rows_that_are_no_patients_are_named_and_left_out(shared_path, folder, n):
    from oligoscope.questions.registry import KINDS
    from oligoscope.study.study_file import read_study_file

    path = shared_path("faults", folder)
    study = read_study_file(path / "study.yaml", KINDS)[0]

    patients = read_tables(study, path)["patients"]

    header = next(h for h in ("patient_id", "住院号", "record_id") if h in patients.frame.columns)
    assert patients.frame[header].n_unique() == n
    assert len([i for i in patients.problems if i.rule == "row_is_a_note"]) == {
        "footnote_rows": 2,
        "total_row_becomes_patient": 1,
    }.get(folder, 0)

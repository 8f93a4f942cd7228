"""A table is read as it is, however it is dressed; a clean one has no finding."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oligoscope.intake.files.shape import Merge
from unit.intake.files.dressed import Grid, Row, cells, places, read, rules

HEADERS = {
    "zh": ["患者编号", "性别", "出生日期", "年龄", "分期", "治疗开始日期", "死亡日期"],
    "en": ["Patient", "Sex", "Date of birth", "Age", "Stage", "Treatment start", "Date of death"],
    "code": ["patient_id", "sex", "birth_date", "age_years", "stage", "treatment_started_on", "died_on"],
}
UNITS = {
    "zh": [None, "男/女", "yyyy-mm-dd", "岁", None, "yyyy/mm/dd", None],
    "en": [None, "M/F", None, "years", None, "mm/dd/yyyy", "dd-mmm-yyyy"],
    "code": ["text", "Y/N", None, "0-120", None, None, "YYYY-MM-DD"],
}
TITLES: list[Row] = [
    ["肺癌患者登记表"],
    ["制表日期：2024-01-01"],
    ["Lung cancer registry, version 3"],
    ["XX 医院", "肿瘤科"],
]
TOTALS: list[Row] = [
    ["合计", "6 例"], [None, "合计", None, "61.2"], ["Mean", None, None, "61.2 ± 8.3"], ["平均值", None, None, "61"], ["Total", "6"],
    ["7", "合计", None, "427"], ["平均", "1", "2", "61.5", "3", "4", "5"],
]  # fmt: skip
NOTES: list[Row] = [
    ["注：—表示未测"], ["* 外院资料"], ["M=男；F=女"], ["制表人：张"], ["Prepared by: AB"], ["审核人"], ["Note. Ages are at treatment start."], ["随访截至 2024 年"],
]  # fmt: skip
BELOW_A_GAP: list[Row] = [["完"], ["由研究组整理"], ["end of list"], ["第 1 页"]]


@dataclass(frozen=True)
class Dress:
    """How a table of patients is dressed."""

    language: str
    n: int
    titles: tuple[int, ...]
    title_is_merged: bool
    gap: bool
    groups: bool
    units: bool
    blank_column: int | None
    repeated_at: int | None
    totals: tuple[int, ...]
    notes: tuple[int, ...]
    below: int | None


dresses = st.builds(
    Dress,
    language=st.sampled_from(list(HEADERS)),
    n=st.integers(2, 9),
    titles=st.lists(st.integers(0, 2), max_size=3, unique=True).map(tuple),
    title_is_merged=st.booleans(),
    gap=st.booleans(),
    groups=st.booleans(),
    units=st.booleans(),
    blank_column=st.none() | st.integers(1, 6),
    repeated_at=st.none() | st.integers(1, 5),
    totals=st.lists(st.integers(0, len(TOTALS) - 1), max_size=2, unique=True).map(tuple),
    notes=st.lists(st.integers(0, len(NOTES) - 1), max_size=3, unique=True).map(tuple),
    below=st.none() | st.integers(0, len(BELOW_A_GAP) - 1),
)


def patients(n: int) -> list[Row]:
    """Rows of patients; some cells are blank."""
    return [
        [f"ZY{1002 + 37 * i}", "男" if i % 2 else "女", f"195{i}-04-21", str(60 + i), "IV", f"2019-0{i + 1}-06", None if i % 3 else "2021-01-27"]
        for i in range(n)
    ]  # fmt: skip


def dressed(dress: Dress, *, merged: bool) -> tuple[Grid, list[int]]:
    """The sheet, and the rows of it that are patients."""
    names: list[Row] = [list(HEADERS[dress.language])]
    merges: list[Merge] = []
    top = len(dress.titles) + (dress.gap and bool(dress.titles)) + 1
    if dress.groups:  # 人口学 over three columns, 治疗 over two
        above: Row = [names[0][0], "人口学", None, None, names[0][4], "治疗", None]
        below: Row = [None, *names[0][1:4], None, *names[0][5:]]
        names = [above, below]
        merges = [
            Merge(top, 2, top, 4),
            Merge(top, 6, top, 7),
            Merge(top, 1, top + 1, 1),
            Merge(top, 5, top + 1, 5),
        ]
    if dress.units:
        names.append(list(UNITS[dress.language]))
    body = patients(dress.n)
    kinds = ["row"] * len(body)
    if dress.repeated_at is not None and dress.repeated_at < len(body) and not dress.groups:
        body.insert(dress.repeated_at, list(names[0]))
        kinds.insert(dress.repeated_at, "header")
    tail: list[Row] = [list(TOTALS[i]) for i in dress.totals] + [list(NOTES[i]) for i in dress.notes]
    if dress.below is not None:
        tail += [[], list(BELOW_A_GAP[dress.below])]
    titles = [list(TITLES[i]) for i in dress.titles]
    if titles and dress.gap:
        titles.append([])
    if titles and dress.title_is_merged:
        merges.append(Merge(1, 1, 1, 7))
    rows = [*titles, *names, *body, *tail]
    if dress.blank_column is not None:
        at = dress.blank_column
        rows = [row if i < len(titles) else [*row[:at], None, *row[at:]] for i, row in enumerate(rows)]
        merges = [_moved(m, at) for m in merges]
    begin = len(titles) + len(names) + 1
    return Grid(rows, merges if merged else []), [begin + i for i, kind in enumerate(kinds) if kind == "row"]


def _moved(m: Merge, at: int) -> Merge:
    return Merge(m.top, m.left + (m.left > at), m.bottom, m.right + (m.right > at))


@pytest.mark.parametrize("workbook", [True, False])
@given(dress=dresses)
@settings(max_examples=250)
def test_a_dressed_table_is_the_clean_one(workbook: bool, dress: Dress):
    if not workbook and dress.groups and dress.blank_column is not None:
        return  # a blank column inside a group of a text file: nothing tells it from the next group
    grid, at = dressed(dress, merged=workbook)

    raw = read({"f": grid}, workbook=workbook, patients={"files": ["f"]})["patients"]

    assert cells(raw, HEADERS[dress.language]) == [tuple(row) for row in patients(dress.n)]
    assert raw.headers["f"] == tuple(HEADERS[dress.language])
    assert places(raw) == at
    (shape,) = raw.shapes
    assert (shape.units_row is not None) == dress.units
    if dress.units:
        units = dict(zip(HEADERS[dress.language], UNITS[dress.language], strict=True))
        assert raw.units == {"f": {name: unit for name, unit in units.items() if unit}}
    left = {left.row for left in shape.left_out}
    filled = {i for i, row in enumerate(grid.rows, 1) if any(row)}
    assert filled == set(at) | set(shape.header_rows) | left  # nothing is left out without a word
    assert rules(raw) <= {"sheet_shape", "row_is_a_note"}


@pytest.mark.parametrize("language", list(HEADERS))
@pytest.mark.parametrize("workbook", [True, False])
@pytest.mark.parametrize("n", [1, 2, 9])
def test_a_clean_table_has_no_finding(language: str, workbook: bool, n: int):
    grid = Grid([list(HEADERS[language]), *patients(n)])

    raw = read({"f": grid}, workbook=workbook, patients={"files": ["f"]})["patients"]

    assert cells(raw, HEADERS[language]) == [tuple(row) for row in patients(n)]
    assert not raw.problems


@pytest.mark.parametrize(
    "first",
    [
        ["P1", "M/F", "%"], ["P1", "mm", "yyyy-mm-dd"], ["P1", "Y/N", None], ["M/F", "M/F", "M/F"], ["cm", "mm", "%"], ["0-4", "%", "mm"],
        [None, "lung", "%"], [None, "M/F", "left lung"], ["单位", "北京医院", "%"],
    ],
)  # fmt: skip
def test_a_first_row_of_data_with_words_like_units_is_data(first: Row):
    grid = Grid([["patient_id", "arm", "site"], first, ["P2", "A", "B"]])

    raw = read({"f": grid}, patients={"files": ["f"]})["patients"]

    assert cells(raw, ["patient_id", "arm", "site"])[0] == tuple(first)
    assert not raw.problems


@pytest.mark.parametrize(
    ("rows", "headers"),
    [
        ([["a", "b", "c"], ["P1", "2", "3"]], ("a", "b", "c")),
        ([["x"], ["P1"], ["P2"]], ("x",)),
        ([["姓名", "", "组"], ["张", "1", "2"]], ("姓名", "组")),
        ([["id", "lung", "liver"], ["1", "yes", "no"], ["2", "no", "yes"]], ("id", "lung", "liver")),
        ([["编号", "数"], ["P1", "2"], ["P2", "2"]], ("编号", "数")),
        ([["编号"], ["P1", "2"], ["P2", "2"]], ("编号",)),
    ],
)
def test_the_first_row_is_the_header_without_a_sign_of_another(rows: list[Row], headers: tuple[str, ...]):
    raw = read({"f": Grid(rows)}, workbook=False, patients={"files": ["f"]})["patients"]

    assert raw.headers["f"] == headers


@pytest.mark.parametrize(
    ("setting", "rows", "first"),
    [
        ({"header_row": [3]}, [["甲", "乙"], ["丙", "丁"], ["a", "b"], ["1", "2"]], ("1", "2")),
        ({"header_row": [1, 2]}, [["g", "g"], ["a", "b"], ["1", "2"]], ("1", "2")),
        ({"units_row": 2}, [["a", "b"], ["x", "y"], ["1", "2"]], ("1", "2")),
        ({"units_row": 0}, [["a", "b"], [None, "mm"], ["1", "2"]], (None, "mm")),
        ({"ignored_rows": [2, 4]}, [["a", "b"], ["x", "y"], ["1", "2"], ["z", "z"]], ("1", "2")),
    ],
)
def test_what_the_study_states_of_rows_is_taken(setting: dict[str, object], rows: list[Row], first: Row):
    raw = read({"f": Grid(rows)}, patients={"files": ["f"], **setting})["patients"]
    names = raw.headers["f"]

    assert cells(raw, names)[0] == first
    assert names == (("g / a", "g / b") if setting == {"header_row": [1, 2]} else ("a", "b"))
    assert "sheet_shape" not in rules(raw)


@pytest.mark.parametrize(
    ("stated", "title"), [({"header_row": [2]}, 2), ({"units_row": 0}, 1), ({"header_row": [60]}, 60)]
)
def test_no_row_is_lost_where_a_row_is_stated(stated: dict[str, object], title: int):
    rows: list[Row] = [["t"]] * (title - 1) + [["a", "b"], *[[str(n), "x"] for n in range(100)]]

    raw = read({"f": Grid(rows)}, patients={"files": ["f"], **stated})["patients"]

    assert places(raw) == list(range(title + 1, title + 101))


def test_nothing_below_the_last_row_stated_is_read():
    rows: list[Row] = [["a", "b"], ["1", "2"], ["3", "4"], ["5", "6"]]

    raw = read({"f": Grid(rows)}, patients={"files": ["f"], "last_row": 3})["patients"]

    assert places(raw) == [2, 3]
    assert [(left.row, left.reason) for left in raw.shapes[0].left_out] == [(4, "after_last_row")]


def test_words_above_and_codes_below_are_one_header():
    rows: list[Row] = [list(HEADERS["zh"]), list(HEADERS["code"]), *patients(3)]

    raw = read({"f": Grid(rows)}, patients={"files": ["f"]})["patients"]

    assert raw.headers["f"] == tuple(HEADERS["code"])
    assert cells(raw, HEADERS["code"]) == [tuple(row) for row in patients(3)]


def test_equal_names_in_two_groups_are_told_apart():
    rows: list[Row] = [
        ["患者编号", "基线", None, "进展", None], [None, "日期", "部位", "日期", "部位"], ["P1", "2020-01-01", "肺", "2020-05-01", "脑"],
    ]  # fmt: skip
    merges = [Merge(1, 2, 1, 3), Merge(1, 4, 1, 5), Merge(1, 1, 2, 1)]

    for workbook in (True, False):
        raw = read({"f": Grid(rows, merges)}, workbook=workbook, patients={"files": ["f"]})["patients"]
        assert raw.headers["f"] == ("患者编号", "基线 / 日期", "基线 / 部位", "进展 / 日期", "进展 / 部位")


def test_merged_cells_are_filled_down_and_named():
    rows: list[Row] = [
        ["患者编号", "病灶编号", "器官"],
        ["P1", "1", "肺"],
        [None, "2", None],
        [None, "3", "肝"],
        ["P2", "1", "骨"],
    ]
    merges = [Merge(2, 1, 4, 1), Merge(2, 3, 3, 3)]

    raw = read({"f": Grid(rows, merges)}, lesions={"files": ["f"]})["lesions"]

    assert cells(raw, rows[0]) == [("P1", "1", "肺"), ("P1", "2", "肺"), ("P1", "3", "肝"), ("P2", "1", "骨")]  # type: ignore[arg-type]
    filled = [(i.row, i.column, i.value) for i in raw.problems if i.rule == "cells_filled"]
    assert filled == [(3, "患者编号", "P1"), (3, "器官", "肺")]
    assert [(f.header, f.n) for f in raw.shapes[0].merged] == [("患者编号", 2), ("器官", 1)]


def test_a_column_of_cells_without_header_is_named():
    rows: list[Row] = [["patient_id", None, "sex"], ["P1", "x", "男"], ["P2", None, "女", "备注"]]

    raw = read({"f": Grid(rows)}, patients={"files": ["f"]})["patients"]

    found = [(i.row, i.column, i.value) for i in raw.problems if i.rule == "column_without_header"]
    assert found == [(2, "B", "x"), (3, "D", "备注")]
    assert raw.frame["__excess"].null_count() == 2


def test_a_text_file_is_dressed_and_read_alike():
    from oligoscope.intake.files.csv_reader import read_csv
    from oligoscope.intake.files.sheet_wanted import wanted_of
    from oligoscope.study.protocol import TableSource
    from oligoscope.study.schemas import PATIENTS

    out = io.StringIO()
    csv.writer(out).writerows([["登记表"], [], HEADERS["zh"], UNITS["zh"], *patients(2)])

    sheet = read_csv(out.getvalue().encode(), shape=wanted_of(PATIENTS, TableSource(files=("p.csv",))))

    assert sheet.headers == tuple(HEADERS["zh"])
    assert sheet.frame["__row"].to_list() == [5, 6]

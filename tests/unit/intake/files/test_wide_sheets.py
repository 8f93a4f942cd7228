"""Columns of scans in every form are the same measurements; what is not certain is asked."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oligoscope.intake.files.long_rows import role_of
from oligoscope.intake.files.raw_table import RawTable, header_column
from oligoscope.intake.files.shape import Merge
from unit.intake.files.dressed import Grid, Row, cells, places, read, rules

LONG = ("patient_id", "lesion_id", "assessed_on", "diameter_mm", "state")
Reading = tuple[str, str, str, str | None, str | None]
SIZES = ["12", "30.5", "8.0", "41", "<5", "17 mm"]
STATES = ["present", "消失", "increased", "not_evaluated"]


def readings(seed: int, *, same_days: bool) -> tuple[list[Reading], list[list[str]]]:
    """Measurements in the order of the sheet, and the days of each patient's scans."""
    chance = random.Random(seed)
    n_scans = chance.randint(2, 5)
    all_days = [f"20{19 + i}-0{chance.randint(1, 9)}-1{chance.randint(0, 9)}" for i in range(n_scans)]
    found: list[Reading] = []
    days: list[list[str]] = []
    for p in range(chance.randint(1, 4)):
        days.append(all_days if same_days else [f"20{19 + i}-1{p % 3}-0{i + 1}" for i in range(n_scans)])
        for lesion in range(1, chance.randint(2, 4)):
            for i, day in enumerate(days[-1]):
                if i and chance.random() < 0.2:
                    continue  # a blank cell
                cell = chance.choice(SIZES if chance.random() < 0.75 else STATES)
                size, state = (cell, None) if cell in SIZES else (None, cell)
                found.append((f"ZY{1000 + p}", f"T{lesion}", day, size, state))
    return found, days


def by_lesion(
    found: list[Reading], days: list[list[str]]
) -> list[tuple[str, str, list[str | None], list[str]]]:
    """Patient, lesion, its cell at each scan, and the days."""
    patients = list(dict.fromkeys(p for p, *_ in found))
    rows = []
    for patient, own in zip(patients, days, strict=True):
        for lesion in dict.fromkeys(t for p, t, *_ in found if p == patient):
            cell = {day: size or state for p, t, day, size, state in found if (p, t) == (patient, lesion)}
            rows.append((patient, lesion, [cell.get(day) for day in own], own))
    return rows


def _alternating(first: list[str | None], second: list[str | None]) -> list[str | None]:
    return [cell for pair in zip(first, second, strict=True) for cell in pair]


IDS = ["患者编号", "病灶编号"]


def dates_in_header(rows, n):
    return Grid([[*IDS, *rows[0][3]], *([p, t, *cell] for p, t, cell, _ in rows)])


def chinese_dates_in_header(rows, n):
    shown = [f"{d[:4]}年{int(d[5:7])}月{int(d[8:])}日" for d in rows[0][3]]
    return Grid([[*IDS, *shown], *([p, t, *cell] for p, t, cell, _ in rows)])


def numbered(value: str, date: str, first: int = 0) -> Callable[..., Grid]:
    def dress(rows, n):
        scans = [str(i) for i in range(first, first + n)]
        names = [value.replace("*", s) for s in scans] + [date.replace("*", s) for s in scans]
        return Grid([[*IDS, *names], *([p, t, *cell, *_dates(cell, days)] for p, t, cell, days in rows)])

    return dress


def _dates(cell, days):
    return [day if c else None for c, day in zip(cell, days, strict=True)]


def beside(rows, n):
    names = _alternating(
        [f"Scan {i} date" for i in range(1, n + 1)], [f"Scan {i} size" for i in range(1, n + 1)]
    )
    return Grid([[*IDS, *names], *([p, t, *_alternating(days, cell)] for p, t, cell, days in rows)])


def from_baseline(rows, n):
    names = [
        "基线径线",
        *(f"第{i}次径线" for i in range(1, n)),
        "基线日期",
        *(f"第{i}次日期" for i in range(1, n)),
    ]
    return Grid([[*IDS, *names], *([p, t, *cell, *days] for p, t, cell, days in rows)])


def dates_under_header(rows, n):
    names = ["基线", *(f"评效{i}" for i in range(1, n))]
    return Grid([[*IDS, *names], [None, "日期", *rows[0][3]], *([p, t, *cell] for p, t, cell, _ in rows)])


def dates_over_header(rows, n):
    names = ["基线", *(f"评效{i}" for i in range(1, n))]
    return Grid([[None, None, *rows[0][3]], [*IDS, *names], *([p, t, *cell] for p, t, cell, _ in rows)])


def dates_of_each_patient(rows, n):
    out: list[Row] = [[*IDS, *(f"scan{i}" for i in range(1, n + 1))]]
    last = None
    for p, t, cell, days in rows:
        if p != last:
            out.append([p, "Date", *days])
            last = p
        out.append([p, t, *cell])
    return Grid(out)


def two_header_rows(rows, n):
    above: Row = [*IDS, *(x for i in range(1, n + 1) for x in (f"检查{i}", None))]
    below: Row = [None, None, *(["日期", "大小"] * n)]
    merges = [Merge(1, 3 + 2 * i, 1, 4 + 2 * i) for i in range(n)] + [Merge(1, 1, 2, 1), Merge(1, 2, 2, 2)]
    return Grid([above, below, *([p, t, *_alternating(days, cell)] for p, t, cell, days in rows)], merges)


def one_row_a_patient(rows, n):
    lesions = sorted({t for _, t, *_ in rows})
    scans = ["base", *(f"v{i}" for i in range(1, n))]
    names = [f"{t}_{s}" for t in lesions for s in scans] + [f"date_{s}" for s in scans]
    out: list[Row] = [["患者编号", *names]]
    for patient in dict.fromkeys(p for p, *_ in rows):
        own = {t: cell for p, t, cell, _ in rows if p == patient}
        days = next(days for p, _, _, days in rows if p == patient)
        out.append([patient, *(c for t in lesions for c in own.get(t, [None] * n)), *days])
    return Grid(out)


SAME_DAYS = [dates_in_header, chinese_dates_in_header, dates_under_header, dates_over_header]
FORMS: list[Callable[..., Grid]] = [
    numbered("评效*", "日期*"), numbered("评效*", "评效日期*"), numbered("scan*", "scan*_date", 1), numbered("Size *", "Date *", 1),
    numbered("评效*", "评效*日期"), numbered("V*", "V* date"), numbered("径线_*", "检查日期_*", 1), numbered("CT*大小(mm)", "CT*时间", 1),
    numbered("week*", "week* date"), numbered("结果*", "日期*", 1),
    beside, from_baseline, dates_of_each_patient, two_header_rows, one_row_a_patient, *SAME_DAYS,
]  # fmt: skip


def measured(grid: Grid, *, workbook: bool = True, **settings: object) -> RawTable:
    return read({"f": grid}, workbook=workbook, measurements={"files": ["f"], **settings})["measurements"]


def as_iso(rows: list[tuple[str | None, ...]]) -> list[tuple[str | None, ...]]:
    def day(text: str | None) -> str | None:
        if text and "年" in text:
            y, m, d = text.replace("年", "-").replace("月", "-").replace("日", "").split("-")
            return f"{y}-{int(m):02}-{int(d):02}"
        return text

    return [(p, t, day(d), size, state) for p, t, d, size, state in rows]


@pytest.mark.parametrize("form", FORMS, ids=[getattr(f, "__qualname__", "") for f in FORMS])
@pytest.mark.parametrize("workbook", [True, False])
@given(seed=st.integers(0, 10_000))
@settings(max_examples=25)
def test_columns_of_scans_are_measurements(form: Callable[..., Grid], workbook: bool, seed: int):
    expected, days = readings(seed, same_days=form in SAME_DAYS)
    grid = form(by_lesion(expected, days), len(days[0]))

    raw = measured(grid, workbook=workbook)

    ids = [h if h in raw.headers["f"] else ours for h, ours in zip(IDS, LONG, strict=False)]
    found = as_iso(cells(raw, [*ids, *LONG[2:]]))
    assert found == expected
    assert rules(raw) == {"sheet_shape"}
    assert raw.shapes[0].wide.en


def test_each_cell_keeps_its_row_and_the_header_above_it():
    grid = Grid(
        [[*IDS, "评效0", "评效1", "日期0", "日期1"], ["P1", "1", "30", "消失", "2020-01-01", "2020-03-01"]]
    )

    raw = measured(grid)

    assert places(raw) == [2, 2]
    for name, shown in (
        ("diameter_mm", ["评效0", "评效1"]),
        ("state", ["评效0", "评效1"]),
        ("assessed_on", ["日期0", "日期1"]),
    ):
        assert raw.frame[header_column(name)].to_list() == shown


@pytest.mark.parametrize("sign", ["/", "-", "—"])
def test_a_sign_for_not_done_is_not_evaluated_on_its_day_and_nothing_without_one(sign: str):
    grid = Grid(
        [
            [*IDS, "评效0", "评效1", "评效2", "日期0", "日期1", "日期2"],
            ["P1", "1", "30", sign, sign, "2020-01-01", "2020-03-01", None],
        ]
    )

    raw = measured(grid)

    assert cells(raw, LONG[2:]) == [("2020-01-01", "30", None), ("2020-03-01", None, "not_evaluated")]


@pytest.mark.parametrize(
    ("header", "row", "seen"),
    [
        (["评效0", "评效1"], ["30", "20"], "no dates of the scans"),
        (["评效0", "评效1", "日期0"], ["30", "20", "2020-01-01"], "评效1 has no column of its date"),
        (
            ["评效0", "评效1", "大小0", "大小1", "日期0", "日期1"],
            ["30", "20", "3", "2", "2020-01-01", "2020-02-01"],
            "several columns of values",
        ),
        (
            ["评效0", "评效1", "日期0", "日期1"],
            ["PRX", "SDX", "2020-01-01", "2020-02-01"],
            "no sizes or states",
        ),
        (["评效0", "评效1", "日期0", "日期1"], ["30", "20", "是", "否"], "no dates"),
    ],
)
def test_what_is_not_certain_is_left_as_it_is_and_said(header: list[str], row: list[str], seen: str):
    raw = measured(Grid([[*IDS, *header], ["P1", "1", *row], ["P2", "1", *row]]))

    assert raw.headers["f"] == (*IDS, *header)
    assert any(i.rule == "wide_unclear" and seen in i.expected.en for i in raw.problems)


@pytest.mark.parametrize(
    "settings",
    [
        {"wide": False},
        {"columns": {"assessed_on": "日期0"}},
        {"constants": {"assessed_on": "2020-01-01"}},
    ],
)
def test_a_sheet_whose_date_is_stated_stays_long(settings: dict[str, Any]):
    grid = Grid(
        [[*IDS, "评效0", "评效1", "日期0", "日期1"], ["P1", "1", "30", "20", "2020-01-01", "2020-02-01"]]
    )

    raw = measured(grid, **settings)

    assert cells(raw, grid.rows[0]) == [tuple(grid.rows[1])]  # type: ignore[arg-type]
    assert not raw.problems


STATED = [
    (
        {"value": ["甲*"], "date": ["乙*"]},
        ["甲x", "甲y", "乙x", "乙y"],
        ["30", "present", "2020-01-01", "2020-02-01"],
    ),
    (
        {"value": ["*号"], "date": ["*号的日子"]},
        ["1号", "2号", "1号的日子", "2号的日子"],
        ["30", "present", "2020-01-01", "2020-02-01"],
    ),
    ({"dates_in": "header"}, ["2020-01-01", "2020-02-01"], ["30", "present"]),
    ({"value": ["CT *"], "dates_in": "header"}, ["CT 2020-01-01", "CT 2020-02-01"], ["30", "present"]),
]


@pytest.mark.parametrize(("wide", "header", "row"), STATED)
def test_columns_of_scans_are_read_as_the_study_states_them(
    wide: dict[str, object], header: list[str], row: list[str]
):
    raw = measured(Grid([[*IDS, *header], ["P1", "1", *row]]), wide=wide)

    assert cells(raw, LONG[2:]) == [("2020-01-01", "30", None), ("2020-02-01", None, "present")]
    assert not raw.problems


def test_dates_in_a_row_that_the_study_names():
    grid = Grid([["日期", None, "2020-01-01", "2020-02-01"], [*IDS, "甲1", "甲2"], ["P1", "1", "30", "20"]])

    raw = measured(grid, wide={"value": ["甲*"], "dates_in": 1}, header_row=[2])

    assert cells(raw, LONG[2:]) == [("2020-01-01", "30", None), ("2020-02-01", "20", None)]


def test_further_columns_of_scans_and_lesions_in_headers_as_stated():
    header = ["患者编号", "m1 a", "m1 b", "m2 a", "m2 b", "a日", "b日", "a法", "b法"]
    row: Row = ["P1", "30", "20", "9", None, "2020-01-01", "2020-02-01", "CT", "MRI"]
    wide = {"value": ["<lesion> *"], "date": ["*日"], "columns": {"modality": "*法"}}

    raw = measured(Grid([list(header), row]), wide=wide)

    assert cells(raw, ["lesion_id", "assessed_on", "diameter_mm", "modality"]) == [
        ("m1", "2020-01-01", "30", "CT"), ("m1", "2020-02-01", "20", "MRI"), ("m2", "2020-01-01", "9", "CT"),
    ]  # fmt: skip


def test_a_pattern_that_no_header_has_is_said():
    raw = measured(
        Grid([[*IDS, "甲1", "甲2"], ["P1", "1", "2", "3"]]), wide={"value": ["丙*"], "date": ["丁*"]}
    )

    assert [i.expected.en for i in raw.problems if i.rule == "wide_unclear"] == [
        "no header is like 丙*",
        "no header is like 丁*",
    ]


# ---- one sheet for several tables -------------------------------------------------------------------

SIDE_BY_SIDE: list[Row] = [
    [
        "患者编号",
        "性别",
        "年龄",
        "治疗开始日期",
        "病灶编号",
        "病灶类别",
        "器官",
        "评效0",
        "评效1",
        "日期0",
        "日期1",
    ],
    ["P1", "男", "60", "2020-01-05", "1", "靶病灶", "肺", "30", "20", "2020-01-01", "2020-03-01"],
    ["P1", "男", "60", "2020-01-05", "2", "非靶病灶", "肝", "存在", "消失", "2020-01-01", "2020-03-01"],
    ["P2", "女", "55", "2020-02-05", "1", "靶病灶", "骨", "40", "41", "2020-02-01", "2020-04-01"],
]


@pytest.mark.parametrize("how", ["repeated", "first row only", "merged"])
def test_patients_and_lesions_side_by_side_in_one_sheet(how: str):
    rows = [list(row) for row in SIDE_BY_SIDE]
    merges: list[Merge] = []
    if how != "repeated":
        rows[2][:4] = [None] * 4
    if how == "merged":
        merges = [Merge(2, i, 3, i) for i in range(1, 5)]
    sources: dict[str, Any] = {name: {"files": ["f"]} for name in ("patients", "lesions", "measurements")}

    tables = read({"f": Grid(rows, merges)}, **sources)

    patients, lesions, measurements = (tables[name] for name in sources)
    assert cells(patients, ["患者编号", "性别", "年龄", "治疗开始日期"]) == [
        ("P1", "男", "60", "2020-01-05"),
        ("P2", "女", "55", "2020-02-05"),
    ]
    assert patients.headers["f"] == ("患者编号", "性别", "年龄", "治疗开始日期")
    assert cells(lesions, ["患者编号", "病灶编号", "病灶类别", "器官"]) == [
        ("P1", "1", "靶病灶", "肺"),
        ("P1", "2", "非靶病灶", "肝"),
        ("P2", "1", "靶病灶", "骨"),
    ]
    assert len(cells(measurements, ["患者编号", "病灶编号", "assessed_on"])) == 6
    assert ("cells_filled" in rules(lesions)) == (how != "repeated")


@pytest.mark.parametrize(
    "rows",
    [
        [["P1", "L1"], [None, "L1"], ["P2", "L1"]],  # the lesion again: a number is missing
        [["P1", "L1"], ["P1", "L2"], [None, "L3"], ["P2", "L1"]],  # numbers are repeated in this sheet
        [["P1", "L1"], [None, None], ["P2", "L1"]],
        [[None, "L1"], ["P1", "L1"], [None, "L2"]],  # nobody above
        [["P1", "L1"], [None, "L2"], ["P2", "L1"]],  # one such row: it may be a slip
    ],
)
def test_a_patient_number_that_is_missing_is_not_guessed(rows: list[Row]):
    raw = read({"f": Grid([["patient_id", "lesion_id"], *rows])}, lesions={"files": ["f"]})["lesions"]

    assert cells(raw, ["patient_id", "lesion_id"]) == [tuple(r) for r in rows if any(r)]
    assert not raw.problems


def test_lesions_named_in_headers_are_lesions_with_the_role_that_their_name_says():
    grid = Grid([
        ["患者编号", "T1_base", "T1_v1", "NT1_base", "NT1_v1", "date_base", "date_v1"],
        ["P1", "30", "20", "present", None, "2020-01-01", "2020-03-01"], ["P2", "12", "10", None, None, "2020-01-01", "2020-03-01"],
    ])  # fmt: skip

    tables = read({"f": grid}, lesions={"files": ["f"]}, measurements={"files": ["f"]})

    assert cells(tables["lesions"], ["患者编号", "lesion_id", "role"]) == [
        ("P1", "T1", "target"),
        ("P1", "NT1", "non_target"),
        ("P2", "T1", "target"),
    ]
    assert len(places(tables["measurements"])) == 5


@pytest.mark.parametrize(
    "names", [("TL1", "NTL1", "NL1"), ("靶病灶1", "非靶病灶1", "新病灶1"), ("T 1", "NT 1", "N 1")]
)
def test_a_row_a_visit_with_a_column_a_lesion(names: tuple[str, str, str]):
    grid = Grid([
        ["患者编号", "访视", "检查日期", *names],
        ["P1", "V1", "2020-01-01", "30", "存在", None], ["P1", "V2", "2020-03-01", "20", "消失", "存在"], ["P2", "V1", "2020-02-01", "12", None, None],
    ])  # fmt: skip

    tables = read({"f": grid}, lesions={"files": ["f"]}, measurements={"files": ["f"]})

    first, second, third = names
    assert cells(tables["measurements"], ["患者编号", "lesion_id", "assessed_on", "diameter_mm", "state"]) == [
        ("P1", first, "2020-01-01", "30", None), ("P1", second, "2020-01-01", None, "存在"), ("P1", first, "2020-03-01", "20", None),
        ("P1", second, "2020-03-01", None, "消失"), ("P1", third, "2020-03-01", None, "存在"), ("P2", first, "2020-02-01", "12", None),
    ]  # fmt: skip
    assert {(lesion, role) for lesion, role in cells(tables["lesions"], ["lesion_id", "role"])} == {
        (first, "target"), (second, "non_target"), (third, "new"),
    }  # fmt: skip


def test_one_column_of_a_lesion_beside_a_date_is_no_table_of_lesions():
    grid = Grid([["患者编号", "检查日期", "T1"], ["P1", "2020-01-01", "30"]])

    assert "lesion_id" not in read({"f": grid}, measurements={"files": ["f"]})["measurements"].columns


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("T1", "target"), ("TL2", "target"), ("靶病灶1", "target"), ("靶1", "target"), ("target 1", "target"), ("NT1", "non_target"), ("NTL03", "non_target"),
        ("非靶病灶2", "non_target"), ("non-target 1", "non_target"), ("N1", "new"), ("NL1", "new"), ("新病灶1", "new"), ("L1", None), ("病灶1", None), ("lesion 2", None),
    ],
)  # fmt: skip
def test_the_role_that_a_name_says(name: str, role: str | None):
    assert role_of(name) == role

"""The first-line regimen in the sheet of patients: read as line 1 of the treatments, or an error; never a warning only."""

from __future__ import annotations

import csv
from typing import Any

import pytest

from oligoscope.intake.readers import read_tables
from oligoscope.intake.validation import validate_tables
from oligoscope.study.protocol import Protocol
from oligoscope.study.short_forms import in_long_form

RULE = [
    {"id": "regimen", "keep": "first_line_regimen in [chemo_io]", "excluded": {"zh": "方案", "en": "regimen"}}
]


def lines_of(folder, header: list[str], cells: list[list[str]], rule=RULE, treatments=(), **data: Any):
    rows = [["patient_id", "treatment_started_on", *header]]
    rows += [[f"P{i}", f"2021-01-{i:02d}", *more] for i, more in enumerate(cells, 1)]
    (folder / "p.csv").write_text("\n".join(",".join(r) for r in rows), encoding="utf-8")
    (folder / "l.csv").write_text("patient_id,lesion_id,role,organ\nP1,1,target,lung\n")
    (folder / "m.csv").write_text("patient_id,lesion_id,assessed_on,diameter_mm\nP1,1,2020-12-30,20\n")
    data = {"patients": "p.csv", "lesions": "l.csv", "measurements": "m.csv"} | data
    if treatments:
        with (folder / "t.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(treatments)
        data["treatments"] = "t.csv"
    study = Protocol.model_validate(in_long_form({"study": {}, "data": data, "eligibility": rule}))
    tables, issues = validate_tables(read_tables(study, folder), study)
    found = tables.treatments.select("patient_id", "line", "regimen", "started_on").sort("patient_id", "line")
    return [(p, n, r, str(d)) for p, n, r, d in found.rows()], {i.rule: i.grade for i in issues}


@pytest.mark.parametrize(
    ("header", "cells", "regimens"),
    [
        (["一线方案"], [["免疫联合化疗"], ["化疗"]], ["chemo_io", "chemo"]),
        (["First-line regimen"], [["Chemo + IO"], ["IO mono"]], ["chemo_io", "io"]),
        (["化疗方案", "免疫药物"], [["培美曲塞+卡铂", "信迪利单抗"], ["无", "信迪利单抗"]], ["chemo_io", "io"]),
        (["chemotherapy", "PD-1 inhibitor"], [["carboplatin + paclitaxel", "pembrolizumab"], ["none", "nivolumab"]], ["chemo_io", "io"]),
    ],
)  # fmt: skip
def test_the_sheet_of_patients_gives_line_1(tmp_path, header, cells, regimens):
    lines, rules = lines_of(tmp_path, header, cells)

    assert lines == [(f"P{i}", 1, r, f"2021-01-0{i}") for i, r in enumerate(regimens, 1)]
    assert "regimen_not_read" not in rules


def test_it_is_added_to_later_lines(tmp_path):
    later = [["住院号", "线数", "开始日期", "方案"], ["P1", "2", "2021-09-01", "化疗"]]

    lines, _ = lines_of(tmp_path, ["一线方案"], [["免疫联合化疗"]], treatments=later)

    assert lines == [("P1", 1, "chemo_io", "2021-01-01"), ("P1", 2, "chemo", "2021-09-01")]


def test_first_lines_of_the_treatments_count(tmp_path):
    own = [["住院号", "线数", "开始日期", "方案"], ["P1", "一线", "2021-01-01", "化疗"]]

    lines, _ = lines_of(tmp_path, ["一线方案"], [["免疫联合化疗"]], treatments=own)

    assert lines == [("P1", 1, "chemo", "2021-01-01")]


def test_chemotherapy_alone_is_no_regimen(tmp_path):
    _, rules = lines_of(tmp_path, ["化疗方案"], [["培美曲塞+卡铂"]])

    assert rules["regimen_not_read"] == "error"


def test_a_word_that_cannot_be_read_leaves_nobody_in(tmp_path):
    _, rules = lines_of(tmp_path, ["一线方案"], [["方案甲"], ["免疫联合化疗"]])

    assert "quarantine" in {rules.get("value_unreadable")}


def test_no_rule_reads_it(tmp_path):
    lines, rules = lines_of(tmp_path, ["一线方案"], [["方案甲"]], rule=[])

    assert (lines, "value_unreadable" in rules) == ([], False)

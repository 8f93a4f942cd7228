"""A table in several sheets: one a visit, one a day, one a patient; map asks once, and says what one sheet leaves out."""

from __future__ import annotations

import pytest

from oligoscope.intake.files.sheet_names import day_in
from oligoscope.mapping.answers import Edit
from oligoscope.mapping.files_found import FoundSheet
from oligoscope.mapping.sheets import assign, sheets_stated

PATIENTS = ("patient_id", "treatment_started_on", "sex", "age_years", "PD-L1")
LONG = ("patient_id", "lesion_id", "role", "organ", "assessed_on", "diameter_mm")
NO_PATIENT, NO_DAY = LONG[1:], tuple(h for h in LONG if h != "assessed_on")
NEITHER = tuple(h for h in NO_PATIENT if h != "assessed_on")


def found(*named: tuple[str, str | None, tuple[str, ...]]) -> tuple[FoundSheet, ...]:
    own = FoundSheet("base.xlsx", "Demographics", PATIENTS, 5)
    return (own, *(FoundSheet(file, title, headers, 5) for file, title, headers in named))


@pytest.mark.parametrize(
    ("sheets", "files", "sheet", "columns"),
    [
        ([("b.xlsx", "Baseline", LONG), ("b.xlsx", "Week 6", LONG)], ("b.xlsx",), "all", {}),
        ([("b.xlsx", "基线", LONG), ("b.xlsx", "复查1", (*LONG, "备注")), ("b.xlsx", "复查2", (*LONG[:-1], "长径"))], ("b.xlsx",), "all", {}),
        ([("b.xlsx", "SH1", NO_PATIENT), ("b.xlsx", "SH2", NO_PATIENT)], ("b.xlsx",), "all", {"patient_id": "[sheet]"}),
        ([("SH1.csv", None, NO_PATIENT), ("SH2.csv", None, NO_PATIENT)], ("SH1.csv", "SH2.csv"), None, {"patient_id": "[sheet]"}),
        ([("b.xlsx", "2021-01-03", NO_DAY), ("b.xlsx", "2021.3.14", NO_DAY)], ("b.xlsx",), "all", {"assessed_on": "[sheet]"}),
        ([("SH1.xlsx", "2021-01-03", NEITHER), ("SH1.xlsx", "2021-03-14", NEITHER), ("SH2.xlsx", "2021年2月3日", NEITHER)],
         ("SH1.xlsx", "SH2.xlsx"), "all", {"patient_id": "[file]", "assessed_on": "[sheet]"}),
    ],
    ids=["visits", "a column more", "patients", "a file a patient", "days", "a file a patient, a sheet a day"],
)  # fmt: skip
def test_sheets_with_the_same_headers_are_asked_about_once(sheets, files, sheet, columns):
    _, questions = assign(found(*sheets), frozenset())

    asked = next(q for q in questions if q.id == "table.measurements" or "measurements" in q.text.en)
    assert asked.proposals == ("all",)
    assert "left out" in asked.answers.en
    assert "不读入" in asked.answers.zh
    made = asked.takes.edits("all") or ()
    edits = {edit.path[1:]: edit.value for edit in made if edit.path[0] == "measurements"}
    named = {} if sheet is None else {("sheet",): sheet}
    assert edits == {("files",): files} | named | {("columns", k): v for k, v in columns.items()}


def test_lesions_and_measurements_in_the_same_sheets_are_one_question():
    sheets = found(("b.xlsx", "Baseline", LONG), ("b.xlsx", "Week 6", LONG))

    _, (asked,) = assign(sheets, frozenset())

    assert {edit.path[0] for edit in asked.takes.edits("all") or ()} == {"lesions", "measurements"}
    assert (asked.takes.edits("b.xlsx [Week 6]") or ())[:2] == (
        Edit(("lesions", "files"), ("b.xlsx",)),
        Edit(("lesions", "sheet"), "Week 6"),
    )


def test_titles_that_are_patients_are_not_in_the_question():
    sheets = found(("b.xlsx", "SH1", NO_PATIENT), ("b.xlsx", "SH2", NO_PATIENT))

    _, questions = assign(sheets, frozenset())

    assert not any(
        "SH1" in part for q in questions for text in (q.text, q.answers) for part in (text.zh, text.en)
    )


def test_a_sheet_that_a_table_has_already_is_none_of_another():
    sheets = found(("b.xlsx", "Baseline", LONG), ("b.xlsx", "Week 6", LONG))
    known = [sheets_stated("patients", sheets, ("base.xlsx",), ("Demographics",))]

    _, (asked,) = assign(sheets, frozenset({"patients"}), known)

    assert "Demographics" not in asked.answers.en


@pytest.mark.parametrize(
    ("title", "day"),
    [("2021-03-05", "2021-03-05"), ("CT 2021.3.5", "2021-03-05"), ("2021年3月5日", "2021-03-05"), ("20210305", "2021-03-05"),
     ("复查1(2021_03_05)", "2021-03-05"), ("Week 6", None), ("2021-03-05 2021-04-05", None), ("SH12021030599", None), ("2021", None)],
)  # fmt: skip
def test_the_day_that_a_title_names(title, day):
    assert day_in(title) == day

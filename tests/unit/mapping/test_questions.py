"""One question for each distinct thing that is not certain, and none for what is."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from openpyxl import Workbook

from oligoscope.intake.files.declared import Declared
from oligoscope.intake.files.sheet import Sheet
from oligoscope.mapping.asking import GivenAnswers
from oligoscope.mapping.draft import Draft, draft_of
from oligoscope.mapping.files_found import _in_words, content_of
from oligoscope.study.protocol import LimitSettings

PATIENTS = "Pt,Sex,C1D1\n1,M,2020-01-01\n2,F,2020-01-01\n"
LESIONS = "Pt,Lesion #,Type,Organ\n1,1,T,Lung\n2,1,T,Bone\n"
SCANS = "Pt,Lesion #,Scan date,Size (mm)\n1,1,2019-12-30,25\n2,1,2019-12-28,31\n"


def draft(folder: Path, answers: dict[str, str] | None = None, **tables: str) -> Draft:
    folder.mkdir(exist_ok=True)
    for name, text in ({"patients": PATIENTS, "lesions": LESIONS, "scans": SCANS} | tables).items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return draft_of(content_of(folder, LimitSettings()), folder, {"study": {}}, answers or {})


def proposed(found: Draft) -> dict[str, str | None]:
    return {question.id: next(iter(question.proposals), None) for question in found.asked}


def test_what_is_certain_is_not_asked(tmp_path):
    assert proposed(draft(tmp_path)) == {}


@pytest.mark.parametrize(
    ("table", "text", "asked"),
    [
        ("patients", PATIENTS.replace("F,", "X,"), {"patients.sex=X": None}),
        (
            "patients",
            PATIENTS.replace("F,", "femal,").replace("M,", "femal,"),
            {"patients.sex=femal": "female"},
        ),
        ("lesions", LESIONS.replace("Bone", "Whatsit"), {"places=Whatsit": "own"}),
        ("lesions", LESIONS.replace("Type", "Sort"), {"lesions.role": "Sort"}),
        ("lesions", LESIONS.replace("Organ", "Whereabouts"), {"lesions.columns=Whereabouts": "organ"}),
        (
            "scans",
            SCANS.replace("(mm)", "Remark").replace("25", "gone").replace("31", "TSTM"),
            {"scans?": None},
        ),
        ("scans", SCANS.replace("2019-12-30", "03/04/2019"), {"dates=scans.csv": None}),
        ("scans", SCANS.replace("2019-12-30", "30/11/2019").replace("2019-12-28", "03/12/2019"), {}),
    ],
)
def test_each_uncertain_thing_is_asked_once(tmp_path, table, text, asked):
    if "scans?" in asked:
        text, asked = text.replace("Size Remark", "Remark"), {"measurements.columns=Remark": "state"}

    assert proposed(draft(tmp_path, **{table: text})) == asked


def test_an_answer_may_open_a_question_about_what_it_made_readable(tmp_path):
    lesions = LESIONS.replace("Type", "Sort").replace("2,1,T", "2,1,Q")

    first = draft(tmp_path, lesions=lesions)
    then = draft(tmp_path, {"lesions.role": "Sort"}, lesions=lesions)

    assert list(proposed(first)) == ["lesions.role"]
    assert list(proposed(then)) == ["lesions.role", "lesions.role=Q"]
    assert [question.id for question in then.open({"lesions.role": "Sort"})] == ["lesions.role=Q"]


@pytest.mark.parametrize("header", ["Side effects", "Consent", "Surgery planned", "是否入组"])
def test_words_alone_do_not_make_a_column_ours(tmp_path, header):
    patients = f"Pt,Sex,C1D1,{header}\n1,M,2020-01-01,yes\n2,F,2020-01-01,no\n"

    assert proposed(draft(tmp_path, patients=patients)) == {}


def test_one_question_for_all_dates_of_a_workbook(tmp_path):
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Patients"
    for row in (("Pt", "C1D1", "Date of death"), (1, "03/04/2020", "05/06/2021"), (2, "07/08/2020", None)):
        sheet.append(row)
    book.save(tmp_path / "all.xlsx")
    found = draft_of(
        content_of(tmp_path, LimitSettings()), tmp_path, {"study": {}}, {"dates=all.xlsx": "day_first"}
    )

    assert list(proposed(found)) == ["dates=all.xlsx"]
    assert found.data["patients"]["dates"] == {"treatment_started_on": "day_first", "died_on": "day_first"}
    assert "sheet" not in found.data["patients"]


def test_a_name_of_a_person_is_no_sample(tmp_path):
    patients = "Pt,姓名,Sex,C1D1\n1,王小明,M,2020-01-01\n2,李小红,F,2020-01-01\n"

    found = draft(tmp_path, patients=patients)

    assert "王小明" not in str(found.taken) + str(found.asked)


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")

    assert list(draft(tmp_path).unread) == ["old.xls"]


def test_a_sheet_is_known_by_the_labels_of_its_variables():
    labels = {"v0": "Subject No.", "sex": "Geschlecht", "v2": "Scan date"}
    sheet = Sheet("t.dta", ("v0", "sex", "v2"), (), pl.DataFrame(), declared=Declared(labels))

    assert _in_words(sheet) == ("Subject No.", "sex", "Scan date")


def test_a_dash_is_an_answer_behind_a_name():
    given = GivenAnswers.of("places=LN 7: -\nstudy.data_cutoff: 2024-12-31\n")

    assert given.by_name == {"places=LN 7": "-", "study.data_cutoff": "2024-12-31"}

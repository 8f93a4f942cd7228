"""A file of a cohort that its team has classified: found by names or labels, in either language, and asked about fairly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pyreadstat
import pytest

from oligoscope.mapping.draft import Draft, draft_of
from oligoscope.mapping.files_found import content_of
from oligoscope.study.protocol import LimitSettings

NAMES = [
    ("patient_id", "病案号", "Patient ID"),
    ("sex", "性别", "Sex"),
    ("age_years", "年龄", "Age"),
    ("histology", "病理类型", "Histology"),
    ("treatment_started_on", "治疗开始日期", "Treatment start date"),
    ("pattern", "进展类型", "Pattern of progression"),
    ("resistance", "耐药模式", "Type of resistance"),
    ("best_response", "最佳疗效", "BOR"),
    ("progressed_on", "首次进展日期", "Date of progression"),
    ("progressing_organs", "进展部位", "Sites of progression"),
    ("baseline_organs", "基线转移部位", "Baseline sites"),
    ("pfs_months", "无进展生存时间（月）", "PFS (months)"),
    ("pfs_event", "是否进展", "PFS status"),
    ("os_months", "生存时间（月）", "OS time, months"),
    ("os_event", "是否死亡", "Death event"),
]
CELLS = [
    ["P1", "1", "61", "1", "2020-01-01", "1", "2", "2", "2020-07-01", "lung", "lung;bone", "6", "1", "12.5", "1"],
    ["P2", "2", "55", "2", "2020-01-01", "2", "1", "3", "2020-03-01", "liver;bone", "lung", "2", "1", "9", "0"],
]  # fmt: skip
WORDS = {
    "sex": {1: "男", 2: "女"},
    "histology": {1: "鳞癌", 2: "腺癌"},
    "pattern": {1: "寡进展", 2: "广泛进展"},
    "resistance": {1: "原发性耐药", 2: "继发性耐药"},
    "best_response": {2: "PR", 3: "SD"},
    "pfs_event": {1: "进展", 0: "未进展"},
    "os_event": {1: "死亡", 0: "存活"},
}


def write(path: Path, frame: Any, labels: Any, words: Any) -> None:
    function = pyreadstat.write_sav if path.suffix == ".sav" else pyreadstat.write_dta
    function(frame, str(path), column_labels=labels, variable_value_labels=words)


def drafted(folder: Path, answers: dict[str, str] | None = None) -> Draft:
    return draft_of(content_of(folder, LimitSettings()), folder, {"study": {}}, answers or {})


def read_columns(draft: Draft) -> set[str]:
    return {taken.ours for taken in draft.taken if taken.what == "column"}


@pytest.mark.parametrize(("ending", "language"), [("sav", 1), ("dta", 2)])
def test_labels_of_variables_make_a_cohort_without_a_question(tmp_path, ending, language):
    variables = {name: f"V{i}" for i, (name, *_) in enumerate(NAMES)}
    numbers = {*WORDS, "age_years", "pfs_months", "os_months"}
    frame = pl.DataFrame({v: [row[i] for row in CELLS] for i, v in enumerate(variables.values())})
    frame = frame.with_columns(pl.col(v).cast(pl.Float64) for name, v in variables.items() if name in numbers)
    words = {variables[name]: known for name, known in WORDS.items()}
    write(tmp_path / f"t.{ending}", frame, [names[language] for names in NAMES], words)

    draft = drafted(tmp_path)

    assert [question.id for question in draft.asked] == []
    assert set(draft.data) == {"cohort"}
    assert read_columns(draft) == {name for name, *_ in NAMES}


SHORT = "ID,sex,age,smoke,ECOG,stage,PDL1,path,brain,treatmen,progress,pattern,resist,BOR,PFS,OS,death,organs,bl_org\n"
ROWS = (
    "1,M,61,ever,0,IV,<1%,SCC,0,2020-01-01,2020-07-01,oligo,1,PR,6.1,12.5,1,lung,bone\n"
    "2,F,55,never,1,IV,<1%,SCC,1,2020-01-01,2020-03-01,systemic,2,SD,2,9,0,liver;bone,lung\n"
)
ANSWERS = {"cohort.patient_id": "ID"}


def test_short_names_are_asked_and_not_guessed(tmp_path):
    (tmp_path / "spss.csv").write_text(SHORT + ROWS, encoding="utf-8")

    first = drafted(tmp_path)
    then = drafted(tmp_path, ANSWERS)

    assert [(q.id, q.proposals[0]) for q in first.asked] == [("cohort.patient_id", "ID")]
    assert {q.id.removeprefix("cohort.columns="): q.proposals for q in then.asked if q.id not in ANSWERS} == {
        "path": ("histology",),
        "brain": ("brain_metastasis",),
        "treatmen": ("treatment_started_on",),
        "progress": ("progressed_on",),
        "resist": ("resistance",),
        "PFS": ("pfs_months", "pfs_weeks", "pfs_days"),
        "OS": ("os_months", "os_weeks", "os_days"),
        "death": ("os_event",),
        "organs": ("progressing_organs",),
    }
    assert set(then.data) == {"cohort"}  # PDL1 and bl_org are no columns of scans


@pytest.mark.parametrize(
    ("cells", "first", "unit"),
    [(("6.1", "2"), "months", "周"), (("180", "61"), "days", "d"), (("30", "12"), "months", "pfs_months")],
)
def test_the_unit_of_a_time_is_asked_the_likeliest_first(tmp_path, cells, first, unit):
    rows = ROWS.replace(",6.1,", f",{cells[0]},").replace(",2,9,", f",{cells[1]},9,")
    (tmp_path / "spss.csv").write_text(SHORT + rows, encoding="utf-8")

    draft = drafted(tmp_path, {**ANSWERS, "cohort.columns=PFS": unit})

    question = next(q for q in draft.asked if q.id == "cohort.columns=PFS")
    assert question.proposals[0] == f"pfs_{first}"
    column = {"周": "pfs_weeks", "d": "pfs_days"}.get(unit, unit)
    assert draft.data["cohort"]["columns"][column] == "PFS"


def test_codes_of_a_column_that_was_asked_are_asked_next(tmp_path):
    (tmp_path / "spss.csv").write_text(SHORT + ROWS, encoding="utf-8")
    answers = {
        **ANSWERS,
        "cohort.columns=resist": "resistance",
        "cohort.resistance.codes": "1=继发性耐药，2=primary",
    }

    draft = drafted(tmp_path, answers)

    assert draft.data["cohort"]["levels"] == {"resistance": {"acquired": ["1"], "primary": ["2"]}}


def test_a_cohort_beside_lesions_keeps_its_patients(tmp_path):
    head = "Pt,Sex,Age,Stage,C1D1,Pattern,Resistance type,BOR\n"
    (tmp_path / "patients.csv").write_text(
        head + "P1,M,61,IV,2020-01-01,oligo,primary,PD\n", encoding="utf-8"
    )
    (tmp_path / "lesions.csv").write_text("Pt,Lesion #,Type,Organ\nP1,1,T,Lung\n", encoding="utf-8")
    (tmp_path / "scans.csv").write_text(
        "Pt,Lesion #,Scan date,Size (mm)\nP1,1,2019-12-30,25\n", encoding="utf-8"
    )

    draft = drafted(tmp_path)

    assert {"patients", "lesions", "measurements"} <= set(draft.data)

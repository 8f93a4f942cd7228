"""Exports of REDCap in a folder: by codes or by labels, with or without the data dictionary, they are the same study."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from oligoscope.intake.files.redcap import is_dictionary, read_dictionary
from oligoscope.intake.files.redcap_rows import distinct_names, rest_of_names
from oligoscope.intake.readers import read_tables
from oligoscope.intake.validation import validate_tables
from oligoscope.mapping.draft import Draft, draft_of
from oligoscope.mapping.files_found import content_of
from oligoscope.study.protocol import LimitSettings, Protocol
from oligoscope.study.short_forms import with_preset

SEX, ROLE, STATE = (
    {"1": "Male", "2": "Female"},
    {"1": "Target", "2": "Non-target"},
    {"1": "Present", "2": "Absent"},
)
# Name, form, kind, label, choices.
FIELDS = [
    ("record_id", "enrolment", "text", "Record ID", {}),
    ("sex", "enrolment", "radio", "Sex", SEX),
    ("tx_start", "enrolment", "text", "Treatment start", {}),
    ("lesion_no", "lesion_form", "text", "Lesion ID", {}),
    ("lesion_role", "lesion_form", "dropdown", "Lesion type", ROLE),
    ("lesion_organ", "lesion_form", "text", "Site", {}),
    ("scan_lesion", "scan_form", "text", "Lesion ID", {}),
    ("scan_date", "scan_form", "text", "Scan date", {}),
    ("scan_size", "scan_form", "text", "Size (mm)", {}),
    ("scan_state", "scan_form", "radio", "Status", STATE),
]
ADDED = ["redcap_repeat_instrument", "redcap_repeat_instance"]
NAMES = [FIELDS[0][0], *ADDED, *(field[0] for field in FIELDS[1:]), "enrolment_complete"]
ROWS = [
    {"record_id": "P1", "sex": "1", "tx_start": "2020-01-01", "enrolment_complete": "2"},
    {"record_id": "P1", **dict(zip(ADDED, ("lesion_form", "1"), strict=True)), "lesion_no": "1", "lesion_role": "1", "lesion_organ": "Lung"},
    {"record_id": "P1", **dict(zip(ADDED, ("lesion_form", "2"), strict=True)), "lesion_no": "2", "lesion_role": "2", "lesion_organ": "Bone"},
    {"record_id": "P1", **dict(zip(ADDED, ("scan_form", "1"), strict=True)), "scan_lesion": "1", "scan_date": "2019-12-30", "scan_size": "25"},
    {"record_id": "P1", **dict(zip(ADDED, ("scan_form", "2"), strict=True)), "scan_lesion": "2", "scan_date": "2019-12-30", "scan_state": "1"},
    {"record_id": "P2", "sex": "2", "tx_start": "2020-02-01", "enrolment_complete": "0"},
    {"record_id": "P2", **dict(zip(ADDED, ("lesion_form", "1"), strict=True)), "lesion_no": "1", "lesion_role": "1", "lesion_organ": "Liver"},
    {"record_id": "P2", **dict(zip(ADDED, ("scan_form", "1"), strict=True)), "scan_lesion": "1", "scan_date": "2020-01-28", "scan_state": "2"},
]  # fmt: skip
ENGLISH = (
    "Variable / Field Name",
    "Form Name",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
)
OF_PROGRAMS = ("field_name", "form_name", "field_type", "field_label", "select_choices_or_calculations")
CHINESE = ("变量/字段名称", "表单名称", "字段类型", "字段标签", "选项、计算或滑块标签")
WORDS = {field[0]: field[4] for field in FIELDS} | {
    "enrolment_complete": {"0": "Incomplete", "2": "Complete"}
}
LABELS = {field[0]: field[3] for field in FIELDS} | {
    "redcap_repeat_instrument": "Repeat Instrument", "redcap_repeat_instance": "Repeat Instance", "enrolment_complete": "Complete?",
}  # fmt: skip


def write(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(rows)


def records(*, words: bool, labels: bool) -> list[list[str]]:
    cells = [
        [WORDS.get(n, {}).get(row.get(n, ""), row.get(n, "")) if words else row.get(n, "") for n in NAMES]
        for row in ROWS
    ]
    return [[LABELS[n] for n in NAMES] if labels else NAMES, *cells]


def dictionary(head: tuple[str, ...], comma: str = ", ") -> list[list[str]]:
    return [
        list(head),
        *([*field[:4], " | ".join(f"{c}{comma}{w}" for c, w in field[4].items())] for field in FIELDS),
    ]


def drafted(folder: Path, answers: dict[str, str] | None = None) -> Draft:
    return draft_of(content_of(folder, LimitSettings()), folder, {"study": {}}, answers or {})


def tables(folder: Path, draft: Draft) -> dict[str, list[tuple[object, ...]]]:
    """What the drafted mapping reads."""
    protocol = Protocol.model_validate(with_preset({"study": {}, "data": draft.data}))
    typed, issues = validate_tables(read_tables(protocol, folder), protocol)
    assert not issues.errors, issues.message("en")
    assert not issues.quarantined, issues.message("en")
    return {
        "patients": typed.patients.select("patient_id", "sex").rows(),
        "lesions": typed.lesions.select("patient_id", "lesion_id", "role", "organ").rows(),
        "measurements": typed.measurements.select("patient_id", "lesion_id", "diameter_mm", "state").rows(),
    }


TRUE = {
    "patients": [("P1", "male"), ("P2", "female")],
    "lesions": [
        ("P1", "1", "target", "lung"),
        ("P1", "2", "non_target", "bone"),
        ("P2", "1", "target", "liver"),
    ],
    "measurements": [
        ("P1", "1", 25.0, "measured"),
        ("P1", "2", None, "present"),
        ("P2", "1", None, "absent"),
    ],
}


@pytest.mark.parametrize(
    ("words", "labels", "head", "comma"),
    [
        (True, False, None, ""),
        (True, True, None, ""),
        (False, False, ENGLISH, ", "),
        (False, False, OF_PROGRAMS, ", "),
        (False, False, CHINESE, "，"),
        (True, True, ENGLISH, ", "),
    ],
)
def test_an_export_is_read_without_a_question(tmp_path, words, labels, head, comma):
    write(tmp_path / "records.csv", records(words=words, labels=labels))
    if head is not None:
        write(tmp_path / "dictionary.csv", dictionary(head, comma))

    draft = drafted(tmp_path)

    assert [question.id for question in draft.asked] == []
    assert tables(tmp_path, draft) == TRUE
    assert draft.data["patients"].get("dictionary") == (None if head is None else "dictionary.csv")
    assert list(draft.data["lesions"]["where"].values()) == [["lesion_form"]]


def test_without_a_dictionary_codes_are_asked_once_for_each_column(tmp_path):
    write(tmp_path / "records.csv", records(words=False, labels=False))
    answers = {
        "lesions.role.codes": "1=target, 2=non_target",
        "measurements.state.codes": "1: present；2: absent",
        "patients.sex.codes": "1=男 2=女",
    }

    asked = drafted(tmp_path)
    draft = drafted(tmp_path, answers)

    assert {question.id for question in asked.asked} == set(answers)
    assert tables(tmp_path, draft) == TRUE


@pytest.mark.parametrize(
    "answer", ["1=target", "1=target, 2=what", "target, non_target", "1=target, 1=new, 2=new", "1=, 2=new"]
)
def test_codes_need_a_meaning_each(tmp_path, answer):
    write(tmp_path / "records.csv", records(words=False, labels=False))

    draft = drafted(tmp_path, {"lesions.role.codes": answer})

    assert draft.refused == {"lesions.role.codes": answer}


def test_events_of_a_patient_are_one_row_also_without_a_dictionary(tmp_path):
    head = ["study_id", "redcap_event_name", "sex", "tx_start", "dod"]
    rows = [
        ["P1", "base", "M", "2020-01-01", ""],
        ["P1", "end", "", "", "2021-01-01"],
        ["P2", "base", "F", "2020-01-01", ""],
    ]
    write(tmp_path / "records.csv", [head, *rows])

    draft = drafted(tmp_path)
    protocol = Protocol.model_validate(with_preset({"study": {}, "data": draft.data}))
    raw = read_tables(protocol, tmp_path)["patients"]

    assert draft.data["patients"]["columns"] == {"patient_id": "study_id"}
    assert raw.frame.select("study_id", "sex", "dod").rows() == [
        ("P1", "M", "2021-01-01"),
        ("P2", "F", None),
    ]


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "patient_id,sex\nP1,M\n", "\n\n", "field_name,value\n"])
def test_other_files_are_no_dictionary(text):
    assert not is_dictionary(text.encode())


@pytest.mark.parametrize("choices", ["1, Male | 2, Female", "1，Male|2，Female", " 1,Male |2 , Female|"])
def test_choices_are_read_with_either_comma(choices):
    raw = f'{",".join(CHINESE)}\nsex,base,radio,Sex,"{choices}"\n'.encode()

    assert is_dictionary(raw)
    assert read_dictionary(raw)[0].words == {"1": "Male", "2": "Female"}


def test_fields_that_begin_alike_are_known_by_the_rest():
    assert rest_of_names(["les_no", "les_role"]) == {"les_no": "no", "les_role": "role"}
    assert rest_of_names(["line", "line_start", "regimen"]) == {}
    assert rest_of_names(["les_no"]) == {}
    assert distinct_names(["Repeat Instrument", "Lesion", "Lesion"]) == (
        ["Repeat Instrument", "Lesion", "Lesion (2)"],
        {"Lesion (2)": "Lesion"},
    )
    assert distinct_names(["Lesion", "Lesion"]) == (["Lesion", "Lesion"], {})

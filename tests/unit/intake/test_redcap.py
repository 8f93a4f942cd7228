"""Exports of REDCap with their data dictionary: codes, boxes, events and repeating instruments."""

from __future__ import annotations

import csv

import pytest

from oligoscope.errors import StudyFileError
from oligoscope.intake.readers import read_tables
from oligoscope.intake.validation import validate_tables
from oligoscope.questions.registry import KINDS
from oligoscope.study.study_file import read_study_file

DICTIONARY = [
    ["Variable / Field Name", "Form Name", "Section Header", "Field Type", "Field Label", "Choices, Calculations, OR Slider Labels"],
    ["record_id", "demo", "", "text", "Record ID", ""],
    ["gender", "demo", "", "radio", "<b>Sex</b>", "7, Male | 8, Female"],
    ["start", "demo", "", "text", "treatment_started_on", ""],
    ["brain", "demo", "", "yesno", "Brain metastasis", ""],
    ["sites", "demo", "", "checkbox", "Sites", "1, Lung | 2, Liver, left | -9, Unknown"],
    ["weight", "visit", "", "text", "Weight", ""],
    ["les_id", "lesions", "", "text", "lesion_id", ""],
    ["les_role", "lesions", "", "dropdown", "role", "1, target | 2, non-target"],
    ["les_organ", "lesions", "", "text", "organ", ""],
]  # fmt: skip
HEAD = ["record_id", "redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance", "gender", "start", "brain",
        "sites___1", "sites___2", "sites____9", "weight", "les_id", "les_role", "les_organ"]  # fmt: skip
RAW = [
    HEAD,
    ["P1", "base", "", "", "7", "2020-01-10", "1", "1", "1", "0", "70", "", "", ""],
    ["P1", "week6", "", "", "", "", "", "", "", "", "68", "", "", ""],
    ["P1", "base", "lesions", "1", "", "", "", "", "", "", "", "L1", "1", "lung"],
    ["P1", "base", "lesions", "2", "", "", "", "", "", "", "", "L2", "2", "liver"],
    ["P2", "base", "", "", "8", "2020-02-10", "0", "0", "0", "0", "81", "", "", ""],
    ["P2", "base", "lesions", "1", "", "", "", "", "", "", "", "L1", "1", "bone"],
]
LABELS = ["Record ID", "Event Name", "Repeat Instrument", "Repeat Instance", "Sex", "treatment_started_on", "Brain metastasis",
          "Sites (choice=Lung)", "Sites (choice=Liver, left)", "Sites (choice=Unknown)", "Weight", "lesion_id", "role",
          "organ"]  # fmt: skip
WORDS = {
    "gender": {"7": "Male", "8": "Female"},
    "brain": {"1": "Yes", "0": "No"},
    "les_role": {"1": "target", "2": "non-target"},
    **{f"sites___{c}": {"1": "Checked", "0": "Unchecked"} for c in ("1", "2", "_9")},
}
STUDY = """
study: {title: t, preset: huang2025, data_cutoff: 2025-04-08}
data:
  redcap: {records: records.csv, dictionary: dictionary.csv, instruments: {lesions: lesions}}
  patients: {columns: {patient_id: record_id, sex: gender}}
  lesions: {columns: {patient_id: record_id, lesion_id: les_id, role: les_role, organ: les_organ}}
  measurements: measurements.csv
"""


def by_labels():
    rows = [
        [WORDS.get(name, {}).get(cell, cell) for name, cell in zip(HEAD, row, strict=True)] for row in RAW[1:]
    ]
    return [LABELS, *rows]


def read(folder, records, text=STUDY):
    for name, rows in (("records", records), ("dictionary", DICTIONARY)):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows(rows)
    (folder / "study.yaml").write_text(text, encoding="utf-8")
    protocol, _ = read_study_file(folder, KINDS)
    raw = read_tables(protocol, folder)
    return raw, *validate_tables(raw, protocol)


@pytest.mark.parametrize("records", [RAW, by_labels()], ids=["codes", "labels"])
def test_exports_by_codes_and_by_labels_are_the_same_study(folder, records):
    raw, tables, issues = read(folder, records)

    assert not issues.errors, issues.message("en")
    assert tables.patients["sex"].to_list() == ["male", "female"]
    assert [str(day) for day in tables.patients["treatment_started_on"]] == ["2020-01-10", "2020-02-10"]
    assert tables.lesions["role"].to_list() == ["target", "non_target", "target"]
    assert tables.lesions.select("patient_id", "lesion_id").rows() == [
        ("P1", "L1"),
        ("P1", "L2"),
        ("P2", "L1"),
    ]
    assert raw["patients"].frame["sites"].to_list() == ["Lung;Liver left", None]
    assert raw["patients"].frame["brain"].to_list() == ["Yes", "No"]


def test_a_value_that_changes_between_events_is_not_taken(folder):
    _, tables, issues = read(folder, RAW)

    assert [(i.column, i.expected.en) for i in issues if i.rule == "redcap_events"] == [
        ("weight", "1 patient(s) have several values")
    ]
    assert "weight" not in tables.patients.columns
    assert tables.patients.height == 2


def test_one_event_is_read_where_the_study_names_it(folder):
    text = STUDY.replace(
        "{columns: {patient_id: record_id, sex",
        "{where: {redcap_event_name: base}, columns: {patient_id: record_id, sex",
    )
    raw, _, issues = read(folder, RAW, text)

    assert "redcap_events" not in {i.rule for i in issues}
    assert raw["patients"].frame["weight"].to_list() == ["70", "81"]


def test_levels_may_name_codes_of_the_dictionary(folder):
    text = STUDY.replace("sex: gender}}", "sex: gender}, levels: {sex: {female: ['7'], male: ['8']}}}")
    _, tables, _ = read(folder, RAW, text)

    assert tables.patients["sex"].to_list() == ["female", "male"]


def test_another_file_is_no_dictionary(folder):
    text = STUDY.replace("dictionary: dictionary.csv", "dictionary: measurements.csv")
    raw, _, _ = read(folder, RAW, text)

    assert "no data dictionary of REDCap" in raw["patients"].problems[0].expected.en


@pytest.mark.parametrize(
    "wrong",
    [
        "{records: a.csv, dictionnary: b.csv}",
        "{dictionary: b.csv}",
        "{records: a.csv, instruments: {tumours: x}}",
    ],
)
def test_a_wrong_setting_of_redcap_is_refused(folder, wrong):
    with pytest.raises(StudyFileError, match="redcap"):
        read(
            folder,
            RAW,
            STUDY.replace(
                "{records: records.csv, dictionary: dictionary.csv, instruments: {lesions: lesions}}", wrong
            ),
        )

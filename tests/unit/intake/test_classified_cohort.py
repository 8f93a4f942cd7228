"""The table of a cohort that a team has classified: words, headers, units, and what contradicts itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from oligoscope.intake.issues import Issues
from oligoscope.intake.readers import read_tables
from oligoscope.intake.validation import validate_tables
from oligoscope.study.protocol import Protocol
from oligoscope.study.schemas import StudyTables


def read(folder: Path, text: str, patients: str = "", **source: object) -> tuple[StudyTables, Issues]:
    """A cohort of these rows, as text of a csv file."""
    data: dict[str, object] = {"cohort": {"files": ("c.csv",), **source}}
    (folder / "c.csv").write_text(text, encoding="utf-8")
    if patients:
        (folder / "p.csv").write_text(patients, encoding="utf-8")
        data["patients"] = {"files": ("p.csv",)}
    protocol = Protocol.model_validate({"study": {}, "data": data})
    return validate_tables(read_tables(protocol, folder), protocol)


@pytest.mark.parametrize(
    ("outcome", "word", "event"),
    [
        *(
            ("os", word, "1")
            for word in (
                "1",
                "yes",
                "TRUE",
                "是",
                "dead",
                "Died",
                "死亡",
                "已死亡",
                "事件",
                "Event",
                "1.0",
                "\uff11",
            )
        ),
        *(
            ("os", word, "0")
            for word in ("0", "no", "false", "否", "alive", "存活", "删失", "Censored", "截尾", "失访")
        ),
        *(("pfs", word, "1") for word in ("progressed", "PD", "进展", "疾病进展", "死亡", "复发")),
        *(("pfs", word, "0") for word in ("未进展", "no progression", "censored", "无")),
        *(("os", word, None) for word in ("2", "9", "进展", "PD", "maybe", "1 or 0")),
    ],
)
def test_words_of_the_event(outcome: str, word: str, event: str | None, tmp_path: Path):
    tables, issues = read(tmp_path, f"patient_id,{outcome}_months,{outcome}_event\nA,5,{word}\nB,6,1\n")

    if event is None:
        assert [(i.rule, i.value) for i in issues if i.patient_id == "A"][:1] == [("value_unreadable", word)]
        assert tables.cohort["patient_id"].to_list() == ["B"]
    else:
        assert tables.cohort[f"{outcome}_event"].to_list() == [event, "1"]


@pytest.mark.parametrize(
    ("column", "word", "level"),
    [
        *(("pattern", word, "oligoprogression") for word in ("oligo", "寡进展", "Oligoprogression", "OLIGO-PROGRESSION", "OPD")),
        *(("pattern", word, "systemic") for word in ("广泛进展", "systemic", "Systemic progression", "系统性进展")),
        *(("resistance", word, "acquired") for word in ("secondary", "继发", "获得性耐药", "acquired")),
        *(("resistance", word, "primary") for word in ("原发性耐药", "primary", "原发")),
    ],
)  # fmt: skip
def test_words_of_the_labels(column: str, word: str, level: str, tmp_path: Path):
    tables, _ = read(tmp_path, f"patient_id,{column},os_months,os_event\nA,{word},5,1\n")

    assert tables.cohort[column].to_list() == [level]


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("OS(months)", "os_months"), ("OS (months)", "os_months"), ("OS（月）", "os_months"), ("总生存期（月）", "os_months"),
        ("总生存期/月", "os_months"), ("OS days", "os_days"), ("OS(周)", "os_weeks"), ("Overall survival, months", "os_months"),
    ],
)  # fmt: skip
def test_headers_that_name_outcome_and_unit(header: str, column: str, tmp_path: Path):
    tables, issues = read(tmp_path, f'patient_id,"{header}",OS状态\nA,5,1\n')

    assert tables.cohort[column].to_list() == [5.0]
    assert tables.cohort["os_event"].to_list() == ["1"]
    assert not issues.errors


@pytest.mark.parametrize("header", ["OS", "PFS", "survival"])
def test_a_time_without_its_unit_is_not_guessed(header: str, tmp_path: Path):
    tables, _ = read(tmp_path, f"patient_id,{header},os_event\nA,5,1\n")

    assert tables.cohort.select("os_days", "os_weeks", "os_months", "pfs_months").row(0) == (None,) * 4
    assert header in tables.patients.columns  # a covariate until it is mapped


def test_codes_are_mapped(tmp_path: Path):
    levels = {
        "pattern": {"oligoprogression": ("1",), "systemic": ("2",)},
        "os_event": {"1": ("0",), "0": ("1",)},
    }

    tables, issues = read(
        tmp_path,
        "ID,p,os_months,os_event\nA,1,5,0\nB,2,7,1\n",
        levels=levels,
        columns={"patient_id": "ID", "pattern": "p"},
    )

    assert tables.cohort["pattern"].to_list() == ["oligoprogression", "systemic"]
    assert tables.cohort["os_event"].to_list() == ["1", "0"]
    assert {i.rule for i in issues} == {"days_from_anchor"}


def test_covariates_are_patients_columns_and_the_users_own(tmp_path: Path):
    tables, issues = read(
        tmp_path, "patient_id,sex,age_years,centre,pattern\nA,男,60,X,寡进展\nB,女,70,Y,广泛进展\n"
    )

    assert tables.patients.select("sex", "age_years", "centre").rows() == [
        ("male", 60.0, "X"),
        ("female", 70.0, "Y"),
    ]
    assert "pattern" not in tables.patients.columns
    assert {i.rule for i in issues} == {"days_from_anchor", "follow_up_missing"}


def test_beside_a_patients_table_the_cohort_adds_what_it_lacks(tmp_path: Path):
    tables, _ = read(
        tmp_path,
        "patient_id,sex,stage,centre,os_months,os_event\nA,female,IV,X,5,1\n",
        patients="patient_id,sex\nA,male\nB,female\n",
    )

    assert tables.patients.select("patient_id", "sex", "stage", "centre").rows() == [
        ("A", "male", "IV", "X"), ("B", "female", None, None),
    ]  # fmt: skip


def test_a_patient_twice_is_an_error(tmp_path: Path):
    _, issues = read(tmp_path, "patient_id,os_months,os_event\nA,5,1\nA,6,1\n")

    assert {i.rule for i in issues.errors} == {"patient_repeated"}


@pytest.mark.parametrize("time", ["-1", "-0.1", "about 5"])
def test_a_time_that_is_none_is_set_aside(time: str, tmp_path: Path):
    tables, issues = read(tmp_path, f"patient_id,os_months,os_event\nA,{time},1\nB,5,1\n")

    assert issues.quarantined
    assert tables.cohort["patient_id"].to_list() == tables.patients["patient_id"].to_list() == ["B"]


@pytest.mark.parametrize(
    ("pfs", "os", "pps", "rules"),
    [
        ("5.1", "5.1", "0", set()),
        ("5.2", "5.1", "", set()),  # by rounding
        ("5.3", "5.1", "", {"progression_after_survival"}),
        ("5", "4", "", set()),  # whole months
        ("5.25", "5.23", "", {"progression_after_survival"}),
        ("5.1", "9.9", "4.8", set()),
        ("5.1", "9.9", "4.7", set()),
        ("5.1", "9.9", "4.5", {"times_do_not_add_up"}),
        ("5", "10", "4", set()),
        ("5", "10", "3", {"times_do_not_add_up"}),
    ],
)
def test_times_may_differ_by_their_rounding_and_no_more(pfs, os, pps, rules, tmp_path: Path):
    row = f"A,systemic,{pfs},{os},1,{pps}"

    _, issues = read(tmp_path, f"patient_id,pattern,pfs_months,os_months,os_event,pps_months\n{row}\n")

    assert {i.rule for i in issues} - {"days_from_anchor", "patient_left_out"} == rules


def test_a_cohort_needs_no_other_table(tmp_path: Path):
    _, issues = read(tmp_path, "patient_id,os_weeks,os_event\nA,5,1\n")

    assert not issues.errors


@pytest.mark.parametrize("header", ["died", "start"])
def test_a_column_of_the_users_own_is_no_date_of_the_rules(header: str, tmp_path: Path):
    text = f"patient_id,pattern,treatment_started_on,progressed_on,{header}\nA,oligo,2020-01-01,2020-06-01,7\nB,oligo,2020-01-01,2020-06-01,0\n"
    tables, issues = read(tmp_path, text)

    assert not issues.quarantined
    assert tables.cohort["patient_id"].to_list() == ["A", "B"]


def test_a_damaged_file_of_several_tables_is_one_finding(tmp_path: Path):
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04no workbook")
    names = ("patients", "lesions", "measurements", "treatments")
    data = {name: {"files": ("a.xlsx",)} for name in names}
    protocol = Protocol.model_validate({"study": {}, "data": data})
    _, issues = validate_tables(read_tables(protocol, tmp_path), protocol)

    assert [(i.rule, i.table) for i in issues if i.source == "a.xlsx"] == [("file_unreadable", "patients")]

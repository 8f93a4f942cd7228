"""Every sentence of reasons.csv follows from the rows it names (see `reason_checker`)."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given

from conftest import find_shared
from oligoscope.clinical.reasons import LABELS
from oligoscope.demo.cohort import make_cohort, write_cohort
from oligoscope.intake.readers import read_tables
from oligoscope.intake.validation import validate_tables
from oligoscope.questions.registry import read_protocol
from oligoscope.report.patient.reason_words import rule_text
from oligoscope.study.protocol import Protocol, ResponseSettings
from oligoscope.study.schemas import StudyTables
from property.histories import STEADY, cohorts, joined, typed
from spec.patient_tables import derive, study_tables
from spec.reason_checker import untrue
from spec.rule_case_tables import case_tables


def demo(seed: int, folder) -> tuple[StudyTables, Protocol]:
    write_cohort(make_cohort(seed, 40), folder)
    protocol = read_protocol(folder)
    return validate_tables(read_tables(protocol, folder), protocol)[0], protocol


def reasons_of(tables: StudyTables, **settings: Any) -> list[dict[str, Any]]:
    return derive(tables, **settings).reasons.to_dicts()


OTHERS = [
    {},
    {"response": {"criteria": "irecist"}},
    {"response": {"confirmation": True}, "resistance": {"preset": "sitc_2020_mono"}},
    {"endpoints": {"missed_assessments": "censor", "new_therapy": "censor"}},
]


@pytest.mark.parametrize(
    ("seed", "settings"), [(1, OTHERS[0]), (2, OTHERS[0]), (3, OTHERS[1]), (4, OTHERS[2]), (5, OTHERS[3])]
)
def test_every_sentence_of_the_demo_is_true(seed, settings, tmp_path):
    tables, protocol = demo(seed, tmp_path)
    cutoff = protocol.study.data_cutoff

    reasons = reasons_of(tables, study=protocol.study, progression={"preset": "huang2025"}, **settings)

    assert untrue(tables, reasons, cutoff) == []
    assert {r["label"] for r in reasons} == set(LABELS)
    assert [r for r in reasons if rule_text(r["rule"]).zh == r["rule"]] == []


def shared_cases(name: str) -> list[dict]:
    path = find_shared("rule_cases", f"{name}.json")
    return [] if path is None else json.loads(path.read_text(encoding="utf-8"))["cases"]


@pytest.mark.shared
@pytest.mark.parametrize("case", [pytest.param(c, id=c["id"]) for c in shared_cases("recist_measurement")])
def test_every_sentence_of_the_worked_cases_is_true(case):
    tables = study_tables(**case_tables(case))

    assert untrue(tables, reasons_of(tables, response=ResponseSettings(**case["config"]))) == []


@STEADY
@given(cohorts())
def test_every_sentence_of_a_generated_history_is_true(cohort):
    tables = typed(joined(cohort))

    assert untrue(tables, reasons_of(tables)) == []


TARGET = {"patient_id": "A", "lesion_id": "T", "role": "target", "organ": "lung"}
NEW = {"patient_id": "A", "lesion_id": "N", "role": "new", "organ": "liver"}


def scans(*cells: tuple[str, int, Any]) -> list[dict[str, Any]]:
    """(lesion, day, size or certainty)."""
    return [
        {"patient_id": "A", "lesion_id": lesion, "assessed_day": day}
        | ({"certainty": cell, "state": "present"} if isinstance(cell, str) else {"diameter_mm": cell})
        for lesion, day, cell in cells
    ]  # fmt: skip


def of(reasons: list[dict[str, Any]], label: str) -> tuple[str, str | None]:
    reason = next(r for r in reasons if r["label"] == label)
    return reason["rule"], reason["source_rows"]


def test_a_backdated_new_lesion_names_the_row_that_confirmed_it():
    measured = scans(
        ("T", -3, 50), ("T", 56, 50), ("T", 112, 50), ("N", 56, "equivocal"), ("N", 112, "unequivocal")
    )
    tables = study_tables(patients=[{"patient_id": "A"}], lesions=[TARGET, NEW], measurements=measured)

    reasons = reasons_of(tables)

    assert of(reasons, "progressed_on") == (
        "a new lesion: 1 seen first on 2020-03-11, equivocal until 2020-05-06", "measurements.csv:5;6",
    )  # fmt: skip
    assert untrue(tables, reasons) == []


def test_a_sum_names_its_numbers_and_the_rows_of_both_scans():
    measured = scans(("T", -3, 50), ("T", 56, 30.5), ("T", 112, 36.6))
    tables = study_tables(patients=[{"patient_id": "A"}], lesions=[TARGET], measurements=measured)

    reasons = reasons_of(tables)

    assert of(reasons, "progressed_on") == (
        "the target lesions progressed: sum 36.6 mm on 2020-05-06, nadir 30.5 mm, +6.1 mm (+20.0 %)",
        "measurements.csv:3;4",
    )
    assert of(reasons, "best_response")[0].endswith(
        "first PR on 2020-03-11; sum 30.5 mm, baseline 50 mm (-39.0 %)"
    )
    assert untrue(tables, reasons) == []


def test_a_percentage_is_never_rounded_up_to_a_limit():
    measured = scans(("T", -3, 100), ("T", 56, 70.04))
    tables = study_tables(patients=[{"patient_id": "A"}], lesions=[TARGET], measurements=measured)

    assert of(reasons_of(tables), "best_response")[0].endswith("sum 70.04 mm, baseline 100 mm (-29.9 %)")


def test_rows_are_those_of_the_file_they_are_in():
    """A progression that a team has read is in its own table; measurements may lie in several files."""
    progressions = [
        {"patient_id": "A", "progressed_day": 90, "n_progressing_lesions": 2, "best_response": "PR"}
    ]
    read = study_tables(patients=[{"patient_id": "A"}], progressions=progressions)
    reasons = reasons_of(read)
    for label in ("progressed_on", "pattern", "best_response", "pfs"):
        assert "progressions.csv:2" in (of(reasons, label)[1] or ""), label
    assert untrue(read, reasons) == []

    measured = scans(("T", -3, 50), ("T", 56, 30), ("T", 112, 50))
    tables = study_tables(patients=[{"patient_id": "A"}], lesions=[TARGET], measurements=measured)
    source = pl.when(pl.col("assessed_day") == 112).then(pl.lit("later.csv")).otherwise("source")
    number = pl.when(pl.col("assessed_day") == 112).then(2).otherwise("source_row").cast(pl.Int32)
    several = StudyTables(
        tables.patients,
        tables.lesions,
        tables.measurements.with_columns(source.alias("source"), number.alias("source_row")),
    )
    reasons = reasons_of(several)
    assert of(reasons, "progressed_on")[1] == "later.csv:2;measurements.csv:3"
    assert untrue(several, reasons) == []


def test_every_fragment_of_a_split_lesion_is_named():
    measured = [
        *scans(("T", -3, 50)),
        *(
            {"patient_id": "A", "lesion_id": "T", "assessed_day": 56, "state": "split", "fragment": f, "diameter_mm": mm}
            for f, mm in (("1", 40), ("2", 30))
        ),
    ]  # fmt: skip
    tables = study_tables(patients=[{"patient_id": "A"}], lesions=[TARGET], measurements=measured)

    reasons = reasons_of(tables)

    assert of(reasons, "progressed_on")[1] == "measurements.csv:2;3;4"
    assert untrue(tables, reasons) == []


@pytest.mark.parametrize("endpoints", [{}, {"missed_assessments": "censor"}, {"new_therapy": "censor"}])
def test_sentences_of_patients_who_were_hardly_assessed_are_true(endpoints):
    patients = [
        {"patient_id": "A", "last_known_alive_day": 90}, {"patient_id": "B", "died_day": 200},
        {"patient_id": "C", "clinical_progression_day": 30}, {"patient_id": "D"}, {"patient_id": "E"},
        {"patient_id": "F", "died_day": 30},
    ]  # fmt: skip
    given_on = [
        ("A", 56, "NE"),
        ("C", 56, "PR"),
        ("D", 10, "SD"),
        ("E", 56, "SD"),
        ("E", 300, "PD"),
        ("F", 20, "SD"),
    ]
    assessments = [{"patient_id": p, "assessed_day": d, "overall_response": w} for p, d, w in given_on]
    treatments = [{"patient_id": "E", "line": 2, "started_day": 100}]
    tables = study_tables(patients=patients, assessments=assessments, treatments=treatments)

    reasons = reasons_of(tables, response={"source": "assessments"}, endpoints=endpoints)

    assert untrue(tables, reasons) == []


def test_disease_after_a_first_cr_is_told_from_a_progression_that_was_given():
    """RECIST 1.1, table 3, footnote a: the scan that follows a true CR is the progression, whatever it is called."""
    given_on = [("A", 28, "CR"), ("A", 84, "PR"), ("B", 28, "CR"), ("B", 84, "PD")]
    assessments = [{"patient_id": p, "assessed_day": d, "overall_response": w} for p, d, w in given_on]
    tables = study_tables(patients=[{"patient_id": "A"}, {"patient_id": "B"}], assessments=assessments)

    reasons = reasons_of(tables, response={"source": "assessments"})

    found = {r["patient_id"]: r["rule"] for r in reasons if r["label"] == "confirmed_response"}
    assert "; PR on 2020-04-08 after a CR, which is progression (footnote a)" in found["A"]
    assert "; PD on 2020-04-08, and no response before it that counts" in found["B"]
    assert untrue(tables, reasons) == []


def test_the_checker_sees_a_wrong_word_number_date_or_row(tmp_path):
    """So that its silence means something: each reason with one thing changed."""
    tables, protocol = demo(6, tmp_path)
    cutoff = protocol.study.data_cutoff
    reasons = reasons_of(tables, study=protocol.study, progression={"preset": "huang2025"})

    def wrong(change, **where: str) -> int:
        changed = [r | change(r) if all(w in (r[c] or "") for c, w in where.items()) else r for r in reasons]
        assert changed != reasons
        return len(untrue(tables, changed, cutoff))

    assert wrong(lambda r: {"rule": r["rule"].replace("sum ", "sum 1")}, rule="sum ")
    assert wrong(lambda r: {"rule": r["rule"].replace("nadir ", "nadir 1")}, rule="nadir ")
    assert wrong(lambda r: {"rule": r["rule"].replace("on 20", "on 19")}, label="best_response", rule="on 20")
    assert wrong(
        lambda r: {"rule": r["rule"].replace("first progression", "death without progression")},
        label="pfs",
        rule="first progression",
    )
    assert wrong(
        lambda r: {
            "rule": "no event: censored at the last adequate assessment" + r["rule"][r["rule"].rindex("; ") :]
        },
        label="pfs",
        rule="no adequate",
    )
    assert wrong(lambda r: {"source_rows": None}, label="progressed_on")
    assert wrong(
        lambda r: {"source_rows": (r["source_rows"] or "").rpartition(";")[0]},
        label="progressed_on",
        rule="sum ",
    )
    assert wrong(
        lambda r: {"value": "primary" if r["value"] == "acquired" else "acquired"}, label="resistance"
    )
    assert wrong(
        lambda r: {"value": "systemic" if r["value"] == "oligoprogression" else "oligoprogression"},
        label="pattern",
    )
    assert wrong(lambda r: {"rule": r["rule"].replace("days", "weeks")}, label="os")
    assert isinstance(cutoff, date)

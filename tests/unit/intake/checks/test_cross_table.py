"""Rules between tables: dates in an impossible order, days in place of dates."""

from __future__ import annotations

from datetime import date

import pytest

from oligoscope.clinical.responses import given_responses
from oligoscope.intake.rules import RULES


@pytest.mark.parametrize(
    ("columns", "values", "rule"),
    [
        ("birth_date", "2020-01-10", "birth_after_start"),
        ("died_on", "2020-01-09", "start_after_death"),
        ("died_on | last_dose_on", "2020-09-01 | 2020-09-02", "alive_after_death"),
        ("died_on | last_known_alive_on", "2020-09-01 | 2020-09-02", "alive_after_death"),
        ("clinical_progression_on", "2020-01-09", "progression_before_start"),
    ],
)
def test_impossible_dates_take_the_patient_out(check, columns, values, rule):
    checked = check(
        patients=f"patient_id | treatment_started_on | {columns}\nP1 | 2020-01-10 | {values}\nP2 | 2020-02-10 | {'|' * columns.count('|')}\n"
    )

    assert rule in checked.rules
    assert RULES[rule].grade == "quarantine"
    assert checked.column("patients", "patient_id") == ["P2"]


def test_death_on_the_day_of_the_last_record_is_possible(check):
    checked = check(
        patients="""
            patient_id | treatment_started_on | died_on    | last_dose_on | last_known_alive_on
            P1         | 2020-01-10           | 2020-03-01 | 2020-03-01   | 2020-03-01
            P2         | 2020-02-10           |            |              | 2020-04-01
        """
    )

    assert checked.issues.items == ()


def test_a_scan_after_death_is_left_out_and_one_after_last_contact_is_listed(check):
    checked = check(
        patients="""
            patient_id | treatment_started_on | died_on    | last_known_alive_on
            P1         | 2020-01-10           | 2020-02-20 |
            P2         | 2020-02-10           |            | 2020-03-15
        """
    )

    assert checked.found("row_after_death") == [("measurements.csv", 3, "assessed_on", "2020-03-01")]
    assert checked.found("alive_before_assessment") == [
        ("patients.csv", 3, "last_known_alive_on", "2020-03-15")
    ]
    assert checked.column("measurements", "source_row") == [2, 4, 5]


def test_treatments_and_progressions_in_an_impossible_order(check):
    checked = check(
        treatments="""
            patient_id | line | started_on | ended_on   | progressed_on
            P1         | 1    | 2020-01-10 | 2020-01-09 |
            P1         | 2    | 2020-09-10 |            | 2020-09-01
            P2         | 1    | 2020-02-10 | 2021-01-02 |
            P2         | 2    | 2020-08-10 | 2020-12-31 | 2020-12-01
        """,
        progressions="patient_id | progressed_on\nP1 | 2020-01-01\nP2 | 2021-06-01\n",
    )

    assert [row for _, row, _, _ in checked.found("treatment_out_of_order")] == [2]
    assert sorted(checked.found("progression_before_start")) == [
        ("progressions.csv", 2, "progressed_on", "2020-01-01"),
        ("treatments.csv", 3, "progressed_on", "2020-09-01"),
    ]
    assert sorted(checked.found("row_after_death")) == [
        ("progressions.csv", 3, "progressed_on", "2021-06-01"),
        ("treatments.csv", 4, "ended_on", "2021-01-02"),
    ]
    assert (
        checked.tables.patients.height == 0
    )  # without the progression the patient would seem not to have one


def test_days_stand_in_for_dates(check):
    days = "patient_id | lesion_id | assessed_day | diameter_mm\nP1 | L1 | -9 | 50\nP1 | L1 | 51 | 30\nP2 | L1 | -9 | 41\n"

    checked = check(measurements=days)

    assert checked.issues.items == ()
    assert checked.column("measurements", "assessed_on") == [
        date(2020, 1, 1),
        date(2020, 3, 1),
        date(2020, 2, 1),
    ]
    assert {"assessed_on", "assessed_day"} <= checked.tables.given["measurements"]


def test_without_a_start_days_count_from_an_anchor_with_one_warning(check):
    checked = check(
        patients="patient_id | died_day | birth_date\nP1 | 300 | 2005-01-01\nP2 | |\n",
        measurements="patient_id | lesion_id | assessed_day | diameter_mm\nP1 | L1 | -9 | 50\nP2 | L1 | -9 | 41\n",
    )

    assert [i.rule for i in checked.issues] == ["days_from_anchor"]
    assert checked.column("patients", "treatment_started_on") == [date(2001, 1, 1)] * 2
    assert checked.column("patients", "died_day") == [300, None]
    assert checked.column("measurements", "assessed_on") == [date(2000, 12, 23)] * 2


def test_a_date_that_disagrees_with_its_day_or_has_no_start_is_a_finding(check):
    both = "patient_id | lesion_id | assessed_on | assessed_day | diameter_mm\nP1 | L1 | 2020-01-01 | -9 | 50\nP2 | L1 | 2020-02-01 | 9 | 41\n"

    assert check(measurements=both).found("date_and_day_disagree") == [
        ("measurements.csv", 3, "assessed_day", "9")
    ]
    unstarted = "patient_id | died_on\nP1 | 2021-01-01\nP2 |\n"
    days = "patient_id | lesion_id | assessed_day | diameter_mm\nP1 | L1 | -9 | 50\nP2 | L1 | 9 | 41\n"
    assert check(patients=unstarted, measurements=days).found("date_without_start") == [
        ("patients.csv", 2, "died_on", "2021-01-01")
    ]


def test_a_patient_with_scans_and_no_start_is_said(check):
    checked = check(
        patients="patient_id | treatment_started_on | last_known_alive_on\nP1 | 2020-01-10 | 2021-01-10\nP2 | |\n"
    )

    assert [(i.rule, i.patient_id) for i in checked.issues] == [("start_unknown", "P2")]
    assert checked.column("measurements", "assessed_day") == [-9, 51, None, None]


ASSESSED = """
    patient_id | assessed_on | overall_response
    P1         | {day}       | PD
    P1         | 2020-03-01  | SD
"""


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2020-01-05", "5 days before treatment start"),
        ("2020-01-10", "on the day of treatment start"),
        ("2020-01-11", None),
    ],
)
def test_a_response_before_the_start_is_listed_and_is_no_response(check, day, expected):
    checked = check(assessments=ASSESSED.format(day=day))

    found = [i for i in checked.issues if i.rule == "assessment_before_start"]
    assert [(i.row, i.patient_id, i.value, i.expected.en) for i in found] == (
        [] if expected is None else [(2, "P1", day, expected)]
    )
    responses = given_responses(checked.tables, None)
    assert responses["overall_response"].to_list() == (["SD"] if expected else ["PD", "SD"])


def test_starts_and_rows_after_the_cutoff_are_listed(check):
    checked = check(settings={"study": {"data_cutoff": date(2020, 2, 5)}})

    assert checked.found("start_after_cutoff") == [("patients.csv", 3, "treatment_started_on", "2020-02-10")]
    assert checked.found("row_after_cutoff") == [("measurements.csv", 3, "assessed_on", "2020-03-01")]
    assert check().issues.items == ()


def test_a_later_line_before_the_start_is_listed(check):
    checked = check(
        treatments="""
            patient_id | line | regimen  | started_on | ended_on
            P1         | 1    | chemo_io | 2020-01-09 | 2020-03-01
            P1         | 2    | chemo    | 2019-03-02 |
        """
    )

    assert checked.found("line_before_start") == [("treatments.csv", 3, "started_on", "2019-03-02")]


@pytest.mark.parametrize(
    ("dates", "apart"),
    [
        ("2020-01-01 2020-02-20 2020-04-01 2020-05-13", None),
        ("2020-01-01 2020-02-20 2021-04-01 2020-05-13", "2021-04-01"),
        ("2020-01-01 2020-02-20 2019-04-01 2020-05-13", "2019-04-01"),
        ("2020-01-01 2021-02-20", "2021-02-20"),
        ("2019-01-02 2020-02-20", "2019-01-02"),
        ("2018-01-02 2020-01-02 2020-02-20", None),
        ("2020-01-01 2020-02-20 2020-08-01", None),
    ],
)
def test_a_scan_date_with_the_year_one_off_stands_apart(check, dates, apart):
    rows = "".join(f"    P1 | L1 | {day} | 50\n" for day in dates.split())
    checked = check(
        measurements="    patient_id | lesion_id | assessed_on | diameter_mm\n"
        + rows
        + "    P2 | L1 | 2020-02-01 | 41.0\n"
    )

    found = [(value, checked_row) for _, checked_row, _, value in checked.found("date_stands_apart")]
    assert found == ([] if apart is None else [(apart, dates.split().index(apart) + 2)])

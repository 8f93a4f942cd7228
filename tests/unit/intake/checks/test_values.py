"""One cell to one value, or a fault; never a guess."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from oligoscope.intake.checks.values import Fault, micrometres, parser
from oligoscope.study.schemas import ASSESSMENTS, LESIONS, MEASUREMENTS, PATIENTS

DIAMETER = MEASUREMENTS.column("diameter_mm")
DATE = MEASUREMENTS.column("assessed_on")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12.5", "12.5"),
        ("0", "0"),
        ("1.", "1"),
        (".5", "0.5"),
        ("+3", "3"),
        ("2.87E1", "28.7"),
        ("400", "400"),
    ],
)
def test_a_number_is_read_exactly(text, value):
    assert parser(DIAMETER)(text) == Decimal(value)


@pytest.mark.parametrize(
    "text", ["12..5", "5 kg", "5-", "1 2", "inf", "?", "twelve", "1e", "一", "mm", "5 mm cm"]
)
def test_what_is_no_number_is_never_guessed(text):
    fault = parser(DIAMETER)(text)

    assert isinstance(fault, Fault)
    assert not fault.out_of_range
    assert fault.expected.en == "must be a number from 0 to 400"


@pytest.mark.parametrize("text", ["-8", "400.1", "4000", "1e300"])
def test_a_length_outside_its_range_is_distinguished(text):
    fault = parser(DIAMETER)(text)

    assert isinstance(fault, Fault)
    assert fault.out_of_range


@pytest.mark.parametrize(
    ("mm", "um"), [("28.7", 28700), ("0.0005", 1), ("28.700000000000003", 28700), ("41.0", 41000)]
)
def test_a_length_is_kept_in_whole_micrometres(mm, um):
    assert micrometres(Decimal(mm)) == um


def test_a_whole_number_may_be_written_with_a_point_and_not_with_a_part():
    ecog = parser(PATIENTS.column("ecog"))

    assert (ecog("1"), ecog("1.0")) == (1, 1)
    assert isinstance(ecog("1.5"), Fault)


def test_a_percent_sign_is_read_where_the_column_is_in_percent():
    assert parser(PATIENTS.column("pd_l1_tps"))("50%") == 50
    assert isinstance(parser(DIAMETER)("50%"), Fault)


@pytest.mark.parametrize(
    "text",
    [
        "2020-03-04",
        "2020-3-4",
        "2020/3/4",
        "2020.3.4",
        "2020年3月4日",
        "2020年03月04",
        "20200304",
        "2020-03-04 10:30:00",
        "2020-03-04T10:30:00Z",
        "2020/3/4 0:00",
    ],
)
def test_a_date_is_read_as_people_write_it(text):
    assert parser(DATE)(text) == date(2020, 3, 4)


@pytest.mark.parametrize(
    "text",
    [
        "2020-13-40",
        "2020-02-30",
        "03/04/2020",
        "4.3.2020",
        "2020-03",
        "2020",
        "43894",
        "0202-03-04",
        "2220-03-04",
        "2020-3/4",
        "March 2020",
        "3月4日",
    ],
)
def test_what_is_no_date_is_never_guessed(text):
    assert isinstance(parser(DATE)(text), Fault)


@pytest.mark.parametrize(
    ("day_zero", "expected"), [("1899-12-30", date(2020, 3, 4)), ("1904-01-01", date(2024, 3, 5))]
)
def test_a_serial_date_counts_from_the_workbooks_day_zero(day_zero, expected):
    assert parser(DATE)(f"serial since {day_zero} 43894") == expected


@pytest.mark.parametrize(
    ("column", "text", "level"),
    [
        (PATIENTS.column("sex"), "Male", "male"),
        (PATIENTS.column("sex"), "男", "male"),
        (PATIENTS.column("histology"), "腺癌", "adenocarcinoma"),
        (PATIENTS.column("stage"), "iva", "IVA"),
        (PATIENTS.column("pd_l1"), "1%~49%", "1-49%"),
        (PATIENTS.column("pd_l1"), "1–49%", "1-49%"),
        (PATIENTS.column("pd_l1"), "≥50%", ">=50%"),
        (LESIONS.column("role"), "Non-Target", "non_target"),
        (LESIONS.column("role"), "non target", "non_target"),
        (ASSESSMENTS.column("overall_response"), "non-CR/non-PD", "NON_CR_NON_PD"),
        (LESIONS.column("organ"), "Left Toe", "Left Toe"),  # places are read once the table is typed
    ],
)
def test_a_level_is_known_by_our_word_or_its_printed_name(column, text, level):
    assert parser(column)(text) == level


def test_an_unknown_level_says_what_is_allowed():
    fault = parser(PATIENTS.column("sex"))("femal")

    assert isinstance(fault, Fault)
    assert fault.expected.en == "must be Male, Female; nearest: Female, Male"
    assert fault.expected.zh == "应为 男（male）、女（female）；最接近：女（female）、男（male）"


@pytest.mark.parametrize(
    ("text", "value"), [("yes", True), ("No", False), ("TRUE", True), ("0", False), ("是", True)]
)
def test_yes_and_no(text, value):
    assert parser(LESIONS.column("is_primary"))(text) is value


@pytest.mark.parametrize("text", ["#DIV/0!", "#N/A", "#REF!", "=A1*2"])
def test_an_error_or_an_uncalculated_formula_is_a_fault_in_any_column(text):
    for column in (
        DIAMETER,
        DATE,
        PATIENTS.column("sex"),
        PATIENTS.column("diagnosis"),
        PATIENTS.column("patient_id"),
    ):
        assert isinstance(parser(column)(text), Fault)

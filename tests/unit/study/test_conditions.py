"""The language of eligibility rules."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from oligoscope.study.conditions import ConditionError, parse_condition

PATIENTS = pl.DataFrame(
    {
        "age_years": [17.0, 18.0, 80.0, None],
        "stage": ["IIIC", "IV", "IB", None],
        "progressed": [True, False, None, True],
        "pd_l1": ["<1%", "1-49%", ">=50%", None],
        "treatment_started_on": [date(2020, 1, 1), date(2020, 6, 1), None, date(2021, 1, 1)],
        "site": ["5", "x", None, "7"],
    }
)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("age_years >= 18", [False, True, True, None]),
        ("age_years >= 18 and age_years < 80", [False, True, False, None]),
        ("not age_years >= 18", [True, False, False, None]),
        ("stage in [IIIC, IV]", [True, True, False, None]),
        ("stage not in [IIIC, IV]", [False, False, True, None]),
        ("stage == IB or age_years == 17", [True, False, True, None]),
        ("stage != 'IB'", [True, True, False, None]),
        ('pd_l1 == ">=50%"', [False, False, True, None]),
        ('pd_l1 in ["<1%", "1-49%"]', [True, True, False, None]),
        ("progressed == yes", [True, False, None, True]),
        ("progressed != yes", [False, True, None, False]),
        ("treatment_started_on < 2020-06-01", [True, False, None, False]),
        ("site > 4", [True, None, None, True]),
        ("age_years in [17, 80]", [True, False, True, None]),
        ("not (stage == IV or stage == IB) and age_years > 10", [True, False, False, None]),
    ],
)
def test_a_condition_keeps_the_patients_it_describes(condition, expected):
    assert PATIENTS.select(parse_condition(condition).to_expr()).to_series().to_list() == expected


def test_unknown_follows_the_three_valued_logic_of_sql():
    """Unknown and false is false; unknown or true is true."""
    frame = pl.DataFrame({"a": [None], "b": [1]}, schema={"a": pl.Int32, "b": pl.Int32})

    def value(text):
        return frame.select(parse_condition(text).to_expr()).item()

    assert value("a == 1 and b == 2") is False
    assert value("a == 1 or b == 1") is True
    assert value("a == 1 and b == 1") is None
    assert value("not a == 1") is None


def test_and_binds_closer_than_or():
    frame = pl.DataFrame({"a": [1], "b": [2], "c": [3]})
    assert frame.select(parse_condition("a == 1 or b == 9 and c == 9").to_expr()).item() is True


def test_a_condition_names_its_columns():
    assert parse_condition("a == 1 and (b in [x] or not c < 2020-01-01)").columns == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("condition", "why"),
    [
        ("", "empty"),
        ("age_years = 18", "equality is written =="),
        ("age_years >=", "the condition is incomplete"),
        ("18 <= age_years", "the left side must be a column name"),
        ("stage >= IIIC", "can be used with a number"),
        ("stage in IIIC", "[ is missing"),
        ("stage in [IIIC, IV", "] is missing before the end"),
        ("(age_years > 1", ") is missing"),
        ("age_years > 1 stage == IV", "stage is not expected here"),
        ("treatment_started_on > 2020-13-40", "not a calendar date"),
        ("pd_l1 == 50%", "in quotes"),
        ("age_years ~ 5", "cannot read"),
        ("and", "the left side must be a column name"),
        ("__import__('os').system('x')", "after __import__ one of"),
    ],
)
def test_what_is_no_condition_is_refused_with_the_reason(condition, why):
    with pytest.raises(ConditionError) as caught:
        parse_condition(condition)
    assert why in caught.value.text.en
    assert caught.value.text.zh

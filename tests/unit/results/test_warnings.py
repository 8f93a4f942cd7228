"""Warnings as values: each code has its sentence and its values, and the text of results.csv gives the value back."""

from __future__ import annotations

import pickle
from string import Formatter

import pytest

from oligoscope.results.warnings import (
    NO_WARNING,
    WarningCode,
    join,
    of_error,
    of_statistics,
    read_warnings,
)
from oligoscope.stats.doubts import Doubt, Remark

VALUES = ("HER2/neu", "a b", "x=y", "a; b", "50%", "a, b", "largest=3", "pd_l1", "%20", "(column 1)", "∞")


def made(code: WarningCode, value: object = "5", of_columns: str = ""):
    return code(of_columns=of_columns, **dict.fromkeys(code.names, value))


@pytest.mark.parametrize("code", WarningCode)
def test_both_sentences_name_the_same_values(code):
    for text in (code.text.zh, code.text.en):
        assert {name for _, name, _, _ in Formatter().parse(text) if name} == code.names
    assert code.text.zh != code.text.en


@pytest.mark.parametrize("code", WarningCode)
def test_a_value_too_few_or_too_many_is_refused(code):
    with pytest.raises(ValueError, match="needs"):
        code(**dict.fromkeys(code.names, 1), beside=1)
    for name in code.names:
        with pytest.raises(ValueError, match="needs"):
            code(**dict.fromkeys(code.names - {name}, 1))


@pytest.mark.parametrize("code", WarningCode)
def test_the_text_gives_the_value_back(code):
    for value in (*VALUES, ("a, b", "c")):
        for columns in ("", "1, 2"):
            warning = join(made(code, value, columns), WarningCode.NO_CALIPER())

            assert read_warnings(str(warning)).parts == warning.parts
            assert pickle.loads(pickle.dumps(warning)).parts == warning.parts


@pytest.mark.parametrize("text", ["no_pears", "too_few_events", "no_pairs n=3", "no_pairs or so"])
def test_a_text_that_is_no_warning_is_refused(text):
    with pytest.raises(ValueError, match=r"no warning|needs"):
        read_warnings(text)


@pytest.mark.parametrize("doubt", Doubt)
def test_every_doubt_of_a_method_is_a_warning(doubt):
    code = WarningCode(doubt.value)

    assert of_statistics(Remark.of(doubt, **dict.fromkeys(code.names, 5))).has(code)


def test_a_reason_is_given_once():
    assert join(WarningCode.NO_PAIRS(), NO_WARNING, WarningCode.NO_PAIRS()) == "no_pairs"
    assert of_error("") == of_statistics(None) == NO_WARNING == ""


def test_a_variable_is_named_as_the_tables_name_it():
    found = WarningCode.UNBALANCED(variable="pd_l1", largest="inf", limit=0.1).printed

    assert "∞ for PD-L1 expression, limit 0.1" in found.en
    assert "PD-L1 表达的 |SMD| 为 ∞" in found.zh


def test_several_names_are_listed():
    found = WarningCode.PREDICTORS_LEFT_OUT(names=("a, b", "c"))

    assert found == "predictors_left_out names=a%2C%20b,c"
    assert found.printed.en.endswith("variables that repeat others: a, b, c")

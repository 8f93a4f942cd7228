"""Methods as values: each part has its words and its values, and the text of results.csv gives the value back."""

from __future__ import annotations

import pickle
from string import Formatter

import pytest

from oligoscope.results.methods import NO_METHOD, Method, MethodPart, Step, one_of, read_method
from oligoscope.stats.comparison.test_result import TestName

REPORTED = (
    TestName.CHI_SQUARE, TestName.FISHER, TestName.STUDENT_T, TestName.WELCH_T, TestName.MANN_WHITNEY, TestName.ANOVA,
    TestName.WELCH_ANOVA, TestName.KRUSKAL_WALLIS, TestName.COCHRAN_ARMITAGE,
)  # fmt: skip


def made(part: MethodPart) -> Step:
    return part(**dict.fromkeys(part.names, "1e-07"))


@pytest.mark.parametrize("part", MethodPart)
def test_words_in_both_languages_name_the_same_values(part):
    for text in (part.text.zh, part.text.en):
        assert {name for _, name, _, _ in Formatter().parse(text) if name} == part.names


@pytest.mark.parametrize("part", MethodPart)
def test_a_value_too_few_or_too_many_is_refused(part):
    with pytest.raises(ValueError, match="needs"):
        part(**dict.fromkeys(part.names, 1), beside=1)
    if part.names:
        with pytest.raises(ValueError, match="needs"):
            part()


@pytest.mark.parametrize("part", MethodPart)
def test_the_text_gives_the_value_back(part):
    for other in MethodPart:
        for method in (
            Method(made(part), made(other)),
            Method(made(part), Step(other, made(other).values, True)),
        ):
            assert read_method(str(method)).steps == method.steps
    assert pickle.loads(pickle.dumps(Method(made(part)))).steps == (made(part),)


@pytest.mark.parametrize("text", ["Cocks", "Cox,Efron ties", "Cox, Efron ties, by hand", "t of "])
def test_a_text_that_is_no_method_is_refused(text):
    with pytest.raises(ValueError, match="no part"):
        read_method(text)


@pytest.mark.parametrize("name", REPORTED)
def test_every_test_that_compares_groups_is_a_part(name):
    assert MethodPart(name.value) == name


def test_tests_that_differ_between_imputations_are_named_with_or():
    chi_square, fisher = Method(MethodPart.CHI_SQUARE), Method(MethodPart.FISHER)

    found = one_of(chi_square, fisher, chi_square).plus(MethodPart.MEDIAN_P)

    assert found == "chi-square or Fisher exact, median P over imputations"
    assert "或 Fisher 精确检验，取各插补数据集" in found.printed.zh
    assert found.has(MethodPart.FISHER)
    assert not found.without(*MethodPart)
    assert Method() == NO_METHOD == ""

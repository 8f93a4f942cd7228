"""Warnings as sentences: every word that has one is written somewhere, and words of the user's come through."""

from __future__ import annotations

from pathlib import Path

import pytest

import oligoscope
from oligoscope.results.warnings import WARNINGS, in_warning, reason

SOURCES = {
    path: path.read_text(encoding="utf-8")
    for path in Path(oligoscope.__file__).parent.rglob("*.py")
    if path.name != "withheld.py"
}


@pytest.mark.parametrize("word", WARNINGS)
def test_a_warning_that_has_a_sentence_is_given_by_some_code(word):
    assert any(f'"{word}' in text for text in SOURCES.values())


@pytest.mark.parametrize(
    "name", ["HER2/neu", "a b", "x=y", "a; b", "50%", "a, b", "largest=3", "pd_l1", "%20"]
)
def test_a_variable_of_any_name_comes_through_a_warning(name):
    found = reason(f"unbalanced variable={in_warning(name)} largest=0.213 limit=0.1; no_caliper")

    assert f"a level of {'PD-L1 expression' if name == 'pd_l1' else name} is 0.213, the limit 0.1" in found.en
    assert found.en.endswith("pairs may lie far apart")


def test_several_names_are_listed():
    found = reason(f"predictors_left_out names={','.join(map(in_warning, ('a, b', 'c')))}")

    assert found.en.endswith("variables that repeat others: a, b, c")

"""Of how many variables an interaction was tested, in sentences for one and for several."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from oligoscope.questions.subgroups.words import subgroups_paragraph
from oligoscope.results.analyses import SUBGROUPS
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from unit.stored_results import stored

KEYS: dict[str, Any] = {"analysis": SUBGROUPS, "population": "progressed", "outcome": "pps"}


def said(values: list[float]) -> tuple[str, str]:
    """The words where so many variables have these P."""
    tests = [e for e in stored().find(**KEYS, statistic=Statistic.P_VALUE_INTERACTION) if e.value is not None]
    rows = [replace(e, value=p) for e, p in zip(tests, values, strict=False)]
    found = subgroups_paragraph(Results(tuple(rows)), "progressed", "pps")
    assert found is not None
    return found.text.en, found.text.zh


@pytest.mark.parametrize(
    ("values", "en", "zh"),
    [
        ([0.6], "The only variable tested, ", "仅检验了"),
        ([0.6, 0.7], "Of the 2 variables tested, none had a statistically", "检验的 2 个变量与分组对"),
        ([0.01], "The only variable tested, ", "仅检验了"),
        ([0.01, 0.7], "Of the 2 variables tested, these had a statistically", "检验的 2 个变量中，"),
    ],
)
def test_one_variable_and_several(values, en, zh):
    found = said(values)

    assert found[0].startswith(en)
    assert found[1].startswith(zh)
    assert ("had no statistically" in found[0]) == (values == [0.6])
    assert ("无统计学意义" in found[1]) == (min(values) > 0.05)
    assert "little power" in found[0] or min(values) < 0.05

"""Sentences where there is one other definition, and where one baseline variable was tested."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from oligoscope.questions.baseline.words import baseline_paragraph
from oligoscope.questions.definitions.resistance_words import resistance_paragraph
from oligoscope.results.analyses import BASELINE, RECLASSIFICATION
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic
from unit.stored_results import row, stored


def test_the_one_other_definition_is_not_counted():
    kept = {"huang2025", "sitc_2023_ici_chemo"}
    rows = (e for e in stored().find(analysis=RECLASSIFICATION, outcome="resistance") if e.group in kept)
    found = resistance_paragraph(Results(tuple(rows)), "progressed", "huang2025")

    assert found is not None
    assert found.text.en.endswith(" by the other definition: SITC 2023 (ICI plus chemotherapy).")
    assert "另一种定义，即 SITC 2023（免疫联合化疗），所得继发性耐药的比例为" in found.text.zh


def test_the_one_variable_that_was_tested_is_not_counted():
    keys: dict[str, Any] = {"population": "progressed", "outcome": "pattern", "variable": "sex"}
    test = row(analysis=BASELINE, statistic=Statistic.P_VALUE, **keys)

    said = [
        baseline_paragraph(Results((replace(test, value=p),)), "progressed", "pattern") for p in (0.01, 0.5)
    ]

    first, second = (paragraph.text for paragraph in said if paragraph is not None)
    assert first.en.startswith("The only baseline variable tested had a statistically significant difference")
    assert first.zh.startswith("仅检验了一个基线变量，组间差异有统计学意义（*P*<0.05）：")
    assert second.en.startswith("The only baseline variable tested had no statistically significant")
    assert second.zh == "仅检验了一个基线变量，组间差异无统计学意义（*P*≥0.05）。"

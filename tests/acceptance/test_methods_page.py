"""docs/methods.md explains every name that stands in results.csv."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from acceptance.commands import ROOT
from oligoscope.demo.cohort import make_cohort, write_cohort
from oligoscope.pipeline import run_study
from oligoscope.questions.registry import QUESTIONS
from oligoscope.results.statistics import Statistic
from oligoscope.workflow import check_study

PAGE = (ROOT / "docs" / "methods.md").read_text(encoding="utf-8")
EXPLAINED = {
    name for row in re.findall(r"^\| (`[^|]*`) \|", PAGE, re.M) for name in re.findall(r"`(\w+)`", row)
}


def in_a_demo_run(column: str, folder: Path) -> set[str]:
    study = write_cohort(make_cohort(20250408, 200), folder)
    checked = check_study(study)
    return set(run_study(checked.protocol, checked.tables).results.frame()[column])


ONLY_IN_PAPERS = {Statistic.PERCENT_OF_ALL, Statistic.N_PERCENT}
ONLY_AT_MONTHS = {Statistic.SURVIVAL}
DECLARED: dict[str, set[str]] = {
    "analysis": {question.kind for question in QUESTIONS},
    "statistic": set(Statistic) - ONLY_IN_PAPERS - ONLY_AT_MONTHS,
}


@pytest.mark.parametrize("column", ["analysis", "statistic"])
def test_every_name_in_results_is_explained(column, tmp_path):
    names = in_a_demo_run(column, tmp_path) | DECLARED[column]

    assert len(names) > 15
    assert names - EXPLAINED == set()

"""docs/methods.md explains every name in results.csv."""

from __future__ import annotations

import re

import pytest

from acceptance.commands import ROOT
from oligoscope.checked_study import check_study
from oligoscope.demo.cohort import make_cohort, write_cohort
from oligoscope.pipeline import run_study
from oligoscope.questions.registry import QUESTIONS
from oligoscope.results.analyses import Analysis
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic, StatisticAt
from oligoscope.results.units import OwnUnit, Unit

PAGE = (ROOT / "docs" / "methods.md").read_text(encoding="utf-8")
EXPLAINED = {
    name for row in re.findall(r"^\| (`[^|]*`) \|", PAGE, re.M) for name in re.findall(r"`(\w+)`", row)
}


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> Results:
    study = write_cohort(make_cohort(20250408, 200), tmp_path_factory.mktemp("study"))
    checked = check_study(study)
    return run_study(checked.protocol, checked.tables).results


ONLY_IN_PAPERS = {Statistic.PERCENT_OF_ALL, Statistic.N_PERCENT}
ONLY_AT_MONTHS = {Statistic.SURVIVAL, Statistic.SURVIVAL_DIFFERENCE}
DECLARED: dict[str, set[str]] = {
    "analysis": {str(question.kind) for question in QUESTIONS},
    "statistic": {str(s) for s in set(Statistic) - ONLY_IN_PAPERS - ONLY_AT_MONTHS},
}


@pytest.mark.parametrize("column", ["analysis", "statistic"])
def test_every_name_in_results_is_explained(column, results):
    names = set(results.frame()[column]) | DECLARED[column]

    assert len(names) > 15
    assert names - EXPLAINED == set()


def test_every_number_of_a_run_has_typed_keys(results):
    for e in results.estimates:
        assert isinstance(e.analysis, Analysis), e
        assert isinstance(e.statistic, Statistic | StatisticAt), e
        assert not e.unit or isinstance(e.unit, Unit | OwnUnit), e
        fixed = e.statistic.family.unit
        assert fixed is None or e.value is None or e.unit == fixed, e

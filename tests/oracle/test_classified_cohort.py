"""A cohort with times in months, as a team holds it: every number of survival is R's on the months as written."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from oligoscope.checked_study import check_study
from oligoscope.pipeline import StudyRun, run_study
from oligoscope.results.analyses import SURVIVAL
from oligoscope.results.statistics import Statistic

HERE = Path(__file__).parent
CASES = json.loads((HERE / "classified.json").read_text(encoding="utf-8"))["cases"]
STUDY = """
study: {title: Months}
data: {cohort: classified.csv}
analyses:
  - {kind: survival, outcomes: [pfs, os, pps]}
  - {kind: survival, population: treated, by: sex, outcomes: [os]}
"""
GROUPS = {"oligo": "oligoprogression"}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> StudyRun:
    folder = tmp_path_factory.mktemp("months")
    shutil.copy(HERE / "classified.csv", folder)
    (folder / "study.yaml").write_text(STUDY, encoding="utf-8")
    checked = check_study(folder)
    return run_study(checked.protocol, checked.tables, checked.n_quarantined)


@pytest.mark.parametrize("name", CASES)
def test_survival_in_months_is_that_of_r(name: str, run: StudyRun, agrees):
    outcome, by = name.split("_by_")
    population, case = "treated" if by == "sex" else "progressed", CASES[name]
    rows = run.results.find(analysis=SURVIVAL, population=population, outcome=outcome)

    for group, r in case["groups"].items():
        own = {e.statistic: e for e in rows if e.group == GROUPS.get(group, group) and not e.variable}
        median = own[Statistic.MEDIAN]
        agrees(own[Statistic.EVENTS].value, r["events"])
        assert median.n == r["n"]
        for ours, theirs in ((median.value, r["median"]), (median.low, r["low"]), (median.high, r["high"])):
            agrees(ours, theirs)
            assert f"{ours:.1f}" == f"{theirs:.1f}"

    ratio = next(e for e in rows if e.statistic == Statistic.HAZARD_RATIO and not e.variable)
    first: str = next(iter(case["groups"]))
    flipped = str(ratio.group).startswith(GROUPS.get(first, first))
    expected = [case["second_over_first"], case["low"], case["high"]]
    agrees(
        [ratio.value, ratio.low, ratio.high],
        [1 / expected[0], 1 / expected[2], 1 / expected[1]] if flipped else expected,
    )
    log_rank = next(e for e in rows if e.statistic == Statistic.P_VALUE and e.variable == "log_rank")
    agrees(log_rank.value, case["p_value"])

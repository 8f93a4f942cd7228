"""A plan says what a run then gives and withholds, and compares nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from oligoscope.checked_study import Checked, check_study
from oligoscope.demo.cohort import make_cohort, write_cohort
from oligoscope.pipeline import StudyRun, run_study
from oligoscope.planning import TOGETHER, Plan, plan_study
from oligoscope.questions.registry import analysis_named
from oligoscope.results.analyses import MATCHING
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import WarningCode

MORE = """
matching: {covariates: [sex, stage, smoking]}
"""


def _checked(folder: Path, n: int, more: str = "") -> Checked:
    file = write_cohort(make_cohort(3, n), folder)
    file.write_text(file.read_text("utf-8") + more, encoding="utf-8")
    return check_study(folder)


def _planned(checked: Checked) -> Plan:
    return plan_study(checked.protocol, checked.tables, checked.n_quarantined)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    return _checked(tmp_path_factory.mktemp("small"), 24, MORE)


@pytest.fixture(scope="module")
def run(small: Checked) -> StudyRun:
    return run_study(small.protocol, small.tables, small.n_quarantined)


def test_the_outcomes_that_a_plan_withholds_have_no_ratio_in_the_run(small: Checked, run: StudyRun):
    checked = 0
    for planned in _planned(small).analyses:
        if planned.settings.kind not in {"survival", "weighting"} or len(planned.groups) != 2:
            continue
        gone = {name for name, _ in planned.parts}
        for outcome in planned.settings.outcomes:
            if planned.withheld or outcome in gone:
                keys = {
                    "analysis": analysis_named(planned.settings.kind),
                    "population": planned.settings.patients,
                }
                rows = run.results.find(**keys, outcome=outcome, statistic=Statistic.HAZARD_RATIO)
                words = {str(g) for g, _ in planned.groups}
                own = [e for e in rows if words & set(str(e.group).split(" vs "))]
                assert all(e.value is None for e in own)
                checked += 1
    assert checked


def test_a_plan_of_complete_data_has_the_pairs_of_the_run(small: Checked, run: StudyRun):
    """Nothing is imputed here, so that the outcomes had no part in the run's matching either."""
    matching = _planned(small).matching

    found = run.results.find(analysis=MATCHING, statistic=Statistic.N_PAIRS)
    assert matching is not None
    assert matching.pairs == found[0].value


def test_pairs_do_not_depend_on_any_outcome(small: Checked):
    survival = {
        "died_on": pl.lit(None, pl.Date),
        "last_known_alive_on": pl.col("treatment_started_on") + pl.duration(days=900),
    }
    blind = replace(small.tables, patients=small.tables.patients.with_columns(**survival))

    assert plan_study(small.protocol, blind).matching == _planned(small).matching


def test_events_are_counted_only_of_all_patients(small: Checked):
    for planned in _planned(small).analyses:
        assert not (planned.settings.where and planned.events)


def test_too_few_patients_are_not_matched(tmp_path: Path):
    checked = _checked(tmp_path, 20, "\nmatching: {minimum_group: 15}\n")

    plan = _planned(checked)

    assert plan.matching is not None
    assert plan.matching.withheld.has(WarningCode.TOO_FEW_TO_MATCH)
    assert {a.status for a in plan.analyses if a.settings.population == "matched"} == {"withheld"}


def test_a_model_with_too_few_patients_for_its_columns_is_withheld_in_part(small: Checked):
    predictors = next(a for a in _planned(small).analyses if a.settings.kind == "predictors")

    assert predictors.status == "part"
    assert TOGETHER in dict(predictors.parts)

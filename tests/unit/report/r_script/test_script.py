"""analysis.R is made of what was run: its functions, its calls, and the files it reads."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from oligoscope.checked_study import check_study
from oligoscope.demo.cohort import make_cohort, write_cohort
from oligoscope.engines.written_tables import MORE_OF_PATIENTS
from oligoscope.pipeline import StudyRun, run_study
from oligoscope.report.r_script.script import covariates, drawn_values, r_script
from oligoscope.study.protocol import AnalysisSettings
from oligoscope.study.schemas import PATIENTS_OUT

FUNCTIONS = (
    "survival_by_group", "survival_after_matching", "from_landmarks", "predictors_of", "table_1_test", "survival_weighted", "survival_under_definitions",
)  # fmt: skip
ANALYSES: dict[str, dict[str, Any]] = {
    "survival": {"kind": "survival", "outcomes": ["os"]},
    "men": {"kind": "survival", "outcomes": ["pps"], "by": "smoking", "where": {"sex": "male"}, "reference": "ever"},
    "nobody": {"kind": "survival", "outcomes": ["os"], "where": {"sex": "nobody"}},
    "matched": {"kind": "survival", "outcomes": ["os"], "population": "matched"},
    "landmark": {"kind": "landmark", "population": "treated"},
    "tests": {"kind": "baseline", "variables": ["sex", "diagnosis"]},
    "tests of sets": {"kind": "baseline", "variables": ["sex"], "population": "matched"},
    "predictors": {"kind": "predictors", "variables": ["sex", "pd_l1"]},
    "weights": {"kind": "weighting", "outcomes": ["os"]},
    "definitions": {"kind": "reclassification"},
    "sites": {"kind": "sites"},
}  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> StudyRun:
    """A run of all of them, imputed twice and matched without a caliper."""
    checked = check_study(write_cohort(make_cohort(11, 40), tmp_path_factory.mktemp("script") / "study"))
    protocol = checked.protocol
    update = {
        "analyses": tuple(AnalysisSettings.model_validate(a) for a in ANALYSES.values()),
        "imputation": protocol.imputation.model_copy(update={"m": 2}),
        "matching": protocol.matching.model_copy(update={"caliper": None}),
    }
    return run_study(protocol.model_copy(update=update), checked.tables)


def asking(run: StudyRun, *names: str) -> StudyRun:
    """The run as if only these analyses had been asked for."""
    settings = tuple(AnalysisSettings.model_validate(ANALYSES[name]) for name in names)
    return replace(run, protocol=run.protocol.model_copy(update={"analyses": settings}))


def calls_in(code: str) -> set[str]:
    """The functions that the analyses call."""
    calls = code.split("# ---- the analyses of this study ----")[1]
    return {name for name in FUNCTIONS if f"\n{name}(" in calls}


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("survival", "survival_by_group"),
        ("matched", "survival_after_matching"),
        ("landmark", "from_landmarks"),
        ("tests", "table_1_test"),
        ("tests of sets", "table_1_test"),
        ("predictors", "predictors_of"),
        ("weights", "survival_weighted"),
        ("definitions", "survival_under_definitions"),
        ("sites", None),
        ("nobody", None),
    ],
)
def test_only_what_was_run_is_in_it(whole, name, function):
    code = r_script(asking(whole, name))
    defined = {name for name in FUNCTIONS if f"\n{name} <- function" in code}

    assert code.isascii()
    assert calls_in(code) == {function} - {None}
    assert defined == {function} - {None}


def test_a_function_is_defined_once_however_often_it_is_called(whole):
    code = r_script(whole)
    assert all(code.count(f"\n{name} <- function") == 1 for name in FUNCTIONS)
    assert calls_in(code) == set(FUNCTIONS)


def test_a_call_holds_the_settings_of_its_analysis(whole):
    code = r_script(asking(whole, "men"))
    call = " ".join(code.split("survival, progressed\n")[1].split("\n\n")[0].split())

    assert 'list(column = "sex", word = "male", number = FALSE)' in call
    assert '"progressed:male", "smoking", "pps", c("never", "ever"), pair = "never vs ever"' in call


def test_the_values_that_were_drawn_are_written_for_it(whole):
    drawn = drawn_values(whole)
    lacking = whole.cohort.population("progressed")["pd_l1"].null_count()

    assert set(drawn["variable"]) == {"pd_l1"}
    assert drawn.height == 2 * lacking > 0
    assert drawn["value"].null_count() == 0


def test_columns_that_patients_csv_does_not_hold_are_written_for_it(whole):
    written = {*PATIENTS_OUT, *MORE_OF_PATIENTS}
    assert covariates(whole, written).columns == ["patient_id", "diagnosis"]
    assert covariates(whole, {*written, "diagnosis"}).columns == ["patient_id"]
    assert covariates(asking(whole, "survival"), written).columns == ["patient_id"]

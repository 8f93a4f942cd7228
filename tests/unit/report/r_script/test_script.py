"""analysis.R is made of what was run: its functions, its calls, and the files it reads."""

from __future__ import annotations

from typing import Any

import pytest

from oligoscope.demo.cohort import make_cohort, write_cohort
from oligoscope.engines.written_tables import MORE_OF_PATIENTS
from oligoscope.pipeline import StudyRun, run_study
from oligoscope.report.r_script.script import covariates, drawn_values, r_script
from oligoscope.study.protocol import AnalysisSettings
from oligoscope.study.schemas import PATIENTS_OUT
from oligoscope.workflow import Checked, check_study

FUNCTIONS = (
    "survival_by_group", "survival_after_matching", "from_landmarks", "predictors_of", "table_1_test", "survival_weighted",
)  # fmt: skip


@pytest.fixture(scope="module")
def checked(tmp_path_factory) -> Checked:
    folder = tmp_path_factory.mktemp("script") / "study"
    return check_study(write_cohort(make_cohort(11, 40), folder))


def run(checked: Checked, *analyses: dict[str, Any]) -> StudyRun:
    """A run of these analyses, imputed twice and matched without a caliper."""
    settings = tuple(AnalysisSettings.model_validate(a) for a in analyses)
    imputation = checked.protocol.imputation.model_copy(update={"m": 2})
    matching = checked.protocol.matching.model_copy(update={"caliper": None})
    update = {"analyses": settings, "imputation": imputation, "matching": matching}
    return run_study(checked.protocol.model_copy(update=update), checked.tables)


def calls_in(code: str) -> set[str]:
    """The functions that the analyses call, not those that are defined."""
    calls = code.split("# ---- the analyses of this study ----")[1]
    return {name for name in FUNCTIONS if f"\n{name}(" in calls}


@pytest.mark.parametrize(
    ("analysis", "expected"),
    [
        ({"kind": "survival", "outcomes": ["os"]}, "survival_by_group"),
        ({"kind": "landmark", "population": "treated"}, "from_landmarks"),
        ({"kind": "baseline", "variables": ["sex"]}, "table_1_test"),
        ({"kind": "sites"}, None),
        ({"kind": "survival", "outcomes": ["os"], "where": {"sex": "nobody"}}, None),
    ],
)
def test_only_what_was_run_is_in_it(checked, analysis, expected):
    code = r_script(run(checked, analysis))
    defined = {name for name in FUNCTIONS if f"\n{name} <- function" in code}

    assert code.isascii()
    assert calls_in(code) == {expected} - {None}
    assert defined == {expected} - {None}


def test_a_call_holds_the_settings_of_its_analysis(checked):
    men = {
        "kind": "survival",
        "outcomes": ["pps"],
        "by": "smoking",
        "where": {"sex": "male"},
        "reference": "ever",
    }
    code = r_script(run(checked, men))
    call = " ".join(code.split("survival, progressed\n")[1].split("\n\n")[0].split())

    assert 'list(column = "sex", word = "male", number = FALSE)' in call
    assert '"progressed:male", "smoking", "pps", c("never", "ever"), pair = "never vs ever"' in call


def test_models_of_completed_cohorts_read_the_values_that_were_drawn(checked):
    found = run(
        checked,
        {"kind": "predictors", "variables": ["sex", "pd_l1"]},
        {"kind": "survival", "outcomes": ["os"], "population": "matched"},
    )
    drawn = drawn_values(found)
    lacking = found.cohort.population("progressed")["pd_l1"].null_count()

    assert calls_in(r_script(found)) == {"predictors_of", "survival_after_matching"}
    assert set(drawn["variable"]) == {"pd_l1"}
    assert drawn.height == 2 * lacking > 0
    assert drawn["value"].null_count() == 0


def test_columns_that_patients_csv_does_not_hold_are_written_for_it(checked):
    written = {*PATIENTS_OUT, *MORE_OF_PATIENTS}
    found = run(checked, {"kind": "baseline", "variables": ["sex", "diagnosis"]})
    assert covariates(found, written).columns == ["patient_id", "diagnosis"]
    assert covariates(found, {*written, "diagnosis"}).columns == ["patient_id"]

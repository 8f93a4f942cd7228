"""analysis.R is made of what was run: its functions, its calls, and the files it reads."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib.resources import files
from typing import Any

import polars as pl
import pytest

from oligoscope.checked_study import check_study
from oligoscope.demo.cohort import make_cohort, write_cohort
from oligoscope.engines.written_tables import MORE_OF_PATIENTS
from oligoscope.pipeline import StudyRun, run_study
from oligoscope.questions.registry import KINDS
from oligoscope.report.r_script.bundle import bundle_of, covariates, drawn_values, scores, weights
from oligoscope.report.r_script.script import SHARED, SURVIVAL_OF_SETS, r_script
from oligoscope.results.analyses import analysis_of
from oligoscope.results.results import Results
from oligoscope.study.protocol import AnalysisSettings
from oligoscope.study.schemas import PATIENTS_OUT

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


def functions_in(code: str) -> set[str]:
    """The kinds of analysis that the code has the functions of."""
    return set(re.findall(r"^ANALYSES\$(\w+) <- function", code, re.MULTILINE))


def test_only_what_was_run_is_in_it(whole):
    of_one = whole.results.find(analysis="survival")
    code = r_script(replace(asking(whole, "survival"), results=Results(tuple(of_one))))

    assert code.isascii()
    assert functions_in(code) == {"survival"}
    assert functions_in(r_script(whole)) == {a["kind"] for a in ANALYSES.values()}


def test_an_analysis_has_the_file_of_its_name():
    names = {
        path.name.removesuffix(".R")
        for path in files("oligoscope.report.r_script").iterdir()
        if path.name.endswith(".R")
    }

    assert all(analysis_of(name) for name in names - {*SHARED, SURVIVAL_OF_SETS})
    assert set(KINDS) - names == set()


def test_settings_are_as_study_yaml_has_them(whole):
    code = " ".join(r_script(asking(whole, "men")).split())

    assert (
        'kind = "survival", population = "progressed", patients = "progressed:male", by = "smoking"' in code
    )
    assert 'reference = "ever", where = list("sex" = "male"), outcomes = c("pps")' in code


def test_kinds_and_levels_of_columns_are_in_it(whole):
    code = r_script(whole)

    assert '"sex" = "text"' in code
    assert '"ecog" = "integer"' in code
    assert 'LEVELS[["smoking"]] <- c("ever", "never")' in code


def test_the_values_that_were_drawn_are_written_for_it(whole):
    drawn = drawn_values(whole)
    lacking = whole.cohort.population("progressed")["pd_l1"].null_count()

    assert set(drawn["variable"]) == {"pd_l1"}
    assert drawn.height == 2 * lacking > 0
    assert drawn["value"].null_count() == 0


def test_columns_that_patients_csv_does_not_hold_are_written_for_it(whole):
    written = {*PATIENTS_OUT, *MORE_OF_PATIENTS}
    always = ["progressed", "progressed_day", "new_therapy_day", "reported_response"]

    assert covariates(whole, written).columns == ["patient_id", "diagnosis", *always]
    assert covariates(whole, {*written, "diagnosis", *always}).columns == ["patient_id"]
    assert covariates(asking(whole, "survival"), written).columns == ["patient_id", *always]


def test_scores_and_weights_are_those_of_every_imputation(whole):
    assert whole.matched is not None
    progressed = whole.cohort.population("progressed")
    score, weight = scores(whole), weights(whole)

    assert score.height == 2 * progressed["pattern"].count()
    assert set(score["imputation"]) == {1, 2}
    of_matching = weight.filter(pl.col("analysis") == "matching")
    assert of_matching.height == sum(c.height for c in whole.matched.cohorts)
    assert set(weight.filter(pl.col("analysis") == "weighting")["target"]) == {"ate", "att", "overlap"}


def test_a_file_without_a_row_is_left_out(whole):
    nothing = replace(whole, completed={}, matched=None)
    assert set(bundle_of(nothing, None, [*whole.cohort.patients.columns])) == set()  # type: ignore[arg-type]

"""Over one small run: every number of every question has its patients or a reason, and as many as its n."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from oligoscope.checked_study import Checked, check_study
from oligoscope.demo.cohort import make_cohort, write_cohort
from oligoscope.engines.written_tables import written_tables
from oligoscope.pipeline import StudyRun, run_study
from oligoscope.questions.registry import QUESTIONS, with_patients
from oligoscope.report.numbers.numbers_page import size_of, trace_patients
from oligoscope.report.numbers.patients_found import PatientFiles
from oligoscope.results.analyses import FLOW
from oligoscope.results.made_from import Reason
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import read_warnings
from oligoscope.study.protocol import AnalysisSettings
from unit.eight_patients import CHOSEN
from unit.stored_results import withheld

VARIABLES = ["sex", "ecog", "pd_l1", "age_years", "best_response"]
MEN = {"where": {"sex": "male"}}
ANALYSES: tuple[dict[str, Any], ...] = (
    {"kind": "follow_up", "population": "treated"},
    {"kind": "baseline", "variables": VARIABLES},
    {"kind": "baseline", "variables": VARIABLES, "by": "sex"},
    {"kind": "baseline", "variables": VARIABLES, "population": "matched"},
    {"kind": "predictors", "variables": ["ecog", "pd_l1"], "by": "sex"},
    {"kind": "sites", "by": "resistance", **MEN},
    {"kind": "timing"},
    {"kind": "survival", "outcomes": ["pps", "os"]},
    {"kind": "survival", "outcomes": ["pps", "os"], "by": "sex"},
    {"kind": "survival", "outcomes": ["pps"], "population": "matched", **MEN},
    {"kind": "survival", "outcomes": ["pfs"], "where": {"sex": "nobody"}},
    {"kind": "response_rate", "population": "treated", **MEN},
    {"kind": "landmark", "population": "treated"},
    {"kind": "time_dependent", "population": "treated"},
    {"kind": "competing_risks", "population": "treated", "variables": ["sex"]},
    {"kind": "illness_death", "population": "treated", "variables": ["sex", "pd_l1"]},
    {"kind": "subgroups", "outcomes": ["pps"], "variables": ["ecog"], "by": "sex"},
    {"kind": "interval_censored", "population": "treated", "by": "sex"},
    {"kind": "landmark_after_progression", "landmark_days": 60},
    {"kind": "landmark_after_progression", "by": "sex", "adjust_for": ("months_to_progression", "age_years")},
    {"kind": "interval_censored", **MEN},
    {"kind": "restricted_means", "outcomes": ["pps", "os"]},
    {"kind": "weighting", "outcomes": ["pps"]},
    {"kind": "weighting", "outcomes": ["pps"], "by": "sex"},
    {"kind": "reclassification", **MEN},
    {"kind": "at_progression"},
    {"kind": "at_progression", "population": "matched"},
)
# The synthetic cohort has one reader, one centre, and no responses beside those of its lesions.
NOT_RUN = {"centres", "delayed_entry", "given_response", "reader_agreement", "team_labels"}
# These say why no patients are named; anything else found here is a fault of a rule.
UNNAMED = {Reason.OTHER_MATCHING}


@pytest.fixture(scope="module")
def checked(tmp_path_factory) -> Checked:
    folder = tmp_path_factory.mktemp("patients") / "study"
    return check_study(write_cohort(make_cohort(11, 110), folder))


def run(checked: Checked, *analyses: dict[str, Any]) -> StudyRun:
    settings = tuple(AnalysisSettings.model_validate(a) for a in analyses)
    imputation = checked.protocol.imputation.model_copy(update={"m": 2})
    update = {"analyses": settings, "imputation": imputation}
    return run_study(checked.protocol.model_copy(update=update), checked.tables)


@pytest.fixture(scope="module")
def whole(checked) -> StudyRun:
    return run(checked, *ANALYSES)


def files_of(run: StudyRun) -> PatientFiles:
    """What would be read of the files of a run."""
    tables = written_tables(run.derived, run.cohort, run.protocol)
    frames = {f"{name}.csv": tables[name] for name in ("patients", "definitions", "management")}
    frames |= {
        f"series/waterfall--{population}.csv": run.results.series[f"waterfall/{population}"]
        for population in ("treated", "progressed")
    }
    assert run.matched is not None
    return PatientFiles(
        {name: pl.read_csv(f.write_csv().encode(), infer_schema=False).lazy() for name, f in frames.items()},
        run.matched.pairs.cast(pl.String),
    )


def test_every_number_has_its_patients_or_a_reason(whole):
    forgotten = [e.key for e in whole.results.estimates if e.patients is None]

    assert forgotten == []
    assert all(e.patients.patients is not None or e.patients.reasons for e in whole.results.estimates)
    assert {e.analysis for e in whole.results.estimates} == {q.kind for q in QUESTIONS} - NOT_RUN


@pytest.mark.parametrize("kind", [q.kind for q in QUESTIONS])
def test_every_question_has_a_rule_for_its_patients(kind):
    """Also for a row that says why it gave nothing."""
    empty = withheld(
        read_warnings("no_patients"),
        analysis=FLOW,
        statistic=Statistic.N,
        other={"analysis": kind, "population": "progressed"},
    )
    (row,) = with_patients([empty], CHOSEN)

    assert row.patients is not None


def test_as_many_patients_are_found_as_n_says(whole):
    found = trace_patients(whole.results, files_of(whole))
    for estimate, made_from in zip(whole.results.estimates, found.made_from, strict=True):
        if made_from.patients is None:
            assert set(made_from.reasons) <= UNNAMED, estimate.key
            continue
        members = found.members[made_from.at_risk or made_from.patients]
        if estimate.n is None:
            assert made_from.reasons, estimate.key
        elif Reason.SOME in made_from.reasons:
            assert min(members.counts) <= estimate.n <= max(members.counts), estimate.key
        else:
            assert size_of(members, smallest=Reason.FEWEST in made_from.reasons) == estimate.n, estimate.key


def test_every_count_of_patients_names_those_it_counts(whole):
    found = trace_patients(whole.results, files_of(whole))
    unexplained = [
        e.key
        for e, made_from in zip(whole.results.estimates, found.made_from, strict=True)
        if e.value is not None
        and e.statistic in {Statistic.N, Statistic.EVENTS}
        and made_from.counted is None
        and Reason.IMPUTED not in made_from.reasons
    ]

    assert unexplained == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"outcomes": ["pps"]}, {"outcomes": ["pps", "os"], "minimum_events": 1000}),
        ({"outcomes": ["pps"], "by": "sex"}, {"outcomes": ["pps"]}),
    ],
)
def test_a_row_that_two_analyses_report_has_the_same_patients(checked, one, other):
    one, other = ({"kind": "survival", **settings} for settings in (one, other))
    alone = [{e.key: e.patients for e in run(checked, a).results.estimates} for a in (one, other)]
    both = {e.key: e.patients for e in run(checked, one, other).results.estimates}

    shared = alone[0].keys() & alone[1].keys()
    assert shared
    assert {key: alone[0][key] for key in shared} == {key: alone[1][key] for key in shared}
    assert both == alone[0] | alone[1]

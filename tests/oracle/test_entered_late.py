"""A study whose patients partly entered late, from its files to its results, beside what R makes of the same dates."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from oligoscope.checked_study import check_study
from oligoscope.pipeline import StudyRun, run_study
from oligoscope.results.analyses import DELAYED_ENTRY, FOLLOW_UP, SURVIVAL
from oligoscope.results.results import Results
from oligoscope.results.statistics import Statistic, at_months
from oligoscope.study.dictionary.outcomes import Outcome

HERE = Path(__file__).parent
CASES = json.loads((HERE / "entered_late.json").read_text(encoding="utf-8"))["cases"]
PATIENT = ("patient_id", "treatment_started_on", "died_on", "last_known_alive_on", "entered_on")
PROGRESSION = ("patient_id", "progressed_on", "n_progressing_lesions", "progressing_organs")
STUDY = """study: {preset: null, accept_issues: true}
data: {patients: patients.csv, progressions: progressions.csv}
analyses:
  - {kind: follow_up}
  - {kind: survival, outcomes: [os, pps]}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("entered_late")
    rows = pl.read_csv(HERE / "entered_late.csv", infer_schema=False)
    rows.select(PATIENT).write_csv(folder / "patients.csv")
    rows.select(PROGRESSION).write_csv(folder / "progressions.csv")
    (folder / "study.yaml").write_text(STUDY, encoding="utf-8")
    return folder


def _run(folder: Path) -> StudyRun:
    checked = check_study(folder)
    return run_study(checked.protocol, checked.tables, study_file=checked.file)


@pytest.fixture(scope="module")
def results(folder) -> Results:
    return _run(folder).results


@pytest.mark.parametrize("outcome", [Outcome.OS, Outcome.PPS])
def test_curves_ratio_and_tests_are_those_of_r(results, outcome, agrees):
    expected = CASES[outcome]
    keys = {"analysis": SURVIVAL, "population": "progressed", "outcome": outcome}
    for group, of_r in expected["groups"].items():
        n, events, median = (
            results.get(**keys, group=group, statistic=s)
            for s in (Statistic.N, Statistic.EVENTS, Statistic.MEDIAN)
        )
        at = [results.get(**keys, group=group, statistic=at_months(Statistic.SURVIVAL, m)) for m in (6, 12)]

        agrees([n.value, events.value], [of_r["n"], of_r["events"]])
        agrees([median.value, median.low, median.high], of_r["median"])
        agrees([e.value for e in at], of_r["survival"])
        agrees([e.low for e in at], of_r["low"])
        agrees([e.high for e in at], of_r["high"])
        assert [e.n for e in at] == of_r["n_at_risk"]
    ratio = results.get(**keys, statistic=Statistic.HAZARD_RATIO, group="oligoprogression vs systemic")
    p = {
        e.variable: e.value
        for e in results.find(**keys, statistic=Statistic.P_VALUE)
        if e.variable in {"cox", "log_rank"}
    }
    (constant,) = results.find(**keys, statistic=Statistic.P_VALUE_PROPORTIONAL_HAZARDS)

    agrees([ratio.value, ratio.low, ratio.high], expected["hazard_ratio"])
    assert expected["untied"]
    agrees([p["cox"], p["log_rank"]], [expected["p_value"], expected["log_rank"]], 1e-6)
    agrees(constant.value, expected["proportional"], 1e-6)


def test_who_entered_late_and_who_was_never_at_risk(results, agrees):
    keys = {"analysis": DELAYED_ENTRY, "population": "progressed"}
    late = results.get(**keys, statistic=Statistic.N_ENTERED_LATE)
    delay = results.get(**keys, variable="entry_days", statistic=Statistic.MEDIAN)
    never = [
        results.get(**keys, outcome=o, statistic=Statistic.N_NEVER_AT_RISK).value
        for o in (Outcome.OS, Outcome.PPS)
    ]

    agrees([late.value, delay.value], [CASES["n_late"], CASES["median_delay"]])
    assert never == [CASES[o]["never_at_risk"] for o in (Outcome.OS, Outcome.PPS)]


def test_the_median_follow_up_counts_from_the_entry_too(results, agrees):
    (median,) = results.find(analysis=FOLLOW_UP, statistic=Statistic.MEDIAN)

    agrees(median.value, CASES["os"]["follow_up"])


def test_numbers_at_risk_below_the_curves_count_those_who_have_entered(folder):
    run = _run(folder)
    at_risk = run.results.series["at_risk/progressed/pattern/os"]
    patients = run.cohort.patients.filter(pattern="oligoprogression")
    days, entry = patients["os_days"].to_numpy(), patients["os_entry_days"].fill_null(10**6).to_numpy()
    shown = at_risk.filter(group="oligoprogression")

    for month, n in zip(shown["months"], shown["n_at_risk"], strict=True):
        day = month * 30.4375
        assert n == int((((entry < day) | (entry == 0)) & (days >= day - 1e-6)).sum())


def test_without_the_column_nothing_of_it_is_there(folder, tmp_path):
    for name in ("study.yaml", "progressions.csv"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    pl.read_csv(folder / "patients.csv", infer_schema=False).drop("entered_on").write_csv(
        tmp_path / "patients.csv"
    )
    run = _run(tmp_path)

    assert not run.results.find(analysis=DELAYED_ENTRY)
    assert not [c for c in run.cohort.patients.columns if c.endswith("entry_days")]
    counted = run.results.get(
        analysis=SURVIVAL,
        population="progressed",
        outcome="os",
        group="systemic",
        statistic=Statistic.N,
    )
    assert counted is not None
    assert counted.value > CASES["os"]["groups"]["systemic"]["n"]

"""What takes a delayed entry and what cannot: every kind of analysis declares it, and its rows say it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from oligoscope.checked_study import check_study
from oligoscope.demo.cohort import make_cohort, write_cohort
from oligoscope.pipeline import StudyRun, run_study
from oligoscope.questions.delayed_entry.words import entry_paragraph, ignored, methods
from oligoscope.questions.registry import KINDS
from oligoscope.questions.survival.figure import curves_of, legend_of
from oligoscope.results.statistics import Kind
from oligoscope.results.warnings import WarningCode

STUDY = """study: {preset: null, seed: 1}
data: {patients: patients.csv, lesions: lesions.csv, measurements: measurements.csv, treatments: treatments.csv}
imputation: {variables: [], m: 1}
matching: {covariates: [sex], method: nearest, ratio: 2, caliper: null}
analyses:
  - {kind: follow_up, population: treated}
  - {kind: survival, outcomes: [os, pps]}
  - {kind: survival, population: matched, outcomes: [os]}
  - {kind: landmark, population: treated}
  - {kind: time_dependent, population: treated}
  - {kind: competing_risks, population: treated, variables: [sex]}
  - {kind: restricted_means, outcomes: [os]}
  - {kind: subgroups, outcomes: [os], variables: [sex]}
  - {kind: weighting, outcomes: [os]}
  - {kind: predictors, variables: [sex]}
  - {kind: timing}
  - {kind: response_rate}
"""


def _study(folder: Path, *, late: bool) -> StudyRun:
    file = write_cohort(make_cohort(3, 160), folder / "study")
    file.write_text(STUDY, "utf-8")
    if late:
        patients = pl.read_csv(file.parent / "patients.csv", infer_schema=False)
        rng = np.random.default_rng(3)
        days = np.where(rng.random(patients.height) < 0.4, rng.integers(1, 300, patients.height), 0)
        patients.with_columns(entered_months=pl.Series(days / 30.4375)).write_csv(
            file.parent / "patients.csv"
        )
    checked = check_study(file)
    return run_study(checked.protocol, checked.tables, study_file=checked.file)


@pytest.fixture(scope="module")
def late(tmp_path_factory) -> StudyRun:
    return _study(tmp_path_factory.mktemp("late"), late=True)


@pytest.fixture(scope="module")
def plain(tmp_path_factory) -> StudyRun:
    return _study(tmp_path_factory.mktemp("plain"), late=False)


def test_what_takes_the_entry_has_other_numbers_and_what_ignores_it_says_so(late, plain):
    before = {tuple(map(str, e.key)): e for e in plain.results.estimates}
    changed: dict[str, set[bool]] = {}
    for e in late.results.estimates:
        other = before.get(tuple(map(str, e.key)))
        if other is None or e.value is None or e.statistic.kind not in {Kind.RATIO, Kind.P_VALUE}:
            continue
        entry = KINDS[e.analysis].entry if e.analysis in KINDS else "no_time"
        changed.setdefault(f"{e.analysis} {entry}", set()).add(e.value != other.value)
        assert e.warning.has(WarningCode.IGNORES_ENTRY) is (entry == "ignored"), e.key

    for name, differs in changed.items():
        assert (True in differs) is name.endswith(" taken"), name
    assert len(changed) >= 8


def test_methods_that_cannot_take_it_are_withheld(late, plain):
    statistics = {"p_value_gray", "subdistribution_hazard_ratio"}
    found = [e for e in late.results.find(analysis="competing_risks") if str(e.statistic) in statistics]

    assert found
    assert all(e.value is None for e in found)
    assert any(e.warning.has(WarningCode.NO_DELAYED_ENTRY) for e in found)
    assert not any(e.warning.has(WarningCode.NO_DELAYED_ENTRY) for e in plain.results.estimates)


def test_the_report_says_how_many_entered_late(late, plain):
    (sentence,) = methods(late.protocol, late.results)
    paragraph = entry_paragraph(late.results)
    curves = curves_of(late.results, "progressed", "pattern", "os")

    assert "left-truncated" in sentence.en
    assert "左截断" in sentence.zh
    assert "entered late, with a median delay of" in sentence.en
    assert paragraph is not None
    assert "Never at risk" in paragraph.text.en
    assert "从未处于风险中" in paragraph.text.zh
    assert "had come under observation by then" in legend_of(curves).en
    assert len(list(ignored(late.protocol, late.results))) == 2
    assert not list(methods(plain.protocol, plain.results))
    assert entry_paragraph(plain.results) is None
    assert (
        "come under observation" not in legend_of(curves_of(plain.results, "progressed", "pattern", "os")).en
    )

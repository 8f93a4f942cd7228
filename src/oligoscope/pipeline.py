"""A study from tables to results: the order of the stages, on one page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from oligoscope.analysis.baseline import compare_baseline
from oligoscope.analysis.cohort import Cohort, select_cohort
from oligoscope.analysis.given_response import compare_given_responses
from oligoscope.analysis.response_rate import compare_response_rates
from oligoscope.analysis.survival import compare_survival
from oligoscope.clinical.patients import Derived, derive_patients
from oligoscope.results import Results
from oligoscope.study.protocol import AnalysisSettings, Protocol
from oligoscope.study.schemas import StudyTables

Progress = Callable[[str], None]


@dataclass(frozen=True)
class StudyRun:
    """Everything a study came to.

    Attributes:
        protocol: The settings that ran.
        derived: What the clinical rules made of the records.
        cohort: Patients with their population, and the Flow.
        results: Every reported number and series.
    """

    protocol: Protocol
    derived: Derived
    cohort: Cohort
    results: Results


def run_study(
    protocol: Protocol, tables: StudyTables, n_quarantined: int = 0, progress: Progress = lambda _stage: None
) -> StudyRun:
    """Derive, select, analyse.

    Args:
        protocol: The settings.
        tables: Validated tables.
        n_quarantined: Patients set aside by validation; the Flow begins with them.
        progress: Called with the name of each stage as it begins.
    """
    progress("derive")
    derived = derive_patients(tables, protocol)
    progress("select")
    cohort = select_cohort(derived.patients, protocol, n_quarantined)
    results = Results().plus(cohort.flow.estimates())
    for settings in protocol.analyses:
        progress(settings.kind)
        results = _analyse(results, cohort.population(settings.population), settings)
    results = results.plus(*compare_given_responses(derived.responses))
    return StudyRun(protocol, derived, cohort, results)


def _analyse(results: Results, patients: pl.DataFrame, settings: AnalysisSettings) -> Results:
    if settings.kind == "baseline":
        return results.plus(compare_baseline(patients, settings))
    if settings.kind == "survival":
        return results.plus(*compare_survival(patients, settings))
    return results.plus(compare_response_rates(patients, settings))

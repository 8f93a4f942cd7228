"""A study from tables to results: the order of the stages, on one page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import polars as pl

from oligoscope.analysis.baseline import compare_baseline
from oligoscope.analysis.cohort import Cohort, select_cohort
from oligoscope.analysis.competing import describe_competing_risks
from oligoscope.analysis.distinct_keys import with_distinct_keys
from oligoscope.analysis.follow_up_time import describe_follow_up
from oligoscope.analysis.given_response import compare_given_responses
from oligoscope.analysis.imputation import CompletedCohorts, impute_cohort
from oligoscope.analysis.management_counts import count_management
from oligoscope.analysis.matching import MATCHED, MatchedCohorts, match_cohorts
from oligoscope.analysis.pooled import compare_baseline_pooled, compare_survival_pooled
from oligoscope.analysis.predictors import fit_predictors
from oligoscope.analysis.reader_agreement import compare_between_readers, compare_readers
from oligoscope.analysis.reclassification import compare_definitions
from oligoscope.analysis.response_rate import compare_response_rates
from oligoscope.analysis.response_series import response_series
from oligoscope.analysis.sites import describe_sites
from oligoscope.analysis.subgroups import compare_in_subgroups
from oligoscope.analysis.survival import compare_survival
from oligoscope.analysis.timing import describe_timing
from oligoscope.analysis.unbiased_time import compare_at_landmarks, fit_time_dependent
from oligoscope.analysis.weighted import compare_weighted
from oligoscope.clinical.management import derive_management
from oligoscope.clinical.patients import Derived, derive_for_each_reader, derive_patients
from oligoscope.errors import NotEnoughData
from oligoscope.results import Estimate, Results
from oligoscope.study.protocol import AnalysisSettings, Protocol
from oligoscope.study.schemas import StudyTables

Progress = Callable[[str], None]
GROUPING = "pattern"  # what is matched: the paper's question
NEEDS_COMPLETE = {"predictors", "weighting"}
Found = tuple[list[Estimate], dict[str, pl.DataFrame]]


@dataclass(frozen=True)
class StudyRun:
    """Everything a study came to.

    Attributes:
        protocol: The settings that ran.
        derived: What the clinical rules made of the records.
        cohort: Patients with their population, and the Flow.
        results: Every reported number and series.
        matched: The matched cohorts; None where nothing asked for them or there were not two groups.
    """

    protocol: Protocol
    derived: Derived
    cohort: Cohort
    results: Results
    matched: MatchedCohorts | None = None

    @property
    def failed_gates(self) -> list[Estimate]:
        """Gates set beforehand that were not passed."""
        found = self.results.find(analysis="matching", statistic="largest_smd", variable="")
        return [e for e in found if e.warning]


@dataclass
class _Stages:
    """Populations as the analyses ask for them; completed and matched once, when first needed."""

    protocol: Protocol
    cohort: Cohort
    progress: Progress
    results: Results = field(default_factory=Results)
    completed: CompletedCohorts | None = None
    matched: MatchedCohorts | None = None
    unmatchable: str = ""

    def complete(self) -> CompletedCohorts:
        if self.completed is None:
            self.progress("impute")
            patients = self.cohort.population("progressed")
            self.completed = impute_cohort(patients, self.protocol, GROUPING, "progressed")
            self.results = self.results.plus(self.completed.estimates, self.completed.series)
        return self.completed

    def match(self) -> MatchedCohorts | None:
        if self.matched is None and not self.unmatchable:
            completed = self.complete()
            self.progress("match")
            try:
                self.matched = match_cohorts(completed, self.protocol, GROUPING)
            except NotEnoughData as error:
                self.unmatchable = str(error)
                withheld = Estimate(
                    analysis="matching", population=MATCHED, statistic="n_pairs", warning=error.warning
                )
                self.results = self.results.plus([withheld])
                return None
            self.results = self.results.plus(self.matched.estimates, self.matched.series)
        return self.matched


def run_study(
    protocol: Protocol,
    tables: StudyTables,
    n_quarantined: int = 0,
    progress: Progress = lambda _stage: None,
) -> StudyRun:
    """Derive, select, complete, match, analyse.

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
    stages = _Stages(protocol, cohort, progress, Results().plus(cohort.flow.estimates()))
    for settings in protocol.analyses:
        found = _analyse(stages, derived, settings)
        stages.results = stages.results.plus(with_distinct_keys(found[0], stages.results), found[1])
    results = stages.results.plus(*compare_given_responses(derived.responses))
    of_readers = derive_for_each_reader(tables, protocol)
    if not of_readers.is_empty():
        results = results.plus([*compare_between_readers(of_readers), *compare_readers(of_readers)])
    advice = derive_management(cohort.population("progressed"), protocol.response.criteria)
    results = results.plus(count_management(advice, "progressed"))
    for population in ("treated", "progressed"):
        people = cohort.population(population)
        cutoff, confirmed = protocol.study.data_cutoff, protocol.response.confirmation
        results = results.plus(
            *response_series(people, derived.responses, population, cutoff=cutoff, confirmed=confirmed)
        )
    return StudyRun(protocol, derived, cohort, results, stages.matched)


def count_stages(protocol: Protocol) -> int:
    """How often `run_study` will name a stage, as long as the groups can be matched."""
    kinds = {a.kind for a in protocol.analyses}
    matches = "weighting" in kinds or any(a.population == MATCHED for a in protocol.analyses)
    completes = matches or bool(kinds & NEEDS_COMPLETE)
    return 2 + len(protocol.analyses) + matches + completes


def _analyse(stages: _Stages, derived: Derived, settings: AnalysisSettings) -> Found:
    if settings.population == MATCHED or settings.kind in NEEDS_COMPLETE:
        return _analyse_completed(stages, settings)
    stages.progress(settings.kind)
    patients = _where(stages.cohort.population(settings.population), settings)
    named = _named(settings)
    if settings.kind == "reclassification":
        definitions = derived.definitions.join(patients.select("patient_id"), on="patient_id", how="semi")
        return compare_definitions(definitions, named.population), {}
    if settings.kind == "follow_up":
        return describe_follow_up(patients, named.population), {}
    if settings.kind == "time_dependent":
        return fit_time_dependent(patients, named), {}
    simple = {
        "baseline": compare_baseline,
        "response_rate": compare_response_rates,
        "subgroups": compare_in_subgroups,
        "timing": describe_timing,
    }
    if settings.kind in simple:
        return simple[settings.kind](patients, named), {}
    with_series = {
        "survival": compare_survival,
        "sites": describe_sites,
        "landmark": compare_at_landmarks,
        "competing_risks": describe_competing_risks,
    }
    return with_series[settings.kind](patients, named)


def _analyse_completed(stages: _Stages, settings: AnalysisSettings) -> Found:
    """Analyses of completed or matched cohorts, pooled; nothing where the groups cannot be matched."""
    if settings.kind == "predictors":
        cohorts = stages.complete().cohorts
        stages.progress(settings.kind)
        return fit_predictors(tuple(_where(c, settings) for c in cohorts), _named(settings)), {}
    matched = stages.match()
    stages.progress(settings.kind)
    if matched is None or (settings.kind != "weighting" and not matched.cohorts):
        return [], {}
    if settings.kind == "weighting":
        return compare_weighted(matched.completed, _named(settings)), {}
    cohorts = [_where(c, settings) for c in matched.cohorts]
    if settings.kind == "baseline":
        completed = [_where(c, settings) for c in matched.completed]
        return compare_baseline_pooled(cohorts, _named(settings), completed), {}
    # Pairs are of the patterns: between other groups, or within one pattern, no two partners are compared.
    cluster = "_pair" if settings.by == GROUPING and not settings.where else None
    return compare_survival_pooled(cohorts, _named(settings), cluster)


def _where(patients: pl.DataFrame, settings: AnalysisSettings) -> pl.DataFrame:
    for column, value in settings.where.items():
        patients = patients.filter(pl.col(column).cast(pl.String) == value)
    return patients


def _named(settings: AnalysisSettings) -> AnalysisSettings:
    """With its patients as Results name them in place of the population they are a part of."""
    return settings.model_copy(update={"population": settings.patients})

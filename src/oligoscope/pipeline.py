"""A study from tables to results: the order of the stages, on one page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from oligoscope.clinical.patients import Derived, derive_patients
from oligoscope.cohort.attempts import NoAnswer, attempt, withhold_undetermined
from oligoscope.cohort.centres import OF_CENTRES, are_used, with_centres
from oligoscope.cohort.complete import CompletedCohorts, impute_cohort, incomplete_at_progression
from oligoscope.cohort.distinct_keys import with_distinct_keys
from oligoscope.cohort.failed_gate import with_failed_gate
from oligoscope.cohort.match import MatchedCohorts, match_cohorts
from oligoscope.cohort.select import Cohort, select_cohort
from oligoscope.cohort.variables import as_levels, is_levels, levels_of
from oligoscope.cohort.variables_left_out import left_out_rows, usable_everywhere, variables_left_out
from oligoscope.errors import DataError, NotEnoughData
from oligoscope.questions.question import NO_PATIENTS, Answer, Asked, Chosen, Records
from oligoscope.questions.registry import ALWAYS, KINDS, LEFT_OUT_AS, question_of, with_patients
from oligoscope.results.analyses import MATCHING
from oligoscope.results.methods import MethodPart
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Kind, Statistic
from oligoscope.results.warnings import NO_WARNING, WarningCode, Warnings, join, of_error, of_missed_balance
from oligoscope.study.column_checks import check_groups
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.dictionary.populations import MATCHED
from oligoscope.study.protocol import AnalysisSettings, Protocol
from oligoscope.study.schemas import StudyTables
from oligoscope.study.study_file import StudyFile

Progress = Callable[[str], None]
GROUPING = "pattern"  # what is matched: the paper's question
REPORTED_TWICE = WarningCode.REPORTED_TWICE()


@dataclass(frozen=True)
class StudyRun:
    """All that a run of a study gives.

    Attributes:
        protocol: The settings that ran.
        derived: What the clinical rules made of the records.
        cohort: Patients with their population, and the Flow.
        results: Every reported number and series.
        matched: The matched cohorts; None where nothing asked for them or there were not two groups.
        completed: The completed cohorts by population and grouping; of what no analysis asked for there are none.
    """

    protocol: Protocol
    derived: Derived
    cohort: Cohort
    results: Results
    matched: MatchedCohorts | None = None
    completed: Mapping[tuple[str, str], CompletedCohorts] = field(default_factory=dict)

    @property
    def left_out(self) -> list[Estimate]:
        """Variables that study.yaml names and a model could not use, each with the reason."""
        return variables_left_out(self.results, LEFT_OUT_AS)

    @property
    def failed_gates(self) -> list[Estimate]:
        """Gates set beforehand that were not passed."""
        found = self.results.find(analysis=MATCHING, statistic=Statistic.LARGEST_SMD, variable="")
        return [e for e in found if of_missed_balance(e.warning)]


@dataclass
class _Stages:
    """Populations as the analyses ask for them; completed and matched once, when first needed."""

    protocol: Protocol
    cohort: Cohort
    progress: Progress
    rows: dict[tuple[str, ...], Estimate] = field(default_factory=dict)
    series: dict[str, pl.DataFrame] = field(default_factory=dict)
    completed: dict[tuple[str, str], CompletedCohorts] = field(default_factory=dict)
    matched: MatchedCohorts | None = None
    unmatchable: str = ""
    unknown: Mapping[Outcome, Warnings] = field(default_factory=dict)
    unlabelled: Mapping[str, Warnings] = field(default_factory=dict)

    def add(
        self,
        estimates: Iterable[Estimate],
        series: Mapping[str, pl.DataFrame] | None = None,
        by: str = GROUPING,
        variables: tuple[str, ...] = (),
        adjusted_for: tuple[str, ...] = (),
    ) -> None:
        """Report numbers, each with its patients; a row is reported once, even if several analyses give it.

        Two numbers that differ under one key are a defect, and end no run: neither is given.
        """
        for estimate in with_patients(estimates, self._chosen(by, variables, adjusted_for)):
            key = estimate.key
            first = self.rows.get(key)
            if first is None or (first.value is None and first.warning != REPORTED_TWICE):
                self.rows[key] = estimate if first is None or estimate.value is not None else first
            elif None not in (first.value, estimate.value) and _numbers(first) != _numbers(estimate):
                self.rows[key] = replace(first, value=None, low=None, high=None, warning=REPORTED_TWICE)
        self.series |= series or {}

    @property
    def results(self) -> Results:
        """All that is reported so far."""
        return Results(tuple(self.rows.values()), self.series)

    def _chosen(self, by: str, variables: tuple[str, ...] = (), adjusted_for: tuple[str, ...] = ()) -> Chosen:
        """How the patients of numbers that are reported now were chosen and grouped."""
        drawn = self.completed.get(("progressed", GROUPING), CompletedCohorts(())).imputed
        entries = Outcome.OS.entry in self.cohort.patients.columns
        confirmed = self.protocol.response.confirmation
        return Chosen(self.cohort.flow, confirmed, by, frozenset(drawn), entries, variables, adjusted_for)

    def complete(self, population: str = "progressed", by: str = GROUPING) -> CompletedCohorts:
        """The patients of a population that have a group, completed; the group is in the model of imputation."""
        if (population, by) not in self.completed:
            self.progress("impute")
            patients = self.cohort.population(population)
            modelled = [v for a in self.protocol.analyses if KINDS[a.kind].completed for v in a.variables]
            if population == "progressed":
                modelled += incomplete_at_progression(patients, self.protocol)
            found = impute_cohort(patients, self.protocol, by, population, modelled)
            self.completed[population, by] = found
            self.add(*_of_grouping(found, population, by), by)
        return self.completed[population, by]

    def match(self) -> MatchedCohorts | None:
        if self.matched is None and not self.unmatchable:
            completed = self.complete()
            self.progress("match")
            names = self.protocol.matching.covariates
            self.add(left_out_rows(MATCHING, MATCHED, completed.cohorts, names))
            try:
                self.matched = match_cohorts(completed, self.protocol, GROUPING)
            except DataError as error:
                why = of_error(error.warning) if isinstance(error, NotEnoughData) else NO_WARNING
                if not why and usable_everywhere(completed.cohorts, names):
                    raise
                self.unmatchable = str(error)
                withheld = Estimate(
                    analysis=MATCHING,
                    population=MATCHED,
                    statistic=Statistic.N_PAIRS,
                    warning=why or WarningCode.NO_COVARIATES(),
                )
                self.add([withheld])
                return None
            self.add(self.matched.estimates, self.matched.series)
        return self.matched


def _numbers(estimate: Estimate) -> tuple[float | None, ...]:
    return estimate.value, estimate.low, estimate.high


def _of_grouping(found: CompletedCohorts, population: str, by: str) -> Answer:
    """Estimates and series of a completion; those of other groupings than the paper's carry its name."""
    if (population, by) == ("progressed", GROUPING):
        return list(found.estimates), found.series
    estimates = [replace(e, outcome=by) for e in found.estimates]
    return estimates, {f"{name}/{population}/{by}": frame for name, frame in found.series.items()}


def run_study(
    protocol: Protocol,
    tables: StudyTables,
    n_quarantined: int = 0,
    progress: Progress = lambda _stage: None,
    study_file: StudyFile | None = None,
) -> StudyRun:
    """Derive, select, complete, match, analyse.

    Args:
        protocol: The settings.
        tables: Validated tables.
        n_quarantined: Patients set aside by validation; the Flow begins with them.
        progress: Called with the name of each stage as it begins.
        study_file: Where the settings are written, so that a refusal names the line.

    Raises:
        StudyFileError: An analysis cannot take the groups it asks for.
    """
    progress("derive")
    derived = derive_patients(tables, protocol)
    progress("select")
    cohort = with_centres(select_cohort(derived.patients, protocol, n_quarantined), protocol.centres.use)
    groups = groups_of_analyses(protocol, cohort)
    (study_file or StudyFile()).refuse(check_groups(protocol, KINDS, groups, tables.patients.columns))
    unknown, unlabelled = unknown_outcomes(tables, derived.patients), unknown_labels(tables, derived.patients)
    stages = _Stages(protocol, cohort, progress, unknown=unknown, unlabelled=unlabelled)
    stages.add(cohort.flow.estimates())
    for settings in protocol.analyses:
        found = attempt(lambda s=settings: _analyse(stages, derived, s))
        if isinstance(found, NoAnswer):
            found = question_of(settings.kind).withheld(_named(settings), found.warning), {}
        estimates, series = found
        if KINDS[settings.kind].entry == "ignored" and Outcome.OS.entry in cohort.patients.columns:
            estimates = [_ignoring_entry(e) for e in estimates]
        if are_used(cohort.patients):
            estimates = [_ignoring_centres(e) for e in estimates]
        known = with_distinct_keys(withhold_undetermined(estimates), stages.rows)
        left_out = {e.variable for e in known if e.statistic == Statistic.COVARIATE}
        adjusted_for = tuple(name for name in settings.adjust_for if name not in left_out)
        stages.add(known, series, settings.by, settings.variables, adjusted_for)
    for question in ALWAYS:
        stages.add(*question.answer(Records(protocol, tables, derived, cohort)))
    results = with_failed_gate(stages.results, stages.matched)
    return StudyRun(protocol, derived, cohort, results, stages.matched, stages.completed)


def _ignoring_entry(estimate: Estimate) -> Estimate:
    """A share, ratio or test that does not take delayed entry into account, with the warning that says so."""
    share = estimate.low is not None and not estimate.level
    is_inference = share or estimate.statistic.kind in {Kind.RATIO, Kind.P_VALUE}
    if estimate.value is None or not is_inference:
        return estimate
    return replace(estimate, warning=join(estimate.warning, WarningCode.IGNORES_ENTRY()))


def _ignoring_centres(estimate: Estimate) -> Estimate:
    """A ratio or test that does not take the centres into account, with the warning that says so."""
    is_inference = estimate.statistic.kind in {Kind.RATIO, Kind.P_VALUE}
    # An E-value is made of a hazard ratio that has the warning itself, where there is one.
    if estimate.value is None or not is_inference or estimate.method.has(*OF_CENTRES, MethodPart.E_VALUE):
        return estimate
    return replace(estimate, warning=join(estimate.warning, WarningCode.IGNORES_CENTRES()))


def count_stages(protocol: Protocol) -> int:
    """How often `run_study` will name a stage, as long as the groups can be matched."""
    matches = any(is_of_matching(a) for a in protocol.analyses)
    completed = {
        ("progressed", GROUPING) if is_of_matching(a) else (a.population, a.by)
        for a in protocol.analyses
        if is_of_matching(a) or KINDS[a.kind].completed
    }
    return 2 + len(protocol.analyses) + matches + len(completed)


def unknown_outcomes(tables: StudyTables, patients: pl.DataFrame) -> dict[Outcome, Warnings]:
    """Outcomes that no patient can have, whatever their course, with the reason: what the tables do not record."""
    blank = [o for o in Outcome if patients[o.days].null_count() == patients.height > 0]
    if not tables.whole.is_followed:
        found: dict[Outcome, Warnings] = dict.fromkeys((Outcome.OS, Outcome.PPS), WarningCode.NO_FOLLOW_UP())
    else:
        found = {}
    if tables.cohort.height:
        found = dict.fromkeys(Outcome, WarningCode.TIME_NOT_GIVEN()) | found
    return {outcome: why for outcome, why in found.items() if outcome in blank}


def unknown_labels(tables: StudyTables, patients: pl.DataFrame) -> dict[str, Warnings]:
    """Labels that no patient can have, with the reason: resistance where no response is recorded and the team gave no type."""
    is_blank = patients["resistance"].null_count() == patients.height > 0
    is_unknown = is_blank and not tables.whole.records_responses
    return {"resistance": WarningCode.RESISTANCE_NOT_KNOWN()} if is_unknown else {}


def _analyse(stages: _Stages, derived: Derived, settings: AnalysisSettings) -> Answer:
    """The answer of one analysis; of outcomes and groups that no patient can have, the rows that say why there is none."""
    question = question_of(settings.kind)
    why = join(*(stages.unlabelled.get(name, NO_WARNING) for name in (settings.by, *settings.where)))
    if why:
        stages.progress(settings.kind)
        return question.withheld(_named(settings), why), {}
    if question.rests_on is not None and question.rests_on in stages.unknown:
        stages.progress(settings.kind)
        return question.withheld(_named(settings), stages.unknown[question.rests_on]), {}
    of_unknown = [o for o in settings.outcomes if o in stages.unknown]
    rows = [
        row
        for o in of_unknown
        for row in question.withheld(
            _named(settings).model_copy(update={"outcomes": (o,)}), stages.unknown[o]
        )
    ]
    known = tuple(o for o in settings.outcomes if o not in of_unknown)
    if rows and not known:
        stages.progress(settings.kind)
        return rows, {}
    estimates, series = _answer(stages, derived, settings.model_copy(update={"outcomes": known}))
    return [*rows, *estimates], series


def _answer(stages: _Stages, derived: Derived, settings: AnalysisSettings) -> Answer:
    question, named = question_of(settings.kind), _named(settings)
    population = stages.cohort.population(base_population(settings))
    patients = only_where(population, settings)
    reason = why_prevented(patients, settings, population)
    if reason:
        stages.progress(settings.kind)
        return question.withheld(named, reason), {}
    asked = Asked(
        named, patients, derived.definitions, stages.protocol.matching,
        weighting=stages.protocol.weighting, seed=stages.protocol.study.seed,
        window_days=stages.protocol.progression.window_days,
    )  # fmt: skip
    if settings.population == MATCHED:
        matched = stages.match()
        stages.progress(settings.kind)
        if matched is None or not matched.cohorts:
            return question.withheld(named, _why_unmatched(stages.results)), {}
        if matched.sealed and not KINDS[settings.kind].describes_start:
            return question.withheld(named, matched.sealed), {}
        cohorts, completed = (_parts(c, settings) for c in (matched.cohorts, matched.completed))
        if not any(c.height for c in cohorts):
            return question.withheld(named, NO_PATIENTS), {}
        # Pairs are of the patterns: between other groups, or within one pattern, no two partners are compared.
        cluster = "_pair" if settings.by == GROUPING and not settings.where else None
        asked = replace(asked, cohorts=cohorts, completed=completed, cluster=cluster)
    elif KINDS[settings.kind].completed:
        if is_of_matching(settings):
            stages.match()  # the balance of the score that the weights are made of
        cohorts = _parts(stages.complete(settings.population, settings.by).cohorts, settings)
        stages.progress(settings.kind)
        asked = replace(asked, cohorts=cohorts)
    else:
        stages.progress(settings.kind)
    return question.answer(asked)


def is_of_matching(settings: AnalysisSettings) -> bool:
    """Whether an analysis asks for the groups and the patients that are matched."""
    if settings.population == MATCHED:
        return True
    is_of_all = (settings.population, settings.by) == ("progressed", GROUPING) and not settings.where
    return is_of_all and KINDS[settings.kind].propensity


def _why_unmatched(results: Results) -> Warnings:
    """The reason nothing was matched, as the rows of the matching give it."""
    found = [e for e in results.find(analysis=MATCHING, variable="") if e.value is None and e.warning]
    return found[0].warning if found else WarningCode.NO_PAIRS()


def why_prevented(patients: pl.DataFrame, settings: AnalysisSettings, population: pl.DataFrame) -> Warnings:
    """Why an analysis has no patients or groups to use; blank where it has."""
    is_of_where = bool(settings.where) and not population.is_empty()
    # Why no patient could be matched is found by the matching.
    if patients.is_empty() and (is_of_where or not is_of_matching(settings)):
        return NO_PATIENTS
    by = patients[settings.by] if "by" in KINDS[settings.kind].honours else None
    is_measured = by is not None and not is_levels(by)
    return WarningCode.MEASURED_NOT_LEVELS() if is_measured else NO_WARNING


def base_population(settings: AnalysisSettings) -> str:
    """The population an analysis starts from, before matching."""
    return "progressed" if settings.population == MATCHED else settings.population


def _parts(cohorts: Sequence[pl.DataFrame], settings: AnalysisSettings) -> tuple[pl.DataFrame, ...]:
    return tuple(only_where(c, settings) for c in cohorts)


def only_where(patients: pl.DataFrame, settings: AnalysisSettings) -> pl.DataFrame:
    """The patients that an analysis is restricted to."""
    for column, value in settings.where.items():
        patients = patients.filter(_is(patients[column], value))
    return patients


def _is(values: pl.Series, word: str) -> pl.Series:
    """Where a column holds a level; numbers are compared as numbers, however they are written."""
    if values.dtype.is_numeric():
        try:
            return values.cast(pl.Float64) == float(word)
        except ValueError:
            return values.is_null() & values.is_not_null()
    return as_levels(values) == _level(values, word)


def _level(values: pl.Series, word: str) -> str:
    """A level as an analysis prints it: of a yes/no column, `true` is yes."""
    return {"true": "yes", "false": "no"}.get(word, word) if values.dtype == pl.Boolean else word


def _named(settings: AnalysisSettings) -> AnalysisSettings:
    """With its patients as Results name them in place of the population they are a part of."""
    return settings.model_copy(update={"population": settings.patients})


def groups_of_analyses(protocol: Protocol, cohort: Cohort) -> dict[int, tuple[str, ...]]:
    """Of each analysis that groups its patients, by its place in the protocol, the groups they make."""
    found: dict[int, tuple[str, ...]] = {}
    for i, settings in enumerate(protocol.analyses):
        if "by" in KINDS[settings.kind].honours:
            patients = only_where(cohort.population(base_population(settings)), settings)
            if is_levels(patients[settings.by]):
                found[i] = levels_of(settings.by, patients[settings.by])
    return found

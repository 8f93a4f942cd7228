"""What a run of a study will answer and what it will withhold, by the gates of the analyses; no outcome is compared.

Patients are derived, selected and matched as the run does it. Matching here knows no outcome at all: where values are imputed, the
run's model also holds the outcomes (White & Royston 2009), so that its pairs may differ by a few. Of outcomes only events are
counted, in total and for the gates; nothing is estimated by group.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

import polars as pl

from oligoscope.clinical.patients import label_only
from oligoscope.cohort.attempts import NoAnswer, attempt
from oligoscope.cohort.complete import CompletedCohorts, impute_cohort
from oligoscope.cohort.events_per_variable import too_few_per_variable
from oligoscope.cohort.match import MatchedCohorts, match_cohorts
from oligoscope.cohort.matched_sets import MATCHED
from oligoscope.cohort.matching_gate import require_two_large_groups
from oligoscope.cohort.select import Cohort, select_cohort
from oligoscope.cohort.times import Fewest, survival_rows, why_not_all_treated
from oligoscope.cohort.variables import as_levels, is_levels, levels_of, why_not_two
from oligoscope.cohort.variables_left_out import why_left_out, why_not_levels
from oligoscope.pipeline import (
    GROUPING,
    base_population,
    groups_of_analyses,
    is_of_matching,
    only_where,
    unknown_outcomes,
    why_prevented,
)
from oligoscope.questions.registry import KINDS, question_of
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import NO_WARNING, WarningCode, Warnings
from oligoscope.study.column_checks import check_groups
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.protocol import AnalysisSettings, Protocol
from oligoscope.study.schemas import StudyTables
from oligoscope.study.study_file import StudyFile

Progress = Callable[[str], None]
# Kinds whose endpoint is fixed, and that need patients who did not progress.
_OF_ALL_TREATED: Mapping[str, Outcome] = {
    "landmark": Outcome.OS,
    "time_dependent": Outcome.OS,
    "competing_risks": Outcome.PFS,
    "illness_death": Outcome.PFS,
}


@dataclass(frozen=True)
class Planned:
    """One analysis.

    Attributes:
        settings: As study.yaml asks for it.
        n: Patients; after matching the mean over the imputations.
        groups: Patients of each group.
        withheld: Why it gives nothing; blank where it gives something.
        parts: Outcomes and variables of which nothing is given, with the reason.
        events: By outcome, in total; none of a part of the patients, which would tell patterns apart.
        per_variable: Of a model with several variables the patients of the smaller group over its columns.
    """

    settings: AnalysisSettings
    n: int = 0
    groups: tuple[tuple[str, int], ...] = ()
    withheld: Warnings = NO_WARNING
    parts: tuple[tuple[str, Warnings], ...] = ()
    events: tuple[tuple[str, int], ...] = ()
    per_variable: float | None = None

    @property
    def status(self) -> str:
        """runs, part or withheld."""
        gone = {name for name, _ in self.parts}
        asked = {str(o) for o in self.settings.outcomes}
        if self.withheld or (asked and asked <= gone):
            return "withheld"
        return "part" if self.parts else "runs"


@dataclass(frozen=True)
class PlannedMatching:
    """What matching is expected to give, from what is known before the outcome.

    Attributes:
        pairs: The mean over the imputations; None where nothing can be matched.
        largest_smd: After matching, as the balance is judged.
        withheld: Why outcomes are not compared after it.
        left_out: Covariates that the score cannot hold, with the reason.
        is_imputed: Values were drawn, so that the run's pairs may differ by a few.
    """

    pairs: float | None
    largest_smd: float | None
    withheld: Warnings
    left_out: tuple[tuple[str, Warnings], ...]
    is_imputed: bool


@dataclass(frozen=True)
class Plan:
    """A study before its outcomes are seen."""

    protocol: Protocol
    cohort: Cohort
    analyses: tuple[Planned, ...]
    matching: PlannedMatching | None


def plan_study(
    protocol: Protocol,
    tables: StudyTables,
    n_quarantined: int = 0,
    progress: Progress = lambda _stage: None,
    study_file: StudyFile | None = None,
) -> Plan:
    """Derive, select and match, and ask every analysis what prevents it; as `run_study`, which then answers.

    Raises:
        StudyFileError: An analysis cannot take the groups it asks for.
    """
    progress("derive")
    patients = label_only(tables, protocol)
    progress("select")
    cohort = select_cohort(patients, protocol, n_quarantined)
    groups = groups_of_analyses(protocol, cohort)
    (study_file or StudyFile()).refuse(check_groups(protocol, KINDS, groups, tables.patients.columns))
    found = _Gates(protocol, cohort, unknown_outcomes(tables, patients), progress)
    analyses = tuple(found.planned(settings) for settings in protocol.analyses)
    return Plan(protocol, cohort, analyses, found.matching())


class _Gates:
    """What prevents each analysis; patients are completed and matched once, when first needed."""

    def __init__(
        self, protocol: Protocol, cohort: Cohort, unknown: Mapping[Outcome, Warnings], progress: Progress
    ) -> None:
        self._protocol, self._cohort, self._unknown, self._progress = protocol, cohort, unknown, progress
        self._completed: dict[tuple[str, str], CompletedCohorts] = {}
        self._match: MatchedCohorts | NoAnswer | None = None

    def planned(self, settings: AnalysisSettings) -> Planned:
        question = question_of(settings.kind)
        base = self._cohort.population(base_population(settings))
        patients = only_where(base, settings)
        lasts = self._unknown.get(question.rests_on, NO_WARNING) if question.rests_on else NO_WARNING
        if why := lasts or why_prevented(patients, settings, base):
            return Planned(settings, patients.height, withheld=why)
        cohorts: Sequence[pl.DataFrame] = [patients]
        if settings.population == MATCHED:
            matched = self._matched()
            if isinstance(matched, NoAnswer):
                return Planned(settings, withheld=matched.warning)
            if matched.sealed and not KINDS[settings.kind].describes_start:
                return Planned(settings, withheld=matched.sealed)
            cohorts = [only_where(self._with_outcomes(c), settings) for c in matched.cohorts]
            if not any(c.height for c in cohorts):
                return Planned(settings, withheld=WarningCode.NO_PATIENTS())
        return self._judged(settings, cohorts)

    def matching(self) -> PlannedMatching | None:
        """What was expected of the matching; None where nothing asked for it."""
        found = self._match
        if found is None:
            return None
        completed = self._complete("progressed", GROUPING)
        names = self._protocol.matching.covariates
        left = tuple((str(n), why) for n in names if (why := why_left_out(completed.cohorts, n)))
        imputed = bool(completed.imputed)
        if isinstance(found, NoAnswer):
            return PlannedMatching(None, None, found.warning, left, imputed)
        values = {e.statistic: e.value for e in found.estimates if not e.variable}
        pairs = values.get(Statistic.N_PAIRS)
        return PlannedMatching(pairs, values.get(Statistic.LARGEST_SMD), found.missed, left, imputed)

    def _judged(self, settings: AnalysisSettings, cohorts: Sequence[pl.DataFrame]) -> Planned:
        options, first = KINDS[settings.kind], cohorts[0]
        n = round(fmean(c.height for c in cohorts))
        groups = tuple(_sizes(cohorts, settings.by)) if "by" in options.honours else ()
        words = [name for name, _ in groups]
        fewest = Fewest(self._protocol.matching.minimum_group, settings.minimum_events)
        parts: list[tuple[str, Warnings]] = [
            (str(o), self._unknown[o]) for o in settings.outcomes if o in self._unknown
        ]
        outcomes = [o for o in settings.outcomes if o not in self._unknown]
        withheld, per_variable = NO_WARNING, None
        if settings.kind in _OF_ALL_TREATED:
            outcomes = [_OF_ALL_TREATED[settings.kind]]
            withheld = why_not_all_treated(first)
        elif settings.kind == "predictors":
            withheld, per_variable, left = self._predictors(settings, words)
            parts += left
        elif settings.kind == "weighting":
            withheld = self._weighting(settings, words)
        elif options.two_groups:
            withheld = why_not_two(words)
        if settings.kind != "predictors":
            reason = why_not_levels if settings.kind in {"subgroups", "competing_risks"} else _blank
            parts += [(str(v), why) for v in settings.variables if (why := reason(first, v))]
        events = tuple((str(o), _events(cohorts, o)) for o in outcomes)
        # By group only whether there are enough: no outcome by group leaves this function.
        if not withheld and "by" in options.honours and len(groups) > 1:
            parts += [(str(o), why) for o in outcomes if (why := _too_few(cohorts, settings.by, o, fewest))]
        elif not withheld and outcomes and options.outcomes:
            withheld = fewest.why_not((n,), (min(e for _, e in events),))
        shown = () if settings.where else events
        return Planned(settings, n, groups, withheld, tuple(dict(parts).items()), shown, per_variable)

    def _predictors(
        self, settings: AnalysisSettings, groups: Sequence[str]
    ) -> tuple[Warnings, float | None, list[tuple[str, Warnings]]]:
        cohorts = [only_where(c, settings) for c in self._complete(settings.population, settings.by).cohorts]
        left = [(str(v), why) for v in settings.variables if (why := why_left_out(cohorts, v))]
        if why := why_not_two(groups):
            return why, None, left
        smaller = min(int((as_levels(c[settings.by]) == g).sum()) for c in cohorts for g in groups)
        least = max(settings.minimum_events, self._protocol.matching.minimum_group)
        if smaller < least:
            return WarningCode.TOO_FEW_IN_GROUP(minimum=least), None, left
        gone = {name for name, _ in left}
        columns = sum(_columns(cohorts, v) for v in settings.variables if v not in gone)
        if not columns:
            return NO_WARNING, None, left
        # The models of single variables are given all the same.
        few = too_few_per_variable(smaller / columns, settings.minimum_events_per_variable)
        if columns > smaller:
            few = WarningCode.TOO_MANY_COLUMNS(columns=columns, patients=smaller)
        return NO_WARNING, smaller / columns, [*left, *([(TOGETHER, few)] if few else [])]

    def _weighting(self, settings: AnalysisSettings, groups: Sequence[str]) -> Warnings:
        if is_of_matching(settings):
            found = self._matched()
            if isinstance(found, NoAnswer) and not found.warning.has(WarningCode.NO_PAIRS):
                return found.warning
        cohorts = [only_where(c, settings) for c in self._complete(settings.population, settings.by).cohorts]
        least = self._protocol.matching.minimum_group
        asked = attempt(lambda: require_two_large_groups("Weighting", cohorts, settings.by, groups, least))
        return asked.warning if isinstance(asked, NoAnswer) else NO_WARNING

    def _complete(self, population: str, by: str) -> CompletedCohorts:
        if (population, by) not in self._completed:
            self._progress("impute")
            blind = self._cohort.population(population)
            blind = blind.drop(c for o in Outcome for c in (o.days, o.event) if c in blind.columns)
            modelled = [v for a in self._protocol.analyses if KINDS[a.kind].completed for v in a.variables]
            found = impute_cohort(blind, self._protocol, by, population, modelled)
            self._completed[population, by] = found
        return self._completed[population, by]

    def _matched(self) -> MatchedCohorts | NoAnswer:
        if self._match is None:
            completed = self._complete("progressed", GROUPING)
            self._progress("match")
            found = attempt(
                lambda: match_cohorts(completed, self._protocol, GROUPING), WarningCode.NO_COVARIATES()
            )
            none = not isinstance(found, NoAnswer) and not found.cohorts
            self._match = NoAnswer(WarningCode.NO_PAIRS()) if none else found
        return self._match

    def _with_outcomes(self, cohort: pl.DataFrame) -> pl.DataFrame:
        """Matched patients with the columns that the matching was not shown."""
        hidden = [c for o in Outcome for c in (o.days, o.event) if c in self._cohort.patients.columns]
        return cohort.join(
            self._cohort.patients.select("patient_id", *hidden),
            on="patient_id",
            how="left",
            maintain_order="left",
        )


TOGETHER = "multivariable"  # the model with all variables, among the parts of an analysis


def _sizes(cohorts: Sequence[pl.DataFrame], by: str) -> Iterator[tuple[str, int]]:
    words = [as_levels(c[by]) for c in cohorts]
    for group in levels_of(by, pl.concat(words)):
        yield group, round(fmean(int((w == group).sum()) for w in words))


def _events(cohorts: Sequence[pl.DataFrame], outcome: Outcome) -> int:
    return round(fmean(int(c[outcome.event].fill_null(0).sum()) for c in cohorts))


def _too_few(cohorts: Sequence[pl.DataFrame], by: str, outcome: Outcome, fewest: Fewest) -> Warnings:
    """Why the groups are not compared: in one of the cohorts one of them is too small, or has too few events."""
    rows = [survival_rows(c, by, outcome) for c in cohorts]
    groups = levels_of(by, pl.concat([r["group"] for r in rows]))
    if len(groups) < 2:
        return why_not_two(groups)
    own = [r.filter(pl.col("group") == g)["event"] for r in rows for g in groups]
    return fewest.why_not(map(len, own), (int(e.sum()) for e in own))


def _blank(patients: pl.DataFrame, name: str) -> Warnings:
    """Why nothing can be said of a variable: no patient has a value of it."""
    gone = name not in patients.columns or patients[name].null_count() == patients.height
    return WarningCode.BLANK_FOR_ALL() if gone else NO_WARNING


def _columns(cohorts: Sequence[pl.DataFrame], name: str) -> int:
    values = pl.concat([c[name] for c in cohorts])
    return len(levels_of(name, values)) - 1 if is_levels(values) else 1

"""The lines of analysis.R: of each analysis that ran, the calls that compute its numbers again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from oligoscope.cohort.variables import is_levels
from oligoscope.cohort.variables_left_out import usable_everywhere
from oligoscope.pipeline import StudyRun
from oligoscope.report.r_script.r_text import r_call, r_text, r_texts, r_truth
from oligoscope.results.analyses import BASELINE, LANDMARK, PREDICTORS, RECLASSIFICATION, SURVIVAL, WEIGHTING
from oligoscope.results.methods import Method, MethodPart
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.dictionary.populations import MATCHED
from oligoscope.study.keys import PER_UNIT, is_comparison, is_of, parts_of, word_of
from oligoscope.study.protocol import AnalysisSettings

Kind = Literal[
    "survival",
    "landmark",
    "predictors",
    "baseline",
    "weighting",
    "definitions",
    "survival of sets",
    "baseline of sets",
]
_TESTS = frozenset({
    MethodPart.CHI_SQUARE, MethodPart.FISHER, MethodPart.STUDENT_T, MethodPart.WELCH_T, MethodPart.ANOVA, MethodPart.WELCH_ANOVA,
    MethodPart.MANN_WHITNEY, MethodPart.KRUSKAL_WALLIS,
})  # fmt: skip
_OF_LEVELS = (MethodPart.CHI_SQUARE, MethodPart.FISHER)
_KINDS = ((Statistic.ODDS_RATIO_UNIVARIABLE, "univariable"), (Statistic.ODDS_RATIO_MULTIVARIABLE, "multivariable"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Calls:
    """Calls of one analysis.

    Attributes:
        kind: What they compute, by which their functions are found.
        lines: Code.
    """

    kind: Kind
    lines: tuple[str, ...]


def calls_of(run: StudyRun, settings: AnalysisSettings) -> Calls | None:
    """The calls that an analysis comes to; None where it is not one of these, or gave no number."""
    found = WRITERS.get(settings.kind)
    if found is None or not _is_known(run, settings):
        return None
    kind, of_sets, writer = found
    lines = tuple(dict.fromkeys(writer(run, settings)))
    return Calls(of_sets if settings.population == MATCHED else kind, lines) if lines else None


def _is_known(run: StudyRun, settings: AnalysisSettings) -> bool:
    """Whether files hold every column that chooses and groups the patients."""
    return {*settings.where, settings.by} <= set(run.cohort.patients.columns)


def _where(run: StudyRun, settings: AnalysisSettings) -> str:
    """The levels that patients must have; blank where all are asked about."""
    schema = run.cohort.patients.schema
    found = []
    for column, word in settings.where.items():
        kind = schema[column]
        level = {"true": "yes", "false": "no"}.get(word, word) if kind == pl.Boolean else word
        found.append(
            r_call("list", column=r_text(column), word=r_text(level), number=r_truth(kind.is_numeric()))
        )
    return f"list({', '.join(found)})" if found else ""


def _patients(run: StudyRun, settings: AnalysisSettings) -> str:
    where = _where(run, settings)
    return r_call("patients", r_text(settings.population), *([where] if where else []))


def _found(run: StudyRun, settings: AnalysisSettings, **keys: object) -> list[Estimate]:
    return run.results.find(population=settings.patients, **keys)  # type: ignore[arg-type]


# ---- survival --------------------------------------------------------------------------------------


def _survival(run: StudyRun, settings: AnalysisSettings) -> Iterator[str]:
    for outcome in settings.outcomes:
        found = _found(run, settings, analysis=SURVIVAL, outcome=outcome)
        found = [e for e in found if is_of(e.group, settings.by)]
        sizes = [e for e in found if e.statistic == Statistic.N and e.group and not e.variable]
        if not any(e.value for e in sizes):
            continue
        pair = next((e.group for e in found if is_comparison(e.group)), None)
        names = {word_of(e.group): e.group for e in sizes}
        if pair is not None:  # in the order compared
            names = {word_of(part): names.get(word_of(part), part) for part in parts_of(pair)} | names
        who = r_text(settings.patients), r_text(settings.by), r_text(outcome), r_texts(names)
        named = "" if all(word == name for word, name in names.items()) else r_texts(names.values())
        compared = "" if pair is None else r_text(pair)
        if settings.population == MATCHED:
            if run.matched is not None and run.matched.cohorts:
                yield r_call(
                    "survival_after_matching", *who, named=named, pair=compared, where=_where(run, settings)
                )
            continue
        more = {"named": named, "pair": compared, "adjusted_for": _adjusted(found)}
        yield r_call("survival_by_group", _patients(run, settings), *who, **more)


def _adjusted(found: Sequence[Estimate]) -> str:
    for e in found:
        if e.statistic == Statistic.HAZARD_RATIO_ADJUSTED and e.value is not None:
            ecog = e.method.has(MethodPart.COX_ADJUSTED_FOR_TIME_AND_ECOG)
            return r_texts(("late", "ecog") if ecog else ("late",))
    return ""


def _landmark(run: StudyRun, settings: AnalysisSettings) -> Iterator[str]:
    found = _found(run, settings, analysis=LANDMARK)
    if any(e.value is not None for e in found):
        yield r_call("from_landmarks", _patients(run, settings), r_text(settings.patients))


# ---- models and tests ------------------------------------------------------------------------------


def _predictors(run: StudyRun, settings: AnalysisSettings) -> Iterator[str]:
    found = _found(run, settings, analysis=PREDICTORS, outcome=settings.by)
    completed = run.completed.get((settings.population, settings.by))
    pair = next((e.group for e in found if is_comparison(e.group)), None)
    if completed is None or pair is None:
        return
    event = word_of(parts_of(pair)[0])
    for ratio, kind in _KINDS:
        rows = [e for e in found if e.statistic == ratio and e.level]
        models = (
            [[e for e in rows if e.variable == v] for v in dict.fromkeys(e.variable for e in rows)]
            if kind == "univariable"
            else [rows]
        )
        for model in models:
            if any(e.value is not None for e in model) and all(_is_plain(e.method) for e in model):
                columns = r_call("list", *map(_column, model))
                yield r_call(
                    "predictors_of", r_text(settings.population), r_text(settings.patients), r_text(settings.by),
                    r_text(event), r_text(pair), r_text(kind), str(completed.m), columns, where=_where(run, settings),
                )  # fmt: skip


def _is_plain(method: Method) -> bool:
    """Whether it is a model by maximum likelihood: R alone does not have Firth's."""
    return method.has(MethodPart.LOGISTIC) and not method.has(MethodPart.FIRTH)


def _column(e: Estimate) -> str:
    level = "NA" if e.level == PER_UNIT else r_text(word_of(parts_of(e.level)[0]))
    return r_call("list", variable=r_text(e.variable), level=level, named=r_text(e.level))


def _weighting(run: StudyRun, settings: AnalysisSettings) -> Iterator[str]:
    found = [e for e in _found(run, settings, analysis=WEIGHTING) if is_of(e.group, settings.by)]
    completed = run.completed.get((settings.population, settings.by))
    pair = next((e.group for e in found if is_comparison(e.group) and e.value is not None), None)
    if completed is None or pair is None:
        return
    groups, patients = parts_of(pair), completed.cohorts[0]
    names = {word_of(e.group): e.group for e in found if e.statistic == Statistic.EFFECTIVE_N}
    covariates = [
        r_call("list", variable=r_text(name), is_levels=r_truth(is_levels(patients[name])))
        for name in run.protocol.matching.covariates
        if name != settings.by and name in usable_everywhere(completed.cohorts, [name])
    ]
    yield r_call(
        "survival_weighted", r_text(settings.population), r_text(settings.patients), r_text(settings.by),
        r_texts(settings.outcomes), r_texts(map(word_of, groups)), r_texts(names.get(word_of(g), g) for g in groups), r_text(pair),
        str(completed.m), r_call("list", *covariates), where=_where(run, settings),
    )  # fmt: skip


def _baseline(run: StudyRun, settings: AnalysisSettings) -> Iterator[str]:
    found = _found(run, settings, analysis=BASELINE, outcome=settings.by, statistic=Statistic.P_VALUE)
    where = _where(run, settings)
    cohorts = f"list({_patients(run, settings)})"
    if settings.population == MATCHED:
        if run.matched is None or not run.matched.cohorts:
            return
        cohorts = r_call("matched_cohorts", where or "list()", "FALSE")
    for e in found:
        parts = [step.part for step in e.method.steps if step.part in _TESTS]
        if e.value is None or not parts or not is_comparison(e.group):
            continue
        groups = r_texts(word_of(part) for part in parts_of(e.group))
        yield r_call(
            "table_1_test", cohorts, r_text(settings.patients), r_text(settings.by), groups, r_text(e.group), r_text(e.variable),
            r_truth(parts[0] in _OF_LEVELS), r_texts(parts),
        )  # fmt: skip


def _definitions(run: StudyRun, settings: AnalysisSettings) -> Iterator[str]:
    found = run.results.find(
        analysis=RECLASSIFICATION,
        population=settings.population,
        outcome=Outcome.PPS,
        statistic=Statistic.HAZARD_RATIO,
    )
    named = [e.group for e in found if e.value is not None]
    if named and settings.population != MATCHED:
        yield r_call(
            "survival_under_definitions",
            _patients(run, settings),
            r_text(settings.population),
            r_texts(named),
        )


_Writer = Callable[[StudyRun, AnalysisSettings], Iterator[str]]
# Of each analysis what it computes, before and after matching, and what writes its lines.
WRITERS: Mapping[str, tuple[Kind, Kind, _Writer]] = {
    SURVIVAL: ("survival", "survival of sets", _survival),
    LANDMARK: ("landmark", "landmark", _landmark),
    PREDICTORS: ("predictors", "predictors", _predictors),
    BASELINE: ("baseline", "baseline of sets", _baseline),
    WEIGHTING: ("weighting", "weighting", _weighting),
    RECLASSIFICATION: ("definitions", "definitions", _definitions),
}

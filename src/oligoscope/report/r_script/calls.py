"""A study as analysis.R holds it: its settings as R lists, the kinds of its columns and the order of their levels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from oligoscope.cohort.centres import are_used
from oligoscope.cohort.variables import declared_levels
from oligoscope.pipeline import StudyRun
from oligoscope.report.r_script.r_text import r_call, r_text, r_texts, r_truth
from oligoscope.results.analyses import RESPONSE_RATE, analysis_of
from oligoscope.results.warnings import WarningCode
from oligoscope.study.conditions import parse_condition
from oligoscope.study.protocol import AnalysisSettings, MatchingSettings
from oligoscope.study.weighting_settings import WeightingSettings


def settings_of(run: StudyRun) -> str:
    """The settings of a study that its numbers depend on, and what was completed."""
    protocol = run.protocol
    completed = (
        r_call("list", population=r_text(population), by=r_text(by), m=str(found.m))
        for (population, by), found in run.completed.items()
    )
    cutoff = protocol.study.data_cutoff
    parts = {
        "data_cutoff": "" if cutoff is None else r_text(cutoff.isoformat()),
        "n_set_aside": str(run.cohort.flow.n_screened - run.cohort.patients.height),
        "rules": _rules(run),
        "window_days": str(protocol.progression.window_days),
        "matching": _matching(protocol.matching),
        "weighting": _weighting(protocol.weighting),
        "centres": "" if protocol.centres.use == "none" else r_text(_centres(run)),
        "completed": f"list({', '.join(completed)})",
    }
    given = [f"  {name} = {value}" for name, value in parts.items() if value]
    analyses = (
        f"    # analyses[{number}] of study.yaml\n    {call_of(settings)}"
        for number, settings in enumerate(protocol.analyses, 1)
        if not _needs_responses(run, settings)
    )
    listed = ",\n".join(analyses)
    return ",\n".join([*given, f"  analyses = list(\n{listed}\n  )"])


def _needs_responses(run: StudyRun, settings: AnalysisSettings) -> bool:
    """Whether an analysis gave nothing because no response is recorded: there is nothing to compute again."""
    of_resistance = "resistance" in (settings.by, *settings.where)
    why = WarningCode.RESISTANCE_NOT_KNOWN if of_resistance else WarningCode.RESPONSE_NOT_RECORDED
    found = run.results.find(analysis=analysis_of(settings.kind), population=settings.patients)
    return (of_resistance or settings.kind == RESPONSE_RATE) and any(e.warning.has(why) for e in found)


def _centres(run: StudyRun) -> str:
    """How the centres were taken into account, which they are not where there are fewer than two."""
    return run.protocol.centres.use if are_used(run.cohort.patients) else "none"


def _rules(run: StudyRun) -> str:
    """The steps of the flow in their order; the columns of the study's own rules, where each rule needs one only."""
    own = {rule.id: sorted(parse_condition(rule.keep).columns) for rule in run.protocol.eligibility}
    steps = (
        r_call("list", rule=r_text(s.rule), after=r_text(s.after), columns=r_texts(own.get(s.rule, ())))
        for s in run.cohort.flow.every_step
    )
    listed = ",\n    ".join(steps)
    return f"list(\n    {listed}\n  )"


def _weighting(settings: WeightingSettings) -> str:
    truncate = "NULL" if settings.truncate is None else f"{settings.truncate!r}"
    return r_call(
        "list",
        lead=r_text(settings.lead),
        targets=r_texts(settings.targets),
        truncate=truncate,
        limits=r_text(settings.limits),
    )


def _matching(settings: MatchingSettings) -> str:
    caliper = "" if settings.caliper is None else f"{settings.caliper!r}"
    return r_call(
        "list",
        covariates=r_texts(settings.covariates),
        covariates_at_progression=r_texts(settings.covariates_at_progression),
        method=r_text(settings.method),
        ratio=str(settings.ratio),
        replace=r_truth(settings.replace),
        order=r_text(settings.order),
        caliper=caliper,
        caliper_scale=r_text(settings.caliper_scale),
        exact=r_texts(settings.exact),
        imputations=r_text(settings.imputations),
        balance_limit=f"{settings.balance_limit!r}",
        minimum_group=str(settings.minimum_group),
        minimum_events_per_variable=f"{settings.minimum_events_per_variable!r}",
        unseal="" if settings.unseal is None else r_text(settings.unseal.en),
    )


def call_of(settings: AnalysisSettings) -> str:
    """An analysis as study.yaml asks for it."""
    where = ", ".join(f"{r_text(column)} = {r_text(word)}" for column, word in settings.where.items())
    return r_call(
        "list",
        kind=r_text(settings.kind),
        population=r_text(settings.population),
        patients=r_text(settings.patients),
        by=r_text(settings.by),
        reference="" if settings.reference is None else r_text(settings.reference),
        where=f"list({where})" if where else "",
        outcomes=r_texts(settings.outcomes) if settings.outcomes else "",
        variables=r_texts(settings.variables) if settings.variables else "",
        minimum_events=str(settings.minimum_events),
        minimum_events_per_variable=f"{settings.minimum_events_per_variable!r}",
        adjust_for=r_texts(settings.adjust_for) if settings.adjust_for else "",
        landmark_days="" if settings.landmark_days is None else str(settings.landmark_days),
        small_sample="" if settings.small_sample == "none" else r_text(settings.small_sample),
        exact_p="" if settings.exact_p == "fisher" else r_text(settings.exact_p),
        clock="" if settings.clock == "forward" else r_text(settings.clock),
        **_beside_changing_ratios(settings),
    )


def _beside_changing_ratios(settings: AnalysisSettings) -> dict[str, str]:
    horizon = settings.horizon_months
    return {
        "horizon_months": "" if horizon is None else f"{horizon!r}",
        "period_ends": f"c({', '.join(map(repr, settings.period_ends))})",
        "weighted_test": r_text(settings.weighted_test),
        "rho_gamma": f"c({', '.join(map(repr, settings.rho_gamma))})",
    }


def kinds_of(schema: Mapping[str, pl.DataType], names: Iterable[str]) -> str:
    """Of each column whether it holds words, yes or no, whole or other numbers."""
    kinds = [f"{r_text(name)} = {r_text(_kind(schema[name]))}" for name in names if name in schema]
    lines = ",\n  ".join(", ".join(kinds[i : i + 4]) for i in range(0, len(kinds), 4))
    return f"c(\n  {lines}\n)"


def _kind(kind: pl.DataType) -> str:
    if kind.is_integer():
        return "integer"
    if kind.is_float():
        return "number"
    return "boolean" if kind == pl.Boolean else "text"


def levels_of_columns(names: Iterable[str]) -> str:
    """The levels that the dictionary declares for these columns, in their order; a line a column."""
    declared = ((name, declared_levels(name)) for name in names)
    return "\n".join(f"LEVELS[[{r_text(name)}]] <- {r_texts(words)}" for name, words in declared if words)

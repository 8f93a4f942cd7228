"""Whether a hazard ratio is the same in all kinds of patients: one a subgroup, and the interaction's P."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from oligoscope.cohort.attempts import NoAnswer, attempt
from oligoscope.cohort.left_out import why_not_levels
from oligoscope.cohort.times import caution, survival_rows
from oligoscope.cohort.variables import as_levels, comparison, levels_of
from oligoscope.questions.question import Answer, Asked
from oligoscope.results.analyses import SUBGROUPS
from oligoscope.results.methods import Method, MethodPart
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import WarningCode, Warnings, join, of_statistics
from oligoscope.stats.survival.column_tests import cox_interaction
from oligoscope.stats.survival.cox import cox
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.protocol import AnalysisSettings

METHOD = Method(MethodPart.COX, MethodPart.EFRON, MethodPart.WALD_LIMITS)


def compare_in_subgroups(patients: pl.DataFrame, settings: AnalysisSettings) -> list[Estimate]:
    """Hazard ratio of the two groups of `by` at every level of every variable, for every outcome."""
    found: list[Estimate] = []
    for outcome in settings.outcomes:
        keys: dict[str, Any] = {"analysis": SUBGROUPS, "population": settings.population, "outcome": outcome}
        for variable in settings.variables:
            found += [Estimate(**keys, **row) for row in _variable(patients, settings, outcome, variable)]
    return found


def _variable(
    patients: pl.DataFrame, settings: AnalysisSettings, outcome: Outcome, variable: str
) -> Iterator[dict[str, Any]]:
    reason = why_not_levels(patients, variable)
    if reason and not patients.is_empty():
        yield {"variable": variable, "statistic": Statistic.P_VALUE_INTERACTION, "warning": reason}
        return
    known = patients.with_columns(as_levels(patients[variable]).alias("_level")).filter(
        pl.col("_level").is_not_null()
    )
    rows = survival_rows(known, settings.by, outcome, "_level").rename({"cluster": "level"}, strict=False)
    groups = levels_of(settings.by, rows["group"])
    if len(groups) != 2:
        why = WarningCode.ONE_GROUP_ONLY() if groups else WarningCode.NO_PATIENTS()
        why = WarningCode.TWO_GROUPS_NEEDED() if len(groups) > 2 else why
        yield {
            "variable": variable,
            "statistic": Statistic.HAZARD_RATIO,
            "n": rows.height,
            "method": METHOD,
            "warning": why,
        }
        return
    keys = {"group": comparison(groups), "variable": variable}
    found = [
        keys | row
        for level in levels_of(variable, rows["level"])
        for row in _level(rows.filter(pl.col("level") == level), settings, outcome, groups, level)
    ]
    yield from found
    given = sum(row.get("value") is not None for row in found)
    yield (
        keys
        | {"n": rows.height, "statistic": Statistic.P_VALUE_INTERACTION}
        | _interaction(rows, given, settings)
    )


def _level(
    members: pl.DataFrame, settings: AnalysisSettings, outcome: str, groups: tuple[str, ...], level: str
) -> Iterator[dict[str, Any]]:
    """The hazard ratio in one subgroup, or why there is none."""
    keys: dict[str, Any] = {
        "level": level,
        "n": members.height,
        "method": METHOD,
        "statistic": Statistic.HAZARD_RATIO,
    }
    events = [int(members.filter(pl.col("group") == g)["event"].sum()) for g in groups]
    if min(events) < settings.minimum_events:
        yield {**keys, "warning": _too_few(settings)}
        return
    design = (members["group"] == groups[0]).to_numpy().astype(float)[:, None]
    fit = attempt(lambda: cox(members["months"].to_numpy(), members["event"].to_numpy(), design))
    if isinstance(fit, NoAnswer):
        yield {**keys, "warning": fit.warning}
        return
    warning = join(of_statistics(fit.warning), caution(settings.by, outcome))
    value, low, high = float(fit.hazard_ratios[0]), float(fit.low[0]), float(fit.high[0])
    yield {**keys, "value": value, "low": low, "high": high, "warning": warning}


def _interaction(rows: pl.DataFrame, n_given: int, settings: AnalysisSettings) -> dict[str, Any]:
    """P of the interaction, or why there is none; `n_given` subgroups have a hazard ratio."""
    if n_given < 2:  # no two hazard ratios that could differ
        return {"warning": _too_few(settings)}
    columns = (rows[name].to_numpy() for name in ("months", "event", "group", "level"))
    test = attempt(lambda: cox_interaction(*columns))
    if isinstance(test, NoAnswer):
        return {"warning": test.warning}
    return {"value": test.p_value, "method": Method(MethodPart.LIKELIHOOD_RATIO_OF_PRODUCT)}


def _too_few(settings: AnalysisSettings) -> Warnings:
    return WarningCode.TOO_FEW_EVENTS(minimum=settings.minimum_events)


def answer(asked: Asked) -> Answer:
    """The question, of the patients asked about."""
    return compare_in_subgroups(asked.patients, asked.settings), {}

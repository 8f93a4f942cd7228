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
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.stats.survival.cox import cox
from oligoscope.stats.survival.interaction import cox_interaction
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.protocol import AnalysisSettings

METHOD = "Cox, Efron ties, Wald limits"


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
        why = "two_groups_needed" if len(groups) > 2 else "one_group_only" if groups else "no_patients"
        yield {
            "variable": variable,
            "statistic": Statistic.HAZARD_RATIO,
            "n": rows.height,
            "method": METHOD,
            "warning": why,
        }
        return
    group, word = comparison(groups), caution(settings.by, outcome)
    sparse, n_given = f"too_few_events minimum={settings.minimum_events}", 0
    for level in levels_of(variable, rows["level"]):
        members = rows.filter(pl.col("level") == level)
        keys = {"group": group, "variable": variable, "level": level, "n": members.height, "method": METHOD}
        events = [int(members.filter(pl.col("group") == g)["event"].sum()) for g in groups]
        if min(events) < settings.minimum_events:
            yield {**keys, "statistic": Statistic.HAZARD_RATIO, "warning": sparse}
            continue
        design = (members["group"] == groups[0]).to_numpy().astype(float)[:, None]
        fit = attempt(lambda m=members, d=design: cox(m["months"].to_numpy(), m["event"].to_numpy(), d))
        if isinstance(fit, NoAnswer):
            yield {**keys, "statistic": Statistic.HAZARD_RATIO, "warning": fit.warning}
            continue
        n_given += 1
        yield {
            **keys, "statistic": Statistic.HAZARD_RATIO, "value": float(fit.hazard_ratios[0]), "low": float(fit.low[0]),
            "high": float(fit.high[0]), "warning": "; ".join(w for w in (fit.warning, word) if w),
        }  # fmt: skip
    keys: dict[str, Any] = {
        "group": group,
        "variable": variable,
        "n": rows.height,
        "statistic": Statistic.P_VALUE_INTERACTION,
    }
    if n_given < 2:  # no two hazard ratios that could differ
        yield {**keys, "warning": sparse}
        return
    test = attempt(
        lambda: cox_interaction(
            rows["months"].to_numpy(),
            rows["event"].to_numpy(),
            rows["group"].to_numpy(),
            rows["level"].to_numpy(),
        )
    )
    if isinstance(test, NoAnswer):
        yield {**keys, "warning": test.warning}
    else:
        yield {**keys, "value": test.p_value, "method": "likelihood ratio of the product term"}


def answer(asked: Asked) -> Answer:
    """The question, of the patients asked about."""
    return compare_in_subgroups(asked.patients, asked.settings), {}

"""Whether a hazard ratio is the same in all kinds of patients: one a subgroup, and the interaction's P; crude, and adjusted on request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from oligoscope.cohort.adjusted_ratios import ADJUSTED, Adjusting, Followed, adjusted_rows
from oligoscope.cohort.attempts import NoAnswer, attempt, p_of
from oligoscope.cohort.centres import centres_of
from oligoscope.cohort.events_per_variable import sparse_per_variable, too_few_per_variable
from oligoscope.cohort.small_samples import first_ratio
from oligoscope.cohort.times import COX, Fewest, caution, entry_of, survival_rows
from oligoscope.cohort.variables import as_levels, comparison, levels_of, why_not_two, with_reference
from oligoscope.cohort.variables_left_out import why_not_levels
from oligoscope.questions.question import Answer, Asked
from oligoscope.results.analyses import SUBGROUPS
from oligoscope.results.methods import Method, MethodPart
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit
from oligoscope.results.warnings import NO_WARNING, WarningCode, join
from oligoscope.stats.arrays import Floats
from oligoscope.stats.survival.column_tests import cox_interaction
from oligoscope.stats.survival.few_clusters import wald_of_clusters
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.protocol import AnalysisSettings


def compare_in_subgroups(
    patients: pl.DataFrame, settings: AnalysisSettings, minimum_group: int = 0
) -> list[Estimate]:
    """Patients and events of the two groups of `by` and their hazard ratio at every level of every variable, for every outcome.

    With `adjust_for` also the ratio adjusted for these variables, and the P of the interaction in a model that holds them.
    """
    fewest = Fewest(minimum_group, settings.minimum_events)
    adjusting = Adjusting.of(patients, settings)
    found: list[Estimate] = []
    for outcome in settings.outcomes:
        keys: dict[str, Any] = {"analysis": SUBGROUPS, "population": settings.population, "outcome": outcome}
        for variable in settings.variables:
            rows = _variable(patients, settings, outcome, variable, fewest, adjusting)
            found += [Estimate(**keys, **row) for row in rows]
        found += [Estimate(**keys, **row) for row in adjusting.left_out_rows]
    return found


def _variable(
    patients: pl.DataFrame,
    settings: AnalysisSettings,
    outcome: Outcome,
    variable: str,
    fewest: Fewest,
    adjusting: Adjusting,
) -> Iterator[dict[str, Any]]:
    reason = why_not_levels(patients, variable)
    if reason and not patients.is_empty():
        yield {"variable": variable, "statistic": Statistic.P_VALUE_INTERACTION, "warning": reason}
        return
    known = patients.with_columns(as_levels(patients[variable]).alias("_level")).drop_nulls("_level")
    rows = survival_rows(known, settings.by, outcome, "_level", adjusting.columns)
    rows = rows.rename({"cluster": "level"}, strict=False)
    groups = with_reference(levels_of(settings.by, rows["group"]), settings.reference)
    if why := why_not_two(groups):
        none = {"statistic": Statistic.HAZARD_RATIO, "n": rows.height, "method": COX, "warning": why}
        yield {"variable": variable, **none}
        return
    keys = {"group": comparison(groups), "variable": variable}
    found: list[dict[str, Any]] = []
    for level in levels_of(variable, rows["level"]):
        members, here = rows.filter(pl.col("level") == level), {"variable": variable, "level": level}
        yield from (here | row for row in _counts(members, groups))
        found.append(keys | here | _ratio(members, groups[0], settings, outcome, fewest))
        yield found[-1]
        if settings.adjust_for:
            adjusted = _adjusted(adjusting, members, groups[0], variable, settings, outcome, fewest)
            yield from (keys | here | row for row in adjusted)
    keys |= {"n": rows.height, "statistic": Statistic.P_VALUE_INTERACTION}
    sparse = [row["warning"] for row in found if row["warning"].has(*_TOO_FEW)]
    given = sum(row.get("value") is not None for row in found)
    yield keys | ({"warning": join(*sparse)} if sparse else _interaction(rows, given, settings))
    if settings.adjust_for:
        del keys["n"], keys["statistic"]
        yield from (keys | row for row in _adjusted_interaction(adjusting, rows, variable, settings, fewest))


# The test compares every level: where one of them has too few for its own ratio, there is none.
_TOO_FEW = (WarningCode.TOO_FEW_IN_GROUP, WarningCode.TOO_FEW_EVENTS)


def _counts(members: pl.DataFrame, groups: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Patients and events of each group in one subgroup."""
    for group in groups:
        event = members.filter(pl.col("group") == group)["event"]
        keys: dict[str, Any] = {"group": group, "n": event.len()}
        yield {**keys, "statistic": Statistic.N, "value": event.len(), "unit": Unit.PATIENTS}
        yield {**keys, "statistic": Statistic.EVENTS, "value": int(event.sum()), "unit": Unit.EVENTS}


def _ratio(
    members: pl.DataFrame, first: str, settings: AnalysisSettings, outcome: str, fewest: Fewest
) -> dict[str, Any]:
    """The hazard ratio in one subgroup, or why there is none."""
    keys: dict[str, Any] = {"n": members.height, "method": COX, "statistic": Statistic.HAZARD_RATIO}
    months, event = members["months"].to_numpy(), members["event"].to_numpy()
    of_first = (members["group"] == first).to_numpy()
    sparse = fewest.why_not_two(event, of_first)
    design, entry, centres = of_first.astype(float)[:, None], entry_of(members), centres_of(members)
    found = (
        NoAnswer(sparse) if sparse else first_ratio(months, event, design, entry, settings, centres=centres)
    )
    if isinstance(found, NoAnswer):
        return keys | {"warning": found.warning}
    return keys | found.fields | {"warning": join(found.warning, caution(settings.by, outcome))}


def _interaction(rows: pl.DataFrame, n_given: int, settings: AnalysisSettings) -> dict[str, Any]:
    """P of the interaction, or why there is none; `n_given` subgroups have a hazard ratio."""
    if n_given < 2:  # no two hazard ratios that could differ
        return {"warning": WarningCode.TOO_FEW_EVENTS(minimum=settings.minimum_events)}
    return _of_product(rows)


def _of_product(rows: pl.DataFrame, covariates: Floats | None = None) -> dict[str, Any]:
    """P of the product terms, in a model with the covariates where there are any, and its test; between centres by Wald."""
    columns = (rows[name].to_numpy() for name in ("months", "event", "group", "level"))
    centres, entry = centres_of(rows), entry_of(rows)
    within, alike = centres.strata, centres.clusters
    test = attempt(
        lambda: cox_interaction(*columns, adjust=covariates, entry=entry, strata=within, cluster=alike)
    )
    more = () if covariates is None else (ADJUSTED,)
    if isinstance(test, NoAnswer):
        return p_of(test)
    if alike is not None:
        few = attempt(lambda: wald_of_clusters(test, centres.n))
        return p_of(few) | {"method": centres.test(Method(MethodPart.WALD_OF_PRODUCT, *more))}
    return p_of(test) | {"method": centres.test(Method(MethodPart.LIKELIHOOD_RATIO_OF_PRODUCT, *more))}


def _adjusted(
    adjusting: Adjusting,
    members: pl.DataFrame,
    first: str,
    variable: str,
    settings: AnalysisSettings,
    outcome: Outcome,
    fewest: Fewest,
) -> Iterator[dict[str, Any]]:
    """The adjusted hazard ratio in one subgroup."""
    rows = adjusting.known(members)
    followed = Followed.of_first(rows, first, adjusting.design(rows, without=(variable,)))
    sparse = fewest.why_not_two(followed.event, followed.own[:, 0] == 1)
    model = Method(MethodPart.COX)
    yield from adjusted_rows(followed, settings, model, sparse, caution(settings.by, outcome))


def _adjusted_interaction(
    adjusting: Adjusting, rows: pl.DataFrame, variable: str, settings: AnalysisSettings, fewest: Fewest
) -> Iterator[dict[str, Any]]:
    """P of the interaction in a model with the covariates: of the patients in whom all are known."""
    rows = adjusting.known(rows)
    keys: dict[str, Any] = {"n": rows.height}
    test = keys | {"statistic": Statistic.P_VALUE_INTERACTION_ADJUSTED}
    event, group, level = (rows[name].to_numpy() for name in ("event", "group", "level"))
    of_first = group == (group[0] if rows.height else "")
    parts = [level == one for one in dict.fromkeys(level)]
    sparse = join(*(fewest.why_not_two(event[part], of_first[part]) for part in parts))
    covariates = adjusting.design(rows, without=(variable,))
    if why := sparse or (NO_WARNING if covariates.shape[1] else WarningCode.NO_COVARIATES()):
        yield test | {"warning": why}
        return
    columns = 2 * len(parts) - 1 + covariates.shape[1]
    per_variable = float(event.sum()) / columns
    yield keys | {"statistic": Statistic.EVENTS_PER_PARAMETER, "value": per_variable}
    if few := too_few_per_variable(per_variable, settings.minimum_events_per_variable):
        yield test | {"warning": few}
        return
    answer = _of_product(rows, covariates)
    yield (
        test
        | answer
        | {"warning": join(answer.get("warning", NO_WARNING), sparse_per_variable(per_variable))}
    )


def answer(asked: Asked) -> Answer:
    """The question, of the patients asked about."""
    return compare_in_subgroups(asked.patients, asked.settings, asked.matching.minimum_group), {}

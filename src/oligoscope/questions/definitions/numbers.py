"""What the choice of a definition does: every preset side by side, with agreement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import polars as pl

from oligoscope.cohort.attempts import NoAnswer, attempt
from oligoscope.cohort.changing_hazards import describe_change
from oligoscope.cohort.counts import count_rows, rows_of_agreement
from oligoscope.cohort.times import (
    COX,
    Fewest,
    changes_with_time,
    entry_of,
    proportionality,
    ratio_of,
    survival_rows,
)
from oligoscope.cohort.variables import comparison, levels_of, why_not_two
from oligoscope.questions.definitions.question import ACQUIRED_OR_NOT
from oligoscope.questions.question import Answer, Asked
from oligoscope.results.analyses import RECLASSIFICATION
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit
from oligoscope.results.warnings import NO_WARNING, WarningCode, join, of_statistics
from oligoscope.stats.comparison.agreement import cohen_kappa
from oligoscope.stats.survival.cox import cox
from oligoscope.stats.survival.log_rank import log_rank
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.dictionary.terms import Pattern, Resistance
from oligoscope.study.keys import Comparison, Crossed, Level
from oligoscope.study.protocol import AnalysisSettings


def compare_definitions(
    definitions: pl.DataFrame, population: str = "progressed", minimum_group: int = 0
) -> list[Estimate]:
    """Patients by label under each preset, and agreement of every pair of presets.

    Args:
        definitions: One row a progressed patient; columns pattern:NAME and resistance:NAME.
        population: The population these patients are.
        minimum_group: The fewest patients of whom agreement is given.

    Returns:
        By outcome (pattern, resistance): group=preset, level=label: n, percent; group="A vs B",
        level="label -> label": n of the cross-table; percent_agree and kappa of the pair. For resistance both
        again with variable="acquired_or_not": acquired against every other label, because definitions that do
        not have the same categories cannot hold the same labels. Of an outcome of which no definition gives any
        patient a label, a row that says why.
    """
    return [
        Estimate(analysis=RECLASSIFICATION, population=population, outcome=outcome, **row)
        for outcome in ("pattern", "resistance")
        for row in _rows(definitions, outcome, minimum_group)
    ]


def _rows(definitions: pl.DataFrame, outcome: str, minimum_group: int) -> Iterator[dict]:
    columns = {c.split(":", 1)[1]: definitions[c] for c in definitions.columns if c.startswith(f"{outcome}:")}
    if columns and definitions.height and not any(len(labels.drop_nulls()) for labels in columns.values()):
        yield {"statistic": Statistic.N, "warning": _NOT_APPLIED[outcome]}
    for preset, labels in columns.items():
        known = labels.drop_nulls()
        n = known.len()
        yield {"group": preset, "statistic": Statistic.N, "value": n, "n": n, "unit": Unit.PATIENTS}
        for label in sorted(known.unique()):
            keys = {"group": preset, "level": Level.of(outcome, label)}
            yield from count_rows(keys, int((known == label).sum()), n)
    for first, second in combinations(columns, 2):
        yield from _pair(outcome, first, second, columns[first], columns[second], minimum_group)


# What a definition is applied to, and no patient has.
_NOT_APPLIED = {
    "pattern": WarningCode.LESIONS_NOT_RECORDED(), "resistance": WarningCode.RESISTANCE_NOT_KNOWN(),
}  # fmt: skip


def _pair(
    outcome: str, first: str, second: str, one: pl.Series, other: pl.Series, minimum_group: int
) -> Iterator[dict]:
    both = pl.DataFrame({"one": one, "other": other}).drop_nulls()
    if both.is_empty():
        return
    labels = sorted(set(both["one"]) | set(both["other"]))
    table = _cross(both, labels)
    keys: dict[str, Any] = {"group": Comparison.of(first, second), "n": both.height}
    for i, a in enumerate(labels):
        for j, b in enumerate(labels):
            if table[i, j]:
                own = {
                    "level": Crossed.of(Level.of(outcome, a), Level.of(outcome, b)),
                    "value": int(table[i, j]),
                }
                yield {**keys, **own, "statistic": Statistic.N, "unit": Unit.PATIENTS}
    few = WarningCode.GROUP_TOO_SMALL(minimum=minimum_group) if both.height < minimum_group else NO_WARNING
    yield from (keys | row for row in rows_of_agreement(cohen_kappa(table), few))
    if outcome == "resistance":
        acquired = both.select(pl.all() == Resistance.ACQUIRED)
        keys["variable"] = ACQUIRED_OR_NOT
        found = cohen_kappa(_cross(acquired, (True, False)))
        yield from (keys | row for row in rows_of_agreement(found, few))


def _cross(both: pl.DataFrame, labels: Sequence[object]) -> np.ndarray:
    return np.array([[((both["one"] == a) & (both["other"] == b)).sum() for b in labels] for a in labels])


def survival_under_definitions(
    labelled: pl.DataFrame, population: str, fewest: Fewest, settings: AnalysisSettings | None = None
) -> list[Estimate]:
    """The hazard ratio of post-progression survival between the patterns, under each definition.

    Args:
        labelled: One row a progressed patient: columns pattern:NAME, pps_days, pps_event and, where the study gives
            entries, pps_entry_days.
        population: The population these patients are.
        fewest: The fewest patients and events of a group that is compared.
        settings: What is given beside a ratio that changes with time; nothing where there are none.

    Returns:
        Outcome pps, group=definition, level="oligoprogression vs systemic": hazard_ratio, without a value where these
        patients do not give it; nothing of a definition by which no patient with a time has a label. Beside a ratio that changes
        with time the rows of `describe_change`, named by `variable`: restricted_mean, weighted_log_rank, a period.
    """
    keys: dict[str, Any] = {"analysis": RECLASSIFICATION, "population": population, "outcome": Outcome.PPS}
    presets = (c.split(":", 1)[1] for c in labelled.columns if c.startswith("pattern:"))
    rows = ((preset, survival_rows(labelled, f"pattern:{preset}", Outcome.PPS)) for preset in presets)
    found: list[Estimate] = []
    for preset, own in rows:
        if own.is_empty():
            continue
        ratio = _ratio(own, fewest)
        beside = () if settings is None else _beside(own, ratio, settings)
        found += [Estimate(**keys, group=preset, **row) for row in (ratio, *beside)]
    return found


def _beside(
    rows: pl.DataFrame, ratio: dict[str, Any], settings: AnalysisSettings
) -> Iterator[dict[str, Any]]:
    """What is given beside a ratio that changes with time; the means of single groups are left out."""
    if not ratio.get("warning", NO_WARNING).has(WarningCode.NON_PROPORTIONAL):
        return
    first = (rows["group"] == Pattern.OLIGO.value).to_numpy()
    months, event, entry = rows["months"].to_numpy(), rows["event"].to_numpy(), entry_of(rows)
    found = describe_change(months, event, first, ("", ""), settings, entry=entry)
    for row in found:
        if "group" not in row:
            name = row.get("level", row.get("variable", ""))
            yield row | {"level": ratio["level"], "variable": name}


_PATTERNS = tuple(Level.of("pattern", word) for word in Pattern)


def _ratio(rows: pl.DataFrame, fewest: Fewest) -> dict[str, Any]:
    """The hazard ratio, or why there is none, as survival gives it of the patterns of the study."""
    months, event, entry = rows["months"].to_numpy(), rows["event"].to_numpy(), entry_of(rows)
    first = (rows["group"] == Pattern.OLIGO.value).to_numpy()
    keys: dict[str, Any] = {
        "level": comparison(_PATTERNS),
        "n": rows.height,
        "statistic": Statistic.HAZARD_RATIO,
        "method": COX,
    }
    if why := why_not_two(levels_of("pattern", rows["group"])) or fewest.why_not_two(event, first):
        return keys | {"warning": why}
    # Where no two patients of the groups were at risk together, a ratio would be 1 whatever they are.
    together = attempt(lambda: log_rank(months, event, (~first).astype(int), entry=entry))
    design = first.astype(float)[:, None]
    fit = (
        together
        if isinstance(together, NoAnswer)
        else attempt(lambda: cox(months, event, design, entry=entry))
    )
    if isinstance(fit, NoAnswer):
        return keys | {"warning": fit.warning}
    if fit.not_estimable:
        return keys | {"warning": join(WarningCode.NOT_CONVERGED(), of_statistics(fit.warning))}
    constant = proportionality(months, event, design, entry)
    return keys | ratio_of(fit) | {"warning": join(of_statistics(fit.warning), changes_with_time(constant))}


def answer(asked: Asked) -> Answer:
    """The question, of the patients asked about."""
    times = [
        c for c in (Outcome.PPS.days, Outcome.PPS.event, Outcome.PPS.entry) if c in asked.patients.columns
    ]
    theirs = asked.definitions.join(
        asked.patients.select("patient_id", *times), on="patient_id", maintain_order="left"
    )
    population, smallest = asked.settings.population, asked.matching.minimum_group
    found = compare_definitions(theirs, population, smallest)
    fewest = Fewest(smallest, asked.settings.minimum_events)
    return found + survival_under_definitions(theirs, population, fewest, asked.settings), {}

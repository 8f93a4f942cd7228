"""What the choice of a definition does: every preset side by side, with agreement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import polars as pl

from oligoscope.cohort.counts import count_rows, rows_of_agreement
from oligoscope.questions.definitions.question import ACQUIRED_OR_NOT
from oligoscope.questions.question import Answer, Asked
from oligoscope.results.analyses import RECLASSIFICATION
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit
from oligoscope.results.warnings import NO_WARNING, WarningCode
from oligoscope.stats.comparison.agreement import cohen_kappa
from oligoscope.study.dictionary.terms import Resistance
from oligoscope.study.keys import Comparison, Crossed, Level


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
        not have the same categories cannot hold the same labels.
    """
    return [
        Estimate(analysis=RECLASSIFICATION, population=population, outcome=outcome, **row)
        for outcome in ("pattern", "resistance")
        for row in _rows(definitions, outcome, minimum_group)
    ]


def _rows(definitions: pl.DataFrame, outcome: str, minimum_group: int) -> Iterator[dict]:
    columns = {c.split(":", 1)[1]: definitions[c] for c in definitions.columns if c.startswith(f"{outcome}:")}
    for preset, labels in columns.items():
        known = labels.drop_nulls()
        n = known.len()
        yield {"group": preset, "statistic": Statistic.N, "value": n, "n": n, "unit": Unit.PATIENTS}
        for label in sorted(known.unique()):
            keys = {"group": preset, "level": Level.of(outcome, label)}
            yield from count_rows(keys, int((known == label).sum()), n)
    for first, second in combinations(columns, 2):
        yield from _pair(outcome, first, second, columns[first], columns[second], minimum_group)


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


def answer(asked: Asked) -> Answer:
    """The question, of the patients asked about."""
    theirs = asked.definitions.join(asked.patients.select("patient_id"), on="patient_id", how="semi")
    return compare_definitions(theirs, asked.settings.population, asked.matching.minimum_group), {}

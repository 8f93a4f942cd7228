"""Mean counts over imputations as whole patients, such that what is printed still adds up.

results.csv keeps the means. Printed are whole patients: each group's size is its mean, rounded; the levels of a variable,
with those missing, are rounded so that they make up their group (largest remainder); all patients are the sum of the groups.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from math import floor

import polars as pl

from oligoscope.results.analyses import SURVIVAL, Analysis
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Kind, Statistic
from oligoscope.results.units import Unit
from oligoscope.study.dictionary.populations import MATCHED
from oligoscope.study.keys import ALL, Level, where_of, whole_of

Key = tuple[str, ...]
_DIGITS = 9  # sums of means differ from the mean of sums in the last digits of a float


def whole(value: float) -> int:
    """The nearest whole number, halves away from zero, as every number is printed."""
    return int(Decimal(repr(float(value))).quantize(Decimal(1), ROUND_HALF_UP))


def adding_up(parts: Sequence[float]) -> list[int]:
    """The parts as whole numbers that make up their rounded sum: the largest remainders are rounded up, the first of equal ones.

    References:
        Balinski & Young, Fair Representation, 1982 (method of Hamilton).
    """
    found = [floor(round(part, _DIGITS)) for part in parts]
    left = whole(round(sum(parts), _DIGITS)) - sum(found)
    order = sorted(range(len(parts)), key=lambda i: -round(parts[i] - found[i], _DIGITS))
    for i in order[:left]:
        found[i] += 1
    return found


def whole_counts(counts: Iterable[Estimate]) -> dict[Key, int]:
    """The patients that a table by groups prints, by the key of each count.

    Args:
        counts: Of one table: the size of each group and of all, and of each variable its levels and those missing; sums of
            weights are left out.
    """
    given = [e for e in counts if e.value is not None and is_count(e)]
    parts: dict[tuple[str, str], list[Estimate]] = defaultdict(list)
    for e in given:
        if e.group != ALL:
            parts[e.group, e.variable].append(e)
    found = {
        e.key: n
        for own in parts.values()
        for e, n in zip(own, adding_up([e.value or 0.0 for e in own]), strict=True)
    }
    for e in given:
        if e.group == ALL:
            found[e.key] = _of_all(e, given, found)
    return found


def whole_people(
    results: Results, analysis: Analysis, population: str, n: int | None, variable: str = ""
) -> int | None:
    """How many patients are compared: of matched groups the sum of the whole patients that are printed of each.

    Rounded means of two groups add up to one more or less than the rounded mean of all; where they are further apart, others
    are compared than those of the groups.
    """
    if n is None or whole_of(population) != MATCHED:
        return n
    sizes = results.find(analysis=analysis, population=population, variable=variable, statistic=Statistic.N)
    people = sum(whole(size.value) for size in sizes if size.value is not None)
    return people if people and abs(people - n) <= 1 else n


def with_whole_parts(results: Results) -> Results:
    """Results in which the groups of a part of the matched patients are whole and make up the part as other tables print it.

    Numbers at risk and cumulative events begin and end with these counts.
    """
    parts: dict[tuple[str, ...], list[Estimate]] = defaultdict(list)
    for e in results.find(analysis=SURVIVAL):
        if (
            e.value is not None
            and is_count(e)
            and whole_of(e.population) == MATCHED
            and where_of(e.population)
        ):
            parts[e.population, e.outcome, e.statistic, _variable_of(e.group)].append(e)
    found = {
        e.key: n
        for own in parts.values()
        for e, n in zip(own, adding_up([e.value or 0.0 for e in own]), strict=True)
    }
    if not found:
        return results
    estimates = tuple(
        replace(e, value=float(found[e.key])) if e.key in found else e for e in results.estimates
    )
    most = {
        (e.population, e.outcome, str(e.group), e.statistic): n
        for e in estimates
        if (n := found.get(e.key)) is not None
    }
    series = {
        name: _at_most(frame, *_of_curve(name), most)
        if name.startswith("at_risk/matched:") and frame.height
        else frame
        for name, frame in results.series.items()
    }
    return Results(estimates, series)


def _variable_of(group: str) -> str:
    return str(group.variable) if isinstance(group, Level) else ""


def _of_curve(name: str) -> tuple[str, str]:
    """Population and outcome of `at_risk/POPULATION/GROUPING/OUTCOME`."""
    _, population, *_, outcome = name.split("/")
    return population, outcome


def _at_most(frame: pl.DataFrame, population: str, outcome: str, most: Mapping[Key, int]) -> pl.DataFrame:
    """Numbers at risk and cumulative events of each group, none above what is printed of the group."""
    groups = frame["group"].cast(pl.String).unique().to_list()

    def limit(statistic: Statistic) -> pl.Expr:
        known = {
            g: float(n) for g in groups if (n := most.get((population, outcome, g, statistic))) is not None
        }
        return (
            pl.col("group")
            .cast(pl.String)
            .replace_strict(known, default=float("inf"), return_dtype=pl.Float64)
        )

    return frame.with_columns(
        pl.min_horizontal("n_at_risk", limit(Statistic.N)).cast(frame.schema["n_at_risk"]).alias("n_at_risk"),
        pl.min_horizontal("n_events", limit(Statistic.EVENTS))
        .cast(frame.schema["n_events"])
        .alias("n_events"),
    )


def is_count(e: Estimate) -> bool:
    """Whether it counts patients or events, and is no sum of their weights."""
    return e.statistic.kind is Kind.COUNT and e.unit != Unit.SUM_OF_WEIGHTS


def _of_all(e: Estimate, given: list[Estimate], found: Mapping[Key, int]) -> int:
    """The sum of the groups; of groups that are not all patients, its own mean."""
    own = (e.variable, e.level, e.statistic)
    groups = [g for g in given if g.group != ALL and (g.variable, g.level, g.statistic) == own]
    apart = sum(g.value or 0.0 for g in groups) - (e.value or 0.0)
    return whole(e.value or 0.0) if round(apart, _DIGITS) else sum(found[g.key] for g in groups)

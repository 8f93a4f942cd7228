"""Mean counts over imputations as whole patients, such that what is printed still adds up.

results.csv keeps the means. Printed are whole patients: each group's size is its mean, rounded; the levels of a variable,
with those missing, are rounded so that they make up their group (largest remainder); all patients are the sum of the groups.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from math import floor

from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Kind
from oligoscope.results.units import Unit
from oligoscope.study.keys import ALL

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


def is_count(e: Estimate) -> bool:
    """Whether it counts patients or events, and is no sum of their weights."""
    return e.statistic.kind is Kind.COUNT and e.unit != Unit.SUM_OF_WEIGHTS


def _of_all(e: Estimate, given: list[Estimate], found: Mapping[Key, int]) -> int:
    """The sum of the groups; of groups that are not all patients, its own mean."""
    own = (e.variable, e.level, e.statistic)
    groups = [g for g in given if g.group != ALL and (g.variable, g.level, g.statistic) == own]
    apart = sum(g.value or 0.0 for g in groups) - (e.value or 0.0)
    return whole(e.value or 0.0) if round(apart, _DIGITS) else sum(found[g.key] for g in groups)

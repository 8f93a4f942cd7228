"""Which numbers a report that leaves the study must not print: small counts, and what they could be computed from.

Counts of 1 to k - 1 patients or events are hidden, and so is what is computed from as few patients. Counts that add up are
then equations: the levels of a variable make up its group, the groups make up all patients. Where the equations leave one
value for a small count, the smallest printed count in one of them is hidden, too, until each may have several (Hundepool et al. 2012, Statistical Disclosure Control, chapter 4).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Kind, Statistic
from oligoscope.results.units import Unit
from oligoscope.study.keys import is_comparison

Key = tuple[str, ...]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
_ALL = ("", "all")  # names of the group of all patients
_COUNTED = {Unit.PATIENTS, Unit.EVENTS, Unit.PAIRS, Unit.SETS, Unit.VISITS}
_FLOW = "flow"
_NOTHING = 1e-9
_ROUNDS = 50  # of narrowing, more than whole numbers of a table need
_HALF = 0.5  # sums of printed counts that differ by less agree


@dataclass(frozen=True, slots=True)
class Hidden:
    """Keys of what is not printed.

    Attributes:
        small: Counts below the limit, and numbers from as few patients.
        beside: What these could be computed from.
    """

    small: frozenset[Key]
    beside: frozenset[Key]

    def __contains__(self, key: object) -> bool:
        return key in self.small or key in self.beside


@dataclass(frozen=True, slots=True)
class Sum:
    """An equation: the parts make up the whole.

    Attributes:
        parts: Counts.
        whole: A count; None where it is none of the results and `known` all the same.
        known: Its value then.
    """

    parts: tuple[Key, ...]
    whole: Key | None
    known: float = 0.0


def hidden_numbers(results: Results, smallest: int) -> Hidden:
    """What a report that prints no count of 1 to `smallest` - 1 must hide.

    Args:
        results: All numbers.
        smallest: The smallest count that may be printed, at least 2.
    """
    counts = {e.key: float(e.value) for e in results.estimates if e.value is not None and _is_count(e)}
    small = {key for key, value in counts.items() if 0 < value < smallest}
    small |= {e.key for e in results.estimates if _is_of_few(e, smallest)}
    small |= _small_shares(results, smallest)
    beside: set[Key] = set()
    for sums in _systems(results, counts):
        beside |= complement(sums, counts, small, smallest)
    hidden = small | beside
    beside |= {e.key for e in results.estimates if _follows(e, hidden)}
    beside |= _denominators(results, hidden)
    hidden |= beside
    beside |= _of_same_patients(results, hidden)
    return Hidden(frozenset(small), frozenset(beside - small))


def _is_count(e: Estimate) -> bool:
    return getattr(e.statistic, "kind", None) is Kind.COUNT and e.unit in _COUNTED


def _is_of_few(e: Estimate, smallest: int) -> bool:
    """Whether it is made from so few patients that it describes single ones; a count of none is none."""
    return e.n is not None and 0 < e.n < smallest and bool(e.value)


def _small_shares(results: Results, smallest: int) -> set[Key]:
    """Percentages from which a small count follows."""
    shares = ((e.key, _share(e)) for e in results.estimates)
    return {key for key, count in shares if count is not None and 0 < round(count) < smallest}


def _share(e: Estimate) -> float | None:
    """The count that a percentage is of."""
    return e.value * e.n / 100 if e.unit == Unit.PERCENT and e.value is not None and e.n else None


def _follows(e: Estimate, hidden: set[Key]) -> bool:
    """Whether it is the percentage of a hidden count."""
    return e.unit == Unit.PERCENT and bool({_with(e, Statistic.N), _with(e, Statistic.EVENTS)} & hidden)


def _with(e: Estimate, statistic: Statistic) -> Key:
    return (*e.key[:-1], statistic)


def _denominators(results: Results, hidden: set[Key]) -> set[Key]:
    """Percentages of those with a known value, which say how many these are, where the number of others is hidden."""
    columns = {key[:5] for key in hidden if key[-1] == Statistic.MISSING}
    return {e.key for e in results.estimates if e.unit == Unit.PERCENT and e.key[:5] in columns}


def _of_same_patients(results: Results, hidden: set[Key]) -> set[Key]:
    """Beside a hidden count: shares of several levels together, and all of a comparison of two classifications."""
    columns = {key[:4] for key in hidden}
    beside = (e for e in results.estimates if e.key[:4] in columns)
    return {e.key for e in beside if is_comparison(e.group) or _is_sum_of_levels(results, e)}


def _is_sum_of_levels(results: Results, e: Estimate) -> bool:
    return e.unit == Unit.PERCENT and results.at(_with(e, Statistic.N)) is None


# ---- equations ------------------------------------------------------------------------------------


def _systems(results: Results, counts: Mapping[Key, float]) -> Iterator[list[Sum]]:
    """The equations of each analysis, population and outcome: what one table may print."""
    tables: dict[tuple[str, ...], list[Estimate]] = {}
    for e in results.estimates:
        if e.key in counts:
            table = (e.analysis,) if e.statistic == Statistic.N_EXCLUDED or e.analysis == _FLOW else e.key[:3]
            tables.setdefault(table, []).append(e)
    for rows in tables.values():
        found = [*_sums_of_groups(rows), *_sums_of_levels(rows), *_sums_of_steps(rows)]
        holding = [
            one
            for one in found
            if one.parts and abs(sum(counts[k] for k in one.parts) - _of(one, counts)) < _HALF
        ]
        if holding:
            yield holding


def _of(one: Sum, counts: Mapping[Key, float]) -> float:
    return one.known if one.whole is None else counts[one.whole]


def _sums_of_groups(rows: list[Estimate]) -> Iterator[Sum]:
    """All patients are those of the groups."""
    lines: dict[Key, list[Estimate]] = {}
    for e in rows:
        lines.setdefault((*e.key[1:3], *e.key[4:]), []).append(e)
    for line in lines.values():
        groups = tuple(e.key for e in line if e.group not in _ALL and not is_comparison(e.group))
        for whole in (e.key for e in line if e.group in _ALL):
            yield Sum(groups, whole)


def _sums_of_levels(rows: list[Estimate]) -> Iterator[Sum]:
    """The patients of a group are those of the levels of a variable, with or without those whose value is missing."""
    columns: dict[Key, list[Estimate]] = {}
    for e in rows:
        columns.setdefault((*e.key[:4], e.variable), []).append(e)
    for column, cells in columns.items():
        levels = [e for e in cells if e.level and e.statistic == Statistic.N]
        parts = tuple(e.key for e in levels)
        missing = tuple(e.key for e in cells if e.statistic == Statistic.MISSING)
        sizes = [
            e.key
            for e in (*cells, *columns.get((*column[:4], ""), ()))
            if not e.level and e.statistic == Statistic.N
        ]
        for size in dict.fromkeys(sizes):
            yield Sum(parts, size)
            yield Sum((*parts, *missing), size)
        if not missing:  # else their number follows from it, and `_denominators` hides it
            yield from (Sum(parts, None, n) for n in {e.n for e in levels if e.n is not None})


def _sums_of_steps(rows: list[Estimate]) -> Iterator[Sum]:
    """The patients of a population are those excluded from it and those of the next."""
    sizes = [e for e in rows if e.statistic == Statistic.N and not (e.variable or e.level or e.group)]
    for size in sizes:
        excluded = tuple(
            e.key for e in rows if e.statistic == Statistic.N_EXCLUDED and e.population == size.population
        )
        yield from (
            Sum((*excluded, other.key), size.key) for other in sizes if excluded and other is not size
        )


# ---- complement -----------------------------------------------------------------------------------


def complement(sums: Iterable[Sum], counts: Mapping[Key, float], small: set[Key], smallest: int) -> set[Key]:
    """What must be hidden besides `small` counts, so that none of them can be computed from those printed.

    Args:
        sums: What adds up, and is known to.
        counts: All counts.
        small: Those that are hidden because they are small.
        smallest: The smallest count that is printed.
    """
    sums, beside = list(sums), set[Key]()
    while (one := _next(sums, counts, small, small | beside, smallest)) is not None:
        beside.add(one)
    return beside


def _next(
    sums: list[Sum], counts: Mapping[Key, float], small: set[Key], hidden: set[Key], smallest: int
) -> Key | None:
    """The printed count to hide next; None where no small one can be known.

    Of the counts in the equations that give something away, the smallest one that keeps more of the small counts; groups
    and levels before the totals that head the table.
    """
    for connected in _connected(sums, hidden):
        known = _known(connected, counts, small, hidden, smallest)
        if not known:
            continue
        wholes = {one.whole for one in sums}
        printed = sorted(
            {key for one in connected for key in _keys(one) if key not in hidden},
            key=lambda key: (key in wholes, counts[key] == 0, counts[key], key),
        )
        for key in printed:
            more = hidden | {key}
            around = [one for one in sums if one in connected or key in _keys(one)]
            if len(_known(around, counts, small, more, smallest)) < len(known):
                return key
        if printed:
            return printed[0]
    return None


def _keys(one: Sum) -> tuple[Key, ...]:
    return one.parts if one.whole is None else (*one.parts, one.whole)


def _connected(sums: list[Sum], hidden: set[Key]) -> list[list[Sum]]:
    """The equations with hidden counts in them, those that share one together."""
    found: list[tuple[set[Key], list[Sum]]] = []
    for one in sums:
        unknown = set(_keys(one)) & hidden
        if not unknown:
            continue
        joined, apart = [one], []
        for keys, others in found:
            if keys & unknown:
                unknown, joined = unknown | keys, [*others, *joined]
            else:
                apart.append((keys, others))
        found = [*apart, (unknown, joined)]
    return [some for _, some in found]


def _known(
    sums: list[Sum], counts: Mapping[Key, float], small: set[Key], hidden: set[Key], smallest: int
) -> set[Key]:
    """Small counts for which the equations leave one whole number."""
    unknown = sorted({key for one in sums for key in _keys(one) if key in hidden})
    place = {key: i for i, key in enumerate(unknown)}
    equations, totals = np.zeros((len(sums), len(unknown))), np.zeros(len(sums))
    for i, one in enumerate(sums):
        for sign, keys in ((1.0, one.parts), (-1.0, () if one.whole is None else (one.whole,))):
            for key in keys:
                if key in place:
                    equations[i, place[key]] += sign
                else:
                    totals[i] -= sign * counts[key]
        totals[i] += one.known if one.whole is None else 0.0
    are_whole = all(counts[key] == round(counts[key]) for one in sums for key in _keys(one))
    is_small = np.array([key in small for key in unknown], dtype=bool)
    known = _unique(equations) | (_width(equations, totals, is_small, smallest, are_whole=are_whole) < _HALF)
    return {key for key, one in zip(unknown, known, strict=True) if one and key in small}


def _unique(equations: Floats) -> Bools:
    """The numbers that are the same in every solution of the equations, whatever the totals."""
    _, sizes, directions = np.linalg.svd(equations)
    free = directions[int((sizes > _NOTHING).sum()) :]
    return np.all(np.abs(free) < _NOTHING, axis=0)


def _width(equations: Floats, totals: Floats, is_small: Bools, smallest: int, *, are_whole: bool) -> Floats:
    """How far apart the least and the greatest value of each number are, by what each equation leaves to it.

    A small count is at least 1 and below `smallest`, and a sum of two of them that is 2 gives both away. A mean over
    imputations is any number from 0 on.
    """
    low = np.where(is_small & are_whole, 1.0, 0.0)
    high = np.where(is_small, smallest - 1.0 if are_whole else float(smallest), np.inf)
    for _ in range(_ROUNDS):
        before = (low.copy(), high.copy())
        for row, total in zip(equations, totals, strict=True):
            for i in np.flatnonzero(row):
                others = [(row[j], low[j], high[j]) for j in np.flatnonzero(row) if j != i]
                least = sum(c * (lo if c > 0 else hi) for c, lo, hi in others)
                most = sum(c * (hi if c > 0 else lo) for c, lo, hi in others)
                ends = sorted(((total - most) / row[i], (total - least) / row[i]))
                low[i], high[i] = max(low[i], ends[0]), min(high[i], ends[1])
        if np.array_equal(before, (low, high)):
            break
    return high - low

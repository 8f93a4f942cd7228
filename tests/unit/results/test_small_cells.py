"""Small counts of a report that leaves the study: none is printed, and none follows from what is printed."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from fractions import Fraction

import pytest

from oligoscope.results.analyses import Analysis, analysis_of
from oligoscope.results.results import Estimate, Results
from oligoscope.results.small_cells import Hidden, Key, hidden_numbers
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit

pytest.importorskip("oligoscope.questions.registry")
BASELINE: Analysis = analysis_of("baseline")
Counts = dict[tuple[str, str], int]  # (level, group): patients


def table(counts: Counts, sizes: dict[str, int], missing: dict[str, int] | None = None) -> Results:
    """A variable by groups as Results hold it: sizes, levels with their percentages, missing values, and all patients."""
    groups = [*sizes]
    everybody = {"all": sum(sizes.values()), **sizes}
    rows: list[Estimate] = []

    def add(group: str, level: str, statistic: Statistic, value: float, n: int) -> None:
        unit = Unit.PERCENT if statistic is Statistic.PERCENT else Unit.PATIENTS
        variable = "" if statistic is Statistic.N and not level else "stage"
        rows.append(Estimate(
            analysis=BASELINE, population="progressed", outcome="pattern", group=group, variable=variable, level=level,
            statistic=statistic, value=value, n=n, unit=unit,
        ))  # fmt: skip

    for group, size in everybody.items():
        among = groups if group == "all" else [group]
        lacking = sum((missing or {}).get(one, 0) for one in among)
        add(group, "", Statistic.N, size, size)
        for level in dict.fromkeys(level for level, _ in counts):
            n = sum(counts[level, one] for one in among)
            add(group, level, Statistic.N, n, size - lacking)
            if size > lacking:
                add(group, level, Statistic.PERCENT, 100 * n / (size - lacking), size - lacking)
        if missing is not None:
            add(group, "", Statistic.MISSING, lacking, size)
    return Results(tuple(rows))


SIZES = (0, 1, 2, 3, 4, 5, 6, 9, 14, 20)


def drawn(
    draw: random.Random,
    n_levels: int,
    n_groups: int,
    *,
    with_missing: bool,
    sizes_of: tuple[int, ...] = SIZES,
) -> Results:
    """A table with many small counts."""
    names, groups = [f"L{i}" for i in range(n_levels)], [f"G{i}" for i in range(n_groups)]
    counts = {(level, group): draw.choice(sizes_of) for level in names for group in groups}
    missing = {group: draw.choice(sizes_of) for group in groups} if with_missing else None
    sizes = {g: sum(counts[level, g] for level in names) + (missing or {}).get(g, 0) for g in groups}
    return table(counts, sizes, missing)


def equations(results: Results) -> list[tuple[list[Key], Key]]:
    """What a reader knows: (parts, whole), of the groups and of the levels with those missing."""
    counts = [e for e in results.estimates if e.unit == Unit.PATIENTS]
    known: list[tuple[list[Key], Key]] = []
    for whole in (e for e in counts if e.group == "all"):
        known.append(([e.key for e in counts if e.key[4:] == whole.key[4:] and e.group != "all"], whole.key))
    for size in (e for e in counts if not e.variable):
        known.append(([e.key for e in counts if e.variable and e.group == size.group], size.key))
    return known


def solved(results: Results, hidden: Hidden) -> set[Key]:
    """Hidden counts that elimination gives from the printed ones, in exact fractions."""
    unknown = [e.key for e in results.estimates if e.unit == Unit.PATIENTS and e.key in hidden]
    rows = [
        [Fraction((key in parts) - (key == whole)) for key in unknown] for parts, whole in equations(results)
    ]
    pivots: list[int] = []
    for column in range(len(unknown)):
        at = next((i for i in range(len(pivots), len(rows)) if rows[i][column]), None)
        if at is None:
            continue
        rows[len(pivots)], rows[at] = rows[at], rows[len(pivots)]
        row = rows[len(pivots)]
        row[:] = [value / row[column] for value in row]
        for other in (r for r in rows if r is not row and r[column]):
            other[:] = [a - other[column] * b for a, b in zip(list(other), row, strict=True)]
        pivots.append(column)
    return {unknown[c] for i, c in enumerate(pivots) if sum(map(bool, rows[i])) == 1}


@pytest.mark.parametrize("smallest", [2, 3, 5, 11])
@pytest.mark.parametrize("with_missing", [False, True])
def test_no_small_count_follows_from_the_printed_ones(smallest: int, *, with_missing: bool) -> None:
    draw = random.Random(smallest)
    for _ in range(12):
        results = drawn(draw, draw.randrange(1, 6), draw.randrange(2, 5), with_missing=with_missing)
        hidden = hidden_numbers(results, smallest)
        values = {e.key: e.value or 0 for e in results.estimates if e.unit == Unit.PATIENTS}
        small = {key for key, value in values.items() if 0 < value < smallest}
        assert small <= hidden.small
        assert not solved(results, hidden) & small


def test_a_reader_who_tries_every_whole_number_finds_no_small_count() -> None:
    """Sums of two hidden ones (1 + 1 = 2) and of two hidden fours (4 + 4 = 8) give both away."""
    draw, k = random.Random(7), 4
    for _ in range(12):
        results = drawn(draw, 2, 2, with_missing=False, sizes_of=(0, 1, 1, 2, 3, 3, 4, 7))
        hidden = hidden_numbers(results, k)
        values = {e.key: int(e.value or 0) for e in results.estimates if e.unit == Unit.PATIENTS}
        unknown = [key for key in values if key in hidden]
        inner = [key for key in unknown if key[3] != "all" and key[4]]
        if any(not key[4] for key in unknown):
            continue  # sizes are hidden, too: even less is known
        seen: dict[Key, set[int]] = {key: set() for key in unknown}
        for tried in itertools.product(*(range(1, k) if key in hidden.small else range(12) for key in inner)):
            found = {**values, **dict(zip(inner, tried, strict=True))}
            for parts, whole in equations(results):
                if whole in hidden:
                    found[whole] = sum(found[key] for key in parts)
            small_enough = all(0 < found[key] < k for key in unknown if key in hidden.small)
            if small_enough and all(
                sum(found[key] for key in parts) == found[whole] for parts, whole in equations(results)
            ):
                for key in unknown:
                    seen[key].add(found[key])
        assert not [key for key in unknown if 0 < values[key] < k and len(seen[key]) < 2]


def test_a_large_table_loses_nothing() -> None:
    results = table({("a", "G0"): 20, ("b", "G0"): 30, ("a", "G1"): 0, ("b", "G1"): 5}, {"G0": 50, "G1": 5})
    assert hidden_numbers(results, 5) == Hidden(frozenset(), frozenset())


def _hidden_cells(results: Results, smallest: int) -> dict[tuple[str, str], str]:
    hidden = hidden_numbers(results, smallest)
    return {
        (e.level, e.group): "small" if e.key in hidden.small else "beside"
        for e in results.estimates
        if e.statistic is Statistic.N and e.key in hidden
    }


def test_the_smallest_counts_beside_a_small_one_are_hidden() -> None:
    counts = {
        ("a", "G0"): 2,
        ("b", "G0"): 30,
        ("c", "G0"): 9,
        ("a", "G1"): 20,
        ("b", "G1"): 8,
        ("c", "G1"): 40,
    }
    found = _hidden_cells(table(counts, {"G0": 41, "G1": 68}), 5)

    assert found == {
        ("a", "G0"): "small",
        ("a", "G1"): "beside",
        ("c", "G0"): "beside",
        ("c", "G1"): "beside",
    }


def test_a_higher_limit_hides_more() -> None:
    counts = {("a", "G0"): 2, ("b", "G0"): 30, ("a", "G1"): 7, ("b", "G1"): 40}
    results = table(counts, {"G0": 32, "G1": 47})
    hidden = [len(hidden_numbers(results, k).small) for k in (2, 3, 8, 11)]
    assert hidden == sorted(hidden)
    assert hidden[0] == 0 < hidden[1] < hidden[2] < hidden[3]


def test_the_percentage_of_a_hidden_count_is_hidden_and_so_is_one_that_says_how_many_are_missing() -> None:
    counts = {("a", "G0"): 20, ("b", "G0"): 30, ("a", "G1"): 25, ("b", "G1"): 31}
    results = table(counts, {"G0": 60, "G1": 60}, {"G0": 10, "G1": 4})
    hidden = hidden_numbers(results, 5)

    percentages = [e for e in results.estimates if e.unit == Unit.PERCENT and e.group == "G1"]
    assert percentages
    assert all(e.key in hidden for e in percentages)


def test_a_share_of_several_levels_is_hidden_beside_a_small_one() -> None:
    """CR = 2 of 60 follows from a response rate of 38 / 60 and PR = 36."""
    results = table(
        {
            ("CR", "G0"): 2,
            ("PR", "G0"): 36,
            ("SD", "G0"): 22,
            ("CR", "G1"): 9,
            ("PR", "G1"): 30,
            ("SD", "G1"): 21,
        },
        {"G0": 60, "G1": 60},
    )
    rate = replace(
        results.estimates[0],
        group="G0",
        variable="orr",
        statistic=Statistic.PERCENT,
        value=100 * 38 / 60,
        n=60,
        unit=Unit.PERCENT,
    )
    small = replace(rate, group="G1", variable="other", value=100 * 3 / 60)

    hidden = hidden_numbers(results.plus([rate, small]), 5)

    assert rate.key in hidden.beside
    assert small.key in hidden.small


def test_whatever_is_made_from_few_patients_is_hidden() -> None:
    median = Estimate(
        analysis=BASELINE,
        population="progressed",
        group="G0",
        statistic=Statistic.MEDIAN,
        value=7.5,
        n=3,
        unit=Unit.MONTHS,
    )
    assert median.key in hidden_numbers(Results((median,)), 5)
    assert median.key not in hidden_numbers(Results((median,)), 3)

"""Mean counts over imputations as whole patients: whatever the means, what is printed adds up."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from oligoscope.printing.whole_counts import adding_up, whole, whole_counts
from oligoscope.results.analyses import BASELINE
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from unit.stored_results import row

GROUPS = ("oligoprogression", "systemic")
_ROW = row(analysis=BASELINE, population="matched", statistic=Statistic.N)
LEVELS = ("<1%", "1-49%", ">=50%")
# Patients of each level, and those without a value, in each group of each of m imputations.
_CELLS = st.lists(st.integers(0, 300), min_size=len(LEVELS) + 1, max_size=len(LEVELS) + 1)
_COHORTS = st.lists(st.tuples(_CELLS, _CELLS), min_size=1, max_size=7)


def _mean(values: list[int]) -> float:
    return sum(values) / len(values)


def _count(
    group: str, value: float, variable: str = "", level: str = "", *, missing: bool = False
) -> Estimate:
    statistic = Statistic.MISSING if missing else Statistic.N
    return replace(_ROW, group=group, variable=variable, level=level, statistic=statistic, value=value)


def _counts(group: str, rows: list[list[int]]) -> list[Estimate]:
    means = [_mean([row[i] for row in rows]) for i in range(len(LEVELS) + 1)]
    levels = [_count(group, mean, "pd_l1", level) for level, mean in zip(LEVELS, means[:-1], strict=True)]
    size = _count(group, _mean([sum(row) for row in rows]))
    return [size, *levels, _count(group, means[-1], "pd_l1", missing=True)]


@settings(max_examples=60)
@given(_COHORTS)
def test_levels_make_up_their_group_and_groups_all_patients(cohorts):
    of_group = {g: _counts(g, [cohort[i] for cohort in cohorts]) for i, g in enumerate(GROUPS)}
    together = [[a + b for a, b in zip(*cohort, strict=True)] for cohort in cohorts]
    of_all = _counts("all", together)

    found = whole_counts([*of_all, *of_group["oligoprogression"], *of_group["systemic"]])

    for group, (size, *parts) in {"all": of_all, **of_group}.items():
        assert sum(found[e.key] for e in parts) == found[size.key], group
    for everyone, first, second in zip(of_all, *of_group.values(), strict=True):
        assert found[everyone.key] == found[first.key] + found[second.key]
    for e in (*of_group["oligoprogression"], *of_group["systemic"]):
        assert abs(found[e.key] - (e.value or 0)) < 1


@settings(max_examples=60)
@given(_COHORTS)
def test_a_group_has_the_size_that_its_mean_alone_would_print(cohorts):
    """So that every table and figure gives a group the same number."""
    size, *others = _counts("systemic", [cohort[1] for cohort in cohorts])

    assert whole_counts([size, *others])[size.key] == whole(size.value or 0)


@given(st.lists(st.integers(0, 2000), min_size=1, max_size=9), st.integers(1, 50))
def test_parts_lie_less_than_one_from_their_means_and_make_up_the_rounded_sum(totals, m):
    parts = [total / m for total in totals]

    found = adding_up(parts)

    half_up = int(Fraction(sum(totals), m) + Fraction(1, 2))
    assert sum(found) == half_up
    assert all(abs(n - part) < 1 for n, part in zip(found, parts, strict=True))


@given(st.lists(st.integers(0, 500), min_size=1, max_size=9))
def test_counts_that_are_whole_stay_as_they_are(counts):
    assert adding_up([float(n) for n in counts]) == counts

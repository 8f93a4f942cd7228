"""The choosing rules, and edges of each test; agreement with R is in tests/oracle."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from oligoscope.errors import DataError, NotEnoughData
from oligoscope.stats.comparison.group_tests import compare_levels, compare_values, is_normal
from oligoscope.stats.comparison.level_tests import chi_square, fisher_exact
from oligoscope.stats.comparison.value_tests import (
    kruskal_wallis,
    mann_whitney_u,
    one_way_anova,
    shapiro_wilk,
    student_t,
    welch_anova,
    welch_t,
)

NORMAL = [[4.1, 5.0, 5.9, 5.2, 4.8, 5.5], [6.1, 7.2, 6.6, 6.9, 7.8, 6.4]]
SKEWED = [[1, 1, 1, 2, 2, 3, 60, 90], [1, 2, 2, 4, 4, 9, 80, 200]]

AFTER_MATCHING = {
    "age": ([[128, 119], [106, 115]], 0.405),
    "sex": ([[200, 201], [34, 33]], 0.895),
    "smoking": ([[183, 180], [51, 54]], 0.740),
    "ecog": ([[29, 37], [205, 197]], 0.288),
    "brain_metastasis": ([[22, 25], [212, 209]], 0.645),
    "histology": ([[146, 147], [88, 87]], 0.924),
    "stage": ([[41, 45], [193, 189]], 0.633),
    "pd_l1": ([[89, 109], [49, 48], [96, 77]], 0.128),
}


@pytest.mark.parametrize(("table", "p"), AFTER_MATCHING.values(), ids=AFTER_MATCHING)
def test_chi_square_gives_the_p_values_printed_in_the_paper(table, p):
    """Huang 2025, table 1 after matching: Pearson without Yates' correction."""
    test = compare_levels(table)

    assert test.name == "chi-square"
    assert round(test.p_value, 3) == p


@pytest.mark.parametrize(
    ("table", "name"),
    [
        ([[10, 10], [10, 10]], "chi-square"),
        ([[5, 5], [5, 5]], "chi-square"),  # expected 5: not below 5
        ([[4, 5], [5, 5]], "Fisher exact"),  # expected 4.3
        ([[3, 7], [10, 20]], "Fisher exact"),  # one of four below 5: 3.25
        ([[3, 20, 20, 20], [7, 20, 20, 20]], "chi-square"),  # one of eight below 5: 4.8
        ([[3, 3, 20, 20], [7, 7, 20, 20]], "Fisher exact"),  # two of eight below 5: 25 %
        (
            [[1, 1], [20, 20], [20, 20], [20, 20], [20, 20]],
            "chi-square",
        ),  # two of ten below 5: 20 %, not more
        ([[1, 1], [20, 20], [20, 20]], "Fisher exact"),  # two of six below 5
        ([[1, 0], [20, 20], [20, 20], [20, 20], [20, 20]], "Fisher exact"),  # one below 1
    ],
)
def test_fisher_takes_over_where_expected_counts_are_small(table, name):
    """Cochran 1954."""
    assert compare_levels(table).name == name


def test_a_level_without_patients_is_left_out_with_a_note():
    test = chi_square([[10, 20], [0, 0], [20, 10]])

    assert test.degrees_of_freedom == 1
    assert test.p_value == pytest.approx(chi_square([[10, 20], [20, 10]]).p_value)
    assert "1 empty" in test.detail


def test_a_zero_cell_is_tested():
    """P by hand: the tables with 0 and 5 in the first cell, (1 + 0) x C(5, 5) / C(10, 5) x 2."""
    assert fisher_exact([[0, 5], [5, 0]]).p_value == pytest.approx(2 / math.comb(10, 5))


def _slow_p(table):
    """All tables with these margins by brute force, weights in whole numbers."""
    rows, columns = [sum(r) for r in table], [sum(c) for c in zip(*table, strict=True)]
    cells = len(rows) * len(columns)

    def weight(flat):
        return math.prod(math.factorial(20) // math.factorial(v) for v in flat)

    weights = []
    for flat in itertools.product(range(max(columns) + 1), repeat=cells):
        grid = [flat[i : i + len(columns)] for i in range(0, cells, len(columns))]
        if [sum(r) for r in grid] == rows and [sum(c) for c in zip(*grid, strict=True)] == columns:
            weights.append(weight(flat))
    observed = weight([v for r in table for v in r])
    return sum(w for w in weights if w <= observed) / sum(weights)


@pytest.mark.parametrize(
    "table", [[[0, 3], [2, 1], [3, 1]], [[2, 0, 1], [0, 3, 2]], [[1, 2], [2, 2]], [[0, 4], [4, 0]]]
)
def test_fisher_is_the_sum_over_all_tables_no_more_probable(table):
    """Freeman & Halton 1951."""
    assert fisher_exact(table).p_value == pytest.approx(_slow_p(table))


TOO_MANY = np.array([[1, 2, 3], [3, 2, 2], [2, 4, 1]])


def test_of_too_many_tables_p_is_estimated_from_drawn_ones_with_its_error():
    drawn, exact = fisher_exact(TOO_MANY, most_tables=10), fisher_exact(TOO_MANY)

    assert (drawn.name, exact.name) == ("Fisher exact, Monte Carlo", "Fisher exact")
    assert drawn.p_value == pytest.approx(exact.p_value, abs=4 * 0.0011)
    assert drawn.p_value != exact.p_value
    assert "200000 tables drawn; standard error of P 0.001" in drawn.detail


def test_drawn_p_does_not_depend_on_the_order_of_rows_and_columns():
    orders = (TOO_MANY, TOO_MANY.T, TOO_MANY[::-1], TOO_MANY[:, [1, 2, 0]])

    assert len({fisher_exact(table, most_tables=10).p_value for table in orders}) == 1


def test_drawn_p_is_never_zero():
    """The observed table is one of those with its margins (Davison & Hinkley 1997)."""
    p = fisher_exact(np.diag([40, 40, 40, 40]), most_tables=10).p_value

    assert p == pytest.approx(1 / 200_001)


@pytest.mark.parametrize("table", [[[1, 2]], [[1, 2], [0, 0]], [[0, 0], [0, 0]]])
def test_one_level_or_group_cannot_be_compared(table):
    with pytest.raises(NotEnoughData):
        compare_levels(table)


@pytest.mark.parametrize("table", [[[1, -2], [3, 4]], [[1, 2.5], [3, 4]], [1, 2], [["a", "b"], ["c", "d"]]])
def test_a_table_of_something_else_than_counts_is_refused(table):
    with pytest.raises(DataError, match="counts"):
        compare_levels(table)


def test_normal_values_are_compared_by_their_means():
    assert compare_values(NORMAL).name == "Welch t"
    assert compare_values([*NORMAL, [5.1, 5.9, 6.2, 6.8, 5.5, 6.0]]).name == "Welch ANOVA"


def test_other_values_are_compared_by_their_ranks():
    assert compare_values(SKEWED).name == "Mann-Whitney U"
    assert compare_values([NORMAL[0], SKEWED[0]]).name == "Mann-Whitney U"
    assert compare_values([*SKEWED, NORMAL[0]]).name == "Kruskal-Wallis"


@pytest.mark.parametrize(
    "group",
    [[1.0, 2.0], [3.0] * 10, np.random.default_rng(1).normal(size=5001)],
    ids=["two", "constant", "5001"],
)
def test_what_shapiro_wilk_cannot_judge_counts_as_not_normal(group):
    assert not is_normal([NORMAL[0], group])


def test_missing_values_are_left_out_and_counted():
    holes = [[*NORMAL[0], None, float("nan")], NORMAL[1]]

    assert compare_values(holes).p_value == pytest.approx(compare_values(NORMAL).p_value)
    assert "2 missing left out" in compare_values(holes).detail


@pytest.mark.parametrize(
    "test",
    [
        lambda groups: student_t(*groups),
        lambda groups: welch_t(*groups),
        lambda groups: mann_whitney_u(*groups),
        one_way_anova,
        welch_anova,
        kruskal_wallis,
    ],
)
def test_groups_that_are_empty_or_all_alike_are_not_enough(test):
    with pytest.raises(NotEnoughData):
        test([[1.0, 2.0], []])
    with pytest.raises(NotEnoughData):
        test([[2.0, 2.0], [2.0, 2.0]])


@pytest.mark.parametrize("test", [chi_square, fisher_exact])
def test_a_table_and_its_transpose_give_one_p(test):
    table = [[3, 8], [9, 4], [2, 7]]

    assert test(table).p_value == pytest.approx(test(np.transpose(table)).p_value)


def test_constant_groups_with_different_means_have_no_t():
    for test in (student_t, welch_t):
        with pytest.raises(NotEnoughData, match="No group varies"):
            test([1, 1, 1], [2, 2, 2])
    with pytest.raises(NotEnoughData, match="does not vary"):
        welch_anova([[1, 1, 1], [2, 3, 2]])


def test_two_groups_of_anova_are_the_t_test():
    """F = t squared; the same for Welch's."""
    t, f = student_t(*NORMAL), one_way_anova(NORMAL)
    w, g = welch_t(*NORMAL), welch_anova(NORMAL)

    assert (f.statistic, f.p_value) == pytest.approx((float(t.statistic or 0) ** 2, t.p_value))
    assert (g.statistic, g.p_value) == pytest.approx((float(w.statistic or 0) ** 2, w.p_value))
    assert g.residual_degrees_of_freedom == pytest.approx(w.degrees_of_freedom)


def test_mann_whitney_is_exact_for_small_groups_without_ties():
    """All of three below all of three: two of the C(6, 3) = 20 orders are so extreme."""
    test = mann_whitney_u([1, 2, 3], [4, 5, 6])

    assert test.p_value == pytest.approx(2 / 20)
    assert test.detail == "exact"
    assert "normal" in mann_whitney_u([1, 2, 3], [3, 5, 6]).detail
    assert "normal" in mann_whitney_u(range(50), np.arange(50) + 0.5).detail


def test_exact_ranks_with_ties_are_refused():
    with pytest.raises(DataError, match="with tied values"):
        mann_whitney_u([1, 2, 2], [2, 3], exact=True)


def test_ranks_do_not_care_for_the_scale():
    logged = [np.log(group) for group in SKEWED]

    assert kruskal_wallis(SKEWED).p_value == pytest.approx(kruskal_wallis(logged).p_value)


@pytest.mark.parametrize("values", [[1, 2], [5, 5, 5], np.arange(5001)])
def test_shapiro_wilk_refuses_what_it_cannot_judge(values):
    with pytest.raises(NotEnoughData):
        shapiro_wilk(values)


def test_two_values_a_group_are_enough_for_means():
    """By hand: means 1 and 5, both variances 2, so that t = -4 / sqrt(2) with 2 degrees of freedom."""
    for test in (student_t, welch_t):
        found = test([0, 2], [4, 6])
        assert found.statistic == pytest.approx(-4 / math.sqrt(2))
        assert found.p_value == pytest.approx(1 - math.sqrt(8 / (8 + 2)))

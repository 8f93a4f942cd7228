"""Tests of groups against R: counts, means, ranks, normality."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from scipy import stats

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

HERE = Path(__file__).parent
LEVELS = json.loads((HERE / "level_tests.json").read_text(encoding="utf-8"))["cases"]
VALUES = json.loads((HERE / "value_tests.json").read_text(encoding="utf-8"))["cases"]


def _same(ours, theirs, agrees):
    agrees(ours.statistic, theirs["statistic"])
    agrees(ours.degrees_of_freedom, theirs["degrees_of_freedom"])
    agrees(ours.residual_degrees_of_freedom, theirs["residual_degrees_of_freedom"])
    agrees(ours.p_value, theirs["p_value"])


@pytest.mark.parametrize("case", LEVELS["tables"].values(), ids=LEVELS["tables"])
def test_chi_square_is_that_of_r_without_yates(case, agrees):
    found = chi_square(case["table"])

    agrees(found.statistic, case["chi_square"]["statistic"])
    agrees(found.p_value, case["chi_square"]["p_value"])
    assert found.degrees_of_freedom == case["chi_square"]["degrees_of_freedom"]


ENUMERATED = {name: case for name, case in LEVELS["tables"].items() if name != "job_satisfaction"}
TWO_BY_TWO = {name: ENUMERATED[name] for name in ("paper_sex", "tea", "zero_cell", "large_effect")}


@pytest.mark.parametrize("case", ENUMERATED.values(), ids=ENUMERATED)
def test_fisher_exact_is_that_of_r(case, agrees):
    """R computes larger tables by the network algorithm of Mehta and Patel; we lay all of them out."""
    found = fisher_exact(case["table"])

    assert found.name == "Fisher exact"
    agrees(found.p_value, case["fisher_exact"]["p_value"])


def test_of_a_large_table_p_is_that_of_r_within_its_monte_carlo_error():
    """Agresti's job satisfaction, 4 x 4, n = 104: R's network algorithm gives P 0.7827 exactly."""
    case = LEVELS["tables"]["job_satisfaction"]
    found = fisher_exact(case["table"])
    p = case["fisher_exact"]["p_value"]

    assert found.name == "Fisher exact, Monte Carlo"
    assert abs(found.p_value - p) < 4 * (p * (1 - p) / 200_000) ** 0.5


@pytest.mark.parametrize("case", TWO_BY_TWO.values(), ids=TWO_BY_TWO)
def test_fisher_exact_of_two_by_two_is_also_that_of_scipy(case, agrees):
    agrees(fisher_exact(case["table"]).p_value, stats.fisher_exact(case["table"])[1])  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("case", VALUES["two"].values(), ids=VALUES["two"])
def test_tests_of_two_groups_are_those_of_r(case, agrees):
    first, second = case["groups"]

    _same(student_t(first, second), case["student_t"], agrees)
    _same(welch_t(first, second), case["welch_t"], agrees)
    _same(mann_whitney_u(first, second), case["mann_whitney_u"], agrees)
    by_normal = mann_whitney_u(first, second, exact=False)
    _same(by_normal, case["mann_whitney_u_normal"], agrees)
    agrees(by_normal.deviate, case["mann_whitney_u_normal"]["deviate"])


@pytest.mark.parametrize("case", VALUES["many"].values(), ids=VALUES["many"])
def test_tests_of_several_groups_are_those_of_r(case, agrees):
    _same(kruskal_wallis(case["groups"]), case["kruskal_wallis"], agrees)
    _same(one_way_anova(case["groups"]), case["one_way_anova"], agrees)
    _same(welch_anova(case["groups"]), case["welch_anova"], agrees)


@pytest.mark.parametrize("case", VALUES["shapiro_wilk"].values(), ids=VALUES["shapiro_wilk"])
def test_shapiro_wilk_is_that_of_r(case, agrees):
    """P to 1e-6 only: it is a normal tail of log(1 - W), which magnifies the last digits of W."""
    found = shapiro_wilk(case["values"])

    agrees(found.statistic, case["statistic"])
    agrees(found.p_value, case["p_value"], relative=1e-6)

"""Tables and models of several imputations: a level or a group that is absent in one of them counts 0 there."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
import polars as pl
import pytest

from oligoscope.questions.baseline.pooled import compare_baseline_pooled
from oligoscope.questions.predictors.numbers import fit_predictors
from oligoscope.questions.weighting import ratios as weighted
from oligoscope.questions.weighting.numbers import compare_weighted
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.protocol import AnalysisSettings, MatchingSettings


def settings(kind: str, **own: Any) -> AnalysisSettings:
    return AnalysisSettings.model_validate({"kind": kind, **own})


def matched(rows: list[tuple[Any, ...]], weights: list[float] | None = None) -> pl.DataFrame:
    """Patients by smoking and two variables, two to a set."""
    smoking, pd_l1, organs = zip(*rows, strict=True)
    n = len(rows)
    return pl.DataFrame(
        {
            "patient_id": [f"P{i}" for i in range(n)], "smoking": smoking, "pd_l1": pd_l1, "n_baseline_organs": organs,
            "_pair": np.arange(n) // 2, "_weight": weights or [1.0] * n,
        }
    )  # fmt: skip


FIRST = [("ever", "<1%", 1), ("never", "<1%", 2), ("ever", "<1%", 3), ("never", ">=50%", 4)]
SECOND = [("ever", "1-49%", 5), ("ever", "<1%", 6), ("ever", ">=50%", 7), ("ever", ">=50%", 8)]


def table(by: str, *cohorts: pl.DataFrame) -> dict[tuple[str, ...], Estimate]:
    asked = settings("baseline", population="matched", by=by, variables=("pd_l1", "n_baseline_organs"))
    found = compare_baseline_pooled(cohorts, asked)
    assert len({e.key for e in found}) == len(found)
    return {(e.group, e.variable, e.level, e.statistic): e for e in found}


@pytest.mark.parametrize("weights", [None, [1.0, 2.0, 0.5, 1.0]])
def test_levels_and_groups_add_up_whatever_an_imputation_has_not_got(weights):
    found = table("smoking", matched(FIRST, weights), matched(SECOND, weights))

    shares = defaultdict(float)
    for (group, variable, _, statistic), e in found.items():
        if statistic == "percent":
            shares[group, variable] += e.value or 0
    assert shares == pytest.approx({(g, "pd_l1"): 100 for g in ("all", "ever", "never")})
    for level in ("<1%", "1-49%", ">=50%"):
        parts = [found[g, "pd_l1", level, "n"].value or 0 for g in ("ever", "never")]
        assert found["all", "pd_l1", level, "n"].value == pytest.approx(sum(parts))
    assert found["never", "", "", "n"].value == 1  # 2 in one of them, none in the other


def test_a_level_that_one_imputation_has_not_got_counts_0_there():
    found = table("smoking", matched(FIRST), matched(SECOND))

    assert found["all", "pd_l1", "1-49%", "n"].value == 0.5
    assert found["all", "pd_l1", "1-49%", "percent"].value == 12.5
    assert (
        found["never", "pd_l1", ">=50%", "percent"].value == 50
    )  # of the imputation that has a never smoker


def test_a_number_of_few_values_in_each_imputation_is_measured_where_all_of_them_have_many():
    """Eight values in all, four in each: levels in either alone, a number in both."""
    found = table("smoking", matched(FIRST), matched(SECOND))

    assert found["all", "n_baseline_organs", "", "mean"].value == 4.5
    assert not any(variable == "n_baseline_organs" and level for _, variable, level, _ in found)


def test_p_is_withheld_where_an_imputation_has_none():
    found = table("smoking", matched(FIRST), matched(SECOND))

    p_value = found["ever vs never", "pd_l1", "", "p_value"]
    assert p_value.value is None
    assert p_value.warning == "not_in_every_imputation"


def test_two_groups_in_one_imputation_and_three_in_another_are_one_table():
    """The comparison has one name in all of them."""
    found = table("pd_l1", matched(FIRST), matched(SECOND))

    assert {group for group, *_ in found if " vs " in group} == {"<1% vs 1-49% vs >=50%"}
    assert [found[g, "", "", "n"].value for g in ("<1%", "1-49%", ">=50%")] == [2, 0.5, 1.5]


def cohort(n: int, seed: int, **columns: Any) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    return pl.DataFrame(
        {
            "patient_id": [f"P{i}" for i in range(n)],
            "pattern": np.where(np.arange(n) % 3 == 0, "oligoprogression", "systemic"),
            "age_years": rng.normal(60, 8, n),
            "os_days": rng.integers(30, 2000, n),
            "os_event": rng.integers(0, 2, n),
            **columns,
        }
    )


def test_complete_degrees_of_freedom_of_a_weighted_ratio_are_all_events_less_1(monkeypatch):
    """docs/methods.md: events - 1 of the smallest cohort, not of its smaller group."""
    cohorts = [cohort(60, seed) for seed in (1, 2)]
    seen = []
    original = weighted.pool

    def record(estimates, variances, complete_df):
        seen.append(complete_df)
        return original(estimates, variances, complete_df)

    monkeypatch.setattr(weighted, "pool", record)
    compare_weighted(
        cohorts, settings("weighting", outcomes=(Outcome.OS,)), MatchingSettings(covariates=("age_years",))
    )

    assert set(seen) == {min(int(c["os_event"].sum()) for c in cohorts) - 1}


def test_the_smallest_group_is_looked_for_in_every_imputation():
    small = cohort(60, 2).filter((pl.col("pattern") == "systemic") | (pl.int_range(pl.len()) < 9))
    asked = settings("weighting", outcomes=(Outcome.OS,))

    found = compare_weighted([cohort(60, 1), small], asked, MatchingSettings(covariates=("age_years",)))[0]
    assert {e.warning for e in found if e.statistic == Statistic.HAZARD_RATIO} == {
        "too_few_to_match smallest=3 minimum=5"
    }


def test_a_model_compares_the_same_levels_in_every_imputation():
    """Three levels in each, not the same three: nothing is pooled of levels that some imputation has not got."""
    rng = np.random.default_rng(5)
    words = [rng.choice(["a", "b", "c"], 90), rng.choice(["a", "c", "d"], 90)]
    cohorts = [cohort(90, 1, site=w) for w in words]

    found = fit_predictors(cohorts, settings("predictors", variables=("site",)))
    ratios = {e.level: e for e in found if e.statistic == Statistic.ODDS_RATIO_MULTIVARIABLE}
    assert list(ratios) == ["a vs d", "b vs d", "c vs d"]
    assert ratios["b vs d"].value is None
    assert ratios["b vs d"].warning

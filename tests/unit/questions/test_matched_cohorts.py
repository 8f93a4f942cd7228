"""What follows a matching, whatever it was: weights, sets, times at risk, few sets, rare outcomes, the failed gate."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy import stats

from oligoscope.cohort.curves import curve_series
from oligoscope.cohort.failed_gate import with_failed_gate
from oligoscope.cohort.match import MatchedCohorts
from oligoscope.cohort.matched_sets import are_weighted, set_rows, weighed_after, with_sets
from oligoscope.questions.baseline.pooled import smd_after_matching
from oligoscope.questions.survival.pooled import compare_survival_pooled
from oligoscope.results.analyses import BASELINE, MATCHING, SURVIVAL
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import NO_WARNING, WarningCode, Warnings, join, read_warnings
from oligoscope.stats.imputation.pooled_curve import pool_curves
from oligoscope.stats.matching.matching_options import MatchingOptions
from oligoscope.stats.matching.propensity_matching import match_pairs
from oligoscope.stats.survival.kaplan_meier import kaplan_meier
from oligoscope.study.protocol import AnalysisSettings
from unit.stored_results import row, withheld

SETTINGS = AnalysisSettings.model_validate(
    {"kind": "survival", "population": "matched", "outcomes": ("os",), "minimum_events": 2}
)


def pairs_of(n: int, seed: int = 1, share_of_events: float = 1.0) -> pl.DataFrame:
    """n pairs, one to one."""
    rng = np.random.default_rng(seed)
    event = np.zeros(2 * n, dtype=int)
    event[: round(2 * n * share_of_events)] = 1
    return pl.DataFrame(
        {
            "patient_id": [f"P{i}" for i in range(2 * n)],
            "pattern": ["oligoprogression", "systemic"] * n,
            "os_days": rng.integers(30, 2000, 2 * n),
            "os_event": rng.permutation(event),
            "_pair": np.repeat(np.arange(n), 2),
            "_weight": np.ones(2 * n),
        }
    )


def numbers(cohorts, **keys: Any) -> dict[tuple[str, str], Estimate]:
    found, _ = compare_survival_pooled(cohorts, SETTINGS, **keys)
    return {(e.variable, e.statistic): e for e in found if " vs " in e.group}


def test_one_to_one_without_replacement_is_not_weighted():
    found = numbers([pairs_of(40)])

    assert found["", "hazard_ratio"].method == "Cox, Efron ties, pair-robust limits"
    assert found["log_rank", "p_value"].method == "log-rank"
    assert not are_weighted([pairs_of(40)])


def test_replacement_that_uses_no_control_again_changes_nothing():
    cohort = pairs_of(40)
    sets = cohort.with_columns(_sets=pl.concat_list("_pair"), _shares=pl.concat_list("_weight"))

    assert numbers([sets]) == numbers([cohort])


@pytest.mark.parametrize(("ratio", "replace"), [(1, True), (2, False), (3, True), (2, True)])
def test_every_set_weighs_two_whatever_the_matching(ratio, replace):
    rng = np.random.default_rng(ratio)
    treated = np.array([True] * 15 + [False] * 25)
    logit = rng.normal(size=40) + treated
    matching = match_pairs(treated, logit, MatchingOptions(ratio=ratio, replace=replace, caliper=None))
    frame = pl.DataFrame({"patient_id": [str(i) for i in range(40)], "treated": treated})

    matched = with_sets(frame, matching)
    rows = set_rows(matched)

    per_set = rows.group_by("_pair").agg(pl.col("_weight").sum(), pl.col("treated").sum())
    assert per_set["_weight"].round(9).unique().to_list() == [2.0]
    assert per_set["treated"].unique().to_list() == [1]
    weights = {r["patient_id"]: r["_weight"] for r in matched.iter_rows(named=True)}
    summed = rows.group_by("patient_id").agg(pl.col("_weight").sum())
    for one in summed.iter_rows(named=True):
        assert math.isclose(one["_weight"], weights[one["patient_id"]])


def test_groups_that_were_not_matched_with_each_other_are_weighted_and_robust_to_patients():
    cohort = pairs_of(40).with_columns(
        _weight=pl.when(pl.col("pattern") == "systemic").then(0.5).otherwise(1.0)
    )

    ratio = numbers([cohort], cluster=None)["", "hazard_ratio"]

    assert ratio.method == "weighted Cox, Efron ties, robust limits"


@pytest.mark.parametrize(("n", "df"), [(12, 11), (30, 29), (31, math.inf)])
def test_limits_of_few_sets_are_by_t(n, df):
    """Cameron, Gelbach & Miller 2008: five to thirty clusters are few; t of one less than there are."""
    found = numbers([pairs_of(n)])

    ratio, log, se = (found["", s] for s in ("hazard_ratio", "log_hazard_ratio", "log_hazard_ratio_se"))
    reach = (stats.t.ppf(0.975, df) if math.isfinite(df) else stats.norm.ppf(0.975)) * (se.value or 0)
    assert ratio.high == pytest.approx(math.exp((log.value or 0) + reach))
    assert (f"t of {n - 1}" in ratio.method) == math.isfinite(df)
    p = 2 * (
        stats.t.sf(abs(log.value or 0) / (se.value or 1), df)
        if math.isfinite(df)
        else stats.norm.sf(abs(log.value or 0) / (se.value or 1))
    )
    assert found["cox", "p_value"].value == pytest.approx(p)


def test_an_e_value_converts_a_ratio_only_where_the_outcome_is_common():
    """VanderWeele & Ding 2017, table 2: at more than 15 % by the end of follow-up."""
    for share, is_common in ((0.14, False), (0.5, True)):
        found = numbers([pairs_of(100, seed=3, share_of_events=share)])
        ratio = found["", "hazard_ratio"].value or 1.0
        risk = (1 - 0.5 ** math.sqrt(ratio)) / (1 - 0.5 ** math.sqrt(1 / ratio)) if is_common else ratio
        strong = max(risk, 1 / risk)
        expected = strong + math.sqrt(strong * (strong - 1))
        assert found["", "e_value"].value == pytest.approx(expected)
        assert ("rare outcome" in found["", "e_value"].method) == (not is_common)


def test_the_share_between_imputations_is_nothing_where_they_are_one():
    same = numbers([pairs_of(40)] * 5)
    other = numbers([pairs_of(40, seed) for seed in range(5)])

    share = "variance_share_between_imputations"
    assert same["", share].value == 0
    assert 0 < (other["", share].value or 0) < 1


def test_p_of_the_log_rank_test_is_below_1_however_the_imputations_differ():
    """D2 has a negative F, and a P of 1, for chi-squares as these."""
    found = numbers([pairs_of(40, seed) for seed in range(8)])

    assert (found["log_rank", "p_value"].value or 1) < 1


@pytest.mark.parametrize("seed", range(8))
def test_numbers_at_risk_over_imputations_have_one_grid_and_events_never_fall(seed):
    rng = np.random.default_rng(seed)
    curves = {
        group: pool_curves(
            [
                kaplan_meier(rng.exponential(last, 6), rng.integers(0, 2, 6))
                for last in rng.uniform(2, 80, rng.integers(1, 6))
            ]
        )
        for group in ("a", "b")
    }

    table = curve_series("x", curves)["at_risk/x"]

    grids = {tuple(part["months"]) for part in table.partition_by("group")}
    assert len(grids) == 1
    for part in table.partition_by("group"):
        assert part["n_events"].is_sorted()
        assert part["n_at_risk"].is_sorted(descending=True)
        curve = curves[part["group"][0]]
        longest = max(float(c.times[-1]) for c in curve.curves)
        assert part.filter(pl.col("months") > longest)["n_at_risk"].sum() == 0


GATE = read_warnings("unbalanced variable=pd_l1 largest=0.148 limit=0.1")


def judged(warning: Warnings) -> MatchedCohorts:
    """A matching of which only the verdict is known."""
    estimates = (row(analysis=MATCHING, statistic=Statistic.LARGEST_SMD, value=0.148, warning=warning),)
    none = pl.DataFrame()
    return MatchedCohorts((), (), none, none, None, None, estimates, {})


def test_every_row_after_a_matching_that_missed_its_balance_names_the_gate():
    ratio, reached = (read_warnings(why) for why in ("non_proportional", "not_reached"))
    rows = (
        row(analysis=MATCHING, statistic=Statistic.N_PAIRS),
        row(analysis=SURVIVAL, population="matched", statistic=Statistic.HAZARD_RATIO, warning=ratio),
        withheld(reached, analysis=SURVIVAL, population="matched:systemic", statistic=Statistic.MEDIAN),
        row(analysis=SURVIVAL, population="progressed", statistic=Statistic.MEDIAN, warning=NO_WARNING),
    )

    found = with_failed_gate(Results(rows), judged(GATE))

    assert [e.warning for e in found.estimates] == [
        "",
        f"non_proportional; {GATE}",
        f"not_reached; {GATE}",
        "",
    ]


def test_every_row_that_was_unsealed_names_the_reason_and_the_baseline_does_not():
    """Of the baseline nothing was withheld, so that nothing was unsealed."""
    missed = join(GATE, WarningCode.UNSEALED(reason=("理由", "a reason; with signs")))
    rows = (
        row(analysis=SURVIVAL, population="matched", statistic=Statistic.HAZARD_RATIO, warning=NO_WARNING),
        row(analysis=BASELINE, population="matched", statistic=Statistic.N, warning=NO_WARNING),
    )

    found = with_failed_gate(Results(rows), judged(missed))

    assert [e.warning for e in found.estimates] == [missed, GATE]
    assert read_warnings(str(missed)) == missed
    assert missed.printed.zh.endswith("仅作参考：理由")
    assert missed.printed.en.endswith("supportive only: a reason; with signs")


@pytest.mark.parametrize(
    ("warning", "sealed"),
    [(NO_WARNING, ""), (GATE, GATE), (join(GATE, WarningCode.UNSEALED(reason=("a", "b"))), "")],
)
def test_a_matching_is_sealed_where_it_missed_its_balance_and_no_reason_is_given(warning, sealed):
    assert judged(warning).sealed == sealed


def test_infinite_differences_in_both_directions_have_no_mean_and_say_so():
    """In one imputation all of one group have a level, in the other all of the other group."""
    cohorts = [
        pl.DataFrame(
            {
                "patient_id": [f"P{i}" for i in range(8)],
                "pattern": ["oligoprogression", "systemic"] * 4,
                "sex": [first, second] * 4,
            }
        )
        for first, second in (("male", "female"), ("female", "male"))
    ]
    settings = AnalysisSettings.model_validate(
        {"kind": "baseline", "population": "matched", "variables": ("sex",)}
    )

    weighed = [weighed_after(cohort, cohort) for cohort in cohorts]
    found = {e.level: e for e in smd_after_matching(cohorts, weighed, settings, "sex")}

    assert found[""].value == math.inf
    assert (found["male"].value, found["male"].warning) == (None, "infinite_in_both_directions")


@pytest.mark.parametrize("ratio", [1, 2, 3, 30])
@pytest.mark.parametrize("seed", range(4))
def test_few_controls_that_serve_again_are_counted_in_each_of_their_sets(ratio, seed):
    """Also where their shares add up to 1, and where the ratio is larger than the number of controls."""
    rng = np.random.default_rng(seed)
    n = 9
    people = pl.DataFrame(
        {
            "patient_id": [f"P{i}" for i in range(n)],
            "pattern": ["oligoprogression"] * 5 + ["systemic"] * 4,
            "os_days": rng.integers(30, 900, n),
            "os_event": np.ones(n, dtype=np.int8),
        }
    )
    treated = (people["pattern"] == "oligoprogression").to_numpy()
    options = MatchingOptions(ratio=ratio, replace=True, caliper=None)
    matching = match_pairs(treated, rng.normal(size=n), options)
    cohort = with_sets(people, matching)

    found, _ = compare_survival_pooled([cohort], SETTINGS)

    assert matching.n_pairs == 5 * min(ratio, 4)
    ratio_row = next(e for e in found if e.statistic == Statistic.HAZARD_RATIO)
    assert ratio_row.value is not None or ratio_row.warning

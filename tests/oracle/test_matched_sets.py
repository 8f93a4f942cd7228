"""Matched patients who count by weights against R (made by regenerate_matched_sets.R), through the analyses themselves."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from oligoscope.cohort.matched_sets import are_weighted, serves_again, set_rows
from oligoscope.questions.baseline.pooled import compare_baseline_pooled
from oligoscope.questions.survival.pooled import compare_survival_pooled
from oligoscope.results.statistics import Statistic
from oligoscope.stats.survival.clustered_score_test import clustered_score_test
from oligoscope.stats.survival.kaplan_meier import kaplan_meier
from oligoscope.stats.survival.proportional_hazards import proportional_hazards
from oligoscope.study.months import DAYS_PER_MONTH
from oligoscope.study.protocol import AnalysisSettings

CASES = json.loads((Path(__file__).parent / "matched_sets.json").read_text(encoding="utf-8"))["cases"]
BY_NAME = {case["name"]: case for case in CASES}
NORMAL = 1.959963984540054


def rows_of(case) -> pl.DataFrame:
    return pl.DataFrame(
        case["rows"], schema_overrides={"weight": pl.Float64, "months": pl.Float64}, strict=False
    ).rename({"ph.ecog": "ecog"})


def cohort_of(case) -> pl.DataFrame:
    """One row a patient, as a matching gives them."""
    is_in_sets = case["name"] == "replacement"
    people = (
        rows_of(case)
        .group_by("patient", maintain_order=True)
        .agg(
            pl.col("months", "died", "woman", "age", "ecog").first(),
            pl.col("set").alias("_sets"),
            pl.col("weight").alias("_shares"),
        )
        .select(
            patient_id=pl.col("patient").cast(pl.String),
            pattern=pl.when(pl.col("woman") == 1)
            .then(pl.lit("oligoprogression"))
            .otherwise(pl.lit("systemic")),
            os_days=pl.col("months") * DAYS_PER_MONTH,
            os_event=pl.col("died").cast(pl.Int64),
            age_years=pl.col("age").cast(pl.Float64),
            ecog=pl.col("ecog").cast(pl.Int64),
            _pair=pl.col("_sets").list.first().cast(pl.Int64),
            _weight=pl.col("_shares").list.sum(),
            _sets="_sets",
            _shares="_shares",
        )
    )
    return people if is_in_sets else people.drop("_sets", "_shares")


def settings(kind: str) -> AnalysisSettings:
    asked = {"kind": kind, "population": "matched", "outcomes": ("os",), "variables": ("age_years", "ecog")}
    return AnalysisSettings.model_validate(asked)


@pytest.fixture(params=CASES, ids=lambda case: case["name"])
def case(request):
    return request.param


def test_the_ratio_is_weighted_and_its_limits_are_robust_to_the_sets(case, agrees):
    found, _ = compare_survival_pooled([cohort_of(case)], settings("survival"))

    ratio = next(e for e in found if e.statistic == Statistic.HAZARD_RATIO)
    expected = case["cox"]
    assert ratio.value is not None
    assert ratio.low is not None
    assert ratio.high is not None
    agrees(math.log(ratio.value), expected["coefficient"])
    # Above 30 sets limits are normal.
    agrees(math.log(ratio.low), expected["coefficient"] - NORMAL * expected["set_se"])
    agrees(math.log(ratio.high), expected["coefficient"] + NORMAL * expected["set_se"])
    assert ratio.method == "weighted Cox, Efron ties, set-robust limits"


def test_controls_that_serve_again_have_limits_robust_to_sets_and_patients_beside_them(agrees):
    case = BY_NAME["replacement"]
    found, _ = compare_survival_pooled([cohort_of(case)], settings("survival"))

    two_way = next(e for e in found if e.statistic == Statistic.HAZARD_RATIO_TWO_WAY)
    assert two_way.low is not None
    assert two_way.high is not None
    agrees(
        (math.log(two_way.high) - math.log(two_way.low)) / 2 / NORMAL,
        case["cox"]["two_way_se"],
        relative=1e-7,
    )
    ratio = next(e for e in found if e.statistic == Statistic.HAZARD_RATIO)
    assert "controls_used_again most=" in ratio.warning

    once, _ = compare_survival_pooled([cohort_of(BY_NAME["ratio"])], settings("survival"))
    assert not [e for e in once if e.statistic == Statistic.HAZARD_RATIO_TWO_WAY or "used_again" in e.warning]


def test_the_log_rank_test_is_the_robust_score_test(case, agrees):
    rows = rows_of(case)

    own = clustered_score_test(
        rows["months"].to_numpy(), rows["died"].to_numpy(), rows["woman"].to_numpy(),
        rows["weight"].to_numpy(), rows["set"].to_numpy(),
    )  # fmt: skip
    found, _ = compare_survival_pooled([cohort_of(case)], settings("survival"))

    agrees(own.statistic, case["score"]["chi_squared"])
    reported = next(e for e in found if e.variable == "log_rank" and e.statistic == Statistic.TEST_STATISTIC)
    agrees(reported.value, case["score"]["chi_squared"])


def test_proportional_hazards_are_tested_with_the_weights(case, agrees):
    rows = rows_of(case)
    design = rows["woman"].to_numpy().astype(float)

    found = proportional_hazards(
        rows["months"].to_numpy(), rows["died"].to_numpy(), design, weights=rows["weight"].to_numpy()
    )

    agrees(found.overall.chi_squared, case["zph"]["chi_squared"])


@pytest.mark.parametrize("group", ["women", "men"])
def test_curves_are_weighted_with_robust_limits(case, group, agrees):
    rows = rows_of(case).filter(pl.col("woman") == (group == "women"))
    cluster = rows["patient" if case["name"] == "replacement" else "set"].to_numpy()

    curve = kaplan_meier(
        rows["months"].to_numpy(), rows["died"].to_numpy(),
        weights=rows["weight"].to_numpy(), cluster=cluster, patient=rows["patient"].to_numpy(),
    )  # fmt: skip

    expected = case["curves"][group]
    steps = curve.n_events > 0
    agrees(curve.times[steps], expected["times"])
    agrees(curve.n_at_risk[steps], expected["n_risk"])
    agrees(curve.n_events[steps], expected["n_event"])
    agrees(curve.survival[steps], expected["survival"])
    for ours, theirs in ((curve.std_err, "std_err"), (curve.low, "low"), (curve.high, "high")):
        alive = curve.survival[steps] > 0
        agrees(ours[steps][alive], np.array(expected[theirs], dtype=float)[alive])
    median = curve.median()
    agrees([median.value, median.low, median.high], expected["median"])
    assert curve.n == rows["patient"].n_unique()
    at_risk = curve.at_risk([0.0, *expected["times"]])
    agrees(at_risk, [curve.total, *expected["n_risk"]])


def test_the_baseline_table_is_weighted(case, agrees):
    cohort = cohort_of(case)

    found = {
        (e.group, e.variable, e.level, e.statistic): e
        for e in compare_baseline_pooled([cohort], settings("baseline"), [cohort])
    }

    versus = "oligoprogression vs systemic"
    agrees(found["systemic", "age_years", "", Statistic.MEAN].value, case["men_age"]["mean"])
    agrees(found["systemic", "age_years", "", Statistic.SD].value, case["men_age"]["sd"])
    for variable, expected in (("age_years", case["age"]), ("ecog", case["ecog"])):
        agrees(found[versus, variable, "", Statistic.TEST_STATISTIC].value, expected["f"])
        agrees(found[versus, variable, "", Statistic.P_VALUE].value, expected["p"])
    assert (
        found["systemic", "", "", Statistic.N].value
        == rows_of(case).filter(pl.col("woman") == 0)["patient"].n_unique()
    )
    # Each woman's men count 1 together.
    assert (
        found["systemic", "", "", Statistic.WEIGHTED_N].value
        == found["oligoprogression", "", "", Statistic.N].value
    )


def test_counts_of_levels_add_up_to_the_weights(case):
    cohort = cohort_of(case)
    found = compare_baseline_pooled([cohort], settings("baseline"), [cohort])

    for group in ("all", "oligoprogression", "systemic"):
        total = next(e.value for e in found if e.group == group and e.statistic == Statistic.WEIGHTED_N)
        counts = [
            e.value
            for e in found
            if e.group == group and e.variable == "ecog" and e.level and e.statistic == Statistic.N
        ]
        assert math.isclose(sum(c or 0 for c in counts), total or 0)


def test_rows_of_sets_hold_every_share_once(case):
    cohort = cohort_of(case)
    rows = set_rows(cohort)

    assert are_weighted([cohort])
    assert serves_again(cohort) == (case["name"] == "replacement")
    assert math.isclose(rows["_weight"].sum(), cohort["_weight"].sum())
    per_set = rows.group_by("_pair").agg(pl.col("_weight").sum())
    assert per_set["_weight"].round(9).unique().to_list() == [2.0]

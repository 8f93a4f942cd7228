"""Weights: every setting changes a number, the gate withholds, and the leading weights have curves and a test."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from oligoscope.questions.weighting.numbers import compare_weighted
from oligoscope.results.analyses import WEIGHTED_BALANCE
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic, at_months
from oligoscope.results.warnings import WarningCode
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.protocol import AnalysisSettings, Bilingual, MatchingSettings
from oligoscope.study.setting_checks import check_settings
from oligoscope.study.weighting_settings import WeightingSettings

ASKED = AnalysisSettings(kind="weighting", outcomes=(Outcome.OS,))
MATCHING = MatchingSettings(covariates=("age_years", "smoking"), balance_limit=0.2)
PAIR = "oligoprogression vs systemic"


def patients(seed: int = 1, n: int = 160) -> pl.DataFrame:
    """Older patients and those who smoked are more often of the first group, and die sooner."""
    rng = np.random.default_rng(seed)
    age, smoked = rng.normal(62, 8, n), rng.random(n) < 0.6
    first = rng.random(n) < 1 / (1 + np.exp(-(age - 62) / 8 - smoked + 0.5))
    died = rng.exponential(400 * np.exp(-(age - 62) / 20 - 0.3 * smoked + 0.4 * first))
    censored = rng.uniform(200, 1200, n)
    return pl.DataFrame(
        {
            "patient_id": [f"P{i:03d}" for i in range(n)],
            "pattern": np.where(first, "oligoprogression", "systemic"),
            "age_years": age,
            "smoking": np.where(smoked, "ever", "never"),
            "os_days": np.ceil(np.minimum(died, censored)),
            "os_event": (died <= censored).astype(int),
        }
    )


def asked(
    cohorts: list[pl.DataFrame] | None = None, matching: MatchingSettings = MATCHING, **settings: Any
) -> Results:
    weighting = WeightingSettings(**settings)
    found, series = compare_weighted(cohorts or [patients()], ASKED, matching, weighting, seed=5)
    return Results(tuple(found), series)


def ratio(found: Results, target: str) -> Estimate:
    (e,) = found.find(variable=target, statistic=Statistic.HAZARD_RATIO)
    return e


def test_overlap_weights_lead_and_are_given_first():
    found = asked()
    named = [e.variable for e in found.estimates if e.statistic == Statistic.HAZARD_RATIO]

    assert named == ["overlap", "ate", "att"]
    assert [e.variable for e in found.find(statistic=Statistic.P_VALUE_LOG_RANK)] == ["overlap"]
    assert "km/weighted/progressed/pattern/os" in found.series


def test_lead_chooses_the_weights_of_the_curves():
    one, other = asked(), asked(lead="ate")
    at = at_months(Statistic.SURVIVAL, 12)

    def of(found: Results, target: str) -> list[float | None]:
        return [e.value for e in found.find(variable=target, statistic=at)]

    assert len(of(one, "overlap")) == len(of(other, "ate")) == 2
    assert of(one, "overlap") != of(other, "ate")
    assert of(other, "overlap") == []


@pytest.mark.parametrize("target", ["overlap", "ate", "att", "entropy_ate", "entropy_att"])
def test_every_target_has_its_own_ratio(target):
    found = asked(lead=target, targets=(target,))

    given = [e.variable for e in found.estimates if e.statistic == Statistic.HAZARD_RATIO]
    assert given == [target]
    others = {e.value for e in asked().estimates if e.statistic == Statistic.HAZARD_RATIO}
    assert (ratio(found, target).value in others) == (not target.startswith("entropy"))


@pytest.mark.parametrize("target", ["overlap", "entropy_ate", "entropy_att"])
def test_some_weights_balance_exactly(target):
    found = asked(lead=target, targets=(target,))
    after = found.find(analysis=WEIGHTED_BALANCE, outcome=target, statistic=Statistic.SMD_WEIGHTED_ABSOLUTE)

    assert len(after) == 4  # age; smoking and its two levels
    assert [e.value for e in after] == [0, 0, 0, 0]
    assert all(
        (e.value or 0) > 0.2 for e in found.find(variable="age_years", statistic=Statistic.SMD_UNWEIGHTED)
    )


def test_limits_change_with_what_they_know_and_the_ratio_does_not():
    found = [ratio(asked(limits=limits), "ate") for limits in ("robust", "stacked", "bootstrap")]

    assert len({e.value for e in found}) == 1
    assert len({e.low for e in found}) == 3
    robust, stacked, bootstrap = ((e.high or 0) / (e.low or 1) for e in found)
    assert stacked < robust
    assert bootstrap == pytest.approx(stacked, rel=0.3)


def test_the_log_rank_test_changes_with_the_limits():
    p = [
        asked(limits=limits).find(statistic=Statistic.P_VALUE_LOG_RANK)[0].value
        for limits in ("robust", "stacked")
    ]

    assert p[0] != p[1]


def test_samples_come_from_the_seed_and_their_number():
    first, again = (ratio(asked(limits="bootstrap", resamples=60), "ate") for _ in range(2))
    more = ratio(asked(limits="bootstrap", resamples=70), "ate")

    assert (first.low, first.high) == (again.low, again.high)
    assert first.low != more.low


@pytest.mark.parametrize("target", ["ate", "entropy_ate"])
def test_truncation_cuts_the_largest_weights(target):
    settings: dict[str, Any] = {"lead": target, "targets": (target,)}
    whole, cut = asked(**settings), asked(**settings, truncate=0.05)

    def largest(found: Results) -> float:
        return max(e.value or 0 for e in found.find(statistic=Statistic.LARGEST_WEIGHT))

    assert largest(cut) < largest(whole)
    assert ratio(cut, target).value != ratio(whole, target).value
    (n,) = cut.find(statistic=Statistic.N_TRUNCATED)
    assert n.value == 16  # eight of 160 at either end
    assert not whole.find(statistic=Statistic.N_TRUNCATED)


def test_weights_that_do_not_balance_withhold_the_comparison_unless_unsealed():
    strict = MATCHING.model_copy(update={"balance_limit": 1e-3})
    sealed = asked(matching=strict)

    assert ratio(sealed, "overlap").value is not None  # exactly balanced
    assert ratio(sealed, "ate").value is None
    assert ratio(sealed, "ate").warning.has(WarningCode.WEIGHTS_UNBALANCED)
    (judged,) = sealed.find(variable="ate", statistic=Statistic.LARGEST_SMD)
    assert (judged.value or 0) > 1e-3
    assert judged.warning.has(WarningCode.WEIGHTS_UNBALANCED)

    reason = Bilingual(zh="理由。", en="The reason.")
    opened = asked(matching=strict.model_copy(update={"unseal": reason}))
    assert ratio(opened, "ate").value == ratio(asked(), "ate").value
    assert ratio(opened, "ate").warning.has(WarningCode.WEIGHTS_UNSEALED)
    assert not ratio(opened, "overlap").warning.has(WarningCode.WEIGHTS_UNSEALED)


def test_the_doubly_robust_difference_passes_the_gate_of_the_weights_of_all_patients():
    strict = MATCHING.model_copy(update={"balance_limit": 1e-3})
    opened = strict.model_copy(update={"unseal": Bilingual(zh="理由。", en="The reason.")})

    def differences(matching: MatchingSettings, **settings: Any) -> list[Estimate]:
        return asked(matching=matching, **settings).find(variable="aipw")

    for settings in ({}, {"targets": ("overlap",)}):
        sealed = differences(strict, **settings)
        assert sealed
        assert all(e.value is None and e.warning.has(WarningCode.WEIGHTS_UNBALANCED) for e in sealed)
    given = differences(opened)
    assert [e.value for e in given] == [e.value for e in differences(MATCHING)]
    assert all(e.warning.has(WarningCode.WEIGHTS_UNSEALED) for e in given)

    few = MATCHING.model_copy(update={"minimum_group": 60})
    assert all(e.value is None and e.warning.has(WarningCode.TOO_FEW_EFFECTIVE) for e in differences(few))


def test_a_leading_target_that_is_withheld_has_no_curve():
    strict = MATCHING.model_copy(update={"balance_limit": 1e-3})
    found = asked(matching=strict, lead="ate")

    assert not found.series
    assert not found.find(statistic=Statistic.P_VALUE_LOG_RANK)


def test_groups_without_overlap_have_no_entropy_weights():
    apart = patients().with_columns(
        age_years=pl.when(pl.col("pattern") == "systemic")
        .then(40 + pl.col("age_years") / 100)
        .otherwise("age_years")
    )
    found = asked([apart], lead="entropy_att", targets=("entropy_att",))

    assert ratio(found, "entropy_att").warning == "no_balancing_weights"


def test_the_doubly_robust_difference_is_that_of_its_groups():
    found = asked()
    for month in (12, 24):
        (difference,) = found.find(variable="aipw", statistic=at_months(Statistic.SURVIVAL_DIFFERENCE, month))
        first, second = (
            e.value for e in found.find(variable="aipw", statistic=at_months(Statistic.SURVIVAL, month))
        )
        assert difference.value == pytest.approx((first or 0) - (second or 0))
        assert (difference.low or 0) < (difference.value or 0) < (difference.high or 0)


def test_delayed_entry_withholds_the_doubly_robust_difference_alone():
    late = patients().with_columns(os_entry_days=pl.lit(5.0))
    found = asked([late.filter(pl.col("os_days") > 5)])

    (difference,) = found.find(statistic=at_months(Statistic.SURVIVAL_DIFFERENCE, 12))
    assert difference.value is None
    assert difference.warning == "no_delayed_entry"
    assert ratio(found, "overlap").value is not None


def test_the_order_of_the_rows_changes_nothing_beyond_rounding():
    one, other = asked(), asked([patients().reverse()])

    for e in one.estimates:
        same = other.at(e.key)
        assert same is not None
        assert (same.value is None) == (e.value is None)
        assert (same.value or 0) == pytest.approx(e.value or 0, rel=1e-9, abs=1e-12)


def test_several_imputations_are_pooled():
    found = asked([patients(), patients().with_columns(pl.col("age_years") + 1.0)])

    assert "pooled by Rubin" in ratio(found, "overlap").method
    assert found.find(statistic=Statistic.VARIANCE_SHARE_BETWEEN_IMPUTATIONS) == []


@pytest.mark.parametrize(
    ("settings", "at"),
    [
        ({"lead": "entropy_ate"}, "lead"),
        ({"resamples": 500}, "resamples"),
        ({"limits": "robust", "resamples": 500}, "resamples"),
    ],
)
def test_a_setting_without_effect_is_refused(settings: dict[str, Any], at: str, made_protocol):
    protocol = made_protocol.model_copy(update={"weighting": WeightingSettings(**settings)})

    assert [place for place, _, _ in check_settings(protocol)] == [("weighting", at)]

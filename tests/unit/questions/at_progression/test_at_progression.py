"""The groups on the day of the first progression, and survival after it adjusted for what is known then."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest

from oligoscope.cohort.matched_sets import SET, WEIGHT
from oligoscope.questions.at_progression.numbers import compare_at_progression
from oligoscope.questions.question import Asked
from oligoscope.questions.survival.pooled import compare_survival_pooled
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import WarningCode
from oligoscope.stats.comparison.summaries import smd_continuous
from oligoscope.stats.imputation.rubin import pool
from oligoscope.stats.survival.cox import CoxFit, cox
from oligoscope.study.keys import is_comparison
from oligoscope.study.months import DAYS_PER_MONTH
from oligoscope.study.protocol import AnalysisSettings, Bilingual, MatchingSettings
from unit.questions.survival.two_hazards import SETTINGS, patients

COVARIATES = ("months_to_progression", "best_response", "ecog_at_progression")
PAIR = "oligoprogression vs systemic"


def cohort(n: int = 120, seed: int = 1) -> pl.DataFrame:
    """Patients whose time to progression and response differ between the patterns, and decide with them how long they live."""
    rng = np.random.default_rng(seed)
    oligo = np.arange(n) % 2 == 0
    months = rng.gamma(2, 4, n) + np.where(oligo, 3, 0)
    response = np.where(rng.random(n) < np.where(oligo, 0.6, 0.4), "PR", "SD")
    days = rng.exponential(300 * np.sqrt(months / 8) * np.where(oligo, 1.3, 1), n).round() + 1
    return pl.DataFrame(
        {
            "patient_id": [f"P{i:03d}" for i in range(n)],
            "pattern": np.where(oligo, "oligoprogression", "systemic"),
            "pps_days": days,
            "pps_event": (rng.random(n) < 0.8).astype(int),
            "months_to_progression": months,
            "best_response": response,
            "ecog_at_progression": rng.integers(0, 2, n),
            "age_years": rng.normal(60, 9, n),
            "n_progressing_lesions": np.where(oligo, 2, 7),
            "line_regimen": np.where(rng.random(n) < 0.5, "chemo", "io"),
        }
    )


def asked(cohorts: list[pl.DataFrame], *, matched: bool = False, **settings: Any) -> Asked:
    analysis = {"kind": "at_progression", "minimum_events_per_variable": 1} | settings
    if matched:
        analysis["population"] = "matched"
    matching = MatchingSettings(covariates=("age_years",), covariates_at_progression=COVARIATES)
    plain = Asked(AnalysisSettings(**analysis), cohorts[0], pl.DataFrame(), matching, tuple(cohorts))
    if not matched:
        return plain
    # The first 40 patients of each pattern in pairs, in every imputation.
    marked = tuple(
        c.head(80).with_columns(pl.Series(SET, np.arange(80) // 2), pl.lit(1.0).alias(WEIGHT))
        for c in cohorts
    )
    return replace(plain, cohorts=marked, completed=tuple(cohorts), cluster=SET)


def found(question: Asked) -> Results:
    return Results(tuple(compare_at_progression(question)))


def one(results: Results, statistic: Statistic, **keys: str) -> Estimate:
    of: dict[str, Any] = {"variable": "", "level": "", **keys}
    (estimate,) = results.find(statistic=statistic, **of)
    return estimate


def robust_error(fit: CoxFit) -> float:
    assert fit.robust_standard_errors is not None
    return float(fit.robust_standard_errors[0])


def design(patients: pl.DataFrame) -> np.ndarray:
    """As one would write it down: the group, log months, response against PR, ECOG 1 against 0."""
    return np.column_stack(
        [
            (patients["pattern"] == "oligoprogression").to_numpy(),
            patients["months_to_progression"].log().to_numpy(),
            (patients["best_response"] == "SD").to_numpy(),
            patients["ecog_at_progression"].to_numpy(),
        ]
    ).astype(float)


def fitted(patients: pl.DataFrame, columns: np.ndarray, cluster: np.ndarray | None = None):
    months, died = patients["pps_days"].to_numpy() / DAYS_PER_MONTH, patients["pps_event"].to_numpy()
    return cox(months, died, columns, cluster=cluster)


def test_the_groups_are_described_as_observed():
    patients = cohort()
    results = found(asked([patients]))
    oligo = patients.filter(pl.col("pattern") == "oligoprogression")
    median = one(results, Statistic.MEDIAN, group="oligoprogression", variable="months_to_progression")
    count = one(results, Statistic.N, group="oligoprogression", variable="best_response", level="PR")

    assert (median.value, median.n) == (pytest.approx(oligo["months_to_progression"].median()), 60)
    assert count.value == (oligo["best_response"] == "PR").sum()


def test_the_difference_before_matching_is_that_of_the_two_samples():
    patients = cohort()
    parts = [
        patients.filter(pl.col("pattern") == p)["months_to_progression"].to_numpy()
        for p in ("oligoprogression", "systemic")
    ]

    smd = one(found(asked([patients])), Statistic.SMD_BEFORE, variable="months_to_progression")

    assert smd.value == pytest.approx(smd_continuous(*parts))


def test_the_difference_after_matching_is_of_the_matched_over_the_sd_before():
    patients = cohort()
    results = found(asked([patients], matched=True))
    sides = [
        patients.filter(pl.col("pattern") == p)["months_to_progression"]
        for p in ("oligoprogression", "systemic")
    ]
    spread = np.sqrt(np.mean([s.to_numpy().var(ddof=1) for s in sides]))
    means = [float(s.head(40).to_numpy().mean()) for s in sides]

    smd = one(results, Statistic.SMD_AFTER, variable="months_to_progression")

    assert smd.value == pytest.approx((means[0] - means[1]) / spread)


def test_the_ratios_are_those_of_the_group_alone_and_with_the_covariates():
    patients = cohort()
    results, columns = found(asked([patients])), design(patients)
    plain, adjusted = fitted(patients, columns[:, :1]), fitted(patients, columns)
    ratio, with_covariates = (
        one(results, s, outcome="pps") for s in (Statistic.HAZARD_RATIO, Statistic.HAZARD_RATIO_ADJUSTED)
    )

    assert (ratio.value, ratio.low, ratio.n) == (
        pytest.approx(plain.hazard_ratios[0]),
        pytest.approx(plain.low[0]),
        120,
    )
    assert (with_covariates.value, with_covariates.high) == (
        pytest.approx(adjusted.hazard_ratios[0]),
        pytest.approx(adjusted.high[0]),
    )
    assert one(results, Statistic.EVENTS_PER_PARAMETER).value == patients["pps_event"].sum() / 4


def test_after_matching_the_limits_are_robust_to_the_pairs_and_pooled_by_rubin():
    first, second = cohort(), cohort().with_columns(ecog_at_progression=1 - pl.col("ecog_at_progression"))
    second = second.with_columns(months_to_progression=pl.col("months_to_progression") * 1.1)
    fits = [
        fitted(c.head(80), design(c.head(80)), np.arange(80) // 2)
        for c in (first, second.with_columns(best_response=pl.col("best_response").reverse()))
    ]
    cohorts = [first, second.with_columns(best_response=pl.col("best_response").reverse())]
    events = int(first.head(80)["pps_event"].sum())
    pooled = pool([f.coefficients[0] for f in fits], [robust_error(f) ** 2 for f in fits], events - 4)

    ratio = one(found(asked(cohorts, matched=True)), Statistic.HAZARD_RATIO_ADJUSTED)

    assert (ratio.value, ratio.low) == (
        pytest.approx(np.exp(pooled.estimate)),
        pytest.approx(np.exp(pooled.low)),
    )
    assert "pair-robust limits" in ratio.method


def test_a_covariate_without_values_is_named_and_not_adjusted_for():
    patients = cohort().with_columns(ecog_at_progression=pl.lit(None, pl.Int64))
    results = found(asked([patients]))
    adjusted = fitted(patients, design(patients.with_columns(ecog_at_progression=0))[:, :3])

    assert one(results, Statistic.COVARIATE, variable="ecog_at_progression").warning == "blank_for_all"
    assert one(results, Statistic.HAZARD_RATIO_ADJUSTED).value == pytest.approx(adjusted.hazard_ratios[0])


def test_both_ratios_are_of_the_patients_in_whom_every_covariate_is_known():
    known = pl.int_range(pl.len()) % 10 != 0
    patients = cohort().with_columns(ecog_at_progression=pl.when(known).then("ecog_at_progression"))
    results = found(asked([patients]))

    assert {e.n for e in results.find(outcome="pps", variable="")} == {108}


def test_a_model_with_too_few_events_for_its_columns_is_withheld_alone():
    results = found(asked([cohort()], minimum_events_per_variable=1000))

    assert one(results, Statistic.HAZARD_RATIO).value is not None
    withheld = one(results, Statistic.HAZARD_RATIO_ADJUSTED)
    assert (withheld.value, withheld.warning.startswith("too_few_per_variable")) == (None, True)


def test_groups_with_too_few_events_have_no_ratio():
    results = found(asked([cohort()], minimum_events=1000))

    ratios = [
        e
        for s in (Statistic.HAZARD_RATIO, Statistic.HAZARD_RATIO_ADJUSTED)
        for e in results.find(statistic=s)
    ]
    assert {e.variable for e in ratios} == {"", "ate", "att", "overlap"}
    assert all(e.value is None and e.warning.startswith("too_few_events") for e in ratios)


def test_weighted_ratios_are_adjusted_for_the_same_covariates():
    results = found(asked([cohort()]))

    for target in ("ate", "att", "overlap"):
        plain, adjusted = (
            one(results, s, variable=target)
            for s in (Statistic.HAZARD_RATIO, Statistic.HAZARD_RATIO_ADJUSTED)
        )
        assert plain.value != adjusted.value
        assert "robust limits" in adjusted.method


def test_weights_that_miss_the_balance_give_no_ratio_unless_unsealed():
    question = asked([cohort()])

    def weighted(**matching: Any) -> dict[str, list[Estimate]]:
        settings = question.matching.model_copy(update=matching)
        results = found(replace(question, matching=settings))
        return {t: results.find(outcome="pps", variable=t) for t in ("ate", "att", "overlap")}

    passed, sealed = weighted(), weighted(balance_limit=1e-6)
    reason = Bilingual(zh="理由。", en="The reason.")
    opened = weighted(balance_limit=1e-6, unseal=reason)
    for target in ("ate", "att"):
        assert all(e.value is None and e.warning.has(WarningCode.WEIGHTS_UNBALANCED) for e in sealed[target])
        assert [e.value for e in opened[target]] == [e.value for e in passed[target]]
        assert any(e.warning.has(WarningCode.WEIGHTS_UNSEALED) for e in opened[target])
    assert sealed["overlap"] == passed["overlap"]  # exactly balanced


def test_treatment_after_progression_is_described_and_changes_no_ratio():
    patients = cohort()
    other = patients.with_columns(line_regimen=pl.col("line_regimen").reverse())
    one_way, another = (found(asked([c])) for c in (patients, other))

    assert one_way.find(variable="line_regimen", statistic=Statistic.PERCENT)
    assert not one_way.find(variable="line_regimen", statistic=Statistic.SMD_BEFORE)
    assert not one_way.find(variable="n_progressing_lesions", statistic=Statistic.SMD_BEFORE)
    for statistic in (Statistic.HAZARD_RATIO, Statistic.HAZARD_RATIO_ADJUSTED):
        pairs = zip(one_way.find(statistic=statistic), another.find(statistic=statistic), strict=True)
        assert all(a.value == b.value for a, b in pairs)


def test_no_number_depends_on_the_order_of_the_rows():
    patients = cohort()
    results, other = (found(asked([c])) for c in (patients, patients.reverse()))

    for a, b in zip(results.estimates, other.estimates, strict=True):
        assert a.key == b.key
        assert a.value == (None if b.value is None else pytest.approx(b.value, rel=1e-9))


def test_one_pattern_alone_is_not_compared():
    results = found(asked([cohort().filter(pl.col("pattern") == "systemic")]))

    (withheld,) = results.estimates
    assert (withheld.statistic, withheld.value) == (Statistic.HAZARD_RATIO_ADJUSTED, None)
    assert withheld.warning == "one_group_only"


@pytest.mark.parametrize("imputations", [1, 3])
@pytest.mark.parametrize("crossing", [True, False])
def test_a_crude_ratio_says_that_it_changes_with_time_as_elsewhere(crossing, imputations):
    times = patients(crossing=crossing)
    people = cohort(300).with_columns(times.get_columns())

    found = list(compare_at_progression(asked([people] * imputations)))

    plain = {e.statistic: e for e in found if not e.variable and is_comparison(e.group)}
    assert plain[Statistic.HAZARD_RATIO].warning.has(WarningCode.NON_PROPORTIONAL) == crossing
    assert not plain[Statistic.HAZARD_RATIO_ADJUSTED].warning.has(WarningCode.NON_PROPORTIONAL)
    weighted = [e for e in found if e.variable and e.statistic == Statistic.HAZARD_RATIO]
    assert not any(e.warning.has(WarningCode.NON_PROPORTIONAL) for e in weighted)


@pytest.mark.parametrize("crossing", [True, False])
def test_so_does_a_ratio_weighted_by_its_matching(crossing):
    people = cohort(300).with_columns(patients(crossing=crossing).get_columns())
    of = (people.filter(pl.col("pattern") == pattern) for pattern in ("oligoprogression", "systemic"))
    treated, controls = next(of).head(50), next(of).head(100)
    sets = pl.concat([treated, controls]).with_columns(
        pl.Series(SET, [*range(50), *np.arange(100) // 2]), pl.Series(WEIGHT, [1.0] * 50 + [0.5] * 100)
    )
    question = replace(asked([people], matched=True), cohorts=(sets,))

    found = one(Results(tuple(compare_at_progression(question))), Statistic.HAZARD_RATIO)

    elsewhere, _ = compare_survival_pooled([sets], SETTINGS)
    (same,) = (e for e in elsewhere if e.statistic == Statistic.HAZARD_RATIO and not e.variable)
    assert found.value == pytest.approx(same.value)
    caution = WarningCode.NON_PROPORTIONAL
    assert found.warning.has(caution) == same.warning.has(caution) == crossing

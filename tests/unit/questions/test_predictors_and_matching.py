"""Completed, matched and pooled comparisons on a made cohort with the paper's margins."""

from __future__ import annotations

from functools import cache
from statistics import median

import polars as pl
import pytest

from oligoscope.checked_study import check_study
from oligoscope.cohort.complete import impute_cohort
from oligoscope.cohort.match import match_cohorts
from oligoscope.demo.cohort import make_cohort, write_cohort
from oligoscope.errors import NotEnoughData
from oligoscope.pipeline import run_study
from oligoscope.questions.baseline.numbers import compare_baseline
from oligoscope.questions.baseline.pooled import compare_baseline_pooled
from oligoscope.questions.predictors.numbers import fit_predictors
from oligoscope.questions.survival.numbers import compare_survival
from oligoscope.questions.survival.pooled import compare_survival_pooled
from oligoscope.results.analyses import BALANCE
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import of_error
from oligoscope.stats.comparison.chi_square import chi_square_tail
from oligoscope.study.protocol import AnalysisSettings, MatchingSettings, Protocol


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    write_cohort(make_cohort(20250408, 579), folder)
    checked = check_study(folder)
    protocol = checked.protocol.model_copy(update={"analyses": ()})
    run = run_study(protocol, checked.tables)
    return protocol, run.cohort.population("progressed")


@cache
def _settings(kind: str, population: str = "progressed") -> AnalysisSettings:
    return AnalysisSettings.model_validate({"kind": kind, "population": population, "outcomes": ("pps",)})


def test_the_papers_crude_odds_ratios_come_out_with_their_reference(study):
    """Huang 2025, 2.3: 0.53, 0.64, 0.46 and 1.48 are crude odds ratios of systemic progression."""
    protocol, patients = study
    completed = impute_cohort(patients, protocol, "pattern", "progressed")
    settings = AnalysisSettings(kind="predictors", variables=("sex", "smoking", "histology", "stage"))

    found = {
        e.level: (round(e.value or 0, 2), round(e.low or 0, 2), round(e.high or 0, 2))
        for e in fit_predictors(completed.cohorts, settings)
        if e.statistic == Statistic.ODDS_RATIO_UNIVARIABLE
    }

    assert found == {
        "male vs female": (0.53, 0.34, 0.84),
        "ever vs never": (0.64, 0.43, 0.95),
        "squamous vs adenocarcinoma": (0.46, 0.33, 0.65),
        "IV vs IIIC": (1.48, 0.98, 2.24),
    }


def test_a_variable_that_was_complete_has_one_fit_and_is_not_pooled(study):
    """R: glm(systemic ~ sex, binomial) has the Wald P 0.00729 here; five of it pooled, with t of 575 df, 0.00750."""
    protocol, patients = study
    completed = impute_cohort(patients, protocol, "pattern", "progressed")
    settings = AnalysisSettings(kind="predictors", variables=("sex", "brain_metastasis", "pd_l1"))

    found = {(e.variable, e.level, e.statistic): e for e in fit_predictors(completed.cohorts, settings)}

    p = found["sex", "male vs female", Statistic.P_VALUE_UNIVARIABLE]
    assert (round(p.value or 0, 5), p.method) == (0.00729, "logistic regression, Wald limits")
    assert round(found["brain_metastasis", "yes vs no", Statistic.P_VALUE_UNIVARIABLE].value or 0, 3) == 0.201
    drawn = found["pd_l1", "1-49% vs <1%", Statistic.ODDS_RATIO_UNIVARIABLE]
    assert drawn.method == "logistic regression, Wald limits, pooled by Rubin"
    assert found["pd_l1", "", Statistic.P_VALUE_UNIVARIABLE].method == "Wald, D1"
    assert found["sex", "male vs female", Statistic.P_VALUE_MULTIVARIABLE].method == drawn.method


def test_a_multivariable_model_without_an_imputed_variable_is_one_fit(study):
    """Five versions that differ in PD-L1 only: a model of the others is that of any one of them."""
    protocol, patients = study
    completed = impute_cohort(patients, protocol, "pattern", "progressed")
    settings = AnalysisSettings(kind="predictors", variables=("sex", "stage", "histology"))

    assert fit_predictors(completed.cohorts, settings) == fit_predictors(completed.cohorts[:1], settings)


def test_with_too_few_patients_in_a_group_no_odds_ratio_is_given(study):
    _, patients = study
    few = pl.concat(
        [
            patients.filter(pl.col("pattern") == "oligoprogression"),
            patients.filter(pl.col("pattern") == "systemic").head(4),
        ]
    )

    (found,) = fit_predictors((few,), AnalysisSettings(kind="predictors", variables=("sex", "stage")))

    assert found.value is None
    assert found.warning == "too_few_in_group minimum=5"


def test_observed_values_never_change_and_the_missing_are_drawn(study):
    protocol, patients = study
    completed = impute_cohort(patients, protocol, "pattern", "progressed")

    assert completed.m == protocol.imputation.m
    observed = patients["pd_l1"].is_not_null()
    for cohort in completed.cohorts:
        assert cohort["pd_l1"].null_count() == 0
        assert cohort["pd_l1"].filter(observed).equals(patients["pd_l1"].filter(observed))
    drawn = {tuple(c["pd_l1"].filter(~observed)) for c in completed.cohorts}
    assert len(drawn) == completed.m


def test_the_gate_fails_loudly_and_a_better_choice_is_named(study):
    protocol, patients = study
    completed = impute_cohort(patients, protocol, "pattern", "progressed")

    strict = protocol.model_copy(update={"matching": MatchingSettings(balance_limit=0.001)})
    matched = match_cohorts(completed, strict, "pattern")

    assert matched.verdict is not None
    assert not matched.verdict.passed
    gate = next(e for e in matched.estimates if e.statistic == Statistic.LARGEST_SMD and not e.variable)
    assert gate.warning.startswith("unbalanced")
    assert matched.advice is not None
    assert matched.pairs["distance"].max() <= strict.matching.caliper + 1e-9


def test_with_too_few_patients_in_a_group_nothing_is_matched(study):
    """A propensity score of four patients balances nothing."""
    protocol, patients = study
    few = pl.concat(
        [
            patients.filter(pl.col("pattern") == "oligoprogression"),
            patients.filter(pl.col("pattern") == "systemic").head(4),
        ]
    )
    completed = impute_cohort(few, protocol, "pattern", "progressed")

    with pytest.raises(NotEnoughData, match="at least 5 patients in each group; one has 4") as stopped:
        match_cohorts(completed, protocol, "pattern")
    assert stopped.value.warning == "too_few_to_match smallest=4 minimum=5"
    assert "is 4, below the 5" in of_error(stopped.value.warning).printed.en


def test_every_pair_has_one_of_each_group_and_no_patient_twice(study):
    protocol, patients = study
    completed = impute_cohort(patients, protocol, "pattern", "progressed")
    matched = match_cohorts(completed, protocol, "pattern")

    for cohort in matched.cohorts:
        sets = cohort.group_by("_pair").agg(pl.col("pattern").sort().alias("patterns"), pl.len())
        assert (sets["len"] == 2).all()
        assert sets["patterns"].to_list() == [["oligoprogression", "systemic"]] * sets.height
        assert cohort["patient_id"].n_unique() == cohort.height


def test_one_cohort_pooled_is_that_cohort(study):
    _, patients = study
    settings = _settings("survival")
    alone, _ = compare_survival(patients, settings)
    pooled, _ = compare_survival_pooled([patients], settings, cluster=None)

    first = {e.key: e.value for e in alone}
    for estimate in pooled:
        if estimate.key in first and first[estimate.key] is not None:
            assert estimate.value == pytest.approx(first[estimate.key], rel=1e-9), estimate.key


def test_pooled_counts_are_means_over_the_imputations(study):
    protocol, patients = study
    completed = impute_cohort(patients, protocol, "pattern", "progressed")
    settings = AnalysisSettings(kind="baseline", variables=("pd_l1", "sex"))

    found = {e.key: e for e in compare_baseline_pooled(completed.cohorts, settings)}

    level = [
        c.filter((pl.col("pattern") == "systemic") & (pl.col("pd_l1") == "<1%")).height
        for c in completed.cohorts
    ]
    key = ("baseline", "progressed", "pattern", "systemic", "pd_l1", "<1%", "n")
    assert found[key].value == pytest.approx(sum(level) / len(level))


VERSUS = "oligoprogression vs systemic"


def test_p_after_matching_is_the_median_over_the_imputations_with_the_statistic_of_that_imputation(study):
    """D2 of the same chi-squares is exactly 1 for some variables; a mean of chi-squares would belong to no P."""
    protocol, patients = study
    matched = match_cohorts(impute_cohort(patients, protocol, "pattern", "progressed"), protocol, "pattern")
    variables = ("age_60", "sex", "pd_l1")
    settings = AnalysisSettings(kind="baseline", population="matched", variables=variables)
    single = [
        {e.variable: e for e in compare_baseline(c, settings) if e.statistic == Statistic.P_VALUE}
        for c in matched.cohorts
    ]

    found = compare_baseline_pooled(matched.cohorts, settings, matched.completed)

    for variable in variables:
        p = next(e for e in found if e.variable == variable and e.statistic == Statistic.P_VALUE)
        own = next(e for e in found if e.variable == variable and e.statistic == Statistic.TEST_STATISTIC)
        freedom = 2 if variable == "pd_l1" else 1
        assert chi_square_tail(own.value or 0, freedom) == pytest.approx(p.value, rel=1e-12)
        assert own.method == p.method
        assert p.value == median(one[variable].value or 0 for one in single)
        assert (p.value or 0) < 1
        assert p.method == "chi-square, median P over imputations"


def test_cautions_of_a_matching_are_reported(study):
    """docs/methods-matching.md: without a caliper pairs may lie far apart."""
    protocol, patients = study
    completed = impute_cohort(patients, protocol, "pattern", "progressed")
    loose = protocol.model_copy(update={"matching": protocol.matching.model_copy(update={"caliper": None})})

    with_caliper, without = (
        next(e for e in match_cohorts(completed, p, "pattern").estimates if e.statistic == Statistic.N_PAIRS)
        for p in (protocol, loose)
    )

    assert "no_caliper" not in with_caliper.warning
    assert "no_caliper" in without.warning.split("; ")


def test_p_of_a_matched_log_rank_test_is_the_median_over_the_imputations(study):
    """D2 of the same chi-squares is exactly 1 as soon as they differ much; the statistic is that of the median P."""
    protocol, patients = study
    matched = match_cohorts(impute_cohort(patients, protocol, "pattern", "progressed"), protocol, "pattern")

    pooled, _ = compare_survival_pooled(matched.cohorts, _settings("survival", "matched"))
    alone = [compare_survival_pooled([c], _settings("survival", "matched"))[0] for c in matched.cohorts]

    def p_of(found):
        return next(e for e in found if e.variable == "log_rank" and e.statistic == Statistic.P_VALUE)

    assert p_of(pooled).value == median(float(p_of(found).value or 0) for found in alone)
    assert (p_of(pooled).method, p_of(alone[0]).method) == ("log-rank, median P over imputations", "log-rank")
    own = next(e for e in pooled if e.statistic == Statistic.TEST_STATISTIC)
    assert chi_square_tail(own.value or 0, 1) == pytest.approx(p_of(pooled).value, rel=1e-12)


def test_of_an_even_number_of_imputations_no_statistic_belongs_to_the_median_p(study):
    protocol, patients = study
    matched = match_cohorts(impute_cohort(patients, protocol, "pattern", "progressed"), protocol, "pattern")
    settings = AnalysisSettings(kind="baseline", population="matched", variables=("age_60", "pd_l1"))

    curves, _ = compare_survival_pooled(matched.cohorts[:2], _settings("survival", "matched"))
    table = compare_baseline_pooled(matched.cohorts[:2], settings, matched.completed[:2])

    assert not [e for e in (*curves, *table) if e.statistic == Statistic.TEST_STATISTIC]


def test_smd_of_table_1_after_matching_is_that_of_the_table_of_balance(study):
    """Signed means of levels; of variables means of what is never negative."""
    protocol, patients = study
    matched = match_cohorts(impute_cohort(patients, protocol, "pattern", "progressed"), protocol, "pattern")
    variables = tuple(dict.fromkeys(e.variable for e in matched.estimates if e.analysis == BALANCE))
    settings = AnalysisSettings(kind="baseline", population="matched", variables=variables)
    of_balance = {
        (e.variable, e.level, e.statistic): e.value for e in matched.estimates if e.analysis == BALANCE
    }

    found = compare_baseline_pooled(matched.cohorts, settings, matched.completed)

    ours = {(e.variable, e.level): e.value for e in found if e.statistic == Statistic.SMD}
    levels = {key for key in ours if key[1]}
    assert {v for v, _ in ours} == set(variables)
    assert len(levels) > len(variables)
    for (variable, level), value in ours.items():
        name = Statistic.SMD_AFTER if level else Statistic.SMD_AFTER_ABSOLUTE
        assert value == pytest.approx(of_balance[variable, level, name], abs=1e-12)


def test_a_variable_not_matched_on_is_over_the_sd_before_matching_too():
    """Ages 50, 60, 70 against 40, 60, 80: SD 10 and 20. Matched are 60, 70 and 60, 80: 65 - 70 over sqrt(250)."""
    patients = pl.DataFrame(
        {
            "patient_id": list("abcdef"),
            "pattern": ["oligoprogression"] * 3 + ["systemic"] * 3,
            "age_years": [50.0, 60.0, 70.0, 40.0, 60.0, 80.0],
            "ecog": ["0", "1", "1", "0", None, "0"],
        }
    )
    matched = patients.filter(pl.col("age_years") >= 60).with_columns(_weight=pl.lit(1.0))
    settings = AnalysisSettings(kind="baseline", population="matched", variables=("age_years", "ecog"))

    found = {
        (e.variable, e.level): e
        for e in compare_baseline_pooled([matched], settings, [patients])
        if e.statistic == Statistic.SMD
    }

    assert found["age_years", ""].value == pytest.approx(5 / 250**0.5)
    assert found["age_years", ""].method == "standardised mean difference, SD before matching"
    # ECOG 1: 2 of 2 against 0 of 1 known; before matching 2 of 3 against 0 of 2.
    assert found["ecog", "1"].value == pytest.approx(1 / (2 / 9 / 2) ** 0.5)
    assert found["ecog", ""].value == pytest.approx(1 / (2 / 9 / 2) ** 0.5)
    assert found["ecog", ""].n == 3


def test_the_seed_decides_everything(study):
    protocol, patients = study

    def drawn(seed: int) -> pl.Series:
        other: Protocol = protocol.model_copy(
            update={"study": protocol.study.model_copy(update={"seed": seed})}
        )
        return impute_cohort(patients, other, "pattern", "progressed").cohorts[0]["pd_l1"]

    assert drawn(1).equals(drawn(1))
    assert not drawn(1).equals(drawn(2))


def test_a_matching_without_a_caliper_says_so(study):
    protocol, patients = study
    completed = impute_cohort(patients, protocol, "pattern", "progressed")
    no_caliper = protocol.model_copy(update={"matching": MatchingSettings(caliper=None)})

    pairs = next(
        e
        for e in match_cohorts(completed, no_caliper, "pattern").estimates
        if e.statistic == Statistic.N_PAIRS
    )
    usual = next(
        e for e in match_cohorts(completed, protocol, "pattern").estimates if e.statistic == Statistic.N_PAIRS
    )

    assert "no_caliper" in pairs.warning
    assert "no_caliper" not in usual.warning


def test_scores_that_hardly_overlap_are_a_caution(study):
    """Most of one group has a level that few of the other have."""
    protocol, patients = study
    is_first = pl.col("pattern") == "oligoprogression"
    turn = pl.int_range(pl.len()) % 12 == 0
    apart = patients.with_columns(
        score=pl.when(is_first & ~turn).then(8.0).when(turn).then(5.0).otherwise(1.0)
        + pl.int_range(pl.len()) % 7 / 7
    )
    settings = MatchingSettings(covariates=("score",))
    completed = impute_cohort(
        apart, protocol.model_copy(update={"matching": settings}), "pattern", "progressed"
    )

    pairs = next(
        e
        for e in match_cohorts(
            completed, protocol.model_copy(update={"matching": settings}), "pattern"
        ).estimates
        if e.statistic == Statistic.N_PAIRS
    )

    assert "poor_overlap percent=" in pairs.warning
    assert "outside the common support" in pairs.warning.printed.en

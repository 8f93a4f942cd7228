"""Restricted means, proportional hazards, episodes, interactions and median follow-up against R's survival."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from oligoscope.stats.comparison.test_result import ColumnTest
from oligoscope.stats.survival.column_tests import cox_interaction, likelihood_ratio_cox
from oligoscope.stats.survival.cox import CoxFit, cox
from oligoscope.stats.survival.episodes import split_at_change
from oligoscope.stats.survival.kaplan_meier import reverse_kaplan_meier
from oligoscope.stats.survival.proportional_hazards import ProportionalHazards, proportional_hazards
from oligoscope.stats.survival.rmst import compare_restricted_means, restricted_mean
from oligoscope.stats.survival.time_dependent import piecewise_cox, states_design
from oracle.model_data import columns, death, read

RMST, ZPH, EPISODES = read("rmst"), read("proportional_hazards"), read("episodes")
LUNG, VETERAN = columns("lung"), columns("veteran")
LUNG_DIED = LUNG["status"] == 2


@pytest.mark.parametrize("name", ["lung_365", "lung_common", "veteran_common"])
def test_restricted_means_their_difference_and_ratio_are_those_of_survfit(name, agrees):
    data = (LUNG["time"], LUNG_DIED, LUNG["sex"])
    if name == "veteran_common":
        data = (VETERAN["time"], VETERAN["status"], VETERAN["trt"])
    expected = RMST[name]
    found = compare_restricted_means(*data, reference=1, tau=365 if name == "lung_365" else None)

    assert found.tau == expected["tau"]
    agrees([mean.value for mean in found.means], expected["means"][::-1])
    agrees([mean.std_err for mean in found.means], expected["std_errs"][::-1])
    for contrast, numbers in ((found.difference, expected["difference"]), (found.ratio, expected["ratio"])):
        agrees([contrast.value, contrast.std_err, contrast.low, contrast.high, contrast.p_value], numbers)


def test_one_restricted_mean_is_that_of_survfit(agrees):
    found = restricted_mean(LUNG["time"], LUNG_DIED)

    agrees(
        [found.value, found.std_err, found.tau],
        [RMST["lung_all"][k][0] for k in ("means", "std_errs")] + [1022],
    )


def _veteran(**asked: Any) -> ProportionalHazards:
    cells = [VETERAN["celltype"] == cell for cell in ("large", "smallcell", "squamous")]
    design = np.column_stack([VETERAN["trt"], *cells, VETERAN["karno"]]).astype(float)
    return proportional_hazards(VETERAN["time"], VETERAN["status"], design, **asked)


def _lung(names: list[str], **asked: Any) -> ProportionalHazards:
    lung = LUNG | {"entry": np.floor(LUNG["time"] * (np.arange(1, 229) % 3) / 4)}
    design = np.column_stack([lung[name] for name in names])
    kept = ~np.isnan(design).any(axis=1)
    asked = {argument: lung[name][kept] for argument, name in asked.items()}
    return proportional_hazards(lung["time"][kept], LUNG_DIED[kept], design[kept], **asked)


TERMS = [[0], [1, 2, 3], [4]]
ZPH_FITS = {
    "veteran_terms": lambda: _veteran(terms=TERMS),
    "veteran_columns": _veteran,
    "veteran_rank": lambda: _veteran(terms=TERMS, time_scale="rank"),
    "veteran_identity": lambda: _veteran(terms=TERMS, time_scale="identity"),
    "veteran_log": lambda: _veteran(terms=TERMS, time_scale="log"),
    "lung_one": lambda: _lung(["sex"]),
    "lung_strata": lambda: _lung(["age", "ph.karno"], strata="sex"),
    "lung_entry": lambda: _lung(["age", "sex"], entry="entry"),
}


@pytest.mark.parametrize("name", ZPH_FITS)
def test_proportional_hazards_are_tested_as_by_cox_zph(name, agrees):
    found, expected = ZPH_FITS[name](), ZPH[name]
    tests = [*found.terms, found.overall]

    agrees([t.chi_squared for t in tests], expected["chi_squared"])
    agrees([t.p_value for t in tests], expected["p_value"])
    assert [t.degrees_of_freedom for t in tests] == expected["degrees_of_freedom"]


def _same_fit(fit: CoxFit, expected: dict[str, Any], agrees) -> None:
    agrees(fit.coefficients, expected["coefficients"])
    agrees(fit.covariance, expected["covariance"])
    agrees(fit.log_likelihood, expected["log_likelihood"])
    assert (fit.n, fit.n_events) == (expected["n"], expected["n_events"])


def _same_test(test: ColumnTest, expected: dict[str, float], agrees) -> None:
    agrees(test.chi_squared, expected["chi_squared"])
    agrees(test.p_value, expected["p_value"])
    assert test.degrees_of_freedom == expected["degrees_of_freedom"]


def test_start_stop_rows_are_fitted_as_by_coxph(agrees):
    """The Stanford heart transplants, as the survival package lays them out."""
    heart = columns("heart")
    transplanted = heart["transplant"].astype(float)
    design = np.column_stack([transplanted, heart["age"], heart["year"], heart["surgery"]])

    _same_fit(cox(heart["stop"], heart["event"], design, entry=heart["start"]), EPISODES["heart"], agrees)


def test_a_state_entered_during_follow_up_is_fitted_as_by_tmerge_and_coxph(agrees):
    jasa, expected = columns("jasa"), EPISODES["jasa_states"]
    adjust = np.column_stack([jasa["age"], jasa["surgery"]])
    cut = split_at_change(jasa["futime"], jasa["fustat"], jasa["wait.time"])
    state = np.where(cut.state == 1, jasa["match"][cut.patient], "none")
    design = states_design(state, ["good", "poor"], [*adjust[cut.patient].T])
    fit = cox(cut.months, cut.died, design, entry=cut.entry)

    _same_fit(fit, expected, agrees)
    for name, months, events in zip(
        ["none", "good", "poor"], expected["months_at_risk"], expected["events"], strict=True
    ):
        agrees((cut.months - cut.entry)[state == name].sum(), months)
        assert cut.died[state == name].sum() == events


@pytest.mark.parametrize("name", ["veteran_pieces", "veteran_pieces_cluster"])
def test_a_hazard_ratio_by_period_is_that_of_survsplit_and_coxph(name, agrees):
    expected = EPISODES[name]
    cluster = VETERAN["celltype"].astype(str) if name.endswith("cluster") else None
    found = piecewise_cox(
        VETERAN["time"],
        VETERAN["status"],
        VETERAN["trt"] == 2,
        [60, 180],
        adjust=VETERAN["karno"],
        cluster=cluster,
    )

    _same_fit(found.fit, expected, agrees)
    assert found.change is not None
    _same_test(found.change, expected["change"], agrees)
    assert list(found.n_events) == expected.get("events", list(found.n_events))


def test_a_likelihood_ratio_of_two_cox_models_is_that_of_anova(agrees):
    d = death()
    treatments = [d["rx"] == "Lev", d["rx"] == "Lev+5FU"]
    design = np.column_stack([*treatments, d["nodes"], d["differ"] == 2, d["differ"] == 3]).astype(float)

    _same_test(
        likelihood_ratio_cox(d["time"], d["status"], design, [3, 4]),
        EPISODES["cox_likelihood_ratio"]["grade"],
        agrees,
    )


@pytest.mark.parametrize("name", ["rx_sex", "rx_sex_cluster", "sex_ecog"])
def test_interaction_p_is_that_of_anova_or_of_a_robust_wald_test(name, agrees):
    if name == "sex_ecog":
        kept = np.isin(LUNG["ph.ecog"], [0, 1, 2])
        lung = {key: values[kept] for key, values in LUNG.items()}
        data = (lung["time"], lung["status"] == 2, lung["sex"], lung["ph.ecog"])
        test = cox_interaction(*data, adjust=lung["age"][:, None])
    else:
        d = death()
        cluster = d["age"] if name.endswith("cluster") else None
        test = cox_interaction(d["time"], d["status"], d["rx"].astype(str), d["sex"], cluster=cluster)

    _same_test(test, EPISODES["cox_interaction"][name], agrees)
    assert test.name == ("Wald" if name.endswith("cluster") else "likelihood ratio")


@pytest.mark.parametrize("name", ["lung_log_log", "lung_plain"])
def test_median_follow_up_is_that_of_survfit_with_the_ends_exchanged(name, agrees):
    expected = EPISODES["reverse"][name]
    median = reverse_kaplan_meier(LUNG["time"], LUNG_DIED, expected["conf_type"]).median()

    agrees([median.value, median.low, median.high], expected["median"])

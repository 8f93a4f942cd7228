"""Ratios adjusted for covariates: of whom, for what, with how many events a variable; and how they are called."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from oligoscope.cohort.adjusted_ratios import Adjusting
from oligoscope.questions.landmark.numbers import compare_at_landmarks, fit_time_dependent
from oligoscope.questions.registry import KINDS
from oligoscope.questions.subgroups.numbers import compare_in_subgroups
from oligoscope.results.methods import MethodPart
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import WarningCode
from oligoscope.stats.survival.column_tests import cox_interaction
from oligoscope.stats.survival.cox import cox
from oligoscope.stats.survival.firth_cox import firth_cox
from oligoscope.study.analysis_checks import check_analyses
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.protocol import AnalysisSettings

N = 160


@pytest.fixture(scope="module")
def patients() -> pl.DataFrame:
    """Treated patients of whom the older live shorter and are more often in the first group; the stage of eight is not known."""
    rng = np.random.default_rng(5)
    age = rng.normal(62, 8, N).round(1)
    oligo = rng.random(N) < 1 / (1 + np.exp((62 - age) / 6))
    progressed_day = rng.integers(20, 500, N)
    alive = np.ceil(progressed_day + rng.exponential(500 * np.exp((62 - age) / 10)))
    return pl.DataFrame(
        {
            "patient_id": [f"P{i:03}" for i in range(N)],
            "age_years": age,
            "sex": np.where(rng.random(N) < 0.6, "male", "female"),
            "stage": [None if i % 20 == 0 else ("IV" if i % 3 else "IIIC") for i in range(N)],
            "country": ["one"] * N,
            "pattern": np.where(oligo, "oligoprogression", "systemic"),
            "progressed": ["no"] * 5 + ["yes"] * (N - 5),
            "progressed_day": [None] * 5 + progressed_day[5:].tolist(),
            "os_days": alive.astype(int),
            "os_event": (rng.random(N) < 0.8).astype(int),
            "pps_days": (alive - progressed_day).astype(int) + 1,
            "pps_event": (rng.random(N) < 0.8).astype(int),
        }
    )


def asked(kind: str, **settings: Any) -> AnalysisSettings:
    own: dict[str, Any] = (
        {"outcomes": ("pps",), "variables": ("sex",)} if kind == "subgroups" else {"population": "treated"}
    )
    own |= {"adjust_for": ("age_years", "stage")} | settings
    return AnalysisSettings(kind=kind, **own)


def only(found: list[Estimate], **keys) -> Estimate:
    one, = (e for e in found if all(getattr(e, name) == value for name, value in keys.items()))  # fmt: skip
    return one


def test_a_subgroup_is_adjusted_for_the_others_in_whom_they_are_known(patients):
    found = compare_in_subgroups(patients, asked("subgroups"))
    ratio = only(found, statistic=Statistic.HAZARD_RATIO_ADJUSTED, level="male")

    men = patients.filter(sex="male").drop_nulls("stage")
    columns = [
        (men[name] == word).to_numpy().astype(float)
        for name, word in (("pattern", "oligoprogression"), ("stage", "IV"))
    ]
    design = np.column_stack([*columns, men["age_years"].to_numpy()])
    fit = cox(men["pps_days"].to_numpy() / 30.4375, men["pps_event"].to_numpy(), design)
    assert (ratio.n, ratio.value, ratio.low) == (
        men.height,
        pytest.approx(fit.hazard_ratios[0]),
        pytest.approx(fit.low[0]),
    )
    assert (
        only(found, statistic=Statistic.EVENTS_PER_PARAMETER, level="male").value
        == men["pps_event"].sum() / 3
    )
    assert ratio.method.has(MethodPart.ADJUSTED_FOR_COVARIATES)
    assert not only(found, statistic=Statistic.HAZARD_RATIO, level="male").method.has(
        MethodPart.ADJUSTED_FOR_COVARIATES
    )


def test_the_interaction_is_adjusted_too(patients):
    found = compare_in_subgroups(patients, asked("subgroups", adjust_for=("age_years",)))
    test = only(found, statistic=Statistic.P_VALUE_INTERACTION_ADJUSTED)

    months, event = patients["pps_days"].to_numpy() / 30.4375, patients["pps_event"].to_numpy()
    expected = cox_interaction(
        months, event, patients["pattern"].to_numpy(), patients["sex"].to_numpy(), adjust=patients["age_years"].to_numpy()[:, None]
    )  # fmt: skip
    assert test.value == pytest.approx(expected.p_value)


def test_a_variable_is_not_adjusted_for_in_its_own_subgroups(patients):
    found = compare_in_subgroups(patients, asked("subgroups", adjust_for=("sex",)))

    rows = [e for e in found if e.statistic == Statistic.HAZARD_RATIO_ADJUSTED]
    assert {(e.value, e.warning) for e in rows} == {(None, WarningCode.NO_COVARIATES())}


@pytest.mark.parametrize("statistic", [Statistic.HAZARD_RATIO_ADJUSTED, Statistic.P_VALUE_ADJUSTED])
@pytest.mark.parametrize("kind", ["landmark", "time_dependent"])
def test_states_are_adjusted_beside_the_crude_ratios(patients, kind, statistic):
    settings = asked(kind)
    found = (
        compare_at_landmarks(patients, settings)[0]
        if kind == "landmark"
        else fit_time_dependent(patients, settings)
    )

    given = [e for e in found if e.statistic == statistic and e.value is not None]
    assert given
    crude = [e for e in found if e.statistic == Statistic.HAZARD_RATIO and e.value is not None]
    assert {(e.group, e.variable) for e in given} <= {(e.group, e.variable) for e in crude}
    assert all(e.n < patients.height for e in given)  # not those whose stage is not known


def test_a_covariate_that_does_not_vary_is_left_out_with_its_reason(patients):
    found = fit_time_dependent(patients, asked("time_dependent", adjust_for=("age_years", "country")))

    left_out = only(found, statistic=Statistic.COVARIATE)
    assert (left_out.variable, left_out.warning) == ("country", WarningCode.ONE_LEVEL_ONLY())
    assert any(e.statistic == Statistic.HAZARD_RATIO_ADJUSTED and e.value for e in found)


@pytest.mark.parametrize("small_sample", ["none", "firth"])
def test_fewer_events_a_variable_than_were_set_withhold_the_adjusted_ratio_or_make_it_firths(
    patients, small_sample
):
    settings = asked(
        "subgroups", minimum_events_per_variable=500, small_sample=small_sample, adjust_for=("age_years",)
    )
    ratio = only(
        compare_in_subgroups(patients, settings), statistic=Statistic.HAZARD_RATIO_ADJUSTED, level="female"
    )

    if small_sample == "none":
        assert ratio.value is None
        assert ratio.warning.has(WarningCode.TOO_FEW_PER_VARIABLE)
        return
    women = patients.filter(sex="female")
    design = np.column_stack([women["pattern"] == "oligoprogression", women["age_years"]]).astype(float)
    fit = firth_cox(
        women["pps_days"].to_numpy() / 30.4375, women["pps_event"].to_numpy(), design, limits_of=(0,)
    )
    assert (ratio.value, ratio.low, ratio.high) == pytest.approx(
        (fit.hazard_ratios[0], fit.low[0], fit.high[0])
    )
    assert ratio.warning.has(WarningCode.FEW_BY_FIRTH)


def test_the_time_to_progression_is_on_a_log_scale(patients):
    late = patients.with_columns(months_to_progression=pl.col("pps_days") / 30)
    adjusting = Adjusting.of(late, asked("subgroups", adjust_for=("months_to_progression",)))
    rows = late.select(**adjusting.columns)

    assert adjusting.design(rows)[:, 0] == pytest.approx(
        np.log(np.maximum(late["months_to_progression"], 1 / 30.4375))
    )


@pytest.mark.parametrize("option", [{"small_sample": "firth"}, {"minimum_events_per_variable": 8}])
def test_what_changes_nothing_after_matching_is_refused_there(option):
    def faults(population):
        settings = AnalysisSettings(kind="survival", outcomes=(Outcome.PPS,), population=population, **option)
        return [(path, text.en) for path, _, text in check_analyses((settings,), KINDS)]

    assert faults("progressed") == []
    (path, text), = faults("matched")  # fmt: skip
    assert path == ("analyses", 0, *option)
    assert "changes nothing after matching" in text

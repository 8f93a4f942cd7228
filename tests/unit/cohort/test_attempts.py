"""A method that raises gives a reason in place of a number; a defect or a wrong setting is still raised."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from oligoscope.cohort.attempts import NoAnswer, attempt, withhold_undetermined
from oligoscope.errors import DataError, NotEnoughData, UsageError
from oligoscope.questions.predictors.numbers import fit_predictors
from oligoscope.questions.survival.numbers import compare_survival
from oligoscope.results.analyses import SURVIVAL
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.stats.survival.log_rank import log_rank
from oligoscope.stats.survival.proportional_hazards import proportional_hazards
from oligoscope.study.dictionary.outcomes import Outcome
from oligoscope.study.protocol import AnalysisSettings


def _raising(error: Exception):
    def method() -> float:
        raise error

    return method


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (NotEnoughData("No event.", "no_events"), "no_events"),
        (NotEnoughData("No event."), "no_answer"),
        (DataError("A number is missing."), "no_answer"),
        (np.linalg.LinAlgError("Singular matrix"), "no_answer"),
        (OverflowError(), "no_answer"),
        (ZeroDivisionError(), "no_answer"),
    ],
)
def test_what_data_without_an_answer_raise_is_a_reason(error, reason):
    assert attempt(_raising(error)) == NoAnswer(reason)


@pytest.mark.parametrize("error", [UsageError("No such column."), KeyError("x"), TypeError()])
def test_a_wrong_setting_or_a_defect_is_raised(error):
    with pytest.raises(type(error)):
        attempt(_raising(error))


def test_a_number_that_is_none_does_not_exist_and_has_a_reason():
    found = Estimate(
        analysis=SURVIVAL, statistic=Statistic.HAZARD_RATIO, value=float("nan"), low=0.0, high=float("inf")
    )

    assert (found.value, found.low, found.high, found.warning) == (None, 0.0, None, "no_answer")


@pytest.mark.parametrize(
    ("low", "high", "given"),
    [(0.5, 2.0, True), (1e-4, 99, True), (1e-4, 101, False), (0.0, 3.0, False), (2.0, None, False)],
)
def test_a_ratio_that_its_limits_do_not_determine_is_withheld(low, high, given):
    (found,) = withhold_undetermined(
        [Estimate(analysis=SURVIVAL, statistic=Statistic.HAZARD_RATIO, value=1.0, low=low, high=high)]
    )

    assert (found.value is not None) is given
    assert found.warning == ("" if given else "undetermined")


@pytest.mark.parametrize("n_first", [1, 2, 3])
@pytest.mark.parametrize("n_second", [1, 2, 5])
def test_where_all_at_risk_die_at_one_time_nothing_is_tested(n_first, n_second):
    """R's `survdiff` and `cox.zph` stop there with a singular matrix."""
    group = np.r_[np.ones(n_first), np.zeros(n_second)]
    months = np.full(group.size, 7.0)

    with pytest.raises(NotEnoughData):
        log_rank(months, np.ones(group.size), group)
    with pytest.raises(NotEnoughData):
        proportional_hazards(months, np.ones(group.size), group[:, None])


def test_patients_who_die_on_one_day_have_curves_and_a_reason():
    patients = pl.DataFrame(
        {"pattern": ["oligoprogression"] * 5 + ["systemic"] * 5, "pps_days": [60] * 10, "pps_event": [1] * 10}
    )

    found, _ = compare_survival(patients, AnalysisSettings(kind="survival", outcomes=(Outcome.PPS,)))

    test = next(e for e in found if e.variable == "log_rank")
    assert (test.value, test.warning) == (None, "no_shared_risk")
    assert [e.value for e in found if e.statistic == Statistic.MEDIAN] == pytest.approx([60 / 30.4375] * 2)


def _cohort(rare: list[str], sex: list[str] | None = None) -> pl.DataFrame:
    n = len(rare)
    return pl.DataFrame(
        {
            "pattern": ["systemic"] * (n // 2) + ["oligoprogression"] * (n - n // 2),
            "histology": rare,
            "sex": sex or ["male", "female"] * (n // 2),
        }
    )


def test_one_patient_of_a_rare_level_has_a_finite_ratio_with_profile_limits():
    """1 of 1 against 19 of 39: a half is added to each cell of the table."""
    cohort = _cohort(["other"] + ["squamous"] * 39)

    found = {
        (e.variable, e.statistic): e
        for e in fit_predictors(
            (cohort,), AnalysisSettings(kind="predictors", variables=("histology", "sex"))
        )
    }

    ratio = found["histology", Statistic.ODDS_RATIO_UNIVARIABLE]
    assert ratio.method == "logistic regression, Firth, profile penalised limits"
    assert ratio.warning.endswith("separated")
    assert ratio.value is not None
    expected = (1.5 / 0.5) / (19.5 / 20.5)
    assert min(abs(ratio.value / expected - 1), abs(ratio.value * expected - 1)) < 1e-8
    assert found["sex", Statistic.ODDS_RATIO_UNIVARIABLE].method == "logistic regression, Wald limits"


def test_separation_in_one_imputation_makes_every_model_of_it_firths():
    """Pooled are estimates of one method; the limits are those of the combined profiles."""
    first = _cohort(["other"] + ["squamous"] * 39)
    second = _cohort(["other"] + ["squamous"] * 38 + ["other"])
    settings = AnalysisSettings(kind="predictors", variables=("histology",))

    found = next(
        e
        for e in fit_predictors((second, first), settings)
        if e.statistic == Statistic.ODDS_RATIO_UNIVARIABLE
    )

    assert found.method == "logistic regression, Firth, profile penalised limits, pooled by CLIP"
    assert found.value is not None
    assert found.low is not None
    assert found.high is not None
    assert 0 < found.low < found.value < found.high < 1e6


def test_a_variable_that_cannot_be_used_and_a_model_too_large_have_their_reasons():
    cohort = _cohort(["squamous"] * 40).with_columns(
        stage=pl.Series(["IV", None] * 20), centre=pl.Series([f"c{i}" for i in range(40)])
    )
    names = ("histology", "stage", "absent", "centre", "sex")

    found = fit_predictors((cohort,), AnalysisSettings(kind="predictors", variables=names))

    reasons = {
        e.variable: e.warning
        for e in found
        if e.statistic == Statistic.ODDS_RATIO_UNIVARIABLE and e.value is None
    }
    assert reasons == {
        "histology": "one_level_only",
        "stage": "one_level_only",
        "absent": "blank_for_all",
        "centre": "too_many_columns columns=39 patients=20",
    }

"""How many imputations a cohort is given, and which results other draws could change."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from oligoscope.bilingual import Text
from oligoscope.cohort.complete import impute_cohort
from oligoscope.cohort.monte_carlo import monte_carlo_rows
from oligoscope.printing.monte_carlo_notes import monte_carlo_notes
from oligoscope.questions.imputation.words import ways_of_imputing
from oligoscope.results.analyses import SURVIVAL
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import WarningCode
from oligoscope.study.protocol import AnalysisSettings, Protocol

N = 200
CLEAR, CLOSE = [-0.72, -0.70, -0.74, -0.71, -0.73], [-0.42, -0.38, -0.45, -0.36, -0.41]


def patients(n_missing: int, n_without_sex: int = 0) -> pl.DataFrame:
    """PD-L1 is missing in the first patients, sex in the last."""
    rng = np.random.default_rng(3)
    levels, rows = np.array(["<1%", "1-49%", ">=50%"]), np.arange(N)
    return pl.DataFrame(
        {
            "pattern": rng.choice(["oligoprogression", "systemic"], N),
            "pd_l1": [None if i < n_missing else str(w) for i, w in zip(rows, rng.choice(levels, N), strict=True)],
            "sex": [None if i >= N - n_without_sex else str(w) for i, w in zip(rows, rng.choice(["male", "female"], N), strict=True)],
            "age_years": rng.normal(65, 8, N),
        }
    )  # fmt: skip


def protocol(**imputation: object) -> Protocol:
    study = {
        "study": {},
        "data": {"patients": {"files": ["p.csv"]}},
        "imputation": {"variables": ["pd_l1"], **imputation},
        "matching": {"covariates": ["sex", "age_years"]},
    }
    return Protocol.model_validate(study)


@pytest.mark.parametrize(
    ("n_missing", "n_without_sex", "settings", "m", "percent"),
    [
        (10, 0, {}, 20, 5.0),
        (60, 15, {}, 38, 37.5),  # a patient is incomplete whichever variable is missing
        (60, 15, {"m": "by_missing"}, 38, 37.5),
        (60, 15, {"m": 3}, 3, 37.5),
    ],
)
def test_a_cohort_is_completed_as_often_as_its_incomplete_patients_ask_for(
    n_missing, n_without_sex, settings, m, percent
):
    found = impute_cohort(patients(n_missing, n_without_sex), protocol(**settings), "pattern", "progressed")

    of = {e.statistic: e.value for e in found.estimates if not e.variable}
    assert found.m == of[Statistic.IMPUTATIONS] == m
    assert of[Statistic.PERCENT_INCOMPLETE] == percent


def test_where_nothing_is_missing_nothing_is_drawn():
    found = impute_cohort(patients(0), protocol(), "pattern", "progressed")

    assert found.m == 1
    assert not any(e.statistic == Statistic.PERCENT_INCOMPLETE for e in found.estimates)


def test_the_methods_name_the_share_of_incomplete_patients_where_it_sets_the_number():
    said = {}
    for m in ("by_missing", 38):
        settings = protocol(m=m)
        settings = settings.model_copy(update={"analyses": (AnalysisSettings(kind="predictors", variables=("pd_l1", "sex")),)})  # fmt: skip
        found = impute_cohort(patients(60, 15), settings, "pattern", "progressed")
        (said[m],) = ways_of_imputing(settings, Results(found.estimates))

    assert "(m = 38: 37.5% of the patients had a missing value, and the number is that percentage, 20 at least)" in said["by_missing"].en  # fmt: skip
    assert "（m=38；37.5% 的患者有缺失值，次数取该百分比，至少 20）" in said["by_missing"].zh
    assert "imputed (m = 38) by" in said[38].en
    assert "（m=38）" in said[38].zh


@pytest.mark.parametrize(("estimates", "crosses"), [(CLEAR, False), (CLOSE, True)])
def test_p_that_may_lie_on_the_other_side_of_the_limit_is_named(estimates, crosses):
    """P is 0.0003 of the one and near 0.04 of the other, with a Monte Carlo error of a hundredth."""
    rows = [
        Estimate(analysis=SURVIVAL, outcome="pps", **row)
        for row in monte_carlo_rows(estimates, [0.038] * 5, 400.0)
    ]
    of_p = next(e for e in rows if e.statistic == Statistic.MONTE_CARLO_ERROR_OF_P)
    notes = monte_carlo_notes(rows, lambda _e: Text("进展后生存", "Post-progression survival"))

    assert of_p.warning.has(WarningCode.P_BY_DRAWS) is crosses
    assert any("other side of 0.05" in note.en for note in notes) is crosses
    assert any("0.05 的另一侧" in note.zh for note in notes) is crosses

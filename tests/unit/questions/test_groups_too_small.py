"""Groups with too few patients or events are neither compared nor drawn, in any imputation; models say their events per variable."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from oligoscope.cohort.curves import curve_series
from oligoscope.cohort.events_per_variable import too_few_for_score, too_few_per_variable
from oligoscope.cohort.times import Fewest
from oligoscope.questions.predictors.numbers import fit_predictors
from oligoscope.questions.subgroups.numbers import compare_in_subgroups
from oligoscope.questions.survival.figure import curves_of, is_drawn, legend_of
from oligoscope.questions.survival.numbers import compare_survival
from oligoscope.questions.survival.pooled import compare_survival_pooled
from oligoscope.questions.survival.words import survival_paragraph
from oligoscope.questions.weighting.numbers import compare_weighted
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import NO_WARNING, WarningCode
from oligoscope.stats.survival.kaplan_meier import kaplan_meier
from oligoscope.study.protocol import AnalysisSettings, MatchingSettings

OLIGO, SYSTEMIC = "oligoprogression", "systemic"
COUNTS = {Statistic.N, Statistic.EVENTS}


def people(n_first: int, n_second: int, seed: int = 3, **columns: Any) -> pl.DataFrame:
    """All of them dead, at random times."""
    n, rng = n_first + n_second, np.random.default_rng(seed)
    return pl.DataFrame(
        {
            "patient_id": [f"P{i}" for i in range(n)],
            "pattern": [OLIGO] * n_first + [SYSTEMIC] * n_second,
            "os_days": rng.integers(30, 2000, n),
            "os_event": [1] * n,
            **columns,
        }
    )


def settings(**changes: Any) -> AnalysisSettings:
    return AnalysisSettings.model_validate({"kind": "survival", "outcomes": ("os",), **changes})


def given(found: list[Estimate]) -> set[Any]:
    return {e.statistic for e in found if e.value is not None}


@pytest.mark.parametrize(
    ("sizes", "events", "why"),
    [
        ((5, 9), (3, 3), ""),
        ((4, 9), (3, 3), "too_few_in_group minimum=5"),
        ((5, 9), (2, 3), "too_few_events minimum=3"),
        ((4, 9), (2, 3), "too_few_in_group minimum=5"),
        ((), (), "too_few_in_group minimum=5"),
    ],
)
def test_groups_need_patients_and_events(sizes, events, why):
    assert Fewest(patients=5, events=3).why_not(sizes, events) == why


def test_a_group_of_four_has_its_size_and_nothing_else():
    found, series = compare_survival(people(4, 20), settings(minimum_events=2), minimum_group=5)
    first = [e for e in found if e.group == OLIGO]

    assert given(first) == COUNTS
    assert {str(e.warning) for e in first if e.value is None} == {"group_too_small minimum=5"}
    assert given([e for e in found if " vs " in e.group]) == set()
    assert series["km/progressed/pattern/os"].filter(pl.col("group") == OLIGO).height == 1


def test_with_five_patients_and_events_they_are_compared():
    found, series = compare_survival(people(5, 20), settings(minimum_events=5), minimum_group=5)

    assert Statistic.HAZARD_RATIO in given(found)
    assert is_drawn(Results(tuple(found), series), "progressed", "pattern", "os")


def test_too_few_events_withhold_the_test_as_well_as_the_ratio():
    few = people(10, 20).with_columns(os_event=pl.Series([1] * 4 + [0] * 6 + [1] * 20))

    found, series = compare_survival(few, settings(minimum_events=5), minimum_group=5)

    assert given([e for e in found if " vs " in e.group]) == set()
    assert not is_drawn(Results(tuple(found), series), "progressed", "pattern", "os")


def test_one_imputation_with_too_few_patients_withholds_what_is_pooled():
    """Six and four in the first group: on average there are enough."""
    cohorts = [people(n, 20).with_columns(_weight=pl.lit(1.0), _pair=pl.int_range(pl.len())) for n in (6, 4)]

    found, series = compare_survival_pooled(
        cohorts, settings(population="matched", minimum_events=2), None, 5
    )

    assert given([e for e in found if e.group == OLIGO]) == COUNTS
    assert given([e for e in found if " vs " in e.group]) == set()
    assert not is_drawn(Results(tuple(found), series), "matched", "pattern", "os")


def test_an_imputation_without_any_patient_of_a_group_counts_as_none_of_them():
    """Six, none and six: four on average, and as many events."""
    cohorts = [
        people(n, 20).with_columns(_weight=pl.lit(1.0), _pair=pl.int_range(pl.len())) for n in (6, 0, 6)
    ]

    found, _ = compare_survival_pooled(cohorts, settings(population="matched", minimum_events=2), None, 5)
    counts = {e.statistic: e for e in found if e.group == OLIGO and e.value is not None}

    assert counts.keys() == COUNTS
    assert (counts[Statistic.N].value, counts[Statistic.N].low, counts[Statistic.N].high) == (4.0, 0, 6)
    assert counts[Statistic.EVENTS].value == 4.0
    assert {e.n for e in counts.values()} == {4}


def test_of_three_groups_the_two_that_are_large_enough_are_drawn_and_the_third_is_named():
    three = people(12, 12).with_columns(stage=pl.Series(["IIIC"] * 10 + ["IVA"] * 11 + ["IVB"] * 3))

    found, series = compare_survival(three, settings(by="stage", minimum_events=5), minimum_group=5)
    results = Results(tuple(found), series)

    assert is_drawn(results, "progressed", "stage", "os")
    curves = curves_of(results, "progressed", "stage", "os")
    assert curves.groups == ("IIIC", "IVA")
    assert "Groups with too few patients or events to be drawn: IVB." in legend_of(curves).en
    assert "未绘曲线的组：IVB。" in legend_of(curves).zh
    assert given([e for e in found if " vs " in e.group]) == set()


def test_a_median_that_is_withheld_is_not_said_to_be_not_reached():
    found, series = compare_survival(people(4, 4), settings(minimum_events=2), minimum_group=5)

    text = survival_paragraph(Results(tuple(found), series), "progressed", "os", (OLIGO, SYSTEMIC)).text

    assert text.en.startswith(
        "No median overall survival is given for any group: the group has fewer than 5 patients."
    )
    assert text.zh.startswith("各组均不给出中位总生存期：该组少于 5 例。")
    assert "not reached" not in text.en


def test_where_all_events_are_on_one_day_there_is_neither_test_nor_ratio():
    same = people(10, 10).with_columns(os_days=pl.lit(100))

    found, _ = compare_survival(same, settings())

    (ratio,) = (e for e in found if e.statistic == Statistic.HAZARD_RATIO)
    assert ratio.value is None
    assert ratio.warning.has(WarningCode.NO_SHARED_RISK)


def test_a_level_that_is_too_small_withholds_its_ratio_and_the_test_of_interaction():
    """The test would compare every level."""
    levels = ["IIIC"] * 4 + ["IVA"] * 8 + ["IVB"] * 8
    patients = people(20, 20, stage=levels * 2)

    found = compare_in_subgroups(
        patients, settings(kind="subgroups", variables=("stage",), minimum_events=2), 5
    )

    ratios = {str(e.level): e.value is not None for e in found if e.statistic == Statistic.HAZARD_RATIO}
    (test,) = (e for e in found if e.statistic == Statistic.P_VALUE_INTERACTION)
    assert ratios == {"IIIC": False, "IVA": True, "IVB": True}
    assert test.warning == "too_few_in_group minimum=5"


def test_weights_that_leave_a_group_worth_few_patients_withhold_the_ratio():
    """One of the first group has the covariate that nearly all of the second have."""
    patients = people(
        6, 60, age_years=[50.0, 51, 52, 53, 54, 80] + [78.0 + i % 5 for i in range(59)] + [52.5]
    )
    matching = MatchingSettings(covariates=("age_years",), minimum_group=5)

    found, _ = compare_weighted([patients], settings(kind="weighting", minimum_events=2), matching)

    ate = [e for e in found if e.variable == "ate"]
    worth = min(e.value or 0 for e in ate if e.statistic == Statistic.EFFECTIVE_N)
    (ratio,) = (e for e in ate if e.statistic == Statistic.HAZARD_RATIO)
    assert worth < 5
    assert ratio.value is None
    assert ratio.warning == "too_few_effective minimum=5"


def test_a_model_says_its_events_per_variable_and_is_withheld_below_the_limit():
    """Thirty of the smaller group over four columns; Vittinghoff & McCulloch 2007."""
    rng = np.random.default_rng(1)
    variables: dict[str, Any] = {f"x{i}": rng.normal(size=90) for i in range(4)}
    asked = settings(kind="predictors", variables=tuple(variables), outcomes=())

    of_five = fit_predictors([people(30, 60, **variables)], asked)
    of_eight = fit_predictors(
        [people(30, 60, **variables)], asked.model_copy(update={"minimum_events_per_variable": 8.0})
    )

    for found, is_given in ((of_five, True), (of_eight, False)):
        per = {e.variable: e.value for e in found if e.statistic == Statistic.EVENTS_PER_PARAMETER}
        ratios = [e for e in found if e.statistic == Statistic.ODDS_RATIO_MULTIVARIABLE]
        assert per == dict.fromkeys(variables, 7.5)
        assert [e.value is not None for e in ratios] == [is_given] * 4
        assert all(e.value is not None for e in found if e.statistic == Statistic.ODDS_RATIO_UNIVARIABLE)
    assert {str(e.warning) for e in ratios} == {"too_few_per_variable value=7.5 minimum=8"}


@pytest.mark.parametrize(
    ("found", "minimum", "value"), [(4.44, 5, "4.4"), (4.96, 5, "4.96"), (4.999, 5, "4.99"), (0.5, 1, "0.5")]
)
def test_what_is_below_the_limit_is_not_printed_as_the_limit(found, minimum, value):
    assert too_few_per_variable(found, minimum) == WarningCode.TOO_FEW_PER_VARIABLE(
        value=value, minimum=minimum
    )
    assert too_few_per_variable(minimum, minimum) == NO_WARNING


def test_a_score_has_patients_of_the_smaller_group_per_parameter_and_no_events():
    why = too_few_for_score(0.5, 1).printed

    assert why.en.startswith(
        "the propensity score model has only 0.5 patients of the smaller group per parameter"
    )
    assert why.zh.startswith("倾向评分模型中，较小一组的例数仅为参数个数的 0.5 倍")


def test_a_group_that_is_not_drawn_has_no_steps_and_no_numbers_at_risk():
    curves = {g: kaplan_meier(np.array([1.0, 2, 3]), np.array([1, 1, 0])) for g in ("a", "b")}

    series = curve_series("x", curves, undrawn=("b",))

    assert series["km/x"].group_by("group", maintain_order=True).len().rows() == [("a", 4), ("b", 1)]
    assert series["at_risk/x"]["group"].unique().to_list() == ["a"]

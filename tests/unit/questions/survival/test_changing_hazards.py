"""What is given beside a hazard ratio that is not the same at all times."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest

from oligoscope.bilingual import LANGUAGES
from oligoscope.printing.changing_hazards import lines_in_caption
from oligoscope.questions.survival.figure import curves_of, legend_of, legend_table
from oligoscope.questions.survival.numbers import compare_survival
from oligoscope.questions.survival.pooled import compare_survival_pooled
from oligoscope.questions.survival.table import tabulate_survival
from oligoscope.questions.survival.words import survival_paragraph
from oligoscope.results.methods import MethodPart
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import NO_WARNING, WarningCode
from oligoscope.stats.survival.rmst import compare_restricted_means
from oligoscope.stats.survival.rmst_of_sets import restricted_means_of_sets
from oligoscope.stats.survival.time_dependent import piecewise_cox
from oligoscope.stats.survival.weighted_log_rank import FlemingHarrington, weighted_log_rank
from unit.questions.survival.two_hazards import SETTINGS, patients

MEANS = {
    Statistic.RESTRICTED_MEAN,
    Statistic.RESTRICTED_MEAN_DIFFERENCE,
    Statistic.RESTRICTED_MEAN_HORIZON,
}


def test_a_ratio_that_changes_is_given_with_restricted_means_and_ratios_by_period():
    """What is written is what the tested methods (oracles: R's survfit and coxph) give."""
    rows = patients(crossing=True)
    found, _ = compare_survival(rows, SETTINGS)
    months, died = (rows["pps_days"] / 30.4375).to_numpy(), rows["pps_event"].to_numpy()
    first = (rows["pattern"] == "oligoprogression").to_numpy()
    means = compare_restricted_means(months, died, first.astype(int), reference=0)
    periods = piecewise_cox(months, died, first.astype(float), (6.0, 12.0))

    by_name = {(e.statistic, e.variable, e.level, e.group): e for e in found}
    both = "oligoprogression vs systemic"
    gap = by_name[Statistic.RESTRICTED_MEAN_DIFFERENCE, "", "", both]
    assert (gap.value, gap.low, gap.high) == (
        means.difference.value,
        means.difference.low,
        means.difference.high,
    )
    assert by_name[Statistic.RESTRICTED_MEAN_HORIZON, "", "", both].value == min(
        months[first].max(), months[~first].max()
    )
    assert by_name[Statistic.RESTRICTED_MEAN, "", "", "systemic"].value == means.means[1].value
    early = by_name[Statistic.HAZARD_RATIO_PERIOD, "period", "0-6", both]
    assert (early.value, early.low) == (periods.fit.hazard_ratios[0], periods.fit.low[0])
    assert early.value is not None
    assert early.value > 1 > (by_name[Statistic.HAZARD_RATIO_PERIOD, "period", "6-12", both].value or 9)


def test_a_ratio_that_is_the_same_at_all_times_is_given_alone():
    found, _ = compare_survival(patients(crossing=False), SETTINGS)

    assert not [e for e in found if e.statistic in MEANS or e.variable in {"period", "weighted_log_rank"}]


def found_of(rows: pl.DataFrame, **settings: Any) -> dict[tuple[str, str, str], Estimate]:
    """What is given beside the ratio, by statistic, variable and level."""
    found, _ = compare_survival(rows, SETTINGS.model_copy(update=settings))
    return {
        (e.statistic, e.variable, e.level): e for e in found if e.group.startswith("oligo") or not e.group
    }


def test_the_weighted_test_is_max_combo_unless_study_yaml_names_another():
    rows = patients(crossing=True)
    months, died = rows["pps_days"].to_numpy() / 30.4375, rows["pps_event"].to_numpy()
    first = (rows["pattern"] == "oligoprogression").to_numpy()
    late = FlemingHarrington(0.0, 1.0)

    usual = found_of(rows)[Statistic.P_VALUE, "weighted_log_rank", ""]
    named = found_of(rows, weighted_test="fleming_harrington")[Statistic.P_VALUE, "weighted_log_rank", ""]
    early = found_of(rows, weighted_test="fleming_harrington", rho_gamma=(1.0, 0.0))

    assert usual.value == weighted_log_rank(months, died, first).p_value
    assert usual.method == "MaxCombo"
    assert named.value == weighted_log_rank(months, died, first, [late]).p_value
    assert named.method == "Fleming-Harrington rho 0 gamma 1"
    assert early[Statistic.P_VALUE, "weighted_log_rank", ""].value != named.value


def test_a_horizon_that_was_set_is_kept_and_withheld_beyond_follow_up():
    rows = patients(crossing=True).with_columns(
        pps_event=pl.col("pps_event") & (pl.col("pps_days") < 400),
        pps_days=pl.col("pps_days").clip(None, 400),
    )

    within = found_of(rows, horizon_months=12.0)
    beyond = found_of(rows, horizon_months=60.0)

    assert within[Statistic.RESTRICTED_MEAN_HORIZON, "", ""].value == 12
    gap = beyond[Statistic.RESTRICTED_MEAN_DIFFERENCE, "", ""]
    assert gap.value is None
    assert gap.warning.has(WarningCode.BEYOND_FOLLOW_UP)
    assert beyond[Statistic.P_VALUE, "weighted_log_rank", ""].value is not None


def test_too_few_events_before_the_horizon_or_in_a_period_are_not_compared():
    found = found_of(patients(crossing=True), horizon_months=0.4, period_ends=(0.4, 12.0))

    for key in (
        (Statistic.RESTRICTED_MEAN_DIFFERENCE, "", ""),
        (Statistic.HAZARD_RATIO_PERIOD, "period", "0-0.4"),
    ):
        assert found[key].value is None
        assert found[key].warning.has(WarningCode.TOO_FEW_EVENTS)
    assert found[Statistic.HAZARD_RATIO_PERIOD, "period", "0.4-12"].value is not None


def matched(*, crossing: bool) -> list[pl.DataFrame]:
    """Two imputations: the same pairs, in the second without the first ten."""
    rows = patients(crossing=crossing).with_columns(
        _pair=pl.int_range(pl.len()) % 150,
        patient_id=pl.int_range(pl.len()).cast(pl.String),
        _weight=pl.lit(1.0),
    )
    return [rows, rows.filter(pl.col("_pair") >= 10)]


def test_matched_patients_have_the_same_pooled_and_robust_to_the_pairs():
    cohorts = matched(crossing=True)
    found, _ = compare_survival_pooled(cohorts, SETTINGS.model_copy(update={"population": "matched"}))
    by_key = {(e.statistic, e.variable, e.level): e for e in found if " vs " in e.group}
    horizon = by_key[Statistic.RESTRICTED_MEAN_HORIZON, "", ""].value or 0.0
    means, tests = [], []
    for rows in cohorts:
        months, died = rows["pps_days"].to_numpy() / 30.4375, rows["pps_event"].to_numpy()
        first = (rows["pattern"] == "oligoprogression").to_numpy()
        means.append(restricted_means_of_sets(months, died, first, horizon, cluster=rows["_pair"].to_numpy()))
        tests.append(weighted_log_rank(months, died, first).p_value)
    gap = by_key[Statistic.RESTRICTED_MEAN_DIFFERENCE, "", ""]

    assert gap.value == pytest.approx(np.mean([m.difference for m in means]))
    assert gap.method.has(MethodPart.PAIR_ROBUST_LIMITS, MethodPart.RUBIN)
    assert by_key[Statistic.P_VALUE, "weighted_log_rank", ""].value == pytest.approx(np.mean(tests))
    assert by_key[Statistic.HAZARD_RATIO_PERIOD, "period", "0-6"].value is not None
    assert by_key[Statistic.P_VALUE, "period", ""].method.has(MethodPart.D1)


def test_matched_patients_whose_ratio_is_constant_have_none_of_it():
    found, _ = compare_survival_pooled(
        matched(crossing=False), SETTINGS.model_copy(update={"population": "matched"})
    )

    assert not [e for e in found if e.statistic in MEANS or e.variable in {"period", "weighted_log_rank"}]


@pytest.mark.parametrize("crossing", [True, False])
def test_sentences_legend_and_table_give_it_in_both_languages_where_the_ratio_changes(crossing):
    found, series = compare_survival(patients(crossing=crossing), SETTINGS)
    results = Results(tuple(found), series)
    groups = ("oligoprogression", "systemic")
    said = survival_paragraph(results, "progressed", "pps", groups).text
    legend = [
        " ".join(legend_table(curves_of(results, "progressed", "pattern", "pps"), lang).lines)
        for lang in LANGUAGES
    ]
    table = tabulate_survival(results)
    cells = " ".join(cell.text[lang] for row in table.rows for cell in row.cells for lang in LANGUAGES)

    for words in (
        "By period (since the first progression): 0 to 6 months",
        "restricted mean survival time",
        "MaxCombo test",
        "depends on follow-up and censoring",
    ):
        assert (words in said.en) == crossing
    for words in (
        "分时段（自首次进展起）：0~6 个月",
        "限制性平均生存时间",
        "MaxCombo 检验",
        "受随访与删失影响",
    ):
        assert (words in said.zh) == crossing
    assert "adjusted model" not in said.en  # none was asked for
    assert [("RMST" in text) == crossing for text in legend] == [True, True]
    assert ("Difference in restricted means" in cells) == crossing
    assert ("限制性平均生存时间之差" in cells) == crossing
    assert ("MaxCombo" in cells) == crossing


@pytest.mark.parametrize("crossing", [True, False])
def test_an_adjusted_ratio_beside_one_that_changes_with_time_is_said_to_be_untested(crossing):
    found, series = compare_survival(patients(crossing=crossing), SETTINGS)
    ratio = next(e for e in found if e.statistic == Statistic.HAZARD_RATIO and " vs " in e.group)
    adjusted = replace(ratio, statistic=Statistic.HAZARD_RATIO_ADJUSTED, warning=NO_WARNING)
    results = Results((*(e for e in found if e.key != adjusted.key), adjusted), series)
    said = survival_paragraph(results, "progressed", "pps", ("oligoprogression", "systemic")).text

    assert ("Proportional hazards were not tested in the adjusted model." in said.en) == crossing
    assert ("校正后的 HR 未检验比例风险。" in said.zh) == crossing


@pytest.mark.parametrize("is_known_late", [True, False])
def test_a_comparison_with_immortal_time_says_so_beside_its_ratio(is_known_late):
    found, series = compare_survival(patients(crossing=False), SETTINGS)
    warning = WarningCode.GROUP_KNOWN_ONLY_AT_PROGRESSION() if is_known_late else NO_WARNING
    warned = [replace(e, warning=warning) if e.statistic == Statistic.HAZARD_RATIO else e for e in found]
    said = survival_paragraph(
        Results(tuple(warned), series), "progressed", "pps", ("oligoprogression", "systemic")
    ).text

    assert ("; with immortal time bias)" in said.en) == is_known_late
    assert ("；含永恒时间偏倚）" in said.zh) == is_known_late


def test_equal_numbers_at_the_horizon_are_said_once():
    found, series = compare_survival(patients(crossing=True), SETTINGS)
    curves = curves_of(Results(tuple(found), series), "progressed", "pattern", "pps")
    equal, one, differing = (
        lines_in_caption(curves.change, left) for left in (("7", "7"), ("7",), ("7", "8"))
    )

    assert ", with 7 of each group at risk there." in equal.en
    assert "，届时各组风险人数均为 7。" in equal.zh
    assert ", with 7 at risk there." in one.en
    assert ", with 7 and 8 at risk there." in differing.en


@pytest.mark.parametrize("horizon", [None, 12.0, 24.5])
def test_the_caption_says_how_many_are_at_risk_at_the_horizon(horizon: float | None):
    rows = patients(crossing=True)
    found, series = compare_survival(rows, SETTINGS.model_copy(update={"horizon_months": horizon}))
    curves = curves_of(Results(tuple(found), series), "progressed", "pattern", "pps")
    months, first = rows["pps_days"].to_numpy() / 30.4375, (rows["pattern"] == "oligoprogression").to_numpy()
    until = min(months[first].max(), months[~first].max()) if horizon is None else horizon
    left = [str(int((months[members] >= until).sum())) for members in (first, ~first)]

    caption = legend_of(curves)

    assert f"with {left[0]} and {left[1]} at risk there" in caption.en
    assert f"届时风险人数分别为 {left[0]}、{left[1]}。" in caption.zh
    assert (
        "at risk there" not in legend_of(replace(curves, late=True)).en
    )  # who enters after it would be counted

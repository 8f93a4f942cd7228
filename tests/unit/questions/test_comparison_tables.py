"""Tables of matching, predictors and the comparisons without immortal time: what is in which cell, and why not."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from oligoscope.printing.method_texts import matching_words
from oligoscope.printing.monte_carlo_notes import ERRORS, NEEDS
from oligoscope.printing.table import Table
from oligoscope.questions.baseline.table import tabulate_baseline, tabulate_baseline_before_after
from oligoscope.questions.competing_risks.table import tabulate_competing_risks, tabulate_incidence
from oligoscope.questions.imputation.table import tabulate_imputation
from oligoscope.questions.landmark.table import tabulate_unbiased
from oligoscope.questions.matching.table import tabulate_balance
from oligoscope.questions.predictors.table import tabulate_predictors
from oligoscope.questions.survival.table import tabulate_survival
from oligoscope.questions.weighting.table import tabulate_weighting
from oligoscope.results.analyses import (
    BALANCE,
    BASELINE,
    COMPETING_RISKS,
    IMPUTATION,
    LANDMARK,
    MATCHING,
    PREDICTORS,
)
from oligoscope.results.methods import Method, MethodPart, read_method
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import NO_WARNING, read_warnings
from unit.stored_results import FEW, VERSUS, changed, row, with_limits, without

CJK = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
ODDS_RATIOS = (Statistic.ODDS_RATIO_UNIVARIABLE, Statistic.ODDS_RATIO_MULTIVARIABLE)
MAKERS = {
    "predictors": tabulate_predictors,
    "balance": lambda results: tabulate_balance(results, 0.1),
    "baseline": tabulate_baseline_before_after,
    "landmark": tabulate_unbiased,
    "incidence": tabulate_incidence,
    "competing": tabulate_competing_risks,
    "weighting": tabulate_weighting,
    "imputation": tabulate_imputation,
    "survival": lambda results: tabulate_survival(results, "matched", "pattern"),
}


@pytest.fixture(params=MAKERS, scope="module")
def table(request, compared_results) -> Table:
    return MAKERS[request.param](compared_results)


def rows(table: Table, label: str) -> list[list[str]]:
    return [[c.text.en for c in r.cells[1:]] for r in table.rows if r.cells[0].text.en == label]


def heads(table: Table) -> list[str]:
    return [h.text.en + (f" {h.detail.en}" if h.detail else "") for h in table.columns]


def notes(table: Table) -> str:
    return " ".join(note.en for note in table.notes)


def texts(table: Table) -> list:
    cells = [c.text for r in table.rows for c in r.cells]
    details = [h.detail for h in table.columns if h.detail]
    return [table.title, *table.notes, *(h.text for h in table.columns), *details, *cells]


def test_without_a_baseline_table_the_shares_that_were_missing_are_still_given(compared_results):
    table = tabulate_imputation(without(compared_results, BASELINE))

    assert len(table.columns) == 2
    assert rows(table, "PD-L1 expression: missing, %")[0]
    assert rows(table, "Imputations (m)")[0]


def test_both_languages_print_the_same_numbers(table):
    def numbers(text: str) -> Counter[str]:
        return Counter(re.findall(r"\d+(?:\.\d+)*", text))

    assert [t for t in texts(table) if numbers(t.zh) != numbers(t.en)] == []


def test_the_english_table_has_no_chinese(table):
    assert [t.en for t in texts(table) if CJK.search(t.en)] == []


def test_every_printed_number_has_a_key_that_is_reported(table, compared_results):
    known = {e.key for e in compared_results.estimates}
    loose = [c.text.en for r in table.rows for c in r.cells[1:] if re.search(r"\d", c.text.en) and not c.keys]

    assert loose == []
    assert set(table.printed_keys()) <= known


def test_predictors_say_event_reference_and_the_level_of_each_row(compared_results):
    table = tabulate_predictors(compared_results)

    assert "systemic progression more likely than oligoprogression" in table.title.en
    assert "the event is systemic progression, the reference oligoprogression" in notes(table)
    keys: dict[str, Any] = {"analysis": PREDICTORS, "outcome": "pattern", "variable": "sex"}
    (cells,) = rows(table, "Male")
    assert cells[::2][:2] == [with_limits(2, statistic=s, **keys) for s in ODDS_RATIOS]
    assert cells[1::2] == [f"{row(statistic=s.test, **keys).value:.3f}" for s in ODDS_RATIOS]
    assert cells[4] == f"{row(statistic=Statistic.E_VALUE, **keys).value:.2f} (1.00)"
    assert rows(table, "Female") == [["Reference", "", "Reference", "", ""]]
    assert [row.cells[0].text.zh for row in table.rows[3:6]] == ["性别", "男", "女"]
    assert rows(table, "<1%") == [["Reference", "", "Reference", "", ""]], (
        "one row for the levels compared with it"
    )


def test_the_joint_p_of_several_levels_stands_in_the_heading_with_its_method(compared_results):
    table = tabulate_predictors(compared_results)
    keys: dict[str, Any] = {"analysis": PREDICTORS, "outcome": "pattern", "variable": "pd_l1", "level": ""}
    first, second = (f"{row(statistic=s.test, **keys).value:.3f}" for s in ODDS_RATIOS)

    assert rows(table, "PD-L1 expression") == [["", first, "", second, ""]]
    assert "b: Wald test, estimates of the imputations pooled by D1." in notes(table)


def test_which_models_were_pooled_is_noted_where_not_all_were(compared_results):
    """Sex was complete and has one fit; PD-L1 was imputed."""
    said = "models without one were fitted once"
    alike = {"method": Method(MethodPart.LOGISTIC)}
    once = changed(
        compared_results,
        lambda e: e if e.statistic in (*ERRORS, *NEEDS) else replace(e, **alike),
        analysis=PREDICTORS,
    )

    assert said in notes(tabulate_predictors(compared_results))
    assert said not in notes(tabulate_predictors(once))


@pytest.mark.parametrize("make", ["predictors", "survival"])
def test_e_values_are_printed_with_what_they_do_not_say(compared_results, make):
    table = MAKERS[make](compared_results)

    assert heads(table)[-1] == "E-value (limit)"
    assert "says nothing about immortal time bias" in notes(table)


def test_unmatched_survival_has_no_column_of_e_values(made_results):
    assert "E-value" not in " ".join(heads(tabulate_survival(made_results)))


def test_balance_marks_what_is_above_the_limit_and_says_the_verdict(compared_results):
    table = tabulate_balance(compared_results, 0.1)
    level = next(r for r in table.rows if r.cells[0].text.en == "≥50%")
    verdict = next(r for r in table.rows if r.cells[0].text.en.startswith("Verdict"))

    keys: dict[str, Any] = {"analysis": BALANCE, "variable": "pd_l1", "level": ">=50%"}
    names = (Statistic.SMD_BEFORE, Statistic.SMD_AFTER_ABSOLUTE, Statistic.SMD_AFTER_MAXIMUM)
    smds = [row(statistic=name, **keys).value for name in names]
    assert [(c.text.en, c.mark) for c in level.cells[1:]] == [
        (f"{x:.3f}", "a" * (x > 0.1)) for x in smds if x is not None
    ]
    assert verdict.cells[0].text.en == "Verdict: balance missed (largest mean: Histology, adenocarcinoma)"
    assert rows(table, "Pairs (mean and range over imputations)")[0][0] == "32 (31 to 32)"
    assert "A better choice found without looking at any outcome: nearest neighbour" in notes(table)
    pairs = {"value": 207.4, "low": 203, "high": 211}
    varied = tabulate_balance(changed(compared_results, pairs, statistic=Statistic.N_PAIRS), 0.1)
    assert rows(varied, "Pairs (mean and range over imputations)")[0][0] == "207 (203 to 211)"


def test_a_passed_gate_is_called_balanced(compared_results):
    table = tabulate_balance(changed(compared_results, {"warning": NO_WARNING}, analysis=MATCHING), 0.4)

    assert any(r.cells[0].text.en.startswith("Verdict: balanced") for r in table.rows)
    assert not any(c.mark for r in table.rows for c in r.cells)


@pytest.mark.parametrize("make", ["baseline", "survival"])
def test_a_failed_gate_is_noted_under_every_matched_table(compared_results, make):
    assert "A criterion set beforehand was not met: balance was not achieved" in notes(
        MAKERS[make](compared_results)
    )


def test_table_1_stands_before_and_after_side_by_side(compared_results):
    table = tabulate_baseline_before_after(compared_results)

    assert heads(table)[1] == "All patients before (*n*=64)"
    assert heads(table)[6] == "All patients after (*n*=64)"
    assert rows(table, "Male")[0][:3] == ["54 (84.4)", "28 (87.5)", "26 (81.3)"]
    assert rows(table, "Male")[0][5] == "54 (84.9)"
    assert rows(table, "Missing")[0][5:] == [""] * 5
    assert "no continuity correction, median P over the imputations" in notes(table).replace("*P*", "P")
    assert "means over them" in notes(table)


def test_table_1_says_what_p_and_smd_after_matching_are(compared_results):
    table = tabulate_baseline_before_after(compared_results)
    alone = tabulate_baseline(compared_results, "matched")

    for found in (notes(table), notes(alone)):
        assert "*P* after matching is the median over the imputations (Eekhout 2017)" in found
        assert "over the standard deviation before matching" in found
        assert "after matching is the mean of the absolute values over the imputations" in found.replace(
            "SMDs", "SMD"
        )
    assert "matching" not in notes(tabulate_baseline(compared_results))


def test_table_1_of_one_data_set_has_no_medians_and_no_means(compared_results):
    found = notes(tabulate_baseline_before_after(without(compared_results, IMPUTATION)))

    assert "over the standard deviation before matching" in found
    assert "imputations (Eekhout" not in found


def test_a_number_compared_by_means_stays_a_mean_after_matching(compared_results):
    """Its P is then the median of P of t tests."""
    keys: dict[str, Any] = {"analysis": BASELINE, "population": "matched", "outcome": "pattern"}
    method = read_method("Student t or Welch t, median P over imputations")
    of_all, age = {"group": "all", "variable": "", **keys}, {"variable": "age_years"}
    more = [
        row(value=61.2, other={**age, "statistic": Statistic.MEAN}, **of_all),
        row(value=8.5, other={**age, "statistic": Statistic.SD}, **of_all),
        row(variable="sex", statistic=Statistic.P_VALUE, value=0.4, method=method, other=age, **keys),
    ]
    table = tabulate_baseline(compared_results.plus(more), "matched")

    assert rows(table, "Age, years, mean ± SD")[0][0] == "61.2 ± 8.5"
    assert "equal variances or Welch's *t* test" in notes(table)


def test_landmarks_have_their_references_and_the_time_dependent_model_stands_below(compared_results):
    table = tabulate_unbiased(compared_results)
    oligo = rows(table, "Oligoprogression")

    assert len(oligo) == 4
    keys: dict[str, Any] = {"analysis": LANDMARK, "variable": "landmark_6_months", "group": VERSUS}
    assert oligo[1][5] == with_limits(2, statistic=Statistic.HAZARD_RATIO, **keys)
    assert oligo[1][6] == f"{row(statistic=Statistic.P_VALUE, **keys).value:.3f}"
    assert oligo[3][:2] == ["", "27"]
    assert [r[3] for r in rows(table, "No progression")] == ["Reference"] * 4
    assert [r[5] for r in rows(table, "Systemic progression")] == ["Reference"] * 4


def test_incidence_is_printed_in_per_cent_for_every_time(compared_results):
    table = tabulate_incidence(compared_results)

    assert heads(table)[1:3] == ["Patients (*n*=91)", "3 months (95% CI)"]
    assert rows(table, "Oligoprogression")[0][-1] == "31.9 (22.6 to 41.5)"


def test_competing_risks_give_gray_fine_gray_and_cause_specific(compared_results):
    table = tabulate_competing_risks(compared_results)

    names = (Statistic.SUBDISTRIBUTION_HAZARD_RATIO, Statistic.CAUSE_SPECIFIC_HAZARD_RATIO)
    keys: dict[str, Any] = {
        "analysis": COMPETING_RISKS,
        "outcome": "oligoprogression",
        "variable": "histology",
    }
    assert heads(table)[1] == "Reference"
    assert rows(table, "Histology: squamous")[0] == [
        "adenocarcinoma",
        f"{row(statistic=Statistic.P_VALUE_GRAY, **keys).value:.3f}",
        *(cell for name in names for cell in (with_limits(2, statistic=name, **keys), f"{row(statistic=name.test, **keys).value:.3f}")),
    ]  # fmt: skip


def test_missing_values_are_shown_observed_and_completed(compared_results):
    table = tabulate_imputation(compared_results)

    assert heads(table)[3:5] == ["Oligoprogression observed", "Oligoprogression after imputation"]
    assert rows(table, "<1%")[0][2:4] == ["8 (32.0)", "11 (34.4)"]
    assert rows(table, "Imputations (m)")[0][0] == "2"
    assert "there are fewer imputations (2) than per cent of incomplete cases (12.5)" in notes(table)


def test_a_withheld_ratio_says_why(compared_results):
    sparse = changed(
        compared_results,
        {"value": None, "low": None, "high": None, "warning": FEW},
        statistic=Statistic.HAZARD_RATIO,
    )

    for make in ("landmark", "weighting"):
        assert ": not given: a group has fewer than 5 events." in notes(MAKERS[make](sparse))


def test_words_of_a_matching_are_in_both_languages():
    words = matching_words(
        read_method(
            "optimal (most pairs, then least total distance), 1:2, with replacement, caliper 0.2 SD of the logit"
        )
    )

    assert (
        words.zh == "最优匹配（先求对数最多，再求总距离最小），1:2，有放回，卡钳值 0.2（logit 的标准差倍数）"
    )
    assert words.en.startswith("optimal (most pairs, then least total distance), 1:2")


def test_a_pooled_test_is_named_in_both_languages():
    assert read_method("chi-square, median P over imputations").printed.zh.endswith(
        "取各插补数据集 *P* 值的中位数"
    )
    assert read_method("Wald, D1").printed.en == "Wald test, estimates of the imputations pooled by D1"


def test_a_warning_names_its_variable_as_the_tables_do():
    why = read_warnings("unbalanced variable=pd_l1 largest=0.148 limit=0.1").printed

    assert why.zh.startswith("匹配后均衡性未达标（PD-L1 表达的 |SMD| 为 0.148")
    assert "0.148 for PD-L1 expression" in why.en

"""Tables of matching, predictors and the comparisons without immortal time: what is in which cell, and why not."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from oligoscope.printing.method_texts import matching_words
from oligoscope.printing.table import Table
from oligoscope.questions.baseline.table import tabulate_baseline, tabulate_baseline_before_after
from oligoscope.questions.competing_risks.table import tabulate_competing_risks, tabulate_incidence
from oligoscope.questions.imputation.table import tabulate_imputation
from oligoscope.questions.landmark.table import tabulate_unbiased
from oligoscope.questions.matching.table import tabulate_balance
from oligoscope.questions.predictors.table import tabulate_predictors
from oligoscope.questions.survival.table import tabulate_survival
from oligoscope.questions.weighting.table import tabulate_weighting
from oligoscope.results.analyses import BASELINE, IMPUTATION, LANDMARK, MATCHING, WEIGHTING
from oligoscope.results.methods import Method, MethodPart, read_method
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import NO_WARNING, read_warnings

CJK = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
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
    few = Results(tuple(e for e in compared_results.estimates if e.analysis != BASELINE))
    table = tabulate_imputation(few)

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
    assert rows(table, "Male vs female") == [
        ["0.53 (0.34 to 0.84)", "0.008", "0.67 (0.36 to 1.25)", "0.208", "1.75 (1.00)"]
    ]
    assert table.rows[1].cells[0].text.zh == "男 vs 女"


def test_the_joint_p_of_several_levels_stands_in_the_heading_with_its_method(compared_results):
    table = tabulate_predictors(compared_results)
    heading = next(r for r in table.rows if r.cells[0].text.en == "PD-L1 expression")

    assert [c.text.en for c in heading.cells[1:]] == ["", "0.122", "", "0.259", ""]
    assert "a: Wald test, estimates of the imputations pooled by D1." in notes(table)


def test_which_models_were_pooled_is_noted_where_not_all_were(compared_results):
    """Sex was complete and has one fit; PD-L1 was imputed."""
    said = "models without one were fitted once"
    mixed = Results(
        tuple(
            replace(
                e, method=Method(MethodPart.LOGISTIC, *([MethodPart.RUBIN] if e.variable == "pd_l1" else []))
            )
            if e.statistic == Statistic.ODDS_RATIO_UNIVARIABLE
            else e
            for e in compared_results.estimates
        )
    )

    assert said in notes(tabulate_predictors(mixed))
    assert said not in notes(tabulate_predictors(compared_results))


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

    assert [(c.text.en, c.mark) for c in level.cells[1:]] == [("0.053", ""), ("0.148", "a"), ("0.221", "a")]
    assert verdict.cells[0].text.en == "Verdict: balance missed (largest mean: PD-L1 expression, ≥50%)"
    assert rows(table, "Pairs (mean and range over imputations)")[0][0] == "207 (203 to 211)"
    assert "optimal (most pairs" in notes(table)


def test_a_passed_gate_is_called_balanced(compared_results):
    passed = Results(
        tuple(
            replace(e, warning=NO_WARNING) if e.analysis == MATCHING else e
            for e in compared_results.estimates
        )
    )
    table = tabulate_balance(passed, 0.25)

    assert any(r.cells[0].text.en.startswith("Verdict: balanced") for r in table.rows)
    assert not any(c.mark for r in table.rows for c in r.cells)


@pytest.mark.parametrize("make", ["baseline", "survival"])
def test_a_failed_gate_is_noted_under_every_matched_table(compared_results, make):
    assert "A pre-set gate failed: balance was missed" in notes(MAKERS[make](compared_results))


def test_table_1_stands_before_and_after_side_by_side(compared_results):
    table = tabulate_baseline_before_after(compared_results)

    assert heads(table)[1] == "All patients before, n=579"
    assert heads(table)[6] == "All patients after, n=405"
    assert rows(table, "Male")[0][:3] == ["487 (84.1)", "255 (88.2)", "232 (80.0)"]
    assert rows(table, "Male")[0][5] == "341.0 (84.1)"  # a mean, so with a decimal, never cut to 340
    assert rows(table, "Missing")[0][5:] == [""] * 5
    assert "no continuity correction, median P over the imputations" in notes(table).replace("*P*", "P")
    assert "means over them" in notes(table)


def test_table_1_says_what_p_and_smd_after_matching_are(compared_results):
    table = tabulate_baseline_before_after(compared_results)
    alone = tabulate_baseline(compared_results, "matched")

    for found in (notes(table), notes(alone)):
        assert "*P* after matching is the median over the imputations (Eekhout 2017)" in found
        assert "over the SD before matching" in found
        assert "a level's row holds the signed mean over the imputations" in found
        assert "a variable's own row the mean of the absolute differences" in found
    assert "matching" not in notes(tabulate_baseline(compared_results))


def test_table_1_of_one_data_set_has_no_medians_and_no_means(compared_results):
    one = Results(tuple(e for e in compared_results.estimates if e.analysis != IMPUTATION))
    found = notes(tabulate_baseline_before_after(one))

    assert "over the SD before matching" in found
    assert "imputations (Eekhout" not in found


def test_a_number_compared_by_means_stays_a_mean_after_matching(compared_results):
    """Its P is then the median of P of t tests."""
    keys: dict[str, Any] = {
        "analysis": BASELINE,
        "population": "matched",
        "outcome": "pattern",
        "variable": "age_years",
    }
    versus = "oligoprogression vs systemic"
    method = read_method("Student t or Welch t, median P over imputations")
    more = [
        Estimate(**keys, group="all", statistic=Statistic.MEAN, value=61.2),
        Estimate(**keys, group="all", statistic=Statistic.SD, value=8.5),
        Estimate(**keys, group=versus, statistic=Statistic.P_VALUE, value=0.4, method=method),
    ]
    table = tabulate_baseline(compared_results.plus(more), "matched")

    assert rows(table, "Age, years, mean ± SD")[0][0] == "61.2 ± 8.5"
    assert "equal variances or Welch's *t* test" in notes(table)


def test_landmarks_have_their_references_and_the_time_dependent_model_stands_below(compared_results):
    table = tabulate_unbiased(compared_results)
    oligo = rows(table, "Oligoprogression")

    assert len(oligo) == 4
    assert oligo[0][3:] == ["3.40 (2.72 to 4.42)", "0.073", "0.60 (0.48 to 0.78)", "0.073"]
    assert oligo[3][:2] == ["", "247"]
    assert [r[3] for r in rows(table, "No progression")] == ["Reference"] * 4
    assert [r[5] for r in rows(table, "Systemic progression")] == ["Reference"] * 4


def test_incidence_is_printed_in_per_cent_for_every_time(compared_results):
    table = tabulate_incidence(compared_results)

    assert heads(table)[1:3] == ["Patients (n=820)", "3 months (95% CI)"]
    assert rows(table, "Oligoprogression")[0][-1] == "26.0 (23.4 to 28.6)"


def test_competing_risks_give_gray_fine_gray_and_cause_specific(compared_results):
    table = tabulate_competing_risks(compared_results)

    assert rows(table, "Histology: squamous vs adenocarcinoma")[0] == [
        "<0.001", "1.60 (1.28 to 2.08)", "<0.001", "1.60 (1.28 to 2.08)", "<0.001",
    ]  # fmt: skip


def test_missing_values_are_shown_observed_and_completed(compared_results):
    table = tabulate_imputation(compared_results)

    assert heads(table)[3:5] == ["Oligoprogression observed", "Oligoprogression after imputation"]
    assert rows(table, "<1%")[0][2:4] == ["94 (33.5)", "99.2 (34.3)"]
    assert rows(table, "Imputations (m)")[0][0] == "5"
    assert "there are fewer imputations (5) than per cent of incomplete cases (11.9)" in notes(table)


def test_a_withheld_ratio_says_why(compared_results):
    sparse = Results(
        tuple(
            replace(e, value=None, low=None, high=None, warning=read_warnings("too_few_events minimum=5"))
            if e.analysis in {LANDMARK, WEIGHTING} and e.statistic == Statistic.HAZARD_RATIO
            else e
            for e in compared_results.estimates
        )
    )

    for make in ("landmark", "weighting"):
        assert "a: not given: a group has fewer than 5 events." in notes(MAKERS[make](sparse))


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

    assert why.zh.startswith("匹配后均衡性未达标：PD-L1 表达某一水平的 |SMD| 在各插补数据集中的均数为 0.148")
    assert "a level of PD-L1 expression is 0.148" in why.en

"""Test statistics beside P, where a style asks for them."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from oligoscope.number_format import PROFILES, number_style
from oligoscope.plain_text import plain
from oligoscope.printing.footnotes import Footnotes
from oligoscope.printing.sentences import p_words, ratio_words
from oligoscope.printing.test_statistics import StatisticColumn, statistic_of, statistic_words
from oligoscope.questions.baseline.table import tabulate_baseline, tabulate_baseline_before_after
from oligoscope.questions.baseline.words import baseline_paragraph
from oligoscope.questions.competing_risks.table import tabulate_competing_risks
from oligoscope.questions.landmark.figure import draw_landmarks
from oligoscope.questions.landmark.table import tabulate_unbiased
from oligoscope.questions.response.bars import draw_response_bars
from oligoscope.questions.response.table import tabulate_response_rate
from oligoscope.questions.survival.figure import draw_survival_curve
from oligoscope.questions.survival.table import tabulate_survival
from oligoscope.questions.survival.words import survival_paragraph
from oligoscope.questions.timing.figure import draw_month_bars
from oligoscope.questions.timing.numbers import describe_timing
from oligoscope.questions.timing.table import tabulate_timing
from oligoscope.questions.timing.words import timing_paragraph
from oligoscope.results.analyses import BASELINE
from oligoscope.results.methods import Method, MethodPart
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit
from oligoscope.results.warnings import NO_WARNING
from oligoscope.study.protocol import AnalysisSettings
from unit.stored_results import row

TABLES = (
    tabulate_baseline, tabulate_baseline_before_after, tabulate_survival, tabulate_unbiased, tabulate_competing_risks,
    tabulate_response_rate, tabulate_timing,
)  # fmt: skip
FIGURES = (draw_survival_curve, draw_landmarks, draw_response_bars, draw_month_bars)
PATTERNS = ("oligoprogression", "systemic")
OTHER_LETTERS = [
    (MethodPart.WELCH_T, "*t*=1.863"), (MethodPart.STUDENT_T, "*t*=1.863"), (MethodPart.WELCH_ANOVA, "*F*=1.863"),
    (MethodPart.ANOVA, "*F*=1.863"), (MethodPart.KRUSKAL_WALLIS, "*H*=1.863"), (MethodPart.MANN_WHITNEY, "*U*=1.863"),
    (MethodPart.CHI_SQUARE, "*χ*²=1.863"), (MethodPart.LOG_RANK, "*χ*²=1.863"), (MethodPart.GRAY, "*χ*²=1.863"),
    (MethodPart.COCHRAN_ARMITAGE, "*χ*²=1.863"), (MethodPart.WEIGHTED_WALD, "*F*=1.863"),
]  # fmt: skip


def estimate_of(
    statistic: Statistic, value: float, *parts: MethodPart, variable: str = "age", unit: str = ""
) -> Estimate:
    found = row(analysis=BASELINE, statistic=Statistic.P_VALUE, value=value, unit=unit, warning=NO_WARNING)
    return replace(found, variable=variable, statistic=statistic, method=Method(*parts))


@pytest.fixture(scope="module")
def tested_results(compared_results: Results) -> Results:
    """The small study with the times of progression, and with a statistic for every test of groups."""
    days = [20 + 13 * i for i in range(40)]
    patients = pl.DataFrame({"pattern": [PATTERNS[i % 3 == 0] for i in range(40)], "progressed_day": days})
    timing = describe_timing(patients, AnalysisSettings(kind="timing", by="pattern"))
    found = [_by_chi_square(e) for e in (*compared_results.estimates, *timing)]
    known = {e.key for e in found}
    added = [
        replace(e, statistic=Statistic.TEST_STATISTIC, value=3.5)
        for e in found
        if e.statistic in {Statistic.P_VALUE, Statistic.P_VALUE_GRAY}
        and e.value is not None
        and _is_of_counts(e)
    ]
    return Results((*found, *(e for e in added if e.key not in known)), compared_results.series)


def _by_chi_square(e: Estimate) -> Estimate:
    return replace(e, method=Method(MethodPart.CHI_SQUARE)) if e.method.has(MethodPart.FISHER) else e


def _is_of_counts(p: Estimate) -> bool:
    return p.method.has(MethodPart.CHI_SQUARE, MethodPart.LOG_RANK, MethodPart.GRAY)


@pytest.mark.parametrize(("part", "shown"), OTHER_LETTERS)
def test_each_statistic_has_the_letter_of_its_test(part, shown):
    assert statistic_words(estimate_of(Statistic.TEST_STATISTIC, 1.8631761, part)) == shown


def test_a_weighted_test_of_means_is_an_f():
    f = estimate_of(Statistic.TEST_STATISTIC, 2.5, MethodPart.WEIGHTED_WALD, unit=Unit.F)

    assert statistic_words(f) == "*F*=2.500"


def test_of_a_rank_sum_z_is_printed_where_p_is_made_from_it():
    p = estimate_of(Statistic.P_VALUE, 0.057, MethodPart.MANN_WHITNEY)
    u = estimate_of(Statistic.TEST_STATISTIC, 7136.5, MethodPart.MANN_WHITNEY)
    z = estimate_of(Statistic.Z_STATISTIC, 1.903262, MethodPart.MANN_WHITNEY)

    with number_style("zh-cma"):
        assert statistic_words(statistic_of([p, u, z], p) or p) == "*Z*=1.903"
        assert statistic_words(statistic_of([p, u], p) or p) == "*U*=7136.500"
        column = StatisticColumn.of([p, u, z])
        assert (column.letter, column.cells(p, Footnotes())[0].text.zh) == ("*Z*", "1.903")


def test_fisher_has_its_name_and_no_statistic():
    p = estimate_of(Statistic.P_VALUE, 0.03, MethodPart.FISHER)

    with number_style("zh-cma"):
        assert [c.text.zh for c in StatisticColumn.of([p]).cells(p, Footnotes())] == ["Fisher"]


def test_where_no_imputation_has_the_median_p_the_note_says_why_there_is_no_statistic():
    p = estimate_of(Statistic.P_VALUE, 0.03, MethodPart.CHI_SQUARE, MethodPart.MEDIAN_P)
    notes = Footnotes()

    with number_style("zh-cma"):
        (cell,) = StatisticColumn.of([p]).cells(p, notes)

    assert (cell.text.zh, cell.mark) == ("–", "a")
    assert "没有与之对应的统计量" in notes.notes()[0].zh


def test_different_statistics_stand_with_their_letters():
    p = estimate_of(Statistic.P_VALUE, 0.06, MethodPart.WELCH_T)
    t = estimate_of(Statistic.TEST_STATISTIC, 1.8631761, MethodPart.WELCH_T)
    chi = estimate_of(Statistic.TEST_STATISTIC, 7.3451, MethodPart.CHI_SQUARE, variable="sex")

    with number_style("zh-cma"):
        column = StatisticColumn.of([p, t, chi])
        assert [h.text.zh for h in column.heads()] == ["统计量"]
        assert [c.text.zh for c in column.cells(p, Footnotes())] == ["*t*=1.863"]


@pytest.mark.parametrize("make", TABLES)
def test_chinese_styles_have_a_column_for_them_and_english_styles_none(make, tested_results):
    def statistics(profile: str | None) -> int:
        with number_style(profile):
            found = [tested_results.at(key) for key in make(tested_results).printed_keys()]
        return sum(
            e is not None and e.statistic in {Statistic.TEST_STATISTIC, Statistic.Z_STATISTIC} for e in found
        )

    assert statistics(None) == 0
    for profile, style in PROFILES.items():
        assert (statistics(profile) > 0) == style.test_statistics
        assert style.test_statistics == profile.startswith("zh-")


@pytest.mark.parametrize("make", FIGURES)
def test_figures_print_them_where_the_style_asks(make, tested_results):
    with number_style("zh-cma"):
        figure = make(tested_results)
        assert "χ²=" in figure.alt.zh
        assert "χ²=" not in figure.alt.en
    assert "χ²=" not in make(tested_results).alt.zh
    assert [e for e in figure.estimates if e.statistic == Statistic.TEST_STATISTIC]


def test_sentences_give_the_statistic_before_p(tested_results):
    with number_style("zh-cma"):
        paragraphs = [
            baseline_paragraph(tested_results, "progressed", "pattern"),
            survival_paragraph(tested_results, "progressed", "pps", PATTERNS),
            survival_paragraph(tested_results, "matched", "pps", PATTERNS),
            timing_paragraph(tested_results, "progressed", "pattern"),
        ]
        texts = [p.text.zh for p in paragraphs if p is not None]

    assert any("Log-rank 检验 *χ*²=" in text and "，*P*" in text for text in texts)
    assert any("Cochran-Armitage 趋势检验，*χ*²=" in text for text in texts)
    assert all(
        any(key[-1] == Statistic.TEST_STATISTIC for key in p.keys) for p in paragraphs[1:2] if p is not None
    )


def test_a_statistic_is_printed_in_the_language_whose_style_asks_for_it_alone():
    p = estimate_of(Statistic.P_VALUE, 0.0067234, MethodPart.CHI_SQUARE)
    chi = estimate_of(Statistic.TEST_STATISTIC, 7.3451, MethodPart.CHI_SQUARE)
    ratio = estimate_of(Statistic.HAZARD_RATIO, 0.5, MethodPart.COX)

    with number_style("zh-cma"):
        assert plain(p_words(p, "zh", chi)) == "χ²=7.345，P=0.007"
        assert plain(p_words(p, "en", chi)) == "P=0.007"
        assert plain(ratio_words("HR", ratio, p, "zh", chi)).endswith("；χ²=7.345，P=0.007")
    assert plain(p_words(p, "zh", chi)) == "P=0.007"

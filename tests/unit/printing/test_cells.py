"""Estimates as printed cells."""

from __future__ import annotations

import pytest

from oligoscope.printing.cells import (
    bracketed,
    count,
    interval,
    interval_words,
    median_months,
    whole_number,
)
from oligoscope.printing.footnotes import Footnotes
from oligoscope.printing.forest_texts import ratio_cell
from oligoscope.questions.survival.words import _median
from oligoscope.results.results import Estimate
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit
from oligoscope.results.warnings import NO_WARNING
from unit.stored_results import row

NAN = float("nan")


def of(
    value: float | None, low: float | None, high: float | None, statistic: Statistic = Statistic.MEDIAN
) -> Estimate:
    return row(statistic=statistic, value=value, low=low, high=high, warning=NO_WARNING)


def test_limits_that_were_not_reached_print_nr():
    assert bracketed("18.0", interval(12.5, None, 1, "en"), "en") == "18.0 (12.5 to NR)"
    assert bracketed("18.0", interval(12.5, NAN, 1, "zh"), "zh") == "18.0(12.5~NR)"


@pytest.mark.parametrize(("low", "high"), [(None, None), (NAN, NAN), (None, NAN)])
def test_where_neither_limit_exists_n_is_too_small(low, high):
    assert interval(low, high, 1, "en") == "*n* too small"
    assert interval(low, high, 1, "zh") == "例数过少"
    assert interval_words(low, high, 1, "en") == "95% CI not given, *n* too small"
    assert interval_words(low, high, 1, "zh") == "例数过少，未给出 95%CI"


@pytest.mark.parametrize(
    ("median", "en", "zh"),
    [
        (of(5.3, None, None), "5.3 (*n* too small)", "5.3(例数过少)"),
        (of(5.3, 2.1, None), "5.3 (2.1 to NR)", "5.3(2.1~NR)"),
        (of(None, 12.3, None), "NR (12.3 to NR)", "NR(12.3~NR)"),
        (of(None, None, None), "NR", "NR"),
    ],
)
def test_a_median_says_what_of_it_is_not_reached_and_what_cannot_be_estimated(median, en, zh):
    cell = median_months(median, Footnotes()).text

    assert (cell.en, cell.zh) == (en, zh)


def test_a_median_in_words_has_no_empty_limits():
    assert _median(of(5.3, None, None), "en") == "5.3 months (95% CI not given, *n* too small)"
    assert _median(of(5.3, None, None), "zh") == " 5.3 个月（例数过少，未给出 95%CI）"
    assert _median(of(None, 12.3, None), "en") == "not reached (95% CI 12.3 to NR)"
    assert _median(of(None, None, None), "en") == "not reached (NR)"


def test_a_ratio_without_limits_says_so_in_a_forest():
    assert ratio_cell(of(0.5, None, None, Statistic.HAZARD_RATIO)).en == "0.50 (*n* too small)"
    assert ratio_cell(of(0.5, 0.3, 0.9, Statistic.HAZARD_RATIO)).zh == "0.50(0.30~0.90)"


def test_a_mean_of_counts_is_printed_whole():
    n, share = of(10.5, None, None, Statistic.N), of(32.8, None, None, Statistic.PERCENT)

    assert whole_number(n).text.en == "11"
    assert count(n, share).text.en == "11 (32.8)"
    assert count(n, share, 10).text.zh == "10(32.8)"


def test_a_sum_of_weights_keeps_its_decimal():
    weights = row(statistic=Statistic.N, value=53.25, unit=Unit.SUM_OF_WEIGHTS)

    assert count(weights, of(50.0, None, None, Statistic.PERCENT)).text.en == "53.3 (50.0)"

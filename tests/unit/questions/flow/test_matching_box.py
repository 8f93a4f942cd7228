"""The end of Figure 1: how many were matched and how many were not, in whole patients with their range."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from oligoscope.bilingual import LANGUAGES, Language
from oligoscope.questions.flow.figure import draw_flow_chart, matched_of
from oligoscope.results.analyses import MATCHING
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.units import Unit
from oligoscope.results.warnings import WarningCode
from oligoscope.study.keys import Comparison
from unit.questions.geometry import lines_of, outside, overlaps
from unit.stored_results import OLIGO, SYSTEMIC, without

BOTH = Comparison.of(OLIGO, SYSTEMIC)
OF: dict[str, Any] = {"analysis": MATCHING, "population": "matched"}


def matching(*, sets: bool = False) -> tuple[Estimate, ...]:
    """Five imputations with 207 to 215 pairs."""
    sizes: dict[str, Any] = {"value": 212.2, "low": 207.0, "high": 215.0}
    rows = [Estimate(**OF, group=BOTH, statistic=Statistic.N_PAIRS, unit=Unit.PAIRS, **sizes)]
    if sets:
        rows.append(
            Estimate(
                **OF,
                group=BOTH,
                statistic=Statistic.N_SETS,
                unit=Unit.SETS,
                value=150.0,
                low=150.0,
                high=150.0,
            )
        )
    for group, n in ((OLIGO, 289), (SYSTEMIC, 290)):
        left: dict[str, Any] = {"value": n - 212.2, "low": n - 215.0, "high": n - 207.0}
        rows.append(Estimate(**OF, group=group, statistic=Statistic.N, n=n, unit=Unit.PATIENTS, **sizes))
        rows.append(
            Estimate(**OF, group=group, statistic=Statistic.N_UNMATCHED, n=n, unit=Unit.PATIENTS, **left)
        )
    return tuple(rows)


def with_matching(results: Results, rows: tuple[Estimate, ...]) -> Results:
    return without(results, MATCHING).plus(rows)


def words_of(results, protocol, language: Language = "en") -> list[str]:
    drawing = draw_flow_chart(results, protocol).draw(language)
    assert outside(drawing) == []
    assert overlaps(drawing) == []
    return lines_of(drawing.axes[0].texts)


def test_pairs_and_those_not_matched_are_whole_with_their_range(made_results, made_protocol):
    results = with_matching(made_results, matching())

    words = words_of(results, made_protocol)
    assert words[-1] == "Matched pairs (n=212, range 207 to 215)"
    assert "Oligoprogression (n=77, range 74 to 82)" in words
    assert "Systemic progression (n=78, range 75 to 83)" in words
    assert "匹配对 (n=212，范围 207~215)" in words_of(results, made_protocol, "zh")
    assert "means over them, rounded, and their range" in draw_flow_chart(results, made_protocol).caption.en


def test_sets_of_several_controls_name_the_patients_of_each_group(made_results, made_protocol):
    words = words_of(with_matching(made_results, matching(sets=True)), made_protocol)

    at = words.index("Matched sets (n=150)")
    assert words[at + 1 :] == [
        "Oligoprogression (n=212, range 207 to 215)",
        "Systemic progression (n=212, range 207 to 215)",
    ]


def test_of_one_cohort_there_is_no_range(made_results, made_protocol):
    rows = tuple(replace(e, value=round(e.value or 0), low=None, high=None) for e in matching())
    results = with_matching(made_results, rows)

    assert "Matched pairs (n=212)" in words_of(results, made_protocol)
    assert "imputation" not in draw_flow_chart(results, made_protocol).caption.en


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_matching_the_chart_ends_with_the_patterns_and_says_why(
    made_results, made_protocol, language
):
    refused = Estimate(**OF, statistic=Statistic.N_PAIRS, warning=WarningCode.NO_PAIRS())
    figure = draw_flow_chart(with_matching(made_results, (refused,)), made_protocol)

    assert matched_of(with_matching(made_results, (refused,))) is None
    assert refused.warning.printed[language] in figure.caption[language]
    assert "matched" not in figure.data["kind"].to_list()


def test_the_numbers_of_the_matching_are_in_the_data_and_the_words(made_results, made_protocol):
    figure = draw_flow_chart(with_matching(made_results, matching()), made_protocol)

    counted = figure.data.filter(pl.col("kind") == "unmatched").select("name", "mean", "low", "high").rows()
    assert counted == [(OLIGO, pytest.approx(76.8), 74.0, 82.0), (SYSTEMIC, pytest.approx(77.8), 75.0, 83.0)]
    assert "not matched: Oligoprogression (n=77, range 74 to 82)" in figure.alt.en
    assert "未匹配：寡进展 (n=77，范围 74~82)" in figure.alt.zh

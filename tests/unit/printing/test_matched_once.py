"""Notes of matched tables where the imputations were matched once, on their mean score."""

from __future__ import annotations

import pytest

from oligoscope.printing.matched_notes import matched_notes, with_way_of_matching
from oligoscope.questions.matching.table import tabulate_balance
from oligoscope.results.analyses import BALANCE, MATCHING
from oligoscope.results.statistics import Statistic
from oligoscope.study.protocol import MatchingSettings
from unit.stored_results import changed


@pytest.mark.parametrize(
    ("imputations", "said_en", "said_zh"),
    [
        (
            "across",
            "Matching was done once, on the mean score over 2 imputations, with 26 pairs; counts are means",
            "取 2 个插补数据集评分的均数后匹配一次，配成 26 对；例数为",
        ),
        (
            "within",
            "Matching was done in each of 2 imputations, with 26 pairs in each; counts are means",
            "匹配在 2 个插补数据集中分别进行，各配成 26 对；例数为",
        ),
    ],
)
def test_the_note_says_how_often_patients_were_matched(compared_results, imputations, said_en, said_zh):
    pairs = {"value": 26.0, "low": 26.0, "high": 26.0}
    found = changed(compared_results, pairs, analysis=MATCHING, statistic=Statistic.N_PAIRS)
    results = with_way_of_matching(found, MatchingSettings(imputations=imputations))

    notes, balance = matched_notes(results, "matched"), tabulate_balance(results, 0.1).notes

    assert notes[0].en.startswith(said_en)
    assert notes[0].zh.startswith(said_zh)
    is_named = any("once on the mean score over the imputations" in note.en for note in balance)
    assert is_named == (imputations == "across")
    assert any("按各插补数据集评分的均数匹配一次" in note.zh for note in balance) == is_named


@pytest.mark.parametrize(
    ("limit", "said"),
    [(0.1, "above the limit of 0.1 before it was rounded"), (0.05, "above the limit of 0.05."), (9.0, None)],
)
def test_a_difference_that_is_printed_as_the_limit_is_said_to_be_above_it_before_rounding(
    compared_results, limit, said
):
    found = changed(
        compared_results, {"value": 0.1004}, analysis=BALANCE, statistic=Statistic.SMD_AFTER_ABSOLUTE
    )
    notes = " ".join(note.en for note in tabulate_balance(found, limit).notes)

    assert ("above the limit" in notes) == (said is not None)
    assert said is None or said in notes

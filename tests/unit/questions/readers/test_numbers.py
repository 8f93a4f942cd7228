"""Agreement of given and derived responses, reader by reader, and why they differ."""

from __future__ import annotations

import polars as pl
import pytest

from oligoscope.questions.readers.numbers import compare_between_readers, compare_readers, cross_table
from oligoscope.results.statistics import Statistic
from script_modules import script

SCRIPT = script("response_differences")
DIFFERENCES, explain_differences = SCRIPT.DIFFERENCES, SCRIPT.explain_differences


def _visits(*rows: tuple[str | None, str | None, str | None, int]) -> pl.DataFrame:
    """Reader, given and derived response, and how many such visits."""
    visits = [row[:3] for row in rows for _ in range(row[3])]
    return pl.DataFrame(visits, schema=["reader", "given_response", "overall_response"], orient="row")


def test_each_reader_is_compared_with_the_responses_derived_from_his_lesions():
    """20, 5, 10 and 15 visits: kappa is 0.4 (the worked example of most textbooks)."""
    visits = _visits(
        ("A", "PR", "PR", 20), ("A", "PR", "SD", 5), ("A", "SD", "PR", 10), ("A", "SD", "SD", 15),
        ("B", "PD", "PD", 3), ("B", None, "PD", 9), ("B", "PD", None, 9),
    )  # fmt: skip

    found = {(e.group, e.statistic, e.variable, e.level): e for e in compare_readers(visits)}

    assert [
        found["A", name, "", ""].value
        for name in (Statistic.N_VISITS, Statistic.N_AGREE, Statistic.PERCENT_AGREE)
    ] == [
        50,
        35,
        70,
    ]
    assert found["A", Statistic.KAPPA, "", ""].value == pytest.approx(0.4)
    assert found["A", Statistic.N, "SD", "PR"].value == 10
    assert found["B", Statistic.N_VISITS, "", ""].value == 3
    assert (found["B", Statistic.KAPPA, "", ""].value, found["B", Statistic.KAPPA, "", ""].warning) == (
        None,
        "one_level_only",
    )


def test_two_readers_are_compared_at_the_visits_that_both_have():
    day = [10, 50, 90, 10, 50, 91]
    responses = pl.DataFrame(
        {"reader": [*"AAABBB"], "patient_id": "P", "assessed_day": day, "given_response": "PR"}
    ).with_columns(overall_response=pl.Series(["SD", "PR", "PD", "SD", "SD", "PD"]))

    found = {(e.group, e.statistic, e.variable, e.level): e.value for e in compare_between_readers(responses)}

    assert found["A vs B", Statistic.N_VISITS, "", ""] == 2
    assert found["A vs B", Statistic.N, "PR", "SD"] == 1
    assert found["A vs B", Statistic.N, "SD", "PR"] == 0


def test_one_reader_is_compared_with_no_other():
    one = pl.DataFrame(
        {"reader": ["A"], "patient_id": ["P"], "assessed_day": [3], "overall_response": ["SD"]}
    )

    assert compare_between_readers(one) == []


def test_the_cross_table_has_given_responses_in_rows_from_best_to_worst():
    labels, table = cross_table(_visits(("A", "NE", "CR", 2), ("A", "CR", "PD", 1)))

    assert labels == ["CR", "PD", "NE"]
    assert table.tolist() == [[0, 1, 0], [0, 0, 0], [2, 0, 0]]


@pytest.mark.parametrize(
    ("name", "row"),
    [
        # given, derived, target, non-target, sum, nadir, baseline, cause
        ("other_cause", ("SD", "PD", "PD", "PD", 50.0, 40.0, 40.0, "new_lesion+target")),
        ("from_baseline", ("PR", "PD", "PD", None, 56.0, 42.0, 84.0, "target")),
        ("reappeared", ("PR", "PD", "PR", None, 4.95, 0.0, 59.5, "reappearance")),
        ("under_5_mm", ("PD", "SD", "SD", None, 15.9, 12.6, 12.6, None)),
        ("carried_pr", ("SD", "PR", "PR", "NON_CR_NON_PD", 24.3, 20.2, 30.9, None)),
        ("partial_sum", ("PR", "NE", "NE", None, None, 72.0, 72.0, None)),
        ("non_target_remains", ("CR", "PR", "CR", "NON_CR_NON_PD", 0.0, 9.6, 29.7, None)),
        ("contradicted", ("PD", "SD", "SD", None, 89.9, 92.8, 92.8, None)),
        ("contradicted", ("SD", "PD", "PD", None, 60.0, 40.0, 40.0, "target")),
    ],
)
def test_a_difference_has_the_first_reason_that_holds(name, row):
    names = (
        "given_response", "overall_response", "target_response", "non_target_response", "sum_mm", "nadir_mm", "baseline_mm", "cause",
    )  # fmt: skip
    types = {n: pl.Float64 if n.endswith("_mm") else pl.String for n in names}

    assert explain_differences(pl.DataFrame([row], schema=types, orient="row"))["difference"].to_list() == [
        name
    ]


def test_visits_that_agree_or_lack_a_response_are_not_explained():
    agreeing = {"given_response": ["SD", None], "overall_response": ["SD", "PD"]}
    blank = dict.fromkeys(("target_response", "non_target_response", "cause"), pl.lit(None, pl.String))
    sizes = dict.fromkeys(("sum_mm", "nadir_mm", "baseline_mm"), pl.lit(None, pl.Float64))

    assert explain_differences(pl.DataFrame(agreeing).with_columns(**blank, **sizes)).is_empty()


def test_every_reason_is_given_in_both_languages():
    assert all(d.sentence.zh and d.sentence.en for d in DIFFERENCES)

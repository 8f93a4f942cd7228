"""Printed numbers beside ours: tolerance, direction, shares worked out, and what could not be reproduced."""

from __future__ import annotations

from typing import Any

import pytest

from oligoscope.errors import UsageError
from oligoscope.published.comparison import Compared, agreement, compare_published, comparison_frame
from oligoscope.published.paper import Published, read_published
from oligoscope.results import analyses
from oligoscope.results.results import Estimate, Results
from oligoscope.results.statistics import Statistic
from oligoscope.results.warnings import read_warnings
from oligoscope.study.dictionary.outcomes import Outcome

PAPER = """
paper:
  id: made
  doi: none
  title: {zh: 甲, en: A}
  authors: Nobody
  journal: {zh: 乙, en: B}
  citation: "2025"
  design: {enrolled_from: 2020-01, enrolled_to: 2021-01, data_cutoff: 2022-01-01}
sections: {"1": {zh: 一, en: One}}
numbers:
  - section: "1"
    keys: {analysis: survival, population: progressed}
    tolerance: {factor: 1.1}
    values:
      - {outcome: os, group: a, statistic: median, value: 10.0, low: 8.0, high: 12.0}
      - {outcome: os, group: b vs a, statistic: hazard_ratio, value: 2.0}
      - {outcome: pfs, group: a, statistic: median, value: 5.0, known_problem: {zh: 错, en: wrong}}
      - {outcome: os, group: a vs b, variable: log_rank, statistic: p_value, value: 0.0001, bound: "<", tolerance: {same_side_of: 0.05}}
  - section: "1"
    keys: {analysis: sites, population: progressed, outcome: pattern, group: all, variable: same_organ, statistic: percent_of_all}
    tolerance: {absolute: 1}
    values:
      - {level: bone, value: 10.0, why: {zh: 因, en: because}}
"""
SURVIVAL: dict[str, Any] = {"analysis": analyses.SURVIVAL, "population": "progressed"}
SITES: dict[str, Any] = {
    "analysis": analyses.SITES,
    "population": "progressed",
    "outcome": "pattern",
    "group": "all",
}


@pytest.fixture
def paper(tmp_path) -> Published:
    path = tmp_path / "made.yaml"
    path.write_text(PAPER, encoding="utf-8")
    return read_published(str(path))


def compared(paper: Published, *estimates: Estimate) -> dict[tuple[str, str, str], Compared]:
    rows = compare_published(Results(estimates), paper)
    return {(r.printed.estimate.statistic, r.printed.estimate.outcome, r.part): r for r in rows}


def test_a_median_and_its_limits_are_judged_one_by_one(paper: Published):
    ours = Estimate(
        **SURVIVAL, outcome=Outcome.OS, group="a", statistic=Statistic.MEDIAN, value=10.5, low=8.5, high=14.0
    )

    rows = compared(paper, ours)

    assert [rows["median", "os", part].verdict for part in ("value", "low", "high")] == [
        "within",
        "within",
        "outside",
    ]
    assert rows["median", "os", "value"].difference == pytest.approx(0.5)


def test_a_ratio_the_other_way_round_is_turned(paper: Published):
    ours = Estimate(
        **SURVIVAL, outcome=Outcome.OS, group="a vs b", statistic=Statistic.HAZARD_RATIO, value=0.5
    )

    assert compared(paper, ours)["hazard_ratio", "os", "value"].ours == pytest.approx(2)


def test_a_p_below_a_printed_bound_is_within(paper: Published):
    keys: dict[str, Any] = {
        **SURVIVAL,
        "outcome": Outcome.OS,
        "group": "a vs b",
        "variable": "log_rank",
        "statistic": Statistic.P_VALUE,
    }

    assert compared(paper, Estimate(**keys, value=1e-9))["p_value", "os", "value"].verdict == "within"
    assert compared(paper, Estimate(**keys, value=0.2))["p_value", "os", "value"].verdict == "outside"


def test_a_share_of_all_is_worked_out_from_two_counts(paper: Published):
    whole = Estimate(**SITES, statistic=Statistic.N, value=200)
    part = Estimate(**SITES, variable="same_organ", level="bone", statistic=Statistic.N, value=23)

    row = compared(paper, whole, part)["percent_of_all", "pattern", "value"]

    assert (row.ours, row.verdict) == (11.5, "outside")
    assert row.reason is not None
    assert row.reason.en == "because"


def test_what_was_not_reported_says_why(paper: Published):
    withheld = Estimate(
        **SURVIVAL,
        outcome=Outcome.PFS,
        group="a",
        statistic=Statistic.MEDIAN,
        warning=read_warnings("not_reached"),
    )

    rows = compared(paper, withheld)

    assert {row.verdict for row in rows.values()} == {"not_reproduced"}
    reasons = {
        (r.printed.estimate.outcome, r.part): r.reason.en for r in rows.values() if r.reason is not None
    }
    assert reasons[Outcome.PFS, "value"] == "it was not reached"
    assert "no such number" in reasons[Outcome.OS, "value"]


def test_every_number_outside_its_tolerance_has_a_reason_in_both_languages(paper: Published):
    frame = comparison_frame(compare_published(Results(), paper))

    assert frame.height == 7
    assert (frame["reason_zh"] != "").all()
    assert (frame["reason_en"] != "").all()


def test_the_baseline_table_is_counted_apart(paper: Published):
    rows = compare_published(Results(), read_published("huang2025"))

    assert agreement(rows, table_1=True).n == 226
    assert agreement(rows, table_1=False).n == 132
    assert agreement(rows, table_1=False).n_not_reproduced == 132


def test_a_paper_agrees_with_itself_wherever_the_keys_are_ours():
    paper = read_published("huang2025")

    rows = compare_published(paper.results, paper)

    assert {r.verdict for r in rows} == {"within"}


def test_a_file_laid_out_otherwise_is_refused_in_words(tmp_path):
    path = tmp_path / "wrong.yaml"
    path.write_text("paper: 3\n", encoding="utf-8")

    with pytest.raises(UsageError, match=r"wrong\.yaml does not have the layout"):
        read_published(str(path))

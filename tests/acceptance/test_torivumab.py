"""The example on third-party lesion data: 450 patients nobody here wrote."""

from __future__ import annotations

import re

import polars as pl
import pytest

from acceptance.commands import ROOT, oligoscope, table
from oligoscope.results.analyses import COMPETING_RISKS, FOLLOW_UP, LANDMARK

pytestmark = [pytest.mark.shared, pytest.mark.slow]
FILES = (
    "results.csv", "patients.csv", "responses.csv", "reasons.csv", "issues.csv", "flow.csv", "run.json",
    "report.zh.html", "report.en.html",
)  # fmt: skip


@pytest.fixture(scope="module")
def out(shared_path, tmp_path_factory):
    raw = shared_path("data", "torivumab_nsclc", "raw")
    folder = tmp_path_factory.mktemp("torivumab") / "out"
    done = oligoscope("run", ROOT / "examples" / "torivumab", "--data", raw, "--out", folder, check=None)
    assert done.returncode == 0, done.stderr
    return folder


def test_every_file_is_written(out):
    assert [name for name in FILES if not (out / name).is_file()] == []


def test_the_flow_accounts_for_all_450_patients(out):
    flow = table(out / "flow.csv")
    n = {row["name"]: int(row["n"]) for row in flow.filter(pl.col("kind") == "population").to_dicts()}
    excluded = flow.filter(pl.col("kind") == "exclusion")
    before = excluded.filter(pl.col("name") != "pattern")["n_excluded"].cast(pl.Int64).sum()

    assert n["screened"] == 450
    assert n["treated"] == 225
    assert before + n["progressed"] == 450
    assert table(out / "patients.csv").height == 450


def test_the_investigators_responses_are_compared_visit_by_visit(out):
    results = table(out / "results.csv").filter(pl.col("analysis") == "given_response")
    value = dict(zip(results["statistic"], results["value"].cast(pl.Float64), strict=False))
    assert value["n_visits"] == 2260
    assert 75 < value["percent_agree"] < 85
    assert "Visits at which given and derived response differ" in (out / "report.en.html").read_text(
        encoding="utf-8"
    )


def test_no_hazard_ratio_where_a_group_is_too_sparse(out):
    results = table(out / "results.csv").filter(
        (pl.col("analysis") == "survival") & (pl.col("group") == "oligoprogression vs systemic")
    )
    ratios = results.filter(pl.col("statistic") == "hazard_ratio")
    assert ratios.height > 0
    assert ratios["value"].null_count() == ratios.height
    assert ratios["warning"].str.contains("too_few_in_group").all()
    page = (out / "report.en.html").read_text(encoding="utf-8")
    assert "No hazard ratio is given: a group has fewer than 5 patients" in page


def test_target_nodes_under_15_mm_are_listed(out):
    issues = table(out / "issues.csv")
    assert issues.filter(pl.col("rule").str.contains("node")).height == 11


ASKED = {
    "patients", "baseline", "matching", "predictors", "sites", "timing", "survival", "response", "unbiased", "subgroups",
    "courses", "definitions", "given-responses", "limitations", "withheld", "issues",
}  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_question_of_the_paper_has_its_section(out, language):
    page = (out / f"report.{language}.html").read_text(encoding="utf-8")
    sections = set(re.findall(r'<section id="([^"]+)"', page))

    assert sections >= ASKED
    assert page.count("<figure id=") >= 14


def test_what_the_data_cannot_hold_is_said(out):
    """Four patients progressed systemically, and nobody has a later line."""
    results = table(out / "results.csv")
    matching = results.filter(pl.col("analysis") == "matching")["warning"].to_list()
    page = (out / "report.en.html").read_text(encoding="utf-8")

    assert matching == ["too_few_to_match smallest=4 minimum=5"]
    assert (
        "the number of patients in the smaller group is 4, below the 5 that matching and weighting need"
        in page
    )
    assert not (out / "matched_pairs.csv").exists()


def test_what_needs_all_treated_patients_is_given_because_they_are_there(out):
    """112 of the 225 treated had no progression, so incidences and landmarks exist."""
    results = table(out / "results.csv")

    for analysis in (LANDMARK, COMPETING_RISKS, FOLLOW_UP):
        given = results.filter((pl.col("analysis") == analysis) & pl.col("value").is_not_null())
        assert given.height > 0, analysis

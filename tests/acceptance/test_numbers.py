"""From any number of the report to its row, its method and its patients."""

from __future__ import annotations

import html
import json
import re

import polars as pl
import pytest

from acceptance.commands import oligoscope, table
from oligoscope.number_key import key_of_output
from oligoscope.report.numbers.numbers_page import size_of, trace_patients
from oligoscope.report.numbers.patients_found import read_patient_files
from oligoscope.results.made_from import Reason
from oligoscope.results.results import KEYS
from oligoscope.results.statistics import Statistic
from oligoscope.results_files import read_results

pytestmark = pytest.mark.slow
# These say why the patients found are not n, or why none is named; no other reason is known for the demo.
KNOWN = {
    Reason.MEAN, Reason.SOME, Reason.FEWEST, Reason.AT_RISK, Reason.IMPUTED, Reason.NO_N, Reason.WEIGHTED, Reason.OTHER_MATCHING,
}  # fmt: skip
SET = re.compile(r'<div class="patients" id="patients-(\d+)">(.*?)</div>', re.DOTALL)


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("numbers") / "out"
    oligoscope("demo", "--out", folder, "--patients", 200, check=None)
    return folder


@pytest.fixture(scope="module")
def traced(out):
    files = read_patient_files(out)
    assert files is not None
    results = read_results(out)
    return results, trace_patients(results, files)


def test_as_many_patients_are_found_as_n_says(traced):
    results, found = traced
    for estimate, made_from in zip(results.estimates, found.made_from, strict=True):
        assert set(made_from.reasons) <= KNOWN, estimate.key
        if made_from.patients is None:
            assert made_from.reasons == (Reason.OTHER_MATCHING,), estimate.key
            continue
        members = found.members[made_from.at_risk or made_from.patients]
        if estimate.n is None:
            assert Reason.NO_N in made_from.reasons or Reason.WEIGHTED in made_from.reasons, estimate.key
        elif Reason.SOME in made_from.reasons:
            assert min(members.counts) <= estimate.n <= max(members.counts), estimate.key
        else:
            assert size_of(members, smallest=Reason.FEWEST in made_from.reasons) == estimate.n, estimate.key


def test_every_count_of_patients_names_those_it_counts(traced):
    results, found = traced
    unexplained = [
        e.key
        for e, made_from in zip(results.estimates, found.made_from, strict=True)
        if e.statistic in {Statistic.N, Statistic.EVENTS}
        and made_from.counted is None
        and Reason.IMPUTED not in made_from.reasons
    ]

    assert unexplained == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_key_of_the_report_leads_to_its_row(out, language):
    """The cell's link, the row's place on the page and the line of results.csv are the same number."""
    report = (out / f"report.{language}.html").read_text(encoding="utf-8")
    numbers = (out / f"numbers.{language}.html").read_text(encoding="utf-8")
    columns = [pl.col(name).fill_null("") for name in KEYS]
    keys = table(out / "results.csv").select(pl.concat_str(columns, separator="|")).to_series()
    rows = {key: row for row, key in enumerate(keys, start=2)}

    cells = re.findall(r'<t[dh] [^>]*data-key="([^"]+)"[^>]*>(.*?)</t[dh]>', report, re.DOTALL)
    links = [(html.unescape(k).split(";")[0], re.findall(r'href="([^"]+)"', cell)) for k, cell in cells]
    ours = [(key, found) for key, found in links if key in rows]

    assert len(ours) > 500
    assert [found for key, found in ours if found != [f"numbers.{language}.html#row-{rows[key]}"]] == []
    anchors = set(re.findall(r'<tr id="row-(\d+)">', numbers))
    assert {str(row) for row in rows.values()} == anchors


def test_a_list_holds_as_many_patients_as_it_says(out):
    page = (out / "numbers.en.html").read_text(encoding="utf-8")
    known = set(key_of_output(out).of.values())
    listed = 0
    for number, text in SET.findall(page):
        count = re.search(r"<p>(\d+) patients?</p>", text)
        ids = re.search(r'<p class="ids">(.*?)</p>', text)
        if count is None or ids is None:  # after matching, or listed before
            continue
        names = ids[1].split(", ")
        assert len(names) == int(count[1]), number
        assert set(names) <= known, number
        listed += 1

    assert listed > 200


def test_the_pages_are_named_in_run_json_and_stay_small(out):
    outputs = json.loads((out / "run.json").read_text(encoding="utf-8"))["outputs"]
    for language in ("zh", "en"):
        assert f"numbers.{language}.html" in outputs
        for page in (f"numbers.{language}.html", f"report.{language}.html"):
            assert (out / page).stat().st_size < 3_000_000

"""`Rscript analysis.R` gives the numbers of results.csv: a whole study, and the odd ones."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from acceptance.hostile_study import CHINESE, COLUMNS, LONG, write_hostile_study
from acceptance.odd_cohorts import Tables, no_deaths, patients_of, with_patients, write_study
from oligoscope.checked_study import check_study
from oligoscope.pipeline import run_study
from oligoscope.report.r_script.script import SCRIPT, write_r_script
from oligoscope.results_files import write_results
from oligoscope.workflow import write_derived

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed"),
]
PAIRS = "matching: {caliper: 0.9}\n"
HOSTILE = [
    {"kind": "baseline", "variables": ["word", *COLUMNS]},
    {"kind": "survival", "by": "arm", "outcomes": ["os"]},
    {"kind": "survival", "by": "=1+1", "outcomes": ["os"]},
    {"kind": "survival", "by": "all", "outcomes": ["os"]},
    {"kind": "survival", "by": "$_$", "outcomes": ["os"], "population": "matched"},
    {"kind": "survival", "by": "three", "outcomes": ["os"], "where": {"arm": LONG}},
    {"kind": "predictors", "by": "arm", "variables": ["sex", f"{CHINESE}列", "<script>"]},
    {"kind": "weighting", "by": "arm", "outcomes": ["os"]},
]


@dataclass(frozen=True)
class Said:
    """What the script printed.

    Attributes:
        status: Of its end.
        n: Numbers compared.
        analyses: Those whose numbers were compared.
        different: The lines of numbers that are not R's.
        errors: What it wrote to standard error.
    """

    status: int
    n: int
    analyses: frozenset[str]
    different: tuple[str, ...]
    errors: str


def results_of(study: Path, out: Path) -> Path:
    """The files of a run that R reads; no document is made."""
    checked = check_study(study)
    run = run_study(checked.protocol, checked.tables, checked.n_quarantined)
    out.mkdir(parents=True)
    write_derived(run, out)
    write_results(run.results, out)
    write_r_script(run, out)
    return out


def ask_r(out: Path, **environment: str) -> Said:
    """Run the script there."""
    done = subprocess.run(
        ["Rscript", "--vanilla", str(out / SCRIPT)],
        capture_output=True, encoding="utf-8", check=False, env={**os.environ, **environment},
    )  # fmt: skip
    lines = [line for line in done.stdout.splitlines() if re.search(r" (same|DIFFER) +\w", line)]
    analyses = frozenset(re.split(r" (?:same|DIFFER) +", line)[1].split(" | ")[0] for line in lines)
    different = tuple(line for line in lines if " DIFFER " in line)
    return Said(done.returncode, len(lines), analyses, different, done.stderr)


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Tables:
    return patients_of(tmp_path_factory.mktemp("whole"), 200)


def entered_late(tables: Tables) -> Tables:
    """A third of the patients came under observation after treatment had started."""

    def change(patients: pl.DataFrame) -> pl.DataFrame:
        rng = np.random.default_rng(1)
        days = np.where(rng.random(patients.height) < 0.3, rng.integers(0, 120, patients.height), 0)
        started = pl.col("treatment_started_on").str.to_date()
        entered = started + pl.duration(days=pl.col("_days"))
        dated = patients.with_columns(pl.Series("_days", days))
        return dated.with_columns(entered_on=entered.cast(pl.String)).drop("_days")

    return with_patients(change)(tables)


ALL = {"survival", "landmark", "predictors", "weighting", "baseline", "reclassification"}


@pytest.mark.parametrize(
    ("change", "settings", "least", "analyses"),
    [
        (None, PAIRS, 900, ALL),
        (None, PAIRS + "imputation: {variables: []}\n", 700, ALL),
        (None, "matching: {ratio: 2, replace: true}\n", 900, ALL),
        (None, "matching: {minimum_events_per_variable: 300}\n", 600, ALL - {"weighting"}),
        (no_deaths, "", 400, {"survival", "predictors", "baseline"}),
        (entered_late, PAIRS, 900, ALL),
    ],
    ids=["pairs", "not imputed", "controls serve again", "not matched", "nobody dead", "entered late"],
)
def test_r_gives_the_same_numbers(change, settings, least, analyses, whole, tmp_path):
    tables = whole if change is None else change(whole)
    said = ask_r(results_of(write_study(tables, tmp_path / "study", settings), tmp_path / "out"))

    assert said.different == ()
    assert said.status == 0, said.errors
    assert said.n >= least
    assert said.analyses >= analyses


@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_words_of_the_users_are_data(locale, tmp_path):
    study = write_hostile_study(tmp_path / "研究 'x'", HOSTILE)
    said = ask_r(results_of(study, tmp_path / "out of it"), LC_ALL=locale)

    assert said.different == ()
    assert said.status == 0, said.errors
    assert said.n >= 200


def test_a_number_that_is_not_rs_ends_it_with_status_1(whole, tmp_path):
    analysis = "analyses: [{kind: survival, outcomes: [os]}]\n"
    out = results_of(write_study(whole, tmp_path / "study", analysis), tmp_path / "out")
    changed = pl.read_csv(out / "results.csv").with_columns(
        value=pl.when(pl.col("statistic") == "hazard_ratio")
        .then(pl.col("value") * (1 + 2e-6))
        .otherwise("value")
    )
    changed.write_csv(out / "results.csv")
    said = ask_r(out)

    assert said.status == 1
    assert len(said.different) == 1
    assert "hazard_ratio" in said.different[0]
